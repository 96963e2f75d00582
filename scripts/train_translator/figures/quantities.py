"""Amounts of money and shares."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from scripts.train_translator.figures.nouns import hedged, of
from scripts.train_translator.figures.numerals import Pair, decimals, french_words, magnitude, numeral, spelled


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency: its French plural and short mark, and its English sign or, after the number, its name."""

    french: str
    mark: str
    sign: str = ""
    english: str = ""

    def amount(self, number: str, scale: str = "") -> str:
        """Return €12 million or 12 million Swiss francs."""
        return f"{self.sign}{number}{scale}" if self.sign else f"{number}{scale} {self.english}"


_EURO = Currency("euros", "€", "€")
_DOLLAR = Currency("dollars", "$", "$")
_CURRENCIES = (
    Currency("livres sterling", "£", "£"),
    Currency("livres", "£", "£"),
    Currency("francs suisses", "CHF", "", "Swiss francs"),
    Currency("francs CFA", "", "", "CFA francs"),
    Currency("dollars canadiens", "", "", "Canadian dollars"),
    Currency("dollars australiens", "", "", "Australian dollars"),
    Currency("yuans", "", "", "yuan"),
    Currency("yens", "", "", "yen"),
    Currency("roupies", "", "", "rupees"),
    Currency("dirhams", "", "", "dirhams"),
    Currency("dinars", "", "", "dinars"),
    Currency("roubles", "", "", "roubles"),
    Currency("zlotys", "", "", "zlotys"),
    Currency("couronnes suédoises", "", "", "Swedish kronor"),
    Currency("couronnes norvégiennes", "", "", "Norwegian kroner"),
    Currency("nairas", "", "", "naira"),
    Currency("shillings kényans", "", "", "Kenyan shillings"),
)
_PERIODS: list[Pair] = [
    ("par mois", "a month"),
    ("par an", "a year"),
    ("par jour", "a day"),
    ("par semaine", "a week"),
    ("par personne", "per person"),
    ("par habitant", "per inhabitant"),
    ("par nuit", "a night"),
    ("de l'heure", "an hour"),
    ("la tonne", "a tonne"),
    ("le kilo", "a kilo"),
    ("le litre", "a litre"),
    ("le mètre carré", "a square metre"),
    ("le baril", "a barrel"),
    ("par hectare", "per hectare"),
    ("pièce", "apiece"),
]
_SIGNED = 0.2


def _currency(rng: random.Random) -> Currency:
    return rng.choices((_EURO, _DOLLAR, rng.choice(_CURRENCIES)), (7, 2, 2))[0]


def large_amount(rng: random.Random) -> Pair:
    """Return 2,3 milliards de francs CFA and 2.3 billion CFA francs."""
    currency, whole = _currency(rng), magnitude(rng, 1, 990)
    scale, english_scale = rng.choice((("million", "million"), ("milliard", "billion")))
    if whole <= 20 and rng.random() < 0.15:
        french, english = french_words(whole), str(whole)
    else:
        french, english = numeral(whole, decimals(rng))
    return f"{french} {scale}{'s' if whole > 1 else ''} {of(currency.french)}", currency.amount(
        english, f" {english_scale}"
    )


def trillions(rng: random.Random) -> Pair:
    """Return 3 200 milliards d'euros and €3.2 trillion."""
    currency, tenths = _currency(rng), rng.randint(11, 99)
    whole, part = divmod(tenths, 10)
    english = f"{whole}.{part}" if part else str(whole)
    return f"{numeral(tenths * 100)[0]} milliards {of(currency.french)}", currency.amount(english, " trillion")


def short_amount(rng: random.Random) -> Pair:
    """Return 12 M€ and €12 million, 3,5 Md€ and €3.5 billion."""
    currency = rng.choices((_EURO, _DOLLAR), (8, 2))[0]
    mark, scale = rng.choice((("M", "million"), ("M", "million"), ("Md", "billion"), ("Mds", "billion")))
    french, english = numeral(magnitude(rng, 1, 990), decimals(rng))
    space = rng.choices((" ", ""), (8, 2))[0]
    between = " " if mark == "Mds" else ""
    return f"{french}{space}{mark}{between}{currency.mark}", currency.amount(english, f" {scale}")


def thousands(rng: random.Random) -> Pair:
    """Return 150 k€ and €150,000, 12,5 k€ and €12,500."""
    whole, half = magnitude(rng, 2, 950), rng.random() < 0.2
    french = numeral(whole, "5" if half else "")[0]
    return f"{french} k€", f"€{whole * 1000 + 500 * half:,}"


def sum_of_money(rng: random.Random) -> Pair:
    """Return a four- to six-figure amount: 45 000 euros, 1 234,50 €."""
    currency = _currency(rng)
    cents = f"{rng.randint(1, 99):02d}" if rng.random() < 0.1 else ""
    number = magnitude(rng, 1000, 990_000)
    if not cents and rng.random() < 0.1:
        french, english = spelled(rng, 1000 * rng.randint(2, 90))
        return f"{french} {currency.french}", _spelled_amount(currency, english)
    french, english = numeral(number, cents)
    return _with_currency(rng, currency, french), currency.amount(english)


