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
        DocumentError: it is empty, too long, or its bytes are not text.
        OSError: it cannot be read.
    """
    text, encoding = decode(file.load(options.max_bytes), options.encoding)
    if not text:
        raise DocumentError("there is no text in it")
    yield file.place, Document(file.name, text, findings=finding(encoding, options.encoding))


def check(file: File, options: ReadOptions) -> None:
    """Plain text has no fields that could be missing."""
