"""A document as plain values for the page: texts in runs, so that no offset is counted again in another language.

Python counts code points where a browser counts UTF-16 units; a run carries its text and what is marked on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from pipeline.document import Document, Finding, Side, Span, SummarySentence, language_of
from pipeline.view.matches import Key, matched
from pipeline.view.wording import called, tried, weight, written

Run = str | dict[str, Any]  # a piece of text; with "f" the facts and "d" the findings that are marked on it
Marks = Mapping[Key, Sequence[tuple[int, int, int]]]  # of each text: start, end, number
_MOST_META = 200  # characters of a field that is shown


def story(document: Document, source: str, target: str, scores: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """Return a document as the page shows it, in JSON-ready values.

    `scores` are what each says and its value, as text. `source` and `target` are the languages of the run.
    """
    facts = {key: [(m.start, m.end, m.fact) for m in found] for key, found in matched(document, source, target).items()}
    marks = _marks(document)
    return {
        "id": document.id,
        "title": title(document),
        "original": _original(document),
        "lang": document.language or source,
        "status": status(document),
        "why": why(document),
        "meta": _meta(document.meta),
        "scores": [list(pair) for pair in scores],
        "summary": _summary(document, facts, marks),
        "findings": [_finding(finding, document) for finding in document.findings],
        "rows": [_row(index, document, source, facts, marks) for index in range(len(document.segments))],
    }


def entry(document: Document) -> dict[str, Any]:
    """Return what the list of stories knows of a document without opening it."""
    return {
        "id": document.id,
        "title": title(document),
        "status": status(document),
        "kinds": sorted({finding.kind for finding in document.findings}),
        "findings": sum(weight(finding.kind) != "note" for finding in document.findings),
        "wrong": sum(weight(finding.kind) == "wrong" for finding in document.findings),
        "score": confidence(document),
        "words": sum(len(segment.source.split()) for segment in document.segments if segment.role != "noise"),
    }


def title(document: Document) -> str:
    """Return the English headline: of the summary, of the translation, else the caller's title, else the id."""
    if document.summary is not None and document.summary.headline:
        return document.summary.headline
    headline = next((s for s in document.segments if s.role == "headline"), None)
    given = document.meta.get("title")
    candidates = (headline and (headline.target or headline.source), given if isinstance(given, str) else None)
    return next((" ".join(text.split()) for text in candidates if text and text.strip()), document.id)


def _original(document: Document) -> str:
    headline = next((s.source for s in document.segments if s.role == "headline"), None)
    given = document.meta.get("title")
    found = headline or (given if isinstance(given, str) else "")
    return "" if found == title(document) else " ".join(found.split())


def status(document: Document) -> str:
    """Return what became of a document: "failed", "skipped", "translated" or "empty"."""
    if document.failure is not None:
        return "failed"
    if document.is_skipped:
        return "skipped"
    return "translated" if document.pairs else "empty"


def why(document: Document) -> str:
    """Return in words why a document has no translation; nothing where it has one."""
    if document.failure is not None:
        return _sentence(f"{document.failure.reason} ({document.failure.kind} in the stage {document.failure.stage})")
    if status(document) == "translated":
        return ""
    return _sentence("; ".join(finding.message for finding in document.findings) or "there was nothing to translate")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def confidence(document: Document) -> float | None:
    """Return the mean probability that the translator gave a token, sentences weighed by their length; None without."""
    scored = [(s.score, len(s.target or "")) for _, s in document.pairs if s.score is not None]
    total = sum(length for _, length in scored)
    return round(probability(sum(score * length for score, length in scored) / total), 4) if total else None


def probability(score: float) -> float:
    """Return the mean probability of a token for a mean log-probability, which is 0 at most, whatever a file says."""
    return math.exp(min(0.0, score))


def _meta(meta: Mapping[str, Any]) -> list[list[str]]:
    plain = [(name, value) for name, value in meta.items() if isinstance(value, str | int | float)]
    return [[name, str(value)[:_MOST_META]] for name, value in plain if name != "title" and str(value).strip()]


def _summary(document: Document, facts: Marks, marks: Marks) -> dict[str, Any] | None:
    if document.summary is None:
        return None
    size = len(document.segments)
    return {
        "sentences": [
            {
                "runs": runs(s.text, facts.get(("summary", i), ()), marks.get(("summary", i), ())),
                "support": [index for index in s.support if 0 <= index < size],
                "note": _note(s, document),
            }
            for i, s in enumerate(document.summary.sentences)
        ]
    }


