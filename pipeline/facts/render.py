"""A fact in English words, by the conventions of English news: what a wrong figure is mended with."""

from __future__ import annotations

from fractions import Fraction

from pipeline.facts.fact import Date, Quantity

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))


def quantity(fact: Quantity) -> str | None:
    """Return a number, a share or an amount in English; None for kinds that have no one form."""
    value = fact.value
    if fact.unit == "year":
        return str(value)
    if fact.unit == "time":
        return _time(int(value))
    number = _number(value)
    if number is None:
        return None
    if fact.unit == "plain":
        return number
    if fact.unit == "percent":
        return f"{number}%"
    if fact.unit == "ordinal" and value.denominator == 1:
        return f"{number}{_ordinal_ending(int(value))}"
    if fact.unit.isupper() and len(fact.unit) == 3:
        has_cents = value.denominator > 1 and (value * 100).denominator == 1 and abs(value) < _SCALES[-1][0]
        number = f"{float(value):,.2f}" if has_cents else number
        return f"{_SIGNS[fact.unit]}{number}" if fact.unit in _SIGNS else f"{fact.unit} {number}"
    return None


def date(fact: Date) -> str | None:
    """Return a calendar date as "January 17, 2025", as far as it is given; None for a day of the week."""
    if fact.month is None or fact.swapped:
        return None
    day = "" if fact.day is None else f" {fact.day}"
    year = "" if fact.year is None else f"{',' if fact.day else ''} {fact.year}"
    return f"{_MONTHS[fact.month - 1]}{day}{year}"


def _number(value: Fraction) -> str | None:
    """Return a decimal with grouped digits, or with its scale from a million on; None where it does not end."""
    for scale, word in _SCALES:
        if abs(value) >= scale:
            scaled = _decimal(value / scale)
            return f"{scaled} {word}" if scaled is not None and len(scaled) <= 7 else _decimal(value)
    return _decimal(value)


def _decimal(value: Fraction) -> str | None:
    for places in range(7):
        if (value * 10**places).denominator == 1:
            return f"{float(value):,.{places}f}"
    return None


def _ordinal_ending(number: int) -> str:
    return "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _time(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    half = "a.m." if hour < 12 else "p.m."
    return f"{(hour - 1) % 12 + 1}{f':{minute:02d}' if minute else ''} {half}"
