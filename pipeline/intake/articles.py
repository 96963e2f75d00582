"""Articles as they come in: the document, and what it can be known by when it comes again."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from pipeline.document import Document
from pipeline.intake.address import host_of, identity

_SHORT = 16  # hexadecimal digits of a hash in ids and keys


@dataclass(frozen=True, slots=True)
class Article:
    """What came in from one source.

    `names` are the identities that the article has beside its text, the surest first: its address, the id that
    its publisher gave it. `listing` stands for the entry of the feed as it was: the same listing is not read twice.
    """

    document: Document
    source: str
    names: tuple[str, ...] = ()
    listing: str | None = None

    @property
    def text_name(self) -> str:
        """What an article without any name is known by: its words, in this source."""
        return f"text:{self.source}:{content_hash(self.document.text)}"


def content_hash(text: str) -> str:
    """Return the SHA-256 of a text, whatever its white space and its form of Unicode."""
    return hashlib.sha256(" ".join(unicodedata.normalize("NFC", text).split()).encode()).hexdigest()


def key(document: Document) -> str:
    """Return what stands for one version of one article: its id and its text. The rest of the record may grow."""
    return f"{document.id}@{content_hash(document.text)[:_SHORT]}"


def digest_of(*parts: str) -> str:
    """Return a short hash of several strings."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_SHORT]


def address_name(url: str | None) -> str | None:
    """Return the name that an address gives an article; None for a front page, which is no article's own."""
    known = identity(url) if url else None
    if known is None or (urlsplit(f"//{known}").path == "/" and "?" not in known):
        return None
    return f"url:{known}"


def guid_name(source: str, guid: str | None) -> str | None:
    """Return the name that a publisher's id gives an article; ids are a source's own."""
    return f"id:{source}:{guid}" if guid else None


def unshared(articles: Sequence[Article]) -> list[Article]:
    """Take away the names that several articles of one source bear: a link to the front page, an id counted anew.

    Articles with the same words are one, and come once.
    """
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for article in articles:
        for name in article.names:
            texts[name].add(content_hash(article.document.text))
    return list(_once(replace(a, names=tuple(n for n in a.names if len(texts[n]) == 1)) for a in articles))


def identified(article: Article, prefix: str) -> Article:
    """Give an article's document an id that stays: made of its first name, or of its words when it has none."""
    first = article.names[0] if article.names else article.text_name
    return replace(article, document=replace(article.document, id=f"{prefix}/{digest_of(first)}"))


def prefix_of(url: str | None, source: str) -> str:
    """Return what the id of an article begins with, so that people see where it is from."""
    return host_of(url or "") or source


def _once(articles: Iterable[Article]) -> Iterator[Article]:
    seen: set[tuple[str, ...]] = set()
    for article in articles:
        mark = (*article.names, article.text_name)
        if mark not in seen:
            seen.add(mark)
            yield article
