"""Times of day, lengths of time and ages."""

from __future__ import annotations

import random
from collections.abc import Callable

from scripts.train_translator.figures.numerals import Pair, spelled

_SPANS = [
    ("minutes", "minutes", True, 2, 59),
    ("heures", "hours", True, 2, 72),
    ("jours", "days", False, 2, 90),
    ("semaines", "weeks", True, 2, 20),
    ("mois", "months", False, 2, 36),
    ("ans", "years", False, 2, 40),
    ("secondes", "seconds", True, 2, 59),
]
_SET_SPANS: list[Pair] = [
    ("une demi-heure", "half an hour"),
    ("une heure", "an hour"),
    ("une heure et demie", "an hour and a half"),
    ("un quart d'heure", "a quarter of an hour"),
    ("trois quarts d'heure", "three-quarters of an hour"),
    ("un an et demi", "a year and a half"),
    ("une semaine", "a week"),
    ("un mois", "a month"),
    ("une dizaine de jours", "about ten days"),
    ("une quinzaine de minutes", "about fifteen minutes"),
]


def hour(rng: random.Random) -> Pair:
    """Return 14 h 30 or 14h30 and 2:30 p.m., 9 heures, midi, minuit."""
    if rng.random() < 0.06:
        return rng.choice((("midi", "noon"), ("minuit", "midnight")))
    number, minute = rng.choice((rng.randint(0, 23), rng.randint(6, 22))), rng.choice((0, 0, 30, rng.randint(1, 59)))
    english = f"{(number - 1) % 12 + 1}{f':{minute:02d}' if minute else ''} {'a.m.' if number < 12 else 'p.m.'}"
    if not minute:
        mark = rng.choice((f" heure{'s' if number > 1 else ''}", " h", "h"))
        return f"{number}{mark}", english
    return f"{number}{rng.choices((' h ', 'h', ':'), (6, 4, 1))[0]}{minute:02d}", english


def hours(rng: random.Random) -> Pair:
    """Return de 9 h à 17 h 30 and from 9 a.m. to 5:30 p.m."""
    first, last = hour(rng), hour(rng)
    return f"de {first[0]} à {last[0]}", f"from {first[1]} to {last[1]}"


def duration(rng: random.Random) -> Pair:
    """Return a length of time: 2 h 30 and 2 hours 30 minutes, deux heures et demie, trois semaines, 45 minutes."""
    way = rng.randrange(6)
    if rng.random() < 0.08:
        return rng.choice(_SET_SPANS)
    if way == 0:
        number, minute = rng.randint(1, 12), rng.randint(2, 59)
        english = f"{number} hour{'s' if number > 1 else ''} {minute} minutes"
        return f"{number}{rng.choice((' h ', 'h'))}{minute:02d}", english
    if way == 1:
        number = rng.randint(2, 12)
        french, english = spelled(rng, number, feminine=True)
        return f"{french} heures et demie", f"{english} and a half hours"
    return span(rng, _SPANS)


def term(rng: random.Random) -> Pair:
    """Return a length of time in months or years: dix-huit mois and eighteen months."""
    return span(rng, _SPANS[4:6])


def span(rng: random.Random, spans: list[tuple[str, str, bool, int, int]]) -> Pair:
    """Return a number of days, weeks and so on, in digits or in words."""
    french_many, english_many, feminine, low, high = rng.choice(spans)
    number = rng.randint(low, high)
    french, english = spelled(rng, number, feminine) if rng.random() < 0.5 else (str(number), str(number))
    return f"{french} {french_many}", f"{english} {english_many}"


def age(rng: random.Random) -> Pair:
    """Return an age in years, without the word."""
    number = str(rng.randint(4, 98))
    return number, number


KINDS: dict[str, Callable[[random.Random], Pair]] = {
    "hour": hour,
    "hours": hours,
    "duration": duration,
    "term": term,
    "age": age,
}
