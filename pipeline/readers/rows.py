"""Rows to documents: what files of rows share, and the way in from Python."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain, islice
from typing import Any

from pipeline.document import Document, Failure, Finding
from pipeline.errors import DocumentError, InputError, nearest
from pipeline.readers.encoding import is_broken
from pipeline.readers.listing import printable, too_long
from pipeline.readers.options import ReadOptions
from pipeline.readers.values import plain

Located = tuple[str, Document]
"""A document and the place where it was found, in words."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line where it starts or its number, its fields, and what is already known to be wrong with it."""

    number: int
    values: Mapping[Any, Any] = field(default_factory=dict)
    error: DocumentError | None = None


def from_rows(rows: Iterable[Mapping[str, Any]], options: ReadOptions | None = None) -> Iterator[Document]:
    """Yield a document for each mapping: a `datasets` Dataset, a list of dictionaries, ...

    The text and the id are taken out, all other fields become `meta` (values that JSON lacks as text:
    dates in ISO 8601, decimals as digits, bytes as base64; NaN becomes None). A row that cannot be used
    becomes a document with its failure. A row without an id is called "row:NUMBER".

    Raises:
        InputError: the first row is no mapping or lacks a named field; two rows have one id.
    """
    options = options or ReadOptions()
    stream = iter(rows)
    head = list(islice(stream, 1))
    for first in head:
        if not isinstance(first, Mapping):
            raise InputError(f"row 1 is of type {type(first).__name__}, not a mapping; for texts there is from_texts")
        check_fields("row 1", [str(key) for key in first], options)
    numbered = enumerate(chain(head, stream), start=1)
    located = ((f"row {number}", _from_python(number, row, options)) for number, row in numbered)
    return unique(located, lambda _: "an earlier row")


def from_texts(texts: Iterable[str]) -> Iterator[Document]:
    """Yield a document for each text, called "text:NUMBER"; an empty text is an empty document.

    Raises:
        InputError: something that is not a string.
    """
    for number, text in enumerate(texts, start=1):
        if not isinstance(text, str):
            raise InputError(f"text {number} is of type {type(text).__name__}, not str")
        if is_broken(text):
            yield failed(f"text:{number}", DocumentError(_SURROGATE))
        else:
            yield Document(f"text:{number}", text)


def to_document(row: Row, name: str, options: ReadOptions, findings: tuple[Finding, ...] = ()) -> Document:
    """Return the row as a document, with its failure when something in it cannot be used.

    `name` is what the id is made of when the row has none.
    """
    faults = [] if row.error is None else [row.error]
    place = f"{name}:{row.number}"
    if row.error is not None and not row.values:
        return failed(place, row.error)
    identity = _identity(row.values, options, faults)
    taken = {options.text_field} if identity is None else {options.text_field, options.id_field or "id"}
    text = _text(row.values, options, faults)
    meta = _meta(row.values, taken, faults)
    failure = _failure(faults[0]) if faults else None
    return Document(identity or place, text, meta, findings=findings, failure=failure)


def failed(identity: str, error: DocumentError) -> Document:
    """Return a document that could not be read: it has a name and a reason."""
    return Document(identity, "", failure=_failure(error))


_NAME = re.compile(r"[\w.:-]+(?: [\w.:-]+)?")


def check_fields(place: str, fields: Collection[str], options: ReadOptions) -> None:
    """Check that every field that the caller counts on is there.

    Raises:
        InputError: one is missing; the message names those that are there, and the nearest.
    """
    wanted = {"text": options.text_field, "id": options.id_field, "title": options.title_field}
    for role, name in wanted.items():
        if name is not None and name not in fields:
            raise InputError(f"{place} has no field {name!r}{_known(name, fields)}; name it with --{role}-field")


def _known(name: str, fields: Collection[str]) -> str:
    """The names that are there, and the nearest; a table without a header has prose in their place, never shown."""
    if not all(_NAME.fullmatch(field) for field in fields):
        return "; its first row does not look like a header"
    first = list(fields)[:20]
    shown = ", ".join(first) + (", ..." if len(first) < len(fields) else "")
    return f"{nearest(name, first)}; fields: {shown or 'none'}"


def unique(located: Iterable[Located], first_place: Callable[[str], str]) -> Iterator[Document]:
    """Yield the documents, making sure that no two have the same id.

    What is remembered of each is 16 bytes; `first_place` finds the place of an id that came before.

    Raises:
        InputError: two documents have the same id.
    """
    seen: set[bytes] = set()
    for place, document in located:
        digest = blake2b(document.id.encode(), digest_size=16).digest()
        if digest in seen:
            shown = printable(document.id[:80]) + ("..." if len(document.id) > 80 else "")
            raise InputError(
                f"two documents have the id '{shown}': {first_place(document.id)} and {place};"
                " make ids unique, or name another field with --id-field"
            )
        seen.add(digest)
        yield document


_SURROGATE = "it holds half of a surrogate pair, which is no character"


def _from_python(number: int, row: object, options: ReadOptions) -> Document:
    if isinstance(row, Mapping):
        return to_document(Row(number, row), "row", options)
    return failed(f"row:{number}", DocumentError(f"the row is of type {type(row).__name__}, not a mapping"))


def _failure(error: DocumentError) -> Failure:
    return Failure("read", type(error).__name__, str(error))


def _identity(values: Mapping[Any, Any], options: ReadOptions, faults: list[DocumentError]) -> str | None:
    name = options.id_field or "id"
    value = values.get(name)
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        if options.id_field is not None:
            faults.append(DocumentError(f"the row has no id: field {name!r} is missing or empty"))
        return None
    try:
        identity = plain(value)
        if identity is None or isinstance(identity, bool | list | dict):  # None: an infinite number
            raise DocumentError("it is no text and no number")
    except DocumentError as error:
        faults.append(DocumentError(f"field {name!r} is no id: {error}"))
        return None
    return str(identity)


def _text(values: Mapping[Any, Any], options: ReadOptions, faults: list[DocumentError]) -> str:
    try:
        text = _string(values, options.text_field)
        if text is None or text == "":
            raise DocumentError(f"field {options.text_field!r} is {'missing' if text is None else 'empty'}")
        title = _string(values, options.title_field) if options.title_field is not None else None
        text = _titled(title, text)
        if len(text) > options.max_bytes or len(text.encode()) > options.max_bytes:
            raise DocumentError(too_long(options.max_bytes))
    except DocumentError as error:
        faults.append(error)
        return ""
    return text


def _titled(title: str | None, text: str) -> str:
    """Put the title before the text as its headline, unless the text begins with it."""
    line = " ".join((title or "").splitlines()).strip()
    return text if not line or text.lstrip().startswith(line) else f"{line}\n\n{text}"


def _string(values: Mapping[Any, Any], name: str) -> str | None:
    value = values.get(name)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if not isinstance(value, str):
        raise DocumentError(f"field {name!r} holds a value of type {type(value).__name__}, not text")
    if is_broken(value):
        raise DocumentError(f"field {name!r} cannot be used: {_SURROGATE}")
    return value


def _meta(values: Mapping[Any, Any], taken: Collection[str], faults: list[DocumentError]) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    for name, value in values.items():
        if name in taken:
            continue
        try:
            if not isinstance(name, str) or is_broken(name):
                raise DocumentError("its name is not text")
            meta[name] = plain(value)
        except DocumentError as error:
            faults.append(DocumentError(f"a field was left out of meta: {printable(repr(name)[:60])}: {error}"))
    return meta
