"""The differences of two runs in lines for people; of the articles themselves only what is asked for, and made safe."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from pipeline.differences import Change, DocumentChange, RunDifferences
from pipeline.differences.documents import records
from pipeline.differences.record import targets

LIMIT = 20
_LONGEST = 120  # characters of an id or a value
_LONGEST_TEXT = 500


def lines(found: RunDifferences, limit: int = LIMIT, text: bool = False) -> Iterator[str]:
    """Yield what differs: settings, counts, then one line a document, `limit` of them; 0 for all.

    With `text` the French and both English texts of what was translated or summarised otherwise stand below a
    document's line. Control characters are written as escapes.
    """
    if found.is_empty:
        yield f"no difference: {_documents(found.same)}, the same settings"
        return
    yield from map(_setting, found.settings)
    if not found.settings:
        yield "the same settings"
    counts = ", ".join(f"{name} {count}" for name, count in found.counts.items())
    same = f"{_documents(found.same)} the same"
    yield f"{same}, {len(found.documents)} different: {counts}" if found.documents else same
    if found.reordered:
        yield "documents stand in another order"
    shown = found.documents[:limit] if limit else found.documents
    for change in shown:
        yield _document(change)
        if text and change.only is None:
            yield from _texts(*records(change, found.a, found.b))
    if len(shown) < len(found.documents):
        yield f"... and {len(found.documents) - len(shown)} more (--limit 0 shows all)"


def _documents(count: int) -> str:
    return f"{count} document" if count == 1 else f"{count} documents"


def _setting(change: Change) -> str:
    name = change.name if change.group in ("settings", "languages") else f"{change.group}.{change.name}"
    return f"{_safe(name)}: {_value(change.old)} → {_value(change.new)}"


def _value(value: Any) -> str:
    return "none" if value is None else _safe(str(value)) or "''"


def _document(change: DocumentChange) -> str:
    if change.only is not None:
        return f"{_safe(change.id)}: only in {change.only.upper()}"
    return f"{_safe(change.id)}: " + "; ".join(f"{a.name} ({_safe(a.detail)})" for a in change.aspects)


def _texts(a: Mapping[str, Any] | None, b: Mapping[str, Any] | None) -> Iterator[str]:
    if a is None or b is None:
        return
    sources = [s.get("source") for s in a.get("segments") or [] if s.get("role") != "noise"]
    for source, old, new in zip_longest(sources, targets(a), targets(b)):
        if old != new:
            yield from (f"    = {_text(source)}", f"    - {_text(old)}", f"    + {_text(new)}")
    for old, new in zip_longest(_sentences(a), _sentences(b)):
        if old != new:
            yield from (f"    summary - {_text(old)}", f"    summary + {_text(new)}")


def _sentences(record: Mapping[str, Any]) -> list[str | None]:
    summary = record.get("summary") or {"headline": None, "sentences": []}
    return [summary["headline"], *(sentence["text"] for sentence in summary["sentences"])]


def _text(text: str | None) -> str:
    return "(none)" if text is None else _safe(text, _LONGEST_TEXT)


def _safe(text: str, longest: int = _LONGEST) -> str:
    """Return one line that cannot steer a terminal: what does not print is written as its escape."""
    shown = text if len(text) <= longest else f"{text[: longest - 3]}..."
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else _escape(c) for c in shown)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()
