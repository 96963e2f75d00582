"""The last stage: sets French, English and summary side by side and writes down every doubt as a Finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.document import Document, Finding, Hop, Segment, Side, Span, SummarySentence, Verdict, language_of
from pipeline.facts.compare import Difference, Place, compare, unfounded, unsupported

_TARGET = "en"
_WORDS = {
    "repetition": "the text repeats itself",
    "length": "the text is too long or too short for its source",
    "too-long": "the text is too long for its source",
    "too-short": "the text is too short for its source: something may be left out",
    "unfinished": "the text breaks off",
    "copy": "the text is still in the language of its source",
    "empty": "the text is empty",
    "garbled": "the model wrote characters that are none",
    "time-malformed": "there is no such time of day",
    "untranslated": "no translation could stand: the source is kept in its place",
}

_DONE = {
    "repair": ("figure-repaired", "the model wrote another figure; the one of the source was set in its place"),
    "split-long": ("sentence-split", "the sentence is over the model's limit and was translated in pieces"),
}


@dataclass
class Check:
    """Checks three hops: French to English, English to summary, French to summary; adds to `Document.findings`.

    A finding that a document already has is not written twice.
    """

    name: str = "check"

    def setup(self) -> None:
        """Read the rules of the two languages."""
        compare("", "fr", ".", _TARGET)

    def process(self, batch: Sequence[Document]) -> list[Document]:
        """Return the documents with what is doubtful in each added to its findings."""
        return [_checked(document) for document in batch]


def findings(document: Document) -> Iterator[Finding]:
    """Yield every doubt about a document, hop by hop, in the order of its text."""
    translated = any(segment.target is not None for segment in document.segments)
    for index, segment in enumerate(document.segments):
        if translated and not _left_alone(segment, document):
            yield from _translation(index, segment, document)
    for index, sentence in enumerate(document.summary.sentences if document.summary else ()):
        yield from _summary(index, sentence, document)


def _checked(document: Document) -> Document:
    fresh = dict.fromkeys(finding for finding in findings(document) if finding not in document.findings)
    return replace(document, findings=(*document.findings, *fresh)) if fresh else document


def _left_alone(segment: Segment, document: Document) -> bool:
    """Whether a segment is not meant to be translated: noise, English already, another language kept, symbols."""
    return segment.is_kept or segment.role == "noise" or language_of(segment, document) == _TARGET


def _translation(index: int, segment: Segment, document: Document) -> Iterator[Finding]:
    source = _whole("source", segment.source, index)
    if segment.target is None:
        if any(map(str.isalnum, segment.source)):
            yield Finding("segment-untranslated", "source-target", "the segment has no translation", (source,))
        return
    target = _whole("target", segment.target, index)
    standing = any(verdict.kept and "untranslated" in verdict.problems for verdict in segment.verdicts)
    found = [] if standing else compare(segment.source, language_of(segment, document), segment.target, _TARGET)
    for difference in found:
        places = _span("source", difference.source, index), _span("target", difference.target, index)
        yield Finding(difference.kind, "source-target", difference.message, (places[0] or source, places[1] or target))
    spans = source, target
    yield from _problems(segment.verdicts, "source-target", spans, found)
    yield from _done(segment.verdicts, spans)


def _done(verdicts: Sequence[Verdict], spans: tuple[Span, ...]) -> Iterator[Finding]:
    """What was done to the sentence that its reader should know, though nothing is held against it."""
    for verdict in verdicts:
        if verdict.rung in _DONE and (verdict.kept or verdict.rung == "split-long"):
            kind, words = _DONE[verdict.rung]
            yield Finding(kind, "source-target", words, spans)


def _summary(index: int, sentence: SummarySentence, document: Document) -> Iterator[Finding]:
    whole = _whole("summary", sentence.text, index)
    support = [number for number in sentence.support if 0 <= number < len(document.segments)]
    if not support:
        yield Finding("support-missing", "target-summary", "the sentence names no segment that it rests on", (whole,))
        return
    english = [(number, _english(document.segments[number], document)) for number in support]
    texts = [(number, text) for number, text in english if text is not None]
    targets = [document.segments[number].target for number, _ in texts]
    sides: list[Side] = ["source" if target is None else "target" for target in targets]
    rests_on = [_whole(side, text, number) for side, (number, text) in zip(sides, texts, strict=True)]
    found = unsupported(sentence.text, [text for _, text in texts], _TARGET)
    yield from _unsupported(found, whole, "target-summary", rests_on)
    yield from _problems(sentence.verdicts, "target-summary", (*rests_on, whole), found)
    yield from _against_source(index, sentence, support, document, found)


def _against_source(
    index: int, sentence: SummarySentence, support: Sequence[int], document: Document, found: Sequence[Difference]
) -> Iterator[Finding]:
    """The figures of the summary that the original lacks, but for those that the translation lacks already."""
    known = {difference.target for difference in found}
    sources = [
        (document.segments[number].source, language_of(document.segments[number], document)) for number in support
    ]
    fresh = [one for one in unfounded(sentence.text, _TARGET, sources) if one.target not in known]
    rests_on = [_whole("source", document.segments[number].source, number) for number in support]
    yield from _unsupported(fresh, _whole("summary", sentence.text, index), "source-summary", rests_on)


def _english(segment: Segment, document: Document) -> str | None:
    """The English of a segment: its translation, or itself where it is English."""
    if segment.target is not None:
        return segment.target
    return segment.source if language_of(segment, document) == _TARGET else None


def _unsupported(found: Iterable[Difference], sentence: Span, hop: Hop, rests_on: Sequence[Span]) -> Iterator[Finding]:
    """A difference that stands on one side alone names all that the other side rests on."""
    for difference in found:
        here = _span("summary", difference.target, sentence.index) or sentence
        if difference.source is None:
            yield Finding(difference.kind, hop, difference.message, (*rests_on, here))
        else:
            span = rests_on[difference.source.index]
            there = _span(span.side, difference.source, span.index)
            yield Finding(difference.kind, hop, difference.message, (there or span, here))


def _problems(
    verdicts: Sequence[Verdict], hop: Hop, spans: tuple[Span, ...], found: Sequence[Difference]
) -> Iterator[Finding]:
    """What the guards still held against the text that was kept, unless the comparison has said it."""
    kept = [verdict for verdict in verdicts if verdict.kept]
    for problem in dict.fromkeys(problem for verdict in kept for problem in verdict.problems):
        family = problem.partition("-")[0]
        if not any(difference.kind == problem or difference.kind.startswith(f"{family}-") for difference in found):
            words = _WORDS.get(problem, f"the guards report {problem.replace('-', ' ')}")
            yield Finding(problem, hop, words, spans)


def _whole(side: Side, text: str, index: int) -> Span:
    return Span(side, 0, len(text), text, index)


def _span(side: Side, place: Place | None, index: int | None) -> Span | None:
    return None if place is None else Span(side, place.start, place.end, place.text, index)
