"""What a run over hostile input must have kept: each promise, and where it was broken."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.codec import from_dict
from pipeline.document import uncovered
from scripts.fuzz.texts import CANARY

Result = Mapping[str, Any]
_TURNS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"  # a line round: bidi embeddings, overrides, isolates


def of_streams(result: Result) -> Iterator[str]:
    """Yield what is wrong with the two streams: a crash, text of an article, a sign that steers a terminal."""
    if result["crash"]:
        yield f"it crashed: {result['crash'].splitlines()[-1]}"
    for name in ("out", "err"):
        if CANARY.casefold() in result[name].casefold():
            yield f"text of an article stands on {name}"
        if "Traceback" in result[name]:
            yield f"a traceback stands on {name}"
        signs = sorted({f"U+{ord(sign):04X}" for sign in result[name] if _steers(sign)})
        if signs:
            yield f"{', '.join(signs)} stand on {name}"


def _steers(sign: str) -> bool:
    return sign in _TURNS or (unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign != "\n")


def of_refusal(result: Result) -> Iterator[str]:
    """Yield what is wrong with a run that must not start: exit code 2, one line, nothing else."""
    yield from of_streams(result)
    if result["code"] != 2:
        yield f"exit code {result['code']}, not 2"
    elif len(result["err"].splitlines()) != 1 and "Usage:" not in result["err"]:
        yield f"{len(result['err'].splitlines())} lines on stderr, not one"


def of_run(result: Result, out: Path, expected: int | None) -> Iterator[str]:
    """Yield what is wrong with a finished run: documents lost, files that disagree, an exit code that misleads."""
    yield from of_streams(result)
    if result["code"] not in (0, 1) or not (out / "documents.jsonl").is_file():
        yield f"exit code {result['code']}: {result['err'][-300:]}"
        return
    records = list(_rows(out / "documents.jsonl"))
    failures = [record["id"] for record in records if record["failure"] is not None]
    if expected is not None and len(records) != expected:
        yield f"{len(records)} documents came out of {expected}"
    if len({record["id"] for record in records}) != len(records):
        yield "two documents have one id"
    if [row["id"] for row in _rows(out / "failed.jsonl")] != failures:
        yield "failed.jsonl and documents.jsonl disagree"
    if result["code"] != bool(failures):
        yield f"exit code {result['code']} with {len(failures)} failures"
    counts = json.loads((out / "manifest.json").read_bytes())["counts"]
    if (counts["documents"], counts["failed"]) != (len(records), len(failures)):
        yield "the manifest counts otherwise"
    for record in records:
        yield from _of_record(record)


def _of_record(record: Mapping[str, Any]) -> Iterator[str]:
    document = from_dict(record)
    if document.failure is not None:
        if not document.failure.reason.strip() or "\n" in document.failure.reason:
            yield f"{document.id!r} failed without one line of reason"
        if CANARY.casefold() in document.failure.reason.casefold():
            yield f"the failure of {document.id!r} quotes it"
    elif uncovered(document):
        yield f"characters of {document.id!r} are lost or stand twice"
    elif any(s.target is None for s in document.segments if s.role != "noise") and not document.is_skipped:
        yield f"a segment of {document.id!r} has no target"


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as stream:
        yield from map(json.loads, stream)


def snapshot(folder: Path, leave_out: str) -> dict[str, tuple[int, int]]:
    """Return size and time of all that stands in a folder, without the folder of a name that runs may write into."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if leave_out not in path.relative_to(folder).parts:
            stat = path.lstat()
            found[str(path)] = (stat.st_size if not path.is_dir() else 0, stat.st_mtime_ns)
    return found
