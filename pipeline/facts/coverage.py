"""Whether one text asserts what another does: a number or a date is covered when the other side has it too."""

from __future__ import annotations

from fractions import Fraction

from pipeline.facts.assertions import ANY, Assertions
from pipeline.facts.fact import Date, Quantity, Reading

_COUNTED = ("plain", "ordinal", "year", "decade", "temperature", "time")


def covered(quantity: Quantity, own: Assertions, other: Assertions) -> bool:
    """Whether `other` has the quantity, in any of its readings, in its parts, or with the unit said elsewhere.

    A number said twice on one side may be said once on the other. A unit may be named for a whole list ("20 and
    30%"), so a bare number covers a measured one of the same value where the other text has the measure too.
    """
    if quantity.readings & other.readings:
        return True
    if quantity.unit in _COUNTED and quantity.readings & other.pieces:
        return True
    if quantity.parts and all(("plain", part) in other.readings for part in quantity.parts):
        return True
    return any(_elsewhere(reading, own, other) for reading in quantity.readings)


def _elsewhere(reading: Reading, own: Assertions, other: Assertions) -> bool:
    measure, value = reading
    if measure == "plain":
        return any((unit, value) in other.readings for unit in own.measures if unit not in ("plain", "time"))
    return measure in other.measures and measure != "time" and ("plain", value) in other.readings


def dated(date: Date, other: Assertions) -> bool:
    """Whether `other` has the date: no part of it contradicted, each given there or among the numbers."""
    if date.weekday is not None:
        return date.weekday in other.weekdays
    orders = [(date.day, date.month), (date.month, date.day)] if date.swapped else [(date.day, date.month)]
    for day, month in orders:
        if any((d, month, y) in other.days for d in _options(day, other) for y in _options(date.year, other)):
            return True
    pair = tuple(Fraction(part) for part in (date.day, date.month) if part)
    return len(pair) == 2 and not other.pairs.isdisjoint((pair, pair[::-1]))


def _options(part: int | None, other: Assertions) -> tuple[int | None, ...]:
    """What may stand for a day or a year: itself, nothing where another date has it, anything where a number is it."""
    if part is None:
        return (ANY,)
    reading = "plain", Fraction(part)
    if reading in other.readings:
        return (ANY,)
    return (part, None) if reading in other.pieces else (part,)
