"""The requests of a night: every feed, then the pages of the articles that feeds have only a teaser of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from pipeline.errors import DocumentError
from pipeline.intake.address import host_of
from pipeline.intake.articles import Article
from pipeline.intake.fetching import Page, Web
from pipeline.intake.network import FetchError
from pipeline.intake.pages import fetch_pages
from pipeline.intake.patience import Patience
from pipeline.intake.reading import ReadFeed, read_feed
from pipeline.intake.remembered import FeedState
from pipeline.intake.sources import FeedSource
from pipeline.intake.state import State

Answer = ReadFeed | Page | FetchError | DocumentError | None
"""What a feed gave: its articles, that it is unchanged (a page), a failure; None: it may not be asked yet."""


def ask_feeds(
    feeds: Sequence[FeedSource], state: State, now: datetime, web: Web | None, workers: int
) -> dict[FeedSource, Answer]:
    """Return what each feed gives; hosts are asked in parallel, each one politely."""
    by_host: dict[str, list[tuple[FeedSource, FeedState]]] = {}
    answers: dict[FeedSource, Answer] = {}
    for feed in dict.fromkeys(feeds):
        before = state.feed(feed.url)
        if web is None:
            answers[feed] = FetchError("feeds are not fetched in this run", "refused")
        elif before.not_before is not None and before.not_before > now:
            answers[feed] = None
        else:
            by_host.setdefault(host_of(feed.url), []).append((feed, before))
    if web is not None:
        with ThreadPoolExecutor(workers, "feeds") as pool:
            for some in pool.map(lambda group: list(_ask_host(group, web)), by_host.values()):
                answers.update({feed: _read(feed, answer, now) for feed, answer in some})
    return answers


def _ask_host(
    group: Sequence[tuple[FeedSource, FeedState]], web: Web
) -> Iterator[tuple[FeedSource, Page | FetchError]]:
    """Ask the feeds of one host, those that failed the last time behind the others."""
    patience = Patience(host_of(group[0][0].url))
    for feed, before in sorted(group, key=lambda pair: pair[1].failing_since is not None):
        yield feed, patience.ask(partial(_ask, feed, before, web))


def _ask(feed: FeedSource, before: FeedState, web: Web) -> Page:
    validators = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
    accept = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"
    sent = {name: value for name, value in validators.items() if value is not None}
    return web.get(feed.url, {"Accept": accept, **sent})


def _read(feed: FeedSource, answer: Page | FetchError, now: datetime) -> Answer:
    if isinstance(answer, FetchError) or answer.status == 304:
        return answer
    try:
        return read_feed(feed, answer, now)
    except DocumentError as error:
        return error


def ask_pages(
    answers: Mapping[FeedSource, Answer], state: State, web: Web | None, workers: int
) -> Mapping[str, Page | FetchError]:
    """Return the pages of the articles that feeds show for the first time and only by a teaser."""
    wanted = [
        str(article.document.meta["url"])
        for feed, answer in answers.items()
        if feed.full_text and isinstance(answer, ReadFeed)
        for article in answer.articles
        if wants_page(article, answer, state)
    ]
    return fetch_pages(wanted, web, workers) if wanted and web is not None else {}


def wants_page(article: Article, answer: ReadFeed, state: State) -> bool:
    """An entry that the feed had before, word for word, was read with its page then."""
    listed = article.listing is not None and state.is_listed(article.source, article.listing)
    return answer.wants_page(article) and not listed
