"""On which sentences of a document a summary sentence rests, found by the words they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.summarization.words import Words, stem

Item = str | tuple[str, str]  # a stem or a number, or two neighbouring stems

MAX_SENTENCES = 3
MIN_COVERAGE = 0.6  # below it the sentence says something else, or nothing that can be checked


@dataclass(frozen=True, slots=True)
class Support:
    """Indexes of the chosen sentences, in order; the share of the content words they hold; and whether every
    number and name is among their words."""

    sentences: tuple[int, ...]
    coverage: float
    facts: bool


def find(summary: Words, document: Sequence[Words]) -> Support:
    """Choose up to three sentences greedily: each adds the most words, numbers and names that are still missing.

    A pair of neighbouring words that both have in the same order counts half a word more, so that of two sentences
    with the same words the nearer wording is preferred, and of two equal ones the earlier.
    """
    wanted = _weights(summary)
    total = sum(wanted.values()) or 1.0
    chosen: list[int] = []
    offers = [wanted.keys() & _features(words) for words in document]
    while len(chosen) < MAX_SENTENCES:
        gains = [sum(wanted[item] for item in offer) for offer in offers]
        best = max(range(len(gains)), key=lambda i: (gains[i], -i), default=None)
        if best is None or gains[best] < (1.0 if not chosen else max(1.0, 0.08 * total)):
            break
        chosen.append(best)
        wanted = {item: weight for item, weight in wanted.items() if item not in offers[best]}
        offers = [offer & wanted.keys() for offer in offers]
    return _judged(summary, [document[i] for i in chosen], tuple(sorted(chosen)))


def _features(words: Words) -> set[Item]:
    return {*words.stems, *words.numbers, *pairwise(words.stems)}


def _weights(summary: Words) -> dict[Item, float]:
    facts = summary.numbers | {stem(name) for name in summary.names}
    weights: dict[Item, float] = dict.fromkeys(pairwise(summary.stems), 0.5)
    weights.update(dict.fromkeys(summary.stems, 1.0))
    weights.update(dict.fromkeys(facts, 2.0))
    return weights


def _judged(summary: Words, chosen: Sequence[Words], indexes: tuple[int, ...]) -> Support:
    stems = {stem for words in chosen for stem in words.stems}
    numbers = {number for words in chosen for number in words.numbers}
    folded = {token.lower().removesuffix("'s") for words in chosen for token in words.tokens}
    wanted = set(summary.stems)
    coverage = len(wanted & stems) / len(wanted) if wanted else 0.0
    return Support(indexes, coverage, summary.numbers <= numbers and summary.names <= folded)
