"""Generated pairs of French and English with the same figure: amounts, shares, dates, times, units."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

Pair = tuple[str, str]

_MONTHS: list[Pair] = [
    ("janvier", "January"),
    ("février", "February"),
    ("mars", "March"),
    ("avril", "April"),
    ("mai", "May"),
    ("juin", "June"),
    ("juillet", "July"),
    ("août", "August"),
    ("septembre", "September"),
    ("octobre", "October"),
    ("novembre", "November"),
    ("décembre", "December"),
]
_DAYS: list[Pair] = [
    ("lundi", "Monday"),
    ("mardi", "Tuesday"),
    ("mercredi", "Wednesday"),
    ("jeudi", "Thursday"),
    ("vendredi", "Friday"),
    ("samedi", "Saturday"),
    ("dimanche", "Sunday"),
]
_CURRENCIES = [("euros", "€"), ("dollars", "$"), ("livres", "£")]
_SCALES = [("millions", "million", "M"), ("milliards", "billion", "Md")]
_UNITS: list[Pair] = [
    ("salariés", "employees"),
    ("habitants", "inhabitants"),
    ("personnes", "people"),
    ("véhicules", "vehicles"),
    ("logements", "homes"),
    ("hectares", "hectares"),
    ("tonnes", "tonnes"),
    ("kilomètres", "kilometres"),
    ("emplois", "jobs"),
    ("colis", "parcels"),
    ("visiteurs", "visitors"),
    ("voix", "votes"),
]
_FRAMES: list[Pair] = [
    ("{}", "{}"),
    ("Montant : {}.", "Amount: {}."),
    ("Soit {} de plus qu'en {year}.", "That is {} more than in {year}."),
    ("Total : {} ({}).", "Total: {} ({})."),
    ("Au total, {}.", "In all, {}."),
    ("- {}", "- {}"),
    ("({})", "({})"),
    ("{} – {}", "{} – {}"),
    ("Il s'agit de {}, contre {} un an plus tôt.", "This is {}, compared with {} a year earlier."),
    ("{}, selon {}.", "{}, according to {}."),
]
_NAME_SHARE = 0.15  # of the blanks are filled with a name instead


def _decimal(rng: random.Random) -> Pair:
    whole, part = rng.randint(1, 999), rng.randint(1, 99)
    return f"{whole},{part}", f"{whole}.{part}"


def _count(rng: random.Random) -> Pair:
    number = int(10 ** rng.uniform(0.3, 6))
    return f"{number:,}".replace(",", " "), f"{number:,}"


def _large_amount(rng: random.Random) -> Pair:
    (french, english), scale, (name, sign) = _decimal(rng), rng.choice(_SCALES), rng.choice(_CURRENCIES)
    of = "d'" if name[0] == "e" else "de "
    return f"{french} {scale[0]} {of}{name}", f"{sign}{english} {scale[1]}"


def _short_amount(rng: random.Random) -> Pair:
    (french, english), scale, (_, sign) = _decimal(rng), rng.choice(_SCALES), rng.choice(_CURRENCIES)
    return f"{french} {scale[2]}{sign}", f"{sign}{english} {scale[1]}"


def _amount(rng: random.Random) -> Pair:
    (french, english), (name, sign) = _count(rng), rng.choice(_CURRENCIES)
    return f"{french} {name}", f"{sign}{english}"


def _share(rng: random.Random) -> Pair:
    french, english = _decimal(rng)
    return f"{french} %", f"{english}%"


def _range(rng: random.Random) -> Pair:
    low = rng.randint(1, 999)
    high = low + rng.randint(1, 99)
    return f"entre {low} et {high} %", f"between {low}% and {high}%"


def _tonnes(rng: random.Random) -> Pair:
    (french, english), scale = _decimal(rng), rng.choice(_SCALES)
    return f"{french} {scale[0]} de tonnes", f"{english} {scale[1]} tonnes"


def _units(rng: random.Random) -> Pair:
    (french, english), unit = _count(rng), rng.choice(_UNITS)
    return f"{french} {unit[0]}", f"{english} {unit[1]}"


def _ordinal(day: int) -> str:
    return "1er" if day == 1 else str(day)


def _day(rng: random.Random) -> tuple[int, int]:
    """Return a month's place from 0 and a day that it has."""
    month = rng.randrange(12)
    return month, rng.randint(1, 28 if month == 1 else 30 if month in (3, 5, 8, 10) else 31)


def _date(rng: random.Random) -> Pair:
    (place, day), year = _day(rng), rng.randint(1900, 2035)
    month = _MONTHS[place]
    return f"le {_ordinal(day)} {month[0]} {year}", f"{month[1]} {day}, {year}"


def _weekday(rng: random.Random) -> Pair:
    (place, day), weekday = _day(rng), rng.choice(_DAYS)
    month = _MONTHS[place]
    return f"le {weekday[0]} {_ordinal(day)} {month[0]}", f"{weekday[1]}, {month[1]} {day}"


def _numeric_date(rng: random.Random) -> Pair:
    (place, day), year = _day(rng), rng.randint(1900, 2035)
    return f"le {day:02d}/{place + 1:02d}/{year}", f"{_MONTHS[place][1]} {day}, {year}"


def _month(rng: random.Random) -> Pair:
    month, year = rng.choice(_MONTHS), rng.randint(1900, 2035)
    return f"en {month[0]} {year}", f"in {month[1]} {year}"


def _time(rng: random.Random) -> Pair:
    hour, minute = rng.randint(0, 23), rng.choice([0, 5, 15, 20, 30, 40, 45])
    half, twelfth = "a.m." if hour < 12 else "p.m.", (hour - 1) % 12 + 1
    if minute:
        return f"{hour} h {minute:02d}", f"{twelfth}:{minute:02d} {half}"
    return f"{hour} heure{'s' if hour > 1 else ''}", f"{twelfth} {half}"


KINDS: tuple[Callable[[random.Random], Pair], ...] = (
    _large_amount,
    _short_amount,
    _amount,
    _share,
    _range,
    _tonnes,
    _units,
    _date,
    _weekday,
    _numeric_date,
    _month,
    _time,
)


def figures(count: int, names: Sequence[Pair], rng: random.Random) -> Iterator[Pair]:
    """Yield sentences and fragments with a figure; `names` are pairs that now and then stand in its place."""
    for _ in range(count):
        french, english = rng.choice(_FRAMES)
        for _ in range(french.count("{}")):
            is_name = names and rng.random() < _NAME_SHARE
            filled = rng.choice(names) if is_name else rng.choice(KINDS)(rng)
            french, english = french.replace("{}", filled[0], 1), english.replace("{}", filled[1], 1)
        year = str(rng.randint(1950, 2030))
        yield _capitalised(french.replace("{year}", year)), _capitalised(english.replace("{year}", year))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
