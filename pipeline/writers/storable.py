"""What is written for a document that a file cannot hold as it is: never nothing, and never the end of the run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipeline.codec import to_dict
from pipeline.document import Document, Failure, Finding
from pipeline.writers.jsonl import escaped, json_line, json_value

_BROKEN = "a stage left a value in its record that JSON cannot hold (a score that is not finite, a broken character)"


def storable(document: Document) -> tuple[Document, dict[str, Any]]:
    """Return the document itself, or the nearest one that UTF-8 and JSON can hold, and its record by the codec.

    The caller's own fields that JSON cannot hold (a date, a number that is not finite) become text, with a
    finding "meta-converted". A document whose text UTF-8 cannot hold (a lone surrogate) becomes a failed one,
    its text with escapes: its offsets would no longer be true.
    """
    document = _with_plain_meta(document)
    record = to_dict(document)
    try:
        json_line(record)
    except (ValueError, TypeError):
        document = _failed(document)
        record = to_dict(document)
    return document, record


def _with_plain_meta(document: Document) -> Document:
    unfit: set[str] = set()
    meta = json_value(document.meta, unfit)
    if not unfit:
        return document
    message = f"fields of the caller hold what JSON cannot, written as text: {', '.join(sorted(unfit))}"
    finding = Finding("meta-converted", "document", message)
    return replace(document, meta=meta, findings=(*document.findings, finding))


def _failed(document: Document) -> Document:
    surrogate = escaped(document.text) != document.text or escaped(document.id) != document.id
    what = "its text holds lone surrogates, which UTF-8 cannot hold; repair the input" if surrogate else _BROKEN
    kind = "DecodingError" if surrogate else "DocumentError"
    failure = document.failure or Failure("write", kind, what)
    return Document(
        id=escaped(document.id),
        text=escaped(document.text),
        meta=document.meta,
        failure=Failure(escaped(failure.stage), escaped(failure.kind), escaped(failure.reason)),
    )
