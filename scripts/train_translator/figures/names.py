"""Names that were never seen, made of syllables, so that a model learns to copy; bodies with an English acronym."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scripts.train_translator.figures.numerals import Pair

_PARTS: dict[str, list[Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_BODIES: list[Pair] = [(french, english) for french, english in _PARTS["bodies"]]
_TOPICS: list[Pair] = [(french, english) for french, english in _PARTS["topics"]]
_LETTERS = "ABCDEFGHILMNOPRSTUVX"


def _part(rng: random.Random, kind: str) -> str:
    return str(rng.choice(_PARTS[kind]))


def _syllables(rng: random.Random, most: int = 2) -> str:
    """Return the beginning of a name: one or more open syllables and the onset of the next, a capital first."""
    word = "".join(_part(rng, "onsets") + _part(rng, "vowels") for _ in range(rng.randint(1, most)))
    return (word + str(rng.choice(_PARTS["codas"] + _PARTS["onsets"]))).capitalize()


def _root(rng: random.Random) -> str:
    """Return a word, now and then with a vowel first."""
    word = _syllables(rng)
    return f"{rng.choice('AEIOUÉ')}{word.lower()}" if rng.random() < 0.2 else word


def surname(rng: random.Random) -> str:
    """Return a family name: Valombrel, Le Quédrec, Stavoine-Brillard."""
    name = _root(rng) + _part(rng, "surname_ends")
    way = rng.random()
    if way < 0.15:
        head = _part(rng, "surname_heads")
        return head + (name if head[-1] in " -'" else name.lower())
    return f"{name}-{_root(rng)}{_part(rng, 'surname_ends')}" if way < 0.22 else name


def person(rng: random.Random) -> Pair:
    """Return a given name and a family name."""
    name = f"{_part(rng, 'given')} {surname(rng)}"
    return name, name


def titled(rng: random.Random) -> Pair:
    """Return M. Kerdreux and Mr. Kerdreux, Mme Valombrel and Ms. Valombrel."""
    title = rng.choice((("M.", "Mr."), ("M.", "Mr."), ("Mme", "Ms.")))
    name = surname(rng)
    return f"{title[0]} {name}", f"{title[1]} {name}"


def someone(rng: random.Random) -> Pair:
    """Return a person with the whole name or with a title."""
    return rng.choice((person, person, titled))(rng)


def town(rng: random.Random) -> Pair:
    """Return a place: Saint-Aubin-des-Prés, Valmerigny, Brouillac-sur-Vère."""
    way = rng.random()
    if way < 0.25:
        name = f"{rng.choice(('Saint', 'Saint', 'Sainte'))}-{_part(rng, 'saints')}-{_part(rng, 'place_tails')}"
        name = name if way < 0.12 else f"Saint-{_root(rng)}"
    else:
        name = _root(rng) + _part(rng, "place_ends")
    if way > 0.85:
        name = f"{name}-{rng.choice(('sur', 'en', 'lès', 'sous'))}-{_root(rng)}{_part(rng, 'place_ends')}"
    return name, name


def brand(rng: random.Random) -> Pair:
    """Return the bare name of a firm or a product: Tolvea, Hydravix, BRTV."""
    if rng.random() < 0.12:
        name = "".join(rng.choice(_LETTERS) for _ in range(rng.randint(3, 4)))
    else:
        name = _root(rng) + _part(rng, "brand_ends")
    return name, name


def company(rng: random.Random) -> Pair:
    """Return a firm: Hydravia SA, Ferrand & Fils, Société Ferrand & Fils, Tolvea."""
    way = rng.random()
    if way < 0.2:
        name = f"{surname(rng)} & {rng.choice(('Fils', 'Associés', 'Cie', surname(rng)))}"
        name = f"Société {name}" if way < 0.05 else name
    else:
        name = brand(rng)[0]
    name = f"{name} {_part(rng, 'forms')}" if way > 0.7 else name
    return name, name


def body(rng: random.Random) -> Pair:
    """Return an institution with its article: l'ONU and the UN."""
    return rng.choice(_BODIES)


def topic(rng: random.Random) -> Pair:
    """Return a thing that has other letters in English: la TVA and VAT."""
    return rng.choice(_TOPICS)


def street(rng: random.Random) -> Pair:
    """Return 12, rue Valombrel and 12 Rue Valombrel."""
    kind, number = rng.choice(("rue", "avenue", "boulevard", "place", "quai", "impasse")), rng.randint(1, 299)
    name = rng.choice((surname(rng), person(rng)[0]))
    return f"{number}, {kind} {name}", f"{number} {kind.capitalize()} {name}"


KINDS: dict[str, Callable[[random.Random], Pair]] = {
    "person": person,
    "someone": someone,
    "titled": titled,
    "town": town,
    "brand": brand,
    "company": company,
    "body": body,
    "topic": topic,
    "street": street,
}
