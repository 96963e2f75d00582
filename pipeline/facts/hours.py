"""Times of day: 14 h 30, 20 heures, 2:30 p.m., half past two, 1520 GMT, as minutes since midnight."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from pipeline.facts.draft import Draft
from pipeline.facts.grammar import SPACES, Grammar

_DAY = 24 * 60
_GMT = re.compile(rf"{SPACES}?(?:GMT|UTC|hours)\b")
_POINTED = re.compile(r"(\d{1,2})\.([0-5]\d)")


def hour(draft: Draft, text: str, rules: Grammar) -> bool:
    """14 h 30, 14h30, 20 heures, 2:30 p.m., 8 o'clock: the minutes since midnight."""
    if _military(draft, text) or _pointed(draft, text, rules):
        return True
    if draft.value.denominator != 1 or not 0 <= draft.value <= 24 or draft.scale:
        return False
    match = rules.time.match(text, draft.end) or (rules.colon.match(text, draft.end) if draft.digits else None)
    if match is None:
        return False
    groups = match.groupdict()
    minute = _minute(groups)
    hour, twice = _hour_of(int(draft.value), groups, text, rules)
    shifts = (0, _DAY // 2) if twice else (0,)
    draft.others |= {("time", Fraction((hour * 60 + minute + shift) % _DAY)) for shift in shifts}
    if _is_of_the_clock(groups, rules):
        draft.firm = True
    elif minute:
        draft.others |= {("plain", draft.value + Fraction(minute, 60)), ("plain", draft.value * 60 + minute)}
        draft.parts, draft.firm = (draft.value, Fraction(minute)), True
    else:
        draft.others.add(("plain", draft.value))
    draft.value, draft.unit, draft.codes = Fraction(hour * 60 + minute), "time", ("time",)
    draft.end = match.end()
    return True


def _is_of_the_clock(groups: dict[str, str | None], rules: Grammar) -> bool:
    """Nine p.m. is neither nine hours nor the bare number: what answers it must be that time of day."""
    return rules.code == "en" and bool(groups.get("day") or groups.get("day2"))


def _military(draft: Draft, text: str) -> bool:
    """1520 GMT."""
    match = _GMT.match(text, draft.end) if draft.digits and len(draft.run.last.word) == 4 else None
    if match is None or draft.value >= 2400 or draft.value % 100 >= 60:
        return False
    draft.others.add(("plain", draft.value))
    draft.value, draft.unit, draft.codes = draft.value // 100 * 60 + draft.value % 100, "time", ("time",)
    return True


def _pointed(draft: Draft, text: str, rules: Grammar) -> bool:
    """6.30 a.m.: the numeral has taken the minutes for decimals."""
    match = _POINTED.fullmatch(draft.run.last.word) if draft.digits else None
    after = rules.time.match(text, draft.end) if match else None
    if match is None or after is None or not after.groupdict().get("day") or int(match.group(1)) > 24:
        return False
    hour, _ = _hour_of(int(match.group(1)), after.groupdict(), text, rules)
    draft.value, draft.end = Fraction(hour * 60 + int(match.group(2))), after.end()
    draft.unit, draft.codes = "time", ("time",)
    return True


def _minute(groups: dict[str, str | None]) -> int:
    if groups.get("half"):
        return 30
    if groups.get("quarter") or groups.get("to"):
        return 15 if groups.get("quarter") else -15
    return int(groups.get("minute") or groups.get("glued") or 0)


def _hour_of(hour: int, groups: dict[str, str | None], text: str, rules: Grammar) -> tuple[int, bool]:
    """The hour on a clock of 24, and whether it may as well be the one twelve hours later."""
    day = (groups.get("day") or groups.get("day2") or "").replace("\u00a0", " ")
    if day:
        later = day in rules.data["times"]["later"]
        return (hour % 12 + 12 * later if hour <= 12 else hour), False
    if hour > 12 or hour == 0:
        return hour, False
    twelve_hours = rules.code == "en" and hour <= 12
    return hour, twelve_hours or _speaks_of_evening(text, rules.evening)


@lru_cache(maxsize=2)
def _speaks_of_evening(text: str, evening: re.Pattern[str]) -> bool:
    """Asked for every hour of a text, and looked for once: a text may have thousands."""
    return evening.search(text) is not None


def past_hour(draft: Draft) -> None:
    """Half past two: the run has read the hour and the minutes."""
    value = draft.run.value * 60 + draft.run.clock
    draft.others |= {("time", value), ("time", value + _DAY // 2)}
    draft.value, draft.unit, draft.codes = value, "time", ("time",)
