"""The manifest: what a run did, with what, and how to know its files again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from pipeline.document import SCHEMA_VERSION, Document
from pipeline.writers.jsonl import json_value

FORMAT = "depeche-run"


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model did a task: its name and the SHA-256 of its weights, in hexadecimal."""

    task: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ManifestData:
    """What the caller knows of a run. Nothing that differs between two equal runs: no times, no output paths.

    `parts` are those of the signature by name; `reading` is how the inputs were read.
    """

    models: Sequence[ModelIdentity] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    signature: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    reading: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; settings that JSON does not know are written as text."""
        return {
            "signature": self.signature,
            "signature_parts": dict(self.parts),
            "models": [asdict(model) for model in self.models],
            "settings": json_value(self.settings, set()),
            "reading": json_value(self.reading, set()),
            "versions": dict(sorted(self.versions.items())),
        }


@dataclass(frozen=True, slots=True)
class FileFacts:
    """How to know a file again; `rows` is None for one that is no table."""

    sha256: str
    bytes: int
    rows: int | None


@dataclass(slots=True)
class Counts:
    """What the documents of a run add up to.

    `translated` counts documents with at least one pair; `source_words` and `target_words` are those of the
    pairs, `summary_words` those of the summaries, all as white space separates them.
    """

    documents: int = 0
    translated: int = 0
    summarized: int = 0
    failed: int = 0
    skipped: int = 0
    segments: int = 0
    pairs: int = 0
    source_words: int = 0
    target_words: int = 0
    summary_words: int = 0
    noise: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)

    def add(self, document: Document) -> None:
        """Count one document."""
        pairs = document.pairs
        self.documents += 1
        self.translated += bool(pairs)
        self.skipped += document.is_skipped
        self.segments += len(document.segments)
        self.pairs += len(pairs)
        self.source_words += sum(len(segment.source.split()) for _, segment in pairs)
        self.target_words += sum(len((segment.target or "").split()) for _, segment in pairs)
        self.noise.update(s.reason or "unknown" for s in document.segments if s.role == "noise")
        self.findings.update(finding.kind for finding in document.findings)
        if document.summary is not None:
            self.summarized += 1
            self.summary_words += len(document.summary.text.split())
        if document.failure is not None:
            self.failed += 1
            self.failures[document.failure.kind] += 1

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as plain values, the names in each group in order."""
        values = {counted.name: getattr(self, counted.name) for counted in fields(self)}
        return {k: dict(sorted(v.items())) if isinstance(v, Counter) else v for k, v in values.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Counts:
        """Return the counts that a manifest has; the inverse of `to_dict`."""
        counts: dict[str, Any] = {k: Counter(v) if isinstance(v, Mapping) else v for k, v in values.items()}
        return cls(**counts)


def manifest(
    languages: tuple[str, str], counts: Counts, data: ManifestData, files: Mapping[str, FileFacts]
) -> dict[str, Any]:
    """Return the manifest of a run as plain values."""
    return {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "languages": {"source": languages[0], "target": languages[1]},
        "counts": counts.to_dict(),
        **data.to_dict(),
        "files": {name: asdict(files[name]) for name in sorted(files)},
    }


def signature(parts: Mapping[str, object]) -> str:
    """Return one line `name:value|name:value`, in the manner of sacreBLEU's signatures (Post 2018).

    A separator or a space inside a name or a value becomes `_`, so that the line can be taken apart again.
    """
    return "|".join(f"{_atom(name)}:{_atom(value)}" for name, value in parts.items())


def _atom(value: object) -> str:
    return "".join("_" if c in "|:" or c.isspace() or not c.isprintable() else c for c in str(value))
