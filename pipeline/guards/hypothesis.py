"""What can be wrong with one hypothesis, seen from its source alone: the tests on every rung of the ladder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import eq

from pipeline.facts.compare import FIGURES, compare_figures
from pipeline.guards.repair import has_impossible_time
from pipeline.languages import rules
from pipeline.seq2seq import Hypothesis

_BROKEN = "\ufffd"  # bytes that a model wrote and that are no character

# How bad each problem is; a kind that is not named here weighs 1. The least bad hypothesis is kept.
SEVERITY = {
    "empty": 100.0,
    "repetition": 20.0,
    "unfinished": 15.0,
    "copy": 12.0,
    "garbled": 8.0,
    "too-long": 8.0,
    "too-short": 8.0,
    "number-changed": 4.0,
    "number-missing": 4.0,
    "number-added": 3.0,
    "date-changed": 4.0,
    "currency-changed": 4.0,
}
FATAL = frozenset({"empty", "repetition", "unfinished"})  # text with one of these is worse than the source itself

# Only differences of facts that a second try can mend are worth one: names often have an English form of their own.
_RETRIED = (*FIGURES, "link-")

_WORD = re.compile(r"\w+", re.UNICODE)
_REPEATED_CHARACTERS = re.compile(r"(.{1,8}?)\1{7,}", re.DOTALL)


def problems(source: str, hypothesis: Hypothesis, source_language: str, target_language: str) -> tuple[str, ...]:
    """Return the kinds of problem of a hypothesis, sorted; none when it may stand."""
    return tuple(sorted(set(_problems(source, hypothesis, source_language, target_language))))


def severity(kinds: Sequence[str]) -> float:
    """Return how bad a set of problems is, 0 for none."""
    return sum(SEVERITY.get(kind, 1.0) for kind in kinds)


def _problems(source: str, hypothesis: Hypothesis, source_language: str, target_language: str) -> Iterator[str]:
    target = hypothesis.text
    if not _WORD.search(target):
        yield "empty"
        return
    if not hypothesis.finished:
        yield "unfinished"
    if repeats(target) > max(2, repeats(source)) or (
        _REPEATED_CHARACTERS.search(target) and not _REPEATED_CHARACTERS.search(source)
    ):
        yield "repetition"
    yield from _length(source, target)
    if copies(source, target, source_language):
        yield "copy"
    if _BROKEN in target and _BROKEN not in source:
        yield "garbled"
    if target_language == "en" and has_impossible_time(target):
        yield "time-malformed"
    for difference in compare_figures(source, source_language, target, target_language):
        if difference.kind.startswith(_RETRIED):
            yield difference.kind


def _length(source: str, target: str) -> Iterator[str]:
    """English news is about 0.93 times as long as its French in characters; 3,000 pairs lie within these bounds."""
    if len(target) > 1.8 * len(source) + 24:
        yield "too-long"
    elif len(source) > 40 and len(target) < 0.4 * len(source):
        yield "too-short"


def repeats(text: str) -> int:
    """Return the most times that one run of one to six words follows itself without a break (1: never)."""
    words = [word.lower() for word in _WORD.findall(text)]
    return max((_longest_run(words, size) for size in range(1, 7)), default=1)


def _longest_run(words: list[str], size: int) -> int:
    best = run = 0
    again = list(map(eq, words, words[size:]))
    if True not in again:
        return 1
    for same in again:
        run = run + 1 if same else 0
        best = max(best, run)
    return best // size + 1


def copies(source: str, target: str, source_language: str) -> bool:
    """Say whether the target still is, for the most part, in the source language.

    Names copy rightly, so what counts is function words that the target language does not have.
    """
    foreign = frozenset(rules(source_language, "function_words").get("words", ()))
    words = [word.lower() for word in _WORD.findall(target)]
    if len(words) >= 4 and target.strip() == source.strip() and any(word in foreign for word in words):
        return True
    return len(words) >= 5 and sum(word in foreign for word in words) / len(words) > 0.2
