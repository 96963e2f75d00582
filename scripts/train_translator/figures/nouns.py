"""What is counted: nouns in both languages with their plurals, by group, and how French says how many of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts.train_translator.figures.numerals import Pair, decimals, french_words, magnitude, numeral, spelled

_HEDGES: list[Pair] = [
    ("près de ", "nearly "),
    ("plus de ", "more than "),
    ("environ ", "about "),
    ("au moins ", "at least "),
    ("quelque ", "some "),
    ("un peu plus de ", "just over "),
    ("à peine ", "barely "),
]
_COLLECTIVES: list[Pair] = [
    ("une dizaine", "about ten"),
    ("une douzaine", "a dozen"),
    ("une quinzaine", "about fifteen"),
    ("une vingtaine", "about twenty"),
    ("une trentaine", "about thirty"),
    ("une quarantaine", "about forty"),
    ("une cinquantaine", "about fifty"),
    ("une soixantaine", "about sixty"),
    ("une centaine", "about a hundred"),
    ("un millier", "about a thousand"),
    ("des dizaines", "dozens of"),
    ("des centaines", "hundreds of"),
    ("des milliers", "thousands of"),
    ("plusieurs dizaines", "several dozen"),
    ("plusieurs centaines", "several hundred"),
    ("plusieurs milliers", "several thousand"),
]
_FRACTIONS: list[Pair] = [
    ("un tiers", "a third"),
    ("un quart", "a quarter"),
    ("la moitié", "half"),
    ("les deux tiers", "two-thirds"),
    ("les trois quarts", "three-quarters"),
    ("un cinquième", "a fifth"),
    ("un dixième", "a tenth"),
    ("plus d'un tiers", "more than a third"),
    ("plus de la moitié", "more than half"),
    ("près de la moitié", "nearly half"),
    ("près d'un quart", "nearly a quarter"),
    ("près des deux tiers", "nearly two-thirds"),
    ("plus des trois quarts", "more than three-quarters"),
]
_MULTIPLES: list[Pair] = [
    ("deux fois plus", "twice as many"),
    ("trois fois plus", "three times as many"),
    ("quatre fois plus", "four times as many"),
    ("cinq fois plus", "five times as many"),
    ("dix fois plus", "ten times as many"),
    ("deux fois moins", "half as many"),
]
_SINGULAR_ENDS_BEFORE = 2  # French: 1,9 million, 1,5 hectare, 0 degré are singular


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun in both languages. `feminine` is of the French one."""

    french: str
    french_plural: str
    english: str
    english_plural: str
    feminine: bool = False

    def plural(self) -> Pair:
        """Return the two plurals."""
        return self.french_plural, self.english_plural


def of(word: str) -> str:
    """Return `de` before a word, elided where it must be; every h of our nouns is silent."""
    return f"d'{word}" if word[0] in "aeiouéèêâîôœhAEIOUÉÈÊÂÎÔŒ" else f"de {word}"


def hedged(rng: random.Random, pair: Pair, share: float = 0.25) -> Pair:
    """Return a quantity, now and then with a word like "près de" before it."""
    french, english = rng.choice(_HEDGES) if rng.random() < share else ("", "")
    return french + pair[0], english + pair[1]


def exact(rng: random.Random, noun: Noun) -> Pair:
    """Return a number from two on with a noun, in digits or in words."""
    if rng.random() < 0.3:
        number = rng.choice(
            (rng.randint(2, 99), rng.randint(2, 20), 100 * rng.randint(2, 9), 1000 * rng.randint(2, 99))
        )
        french, english = spelled(rng, number, noun.feminine)
    else:
        french, english = numeral(magnitude(rng, 2, 90_000))
    return f"{french} {noun.french_plural}", f"{english} {noun.english_plural}"


def few(rng: random.Random, noun: Noun) -> Pair:
    """Return one to 99 of a noun, in digits or in words; one is singular."""
    number = rng.choice((rng.randint(1, 12), rng.randint(2, 99)))
    in_words = rng.random() < 0.4
    french, english = spelled(rng, number, noun.feminine) if in_words else numeral(number)
    if number == 1:
        return f"{french} {noun.french}", f"{english} {noun.english}"
    return f"{french} {noun.french_plural}", f"{english} {noun.english_plural}"


def millions(rng: random.Random, noun: Noun) -> Pair:
    """Return 1,2 million de visiteurs and 1.2 million visitors."""
    whole = magnitude(rng, 1, 90)
    scale = "million" if whole < _SINGULAR_ENDS_BEFORE else "millions"
    if whole <= 20 and rng.random() < 0.2:
        french, english = french_words(whole), str(whole)
    else:
        french, english = numeral(whole, decimals(rng))
    return f"{french} {scale} {of(noun.french_plural)}", f"{english} million {noun.english_plural}"


def collective(rng: random.Random, noun: Noun) -> Pair:
    """Return une centaine de, des milliers de."""
    french, english = rng.choice(_COLLECTIVES)
    return f"{french} {of(noun.french_plural)}", f"{english} {noun.english_plural}"


def count(rng: random.Random, noun: Noun) -> Pair:
    """Return so many of a noun, exactly or about."""
    how = rng.choices(("exact", "millions", "collective"), (8, 1, 1))[0]
    if how == "collective":
        return collective(rng, noun)
    return hedged(rng, exact(rng, noun) if how == "exact" else millions(rng, noun))


def one_in(rng: random.Random, noun: Noun) -> Pair:
    """Return un salarié sur cinq and one employee in five."""
    french, english = rng.choice((numeral, lambda n: spelled(rng, n)))(rng.choice((2, 3, 4, 5, 6, 8, 10, 12, 20)))
    return f"{'une' if noun.feminine else 'un'} {noun.french} sur {french}", f"one {noun.english} in {english}"


def part_of(rng: random.Random, noun: Noun) -> Pair:
    """Return la moitié des salariés and half of the employees."""
    french, english = rng.choice(_FRACTIONS)
    return f"{french} des {noun.french_plural}", f"{english} of the {noun.english_plural}"


def times_as_many(rng: random.Random, noun: Noun) -> Pair:
    """Return deux fois plus de salariés and twice as many employees."""
    french, english = rng.choice(_MULTIPLES)
    return f"{french} {of(noun.french_plural)}", f"{english} {noun.english_plural}"


def fraction(rng: random.Random) -> Pair:
    """Return a share in words, with its article."""
    return rng.choice(_FRACTIONS)


def _read(path: Path) -> dict[str, list[Noun]]:
    groups: dict[str, list[Noun]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        group, gender, french, french_plural, english, english_plural = line.split("\t")
        noun = Noun(french, french_plural or f"{french}s", english, english_plural or f"{english}s", gender == "f")
        groups.setdefault(group, []).append(noun)
    return groups


GROUPS = _read(Path(__file__).with_suffix(".tsv"))
_WAYS: dict[str, Callable[[random.Random, Noun], Pair]] = {
    "count": count,
    "exact": exact,
    "few": few,
    "one_in": one_in,
    "part_of": part_of,
    "times": times_as_many,
    "plural": lambda rng, noun: noun.plural(),
}


def _kind(way: str, group: str) -> Callable[[random.Random], Pair]:
    return lambda rng: _WAYS[way](rng, rng.choice(GROUPS[group]))


KINDS = {f"{way}:{group}": _kind(way, group) for way in _WAYS for group in GROUPS} | {"fraction": fraction}
