"""What the nightly digest remembers: which articles came, in which versions, and which were delivered.

One SQLite file. Every change is one transaction: after a crash the file stands before it or behind it. An article
is noted first, with its text, and counts as delivered only when the digest that holds it is safely written; so a
crash repeats work and drops nothing. The clock is never read here.

A text of an article that was seen once is never news again, even if it comes back (sites that try two headlines).
A new text is a correction only when a source changed what it had given before: two feeds of one paper may show
different teasers of an article for ever. Where a correction comes before the first text was delivered, only the
correction is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from pipeline.errors import StartError
from pipeline.intake.articles import Article, content_hash, digest_of, key
from pipeline.intake.remembered import (
    FeedState,
    Known,
    Noted,
    Window,
    moment_of,
    order_of,
    record_of,
    stamp,
    version_of,
)
from pipeline.intake.schema import prepare

News = Literal["new", "updated", "same"]

_PATIENCE = 30.0  # seconds to wait for another process that writes
_LONGEST_TITLE = 500


class StateError(StartError):
    """The state cannot be used: the night cannot say what is new."""


class State:
    """The memory of the digest. One process at a time writes; a second one waits up to 30 seconds."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            StateError: it cannot be made or written, is damaged, another program's, or newer than this program.
        """
        self.path = path
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, _PATIENCE, isolation_level=None)
            try:
                prepare(self._connection)
            except sqlite3.Error:
                self._connection.close()
                raise

    def __enter__(self) -> State:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def known(self, articles: Iterable[Article]) -> Known:
        """Say which articles are news, as `note` would, and note nothing."""
        with self._transaction(keep=False):
            return self._noted(articles, datetime.min.replace(tzinfo=UTC))

    def note(self, articles: Iterable[Article], now: datetime, feed: FeedState | None = None) -> Known:
        """Remember that articles were seen, not that they were delivered; with them the state of their feed.

        In one transaction: validators that outlive their articles would lose them.

        Raises:
            StateError: the file cannot be written; nothing was noted.
        """
        with self._transaction():
            known = self._noted(articles, now)
            if feed is not None:
                self._keep(feed)
            return known

    def pending(self, window: Window) -> tuple[Noted, ...]:
        """Return what was noted in a window and not delivered, by date of publication and id."""
        where = "v.wanted AND v.digest IS NULL AND v.seen <= ? AND v.seen > ?"
        start = "" if window.start is None else stamp(window.start)
        return self._versions(where, stamp(window.end), start)

    def delivered(self, digest: str) -> tuple[Noted, ...]:
        """Return what a delivered digest held, in the order of `pending`; texts that were forgotten are left out."""
        return self._versions("v.digest = ? AND v.record IS NOT NULL", digest)

    def mark_delivered(self, digest: str, keys: Sequence[str], when: datetime) -> None:
        """Remember that a digest with these versions is safely written. To say so twice changes nothing.

        Raises:
            StateError: a key was never noted, or the file cannot be written; nothing was marked.
        """
        with self._transaction():
            self._do("INSERT INTO digests VALUES (?, ?) ON CONFLICT DO NOTHING", digest, stamp(when))
            for one in keys:
                if self._one("SELECT 1 FROM versions WHERE key = ?", one) is None:
                    raise StateError(f"{one} was never noted in {self.path}; the digest is of another state")
                self._do("UPDATE versions SET digest = ? WHERE key = ? AND digest IS NULL", digest, one)

    def delivered_at(self, digest: str) -> datetime | None:
        """Return when a digest was delivered first; None: it was not."""
        row = self._one("SELECT delivered_at FROM digests WHERE id = ?", digest)
        return None if row is None else moment_of(row[0])

    def last_delivered(self) -> datetime | None:
        """Return when the last digest was delivered; None: there was none."""
        row = self._one("SELECT max(delivered_at) FROM digests")
        return moment_of(row[0]) if row else None

    def is_listed(self, source: str, listing: str) -> bool:
        """Say whether a feed had this very entry before."""
        return self._one("SELECT 1 FROM listings WHERE source = ? AND listing = ?", source, listing) is not None

    def feed(self, url: str) -> FeedState:
        """Return what is remembered of a feed."""
        row = self._one("SELECT etag, last_modified, not_before, failing_since FROM feeds WHERE url = ?", url)
        return FeedState(url) if row is None else FeedState(url, row[0], row[1], moment_of(row[2]), moment_of(row[3]))

    def keep_feed(self, feed: FeedState) -> None:
        """Remember the state of a feed that gave no articles."""
        with self._transaction():
            self._keep(feed)

    def forget_texts(self, before: datetime) -> int:
        """Drop the texts of versions noted before a moment that no digest waits for; say how many.

        Ids and hashes stay, so that none of them is taken for new.
        """
        with self._transaction():
            return self._do(
                "UPDATE versions SET record = NULL WHERE record IS NOT NULL AND seen < ?"
                " AND (digest IS NOT NULL OR NOT wanted)",
                stamp(before),
            ).rowcount

    def _noted(self, articles: Iterable[Article], now: datetime) -> Known:
        sorted_: dict[News, list[Article]] = {"new": [], "updated": [], "same": []}
        for article in articles:
            news, identity = self._note(article, stamp(now))
            sorted_[news].append(replace(article, document=replace(article.document, id=identity)))
        return Known(tuple(sorted_["new"]), tuple(sorted_["updated"]), tuple(sorted_["same"]))

    def _note(self, article: Article, now: str) -> tuple[News, str]:
        number = self._find(article)
        news: News = "same"
        if number is None:
            number, news = self._insert(article, now), "new"
        elif not self._is_seen(number, article):
            news = "updated" if self._has_given(number, article.source) else "same"
        identity = str(self._one("SELECT id FROM articles WHERE number = ?", number)[0])
        self._add_version(number, replace(article, document=replace(article.document, id=identity)), news, now)
        self._add_names(number, article)
        self._do("UPDATE articles SET last_seen = max(last_seen, ?) WHERE number = ?", now, number)
        return news, identity

    def _find(self, article: Article) -> int | None:
        """Find an article by its names; by its words where it has none, or where these names bore other words."""
        if article.listing is not None:
            listed = "SELECT article FROM listings WHERE source = ? AND listing = ?"
            if (row := self._one(listed, article.source, article.listing)) is not None:
                return int(row[0])
        named = next(filter(None, map(self._named, article.names)), None)
        if named is not None and self._is_seen(named, article):
            return named
        by_words = self._named(article.text_name) if named is not None or not article.names else None
        return by_words or named

    def _named(self, name: str) -> int | None:
        row = self._one("SELECT article FROM names WHERE name = ?", name)
        return None if row is None else int(row[0])

    def _is_seen(self, number: int, article: Article) -> bool:
        if article.listing is not None and self.is_listed(article.source, article.listing):
            return True
        have = "SELECT 1 FROM versions WHERE article = ? AND hash = ?"
        return self._one(have, number, content_hash(article.document.text)) is not None

    def _has_given(self, number: int, source: str) -> bool:
        return self._one("SELECT 1 FROM sightings WHERE article = ? AND source = ?", number, source) is not None

    def _insert(self, article: Article, now: str) -> int:
        document = article.document
        identity = document.id
        if self._one("SELECT 1 FROM articles WHERE id = ?", identity) is not None:
            identity = f"{identity}~{digest_of(article.source, *article.names, document.text)}"
        title = str(document.meta.get("title") or document.text.lstrip().partition("\n")[0])[:_LONGEST_TITLE]
        values = identity, title, article.source, now, now
        row = self._do(
            "INSERT INTO articles (id, title, source, first_seen, last_seen) VALUES (?, ?, ?, ?, ?)", *values
        )
        return int(row.lastrowid or 0)

    def _add_version(self, number: int, article: Article, news: News, now: str) -> None:
        if self._is_seen(number, article):
            return
        if news == "updated":
            self._do("UPDATE versions SET wanted = 0 WHERE article = ? AND digest IS NULL", number)
        document = article.document
        self._do(
            "INSERT INTO versions (article, hash, key, source, seen, record, wanted) VALUES (?, ?, ?, ?, ?, ?, ?)",
            number,
            content_hash(document.text),
            key(document),
            article.source,
            now,
            record_of(document) if news != "same" else None,
            news != "same",
        )

    def _add_names(self, number: int, article: Article) -> None:
        for name in (*article.names, article.text_name):
            self._do("INSERT INTO names VALUES (?, ?) ON CONFLICT DO NOTHING", name, number)
        self._do("INSERT INTO sightings VALUES (?, ?) ON CONFLICT DO NOTHING", number, article.source)
        if article.listing is not None:
            values = article.source, article.listing, number
            self._do("INSERT INTO listings VALUES (?, ?, ?) ON CONFLICT DO NOTHING", *values)

    def _keep(self, feed: FeedState) -> None:
        times = (None if moment is None else stamp(moment) for moment in (feed.not_before, feed.failing_since))
        self._do("INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?, ?)", feed.url, feed.etag, feed.last_modified, *times)

    def _versions(self, where: str, *values: str) -> tuple[Noted, ...]:
        earlier = "FROM versions o WHERE o.article = v.article AND o.number < v.number AND o.digest IS NOT NULL"
        with self._explained():
            rows = self._connection.execute(
                f"SELECT v.key, v.record, a.source, a.first_seen, v.seen, EXISTS (SELECT 1 {earlier}),"
                f" (SELECT o.record {earlier} ORDER BY o.number DESC LIMIT 1)"
                f" FROM versions v JOIN articles a ON a.number = v.article WHERE {where}",
                values,
            ).fetchall()
        return tuple(sorted(map(version_of, rows), key=order_of))

    def _one(self, statement: str, *values: object) -> Any:
        with self._explained():
            return self._connection.execute(statement, values).fetchone()

    def _do(self, statement: str, *values: object) -> sqlite3.Cursor:
        return self._connection.execute(statement, values)

    @contextmanager
    def _transaction(self, keep: bool = True) -> Iterator[None]:
        with self._explained():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT" if keep else "ROLLBACK")
            except BaseException:
                self._connection.rollback()
                raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise StateError(
                f"cannot use {self.path} as the state of the digest ({error}); repair it, or name another file"
            ) from error
