"""Numbers in digits and in words, each in the conventions of French and of English."""

from __future__ import annotations

import math
import random

Pair = tuple[str, str]

# fmt: off
_FRENCH_UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)
_FRENCH_TENS = (
    "", "dix", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt",
)
_REGIONAL_TENS = {7: "septante", 8: "huitante", 9: "nonante"}
_ENGLISH_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_ENGLISH_TENS = (
    "", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)
_ENGLISH_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
)
_FRENCH_ORDINALS = (
    "premier", "deuxième", "troisième", "quatrième", "cinquième", "sixième", "septième", "huitième", "neuvième",
    "dixième",
)
# fmt: on
_ROUND_SHARE = 0.5  # of the numbers in the news are rounded


def numeral(whole: int, decimals: str = "") -> Pair:
    """Return 1 234,5 and 1,234.5."""
    english = f"{whole:,}"
    french = english.replace(",", " ")
    return (f"{french},{decimals}", f"{english}.{decimals}") if decimals else (french, english)


def decimals(rng: random.Random) -> str:
    """Return no, one or two decimals, the last of them not 0."""
    places = rng.choices((0, 1, 2), (4, 5, 2))[0]
    return "".join(str(rng.randint(place == places - 1, 9)) for place in range(places))


def magnitude(rng: random.Random, low: int, high: int) -> int:
    """Return a whole number, all orders of magnitude between the bounds alike, often a round one."""
    number = round(low * math.exp(math.log(high / low) * rng.random()))
    if rng.random() < _ROUND_SHARE and number >= 100:
        scale = 10 ** (len(str(number)) - rng.choice((1, 2, 2)))
        number = number // scale * scale
    return max(low, number)


def french_words(number: int, feminine: bool = False, regional: bool = False) -> str:
    """Spell out a number below a million; `regional` as in Belgium and Switzerland (septante, nonante)."""
    thousands, rest = divmod(number, 1000)
    hundreds, below = divmod(rest, 100)
    parts = [] if not thousands else ["mille"] if thousands == 1 else [_multiplier(thousands, regional), "mille"]
    if hundreds:
        parts.append("cent" if hundreds == 1 else f"{_FRENCH_UNITS[hundreds]} cent{'' if below else 's'}")
    if below or not parts:
        parts.append(_french_below_hundred(below, feminine, regional))
    return " ".join(parts)


def _multiplier(thousands: int, regional: bool) -> str:
    """Quatre-vingt mille, deux cent mille: the plural s is lost before mille."""
    words = french_words(thousands, regional=regional)
    return words.removesuffix("s") if words.endswith(("vingts", "cents")) else words


def _french_below_hundred(number: int, feminine: bool, regional: bool) -> str:
    one = "une" if feminine else "un"
    if number < 20:
        return one if number == 1 else _FRENCH_UNITS[number]
    tens, unit = divmod(number, 10)
    if regional and tens in _REGIONAL_TENS:
        name = _REGIONAL_TENS[tens]
    else:
        name, unit = _FRENCH_TENS[tens], unit + 10 * (tens in (7, 9))
    if not unit:
        return "quatre-vingts" if name == "quatre-vingt" else name
    if unit in (1, 11) and name != "quatre-vingt":
        return f"{name} et {one if unit == 1 else 'onze'}"
    return f"{name}-{one if unit == 1 else _FRENCH_UNITS[unit]}"


def english_words(number: int) -> str:
    """Spell out a number as the news does: to ninety-nine, whole hundreds and thousands; others stay digits."""
    if number < 20:
        return _ENGLISH_UNITS[number]
    if number < 100:
        tens, unit = divmod(number, 10)
        return f"{_ENGLISH_TENS[tens]}-{_ENGLISH_UNITS[unit]}" if unit else _ENGLISH_TENS[tens]
    for scale, name in ((1000, "thousand"), (100, "hundred")):
        if number % scale == 0 and number // scale < 100:
            return f"{'a' if number == scale else english_words(number // scale)} {name}"
    return f"{number:,}"


def spelled(rng: random.Random, number: int, feminine: bool = False) -> Pair:
    """Return a number in words, in French now and then those of Belgium and Switzerland."""
    return french_words(number, feminine, rng.random() < 0.1), english_words(number)


def ordinal(rng: random.Random, number: int, feminine: bool = False) -> Pair:
    """Return 1er or premier and first, 12e and 12th; from the tenth on English has digits."""
    return french_ordinal(rng, number, feminine), english_ordinal(number)


def french_ordinal(rng: random.Random, number: int, feminine: bool) -> str:
    """Return premier or 1er, deuxième, 2e or 2ème."""
    in_words = number <= 10 and rng.random() < 0.5
    if number == 1:
        words, short = ("première", "1re") if feminine else ("premier", "1er")
        return words if in_words else short
    return _FRENCH_ORDINALS[number - 1] if in_words else f"{number}{rng.choices(('e', 'ème'), (9, 1))[0]}"


def english_ordinal(number: int, in_words: bool = True) -> str:
    """Return first to ninth in words, 10th, 21st and so on in digits."""
    if number < 10 and in_words:
        return _ENGLISH_ORDINALS[number - 1]
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def roman(number: int) -> str:
    """Return a century's number in Roman numerals, up to 39."""
    tens, unit = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[unit]
