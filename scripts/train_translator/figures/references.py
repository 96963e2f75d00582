"""Numbers that name rather than count: places in an order, scores, articles, roads, telephone numbers, codes."""

from __future__ import annotations

import random
from collections.abc import Callable

from scripts.train_translator.figures.numerals import Pair, english_ordinal, numeral, ordinal

_CODES = ("code pénal", "penal code"), ("code du travail", "labour code"), ("code civil", "civil code")
_LETTERS = "ABCDEFGHJKLMNPRSTVX"


def place(rng: random.Random) -> Pair:
    """Return 3e or troisième and third, 12e and 12th: before a feminine noun such as place, édition."""
    return ordinal(rng, rng.choice((rng.randint(1, 9), rng.randint(2, 120))), feminine=True)


def floor(rng: random.Random) -> Pair:
    """Return 2e and second: before a masculine noun such as étage, tour."""
    return ordinal(rng, rng.choice((rng.randint(1, 9), rng.randint(2, 40))))


def district(rng: random.Random) -> Pair:
    """Return le 3e arrondissement and the 3rd arrondissement."""
    number = rng.randint(1, 20)
    french = "1er" if number == 1 else f"{number}e"
    return f"le {french} arrondissement", f"the {english_ordinal(number, in_words=False)} arrondissement"


def score(rng: random.Random) -> Pair:
    """Return 3-1 or 3 à 1 and 3-1; the points of rugby and basketball too."""
    most = rng.choice((5, 5, 35, 110))
    first, last = rng.randint(most // 3, most), rng.randint(0, most)
    return f"{first}{rng.choice(('-', '-', ' à '))}{last}", f"{first}-{last}"


def article(rng: random.Random) -> Pair:
    """Return l'article L. 121-3 du code pénal and Article L. 121-3 of the penal code, or Article 49.3 for 49-3."""
    way = rng.randrange(4)
    if way == 0:
        return f"l'article 49{rng.choice('-.')}3", "Article 49.3"
    if way == 1:
        number, code = f"{rng.choice('LR')}. {rng.randint(100, 999)}-{rng.randint(1, 40)}", rng.choice(_CODES)
        return f"l'article {number} du {code[0]}", f"Article {number} of the {code[1]}"
    number = str(rng.randint(1, 220))
    return f"l'article {number}", f"Article {number}"


def road(rng: random.Random) -> Pair:
    """Return l'A7 and the A7, la RN 20 and the RN 20, la D906 and the D906, l'autoroute A31 and the A31 motorway."""
    mark, most = rng.choice((("A", 99), ("N", 200), ("RN", 200), ("D", 999), ("RD", 999)))
    name = f"{mark}{'' if mark == 'A' else rng.choice(('', ' '))}{rng.randint(1, most)}"
    if mark == "A":
        return rng.choice(((f"l'{name}", f"the {name}"), (f"l'autoroute {name}", f"the {name} motorway")))
    return f"la {name}", f"the {name}"


def phone(rng: random.Random) -> Pair:
    """Return a telephone number, unchanged."""
    number = " ".join([f"0{rng.randint(1, 9)}", *(f"{rng.randint(0, 99):02d}" for _ in range(4))])
    return number, number


def code(rng: random.Random) -> Pair:
    """Return the name of a model or a flight, unchanged: XR-450, AF447, K12."""
    letters = "".join(rng.choice(_LETTERS) for _ in range(rng.randint(1, 3)))
    name = f"{letters}{rng.choice(('', '-', ' ') if len(letters) > 1 else ('', '-'))}{rng.randint(2, 9999)}"
    return name, name


def number(rng: random.Random) -> Pair:
    """Return a bare whole number from two on."""
    return numeral(rng.choice((rng.randint(2, 99), rng.randint(100, 9999))))


def index(rng: random.Random) -> Pair:
    """Return 6 927,12 and 6,927.12: the level of a market or another index."""
    return numeral(rng.randint(50, 40_000), f"{rng.randint(1, 99):02d}")


def level(rng: random.Random) -> Pair:
    """Return 7,1 and 7.1: a magnitude or a mark out of ten."""
    return numeral(rng.randint(1, 9), str(rng.randint(1, 9)))


def numbered(rng: random.Random) -> Pair:
    """Return n° 12 and No. 12."""
    digits = str(rng.randint(1, 400))
    return f"{rng.choice(('n° ', 'n°', 'numéro '))}{digits}", f"No. {digits}"


KINDS: dict[str, Callable[[random.Random], Pair]] = {
    "place": place,
    "floor": floor,
    "district": district,
    "score": score,
    "article": article,
    "road": road,
    "phone": phone,
    "code": code,
    "number": number,
    "index": index,
    "level": level,
    "numbered": numbered,
}
