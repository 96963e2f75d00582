"""Tables as text: comma- or semicolon-separated, tab-separated. The first row names the fields.

RFC 4180, read strictly: a row that breaks its rules is a failed document, not a guess.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TextIO

from pipeline.errors import DecodingError, DocumentError, InputError
from pipeline.readers.encoding import is_broken, open_text
from pipeline.readers.lines import bounded
from pipeline.readers.listing import File
from pipeline.readers.options import ReadOptions
from pipeline.readers.rows import Located, Row, check_fields, to_document

_DELIMITERS = {".csv": ",;", ".tsv": "\t"}  # a spreadsheet in French writes semicolons
_HEADER = 65_536
_MOST = 2**31 - 1


def read(file: File, options: ReadOptions) -> Iterator[Located]:
    """Yield a document for each row; a row that cannot be used becomes a failed document.

    Raises:
        DecodingError: the file as a whole is not text.
        OSError: it cannot be read.
    """
    with open_text(file.path, options.encoding, newline="") as (stream, findings):
        delimiter, _ = _header(stream, file, options)
        stream.seek(0)
        for row in _rows(stream, delimiter, options):
            yield f"{file.place}, line {row.number}", to_document(row, file.name, options, findings)


def check(file: File, options: ReadOptions) -> None:
    """Check that the header names the fields that the caller counts on.

    Raises:
        InputError: one is missing, or a name stands twice.
        DecodingError: the file as a whole is not text.
        OSError: it cannot be read.
    """
    with open_text(file.path, options.encoding, newline="", head_only=True) as (stream, _):
        _, names = _header(stream, file, options)
    if not names:
        return
    check_fields(file.place, names, options)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"{file.place} has two columns of the name {twice[:40]!r}; give each its own")


def _header(stream: TextIO, file: File, options: ReadOptions) -> tuple[str, list[str]]:
    """Return the delimiter and the names: the delimiter with which the header holds the text field."""
    head = stream.read(_HEADER)
    best: tuple[str, list[str]] = ("", [])
    for delimiter in _DELIMITERS[file.suffix]:
        try:
            names = next((row for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if row), [])
        except csv.Error as error:
            raise InputError(f"{file.place} has no header that can be read: {error}") from error
        if options.text_field in names:
            return delimiter, names
        best = max(best, (delimiter, names), key=lambda found: len(found[1]))
    return best[0] or _DELIMITERS[file.suffix][0], best[1]


def _rows(stream: TextIO, delimiter: str, options: ReadOptions) -> Iterator[Row]:
    csv.field_size_limit(max(csv.field_size_limit(), min(options.max_line, _MOST)))
    reader = csv.reader(_lines(stream, options.max_line), delimiter=delimiter, strict=True)
    names: list[str] = []
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(start, error=_fault(str(error), start, reader.line_num))
            if reader.line_num > start:  # out of step: what follows may be the middle of a text
                return
            continue
        if not names:
            names = cells
        elif cells:
            yield _row(start, names, cells)


def _lines(stream: TextIO, limit: int) -> Iterator[str]:
    for number, line in bounded(stream, limit):
        if line is None:
            raise DocumentError(f"line {number} is longer than {limit:,} characters; from there on nothing was read")
        yield line


def _row(number: int, names: list[str], cells: list[str]) -> Row:
    error: DocumentError | None = None
    if any(map(is_broken, cells)):
        error = DecodingError("the row holds bytes that are not text in the file's encoding")
    elif len(cells) != len(names):
        error = DocumentError(f"the row has {len(cells)} fields, the header {len(names)}; is a quotation mark missing?")
    return Row(number, dict(zip(names, cells, strict=False)), error)


def _fault(reason: str, first: int, last: int) -> DocumentError:
    if last > first:
        return DocumentError(
            f"a row starts here that does not end in order by line {last} ({reason}); from here on nothing was read"
        )
    return DocumentError(f"not a row of a table: {reason}")
