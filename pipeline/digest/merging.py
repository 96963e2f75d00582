"""One summary for several articles: chosen among the supported sentences of their own summaries, without repetition.

The choice is SumBasic (Nenkova and Vanderwende 2005) with the articles as the witnesses: a word weighs by the share of
the articles that have it, and its weight is squared once a chosen sentence has said it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.digest.articles import Article
from pipeline.document import SummarySentence
from pipeline.summarization.support import content_words

_REPEATS = 0.5  # share of the content words of the shorter of two sentences, from which on they say the same
_LOOKED_AT = 24  # articles whose sentences are candidates; the work stays bounded
_LATER = 0.9  # a sentence further down its summary weighs so much less at each step: news has its point first
_FEWEST = 3  # content words of a sentence that may stand for several articles


@dataclass(frozen=True)
class Chosen:
    """A summary sentence, with its article and its group as indexes."""

    sentence: SummarySentence
    article: int
    group: int = 0
    place: int = 0


def merged(groups: Sequence[Sequence[Article]], most: int) -> list[Chosen]:
    """Return up to `most` sentences for groups of articles, in the order in which their articles tell them.

    A lone article keeps its own summary. The sentences of a later version of an article stand for the earlier one's.
    Of several groups each has a sentence before one has two, the first group first.
    """
    candidates = _candidates(groups)
    if sum(map(len, groups)) == 1:
        return candidates[:most]
    return sorted(_picked(candidates, _weights(groups), most), key=lambda one: (one.group, one.place, one.article))


def _candidates(groups: Sequence[Sequence[Article]]) -> list[Chosen]:
    newest = {article.source.url: article for group in groups for article in group}
    return [
        Chosen(sentence, number, group_number, place)
        for group_number, group in enumerate(groups)
        for number, article in enumerate(group[:_LOOKED_AT])
        if article.source.url is None or newest[article.source.url] is article
        for place, sentence in enumerate(article.sentences)
    ]


def _weights(groups: Sequence[Sequence[Article]]) -> dict[str, float]:
    """The share of the articles that have a word in their summary; of several groups each has one voice."""
    weights: Counter[str] = Counter()
    for group in groups:
        witnesses = group[:_LOOKED_AT]
        for article in witnesses:
            words = frozenset().union(*(content_words(sentence.text) for sentence in article.sentences))
            weights.update(dict.fromkeys(words, 1 / len(witnesses) / len(groups)))
    return dict(weights)


def _picked(candidates: Sequence[Chosen], weights: dict[str, float], most: int) -> list[Chosen]:
    left, chosen = dict(weights), list[Chosen]()
    bags = [content_words(one.sentence.text) for one in candidates]
    open_places = [place for place, bag in enumerate(bags) if len(bag) >= _FEWEST] or list(range(len(bags)))
    while len(chosen) < most and open_places:
        spoken = Counter(one.group for one in chosen)
        turn = min((spoken[candidates[place].group], candidates[place].group) for place in open_places)[1]
        waiting = [place for place in open_places if candidates[place].group == turn]
        best = max(waiting, key=lambda place: (_worth(bags[place], left, candidates[place]), -place))
        chosen.append(candidates[best])
        for word in bags[best]:
            left[word] **= 2
        open_places = [p for p in open_places if p != best and not _repeats(bags[p], bags[best])]
    return chosen


def _worth(words: frozenset[str], weights: dict[str, float], one: Chosen) -> float:
    mean = sum(weights[word] for word in sorted(words)) / len(words) if words else 0.0
    return round(mean * float(_LATER**one.place), 9)


def _repeats(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _REPEATS * min(len(one), len(other))
