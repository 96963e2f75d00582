"""Law 1 of the record, that nothing of the original is lost, and what is derived from it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.document import Document, Segment, Span, Summary, SummarySentence, uncovered
from strategies import documents, unhurried


@unhurried
@given(documents())
def test_segments_with_only_white_space_between_them_cover_the_text(document: Document) -> None:
    assert uncovered(document) == ()


@unhurried
@given(documents(), st.data())
def test_a_segment_that_is_dropped_is_seen_with_its_characters(document: Document, data: st.DataObject) -> None:
    assume(document.segments)
    gone = data.draw(st.sampled_from(range(len(document.segments))))
    rest = document.segments[:gone] + document.segments[gone + 1 :]
    (fault,) = uncovered(replace(document, segments=rest))
    segment = document.segments[gone]
    assert fault.start <= segment.start and segment.end <= fault.end
    assert document.text[segment.start : segment.end] in fault.text


@unhurried
@given(documents(), st.data())
def test_a_segment_that_loses_a_visible_character_is_seen(document: Document, data: st.DataObject) -> None:
    assume(document.segments)
    index = data.draw(st.sampled_from(range(len(document.segments))))
    segment = document.segments[index]
    assume(not document.text[segment.end - 1].isspace())
    shorter = replace(segment, end=segment.end - 1)
    assert uncovered(replace(document, segments=_with(document, index, shorter)))


@unhurried
@given(documents(), st.data())
def test_a_character_that_stands_in_two_segments_is_seen(document: Document, data: st.DataObject) -> None:
    assume(document.segments)
    segment = data.draw(st.sampled_from(document.segments))
    index = document.segments.index(segment)
    twice = document.segments[: index + 1] + document.segments[index:]
    assert Span("text", segment.start, segment.end, document.text[segment.start : segment.end]) in uncovered(
        replace(document, segments=twice)
    )


def test_white_space_that_stands_in_two_segments_is_seen() -> None:
    document = Document("a", "a b", segments=(_piece(0, 2), _piece(1, 3)))
    assert uncovered(document) == (Span("text", 1, 2, " "),)


def test_a_segment_inside_another_is_one_fault_and_hides_no_other() -> None:
    document = Document("a", "abcdef gh", segments=(_piece(0, 6), _piece(1, 3)))
    first, second = uncovered(document)
    assert first.text.startswith("bc")
    assert second == Span("text", 6, 9, " gh")


@unhurried
@given(documents())
def test_pairs_are_the_translated_segments_in_order_without_noise(document: Document) -> None:
    indexes = [index for index, _ in document.pairs]
    assert indexes == sorted(set(indexes))
    for index, segment in enumerate(document.segments):
        expected = segment.target is not None and segment.role != "noise"
        assert (index in indexes) is expected
    assert all(document.segments[index] is segment for index, segment in document.pairs)


@unhurried
@given(documents())
def test_the_translation_holds_the_target_of_every_pair_in_order(document: Document) -> None:
    position = 0
    for _, segment in document.pairs:
        position = document.translation.index(segment.target or "", position) + len(segment.target or "")
    if not document.pairs:
        assert document.translation == ""


def test_the_translation_keeps_paragraphs_and_lines_and_leaves_noise_out() -> None:
    text = "Titre\n\nUne phrase. Deux phrases.\nUne ligne.\n\nPartager\n\nFin."
    places = [("Titre", 0), ("Une phrase.", 1), ("Deux phrases.", 1), ("Une ligne.", 2), ("Partager", 3), ("Fin.", 4)]
    english = ["Title", "One sentence.", "Two sentences.", "One line.", "Share", "End."]
    segments = tuple(
        Segment(
            text.index(piece),
            text.index(piece) + len(piece),
            "noise" if piece == "Partager" else "paragraph",
            piece,
            block,
            target=target,
        )
        for (piece, block), target in zip(places, english, strict=True)
    )
    document = Document("a", text, segments=segments)
    assert document.translation == "Title\n\nOne sentence. Two sentences.\nOne line.\n\nEnd."


def test_the_summary_is_its_sentences_as_one_paragraph() -> None:
    sentences = (SummarySentence("One.", (0,)), SummarySentence("Two.", (1,)))
    assert Summary("Head", sentences).text == "One. Two."
    assert Summary(None, ()).text == ""


def test_a_document_cannot_be_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        Document("a", "texte").text = "autre"  # type: ignore[misc]


def _piece(start: int, end: int) -> Segment:
    return Segment(start, end, "paragraph", "", 0)


def _with(document: Document, index: int, segment: Segment) -> tuple[Segment, ...]:
    return (*document.segments[:index], segment, *document.segments[index + 1 :])
