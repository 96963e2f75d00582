"""The tables of a run: which rows a document gives to each, as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.document import Document, Finding, Origin, Role, Summary
from pipeline.writers.keys import input_row


@dataclass(frozen=True, slots=True)
class Record(Document):
    """A row of `documents`: the whole record with the version of its schema."""

    schema_version: int = 0


@dataclass(frozen=True)
class Pair:
    """A row of `pairs`: one translated segment.

    `segment` is its index in the document; `start` and `end` are offsets into the document's `text`;
    `findings` are the kinds of doubt that have a place in it, each once.
    """

    document_id: str
    segment: int
    start: int
    end: int
    block: int
    role: Role
    language: str | None
    source: str
    target: str
    score: float | None
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A summary sentence as a reader of `summaries` needs it."""

    text: str
    support: tuple[int, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Summarized:
    """A row of `summaries`: one English summary, as text and sentence by sentence with its support."""

    id: str
    headline: str | None
    summary: str
    sentences: tuple[Sentence, ...]


Rows = Iterable[Mapping[str, Any]]
SCHEMAS = {"documents": Record, "pairs": Pair, "summaries": Summarized}


def table_rows(document: Document, record: Mapping[str, Any], read: bytes | None = None) -> dict[str, Rows]:
    """Return the rows that a document gives to each table, by the name of the table.

    `record` is what the codec makes of the document, `read` the hash of what it was made from. Noise gives no pair;
    a summary or a failure that is not there gives no row.
    """
    failure = document.failure
    return {
        "documents": [record],
        "pairs": list(_pairs(document)),
        "summaries": [] if document.summary is None else [_summarized(document.id, document.summary)],
        "failed": [] if failure is None else [{"id": document.id, **asdict(failure)}],
        "inputs": [input_row(document.id, read)],
    }


def _pairs(document: Document) -> Iterator[Mapping[str, Any]]:
    kinds = _kinds_by_segment(document)
    for index, segment in document.pairs:
        yield vars(
            Pair(
                document_id=document.id,
                segment=index,
                start=segment.start,
                end=segment.end,
                block=segment.block,
                role=segment.role,
                language=segment.language,
                source=segment.source,
                target=segment.target or "",
                score=segment.score,
                findings=tuple(kinds.get(index, ())),
            )
        )


def _summarized(document_id: str, summary: Summary) -> Mapping[str, Any]:
    sentences = tuple(Sentence(s.text, s.support, s.origin) for s in summary.sentences)
    return asdict(Summarized(document_id, summary.headline, summary.text, sentences))


def _kinds_by_segment(document: Document) -> Mapping[int, dict[str, None]]:
    kinds: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for finding in document.findings:
        for index in _touched(finding, document):
            kinds[index][finding.kind] = None
    return kinds


def _touched(finding: Finding, document: Document) -> Iterator[int]:
    for span in finding.spans:
        if span.side in ("source", "target") and span.index is not None:
            yield span.index
        elif span.side == "text":
            for index, segment in enumerate(document.segments):
                if segment.start < span.end and span.start < segment.end:
                    yield index
