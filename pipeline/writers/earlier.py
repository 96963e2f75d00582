"""A finished run whose documents serve again: is it as it was written, and what does it hold?"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import OutputError
from pipeline.writers.atomic import ATTEMPT, attempt, output_errors, remove, sync_folder
from pipeline.writers.claim import CARD, DOCUMENTS, INPUTS, MANIFEST
from pipeline.writers.keys import key_of
from pipeline.writers.shards import Entry

_NEEDED = (DOCUMENTS, INPUTS, MANIFEST)


def is_whole(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Say whether every file of a finished run is there; one that was removed can be made again from the records.

    The card is for people, who may have written in it.

    Raises:
        OutputError: a file is not as the run wrote it, or the records are gone; the message names it.
    """
    files = {name: facts for name, facts in manifest["files"].items() if name != CARD}
    missing = [name for name in files if not (folder / name).exists()]
    for name in _NEEDED[:2]:
        if name in missing:
            raise OutputError(f"{str(folder / name)!r} of the finished run is gone; start over with --fresh")
    for name, facts in files.items():
        if name not in missing and _digest(folder / name, folder) != facts["sha256"]:
            raise OutputError(
                f"{str(folder / name)!r} is not as the run wrote it; move it away, or start over with --fresh"
            )
    return not missing and (folder / CARD).exists()


def adopt(folder: Path, target: Path) -> None:
    """Give the records of a finished run a second name in `target`, so that replacing the first loses nothing.

    A link where the file system has them, else a copy.

    Raises:
        OutputError: the folder cannot be written.
    """
    made = attempt(target)
    with output_errors(folder):
        for stale in target.parent.glob(f"{target.name}.*{ATTEMPT}"):
            remove(stale)
        remove(target)
        made.mkdir()
        for name in _NEEDED:
            _second_name(folder / name, made / name)
        sync_folder(made)
        made.rename(target)
        sync_folder(target.parent)


def entries(folder: Path) -> Iterator[Entry]:
    """Yield what the records of a finished run hold, in order.

    Raises:
        OutputError: they are not as the run wrote them.
    """
    try:
        with (folder / DOCUMENTS).open("rb") as records, (folder / INPUTS).open("rb") as inputs:
            offset = 0
            for record, line in zip(records, inputs, strict=True):
                row = json.loads(line)
                yield Entry(key_of(row["id"]), bytes.fromhex(row["input"]) if row["input"] else None, offset)
                offset += len(record)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(
            f"the records of the finished run in {str(folder)!r} are damaged; start over with --fresh"
        ) from error


def verify(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Return if the records in an adopted run are those that its manifest vouches for.

    Raises:
        OutputError: they are not.
    """
    for name in _NEEDED[:2]:
        if _digest(folder / name, folder) != manifest["files"][name]["sha256"]:
            raise OutputError(f"{str(folder / name)!r} is not as the run wrote it; start over with --fresh")


def _second_name(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # no links on this file system, or none of this file
        shutil.copyfile(path, target)
        with target.open("rb") as stream:
            os.fsync(stream.fileno())


def _digest(path: Path, folder: Path) -> str:
    with output_errors(folder), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
