"""The words that all forms of a digest share: its dates, its counts, what failed. English, whatever the locale."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.digest.record import Digest, Source, Story
from pipeline.view.wording import counted

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SHORT = 3  # letters of a short name of a day or a month
COLOPHON = (
    "Written by machine from the French. The number behind a sentence names the French sentences that it rests on; "
    "what could not be confirmed is marked. Check the original before you rely on it."
)
_LANGUAGES = {"fr": "French", "de": "German", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "en": "English"}


def day(digest: Digest) -> str:
    """Return the day of the digest: "Sunday 22 November 2026"."""
    end = digest.window.day(digest.timezone)
    return f"{_DAYS[end.weekday()]} {end.day} {_MONTHS[end.month - 1]} {end.year}"


def time(moment: datetime | None, digest: Digest) -> str:
    """Return a time as "21 Nov, 18:40", where the readers are."""
    if moment is None:
        return "time not known"
    local = moment.astimezone(ZoneInfo(digest.timezone))
    year = "" if local.year == digest.window.end.year else f" {local.year}"
    return f"{local.day} {_MONTHS[local.month - 1][:_SHORT]}{year}, {local:%H:%M}"


def span(digest: Digest) -> str:
    """Return the window: "21 Nov, 05:30 to 22 Nov, 05:30 (Europe/Paris)"."""
    end = time(digest.window.end, digest)
    start = digest.window.start
    told = f"until {end}" if start is None else f"{time(start, digest)} to {end}"
    return f"{told} ({digest.timezone})"


def counts(digest: Digest) -> str:
    """Return "12 stories from 31 articles"."""
    if not digest.article_count:
        return "nothing to show" if digest.troubles else "nothing new"
    return f"{counted(digest.story_count, 'story', 'stories')} from {counted(digest.article_count, 'article')}"


def failures(digest: Digest) -> Iterator[str]:
    """Yield what failed, to be said at the top: the troubles, and how many articles."""
    yield from digest.troubles
    if digest.failed:
        listed = "it is" if len(digest.failed) == 1 else "they are"
        yield f"{counted(len(digest.failed), 'article')} could not be translated; {listed} listed at the end"


def nothing(digest: Digest) -> str:
    """Return the one line of a digest without a story."""
    return f"{'Nothing to show' if digest.article_count or digest.troubles else 'Nothing new'}: {span(digest)}."


def language(code: str) -> str:
    """Return the English name of a language; its code where we have none."""
    return _LANGUAGES.get(code, code)


def papers(story: Story) -> str:
    """Return how many papers tell a story, where they are several: "3 papers"."""
    count = len({source.name for source in story.sources})
    return counted(count, "paper") if count > 1 else ""


def labels(story: Story) -> Iterator[tuple[str, str]]:
    """Yield the labels of a story with their kind: "watched", "updated", "papers"."""
    for term in story.watched:
        yield "watched", term
    if story.is_updated:
        yield "updated", "Updated"
    if papers(story):
        yield "papers", papers(story)


def subject(digest: Digest) -> str:
    """Return the digest in one line: of a mail, of a page."""
    troubled = " (not all went well)" if any(failures(digest)) else ""
    return f"{digest.title}, {day(digest)}: {counts(digest)}{troubled}"


def credit(source: Source, digest: Digest) -> str:
    """Return "Le Courrier, 21 Nov, 18:40"."""
    return f"{source.name}, {time(source.published, digest)}"
