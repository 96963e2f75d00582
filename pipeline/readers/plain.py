"""Plain text and Markdown: one file, one document, as it stands."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document import Document
from pipeline.errors import DocumentError
from pipeline.readers.encoding import decode, finding
from pipeline.readers.listing import File
from pipeline.readers.options import ReadOptions
from pipeline.readers.rows import Located


def read(file: File, options: ReadOptions) -> Iterator[Located]:
    """Yield the file's document.

    Raises:
        DocumentError: it is empty, too long, its bytes are not text, or standard input is no plain text.
        OSError: it cannot be read.
    """
    text, encoding = decode(file.load(options.max_bytes), options.encoding)
    if not text:
        raise DocumentError("there is no text in it")
    if file.is_stdin and (kind := _other_kind(text)):
        raise DocumentError(
            f"standard input looks like {kind}, and is read as plain text; give a file ending in .{kind}"
        )
    yield file.place, Document(file.name, text, findings=finding(encoding, options.encoding))


def check(file: File, options: ReadOptions) -> None:
    """Plain text has no fields that could be missing."""


def _other_kind(text: str) -> str | None:
    """Return the kind of file that a text plainly is: a page or rows that somebody piped in."""
    head = text.lstrip("\ufeff \t\r\n")[:200].lower()
    if head.startswith(("<!doctype html", "<html")):
        return "html"
    return "jsonl" if head.startswith(('{"', '[{"')) else None
