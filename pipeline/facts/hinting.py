"""Hints for the figures of a text: what they are in English, worked out by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.facts import render
from pipeline.facts.assertions import assertions
from pipeline.facts.fact import Date, Quantity
from pipeline.hints import MARK, marked

_LAST_WORD = 10  # numbers up to here are written as words in English


def figures_hinted(text: str, code: str, answer: str | None = None) -> str:
    """Return a text of language `code` (ISO 639-1) with the English of its figures behind them, between marks.

    With an `answer` only what stands in it, to the letter, becomes a hint: this makes training pairs.
    """
    if MARK in text:
        return text
    found = assertions(text, code)
    facts: list[Quantity | Date] = [*found.quantities, *found.dates]
    hints = [hint for fact in facts for hint in _hint(fact)]
    return marked(text, [hint for hint in hints if answer is None or _stands(hint[1], answer)])


def _stands(english: str, answer: str) -> bool:
    return re.search(rf"(?<![\d.,]){re.escape(english)}(?!\d|[.,]\d)", answer) is not None


def _hint(fact: Quantity | Date) -> Iterator[tuple[int, str]]:
    """Yield the place and the English of a fact, if it has one form only."""
    english = render.date(fact) if isinstance(fact, Date) else _quantity(fact)
    if fact.firm and english is not None and any(character.isdigit() for character in english):
        yield fact.end, english


def _quantity(fact: Quantity) -> str | None:
    """A length of time looks like a time of day, so neither gets a hint; small numbers are words in English."""
    if fact.unit == "time" or (fact.unit == "plain" and fact.value <= _LAST_WORD):
        return None
    return render.quantity(fact)
