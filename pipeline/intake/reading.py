"""The entries of a feed to articles: ids, dates, what is passed through to the digest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pipeline.document import Document
from pipeline.errors import DocumentError
from pipeline.intake.address import host_of
from pipeline.intake.articles import Article, address_name, digest_of, guid_name, identified, unshared
from pipeline.intake.dates import instant
from pipeline.intake.feeds import Entry, Feed, parse
from pipeline.intake.fetching import Page
from pipeline.intake.network import FetchError
from pipeline.intake.pages import text_of
from pipeline.intake.sources import FeedSource

_TEASER = 1_500  # characters; a feed that gives more of an article gives all of it
_WORTH = 200  # characters that a page must give beyond the feed to take its place
_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """A feed that was read, before its articles are noted."""

    page: Page
    feed: Feed
    articles: tuple[Article, ...]
    lengths: Mapping[str, int]  # of the bodies that the feed gives, by document id

    def wants_page(self, article: Article) -> bool:
        """Say whether the feed has only a teaser of an article that has a page."""
        return "url" in article.document.meta and self.lengths[article.document.id] < _TEASER


def read_feed(source: FeedSource, page: Page, now: datetime) -> ReadFeed:
    """Return the articles of a feed.

    Raises:
        DocumentError: it is no feed.
    """
    feed = parse(page.body, page.headers, page.url)
    pairs = [(_article(entry, feed, source, now), entry) for entry in feed.entries]
    articles = [identified(article, _prefix(article)) for article in unshared([article for article, _ in pairs])]
    bodies = {article.listing: len(entry.body) for article, entry in pairs}
    return ReadFeed(page, feed, tuple(articles), {a.document.id: bodies[a.listing] for a in articles})


def with_page(article: Article, answer: Page | FetchError) -> tuple[Article, str | None]:
    """Return the article with the text of its page, or as it was, marked as a teaser, and why."""
    document = article.document
    try:
        if isinstance(answer, FetchError):
            raise answer
        text = text_of(answer)
        _check_same(str(document.meta["title"]), text)
    except (DocumentError, FetchError) as error:
        meta = {**document.meta, "teaser": True}
        return replace(article, document=replace(document, meta=meta)), str(error)
    if len(text) < len(document.text) + _WORTH:  # a short notice, or a paywall
        return article, None
    return replace(article, document=replace(document, text=text)), None


def _check_same(title: str, text: str) -> None:
    """A page that asks for consent or a password is a page as well; it does not hold the words of the headline."""
    wanted = set(_WORD.findall(title.casefold()))
    if 2 * len(wanted.intersection(_WORD.findall(text.casefold()))) < len(wanted):
        raise DocumentError("the page that the link leads to is not that of the article")


def _article(entry: Entry, feed: Feed, source: FeedSource, now: datetime) -> Article:
    names = (address_name(entry.link), guid_name(source.identity, entry.guid))
    listing = digest_of(entry.title, entry.body, entry.link or "", entry.guid or "", entry.updated or "")
    document = Document("", entry.text, _meta(entry, feed, source, now))
    return Article(document, source.identity, tuple(name for name in names if name is not None), listing)


def _meta(entry: Entry, feed: Feed, source: FeedSource, now: datetime) -> dict[str, Any]:
    meta: dict[str, Any] = {"title": entry.title, "source": source.name or feed.title or host_of(source.url)}
    if entry.link is not None:
        meta["url"] = entry.link
    published = instant(entry.published, source.zone, now)
    meta["published"] = _iso(published or now)
    if published is None:
        meta["published_unknown"] = True
    updated = instant(entry.updated, source.zone, now)
    if updated is not None and updated != published:
        meta["updated"] = _iso(updated)
    meta["feed"] = source.place
    return meta


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _prefix(article: Article) -> str:
    meta = article.document.meta
    return host_of(str(meta.get("url") or meta["feed"])) or article.source
