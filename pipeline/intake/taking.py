"""A night's intake: what every source gave, noted in the state, and one report for each source.

Feeds are fetched first, hosts in parallel; then they are read, the pages that are asked for are fetched, and each
source's articles are noted in one transaction with the feed's validators. A source that fails takes nothing from
the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.errors import DocumentError, InputError
from pipeline.intake.address import host_of
from pipeline.intake.articles import Article
from pipeline.intake.asking import Answer, ask_feeds, ask_pages, wants_page
from pipeline.intake.drops import read_drop
from pipeline.intake.fetching import Page, Web
from pipeline.intake.network import FetchError
from pipeline.intake.reading import ReadFeed, with_page
from pipeline.intake.remembered import FeedState, Known
from pipeline.intake.sources import DropSource, FeedSource, Source, SourceReport, Status
from pipeline.intake.state import State

_LONGEST_WAIT = timedelta(days=7)  # that a server may ask for


@dataclass(frozen=True, slots=True)
class Intake:
    """What a night took in. `reports` stand in the order of the sources."""

    reports: tuple[SourceReport, ...]

    @property
    def news(self) -> int:
        """How many articles are new or corrected."""
        return sum(report.new + report.updated for report in self.reports)

    @property
    def faults(self) -> tuple[SourceReport, ...]:
        """The sources that failed, wholly or in part."""
        return tuple(report for report in self.reports if report.is_fault)


def take(sources: Sequence[Source], state: State, now: datetime, web: Web | None = None, workers: int = 4) -> Intake:
    """Take in what the sources hold at `now`; what is new waits in the state until it is delivered.

    `web` None: no network; feeds are reported as failed. `workers`: hosts that are asked at once.

    Raises:
        StateError: the state cannot be written; sources noted before it stay noted, the others come again.
    """
    feeds = [source for source in sources if isinstance(source, FeedSource)]
    answers = ask_feeds(feeds, state, now, web, workers)
    pages = ask_pages(answers, state, web, workers)
    return Intake(
        tuple(
            _take_drop(source, state, now)
            if isinstance(source, DropSource)
            else _take_feed(source, answers[source], pages, state, now)
            for source in sources
        )
    )


def _take_drop(source: DropSource, state: State, now: datetime) -> SourceReport:
    report = SourceReport(source.title, source.place, "ok")
    try:
        dropped = read_drop(source)
    except (InputError, OSError) as error:
        return replace(report, status="failed", error=str(error))
    status: Status = "damaged" if dropped.faults else "ok" if dropped.articles else "empty"
    report = replace(report, status=status, skipped=len(dropped.faults), error=_summary(dropped.faults))
    return _counted(report, state.note(dropped.articles, now))


def _take_feed(
    source: FeedSource, answer: Answer, pages: Mapping[str, Page | FetchError], state: State, now: datetime
) -> SourceReport:
    before = state.feed(source.url)
    name = source.name or source.place.partition("://")[2]
    report = SourceReport(name, source.place, "ok", failing_since=before.failing_since)
    if answer is None:
        until = before.not_before.isoformat(timespec="minutes") if before.not_before else "later"
        return replace(report, status="postponed", error=f"the site asks to be left alone until {until}")
    if isinstance(answer, ReadFeed):
        return _take_articles(source, answer, pages, state, now)
    if isinstance(answer, Page):
        state.keep_feed(replace(before, not_before=None, failing_since=None))
        return replace(report, status="unchanged", failing_since=None)
    return _failed(report, answer, before, state, now)


def _failed(
    report: SourceReport, error: FetchError | DocumentError, before: FeedState, state: State, now: datetime
) -> SourceReport:
    is_unasked = isinstance(error, FetchError) and error.kind == "unasked"  # that is no failure of its own
    since = before.failing_since or (None if is_unasked else now)
    wait = error.retry_after if isinstance(error, FetchError) else None
    until = None if wait is None else now + min(timedelta(seconds=wait), _LONGEST_WAIT)
    state.keep_feed(replace(before, failing_since=since, not_before=until))
    refused = isinstance(error, FetchError) and error.kind == "refused"
    return replace(report, status="refused" if refused else "failed", error=str(error), failing_since=since)


def _take_articles(
    source: FeedSource, read: ReadFeed, pages: Mapping[str, Page | FetchError], state: State, now: datetime
) -> SourceReport:
    name = source.name or read.feed.title or host_of(source.place)
    articles, faults = _with_pages(source, read, pages, state)
    if read.feed.is_damaged:
        faults.insert(0, "its XML is damaged; it was read as far as possible")
    status: Status = "damaged" if read.feed.is_damaged else "ok" if articles else "empty"
    teasers = sum(1 for article in articles if article.document.meta.get("teaser"))
    report = SourceReport(
        name, source.place, status, skipped=read.feed.unusable, teasers=teasers, error=_summary(faults)
    )
    return _counted(report, state.note(articles, now, _validators(source, read)))


def _with_pages(
    source: FeedSource, read: ReadFeed, pages: Mapping[str, Page | FetchError], state: State
) -> tuple[list[Article], list[str]]:
    articles: list[Article] = []
    faults: list[str] = []
    for article in read.articles:
        answer = pages.get(str(article.document.meta.get("url")))
        if source.full_text and answer is not None and wants_page(article, read, state):
            article, fault = with_page(article, answer)
            faults += [] if fault is None else [fault]
        articles.append(article)
    return articles, faults


def _validators(source: FeedSource, read: ReadFeed) -> FeedState:
    """What to ask with the next time; nothing after damage: what was cut off would count as read."""
    if read.feed.is_damaged:
        return FeedState(source.url)
    etag, modified = (_header(read.page.headers.get(name)) for name in ("etag", "last-modified"))
    return FeedState(source.url, etag, modified)


def _header(value: str | None) -> str | None:
    """A header that can be sent back; one that cannot would fail every night."""
    return value if value and value.isascii() and value.isprintable() and len(value) < 1_000 else None


def _counted(report: SourceReport, known: Known) -> SourceReport:
    return replace(report, new=len(known.new), updated=len(known.updated), same=len(known.same))


def _summary(faults: Sequence[str]) -> str | None:
    if not faults:
        return None
    return faults[0] if len(faults) == 1 else f"{faults[0]} (and {len(faults) - 1} more)"
