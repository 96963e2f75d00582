"""Dates and periods."""

from __future__ import annotations

import calendar
import random
from collections.abc import Callable

from scripts.train_translator.figures.numerals import Pair, english_ordinal, ordinal, roman

_MONTHS = [
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
_WEEKDAYS = [
    ("lundi", "Monday"),
    ("mardi", "Tuesday"),
    ("mercredi", "Wednesday"),
    ("jeudi", "Thursday"),
    ("vendredi", "Friday"),
    ("samedi", "Saturday"),
    ("dimanche", "Sunday"),
]
_SEASONS = [("l'été", "summer"), ("l'automne", "autumn"), ("l'hiver", "winter"), ("le printemps", "spring")]
_DECADES = {
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "soixante-dix": 70,
    "quatre-vingt": 80,
    "quatre-vingt-dix": 90,
}
_PARTS = [("début", "early"), ("mi-", "mid-"), ("fin", "late")]


def year(rng: random.Random) -> Pair:
    """Return a year, most often a late one."""
    number = str(rng.choice((rng.randint(1900, 1999), rng.randint(2000, 2030), rng.randint(2015, 2030))))
    return number, number


def _day(rng: random.Random) -> tuple[int, Pair, int, str]:
    """Return the number of a month, its names, a day that it has, and a year."""
    month, number = rng.randint(1, 12), year(rng)[0]
    return month, _MONTHS[month - 1], rng.randint(1, calendar.monthrange(int(number), month)[1]), number


def _first(day: int) -> str:
    return "1er" if day == 1 else str(day)


def date(rng: random.Random) -> Pair:
    """Return 3 mars 2024 and March 3, 2024, with or without the year; no article, no preposition."""
    _, month, day, number = _day(rng)
    if rng.random() < 0.5:
        return f"{_first(day)} {month[0]}", f"{month[1]} {day}"
    return f"{_first(day)} {month[0]} {number}", f"{month[1]} {day}, {number}"


def numeric_date(rng: random.Random) -> Pair:
    """Return 03/04/2024 or 3.4.2024 and April 3, 2024: the day comes first."""
    month, names, day, number = _day(rng)
    mark, width = rng.choices(("/", ".", "-"), (6, 3, 1))[0], rng.choices((2, 1), (4, 1))[0]
    return f"{day:0{width}d}{mark}{month:0{width}d}{mark}{number}", f"{names[1]} {day}, {number}"


def on_date(rng: random.Random) -> Pair:
    """Return le 3 mars 2024 and on March 3, 2024."""
    french, english = rng.choices((date, numeric_date), (8, 2))[0](rng)
    return f"le {french}", f"on {english}"


def on_weekday(rng: random.Random) -> Pair:
    """Return mardi 14 janvier and on Tuesday, January 14, or only the day of the week."""
    weekday, (_, month, day, number) = rng.choice(_WEEKDAYS), _day(rng)
    if rng.random() < 0.4:
        return weekday[0], f"on {weekday[1]}"
    article = rng.choice(("", "le "))
    if rng.random() < 0.3:
        return (
            f"{article}{weekday[0]} {_first(day)} {month[0]} {number}",
            f"on {weekday[1]}, {month[1]} {day}, {number}",
        )
    return f"{article}{weekday[0]} {_first(day)} {month[0]}", f"on {weekday[1]}, {month[1]} {day}"


def month(rng: random.Random) -> Pair:
    """Return mars 2024 and March 2024, with or without the year."""
    (french, english), number = rng.choice(_MONTHS), year(rng)[0]
    return (french, english) if rng.random() < 0.4 else (f"{french} {number}", f"{english} {number}")


def in_month(rng: random.Random) -> Pair:
    """Return en mars 2024 and in March 2024."""
    french, english = month(rng)
    return f"{rng.choices(('en', 'au mois de'), (5, 1))[0]} {french}".replace("de a", "d'a").replace(
        "de o", "d'o"
    ), f"in {english}"


def in_part(rng: random.Random) -> Pair:
    """Return début mars and in early March, mi-juin, fin 2023."""
    french, english = rng.choice(_PARTS)
    names = month(rng) if french == "mi-" or rng.random() < 0.7 else year(rng)
    if english == "late":
        return f"{french} {names[0]}", f"at the end of {names[1]}"
    return (
        f"{french}{'' if french == 'mi-' else ' '}{names[0]}",
        f"in {english}{'' if french == 'mi-' else ' '}{names[1]}",
    )


def in_season(rng: random.Random) -> Pair:
    """Return à l'été 2024 and in summer 2024."""
    (french, english), number = rng.choice(_SEASONS), year(rng)[0]
    opening = "au printemps" if french.startswith("le") else f"à {french}"
    return f"{opening} {number}", f"in {english} {number}"


def in_quarter(rng: random.Random) -> Pair:
    """Return au troisième trimestre 2024 and in the third quarter of 2024."""
    noun, english, most = rng.choice((("trimestre", "quarter", 4), ("semestre", "half", 2)))
    (french, number), when = ordinal(rng, rng.randint(1, most)), year(rng)[0]
    if rng.random() < 0.4:
        return f"au {french} {noun}", f"in the {number} {english}"
    return f"au {french} {noun} {when}", f"in the {number} {english} of {when}"


def in_year(rng: random.Random) -> Pair:
    """Return en 2024 and in 2024, en 2019-2020 and in 2019-2020."""
    number = year(rng)[0]
    if rng.random() < 0.15:
        number = f"{number}-{int(number) + 1}"
    return f"en {number}", f"in {number}"


def in_decade(rng: random.Random) -> Pair:
    """Return dans les années 1990 or quatre-vingt-dix and in the 1990s."""
    if rng.random() < 0.5:
        words = rng.choice(list(_DECADES))
        return f"dans les années {words}", f"in the 19{_DECADES[words]}s"
    number = 10 * rng.randint(182, 202)
    return f"dans les années {number}", f"in the {number}s"


def in_century(rng: random.Random) -> Pair:
    """Return au XIXe siècle and in the 19th century."""
    number = rng.randint(1, 21)
    french = "Ier" if number == 1 else f"{roman(number)}e"
    return f"au {french} siècle", f"in the {english_ordinal(number, in_words=number < 10)} century"


def over_days(rng: random.Random) -> Pair:
    """Return les 3 et 4 mai and on May 3 and 4, du 3 au 7 juin and from June 3 to 7, du 30 mai au 2 juin."""
    place, first = rng.randrange(12), rng.randint(1, 20)
    (french, english), last = _MONTHS[place], first + rng.randint(1, 8)
    way = rng.randrange(3)
    if way == 0:
        return f"les {_first(first)} et {first + 1} {french}", f"on {english} {first} and {first + 1}"
    if way == 1:
        return f"du {_first(first)} au {last} {french}", f"from {english} {first} to {last}"
    after, end = _MONTHS[(place + 1) % 12], rng.randint(1, 28)
    return f"du {_first(first)} {french} au {_first(end)} {after[0]}", f"from {english} {first} to {after[1]} {end}"


def over_years(rng: random.Random) -> Pair:
    """Return entre 2015 et 2019 and between 2015 and 2019, de 2015 à 2019 and from 2015 to 2019."""
    first = rng.randint(1900, 2022)
    last = first + rng.randint(1, 30 if first < 1995 else 8)
    if rng.random() < 0.5:
        return f"entre {first} et {last}", f"between {first} and {last}"
    return f"de {first} à {last}", f"from {first} to {last}"


def when(rng: random.Random) -> Pair:
    """Return a time in the past or the future as an adverbial of both languages."""
    ways = (on_date, on_weekday, in_month, in_part, in_season, in_quarter, in_year)
    return rng.choices(ways, (5, 4, 4, 3, 1, 2, 3))[0](rng)


def since(rng: random.Random) -> Pair:
    """Return depuis 1998 and since 1998, depuis le 3 mars, depuis mars 2021, depuis début juin."""
    way = rng.randrange(5)
    if way == 0:
        french, english = in_part(rng)
        english = english.removeprefix("in ").removeprefix("at ")
    elif way == 1:
        french, english = on_date(rng)
        english = english.removeprefix("on ")
    else:
        french, english = (year, month, in_decade)[way - 2](rng)
        french, english = french.removeprefix("dans "), english.removeprefix("in ")
    return f"depuis {french}", f"since {english}"


KINDS: dict[str, Callable[[random.Random], Pair]] = {
    "year": year,
    "date": date,
    "numeric_date": numeric_date,
    "on_date": on_date,
    "on_weekday": on_weekday,
    "month": month,
    "in_month": in_month,
    "in_part": in_part,
    "in_season": in_season,
    "in_quarter": in_quarter,
    "in_year": in_year,
    "in_decade": in_decade,
    "in_century": in_century,
    "over_days": over_days,
    "over_years": over_years,
    "when": when,
    "since": since,
}
