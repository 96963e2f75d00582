"""What a model must do: text in, text out. Backends implement it; stages use it; neither knows the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Decoding:
    """How to search for a hypothesis; the names are those of CTranslate2 and transformers.

    `max_new_tokens` is an upper bound in target tokens; 0 lets the backend bound it from the source
    length. `length_penalty` is the exponent of the length by which a score is divided (Wu et al. 2016).
    `no_repeat_ngram_size` 0 allows repetition. `hypotheses` is how many of the beam to return.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    beam_size: int = 4
    max_new_tokens: int = 0
    min_new_tokens: int = 0
    length_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    hypotheses: int = 1

    def __post_init__(self) -> None:
        if min(self.beam_size, self.hypotheses) < 1:
            raise ValueError("beam_size and hypotheses are at least 1")
        if min(self.max_new_tokens, self.min_new_tokens, self.no_repeat_ngram_size) < 0:
            raise ValueError("max_new_tokens, min_new_tokens and no_repeat_ngram_size are at least 0")


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What a model answered: the text, the mean log-probability of a token, and whether it ended by itself.

    `alternatives` are the next best of the beam, when more than one hypothesis was asked for.
    """

    text: str
    score: float
    finished: bool = True
    alternatives: tuple[Hypothesis, ...] = ()


class Seq2Seq(Protocol):
    """A sequence-to-sequence model with its tokenizer.

    `max_source_tokens` is the longest input, end mark included, that the model takes.
    """

    @property
    def max_source_tokens(self) -> int: ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in source tokens, end mark included."""
        ...

    def generate(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Return the best hypothesis for each text, in order.

        Raises:
            ResourceError: memory ran out; try fewer texts.
            DocumentError: a text is longer than `max_source_tokens`.
        """
        ...


def takes_hints(model: Seq2Seq) -> bool:
    """Say whether a model was trained to use a translation that stands between two marks (see `pipeline.hints`).

    It says so itself, by an attribute `takes_hints`; most models have none.
    """
    return bool(getattr(model, "takes_hints", False))