def _spelled_amount(currency: Currency, words: str) -> str:
    names = {"€": "euros", "$": "dollars", "£": "pounds"}
    return f"{words} {names.get(currency.sign, currency.english)}"


def _with_currency(rng: random.Random, currency: Currency, french: str) -> str:
    if currency.mark and (currency.mark == "€" or currency.mark == "$") and rng.random() < 0.35:
        return f"{french} {currency.mark}"
    return f"{french} {currency.french}"


def price(rng: random.Random) -> Pair:
    """Return 3,20 euros and €3.20, 12 € and €12, 80 centimes and 80 cents."""
    if rng.random() < 0.08:
        small = rng.randint(2, 99)
        return f"{small} centimes", f"{small} cents"
    currency = _currency(rng)
    cents = f"{rng.randint(1, 99):02d}" if rng.random() < 0.5 else ""
    french, english = numeral(magnitude(rng, 2, 990), cents)
    if not cents and currency.mark == "€" and rng.random() < 0.15:
        french, english = spelled(rng, rng.randint(2, 99))
        return f"{french} euros", _spelled_amount(currency, english)
    return _with_currency(rng, currency, french), currency.amount(english)


def rate(rng: random.Random) -> Pair:
    """Return 12 euros par mois and €12 a month, 3,20 €/kg and €3.20/kg."""
    if rng.random() < 0.12:
        unit = rng.choice(("kg", "m²", "MWh", "kWh", "l", "m3", "t"))
        french, english = numeral(magnitude(rng, 1, 900), f"{rng.randint(1, 99):02d}" if rng.random() < 0.6 else "")
        return f"{french} €/{unit}", f"€{english}/{unit}"
    (french, english), period = rng.choice((price, sum_of_money))(rng), rng.choice(_PERIODS)
    return f"{french} {period[0]}", f"{english} {period[1]}"


def amount(rng: random.Random) -> Pair:
    """Return any amount of millions or billions, now and then with "près de" before it."""
    return hedged(rng, rng.choices((large_amount, short_amount, trillions), (6, 4, 0.3))[0](rng), _SIGNED)


def sums(rng: random.Random) -> Pair:
    """Return an amount of thousands, now and then with "près de" before it."""
    return hedged(rng, rng.choices((sum_of_money, thousands), (9, 1))[0](rng), _SIGNED)


def between_amounts(rng: random.Random) -> Pair:
    """Return entre 10 et 15 millions d'euros and between €10 million and €15 million."""
    low = rng.randint(2, 400)
    high, currency = low + rng.randint(1, 99), _currency(rng)
    scale, english = rng.choice((("millions", "million"), ("milliards", "billion")))
    bounds = currency.amount(str(low), f" {english}"), currency.amount(str(high), f" {english}")
    return f"entre {low} et {high} {scale} {of(currency.french)}", f"between {bounds[0]} and {bounds[1]}"


def percent(rng: random.Random) -> Pair:
    """Return 3,2 %, in a few texts without the space or in words."""
    french, english = numeral(magnitude(rng, 1, 99), decimals(rng)) if rng.random() < 0.8 else _below_one(rng)
    mark = rng.choices((" %", "%", " pour cent"), (20, 2, 2))[0]
    return french + mark, f"{english}%"


def _below_one(rng: random.Random) -> Pair:
    return numeral(0, str(rng.randint(1, 9)))


def hedged_percent(rng: random.Random) -> Pair:
    """Return a share, now and then with "près de" before it."""
    return hedged(rng, percent(rng), _SIGNED)


def percent_range(rng: random.Random) -> Pair:
    """Return entre 3 et 5 % and between 3% and 5%, de 3 à 5 % and 3% to 5%."""
    low = rng.randint(1, 80)
    high = low + rng.randint(1, 15)
    if rng.random() < 0.5:
        return f"entre {low} et {high} %", f"between {low}% and {high}%"
    return f"de {low} à {high} %", f"{low}% to {high}%"


def signed_percent(rng: random.Random) -> Pair:
    """Return +3,2 % and up 3.2%, -0,4 % and down 0.4%."""
    french, english = numeral(rng.randint(0, 60), str(rng.randint(1, 9)))
    mark, word = rng.choice((("+", "up"), ("-", "down")))
    return f"{mark}{rng.choice(('', '', ' '))}{french} %", f"{word} {english}%"


def points(rng: random.Random) -> Pair:
    """Return 0,4 point and 0.4 points, 2 points de pourcentage and 2 percentage points, 25 points de base."""
    way = rng.randrange(4)
    if way == 0:
        number = 5 * rng.randint(1, 40)
        return f"{number} points de base", f"{number} basis points"
    whole = rng.randint(0, 12)
    french, english = numeral(whole, str(rng.randint(1, 9)) if whole < 2 or rng.random() < 0.5 else "")
    noun = "point" if whole < 2 else "points"
    if way == 1:
        return f"{french} {noun} de pourcentage", f"{english} percentage points"
    return f"{french} {noun}", f"{english} points"


KINDS: dict[str, Callable[[random.Random], Pair]] = {
    "amount": amount,
    "sum": sums,
    "price": price,
    "rate": rate,
    "amounts": between_amounts,
    "percent": percent,
    "about_percent": hedged_percent,
    "percents": percent_range,
    "change": signed_percent,
    "points": points,
}
