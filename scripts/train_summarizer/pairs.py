"""The rewriter's training pairs: one to three source sentences, and the one sentence or headline that they support."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.summarization.compression import compress
from pipeline.summarization.words import Words, words
from scripts.train_summarizer.faithful import is_faithful
from scripts.train_summarizer.stories import Story
from scripts.train_summarizer.support import MAX_SENTENCES, MIN_COVERAGE, Support, find

SUMMARY, HEADLINE = "summary: ", "headline: "  # what stands before the source and says which kind is wanted
_LEAD = 5  # a headline is looked for in the first sentences
_FURNITURE = re.compile(
    r"^(?:watch|listen|live|video|photos?|in pictures|quiz|podcast)\b"
    r"|\b(?:live|video|podcast|in pictures|crossword|quiz|gallery)$|\bclick here\b|https?://|\?$",
    re.IGNORECASE,
)
_DISTRACTION = 0.3  # share of pairs that carry a neighbouring sentence which the summary leaves out
REWORDING = 0.5  # unsafe gaps a word that a summary sentence may have; half of the published ones have more
_REWORDED_HEADLINE = 0.9


@dataclass(frozen=True, slots=True)
class Pair:
    """One example: `source` begins with the control for its kind."""

    source: str
    target: str


def summary_pairs(
    story: Story, rng: random.Random, coverage: float = MIN_COVERAGE, rewording: float = REWORDING
) -> Iterator[Pair]:
    """Yield a pair for every summary sentence whose facts and whose words (`coverage` of them) the document has.

    `rewording` bounds how freely it is worded.
    """
    document = [words(sentence) for sentence in story.sentences]
    for sentence in map(_prose, story.summary):
        if 6 <= len(sentence.split()) <= 60 and not _FURNITURE.search(sentence):
            support = find(words(sentence), document)
            if support.coverage >= coverage:
                yield from _pair(SUMMARY, sentence, support, story, rng, rewording)


def headline_pairs(story: Story, rng: random.Random) -> Iterator[Pair]:
    """Yield the pair of the headline and the opening sentences that support it, if they do."""
    target = unlabelled(story.headline or "")
    if 4 <= len(target.split()) <= 20 and not _FURNITURE.search(target):
        document = [words(sentence) for sentence in story.sentences[:_LEAD]]
        support = find(_title_words(target), document)
        if support.coverage >= MIN_COVERAGE:
            yield from _pair(HEADLINE, target, support, story, rng, _REWORDED_HEADLINE)


def unlabelled(headline: str) -> str:
    """Return a headline without the full stop at its end and without a label ("Opinion: ...") before it."""
    label, colon, rest = headline.partition(": ")
    if colon and len(label.split()) <= 3 and len(rest.split()) >= 5:
        headline = rest[0].upper() + rest[1:]
    return headline.removesuffix(".")


def _title_words(headline: str) -> Words:
    """A Title Case Headline has no names that capitals would show: leave it to the words."""
    parts = words(headline)
    capitals = sum(1 for token in parts.tokens if token[0].isupper())
    return parts if capitals <= 0.6 * len(parts.tokens) else replace(parts, names=frozenset())


def _prose(sentence: str) -> str:
    """Standfirsts have labels ("Exclusive: ...") and no full stop; a summary sentence has one, and begins at once."""
    sentence = unlabelled(sentence)
    return sentence if sentence.endswith((".", "!", "?", '"', "'")) else sentence + "."


def _pair(
    kind: str, target: str, support: Support, story: Story, rng: random.Random, rewording: float
) -> Iterator[Pair]:
    """The source is what the program gives to the rewriter: shortened by rule, where the target lives without the rest.

    Names in a Title Case Headline cannot be told from words: there the capitals are taken off before they are compared.
    """
    if not support.facts:
        return
    chosen = [story.sentences[i] for i in _distracted(support.sentences, len(story.sentences), rng)]
    judged = _lowered(target) if kind == HEADLINE else target
    for sources in ([compress(sentence) for sentence in chosen], chosen):
        if is_faithful(judged, sources, rewording, is_headline=kind == HEADLINE):
            yield Pair(kind + " ".join(sources), target)
            return


def _lowered(headline: str) -> str:
    parts = headline.split()
    capitals = sum(1 for part in parts if part[0].isupper())
    return headline if capitals <= 0.6 * len(parts) else headline.lower()


def _distracted(chosen: Sequence[int], total: int, rng: random.Random) -> list[int]:
    """Now and then add a neighbour, as the selector will: the rewriter learns to leave it out."""
    result = set(chosen)
    if len(result) < MAX_SENTENCES and rng.random() < _DISTRACTION:
        result.add(min(total - 1, max(0, rng.choice(list(chosen)) + rng.choice((-1, 1)))))
    return sorted(result)


def deduplicated(pairs: Iterable[Pair]) -> list[Pair]:
    """Return the pairs without repeated targets: some files share articles."""
    seen: dict[str, Pair] = {}
    for pair in pairs:
        seen.setdefault(pair.source[:1] + pair.target.lower(), pair)
    return list(seen.values())
