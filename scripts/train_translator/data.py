"""Sentence pairs from the bitext: read, cleaned, thinned out to the most news-like, and roughened."""

from __future__ import annotations

import lzma
import math
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Files of one kind: their name pattern, expected passes over them in one epoch of training and of a release, the
    share of their pairs that is kept (the most news-like), whether they are roughened as real input is, and how many
    copies of them there are, all but the first with other figures and names."""

    pattern: str
    training: float
    release: float
    keep: float = 1.0
    rough: bool = False
    copies: int = 1


GROUPS = {
    "europarl": Group("europarl-*", 0.8, 0.4, keep=0.3, rough=True),
    "law": Group("canadian-law-*", 0.5, 0.05, keep=0.15),
    "mixed": Group("mixed-*", 1.0, 0.85, keep=0.85, rough=True),
    "prose": Group("prose-*", 1.0, 0.7, keep=0.8, rough=True),
    "news": Group("written-news*", 8.0, 10.0, rough=True, copies=8),
    "words": Group("written-words*", 8.0, 9.0),
    "dictionary": Group("dictionary-*", 0.5, 0.3),
    "figures": Group("figures", 0.5, 0.35),
}
NEWS = ("news", "words")
# sources of the mixed group that are thinned out: the share that is kept
_CAPS = {"debian-news": 0.5, "debian-site": 0.5, "php-manual": 0.5, "ms-dynamics365-bc": 0.4}
_SAMPLE = 60_000  # pairs that stand for a whole group in the comparison with news


def read(folder: Path, pattern: str, rng: random.Random) -> Iterator[Pair]:
    """Yield the clean pairs of the files `<pattern>.tsv.xz`: two columns, or three with the source's name first."""
    for path in sorted(folder.glob(pattern + ".tsv.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                columns = line.rstrip("\n").split("\t")
                thinned = len(columns) == 3 and rng.random() > _CAPS.get(columns[0], 1.0)
                if len(columns) >= 2 and columns[-1] and columns[-2] and not thinned:
                    yield clean(columns[-2]), clean(columns[-1])


def clean(text: str) -> str:
    """Return text with plain spaces and apostrophes, on one line."""
    return re.sub(r"\s+", " ", text.replace("’", "'")).strip()


def rough(pair: Pair, rng: random.Random) -> Pair:
    """Now and then give a pair a form that real input has: capitals with and without accents, no full stop, curly
    apostrophes, lower case."""
    source, target = pair
    chance = rng.random()
    if chance < 0.02:
        return source.upper(), target.upper()
    if chance < 0.04:
        return unaccented(source).upper(), target.upper()
    if chance < 0.06 and source.endswith(".") and target.endswith("."):
        return source[:-1], target[:-1]
    if 0.06 <= chance < 0.07:
        return source.replace("'", "’"), target
    if 0.07 <= chance < 0.075:
        return source.lower(), target.lower()
    return pair


def unaccented(text: str) -> str:
    """Return text without accents, as old agencies' wires and capital headlines have it; "œ" becomes "oe"."""
    plain = unicodedata.normalize("NFD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(character for character in plain if not unicodedata.combining(character))


def most_news_like(pairs: Sequence[Pair], news: Sequence[Pair], share: float, rng: random.Random) -> list[Pair]:
    """Return the `share` of pairs whose French is nearest to news, in their order.

    Nearness is the difference of smoothed unigram and bigram log-probabilities, per token (after Moore and Lewis 2010).
    """
    if share >= 1.0 or not pairs or not news:
        return list(pairs)
    ratio = _log_ratio(news, rng.sample(list(pairs), min(len(pairs), _SAMPLE)))
    scores = np.array([_score(source, ratio) for source, _ in pairs])
    floor = np.quantile(scores, 1 - share)
    return [pair for pair, score in zip(pairs, scores, strict=True) if score >= floor]


def _log_ratio(near: Sequence[Pair], far: Sequence[Pair]) -> dict[str, float]:
    counts = [Counter(gram for source, _ in side for gram in _grams(source)) for side in (near, far)]
    totals = [sum(count.values()) for count in counts]
    offset = math.log(totals[1] / totals[0])
    grams = counts[0].keys() | counts[1].keys()
    return {gram: math.log((counts[0][gram] + 0.5) / (counts[1][gram] + 0.5)) + offset for gram in grams}


def _score(source: str, ratio: dict[str, float]) -> float:
    grams = _grams(source)
    return sum(ratio.get(gram, 0.0) for gram in grams) / (len(grams) + 5)


def _grams(text: str) -> list[str]:
    tokens = re.findall(r"[^\W\d_]+|\d+|[^\w\s]", text.lower())
    return tokens + [f"{left} {right}" for left, right in pairwise(tokens)]
