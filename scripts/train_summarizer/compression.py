"""Pairs of a sentence and a shorter one that follows from it, made by rule from running text.

Deletion of what grammar marks as optional keeps the sentence true and well formed: brackets, asides between dashes,
non-restrictive relative clauses, opening connectives and time adverbials (the safe end of the rules of Knight and
Marcu 2002 and Zajic et al. 2007). They teach the rewriter to copy names and figures faithfully and to let go of the
rest, before there is anything abstract to learn.
"""

from __future__ import annotations

import lzma
import random
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from scripts.train_summarizer.sentences import split
from scripts.train_summarizer.stories import clean

_VERBS = "has|have|had|is|are|was|were|will|would|can|could|said|says"
_ASIDES = (
    re.compile(r", (?:aged )?\d\d(?=, (?:who|whose|from|of)\b)"),
    re.compile(rf", (?:aged )?\d\d,(?= (?:told|{_VERBS})\b)"),
    re.compile(r" \([^()]{3,80}\)"),
    re.compile(r" [–—-] [^–—.]{8,90} [–—-](?= [a-z])"),
    re.compile(rf", (?:who|which|whose)\b[^,;:.\"]{{8,90}},(?= (?:{_VERBS})\b)"),
    re.compile(r", (?:which|who)\b[^,;:\"]{8,90}(?=\.$)"),
    re.compile(r", (?:however|meanwhile|though|of course|for example|in fact|he added|she added|they added),"),
)
_OPENINGS = re.compile(
    r"^(?:But|And|So|Yet|However|Meanwhile|Moreover|Furthermore|In addition|Also|Still|Instead|Nevertheless|Then|"
    r"At the same time|As a result|For example|In fact|Of course|On \w+day|Earlier this \w+|Last \w+|This \w+|"
    r"At the time|On the other hand),? (?=\w)"
)
_BROKEN = re.compile(r",,|\( | \)|\[|\]|\(\)")
_MIN_WORDS = 7
_FILES = ("bbc2004", "digitalgov", "lk_news", "news_long_lk", "onestop", "rss_news")


def compress(sentence: str) -> str:
    """Return the sentence without everything that a rule may take out; the same sentence when no rule applies."""
    short = sentence
    for pattern in _ASIDES:
        short = pattern.sub("", short)
    opened = _OPENINGS.match(short)
    if opened and (opened.group().rstrip().endswith(",") or opened.group() in ("But ", "And ", "So ", "Yet ")):
        short = short[opened.end() :]
        short = short[0].upper() + short[1:]
    return sentence if len(short.split()) < _MIN_WORDS or _BROKEN.search(short) else short


def pairs(folder: Path, count: int, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield about `count` pairs from the running text of a folder; some have the next sentence to leave out."""
    paths = [path for name in _FILES if (path := folder / f"{name}.en.txt.xz").exists()]
    for path in paths:
        yield from _from_file(path, count // len(paths) + 1, rng)


def _from_file(path: Path, count: int, rng: random.Random) -> Iterator[tuple[str, str]]:
    made = 0
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            sentences = [s for s in split(clean(line)) if _MIN_WORDS <= len(s.split()) <= 45 and s[-1] in '.!?"']
            for here, after in zip_longest(sentences, sentences[1:], fillvalue=""):
                short = compress(here)
                if short != here:
                    yield (f"{here} {after}" if after and rng.random() < 0.3 else here), short
                    made += 1
            if made >= count:
                return