def _note(sentence: SummarySentence, document: Document) -> str:
    """How a summary sentence came about, and what is doubtful in the translation that it rests on."""
    doubts = dict.fromkeys(
        finding.message
        for finding in document.findings
        if finding.hop == "source-target"
        and weight(finding.kind) != "note"
        and any(span.side != "summary" and span.index in sentence.support for span in finding.spans)
    )
    said = f"Its translation is in doubt: {'; '.join(doubts)}." if doubts else ""
    return " ".join(filter(None, (written(sentence.origin, sentence.verdicts), said)))


def _row(index: int, document: Document, source: str, facts: Marks, marks: Marks) -> dict[str, Any]:
    segment = document.segments[index]
    here: Key = ("source", index)
    there: Key = ("target", index)
    row: dict[str, Any] = {"role": segment.role, "fr": runs(segment.source, facts.get(here, ()), marks.get(here, ()))}
    language = language_of(segment, document, source)
    if language != (document.language or source):
        row["lang"] = language
    if _opens(index, document):
        row["opens"] = True
    if segment.role == "noise":
        return row | {"noise": called("reasons", segment.reason or "unknown")}
    if segment.target is not None:
        row["en"] = runs(segment.target, facts.get(there, ()), marks.get(there, ()))
        if not segment.is_english:
            row["own"] = True
    if note := tried(segment.verdicts):
        row["note"] = note
    return row


def _opens(index: int, document: Document) -> bool:
    return index > 0 and document.segments[index].block != document.segments[index - 1].block


def _marks(document: Document) -> dict[Key, list[tuple[int, int, int]]]:
    """The characters that findings point at, by text; a finding on a whole sentence marks none."""
    found: dict[Key, list[tuple[int, int, int]]] = {}
    for number, finding in enumerate(document.findings):
        for span in finding.spans:
            text = _text(span.side, span.index, document)
            if text is not None and span.index is not None and not _is_whole(span, text):
                found.setdefault((span.side, span.index), []).append((span.start, span.end, number))
    return found


def _text(side: Side, index: int | None, document: Document) -> str | None:
    if index is None or index < 0:
        return None
    if side == "summary":
        sentences = document.summary.sentences if document.summary else ()
        return sentences[index].text if index < len(sentences) else None
    if index >= len(document.segments):
        return None
    segment = document.segments[index]
    return segment.source if side == "source" else segment.target if side == "target" else None


def _is_whole(span: Span, text: str) -> bool:
    return span.start <= 0 and span.end >= len(text)


def _finding(finding: Finding, document: Document) -> dict[str, Any]:
    """The finding in words, and the texts that it concerns: those with a precise place where there are any."""
    touched = [(s, t) for s in finding.spans if (t := _text(s.side, s.index, document)) is not None]
    precise = [s for s, text in touched if not _is_whole(s, text)]
    rows = dict.fromkeys(s.index for s, _ in touched if s.side != "summary")
    return {
        "kind": finding.kind,
        "name": called("kinds", finding.kind),
        "weight": weight(finding.kind),
        "hop": called("hops", finding.hop),
        "message": finding.message,
        "precise": bool(precise),
        "rows": list(rows),
        "sentences": list(dict.fromkeys(s.index for s, _ in touched if s.side == "summary")),
    }


def runs(
    text: str, facts: Iterable[tuple[int, int, int]] = (), findings: Iterable[tuple[int, int, int]] = ()
) -> list[Run]:
    """Cut a text where a mark begins or ends; marks are (start, end, number) and may lie over each other.

    The pieces joined are the text again, whatever the marks.
    """
    clipped = {
        "f": [(max(0, start), min(len(text), end), number) for start, end, number in facts],
        "d": [(max(0, start), min(len(text), end), number) for start, end, number in findings],
    }
    edges = {edge for marks in clipped.values() for start, end, _ in marks if start < end for edge in (start, end)}
    cuts = sorted({0, len(text), *edges})
    return [_run(text, start, end, clipped) for start, end in pairwise(cuts)]


def _run(text: str, start: int, end: int, clipped: Mapping[str, Sequence[tuple[int, int, int]]]) -> Run:
    over = {
        name: sorted({number for left, right, number in marks if left <= start and end <= right and left < right})
        for name, marks in clipped.items()
    }
    piece = text[start:end]
    return {"t": piece, **{name: found for name, found in over.items() if found}} if any(over.values()) else piece
