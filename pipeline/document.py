"""The record: what a document is at every point of its way from French text to English summary.

Offsets are Python string indexes (code points), half-open, into the string that each field names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal, get_args

SCHEMA_VERSION = 1

Role = Literal["headline", "standfirst", "heading", "paragraph", "list", "noise"]
Hop = Literal["document", "source-target", "target-summary", "source-summary"]
Side = Literal["text", "source", "target", "summary"]
Origin = Literal["model", "regenerated", "extracted", "whole"]

ROLES: tuple[str, ...] = get_args(Role)
SKIPPED = "language-skipped"  # the kind of the finding on a document that the run leaves alone
KEPT = frozenset({"kept-english", "kept-source", "symbols"})  # rungs on which a target is its source, by intent
FOREIGN = frozenset({"untranslated", "copy"})  # problems of a target that is still in the source language


@dataclass(frozen=True, slots=True)
class Span:
    """A place: characters `start` to `end` of one string of the record, and what stands there.

    `side` names the string: "text" is `Document.text`; "source" and "target" are those of segment
    `index`; "summary" is the text of summary sentence `index`.
    """

    side: Side
    start: int
    end: int
    text: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about a document: what kind, over which hop, in words, and the places that it concerns.

    `kind` is a stable identifier such as "number-changed" or "name-missing".
    """

    kind: str
    hop: Hop
    message: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guards said of one attempt at one text.

    `rung` names the attempt ("first", "wider-beam", ...), `problems` what was wrong with it (none: it
    passed), `kept` whether its text is the one in the record.
    """

    rung: str
    problems: tuple[str, ...] = ()
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the original: after cleaning a block (a line or a hard-wrapped paragraph), later a sentence.

    `text[start:end]` of the document is where it stands; `source` is the same words normalised, as the
    model sees them; `target` is the English, None until it is translated; `score` the mean
    log-probability of a target token. `block` numbers the blocks of the document from 0, so that
    sentences find their paragraph again. `reason` says why a segment is noise.
    """

    start: int
    end: int
    role: Role
    source: str
    block: int
    reason: str | None = None
    language: str | None = None
    confidence: float | None = None
    target: str | None = None
    score: float | None = None
    verdicts: tuple[Verdict, ...] = ()

    @property
    def standing(self) -> Verdict | None:
        """The verdict on the text that stands as `target`."""
        return next((verdict for verdict in self.verdicts if verdict.kept), None)

    @property
    def is_kept(self) -> bool:
        """Say whether `target` is the source itself, by intent: English already, kept as asked for, symbols."""
        return self.standing is not None and self.standing.rung in KEPT

    @property
    def is_english(self) -> bool:
        """Say whether `target` can be read as English: not kept in another language, not given up, no copy."""
        if self.target is None or self.role == "noise":
            return False
        standing = self.standing
        return standing is None or (standing.rung != "kept-source" and not FOREIGN.intersection(standing.problems))


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """An English sentence and the indexes of the segments that it rests on.

    `origin`: "model" as first written, "regenerated" after a failed check, "extracted" when a sentence
    of the translation stands in for one that could not be supported, "whole" when the article is
    shorter than the summary asked for.
    """

    text: str
    support: tuple[int, ...]
    origin: Origin = "model"
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The English summary: a headline where there is one, and its sentences in order."""

    headline: str | None
    sentences: tuple[SummarySentence, ...]

    @property
    def text(self) -> str:
        """The sentences as one paragraph."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a document could not be finished: the stage, the error's class name, one line of reason."""

    stage: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """One article. `text` is the original, never changed; `meta` are the caller's own fields, passed through."""

    id: str
    text: str
    meta: Mapping[str, Any] = field(default_factory=dict)
    language: str | None = None
    confidence: float | None = None
    segments: tuple[Segment, ...] = ()
    summary: Summary | None = None
    findings: tuple[Finding, ...] = ()
    failure: Failure | None = None

    @property
    def is_skipped(self) -> bool:
        """Say whether the run left the document alone because of its language."""
        return any(finding.kind == SKIPPED for finding in self.findings)

    @property
    def translation(self) -> str:
        """The English text: sentences joined by a space, paragraphs separated as in the original; no noise."""
        parts: list[str] = []
        previous: Segment | None = None
        for segment in self.segments:
            if segment.target is None or segment.role == "noise":
                continue
            if previous is not None:
                parts.append(self._between(previous, segment))
            parts.append(segment.target)
            previous = segment
        return "".join(parts)

    def _between(self, left: Segment, right: Segment) -> str:
        if left.block == right.block:
            return " "
        return "\n\n" if self.text[left.end : right.start].count("\n") > 1 else "\n"

    @property
    def pairs(self) -> tuple[tuple[int, Segment], ...]:
        """The translated segments with their indexes, noise left out."""
        return tuple(
            (index, segment)
            for index, segment in enumerate(self.segments)
            if segment.target is not None and segment.role != "noise"
        )

    def _repr_html_(self) -> str:
        """Return the document as a notebook shows it: summary, findings, French beside English."""
        view = import_module("pipeline.view.fragment")  # from above: the record needs no page to be a record
        return str(view.document_html(self))


def language_of(segment: Segment, document: Document, default: str = "fr") -> str:
    """Return the language of a segment's source: its own, else that of its document."""
    return segment.language or document.language or default


def uncovered(document: Document) -> tuple[Span, ...]:
    """Return the characters that no segment holds and that are not white space, and those that are held twice.

    An empty answer is law 1 of the record: nothing of the original is lost, nothing stands twice. A segment that
    ends behind the text is a fault too, an empty span at its end.
    """
    faults: list[Span] = []
    position, length = 0, len(document.text)
    for segment in document.segments:
        if segment.start < position:
            faults += _fault(document.text, segment.start, min(position, segment.end), twice=True)
        else:
            faults += _fault(document.text, position, segment.start)
        if segment.end > length:
            faults.append(Span("text", segment.end, segment.end, ""))
        position = max(position, segment.end)
    return tuple(faults + _fault(document.text, position, length))


def _fault(text: str, start: int, end: int, twice: bool = False) -> list[Span]:
    piece = text[start:end]
    return [Span("text", start, end, piece)] if twice or piece.strip() else []
