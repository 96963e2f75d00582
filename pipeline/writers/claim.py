"""May a run write into this folder? What is ours there is known by name and by its manifest; the rest is left alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import InputError, OutputError
from pipeline.writers.atomic import STAGING, output_errors
from pipeline.writers.manifest import FORMAT

MANIFEST = "manifest.json"
TIMING = "timing.json"
DOCUMENTS = "documents.jsonl"
INPUTS = "inputs.jsonl"
CARD = "README.md"
LANGUAGE_CODE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

_OWN = re.compile(
    r"(?:documents|pairs|summaries)\.(?:jsonl|parquet)|(?:failed|inputs)\.jsonl|manifest\.json|timing\.json|README\.md"
    rf"|bitext\.{LANGUAGE_CODE.pattern}|evaluation\.(?:json|md|documents\.jsonl|units\.jsonl)"
)


def is_ours(name: str) -> bool:
    """Say whether a run writes files of this name."""
    return _OWN.fullmatch(name) is not None


def check_claim(folder: Path, overwrite: bool) -> None:
    """Return if a run may write into the folder: it is absent or empty, or holds what a killed run left behind,
    or an earlier run that is to be replaced.

    Raises:
        OutputError: it is a file, cannot be read, holds something else, or an earlier run and not `overwrite`.
    """
    with output_errors(folder):
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"{str(folder)!r} is a file; choose a folder for the output")
        names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if MANIFEST in names and find_manifest(folder) is not None:
        if not overwrite:
            raise OutputError(f"{str(folder)!r} already holds a run; use --fresh to replace it")
        return
    interrupted = STAGING in names
    foreign = sorted(name for name in names if not name.startswith(".") and not (interrupted and is_ours(name)))
    if foreign:
        raise OutputError(f"{str(folder)!r} holds {foreign[0]!r}, which is not of a run; choose a new or empty folder")


def read_manifest(folder: str | Path) -> Mapping[str, Any]:
    """Return the manifest of a finished run.

    Raises:
        InputError: the folder holds no finished run.
    """
    found = find_manifest(Path(folder))
    if found is None:
        raise InputError(f"{str(folder)!r} holds no finished run: it has no {MANIFEST} of ours")
    return found


def find_manifest(folder: Path) -> Mapping[str, Any] | None:
    """Return the manifest of the finished run in a folder, None where there is none of ours."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("format") == FORMAT else None
