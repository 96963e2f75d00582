"""The documents of two runs, paired by id: two streams, and of each document no more in memory than where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pipeline.differences.record import Aspect, aspects
from pipeline.errors import InputError
from pipeline.readers import printable

FILE = "documents.jsonl"
# How the codec begins a record: with this its id is known before the whole of it is read.
_HEAD = re.compile(rb'\{"schema_version": \d+, "id": ("(?:[^"\\]|\\.)*+")')


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """One document that differs: `only` "a" or "b" where the other run lacks it, else in which aspects.

    `places` are the bytes at which its records begin in the two files, for whoever wants to see them.
    """

    id: str
    only: Literal["a", "b"] | None
    aspects: tuple[Aspect, ...]
    places: tuple[int | None, int | None]


class Pairing:
    """Pairs the documents of two run folders; after `changes` is exhausted, `same` and `reordered` hold.

    Raises:
        InputError: `documents.jsonl` of a folder cannot be read, is no such file, or has an id twice.
    """

    def __init__(self, a: Path, b: Path) -> None:
        self._a, self._b = a / FILE, b / FILE
        self.same = 0
        self.reordered = False

    def changes(self) -> Iterator[DocumentChange]:
        """Yield the documents that differ: in the order of A, then those of B alone in their order."""
        places = self._places(self._b)
        last = -1
        with _opened(self._a) as ours, _opened(self._b) as theirs:
            for number, (place, line) in enumerate(_lines(ours), 1):
                identity = _identity(line, self._a, number)
                other = places.pop(_digest(identity), None)
                if other is None:
                    yield DocumentChange(identity, "a", (), (place, None))
                    continue
                self.reordered, last = self.reordered or other < last, other
                yield from self._compared(identity, (place, other), line, _line(theirs, other))
            for place in places.values():
                line = _line(theirs, place)
                yield DocumentChange(_identity(line, self._b, None), "b", (), (None, place))

    def _compared(self, identity: str, places: tuple[int, int], a: bytes, b: bytes) -> Iterator[DocumentChange]:
        found = () if a == b else _aspects(_record(a, self._a, None), _record(b, self._b, None))
        if found:
            yield DocumentChange(identity, None, found, places)
        else:
            self.same += 1

    def _places(self, path: Path) -> dict[bytes, int]:
        places: dict[bytes, int] = {}
        with _opened(path) as stream:
            for number, (place, line) in enumerate(_lines(stream), 1):
                digest = _digest(_identity(line, path, number))
                if places.setdefault(digest, place) != place:
                    raise InputError(f"{_named(path, number)} has an id that stands above already; no run writes that")
        return places


def _aspects(a: dict[str, Any], b: dict[str, Any]) -> tuple[Aspect, ...]:
    found = tuple(aspects(a, b))
    if found or json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True):
        return found
    return (Aspect("record", "the type of a value"),)  # 1 and true are equal in Python


def records(change: DocumentChange, a: Path, b: Path) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Read the two records of a document again."""
    found: list[dict[str, Any] | None] = []
    for folder, place in zip((a, b), change.places, strict=True):
        path = folder / FILE
        if place is None:
            found.append(None)
            continue
        with _opened(path) as stream:
            found.append(_record(_line(stream, place), path, None))
    return found[0], found[1]


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise InputError(f"{_named(path)} cannot be read: {error.strerror or type(error).__name__}") from error


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    place = 0
    for line in stream:
        yield place, line
        place += len(line)


def _line(stream: BinaryIO, place: int) -> bytes:
    stream.seek(place)
    return stream.readline()


def _digest(identity: str) -> bytes:
    return blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _identity(line: bytes, path: Path, number: int | None) -> str:
    head = _HEAD.match(line)
    if head is not None and line.endswith(b"}\n"):
        try:
            return str(json.loads(head[1]))
        except ValueError:
            pass  # the whole line is no better, and says so
    return str(_record(line, path, number)["id"])


def _record(line: bytes, path: Path, number: int | None) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if not (isinstance(record, dict) and isinstance(record.get("id"), str) and line.endswith(b"\n")):
        raise InputError(f"{_named(path, number)} is not a whole record; the file was changed after the run")
    return record


def _named(path: Path, number: int | None = None) -> str:
    return f"line {number} of {printable(str(path))}" if number else printable(str(path))
