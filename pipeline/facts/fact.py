"""The kinds of fact that can be compared: each says where it stands and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Reading = tuple[str, Fraction]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text. `text` is characters `start` to `end`, its unit included.

    `value` is exact; of a time of day it is the minutes since midnight. `unit` is "plain", "ordinal", "year",
    "decade", "temperature", "percent", "time", "score", "code" or a currency (ISO 4217). `readings` are all the
    meanings that another text may answer, as (measure, value), where "plain" is the measure of every bare
    number. `parts` are the numbers of a score, a range or a code that may also stand apart. A quantity that is
    not `firm` may answer one of the other text, and is never missed itself ("both", "noon", "one").
    """

    start: int
    end: int
    text: str
    value: Fraction
    unit: str
    readings: frozenset[Reading]
    parts: tuple[Fraction, ...] = ()
    firm: bool = True


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar date, as far as the text gives it: any of day, month, year; or a day of the week (Monday is 0).

    `swapped` is set where day and month could be the other way round (01/02/2025 in English). A date that is
    not `firm` is a word with another sense ("mars", "may").
    """

    start: int
    end: int
    text: str
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    swapped: bool = False
    firm: bool = True


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name: the words that stand for a person, a firm, a place, a body; an acronym.

    `initial` is set where it opens a sentence, so that its capital proves nothing.
    """

    start: int
    end: int
    text: str
    initial: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A web or mail address."""

    start: int
    end: int
    text: str
