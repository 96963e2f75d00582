"""Everything that a text asserts, read once: the side of a comparison."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from pipeline.facts.dates import dates
from pipeline.facts.fact import Date, Link, Quantity, Reading
from pipeline.facts.links import links
from pipeline.facts.numbers import quantities

_CACHED_LENGTH = 4000


ANY = -1
Day = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Assertions:
    """The facts of one text, and the sets that a comparison asks for.

    `readings` are all meanings of all its numbers; `pieces` the bare numbers inside its scores, times and dates;
    `measures` the units that it names; `days` its dates as day, month and year, and again with ANY for the
    day, the year, both; `pairs` the parts of its scores.
    """

    links: tuple[Link, ...]
    dates: tuple[Date, ...]
    quantities: tuple[Quantity, ...]
    readings: frozenset[Reading]
    pieces: frozenset[Reading]
    measures: frozenset[str]
    days: frozenset[Day]
    weekdays: frozenset[int]
    pairs: frozenset[tuple[Fraction, ...]]


def assertions(text: str, code: str) -> Assertions:
    """Return what a text of a language (ISO 639-1) asserts; a sentence read lately is not read again."""
    return _kept(text, code) if len(text) <= _CACHED_LENGTH else _kept_long(text, code)


def _read(text: str, code: str) -> Assertions:
    found, days = links(text), dates(text, code)
    taken = [*((link.start, link.end) for link in found), *((day.start, day.end) for day in days)]
    return gathered(found, days, quantities(text, code, taken))


_kept = lru_cache(maxsize=512)(_read)
_kept_long = lru_cache(maxsize=4)(_read)  # of a sentence as long as this little more than itself is compared at a time


def gathered(found: list[Link], days: list[Date], counts: list[Quantity]) -> Assertions:
    """Put facts of one or several texts together."""
    readings = frozenset().union(*(quantity.readings for quantity in counts))
    inside: list[Fraction | int] = [part for quantity in counts for part in quantity.parts]
    inside += [number for day in days for number in (day.day, day.year) if number]
    return Assertions(
        links=tuple(found),
        dates=tuple(days),
        quantities=tuple(counts),
        readings=readings,
        pieces=frozenset(("plain", Fraction(piece)) for piece in inside),
        measures=frozenset(measure for measure, _ in readings),
        days=frozenset(pattern for date in days if date.weekday is None for pattern in _patterns(date)),
        weekdays=frozenset(date.weekday for date in days if date.weekday is not None),
        pairs=frozenset(quantity.parts for quantity in counts if quantity.parts),
    )


def _patterns(date: Date) -> Iterator[Day]:
    orders = {(date.day, date.month), (date.month, date.day)} if date.swapped else {(date.day, date.month)}
    for day, month in orders:
        yield from ((day, month, date.year), (day, month, ANY), (ANY, month, date.year), (ANY, month, ANY))
