"""RSS and Atom: the bytes of a feed to its entries. feedparser reads; it never fetches."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from pipeline.errors import DocumentError
from pipeline.intake.address import link
from pipeline.intake.markup import one_line, plain_text

# Beyond these the parsers below take minutes. A feed of a thousand long articles has some 50,000 tags.
_MOST_TAGS = 200_000
_MOST_ENTITIES = 500_000
_MOST_ATTRIBUTES = 1_000  # of one tag
_LONG_TAG = re.compile(rb"<\w[^<>]{2000,}")
_LONGEST = 1_000_000  # characters of one entry
_WEB_PAGE = re.compile(rb"\A\s*(?:<!doctype html|<html)", re.IGNORECASE)
_HARMLESS = ("CharacterEncodingOverride", "NonXMLContentType")  # what was declared is wrong, what was read is not


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands in the feed: plain text, the link if it is one, dates as they were written."""

    title: str
    body: str
    link: str | None = None
    guid: str | None = None
    published: str | None = None
    updated: str | None = None

    @property
    def text(self) -> str:
        """The headline, a blank line, the body; the headline once, where the body begins with it."""
        if not self.title or self.body.startswith(self.title):
            return self.body or self.title
        return f"{self.title}\n\n{self.body}" if self.body else self.title


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its title, its entries in order, and whether it was read to its end.

    `unusable` counts entries without words, and those of more than a million characters.
    """

    title: str
    entries: tuple[Entry, ...]
    unusable: int = 0
    is_damaged: bool = False


def parse(data: bytes, headers: Mapping[str, str] | None = None, url: str = "") -> Feed:
    """Return what a feed holds. Relative links count from `url`.

    Raises:
        DocumentError: it is no feed, or more than the parser takes.
    """
    _check_size(data)
    found = _read(data, {"content-type": _type(data, headers or {})})
    if not found.get("version") and not found["entries"]:
        raise DocumentError(_no_feed(data))
    entries = [_entry(entry, url) for entry in found["entries"]]
    fault = found.get("bozo_exception") if found.get("bozo") else None
    return Feed(
        one_line(str(found["feed"].get("title") or "")),
        tuple(entry for entry in entries if 0 < len(entry.text) <= _LONGEST),
        sum(1 for entry in entries if not 0 < len(entry.text) <= _LONGEST),
        fault is not None and type(fault).__name__ not in _HARMLESS,
    )


def _check_size(data: bytes) -> None:
    for sign, most, what in ((b"<", _MOST_TAGS, "tags"), (b"&", _MOST_ENTITIES, "entities")):
        if data.count(sign) > most:
            raise DocumentError(f"it has more than {most:,} {what}")
    if any(tag[0].count(b"=") > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(data)):
        raise DocumentError(f"one of its tags has more than {_MOST_ATTRIBUTES:,} attributes")


def _read(data: bytes, headers: Mapping[str, str]) -> Any:
    import feedparser  # type: ignore[import-untyped]

    try:  # a stream, never a string: that might be taken for an address
        return feedparser.parse(
            io.BytesIO(data), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
        )
    except Exception as error:  # whatever a feed does to the parser concerns that feed alone
        raise DocumentError(f"it cannot be parsed ({type(error).__name__})") from error


def _type(data: bytes, headers: Mapping[str, str]) -> str:
    """Say which encoding to try first: bytes that are proper UTF-8 go before what a server says of them."""
    try:
        proof = not data.isascii() and bool(data.decode())
    except UnicodeDecodeError:
        proof = False
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", headers.get("content-type", ""), re.IGNORECASE)
    if proof or charset is None or charset[1].lower() in ("utf-8", "utf8"):
        return "application/xml; charset=utf-8" if proof else "application/xml"
    return f"application/xml; charset={charset[1]}"


def _no_feed(data: bytes) -> str:
    if not data.strip():
        return "the answer is empty"
    if _WEB_PAGE.match(data[:200]):
        return "it is a web page, not a feed; look for the address of its feed"
    return "it is neither RSS nor Atom"


def _entry(entry: Any, url: str) -> Entry:
    title = one_line(str(entry.get("title") or ""))
    guid = " ".join(str(entry.get("id") or "").encode("utf-8", "replace").decode().split())
    return Entry(
        title,
        _body(entry),
        _link(str(entry.get("link") or "").strip(), guid, url),
        guid[:2_000] or None,
        dict.get(entry, "published") or dict.get(entry, "updated"),
        dict.get(entry, "updated"),
    )


def _link(address: str, guid: str, url: str) -> str | None:
    """Return the link; an id stands in for it in RSS, where it looks like an address."""
    if not address or (address == guid and "://" not in address):
        return None
    try:
        return link(urljoin(url, address))
    except ValueError:
        return None


def _body(entry: Any) -> str:
    """Return the longest of what an entry says of itself: the content where there is one, else the summary."""
    parts = [*entry.get("content", ()), entry.get("summary_detail") or {}]
    return max((plain_text(str(part.get("value") or "")) for part in parts), key=len, default="")
