"""Generated pairs of French and English whose figures, dates, amounts, units and names answer each other.

`numerals` writes numbers; `nouns`, `quantities`, `measures`, `dates`, `hours`, `names` and `references` make the facts,
and `frames` sets them into the sentences of `frames.tsv`. English follows American news style for dates, hours and
titles, and writes the metric units as Europe does. Numbers in words stay in words where English has a short form.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.train_translator.figures import dates, hours, measures, names, nouns, quantities, references
from scripts.train_translator.figures.frames import BLANK, Kind, fill, read_frames, varied
from scripts.train_translator.figures.numerals import Pair

__all__ = ["FRAGMENTS", "FRAMES", "KINDS", "figures"]

_ROOMS = (nouns, quantities, measures, dates, hours, names, references)
KINDS: dict[str, Kind] = {name: kind for room in _ROOMS for name, kind in room.KINDS.items()}
"""How each kind of fact is made, by the name that a frame calls it."""

FRAMES = read_frames(Path(__file__).with_name("frames.tsv"))
FRAGMENTS: list[Pair] = [
    ("{any}", "{any}"),
    ("Montant : {sum}.", "Amount: {sum}."),
    ("Montant : {amount}", "Amount: {amount}"),
    ("Total : {any} ({any.2}).", "Total: {any} ({any.2})."),
    ("- {any}", "- {any}"),
    ("({any})", "({any})"),
    ("{any} – {any.2}", "{any} – {any.2}"),
    ("{any}, {any.2}", "{any}, {any.2}"),
    ("Tarif : {price}.", "Price: {price}."),
    ("Date : {date}.", "Date: {date}."),
    ("Tél. {phone}", "Tel. {phone}"),
    ("Surface : {area}", "Area: {area}"),
    ("{town}, {hour}", "{town}, {hour}"),
]
_FRAGMENT_SHARE, _TWO_SHARE = 0.12, 0.06
_NAME_SHARE = 0.15  # of the open blanks of a fragment are filled with a given name instead
_ALONE = [name for name in KINDS if not name.startswith("plural:")]


def figures(count: int, names: Sequence[Pair], rng: random.Random) -> Iterator[Pair]:
    """Yield sentences and fragments with facts; `names` are pairs that now and then stand alone in a fragment."""
    with_names = KINDS | {"name": lambda r: r.choice(names)}
    open_kinds = _ALONE + ["name"] * round(_NAME_SHARE * len(_ALONE) * bool(names))
    for _ in range(count):
        if rng.random() < _FRAGMENT_SHARE:
            yield fill(_opened(rng.choice(FRAGMENTS), open_kinds, rng), with_names, rng)
            continue
        french, english = _sentence(rng)
        if french.endswith(".") and rng.random() < _TWO_SHARE:
            after = _sentence(rng)
            french, english = f"{french} {after[0]}", f"{english} {after[1]}"
        yield french, english


def _sentence(rng: random.Random) -> Pair:
    return fill(varied(rng.choice(FRAMES), rng), KINDS, rng)


def _opened(frame: Pair, kinds: Sequence[str], rng: random.Random) -> Pair:
    """Give each open blank a kind of its own."""
    marks = {match.group() for match in BLANK.finditer(frame[0]) if match.group(1) == "any"}
    french, english = frame
    for place, mark in enumerate(sorted(marks), 1):
        kind = f"{{{rng.choice(kinds)}.{place}}}"
        french, english = french.replace(mark, kind), english.replace(mark, kind)
    return french, english
