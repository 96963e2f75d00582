"""The stage detect: the body decides, blocks may differ beyond doubt, and no document passes in silence."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from hypothesis import given, settings

from pipeline.document import Document, Role, Segment
from pipeline.errors import ConfigError, LanguageError
from pipeline.stage import apply
from pipeline.stages.detect import Detect, detect
from tests.strategies import documents

FRENCH = "Le conseil municipal a voté lundi soir une hausse de la taxe foncière, au grand dam des habitants du bourg."
ENGLISH = "The council voted on Monday night to raise property taxes, to the dismay of the people who live there."
SPANISH = "El ayuntamiento votó el lunes por la noche una subida del impuesto, para disgusto de los vecinos del pueblo."

PARAGRAPH: Role = "paragraph"


def _document(*blocks: str | tuple[Role, str], id: str = "a") -> Document:
    """Return a document as cleaning leaves it, each block a line, a paragraph unless it says its role."""
    text, segments = "", []
    for number, block in enumerate(blocks):
        role, source = block if isinstance(block, tuple) else (PARAGRAPH, block)
        segments.append(Segment(len(text), len(text) + len(source), role, source, number))
        text += source + "\n"
    return Document(id, text, segments=tuple(segments))


def _kinds(document: Document) -> list[str]:
    return [finding.kind for finding in document.findings]


def test_french_passes_without_a_finding() -> None:
    found = detect(_document(FRENCH))
    assert (found.language, found.findings) == ("fr", ())
    assert found.confidence is not None and found.confidence > 0.95
    assert (found.segments[0].language, found.segments[0].confidence) == ("fr", found.confidence)


def test_the_body_decides_and_not_the_title() -> None:
    title: tuple[Role, str] = (
        "headline",
        "The House of the Rising Sun, a story about the people of New Orleans and the river",
    )
    found = detect(_document(title, FRENCH))
    assert found.language == "fr"
    assert [segment.language for segment in found.segments] == ["en", "fr"]


def test_a_title_decides_where_there_is_no_body() -> None:
    assert detect(_document(("headline", SPANISH), "Oui.")).language == "es"


def test_noise_is_neither_judged_nor_a_judge() -> None:
    found = detect(_document(FRENCH, ("noise", ENGLISH * 5)))
    assert found.language == "fr"
    assert (found.segments[1].language, found.segments[1].confidence) == (None, None)


def test_a_block_in_another_language_beyond_doubt_has_its_own() -> None:
    found = detect(_document(FRENCH, FRENCH, ENGLISH))
    assert [segment.language for segment in found.segments] == ["fr", "fr", "en"]


def test_a_short_or_unsure_block_has_the_language_of_its_document() -> None:
    found = detect(_document(FRENCH, "Yes!", "Facebook, Apple, Amazon, Netflix, Google"))
    assert [segment.language for segment in found.segments] == ["fr", "fr", "fr"]
    assert found.segments[1].confidence == found.confidence


@pytest.mark.parametrize(("text", "place"), [(SPANISH, "Spanish (es, "), (ENGLISH, "English (en, ")])
def test_another_language_is_skipped_with_its_reason(text: str, place: str) -> None:
    found = detect(_document(text))
    assert _kinds(found) == ["language-skipped"]
    message = found.findings[0].message
    assert f"the document is in {place}" in message and "translates fr" in message and "--other keep" in message
    assert found.findings[0].hop == "document"


def test_a_skipped_document_says_how_much_of_it_is_in_a_wanted_language() -> None:
    found = detect(_document(SPANISH, SPANISH, SPANISH, FRENCH))
    assert "with 1 of 4 blocks in fr" in found.findings[0].message


def test_keep_lets_another_language_pass_with_a_finding() -> None:
    found = detect(_document(SPANISH), other="keep")
    assert (found.language, _kinds(found)) == ("es", ["language-kept"])


def test_fail_marks_the_document_and_spares_its_neighbours() -> None:
    batch = [_document(FRENCH, id="a"), _document(SPANISH, id="b"), _document(FRENCH, id="c")]
    done = apply(Detect(other="fail"), batch)
    assert [document.language for document in done] == ["fr", None, "fr"]
    failure = done[1].failure
    assert failure is not None and (failure.stage, failure.kind) == ("detect", "LanguageError")
    assert "Spanish (es, " in failure.reason and "\n" not in failure.reason and "ayuntamiento" not in failure.reason


def test_fail_raises_for_a_notebook() -> None:
    with pytest.raises(LanguageError, match="Spanish"):
        detect(_document(SPANISH), other="fail")


def test_languages_are_those_that_the_run_translates() -> None:
    assert detect(_document(SPANISH), languages=("fr", "es")).findings == ()
    assert _kinds(detect(_document(FRENCH), languages=("es",))) == ["language-skipped"]


def test_a_text_too_short_to_tell_is_taken_for_the_first_language_and_says_so() -> None:
    found = detect(_document("Oui."), languages=("fr", "es"))
    assert (found.language, found.confidence, _kinds(found)) == ("fr", 0.0, ["language-unknown"])
    assert "too short" in found.findings[0].message and "French (fr)" in found.findings[0].message
    assert (found.segments[0].language, found.segments[0].confidence) == ("fr", 0.0)


def test_an_unsure_answer_skips_nothing() -> None:
    found = detect(_document("ha " * 500))
    assert (found.language, found.confidence, _kinds(found)) == ("fr", 0.0, ["language-unknown"])
    assert "not sure" in found.findings[0].message


@pytest.mark.parametrize("blocks", [(), (("noise", FRENCH),)])
def test_a_document_without_text_is_said_to_be_empty(blocks: tuple[tuple[Role, str], ...]) -> None:
    found = detect(_document(*blocks))
    assert (found.language, found.confidence, _kinds(found)) == (None, None, ["empty"])
    assert found.segments == _document(*blocks).segments


def test_wrong_settings_are_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="did you mean 'skip'"):
        Detect(other="skp")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="at least one language"):
        Detect(languages=())


@settings(max_examples=40, deadline=None)
@given(documents())
def test_only_language_confidence_and_findings_change(document: Document) -> None:
    stage = pickle.loads(pickle.dumps(Detect(other="keep")))
    stage.setup()
    (found,) = stage.process([document])
    assert found.findings[: len(document.findings)] == document.findings
    assert [replace(s, language=None, confidence=None) for s in found.segments] == [
        replace(s, language=None, confidence=None) for s in document.segments
    ]
    unchanged = replace(found, language=None, confidence=None, segments=(), findings=())
    assert unchanged == replace(document, language=None, confidence=None, segments=(), findings=())
