"""Finished documents, safe on the disk a shard at a time while the run goes on.

A shard is a file of records, one a line, and a marker beside it. Each is written under another name, brought to the
disk and renamed, the marker after the records: a shard without a marker, or with records that are not those that the
marker vouches for, does not count. So a run that is killed at any point loses no more than the shard in hand.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.writers.atomic import attempt, output_errors, remove, settle, write_whole
from pipeline.writers.jsonl import json_line

_RECORDS, _MARKER = ".jsonl", ".json"


@dataclass(frozen=True, slots=True)
class Entry:
    """A finished document in a file: the key of its id, what it was made from, and at which byte it begins.

    `read` is the hash of its input; None where the document must be read again by the next run.
    """

    key: bytes
    read: bytes | None
    offset: int


class Shards:
    """The shards of a run in a folder of its room.

    A shard is closed when it has `size` documents, or when it is open for more than `seconds`.

    Raises (all methods):
        OutputError: the folder cannot be written.
    """

    def __init__(self, folder: Path, out: Path, size: int, seconds: float = 10.0) -> None:
        self._folder, self._out = folder, out
        self._size, self._seconds = size, seconds
        self._number = 0
        self._open: _Shard | None = None

    def load(self) -> Iterator[tuple[Path, list[Entry]]]:
        """Yield the shards that are whole with what they hold, in order; remove everything else."""
        with output_errors(self._out):
            self._folder.mkdir(exist_ok=True)
            for path in sorted(self._folder.iterdir()):
                if path.suffix != _RECORDS and not path.with_suffix(_RECORDS).is_file():
                    remove(path)  # an attempt, or a marker without records
        for path in sorted(self._folder.glob(f"*{_RECORDS}")):
            entries = _entries(path)
            if entries is None:
                _remove(path, self._out)
            else:
                self._number = max(self._number, int(path.stem))
                yield path, entries

    def add(self, record: Mapping[str, Any], key: bytes, read: bytes | None) -> tuple[Path, list[Entry]] | None:
        """Add the record of a finished document; returns the shard, if it was closed with this one."""
        with output_errors(self._out):
            if self._open is None:
                self._number += 1
                self._open = _Shard(self._folder / f"{self._number:06}{_RECORDS}")
            self._open.add(json_line(record), key, read)
        is_full = len(self._open.entries) >= self._size or time.monotonic() - self._open.since > self._seconds
        return self.commit() if is_full else None

    def commit(self) -> tuple[Path, list[Entry]] | None:
        """Close the shard in hand and make it count; returns it, or None if there was none."""
        shard, self._open = self._open, None
        if shard is None:
            return None
        with output_errors(self._out):
            shard.commit()
        return shard.path, shard.entries

    def abandon(self) -> None:
        """Give up the shard in hand."""
        shard, self._open = self._open, None
        if shard is not None:
            shard.abandon()


class _Shard:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: list[Entry] = []
        self.since = time.monotonic()
        self._hash = hashlib.sha256()
        self._length = 0
        self._stream: BinaryIO = attempt(path).open("wb")

    def add(self, line: bytes, key: bytes, read: bytes | None) -> None:
        self._stream.write(line)
        self._hash.update(line)
        self.entries.append(Entry(key, read, self._length))
        self._length += len(line)

    def commit(self) -> None:
        try:
            settle(self._stream, self.path)
            write_whole(self.path.with_suffix(_MARKER), self._marker())
        except OSError:
            self.abandon()  # where the disk is full, it gives room back
            raise

    def _marker(self) -> bytes:
        entries = [[e.key.hex(), e.read.hex() if e.read else None, e.offset] for e in self.entries]
        facts = {"documents": len(entries), "bytes": self._length, "sha256": self._hash.hexdigest()}
        return json_line({**facts, "entries": entries})

    def abandon(self) -> None:
        with suppress(OSError):
            self._stream.close()
        for path in (attempt(self.path), self.path, attempt(self.path.with_suffix(_MARKER))):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _remove(path: Path, out: Path) -> None:
    with output_errors(out):
        remove(path)
        remove(path.with_suffix(_MARKER))


def _entries(path: Path) -> list[Entry] | None:
    """Return what a shard holds, None if it does not count."""
    try:
        marker = json.loads(path.with_suffix(_MARKER).read_bytes())
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if (marker["bytes"], marker["sha256"]) != (path.stat().st_size, digest):
            return None
        entries = [Entry(bytes.fromhex(k), bytes.fromhex(r) if r else None, int(at)) for k, r, at in marker["entries"]]
        return entries if len(entries) == marker["documents"] and path.stem.isdecimal() else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
