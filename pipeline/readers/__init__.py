"""Files and rows to documents. To add a format: one module with `read` and `check`, one line in the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pipeline.document import Document
from pipeline.errors import DocumentError, InputError
from pipeline.readers import delimited, html, json_lines, parquet, plain
from pipeline.readers.listing import NOT_REGULAR, File, Listing, collect, printable
from pipeline.readers.options import ReadOptions
from pipeline.readers.rows import Located, failed, from_rows, from_texts, unique

__all__ = [
    "FORMATS",
    "File",
    "Listing",
    "ReadOptions",
    "check_unique",
    "documents",
    "find",
    "from_rows",
    "from_texts",
    "holds_one",
    "in_file",
    "printable",
    "read",
]


class Format(NamedTuple):
    """How one kind of file is read, and checked before any work."""

    read: Callable[[File, ReadOptions], Iterator[Located]]
    check: Callable[[File, ReadOptions], None]


_PLAIN = Format(plain.read, plain.check)
_JSON_LINES = Format(json_lines.read, json_lines.check)
_DELIMITED = Format(delimited.read, delimited.check)
_HTML = Format(html.read, html.check)

FORMATS = {
    ".txt": _PLAIN,
    ".md": _PLAIN,
    ".jsonl": _JSON_LINES,
    ".ndjson": _JSON_LINES,
    ".csv": _DELIMITED,
    ".tsv": _DELIMITED,
    ".parquet": Format(parquet.read, parquet.check),
    ".html": _HTML,
    ".htm": _HTML,
}


def find(inputs: str | Path | Sequence[str | Path], options: ReadOptions | None = None) -> Listing:
    """Return the files that inputs mean (files, folders, patterns, "-"), checked before any work.

    Raises:
        InputError: nothing to read, a path missing or unreadable, a named file of unknown kind, or a file of
            rows without a field that the caller counts on.
    """
    options = options or ReadOptions()
    given = [inputs] if isinstance(inputs, str | Path) else inputs
    listing = collect(given, FORMATS, options.exclude)
    for file in listing.files:
        _check(file, options)
    return listing


def documents(listing: Listing, options: ReadOptions | None = None) -> Iterator[Document]:
    """Yield the documents of the files, one by one; what cannot be read carries its failure.

    Raises:
        InputError: two documents have the same id, or there is no document at all.
    """
    options = options or ReadOptions()
    empty = True
    for document in unique(_located(listing, options), lambda identity: _place(identity, listing, options)):
        empty = False
        yield document
    if empty:
        raise InputError(f"no document in {', '.join(file.place for file in listing.files[:3])}: there are no rows")


def read(inputs: str | Path | Sequence[str | Path], options: ReadOptions | None = None) -> Iterator[Document]:
    """Check the inputs at once and yield their documents as they are asked for: `documents(find(inputs))`."""
    return documents(find(inputs, options), options)


def in_file(file: File, options: ReadOptions) -> Iterator[Located]:
    """Yield the documents of one file with their places; what cannot be read carries its failure."""
    try:
        if file.is_irregular:
            raise DocumentError(f"it is {NOT_REGULAR}")
        yield from _format(file).read(file, options)
    except DocumentError as error:
        yield file.place, failed(file.name, error)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield file.place, failed(file.name, DocumentError(f"it cannot be read: {reason}"))


def holds_one(file: File) -> bool:
    """Say whether the file is one document, which has the file's name for its id."""
    return _format(file) in (_PLAIN, _HTML)


def check_unique(listing: Listing, options: ReadOptions) -> None:
    """Read the inputs once through and make sure that no two documents have the same id.

    Raises:
        InputError: two have; the message names both places.
    """
    for _ in documents(listing, options):
        pass


def _check(file: File, options: ReadOptions) -> None:
    """A file that is damaged or cannot be read is no reason to leave the others: it fails when it is read."""
    with suppress(DocumentError, OSError):
        if not file.is_irregular:
            _format(file).check(file, options)


def _located(listing: Listing, options: ReadOptions) -> Iterator[Located]:
    for file in listing.files:
        yield from in_file(file, options)


def _format(file: File) -> Format:
    return _PLAIN if file.is_stdin else FORMATS[file.suffix]


def _place(identity: str, listing: Listing, options: ReadOptions) -> str:
    """Find where an id came first, by reading again: a rare need that is not worth the memory."""
    return next((place for place, document in _located(listing, options) if document.id == identity), "an earlier one")
