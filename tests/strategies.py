"""Whole documents for property tests: lawful in their offsets, anything in their words."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from pipeline.document import (
    ROLES,
    Document,
    Failure,
    Finding,
    Segment,
    Span,
    Summary,
    SummarySentence,
    Verdict,
)

# Whole documents take a while to draw on a busy machine; that is no fault of what is tested.
unhurried = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])

BREAKS = ("\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")

# Any text that UTF-8 can hold, with more of the marks that break lines and quotes that break files.
texts = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from([*'\n\r\x0b\x85\u2028\u2029\x00"\\=<|«é 😀'])),
    max_size=20,
)
words = texts.filter(lambda text: text.strip())
spaces = st.text(st.sampled_from([" ", "\n", "\u00a0", "\u202f", "\t", "\u2028"]), max_size=3)
finite = st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | finite | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
metas = st.dictionaries(texts, json_values, max_size=3)
verdicts = st.lists(st.builds(Verdict, texts, st.lists(texts, max_size=2).map(tuple), st.booleans()), max_size=2).map(
    tuple
)
places = st.integers(0, 40)
spans = st.builds(
    Span, st.sampled_from(["text", "source", "target", "summary"]), places, places, texts, st.none() | st.integers(0, 3)
)
findings = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["number-changed", "name-missing", "language-skipped"]),
        st.sampled_from(["document", "source-target", "target-summary", "source-summary"]),
        texts,
        st.lists(spans, max_size=3).map(tuple),
    ),
    max_size=3,
).map(tuple)
sentences = st.builds(
    SummarySentence,
    texts,
    st.lists(st.integers(0, 5), max_size=3).map(tuple),
    st.sampled_from(["model", "regenerated", "extracted", "whole"]),
    verdicts,
)
summaries = st.builds(Summary, st.none() | texts, st.lists(sentences, max_size=3).map(tuple))
failures = st.builds(Failure, texts, texts, texts)


@st.composite
def segmented(draw: st.DrawFn) -> tuple[str, tuple[Segment, ...]]:
    """Return a text and segments that hold all of it but white space between them."""
    text = draw(spaces)
    segments: list[Segment] = []
    for block, piece in enumerate(draw(st.lists(words, max_size=4))):
        segments.append(draw(_segment(len(text), len(text) + len(piece), block)))
        text += piece + draw(spaces)
    return text, tuple(segments)


def _segment(start: int, end: int, block: int) -> st.SearchStrategy[Segment]:
    return st.builds(
        Segment,
        start=st.just(start),
        end=st.just(end),
        role=st.sampled_from(ROLES),
        source=texts,
        block=st.just(block),
        reason=st.none() | st.sampled_from(["byline", "related"]),
        language=st.none() | st.sampled_from(["fr", "en"]),
        confidence=st.none() | st.floats(0, 1),
        target=st.none() | texts,
        score=st.none() | finite,
        verdicts=verdicts,
    )


@st.composite
def documents(draw: st.DrawFn, failed: st.SearchStrategy[Failure | None] | None = None) -> Document:
    """Return a document with anything in every field."""
    text, segments = draw(segmented())
    return Document(
        id=draw(words),
        text=text,
        meta=draw(metas),
        language=draw(st.none() | st.just("fr")),
        confidence=draw(st.none() | st.floats(0, 1)),
        segments=segments,
        summary=draw(st.none() | summaries),
        findings=draw(findings),
        failure=draw(st.none() | failures if failed is None else failed),
    )
