"""What a run is to do: one reading of all inputs before any work, kept as 32 bytes a document.

The second reading, for the work itself, is held against it: what changed meanwhile is not mixed in.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

import numpy as np

from pipeline.document import Document
from pipeline.errors import DocumentError, InputError
from pipeline.readers import File, Listing, ReadOptions, check_unique, holds_one, in_file
from pipeline.readers.rows import failed
from pipeline.writers.jsonl import json_line
from pipeline.writers.keys import SIZE, hash_of, input_row, key_of

_SPOOL = 16_000_000  # bytes of ids that stay in memory; more go to a temporary file
_CHUNK = 1 << 20

_CHANGED = "its input changed while the run was going on; run the same command again to take it as it is now"
_GONE = "it was there when the run began and is no longer; run the same command again to take the input as it is now"


class Plan:
    """The documents of a run in the order of its inputs: of each the key of its id and the hash of its input.

    For a file of one document that is the hash of its bytes, for a row that of the record made of it.
    """

    def __init__(self) -> None:
        self.held: dict[str, Document] = {}  # of standard input, which cannot be read twice
        self.starts: list[int] = []  # where each file begins
        self._keys, self._hashes = bytearray(), bytearray()
        self._digest = hashlib.sha256()
        self._ids: IO[bytes] = SpooledTemporaryFile(_SPOOL)  # noqa: SIM115 (it lives as long as the plan)
        self._order = np.empty(0, np.int64)
        self._sorted = np.empty(0, f"S{SIZE}")

    def __len__(self) -> int:
        return len(self._keys) // SIZE

    def add(self, identity: str, read: bytes) -> None:
        """Add a document."""
        self._keys += key_of(identity)
        self._hashes += read
        line = json_line(input_row(identity, read))
        self._digest.update(line)
        self._ids.write(line)

    def close(self) -> bool:
        """Make the plan ready for use; say whether all its keys are different."""
        keys = np.frombuffer(bytes(self._keys), f"S{SIZE}")
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]
        return not bool((self._sorted[1:] == self._sorted[:-1]).any())

    @property
    def sha256(self) -> str:
        """The hash of the whole plan: that of the file `inputs.jsonl` of the run when all went well."""
        return self._digest.hexdigest()

    def key(self, place: int) -> bytes:
        """Return the key of the id at a place."""
        return bytes(self._keys[place * SIZE : (place + 1) * SIZE])

    def read(self, place: int) -> bytes:
        """Return the hash of the input at a place."""
        return bytes(self._hashes[place * SIZE : (place + 1) * SIZE])

    def find(self, key: bytes) -> int | None:
        """Return the place of a key."""
        index = int(np.searchsorted(self._sorted, np.bytes_(key)))
        place = int(self._order[index]) if index < len(self._order) else -1
        return place if place >= 0 and self.key(place) == key else None

    def identities(self, places: set[int]) -> Iterator[tuple[int, str]]:
        """Yield the ids at some places, in order: a rare need, for which they are not held in memory."""
        self._ids.seek(0)
        for place, line in enumerate(self._ids):
            if place in places:
                yield place, json.loads(line)["id"]


def make_plan(listing: Listing, options: ReadOptions, stopped: Callable[[], bool] = lambda: False) -> Plan | None:
    """Read all inputs once and return the plan; None if the run was stopped meanwhile.

    Raises:
        InputError: two documents have the same id, or there is none at all.
    """
    plan = Plan()
    for file in listing.files:
        plan.starts.append(len(plan))
        for identity, read in _first_reading(file, options, plan):
            plan.add(identity, read)
            if stopped():
                return None
    if not len(plan):
        raise InputError(f"no document in {', '.join(file.place for file in listing.files[:3])}: there are no rows")
    if not plan.close():
        check_unique(listing, options)
        raise InputError("the input changes while it is read; wait until it is complete")
    return plan


def _first_reading(file: File, options: ReadOptions, plan: Plan) -> Iterator[tuple[str, bytes]]:
    if holds_one(file) and not file.is_stdin:
        yield file.name, _hash_of_file(file, options.max_bytes)
        return
    for _, document in in_file(file, options):
        if file.is_stdin:
            plan.held[file.name] = document
        yield document.id, hash_of(document)


def _hash_of_file(file: File, limit: int) -> bytes:
    """Return the hash of as much of a file as is read of it."""
    digest = hashlib.blake2b(file.suffix.encode(), digest_size=SIZE)
    try:
        if file.is_irregular:
            raise OSError(errno.EINVAL, "not a regular file")
        with file.path.open("rb") as stream:
            digest.update(str(min(os.fstat(stream.fileno()).st_size, limit + 1)).encode() + b"\n")
            left = limit + 1
            while left > 0 and (data := stream.read(min(_CHUNK, left))):
                digest.update(data)
                left -= len(data)
    except OSError as error:
        digest.update(f"unreadable: {error.errno}".encode())
    return digest.digest()


class Intake:
    """The documents that are still to do, read a second time; each is the one that was planned.

    One that changed since, or is gone, comes as a failed document and its place is in `unsettled`; `late` counts
    those that were not there at the first reading. When `stopped` says so the stream ends.
    """

    def __init__(
        self,
        plan: Plan,
        listing: Listing,
        options: ReadOptions,
        is_done: Callable[[int], bool],
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.late = 0
        self.unsettled: set[int] = set()
        self._plan, self._listing, self._options = plan, listing, options
        self._is_done, self._stopped = is_done, stopped
        self._seen = bytearray(len(plan))

    def __iter__(self) -> Iterator[Document]:
        ends = [*self._plan.starts[1:], len(self._plan)]
        for file, start, end in zip(self._listing.files, self._plan.starts, ends, strict=True):
            for document in self._of_file(file, range(start, end)):
                if self._stopped():
                    return
                yield document
        yield from () if self._stopped() else self._gone()

    def _of_file(self, file: File, places: range) -> Iterator[Document]:
        if all(map(self._is_done, places)):
            return
        if file.name in self._plan.held:
            self._seen[places.start] = True
            yield self._plan.held[file.name]
        elif holds_one(file):
            yield self._single(file, places.start)
        else:
            for _, document in in_file(file, self._options):
                yield from self._row(document)

    def _single(self, file: File, place: int) -> Document:
        self._seen[place] = True
        _, document = next(in_file(file, self._options))
        if _hash_of_file(file, self._options.max_bytes) == self._plan.read(place):
            return document
        return self._changed(place, file.name)

    def _row(self, document: Document) -> Iterator[Document]:
        place = self._plan.find(key_of(document.id))
        if place is None or self._seen[place]:
            self.late += document.failure is None or place is not None
            return
        self._seen[place] = True
        if not self._is_done(place):
            is_same = hash_of(document) == self._plan.read(place)
            yield document if is_same else self._changed(place, document.id)

    def _changed(self, place: int, identity: str) -> Document:
        self.unsettled.add(place)
        return failed(identity, DocumentError(_CHANGED))

    def _gone(self) -> Iterator[Document]:
        places = {place for place in range(len(self._plan)) if not self._seen[place] and not self._is_done(place)}
        self.unsettled |= places
        for _, identity in self._plan.identities(places) if places else ():
            yield failed(identity, DocumentError(_GONE))
