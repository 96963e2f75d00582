"""Dictionary hints: a rare word is followed by its translation, which the model inflects as the sentence wants it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pipeline.errors import ModelError
from pipeline.hints import FILE, MARK, marked
from pipeline.seq2seq import Decoding, Hypothesis, Seq2Seq

# Words in capitals or with one are left alone: names look like words of the dictionary.
_WORD = re.compile(r"(?<![\w#'’-])(?:[^\W\d_]{1,5}['’])?([a-zà-öø-ÿœ]{4,}(?:-[a-zà-öø-ÿœ]+)*)(?![\w'’-])")

_GIVEN = re.compile(rf" {MARK} [^{MARK}]+ {MARK}")


@lru_cache(maxsize=50_000)
def lemma(word: str, language: str = "fr") -> str:
    """Return the dictionary form of a word in lower case (simplemma's tables)."""
    import simplemma

    return simplemma.lemmatize(word, lang=language)


def with_hints(text: str, hint: Callable[[str], str | None]) -> str:
    """Return the text with " # translation #" behind each word for whose lemma `hint` has one.

    Hints that it has already stay; a text with marks of its own gets none.
    """
    if MARK in _GIVEN.sub("", text):
        return text
    given = {place for match in _GIVEN.finditer(text) for place in range(match.start(), match.end() + 1)}
    words = (match for match in _WORD.finditer(text) if match.end() not in given)
    found = ((match.end(), hint(lemma(match[1]))) for match in words)
    return marked(text, [(place, translation) for place, translation in found if translation is not None])


def read_hints(path: Path) -> dict[str, str]:
    """Read a table of lemmas and their translations, separated by a tab.

    Raises:
        ModelError: a line has not two columns.
    """
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    bad = next((number for number, row in enumerate(rows, 1) if len(row) != 2), None)
    if bad is not None:
        raise ModelError(f"{path}, line {bad}: not a word and its translation, separated by a tab")
    return dict(rows)


def hints_beside(folder: Path) -> dict[str, str] | None:
    """Return the table that lies beside the weights of a checkpoint; None where there is none.

    Raises:
        ModelError: as `read_hints`.
    """
    path = folder / FILE
    return read_hints(path) if path.is_file() else None


class Hinted:
    """A translator whose texts get the hints of a table on their way in."""

    takes_hints = True

    def __init__(self, model: Seq2Seq, table: Mapping[str, str]) -> None:
        self._model, self._table = model, table

    @property
    def max_source_tokens(self) -> int:
        """The longest text in tokens, hints included."""
        return self._model.max_source_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in source tokens, hints included."""
        return self._model.count_tokens(self._hinted(texts))

    def generate(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Return the best hypothesis for each text, in order; see `Seq2Seq.generate`."""
        return self._model.generate(self._hinted(texts), decoding)

    def _hinted(self, texts: Sequence[str]) -> list[str]:
        """The shipped model learned either kind of hint alone: both in one sentence cost it figures."""
        return [text if MARK in text else with_hints(text, self._table.get) for text in texts]
