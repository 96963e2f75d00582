"""Pairs made by rule from running text: a sentence shortened, two joined into one, a short one kept as it is.

They teach the rewriter to copy names and figures to the letter, to let go of what grammar marks as optional, and to
join a sentence to the one whose subject it takes up, before there is anything abstract to learn. The rules for
shortening are those of the program (`pipeline.summarization.compression`); here opening times may go too.
"""

from __future__ import annotations

import lzma
import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, zip_longest
from pathlib import Path

from pipeline.summarization.compression import MIN_WORDS, compress
from pipeline.summarization.selection import is_sentence
from pipeline.summarization.wording import is_fragment, leans
from scripts.train_summarizer.sentences import split
from scripts.train_summarizer.stories import clean

__all__ = ["compress", "copied", "fused", "pairs", "shortened"]

_OPENING_TIME = re.compile(r"^(?:On \w+day|Earlier this \w+|Last \w+|This \w+|At the time),? (?=(?:the|a|an|he|she)\b)")
_PRONOUN = re.compile(r"^(?:He|She|It|They) (?=[a-z])")
_FILES = ("bbc2004", "lk_news", "news_long_lk", "onestop", "rss_news")
_LONGEST_FUSION = 38  # words
_DISTRACTION = 0.3  # share of pairs with a next sentence to leave out

Made = tuple[str, str]
Maker = Callable[[str, str, random.Random], Made | None]


def shortened(here: str, after: str, rng: random.Random) -> Made | None:
    """Return a sentence, now and then with the next one behind it, and the sentence without what may go."""
    short = compress(here)
    opened = _OPENING_TIME.match(short)
    if opened and len(short.split()) > MIN_WORDS + 3 and rng.random() < 0.5:
        short = short[opened.end()].upper() + short[opened.end() + 1 :]
    if short == here or is_fragment(short):
        return None
    return (f"{here} {after}" if after and rng.random() < _DISTRACTION else here), short


def copied(here: str, after: str, rng: random.Random) -> Made | None:
    """Return a sentence that has nothing to leave out, and itself; some have the next sentence to leave out."""
    short = compress(here)
    if leans(short) or is_fragment(short) or not 8 <= len(short.split()) <= 28 or short.endswith("?") or '"' in short:
        return None
    return (f"{short} {compress(after)}" if after and rng.random() < _DISTRACTION else short), short


def fused(here: str, after: str, rng: random.Random) -> Made | None:
    """Return two sentences of which the second begins with a pronoun, and both in one."""
    first, second = compress(here), compress(after)
    if '"' in first + second or not first.endswith(".") or not _PRONOUN.match(second) or leans(first):
        return None
    if len(first.split()) + len(second.split()) > _LONGEST_FUSION or is_fragment(first) or is_fragment(second):
        return None
    return f"{first} {second}", f"{first[:-1]}, and {second[0].lower()}{second[1:]}"


def pairs(folder: Path, count: int, rng: random.Random, make: Maker = shortened, skip: int = 0) -> Iterator[Made]:
    """Yield about `count` pairs from the running text of a folder, the first `skip` lines of each file left out."""
    paths = [path for name in _FILES if (path := folder / f"{name}.en.txt.xz").exists()]
    for path in paths:
        yield from islice(_from_file(path, rng, make, skip), count // len(paths) + 1)


def _from_file(path: Path, rng: random.Random, make: Maker, skip: int) -> Iterator[Made]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in islice(file, skip, None):
            sentences = _usable(split(clean(line)))
            for here, after in zip_longest(sentences, sentences[1:], fillvalue=""):
                made = make(here, after, rng) if here else None
                if made is not None:
                    yield made


def _usable(sentences: Sequence[str]) -> list[str]:
    """What is no sentence becomes empty: its neighbours are then not taken for each other's."""
    return [
        s if MIN_WORDS <= len(s.split()) <= 45 and is_sentence(s) and s.count('"') % 2 == 0 else "" for s in sentences
    ]
