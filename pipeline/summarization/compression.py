"""Shorten a sentence by leaving out what grammar marks as optional: what is left stays true and well formed.

Brackets, asides between dashes, non-restrictive relative clauses, appositions and ties to the sentence before: the safe
end of the rules of Knight and Marcu (2002) and Zajic et al. (2007). The rules stand in `languages/en/summary.toml`.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.languages import rules

MIN_WORDS = 7
_BROKEN = re.compile(r",,|\( | \)|\[|\]|\(\)|- -|– –")


def compress(sentence: str) -> str:
    """Return the sentence without everything that a rule may take out; the same sentence when no rule applies."""
    short = untied(sentence)
    for pattern in _asides():
        shorter = pattern.sub("", short)
        if _is_sound(shorter, sentence):
            short = shorter
    return short


def untied(sentence: str) -> str:
    """Return the sentence without a connective at its head ("However, ..."); the same sentence where it has none."""
    opened = _openings().match(sentence)
    if not opened:
        return sentence
    rest = sentence[opened.end() :]
    rest = rest[:1].upper() + rest[1:]
    return rest if _is_sound(rest, sentence) else sentence


def _is_sound(short: str, sentence: str) -> bool:
    """Say whether enough is left, with both ends of every quotation."""
    long_enough = len(short.split()) >= min(MIN_WORDS, len(sentence.split()))
    return long_enough and not _BROKEN.search(short) and short.count('"') % 2 == sentence.count('"') % 2


@cache
def _asides() -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, rules("en", "summary")["asides"]))


@cache
def _openings() -> re.Pattern[str]:
    data = rules("en", "summary")
    tied = "|".join(map(re.escape, data["openings"]))
    bare = "|".join(map(re.escape, data["bare_openings"]))
    return re.compile(rf"^(?:(?:{tied}), |(?:{bare}) |{data['opening_times']})(?=\w)")
