"""Records to plain dictionaries and back: the one codec for files, workers and golden tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pipeline.document import (
    SCHEMA_VERSION,
    Document,
    Failure,
    Finding,
    Segment,
    Span,
    Summary,
    SummarySentence,
    Verdict,
)
from pipeline.errors import InputError


def to_dict(document: Document) -> dict[str, Any]:
    """Return the document as JSON-ready values, with the version of the schema."""
    return {"schema_version": SCHEMA_VERSION, **_plain(document)}


def from_dict(data: Mapping[str, Any]) -> Document:
    """Rebuild a document; the inverse of `to_dict`.

    Raises:
        InputError: the schema version is another one, or a key is missing or unknown.
    """
    version = data.get("schema_version")
    if version != SCHEMA_VERSION:
        raise InputError(f"record has schema version {version!r}, this program reads {SCHEMA_VERSION}")
    try:
        return _document({key: value for key, value in data.items() if key != "schema_version"})
    except (TypeError, KeyError) as error:
        raise InputError(f"record {data.get('id')!r} is not a whole document: {error}") from error


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _document(data: dict[str, Any]) -> Document:
    return Document(
        **data
        | {
            "segments": tuple(Segment(**s | {"verdicts": _verdicts(s)}) for s in data["segments"]),
            "summary": None if data["summary"] is None else _summary(data["summary"]),
            "findings": tuple(Finding(**f | {"spans": tuple(Span(**s) for s in f["spans"])}) for f in data["findings"]),
            "failure": None if data["failure"] is None else Failure(**data["failure"]),
        }
    )


def _summary(data: dict[str, Any]) -> Summary:
    sentences = (
        SummarySentence(**s | {"support": tuple(s["support"]), "verdicts": _verdicts(s)}) for s in data["sentences"]
    )
    return Summary(**data | {"sentences": tuple(sentences)})


def _verdicts(data: Mapping[str, Any]) -> tuple[Verdict, ...]:
    return tuple(Verdict(**v | {"problems": tuple(v["problems"])}) for v in data["verdicts"])
