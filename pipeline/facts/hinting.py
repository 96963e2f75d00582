"""Hints for the facts of a text: what its figures are in English, worked out by rule, and its names as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.facts import render
from pipeline.facts.assertions import assertions
from pipeline.facts.fact import Date, Quantity
from pipeline.hints import MARK, Hint, marked

_LAST_WORD = 10  # numbers up to here are written as words in English
_WORD = r"[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:-[^\W\d_]+)*"
_NAME = re.compile(rf"(?<![\w'’-]){_WORD}(?: {_WORD})*(?![\w-])")


def facts_hinted(text: str, code: str) -> str:
    """Return a text of language `code` (ISO 639-1) with the English of its figures behind them, between marks."""
    return text if MARK in text else marked(text, figure_hints(text, code))


def figure_hints(text: str, code: str) -> list[Hint]:
    """Return the places and the English of all figures that have one form only."""
    found = assertions(text, code)
    facts: list[Quantity | Date] = [*found.quantities, *found.dates]
    return [hint for fact in facts for hint in _hint(fact)]


def name_hints(text: str) -> list[Hint]:
    """Return the places of all runs of capitalised words behind the first word, with themselves: to be copied."""
    return [(match.end(), match[0]) for match in _NAME.finditer(text, 1)]


def answered(hints: list[Hint], answer: str) -> list[Hint]:
    """Return the hints whose English stands in an answer to the letter: this makes training pairs."""
    return [hint for hint in hints if re.search(rf"(?<![\w.,]){re.escape(hint[1])}(?!\w|[.,]\d)", answer)]


def _hint(fact: Quantity | Date) -> Iterator[Hint]:
    english = render.date(fact) if isinstance(fact, Date) else _quantity(fact)
    if fact.firm and english is not None and any(character.isdigit() for character in english):
        yield fact.end, english


def _quantity(fact: Quantity) -> str | None:
    """A length of time looks like a time of day, so neither gets a hint; small numbers are words in English."""
    if fact.unit == "time" or (fact.unit == "plain" and fact.value <= _LAST_WORD):
        return None
    return render.quantity(fact)
