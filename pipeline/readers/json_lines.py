"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, TextIO

from pipeline.errors import DecodingError, DocumentError
from pipeline.readers.encoding import is_broken, open_text
from pipeline.readers.lines import bounded
from pipeline.readers.listing import File
from pipeline.readers.options import ReadOptions
from pipeline.readers.rows import Located, Row, check_fields, to_document

_LOOK_AHEAD = 100


def read(file: File, options: ReadOptions) -> Iterator[Located]:
    """Yield a document for each line that is not blank; a line that cannot be used becomes a failed document.

    Raises:
        DecodingError: the file as a whole is not text.
        OSError: it cannot be read.
    """
    with open_text(file.path, options.encoding, newline="\n") as (stream, findings):
        for row in _rows(stream, options):
            yield f"{file.place}, line {row.number}", to_document(row, file.name, options, findings)


def check(file: File, options: ReadOptions) -> None:
    """Look for the fields that the caller counts on in the first hundred lines.

    Raises:
        InputError: none of these lines has one of them.
        DecodingError: the file as a whole is not text.
        OSError: it cannot be read.
    """
    with open_text(file.path, options.encoding, newline="\n", head_only=True) as (stream, _):
        rows = [row for row in islice(_rows(stream, options), _LOOK_AHEAD) if row.values]
    if rows:
        check_fields(file.place, list(dict.fromkeys(key for row in rows for key in row.values)), options)


def _rows(stream: TextIO, options: ReadOptions) -> Iterator[Row]:
    for number, line in bounded(stream, options.max_line):
        if line is None:
            yield Row(number, error=DocumentError(f"the line is longer than {options.max_line:,} characters"))
        elif not line.isspace():
            yield _row(number, line)


def _row(number: int, line: str) -> Row:
    broken = DecodingError("the line holds bytes that are not text in the file's encoding") if is_broken(line) else None
    try:
        values = json.loads(line, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        column = f" (column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        return Row(number, error=broken or DocumentError(f"the line is not valid JSON{column}"))
    except DocumentError as error:
        return Row(number, error=broken or error)
    if not isinstance(values, dict):
        return Row(number, error=broken or DocumentError("the line is not a JSON object"))
    return Row(number, values, broken or (None if values else DocumentError("the object has no fields")))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise DocumentError("a field stands twice in one object")
    return values
