"""Folders and files that articles are dropped into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pipeline.document import Document
from pipeline.errors import InputError
from pipeline.intake.address import link
from pipeline.intake.articles import Article, address_name, guid_name, identified, unshared
from pipeline.intake.markup import one_line
from pipeline.intake.sources import DropSource
from pipeline.readers import File, find, holds_one, in_file

_LINKS = ("url", "link")  # the fields of a row that may hold the address of its article


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a drop holds: its articles, and what could not be read, in words."""

    articles: tuple[Article, ...] = ()
    faults: tuple[str, ...] = ()


def read_drop(source: DropSource) -> Dropped:
    """Return the articles of a drop. A folder with no file in it is an empty drop.

    Raises:
        InputError: it does not exist, cannot be read, or holds no file of a known kind.
    """
    if source.path.is_dir() and not any(path.is_file() for path in source.path.rglob("*")):
        return Dropped()
    found = find([source.path], source.options)
    faults: list[str] = []
    articles: list[Article] = []
    for file in found.files:
        for document, is_named in _documents(file, source, faults):
            whole = document if holds_one(file) else _titled(document)
            articles.append(_article(whole, is_named, source))
    return Dropped(tuple(_numbered(unshared(articles), source)), tuple(faults))


def _documents(file: File, source: DropSource, faults: list[str]) -> Iterator[tuple[Document, bool]]:
    """Yield the documents of a file, and whether each has an id of its own, and not its line for one."""
    own = holds_one(file)
    try:
        for number, (place, document) in enumerate(in_file(file, source.options), start=1):
            if document.failure is not None:
                faults.append(f"{place}: {document.failure.reason}")
            else:
                yield document, own or not _is_line(document.id, file.name, number)
    except InputError as error:
        faults.append(f"{file.place}: {error}")


def _titled(document: Document) -> Document:
    """Put the title of a row before its text, where the text does not begin with it: it is the headline, to be
    translated with the rest."""
    title = document.meta.get("title")
    words = one_line(title) if isinstance(title, str) else ""
    if not words or one_line(document.text).startswith(words):
        return document
    return replace(document, text=f"{words}\n\n{document.text}")


def _is_line(identity: str, name: str, number: int) -> bool:
    head, _, line = identity.rpartition(":")
    return head == name and line.isdecimal() and int(line) >= number


def _article(document: Document, is_named: bool, source: DropSource) -> Article:
    url = _link(document)
    guid = guid_name(source.identity, document.id) if is_named else None
    meta: dict[str, Any] = {"source": source.title, **document.meta}
    if url is not None:
        meta["url"] = url
    names = tuple(name for name in (address_name(url), guid) if name is not None)
    return Article(replace(document, meta=meta), source.identity, names)


def _link(document: Document) -> str | None:
    values = (document.meta.get(field) for field in _LINKS)
    return next((address for value in values if isinstance(value, str) and (address := link(value))), None)


def _numbered(articles: list[Article], source: DropSource) -> Iterator[Article]:
    """Put the drop's name before the ids: two drops may count from 1. Without an id of its own a text is its hash."""
    prefix = source.title
    for article in articles:
        own = any(name == guid_name(source.identity, article.document.id) for name in article.names)
        if own:
            yield replace(article, document=replace(article.document, id=f"{prefix}/{article.document.id}"))
        else:
            yield identified(article, prefix)
