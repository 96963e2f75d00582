"""Sentences that say the same but for their figures, and the figures in which they differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.facts.assertions import assertions
from pipeline.facts.compare import Place, compare_figures
from pipeline.facts.fact import Quantity
from pipeline.facts.lexicon import fold

_WORD = re.compile(r"[^\W\d_]+")
_ALIKE = 0.6  # least share of their words, figures left out, that two sentences have in common to say the same
_FEWEST = 4  # words; of shorter sentences the share says nothing
_CHANGED = ("number-changed", "percent-changed", "currency-changed", "date-changed")

Words = frozenset[str]


def words_of(text: str) -> Words:
    """Return the words of a sentence, its figures left out."""
    return frozenset(_WORD.findall(fold(text)))


def nearest(words: Words, others: Sequence[Words]) -> int | None:
    """Return which of other sentences says the same, by its place; None where none does."""
    best = max(range(len(others)), key=lambda place: _share(words, others[place]), default=None)
    return None if best is None or _share(words, others[best]) < _ALIKE else best


def changed(one: str, code: str, other: str, other_code: str) -> Iterator[tuple[Place, Place]]:
    """Yield the places of the figures that are others in two sentences, given with their languages."""
    for difference in compare_figures(one, code, other, other_code):
        if difference.kind in _CHANGED and difference.source is not None and difference.target is not None:
            yield difference.source, difference.target


def quantity_at(place: Place, text: str, code: str) -> Quantity | None:
    """Return the quantity that stands in a place of a text; None where it is a date."""
    found = assertions(text, code).quantities
    return next((one for one in found if (one.start, one.end) == (place.start, place.end)), None)


def _share(one: Words, other: Words) -> float:
    return len(one & other) / len(one | other) if min(len(one), len(other)) >= _FEWEST else 0.0
