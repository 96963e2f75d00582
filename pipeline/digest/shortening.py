"""A digest short enough for a mail: some programs cut a page that is longer than 102 KB, without a word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from pipeline.digest.html import html
from pipeline.digest.record import Digest, Topic

LONGEST = 100_000  # bytes of a page; Gmail cuts at 102 KB
_NOTE = "Shortened, for mail programs cut long mails. The whole digest is attached as digest.html."


def pages(digest: Digest) -> tuple[str, str]:
    """Return the page for a mail, and the whole page: the same where that is short enough.

    From the last topic upwards the French sentences go first; where that is not enough, stories become headlines.
    """
    whole = html(digest)
    if _fits(whole):
        return whole, whole
    steps = list(_steps(len(digest.topics)))
    place = bisect_left(steps, True, key=lambda step: _fits(_page(digest, *step)))
    return _page(digest, *steps[min(place, len(steps) - 1)]), whole


def shortened(digest: Digest, quoted: int, told: int) -> Digest:
    """Return the digest with the French of its first `quoted` topics, and the stories of the first `told` beyond their
    headlines."""
    kept = (*digest.topics[:quoted], *map(_without_french, digest.topics[quoted:told]))
    brief = tuple(story for topic in digest.topics[told:] for story in topic.stories)
    return replace(digest, topics=kept, brief=(*brief, *digest.brief))


def _steps(topics: int) -> Iterator[tuple[int, int]]:
    """Yield how many topics have their French, and how many are told, from the longest page to the shortest."""
    yield from ((quoted, topics) for quoted in reversed(range(topics)))
    yield from ((0, told) for told in reversed(range(topics)))


def _without_french(topic: Topic) -> Topic:
    return replace(topic, stories=tuple(replace(story, quotes=()) for story in topic.stories))


def _page(digest: Digest, quoted: int, told: int) -> str:
    return html(shortened(digest, quoted, told), _NOTE)


def _fits(page: str) -> bool:
    return len(page.encode()) <= LONGEST
