"""Words of the command line as the values that the functions take."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.errors import ConfigError
from pipeline.evaluation.significance import TestName


def checkpoints(words: Iterable[str]) -> dict[str, str]:
    """Return "comet=NAME" as a name and its checkpoint.

    Raises:
        ConfigError: there is no equals sign.
    """
    return dict(_pair(word, "--checkpoint", "comet=Unbabel/wmt22-comet-da") for word in words)


def gates(words: Iterable[str]) -> dict[str, float]:
    """Return "bleu=30" as the name of a score and its bound.

    Raises:
        ConfigError: there is no equals sign, or no number behind it.
    """
    example = "numbers_kept_fr_en=0.995"
    pairs = dict(_pair(word, "--gate", example) for word in words)
    try:
        return {name: float(value) for name, value in pairs.items()}
    except ValueError as error:
        raise ConfigError(f"--gate takes a number, as in {example}: {error}") from None


def paired_test(word: str) -> TestName:
    """Return the name of a test.

    Raises:
        ConfigError: it is neither "ar" nor "bs".
    """
    if word == "ar" or word == "bs":
        return "ar" if word == "ar" else "bs"
    raise ConfigError(f"--test is ar (approximate randomisation) or bs (paired bootstrap), not {word!r}")


def _pair(word: str, option: str, example: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals or not name or not value:
        raise ConfigError(f"{option} takes a name and a value, as in {example}, not {word!r}")
    return name, value
