"""The last rung: where one figure of a hypothesis is wrong and its place is sure, the right one is set in.

A small model writes "€2.4 billion" for « 2,5 milliards d'euros » now and then, in a sentence that is good otherwise.
What is written instead is worked out from the French alone, by rule, and the sentence is judged again.
"""

from __future__ import annotations

from pipeline.facts import render
from pipeline.facts.assertions import assertions
from pipeline.facts.compare import Place, compare

_KINDS = ("number-", "date-", "currency-", "percent-")


def repaired(source: str, source_language: str, target: str, target_language: str) -> str | None:
    """Return the target with its wrong figure put right, or None where there is not exactly one, in a sure place."""
    if target_language != "en":
        return None
    wrong = [d for d in compare(source, source_language, target, target_language) if d.kind.startswith(_KINDS)]
    if len(wrong) != 1 or wrong[0].source is None or wrong[0].target is None:
        return None
    right = _right(wrong[0].source, source, source_language)
    return None if right is None else _set_in(wrong[0].target, target, right)


def _right(place: Place, source: str, language: str) -> str | None:
    """Return the English of the fact that stands at a place of the source."""
    facts = assertions(source, language)
    for quantity in facts.quantities:
        if quantity.start == place.start:
            return render.quantity(quantity)
    for day in facts.dates:
        if day.start == place.start:
            return render.date(day)
    return None


def _set_in(place: Place, target: str, right: str) -> str:
    return target[: place.start] + right + target[place.end :]
