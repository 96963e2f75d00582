"""The digest as a value: topics, their stories, and what each sentence rests on. All its texts are clean lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.document import Document, Origin

FORMAT, FORMAT_VERSION = "depeche-digest", 1


@dataclass(frozen=True, slots=True)
class Item:
    """A document of the night, as the main job leaves it; `updated` where a digest has had an earlier text of it,
    `before` is that text where it is known."""

    document: Document
    updated: bool = False
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The time that a digest covers: after `start` (None: from the beginning) until `end`, both with a zone."""

    start: datetime | None
    end: datetime

    def day(self, timezone: str) -> date:
        """Return the day that the window is of, where its readers are; midnight ends the day before."""
        return (self.end - timedelta(microseconds=1)).astimezone(ZoneInfo(timezone)).date()


@dataclass(frozen=True, slots=True)
class Settings:
    """How a digest is put together and shown.

    `companies` and `keywords` are the watch list, French or English. `near_duplicate` is the least likeness of two
    texts that are one story: the Jaccard index of their runs of three words, 0 to 1. `sentences` is the length of a
    summary, `most_stories` how many stories are told in full; the others come as headlines. `timezone` is the one in
    which times are shown.
    """

    title: str = "The French press"
    companies: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    near_duplicate: float = 0.4
    sentences: int = 3
    most_stories: int = 40
    source_language: str = "fr"
    target_language: str = "en"
    timezone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Source:
    """An article of a story: where it stood, under which headline, when.

    `document` is the id of the record; `url` is http(s) or None; `published` is None where nobody knows.
    """

    document: str
    name: str
    title: str
    url: str | None = None
    published: datetime | None = None
    updated: bool = False
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an article that the digest rests on: `number` is counted through the topic.

    `source` is an index into the sources of the story, `segment` one into the segments of the document.
    """

    number: int
    source: int
    segment: int
    text: str
    english: str | None = None
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English sentence, the numbers of the quotes that it rests on, and its article as an index of the sources.

    In the overview of a topic the article is one of the sources of the story with that index.
    """

    text: str
    citations: tuple[int, ...]
    origin: Origin = "model"
    source: int = 0
    story: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """One piece of news, and all articles that tell it in (nearly) the same words; the first source leads.

    `id` is a URN that stays. `findings` are doubts in words; `watched` the watch-list words that the articles have.
    """

    id: str
    headline: str
    original: str
    sentences: tuple[Sentence, ...]
    sources: tuple[Source, ...]
    quotes: tuple[Quote, ...] = ()
    figures: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    score: float = 0.0

    @property
    def is_updated(self) -> bool:
        """Say whether one of its articles came before, with another text."""
        return any(source.updated for source in self.sources)

    @property
    def published(self) -> datetime | None:
        """When the newest of its articles came out."""
        return max((source.published for source in self.sources if source.published is not None), default=None)


@dataclass(frozen=True, slots=True)
class Topic:
    """Stories that belong together, the first in rank first. A story alone has no heading and no overview.

    `overview` is one summary over all the stories; `findings` are figures on which the stories disagree.
    """

    stories: tuple[Story, ...]
    heading: str | None = None
    overview: tuple[Sentence, ...] = ()
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missed:
    """An article that is in no story: it failed, or was left alone, and why."""

    source: Source
    reason: str


@dataclass(frozen=True, slots=True)
class Digest:
    """A night's news: `topics` in rank order, `brief` the stories beyond the most that are told in full.

    `troubles` says what failed beside the articles; `watch` are the words that are highlighted.
    """

    title: str
    window: Window
    timezone: str
    topics: tuple[Topic, ...] = ()
    brief: tuple[Story, ...] = ()
    failed: tuple[Missed, ...] = ()
    skipped: tuple[Missed, ...] = ()
    troubles: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    languages: tuple[str, str] = field(default=("fr", "en"))

    @property
    def stories(self) -> Iterator[Story]:
        """All stories, the brief ones last."""
        for topic in self.topics:
            yield from topic.stories
        yield from self.brief

    @property
    def story_count(self) -> int:
        """How many stories there are."""
        return sum(1 for _ in self.stories)

    @property
    def article_count(self) -> int:
        """How many articles came in: those of the stories, the failed and the skipped."""
        return sum(len(story.sources) for story in self.stories) + len(self.failed) + len(self.skipped)

    @property
    def is_empty(self) -> bool:
        """Say whether there is no story to tell."""
        return next(self.stories, None) is None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; times as ISO 8601."""
        counts = {
            "stories": self.story_count,
            "articles": self.article_count,
            "failed": len(self.failed),
            "skipped": len(self.skipped),
        }
        head = {"format": FORMAT, "format_version": FORMAT_VERSION, "counts": counts}
        plain: dict[str, Any] = _plain(asdict(self))
        return {**head, **plain}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value
