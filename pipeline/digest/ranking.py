"""What comes first: new before old, what many papers tell, and what is watched."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from pipeline.digest.articles import Article
from pipeline.digest.record import Window

HALF_LIFE_H = 12.0  # a story of last evening weighs half of one of this morning: a digest is read once a day
RECENCY = 1.0  # the unit: the most that being new is worth
SOURCES = 1.0  # for each doubling of papers: two papers lift yesterday's story above a lone one of this morning
WATCHED = 3.0  # for the first term: the reader has asked for it, so that it passes a story of four papers
WATCHED_MORE = 0.5  # for each further one, up to
MOST_WATCHED = 4  # so that a page that lists names does not win by their number


def score(group: Sequence[Article], watched: Sequence[str], window: Window) -> float:
    """Return the weight of a story: of its newest article, its papers, and the watch-list terms that it has."""
    papers = len({article.source.name for article in group})
    return round(RECENCY * _recency(group, window) + SOURCES * math.log2(papers) + _watched(len(watched)), 6)


def _recency(group: Sequence[Article], window: Window) -> float:
    """From 1 at the end of the window to 0; half after each half-life. Without a time it is as old as the window."""
    times = [article.source.published for article in group if article.source.published is not None]
    newest = max(times, default=window.start)
    return 0.0 if newest is None else 0.5 ** (_hours(newest, window.end) / HALF_LIFE_H)


def _hours(moment: datetime, end: datetime) -> float:
    return max(0.0, (end - moment).total_seconds() / 3600)


def _watched(count: int) -> float:
    return 0.0 if not count else WATCHED + WATCHED_MORE * (min(count, MOST_WATCHED) - 1)
