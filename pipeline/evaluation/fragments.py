"""Extractive fragments: what of a summary is copied from its article, and in pieces of what length.

Grusky, Naaman and Artzi (2018), "Newsroom: A dataset of 1.3 million summaries with diverse extractive strategies",
section 4 and figure 3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extractiveness:
    """`coverage`: the share of summary words in a copied fragment, Σ|f| / |S|. `density`: the mean length of the
    fragment that a summary word is in, Σ|f|² / |S|. `compression`: article words for one of the summary, |A| / |S|.
    """

    coverage: float
    density: float
    compression: float


def fragments(article: Sequence[str], summary: Sequence[str]) -> list[int]:
    """Return the lengths of the fragments F(A, S) in the order of the summary: at each word of the summary the longest
    run of words that the article has too, the search in the article going on behind each run that was matched.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(article):
        places[word].append(place)
    lengths: list[int] = []
    start = 0
    while start < len(summary):
        longest = _longest(article, summary, start, places[summary[start]])
        if longest:
            lengths.append(longest)
        start += max(longest, 1)
    return lengths


def _longest(article: Sequence[str], summary: Sequence[str], start: int, places: Sequence[int]) -> int:
    longest = behind = 0
    for place in places:
        if place < behind:
            continue
        length = 1
        while (
            start + length < len(summary)
            and place + length < len(article)
            and summary[start + length] == article[place + length]
        ):
            length += 1
        longest, behind = max(longest, length), place + length
    return longest


def extractiveness(article: Sequence[str], summary: Sequence[str]) -> Extractiveness | None:
    """Return how extractive a summary is, given the words of both; None for a summary without words."""
    if not summary:
        return None
    lengths, size = fragments(article, summary), len(summary)
    return Extractiveness(sum(lengths) / size, sum(n * n for n in lengths) / size, len(article) / size)
