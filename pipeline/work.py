"""The work of a run in its folder: what an earlier run left, what is still to do, and how it becomes the final files.

A folder is in one of three states. Nothing of ours is in it; or a finished run, its manifest says so; or work that
was cut off, in the hidden room: `run.json` says what run it is of, `shards/` has the documents that are done, and
`earlier/` the records of the finished run that it extends.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

from pipeline.document import Document
from pipeline.errors import OutputError
from pipeline.plan import Plan
from pipeline.readers import printable
from pipeline.stopping import Stop
from pipeline.writers import Hold, ManifestData, RunFolder
from pipeline.writers.atomic import output_errors, remove, write_whole
from pipeline.writers.claim import INPUTS, MANIFEST, find_manifest
from pipeline.writers.done import Done
from pipeline.writers.earlier import adopt, entries, is_whole, verify
from pipeline.writers.hold import WORK
from pipeline.writers.identity import check_same
from pipeline.writers.jsonl import json_line
from pipeline.writers.keys import key_of
from pipeline.writers.shards import Entry, Shards
from pipeline.writers.storable import storable

_FORMAT = "depeche-work"
_SHARDS, _EARLIER = "shards", "earlier"
_TRY_AGAIN = frozenset({"ResourceError"})  # failures that say nothing of the document


class Work:
    """What there is in a folder that a run holds, and what the run adds to it.

    Raises:
        OutputError: the folder holds a run with other settings; see `check_same`.
    """

    def __init__(self, hold: Hold, facts: ManifestData, fresh: bool = False, shard_size: int = 64) -> None:
        self._done = Done(0)
        self._hold, self._facts, self._fresh = hold, facts, fresh
        self._shards = Shards(hold.room / _SHARDS, hold.folder, shard_size)
        self._plan = Plan()
        self._again: set[int] = set()  # places of documents that the next run must read again
        self._begun = None if fresh else _begun(hold.room)
        self._manifest = None if fresh else find_manifest(hold.folder)
        if self._begun and self._begun["replaces"] == _digest(hold.folder):
            self._manifest = None  # a run with --fresh was cut off before it replaced this one
        name = repr(str(hold.folder))
        if self._begun is not None:
            check_same(self._begun, facts, f"the run that was cut off in {name}")
        if self._manifest is not None:
            check_same(self._manifest, facts, f"the run in {name}")

    def finished(self, plan: Plan) -> Mapping[str, Any] | None:
        """Return the manifest if the folder holds a finished and whole run over exactly these inputs.

        Raises:
            OutputError: a file of the finished run was changed.
        """
        found = self._manifest
        if found is None or not is_whole(self._hold.folder, found) or found["files"][INPUTS]["sha256"] != plan.sha256:
            return None
        self._hold.keep = False  # what a run that was killed at its very end left behind
        return found

    def begin(self, plan: Plan) -> None:
        """Take stock of what is done, and write down what this run is.

        Raises:
            OutputError: a document that is done has changed or is gone from the inputs; the message names it.
        """
        self._plan, self._done = plan, Done(len(plan))
        room = self._hold.room
        with output_errors(self._hold.folder):
            if self._begun is None:
                self._hold.keep = False
                remove(room / WORK)
                for name in (_SHARDS, _EARLIER):
                    remove(room / name)
        self._take_stock()
        if self._begun is None:
            replaces = _digest(self._hold.folder) if self._fresh else None
            with output_errors(self._hold.folder):
                write_whole(room / WORK, json_line({"format": _FORMAT, "replaces": replaces, **self._facts.to_dict()}))

    @property
    def total(self) -> int:
        """The documents of the run."""
        return len(self._plan)

    @property
    def count(self) -> int:
        """The documents that are done and on the disk."""
        return self._done.count

    def is_done(self, place: int) -> bool:
        """Say whether the document at a place of the plan is done and on the disk."""
        return place in self._done

    def add(self, document: Document, unsettled: Collection[int] = ()) -> None:
        """Take a document that came out of the stages; `unsettled`: the places where the input is not as planned."""
        place = self._plan.find(key_of(document.id))
        if place is None:
            raise RuntimeError("an engine gave back a document that it was not given")
        document, record = storable(document)
        if place in unsettled or (document.failure is not None and document.failure.kind in _TRY_AGAIN):
            self._again.add(place)
        read = None if place in self._again else self._plan.read(place)
        self._note(self._shards.add(record, self._plan.key(place), read))

    def commit(self) -> None:
        """Make safe what was added."""
        self._note(self._shards.commit())

    def abandon(self) -> None:
        """Give up what was added since the last shard; it cannot be written."""
        self._shards.abandon()

    @property
    def is_safe(self) -> bool:
        """Say whether what is done is on the disk for the next run."""
        return self._hold.keep and (self._hold.room / WORK).is_file()

    def merge(self, folder: RunFolder, stop: Stop) -> bool:
        """Write all documents to the final files in the order of the plan; False if the run was stopped amid that."""
        if self._done.count < len(self._plan):
            raise RuntimeError("an engine did not give back every document that it was given")
        try:
            for place in range(len(self._plan)):
                if stop.requested:
                    return False
                folder.write(self._finished(place), None if place in self._again else self._plan.read(place))
        finally:
            self._done.close()
        return True

    def _finished(self, place: int) -> Document:
        key = self._plan.key(place)
        return self._done.read(place, lambda identity: key_of(identity) == key)

    def _note(self, shard: tuple[Path, list[Entry]] | None) -> None:
        if shard is not None:
            path, found = shard
            places = ((self._plan.find(entry.key), entry.offset) for entry in found)
            self._done.add(path, ((place, offset) for place, offset in places if place is not None))
            self._hold.keep = True

    def _take_stock(self) -> None:
        other = _OtherInputs(self._hold.folder)
        for path, found in chain(self._earlier(), self._shards.load()):
            self._done.add(path, self._same(path, found, other))
        other.check()

    def _earlier(self) -> Iterator[tuple[Path, Iterable[Entry]]]:
        target = self._hold.room / _EARLIER
        if self._manifest is not None:
            adopt(self._hold.folder, target)
        elif (found := find_manifest(target)) is not None:
            verify(target, found)
        else:
            return
        yield target / "documents.jsonl", entries(target)

    def _same(self, path: Path, found: Iterable[Entry], other: _OtherInputs) -> Iterator[tuple[int, int]]:
        """Yield where the documents stand that were made from what is in the plan; the others are noted."""
        for entry in found:
            place = self._plan.find(entry.key)
            if entry.read is None:
                continue
            if place is None:
                other.note(path, entry.offset, "is no longer in the input")
            elif self._plan.read(place) != entry.read:
                other.note(path, entry.offset, "has changed")
            else:
                yield place, entry.offset


class _OtherInputs:
    """The differences between the inputs of an earlier run and those of this one; the first is named."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._first = ""

    def note(self, path: Path, offset: int, what: str) -> None:
        """Count a document that is another now or gone; not one that could not be read: it may have been mended."""
        with output_errors(self._folder), path.open("rb") as stream:
            stream.seek(offset)
            record = json.loads(stream.readline())
        if (record["failure"] or {}).get("stage") == "read":
            return
        if not self._count:
            identity = record["id"]
            shown = printable(identity[:80]) + ("..." if len(identity) > 80 else "")
            self._first = f"document {shown!r} {what}"
        self._count += 1

    def check(self) -> None:
        if self._count:
            more = f", and {self._count - 1} more" if self._count > 1 else ""
            raise OutputError(
                f"{str(self._folder)!r} holds a run over other inputs: {self._first}{more};"
                " choose another folder, or start over with --fresh"
            )


def _begun(room: Path) -> Mapping[str, Any] | None:
    """Return what the run that was cut off wrote at its start; None if there is none, or if it finished nothing."""
    with suppress(OSError, ValueError, RecursionError):
        found = json.loads((room / WORK).read_bytes())
        has_work = any((room / _SHARDS).glob("*.json")) or (room / _EARLIER / MANIFEST).exists()
        if isinstance(found, dict) and found.get("format") == _FORMAT and "replaces" in found and has_work:
            return found
    return None


def _digest(folder: Path) -> str | None:
    """Return the hash of the manifest in a folder."""
    try:
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    except OSError:
        return None
