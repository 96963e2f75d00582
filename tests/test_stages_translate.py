"""Translation: what reaches the model, what is kept as it is, and what stands when nothing good comes back."""

from __future__ import annotations

from dataclasses import replace

from fakes import ScriptedModel
from pipeline.document import Document, Finding, Segment
from pipeline.seq2seq import Hypothesis
from pipeline.stages.translate import Translate


def document(*segments: Segment, language: str | None = "fr", text: str = "") -> Document:
    return Document("a", text, language=language, segments=segments)


def sentence(source: str, language: str = "fr", role: str = "paragraph", block: int = 0) -> Segment:
    return Segment(0, 0, role, source, block, language=language)  # type: ignore[arg-type]


def run(model: ScriptedModel, *documents: Document) -> list[Document]:
    return Translate(load=lambda: model).process(documents)


def test_each_sentence_gets_its_target_its_score_and_its_verdict() -> None:
    model = ScriptedModel({"Il pleut.": "It is raining."})
    (segment,) = run(model, document(sentence("Il pleut.")))[0].segments
    assert (segment.target, segment.score) == ("It is raining.", -0.5)
    assert [(v.rung, v.kept) for v in segment.verdicts] == [("first", True)]


def test_a_sentence_that_comes_again_is_translated_once() -> None:
    model = ScriptedModel()
    run(model, document(sentence("Il pleut."), sentence("Il pleut.")), document(sentence("Il pleut.")))
    assert [text for text, _ in model.asked] == ["Il pleut."]


def test_noise_never_reaches_the_model_and_has_no_target() -> None:
    model = ScriptedModel()
    (segment,) = run(model, document(sentence("Abonnez-vous", role="noise")))[0].segments
    assert segment.target is None
    assert not model.asked


def test_symbols_alone_never_reach_the_model_and_are_kept() -> None:
    model = ScriptedModel()
    (segment,) = run(model, document(sentence("— * … 😀")))[0].segments
    assert segment.target == "— * … 😀"
    assert not model.asked


def test_english_inside_a_french_article_is_kept_as_it_is() -> None:
    model = ScriptedModel()
    (segment,) = run(model, document(sentence("We will not give up.", "en")))[0].segments
    assert segment.target == "We will not give up."
    assert segment.verdicts[0].rung == "kept-english"


def test_an_english_article_is_its_own_translation() -> None:
    (segment,) = run(ScriptedModel(), document(sentence("It rains.", "en"), language="en"))[0].segments
    assert segment.target == "It rains."


def test_a_document_in_a_language_that_is_not_translated_is_left_alone() -> None:
    skipped = (Finding("language-skipped", "document", "it is in Spanish"),)
    before = replace(document(sentence("Está lloviendo.", "es"), language="es"), findings=skipped)
    assert run(ScriptedModel(), before) == [before]


def test_a_document_that_is_kept_is_its_own_text() -> None:
    (after,) = run(ScriptedModel(), document(sentence("Está lloviendo.", "es"), language="es"))
    assert (after.translation, after.segments[0].verdicts[0].rung) == ("Está lloviendo.", "kept-source")


def test_a_hopeless_answer_leaves_the_french_in_place_and_says_so() -> None:
    model = ScriptedModel({"Il pleut.": Hypothesis("", -9.0)})
    (segment,) = run(model, document(sentence("Il pleut.")))[0].segments
    assert segment.target == "Il pleut."
    assert (segment.verdicts[-1].rung, segment.verdicts[-1].problems) == ("source", ("untranslated",))
    assert [v.kept for v in segment.verdicts].count(True) == 1


def test_only_its_own_fields_are_changed() -> None:
    before = document(sentence("Il pleut."), sentence("Photo AFP", role="noise", block=1), text="Il pleut.\nPhoto AFP")
    (after,) = run(ScriptedModel(), before)
    strip = lambda d: replace(d, segments=tuple(replace(s, target=None, score=None, verdicts=()) for s in d.segments))  # noqa: E731
    assert strip(after) == before
