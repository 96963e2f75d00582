"""What differs between two records of one document, aspect by aspect, in counts and kinds: never its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from pipeline.document import SKIPPED

Record = Mapping[str, Any]

_SCORES = ("score", "confidence", "verdicts")
_CUT = ("start", "end", "role", "source", "block", "reason")
_TOLD = frozenset({"id", "text", "meta", "language", "confidence", "segments", "summary", "findings", "failure"})


@dataclass(frozen=True, slots=True)
class Aspect:
    """One respect in which a document differs: "input", "status", "translation", ...; and how, in words."""

    name: str
    detail: str


def aspects(a: Record, b: Record) -> Iterator[Aspect]:
    """Yield in what two records of one document differ, the cause before its effects; nothing when they are equal."""
    if parts := [name for name in ("text", "meta") if a.get(name) != b.get(name)]:
        yield Aspect("input", " and ".join(parts))
    if a.get("failure") != b.get("failure") or status(a) != status(b):
        yield Aspect("status", _arrow(status(a), status(b)) or f"{status(a)}, for another reason")
    if detail := _arrow(a.get("language"), b.get("language")):
        yield Aspect("language", detail)
    yield from _segments(a.get("segments") or [], b.get("segments") or [])
    if detail := _summary(a.get("summary"), b.get("summary")):
        yield Aspect("summary", detail)
    if a.get("findings") != b.get("findings"):
        yield Aspect("findings", _kinds(a, b) or "the same kinds, other places or words")
    if a.get("confidence") != b.get("confidence"):
        yield Aspect("scores", "of the language")
    if other := sorted(name for name in {*a, *b} - _TOLD if a.get(name) != b.get(name)):
        yield Aspect("record", ", ".join(other))


def status(record: Record) -> str:
    """Return what became of a document: "failed (stage: kind)", "skipped", "translated" or "without text"."""
    if failure := record.get("failure"):
        return f"failed ({failure['stage']}: {failure['kind']})"
    if any(finding["kind"] == SKIPPED for finding in record.get("findings") or []):
        return "skipped"
    return "translated" if any(targets(record)) else "without text"


def targets(record: Record) -> list[str | None]:
    """Return the English of each segment that is no noise."""
    return [segment.get("target") for segment in record.get("segments") or [] if segment.get("role") != "noise"]


def _segments(a: list[Record], b: list[Record]) -> Iterator[Aspect]:
    if [[s.get(key) for key in _CUT] for s in a] != [[s.get(key) for key in _CUT] for s in b]:
        yield Aspect("segments", _arrow(len(a), len(b)) or "cut or cleaned otherwise")
        if targets({"segments": a}) != targets({"segments": b}):
            yield Aspect("translation", "of other segments")
        return
    if changed := sum(x.get("target") != y.get("target") for x, y in zip(a, b, strict=True)):
        yield Aspect("translation", f"{changed} of {len(a)} segments")
    if languages := sum(x.get("language") != y.get("language") for x, y in zip(a, b, strict=True)):
        yield Aspect("language", f"of {languages} segments")
    if scores := sum(any(x.get(key) != y.get(key) for key in _SCORES) for x, y in zip(a, b, strict=True)):
        yield Aspect("scores", f"of {scores} segments")


def _summary(a: Record | None, b: Record | None) -> str:
    if a == b:
        return ""
    if a is None or b is None:
        return _arrow("none" if a is None else "written", "none" if b is None else "written")
    pairs = list(zip_longest(a["sentences"], b["sentences"]))
    texts = sum((x or {}).get("text") != (y or {}).get("text") for x, y in pairs)
    parts = [f"{texts} of {len(pairs)} sentences"] if texts else []
    parts += ["headline"] if a.get("headline") != b.get("headline") else []
    return ", ".join(parts) or "support, origin or verdicts"


def _kinds(a: Record, b: Record) -> str:
    """Return how many findings of each kind came and went: "+1 name-missing, -2 number-changed"."""
    old, new = (Counter(finding["kind"] for finding in record.get("findings") or []) for record in (a, b))
    changes = {kind: new[kind] - old[kind] for kind in sorted({*old, *new}) if new[kind] != old[kind]}
    return ", ".join(f"{count:+} {kind}" for kind, count in changes.items())


def _arrow(old: object, new: object) -> str:
    return "" if old == new else f"{old} → {new}"
