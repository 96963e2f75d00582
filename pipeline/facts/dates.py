"""The dates of a text: le 17 janvier 2025, 17/01/2025, January 17, lundi."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.facts.fact import Date
from pipeline.facts.grammar import NEVER, fold, pattern
from pipeline.languages import rules

_NUMERIC = re.compile(
    r"(?<![\w/.,-])(?:(?P<iso>[12]\d{3})-(?P<m>[01]\d)-(?P<d>[0-3]\d)"
    r"|(?P<a>[0-3]?\d)(?P<mark>[/.-])(?P<b>[0-3]?\d)(?P=mark)(?P<year>[12]\d{3})"
    r"|(?P<a2>[0-3]?\d)/(?P<b2>[0-3]?\d)/(?P<y2>\d\d)"
    r"|(?P<a3>[0-3]\d)/(?P<b3>[01]\d))(?![\w/-]|[.,]\d)"
)
_WINDOW = 32


@dataclass(frozen=True)
class _Calendar:
    """The month and weekday words of one language; `cased` where only a capital makes them so."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    words: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    sure: re.Pattern[str]
    doubtful: frozenset[str]
    order: str
    cased: bool


@cache
def _calendar(code: str) -> _Calendar:
    data = rules(code, "numbers")
    months, weekdays, setting = data.get("months", {}), data.get("weekdays", {}), data.get("dates", {})
    cased = any(word[0].isupper() for word in months)
    spellings, days = _spelled(months, cased), _spelled(weekdays, cased)
    names = sorted(spellings, key=len, reverse=True)
    words = "|".join([*map(re.escape, names), *(re.escape(day) + "s?" for day in days)])
    return _Calendar(
        months=spellings,
        weekdays=days,
        words=re.compile(rf"(?<![\w-])({words})(?!\w)") if words else NEVER,
        before=pattern(setting.get("before", "")),
        after=pattern(setting.get("after", "")),
        sure=pattern(setting.get("sure_before", "")),
        doubtful=frozenset(setting.get("doubtful", ())),
        order=setting.get("order", "dmy"),
        cased=cased,
    )


def _spelled(words: Mapping[str, int], cased: bool) -> dict[str, int]:
    """The words, and where only a capital makes them names, the words in capitals."""
    return {**words, **({word.upper(): number for word, number in words.items()} if cased else {})}


def dates(text: str, code: str) -> list[Date]:
    """Return the dates that a text of a language (ISO 639-1) names, in order, as far as each is given.

    "les 17 et 18 janvier" makes two. A lone month or weekday is a date too; a lone year is a number.
    """
    calendar = _calendar(code)
    found = [*_numeric(text, calendar), *_written(text, calendar)]
    return sorted(found, key=lambda date: (date.start, date.end))


def _numeric(text: str, calendar: _Calendar) -> Iterator[Date]:
    for match in _NUMERIC.finditer(text):
        g = match.groupdict()
        if g["iso"]:
            first, second, year, order = int(g["d"]), int(g["m"]), int(g["iso"]), "dmy"
        else:
            first, second = int(g["a"] or g["a2"] or g["a3"]), int(g["b"] or g["b2"] or g["b3"])
            year, order = int(g["year"] or g["y2"] or 0), calendar.order
        year += 2000 if 0 < year < 50 else 1900 if 0 < year < 100 else 0
        pair = _ordered(first, second, order)
        if pair:
            swapped = order == "mdy" and max(pair) <= 12 and pair[0] != pair[1]
            yield Date(match.start(), match.end(), match.group(), *pair, year or None, swapped=swapped)


def _ordered(first: int, second: int, order: str) -> tuple[int, int] | None:
    """Day and month, in the order of the language unless only the other one makes a date."""
    pairs = [(first, second), (second, first)]
    if order == "mdy":
        pairs.reverse()
    return next(((day, month) for day, month in pairs if 1 <= day <= 31 and 1 <= month <= 12), None)


def _written(text: str, calendar: _Calendar) -> Iterator[Date]:
    for match in calendar.words.finditer(text if calendar.cased else fold(text)):
        weekday = calendar.weekdays.get(match.group(1).removesuffix("s"))
        if weekday is not None:
            yield Date(match.start(), match.end(), text[match.start() : match.end()], weekday=weekday)
        else:
            yield from _around(text, match, calendar)


def _around(text: str, match: re.Match[str], calendar: _Calendar) -> Iterator[Date]:
    """The dates of one month name: the days before or after it, the year after it."""
    month = calendar.months[match.group(1)]
    low = max(0, match.start() - _WINDOW)
    before, after = calendar.before.search(text, low, match.start()), calendar.after.match(text, match.end())
    days = [*_days(before, "first", "day"), *_days(after, "day", "last")]
    year = after.groupdict().get("year") if after else None
    end = after.end() if after else match.end()
    if not days:
        sure = match.group(1) not in calendar.doubtful or calendar.sure.search(text, low, match.start())
        firm = bool(year or sure)
        yield Date(match.start(), end, text[match.start() : end], None, month, int(year) if year else None, firm=firm)
        return
    start = before.start() if before else match.start()
    for day in days[:2]:
        yield Date(start, end, text[start:end], day, month, int(year) if year else None)


def _days(match: re.Match[str] | None, *names: str) -> list[int]:
    found = [match.groupdict().get(name) for name in names] if match else []
    days = [1 if not day.isdigit() else int(day) for day in found if day]
    return [day for day in days if 1 <= day <= 31]
