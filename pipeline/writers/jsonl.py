"""Rows as JSON Lines: one object a line, for any reader of lines."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, time
from typing import Any, BinaryIO

# `str.splitlines` and some editors break lines at these; JSON lets them stand inside a string.
_LINE_BREAKS = {mark: f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_DEEPEST = 64  # levels; the readers of JSON that we know stop between 100 and 1,000


def json_line(row: Mapping[str, Any]) -> bytes:
    """Return a row as one line of UTF-8, its line feed included, that no reader of lines breaks in two.

    Raises:
        ValueError: a number is not finite, or a string holds a lone surrogate.
        TypeError: a value is of a type that JSON does not know.
    """
    text = _encode(row)
    for mark, escape in _LINE_BREAKS.items():
        text = text.replace(mark, escape)
    return (text + "\n").encode()


def json_value(value: Any, unfit: set[str], depth: int = 0) -> Any:
    """Return `value` in the terms of JSON; what JSON cannot hold becomes text, and its type is added to `unfit`.

    Integers outside 64 bits count as such: readers of JSON refuse them or round them.
    """
    if depth > _DEEPEST:
        return _as_text(f"nested deeper than {_DEEPEST} levels", unfit, "deep nesting")
    if isinstance(value, Mapping):
        return {_json_key(key, unfit): json_value(item, unfit, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item, unfit, depth + 1) for item in value]
    if isinstance(value, str):
        return value if _is_unicode(value) else _as_text(value, unfit, "lone surrogate")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else _as_text(str(value), unfit, "integer over 64 bits")
    if isinstance(value, float):
        return value if math.isfinite(value) else _as_text(str(value), unfit, "number that is not finite")
    return _as_text(value.isoformat() if isinstance(value, date | time) else str(value), unfit, type(value).__name__)


def escaped(text: str) -> str:
    """Return the text with each lone surrogate as its escape, `\\udc80`; other text as it is."""
    return text.encode("utf-8", "backslashreplace").decode()


def _json_key(key: Any, unfit: set[str]) -> str:
    return key if isinstance(key, str) and _is_unicode(key) else _as_text(str(key), unfit, "key that is not text")


def _as_text(text: str, unfit: set[str], why: str) -> str:
    unfit.add(why)
    return escaped(text)


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


class JsonLines:
    """A file of rows, one JSON object a line, written as they come."""

    def __init__(self, stream: BinaryIO) -> None:
        self.rows = 0
        self._stream = stream

    def write(self, row: Mapping[str, Any]) -> None:
        """Write one row."""
        self._stream.write(json_line(row))
        self.rows += 1

    def close(self) -> None:
        """Nothing is held back; the stream belongs to whoever opened it."""
