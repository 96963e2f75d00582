"""What the state keeps and gives back, and its form in the file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pipeline.document import Document, Finding
from pipeline.intake.articles import Article


@dataclass(frozen=True, slots=True)
class Window:
    """Articles noted after `start` and not after `end`; `start` None: all that was not delivered yet."""

    end: datetime
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Articles sorted by whether they are news; their documents have the ids that they are remembered by."""

    new: tuple[Article, ...] = ()
    updated: tuple[Article, ...] = ()
    same: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """A version of an article as it was noted. `key` is what `mark_delivered` takes; times are in UTC.

    Where an earlier version was delivered, `is_update` says so, and so does the field "is_update" of the
    document's meta; `before` is its text, unless that was forgotten.
    """

    key: str
    document: Document
    source: str
    first_seen: datetime
    seen: datetime
    is_update: bool
    before: str | None = None


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed: its validators, when it may be asked again, since when it fails."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    not_before: datetime | None = None
    failing_since: datetime | None = None


def stamp(moment: datetime) -> str:
    """Return a moment as text that sorts by time."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone is no moment")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment_of(text: str | None) -> datetime | None:
    """Return the moment of a stamp; None of none."""
    return None if text is None else datetime.fromisoformat(text)


def record_of(document: Document) -> str:
    """Keep what a reader gives: the record of later stages changes with the program, a night's articles must not."""
    findings = [[finding.kind, finding.hop, finding.message] for finding in document.findings]
    record = {"id": document.id, "text": document.text, "meta": dict(document.meta), "findings": findings}
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def version_of(row: Sequence[Any]) -> Noted:
    """Return a version from its row: key, record, source, first seen, seen, whether it is an update, the record that
    was delivered before."""
    one, record, source, first_seen, seen, is_update, before = row
    data = json.loads(record)
    meta = data["meta"] | ({"is_update": True} if is_update else {})
    document = Document(data["id"], data["text"], meta, findings=tuple(Finding(*f) for f in data["findings"]))
    times = datetime.fromisoformat(first_seen), datetime.fromisoformat(seen)
    return Noted(one, document, source, *times, bool(is_update), json.loads(before)["text"] if before else None)


def order_of(noted: Noted) -> tuple[str, str]:
    """Return what a night's articles are sorted by: the date of publication, then the id."""
    published = noted.document.meta.get("published")
    return (published if isinstance(published, str) else stamp(noted.seen)), noted.document.id
