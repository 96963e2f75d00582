"""Values of a caller's fields as JSON can hold them."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pipeline.errors import DocumentError
from pipeline.readers.encoding import is_broken

_MAX_DEPTH = 64


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value in JSON's own types, so that writing and reading it again gives the same.

    Dates and times become ISO 8601, decimals and UUIDs text, bytes base64, tuples lists, arrays lists; NaN and
    infinity, which JSON lacks, None.

    Raises:
        DocumentError: a type that JSON cannot hold, half a surrogate pair, or more than 64 levels.
    """
    if depth > _MAX_DEPTH:
        raise DocumentError(f"nested deeper than {_MAX_DEPTH} levels")
    if isinstance(value, Mapping):
        return {_key(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, depth + 1) for item in value]
    return _scalar(value, depth)


def _scalar(value: Any, depth: int) -> Any:
    if value is None or type(value) in (bool, int):
        return value
    if isinstance(value, str):
        if is_broken(value):
            raise DocumentError("it holds half of a surrogate pair, which is no character")
        return str(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    for kinds, written in _AS_TEXT:
        if isinstance(value, kinds):
            return written(value)
    if hasattr(value, "tolist"):  # arrays and their scalars
        return plain(value.tolist(), depth + 1)
    raise DocumentError(f"a value of type {type(value).__name__} has no place in JSON")


def _key(key: Any) -> str:
    if not isinstance(key, str) or is_broken(key):
        raise DocumentError("a key is not text")
    return str(key)


def _iso(value: date | time) -> str | None:
    return value.isoformat() if value == value else None  # pandas' NaT is a date that is not equal to itself


_AS_TEXT: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((date, time), _iso),
    ((Decimal, UUID, timedelta), str),
    ((bytes, bytearray, memoryview), lambda value: b64encode(value).decode()),
    (int, int),  # enumerations and their like
)
