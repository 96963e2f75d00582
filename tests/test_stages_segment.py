"""The stage segment: sentences with their places in the original, of which nothing is lost."""

from __future__ import annotations

import pickle
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document, Role, Segment, uncovered
from pipeline.languages.normalize import normalize
from pipeline.stages.segment import SegmentSentences, segment


def _document(text: str, language: str | None = "fr", role: Role = "paragraph", confidence: float = 0.9) -> Document:
    """Return a document as cleaning and detecting leave it, each line a block."""
    lines = [match for match in re.finditer(r"[^\n]+", text) if match[0].strip()]
    blocks = (
        Segment(start, end, role, normalize(text[start:end]).text, number, None, language, confidence)
        for number, line in enumerate(lines)
        for start, end in [(line.start() + len(line[0]) - len(line[0].lstrip()), line.start() + len(line[0].rstrip()))]
    )
    return Document("a", text, language=language, confidence=confidence, segments=tuple(blocks))


def _pieces(document: Document) -> list[str]:
    return [document.text[sentence.start : sentence.end] for sentence in document.segments]


def test_each_sentence_has_its_place_its_words_and_its_block() -> None:
    text = "Le titre\n\nM. Dufour a gagné 9,4 millions. Il s'en va."
    done = segment(_document(text))
    assert _pieces(done) == ["Le titre", "M. Dufour a gagné 9,4 millions.", "Il s'en va."]
    assert [sentence.source for sentence in done.segments] == _pieces(done)
    assert [sentence.block for sentence in done.segments] == [0, 1, 1]
    assert {(sentence.role, sentence.language, sentence.confidence) for sentence in done.segments} == {
        ("paragraph", "fr", 0.9)
    }


def test_places_are_those_of_the_original_where_normalising_changed_it() -> None:
    text = "«\u00a0L\u2019e\u0301te\u0301\u00a0!\u00a0» La fi\u00adn.\u00a0\u200b Le\u202ftout."
    done = segment(_document(text))
    assert [sentence.source for sentence in done.segments] == ["« L'été ! »", "La fin.", "Le tout."]
    assert _pieces(done) == [text[: text.index(" La")], "La fi\u00adn.\u00a0\u200b", "Le\u202ftout."]
    assert not uncovered(done)


def test_a_hard_wrapped_paragraph_is_cut_by_sentences_and_not_by_lines() -> None:
    text = "Le maire a\nparlé. Il a\nconclu."
    block = Segment(0, len(text), "paragraph", normalize(text).text, 0, language="fr", confidence=1.0)
    done = segment(Document("a", text, language="fr", segments=(block,)))
    assert [sentence.source for sentence in done.segments] == ["Le maire a parlé.", "Il a conclu."]
    assert _pieces(done) == ["Le maire a\nparlé.", "Il a\nconclu."]


def test_noise_stays_as_it_is() -> None:
    document = _document("Photo : J. Dufour. Tous droits réservés.", role="noise")
    assert segment(document) == document


def test_the_rules_are_those_of_the_block() -> None:
    text = "Il habite av. Foch. Il écrit."
    assert len(segment(_document(text, "fr")).segments) == 2
    assert len(segment(_document(text, "en")).segments) == 3
    assert [s.source for s in segment(_document("Am 3. Mai. Dann nichts.", "de")).segments] == [
        "Am 3. Mai.",
        "Dann nichts.",
    ]


def test_a_document_without_a_language_is_cut_as_well() -> None:
    assert len(segment(_document("Oui. Non.", None)).segments) == 2


def test_an_english_sentence_in_a_french_block_is_in_english() -> None:
    text = (
        "Le ministre a cité la phrase en anglais. We will never accept the terms of this agreement. Puis il est parti."
    )
    done = segment(_document(text))
    assert [sentence.language for sentence in done.segments] == ["fr", "en", "fr"]
    assert (done.segments[1].confidence or 0) >= 0.95 and done.segments[0].confidence == 0.9


def test_a_french_sentence_in_an_english_block_is_in_french() -> None:
    text = "The minister then spoke in French. Nous ne pouvons pas accepter les termes de cet accord. He left the room."
    assert [sentence.language for sentence in segment(_document(text, "en")).segments] == ["en", "fr", "en"]


def test_a_slogan_or_a_third_language_is_no_change_of_language() -> None:
    text = "Le public a crié. We never give up! El ayuntamiento votó el lunes por la noche una subida del impuesto."
    assert {sentence.language for sentence in segment(_document(text)).segments} == {"fr"}


def test_without_languages_sentences_have_that_of_their_block() -> None:
    document = _document("Il a lu. We will never accept the terms of this agreement.")
    assert {sentence.language for sentence in segment(document, ()).segments} == {"fr"}


ORIGINALS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("«»“”\"'’().….!?-—:  \n\n\t\u00a0\u202f\u00ad\u200b\ufeff\u2028\x01ABMaeéﬁ1\u0301"),
    ),
    max_size=80,
)


@settings(max_examples=300, deadline=None)
@given(ORIGINALS, st.sampled_from(["fr", "en", None, "es"]))
def test_all_of_any_text_is_in_one_sentence_in_order(text: str, language: str | None) -> None:
    document = _document(text, language)
    stage = pickle.loads(pickle.dumps(SegmentSentences()))
    stage.setup()
    (done,) = stage.process([document])
    assert not uncovered(done)
    assert (done.id, done.text, done.findings) == (document.id, document.text, document.findings)
    blocks = {block.block: block for block in document.segments}
    assert {sentence.block for sentence in done.segments} == set(blocks)
    position = 0
    for sentence in done.segments:
        assert position <= sentence.start <= sentence.end
        assert blocks[sentence.block].start <= sentence.start and sentence.end <= blocks[sentence.block].end
        position = sentence.end


@settings(max_examples=200, deadline=None)
@given(ORIGINALS)
def test_the_words_of_the_sentences_are_those_of_the_block(text: str) -> None:
    document = _document(text)
    for block in document.segments:
        words = "".join(s.source for s in segment(document).segments if s.block == block.block)
        assert words.replace(" ", "") == block.source.replace(" ", "")
