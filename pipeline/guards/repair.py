"""The last rung: where one figure of a hypothesis is wrong and its place is sure, the right one is set in.

A small model writes "€2.4 billion" for « 2,5 milliards d'euros » now and then, in a sentence that is good otherwise.
What is written instead is worked out from the French alone, by rule, and the sentence is judged again. Where there
is any doubt which figure stands for which, nothing is touched: a figure that is wrong and marked is better than one
that was mended wrongly.
"""

from __future__ import annotations

import re

from pipeline.facts import render
from pipeline.facts.assertions import Assertions, assertions
from pipeline.facts.compare import FIGURES, Difference, Place, compare_figures
from pipeline.facts.coverage import dated
from pipeline.facts.fact import Date, Quantity

_IMPOSSIBLE = re.compile(r"(?<![\d:.,])(1[3-9]|2[0-3])(:\d\d)? ?[ap]\.m\.")  # "14:30 a.m."
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})(?:/|, ?)(\d{4})\b")  # "17/1, 2025"
_CLOCK = re.compile(r"\d{1,2}(?::\d\d)? ?[ap]\.m\.")


def repaired(source: str, source_language: str, target: str, target_language: str) -> str | None:
    """Return the target with its wrong figure put right, or None where there is not exactly one, in a sure place."""
    if target_language != "en":
        return None
    if has_impossible_time(target):
        return _IMPOSSIBLE.sub(lambda time: f"{int(time[1]) - 12}{time[2] or ''} p.m.", target)
    spelled = _spelled(target, assertions(source, source_language))
    if spelled != target:
        return spelled
    found = compare_figures(source, source_language, target, target_language)
    wrong = [difference for difference in found if difference.kind.startswith(FIGURES)]
    if len(wrong) != 1 or wrong[0].source is None or wrong[0].target is None:
        return None
    right = _right(wrong[0], assertions(source, source_language), assertions(target, target_language))
    return None if right is None else target[: wrong[0].target.start] + right + target[wrong[0].target.end :]


def _spelled(target: str, source: Assertions) -> str:
    """Write out the month of a date that was left half in figures, where the source has that very date."""

    def in_words(date: re.Match[str]) -> str:
        day, month, year = (int(part) for part in date.groups())
        known = (fact for fact in source.dates if (fact.day, fact.month, fact.year) == (day, month, year))
        return next((words for fact in known if (words := render.date(fact))), date[0])

    return _SLASHED.sub(in_words, target)


def has_impossible_time(text: str) -> bool:
    """Say whether an English text gives an hour of the afternoon on the clock of 24 and of 12 at once."""
    return _IMPOSSIBLE.search(text) is not None


def _right(wrong: Difference, source: Assertions, target: Assertions) -> str | None:
    """Return the English of the source's fact, where the fact in its place is one of the same kind."""
    ours, theirs = _at(wrong.source, source), _at(wrong.target, target)
    if isinstance(ours, Quantity) and isinstance(theirs, Quantity) and _alike(ours, theirs):
        return render.quantity(ours)
    if isinstance(ours, Date) and isinstance(theirs, Date) and _as_full(ours, theirs) and not dated(theirs, source):
        return render.date(ours)
    return None


def _at(place: Place | None, facts: Assertions) -> Quantity | Date | None:
    every: list[Quantity | Date] = [*facts.quantities, *facts.dates]
    return next((fact for fact in every if place is not None and fact.start == place.start), None)


def _alike(ours: Quantity, theirs: Quantity) -> bool:
    """Say whether one number may take the place of another: same unit, same sign, a unit with one meaning."""
    if ours.unit == "time":  # also of a length of time, which has no clock in it
        return theirs.unit == "time" and _CLOCK.fullmatch(theirs.text) is not None
    currencies = {measure for measure, _ in ours.readings if measure.isupper()}
    return ours.unit == theirs.unit and len(currencies) <= 1 and ours.value >= 0 and theirs.value >= 0


def _as_full(ours: Date, theirs: Date) -> bool:
    return (ours.day is None) == (theirs.day is None) and (ours.year is None) == (theirs.year is None)
