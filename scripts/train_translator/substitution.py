"""Other figures and other names in the place of those that both sides of a pair have, so that copying is learned.

A model that has read "le 12 mars, M. Barroso" a hundred times knows 12 and Barroso; one that has read it with a
hundred figures and names learns to look at the source.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from scripts.train_translator.data import Pair
from scripts.train_translator.names import Names

_FRENCH = re.compile(r"(?<![\d.,/:-])(?:\d{1,3}(?: \d{3})+|\d+)(?:,\d+)?(?![\d/:]|[.,-]\d| \d|\s?h\b| heures?\b)")
_ENGLISH = re.compile(r"(?<![\d.,/:-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d/:]|[.,-]\d|\s?[ap]\.?m\b)")
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][^\W\d_]{3,}\b")
_FRENCH_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_MONTH_NEAR = re.compile(rf"(?: (?:{_FRENCH_MONTHS})\b)")
_LAST_DAY = 28  # every month has it
_YEARS = range(1900, 2036)


def substitute(pair: Pair, names: Names, rng: random.Random) -> Pair:
    """Return the pair with other figures and names wherever one stands once, and alike, on both sides."""
    return _renamed(_refigured(pair, rng), names, rng)


def _refigured(pair: Pair, rng: random.Random) -> Pair:
    french = {_plain(m[0], " ", ","): m for m in _unique(_FRENCH, pair[0])}
    english = {_plain(m[0], ",", "."): m for m in _unique(_ENGLISH, pair[1])}
    edits: tuple[list[tuple[re.Match[str], str]], ...] = ([], [])
    for value in french.keys() & english.keys():
        other = _other(value, bool(_MONTH_NEAR.match(pair[0], french[value].end())), rng)
        if other is not None:
            edits[0].append((french[value], _shaped(other, french[value][0], " ", ",")))
            edits[1].append((english[value], _shaped(other, english[value][0], ",", ".")))
    return _edited(pair[0], edits[0]), _edited(pair[1], edits[1])


def _unique(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """Return the matches whose digits stand once in the text."""
    matches = list(pattern.finditer(text))
    digits = Counter(re.sub(r"\D", "", m[0]) for m in matches)
    return [m for m in matches if digits[re.sub(r"\D", "", m[0])] == 1]


def _plain(number: str, group: str, point: str) -> str:
    return number.replace(group, "").replace(point, ".")


def _other(value: str, is_day: bool, rng: random.Random) -> str | None:
    """Return another number of the same kind: day, year, or as many digits; None where one of them would mislead."""
    if is_day:
        return str(rng.randint(2, _LAST_DAY))
    if value.isdigit() and int(value) in _YEARS:
        return str(rng.choice(_YEARS))
    whole, _, decimals = value.partition(".")
    if int(whole) < 2 or whole[0] == "0":  # one is singular, and 007 is no quantity
        return None
    first = str(rng.randint(2 if len(whole) == 1 else 1, 9))
    digits = "".join(str(rng.randint(0, 9)) for _ in whole[1:])
    other = first + (whole[1:] if set(whole[1:]) == {"0"} else digits)  # round figures stay round
    return f"{other}.{''.join(str(rng.randint(1, 9)) for _ in decimals)}" if decimals else other


def _shaped(value: str, like: str, group: str, point: str) -> str:
    whole, _, decimals = value.partition(".")
    if group in like:
        whole = f"{int(whole):,}".replace(",", group)
    return f"{whole}{point}{decimals}" if decimals else whole


def _edited(text: str, edits: Iterable[tuple[re.Match[str], str]]) -> str:
    for match, other in sorted(edits, key=lambda edit: -edit[0].start()):
        text = text[: match.start()] + other + text[match.end() :]
    return text


def _renamed(pair: Pair, names: Names, rng: random.Random) -> Pair:
    for word in sorted(_shared_names(pair) - names.known):
        other = names.like(word, rng)
        pair = _replaced(pair[0], word, other), _replaced(pair[1], word, other)
    return pair


def _shared_names(pair: Pair) -> set[str]:
    """Return the capitalised words that both sides have, behind the first word of the French."""
    return set(_NAME.findall(pair[0][1:])) & set(_NAME.findall(pair[1]))


def _replaced(text: str, word: str, other: str) -> str:
    return re.sub(rf"\b{word}\b", other, text)


def shared_names(pairs: Sequence[Pair]) -> list[str]:
    """Return every name that both sides of a pair have, sorted: what new names are modelled on."""
    return sorted({word for pair in pairs for word in _shared_names(pair)})
