"""Summaries: every sentence cites its segments, none stands that its support does not bear out, nothing is cut."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from fakes import ScriptedModel
from pipeline.document import Document, Segment, Summary, SummarySentence, Verdict
from pipeline.seq2seq import Decoding, Hypothesis
from pipeline.stages.summarize import Summarize
from pipeline.summarization import map_reduce
from pipeline.summarization.article import Article, Draft, Length
from pipeline.summarization.support import find
from pipeline.summarization.verify import Claim, verified

MAYOR = "The mayor of Lyon, Anne Petit, announced on Monday that twelve schools would open before winter."
COST = "The work will cost the city €40 million, half of it paid by the region."
UNION = "The teachers' union says that the classrooms will still be too small."
WEATHER = "It rained all day on the square where the children had gathered."
BODY = (MAYOR, COST, UNION, WEATHER)
LONG = (
    *BODY,
    "Parents will be told in June which of the twelve schools their children can attend.",
    "The city council voted for the plan by a wide majority after four hours of debate.",
    "Opponents of the mayor say that the plan was drawn up in haste before the elections.",
    "Two of the buildings date from the last century and have to be repaired first.",
)


def document(*targets: str, role: str = "paragraph", **fields: object) -> Document:
    segments = [
        Segment(0, 0, role, "x", block, language="fr", target=target)  # type: ignore[arg-type]
        for block, target in enumerate(targets)
    ]
    return Document("a", "", language="fr", segments=tuple(segments), **fields)  # type: ignore[arg-type]


def summary(model: ScriptedModel, before: Document, **settings: object) -> Summary:
    stage = Summarize(load=lambda: model, **settings)  # type: ignore[arg-type]
    (after,) = stage.process([before])
    assert after.summary is not None
    return after.summary


def test_each_sentence_cites_the_segments_that_it_rests_on() -> None:
    written = (
        "Twelve schools will open in Lyon before winter, the mayor announced. The city pays €40 million for the work."
    )
    found = summary(ScriptedModel({" ".join(BODY): written}), document(*BODY))
    assert [s.support for s in found.sentences] == [(0,), (1,)]
    assert all(s.origin == "model" for s in found.sentences)


def test_a_figure_that_the_support_lacks_is_written_again() -> None:
    model = ScriptedModel(
        {
            " ".join(BODY): "The work will cost the city €90 million.",
            COST: "The city will pay €40 million for the work.",
        }
    )
    (sentence,) = summary(model, document(*BODY)).sentences
    assert (sentence.text, sentence.origin) == ("The city will pay €40 million for the work.", "regenerated")
    assert sentence.verdicts[0].problems


def test_a_figure_that_is_wrong_again_gives_way_to_the_best_supporting_sentence() -> None:
    model = ScriptedModel(
        {" ".join(BODY): "The work will cost the city €90 million.", COST: "The work costs the city €91 million."}
    )
    (sentence,) = summary(model, document(*BODY)).sentences
    assert (sentence.text, sentence.origin, sentence.support) == (COST, "extracted", (1,))
    assert [v.kept for v in sentence.verdicts] == [False, False, True]


def test_a_name_that_the_support_lacks_does_not_stand() -> None:
    model = ScriptedModel(
        {" ".join(BODY): "Gérard Dupont announced that twelve schools would open before winter in Lyon."}
    )
    (sentence,) = summary(model, document(*BODY)).sentences
    assert "Dupont" not in sentence.text


def test_an_article_as_short_as_its_summary_is_returned_as_it_is_and_says_so() -> None:
    model = ScriptedModel()
    (after,) = Summarize(load=lambda: model).process([document(MAYOR, COST)])
    assert after.summary is not None
    assert [s.text for s in after.summary.sentences] == [MAYOR, COST]
    assert {s.origin for s in after.summary.sentences} == {"whole"}
    assert [f.kind for f in after.findings] == ["summary-whole"]
    assert not model.asked


@pytest.mark.parametrize("sentences", [1, 2, 4])
def test_the_length_asked_for_in_sentences_is_kept(sentences: int) -> None:
    model = ScriptedModel({" ".join(LONG): " ".join(LONG)}, max_source_tokens=400)
    assert len(summary(model, document(*LONG), length=Length(sentences)).sentences) == sentences


def test_the_length_asked_for_in_words_is_not_exceeded() -> None:
    model = ScriptedModel({" ".join(LONG): " ".join(LONG)}, max_source_tokens=400)
    found = summary(model, document(*LONG), length=Length(words=35))
    assert 0 < len(found.text.split()) <= 35


def test_one_sentence_over_the_words_asked_for_stands_and_says_so() -> None:
    model = ScriptedModel({" ".join(BODY): MAYOR})
    (after,) = Summarize(load=lambda: model, length=Length(words=10)).process([document(*BODY)])
    assert after.summary is not None
    assert [s.text for s in after.summary.sentences] == [MAYOR]
    assert [f.kind for f in after.findings] == ["summary-long"]


def test_two_documents_of_one_id_keep_their_own_summaries() -> None:
    first, second = Summarize(load=ScriptedModel).process([document(MAYOR), document(COST)])
    assert first.summary and first.summary.text == MAYOR
    assert second.summary and second.summary.text == COST


@pytest.mark.parametrize("problem", ["untranslated", "copy"])
def test_a_sentence_that_is_still_french_is_not_in_the_summary(problem: str) -> None:
    french = Segment(
        0, 0, "paragraph", "x", 9, target="Le maire de Lyon.", verdicts=(Verdict("source", (problem,), True),)
    )
    before = document(MAYOR, COST)
    (after,) = Summarize(load=ScriptedModel).process([replace(before, segments=(french, *before.segments))])
    assert after.summary is not None
    assert [s.text for s in after.summary.sentences] == [MAYOR, COST]


def test_what_an_article_yields_does_not_depend_on_its_neighbours() -> None:
    long = Article(tuple(f"Sentence number {n} speaks of town {n} and of nothing else at all." for n in range(40)))
    other = Article(tuple(f"Town {n} says nothing." for n in range(90)))
    model = LeadModel(max_source_tokens=60)
    together = map_reduce.draft(model, [long, other], Length(3), Decoding())
    alone = [map_reduce.draft(model, [article], Length(3), Decoding())[0] for article in (long, other)]
    assert together == alone


def test_a_summary_in_pieces_takes_from_all_of_them() -> None:
    """Where pieces do not get shorter, what the article says most often is kept, wherever it stands."""
    filler = [f"Zor{letter}o plak{letter}i vun{letter}a." for letter in "abcdefghijklmnopqrst"]
    sentences = (*filler, "The mayor resigned over the bridge.", "The bridge cost the mayor his office.")
    (drafts,) = map_reduce.draft(SameModel(max_source_tokens=30), [Article(sentences)], Length(2), Decoding())
    assert {index for found in drafts for index in found.support} & {20, 21}


def test_headings_and_noise_are_not_summarised_and_the_headline_is_the_summarys() -> None:
    model = ScriptedModel({" ".join(BODY): MAYOR})
    before = document(*BODY)
    extra = (
        Segment(0, 0, "headline", "x", 9, language="fr", target="Lyon opens schools"),
        Segment(0, 0, "noise", "x", 8),
    )
    found = summary(model, Document("a", "", language="fr", segments=(*extra, *before.segments)))
    assert found.headline == "Lyon opens schools"
    assert found.sentences[0].support == (2,)


def test_a_document_without_english_has_no_summary() -> None:
    before = Document("a", "x", language="es", segments=(Segment(0, 1, "paragraph", "x", 0, language="es"),))
    assert Summarize(load=ScriptedModel).process([before]) == [before]


def test_a_document_kept_in_another_language_is_not_summarised() -> None:
    kept = Segment(
        0, 1, "paragraph", "Está lloviendo.", 0, target="Está lloviendo.", verdicts=(Verdict("kept-source", (), True),)
    )
    before = Document("a", "x", language="es", segments=(kept,))
    assert Summarize(load=ScriptedModel).process([before]) == [before]


def test_an_article_of_which_no_english_stands_says_so() -> None:
    french = Segment(
        0, 0, "paragraph", "x", 0, target="Le maire.", verdicts=(Verdict("source", ("untranslated",), True),)
    )
    (after,) = Summarize(load=ScriptedModel).process([Document("a", "x", language="fr", segments=(french,))])
    assert after.summary is None
    assert [finding.kind for finding in after.findings] == ["summary-missing"]


def test_a_sentence_that_comes_twice_stands_once() -> None:
    model = ScriptedModel({" ".join(BODY): f"{MAYOR} {MAYOR}"})
    assert len(summary(model, document(*BODY)).sentences) == 1


class LeadModel(ScriptedModel):
    """Summarises by its first ten words, so that what it was given can be told from what it says."""

    def _answer(self, text: str, decoding: Decoding) -> Hypothesis:
        return Hypothesis(" ".join(text.split()[:10]).rstrip(".") + ".", -0.5)


class SameModel(ScriptedModel):
    """Returns what it was given: a summary that never gets shorter."""

    def _answer(self, text: str, decoding: Decoding) -> Hypothesis:
        return Hypothesis(text, -0.5)


def test_an_article_over_the_models_window_is_read_whole_in_pieces_that_fit() -> None:
    sentences = tuple(f"Sentence number {n} speaks of town {n} and of nothing else at all." for n in range(60))
    model = LeadModel(max_source_tokens=80)
    (drafts,) = map_reduce.draft(model, [Article(sentences)], Length(3), Decoding())
    read = " ".join(text for text, _ in model.asked)
    assert all(re.search(rf"\bnumber {n}\b", read) for n in range(60))
    assert 1 <= len(drafts) <= 3


def test_a_summary_that_does_not_get_shorter_ends_all_the_same() -> None:
    sentences = tuple(f"Sentence number {n} speaks of town {n} and of nothing else at all." for n in range(30))
    echo = ScriptedModel(max_source_tokens=60)
    (drafts,) = map_reduce.draft(echo, [Article(sentences)], Length(3), Decoding())
    assert len(drafts) <= 3


def test_articles_go_through_the_model_together_and_come_back_apart() -> None:
    model = ScriptedModel({MAYOR: MAYOR, COST: COST})
    drafts = map_reduce.draft(model, [Article((MAYOR,)), Article((COST,))], Length(1), Decoding())
    assert [d[0].text for d in drafts] == [MAYOR, COST]


def test_support_is_what_shares_the_content_words_in_the_order_of_the_article() -> None:
    assert find("The region pays half of the €40 million that Lyon's schools cost.", BODY) == (0, 1)
    assert find("Nothing here.", BODY) == ()


def test_a_claim_without_fault_costs_no_second_call() -> None:
    model = ScriptedModel()
    (sentence,) = verified(model, [Claim(Draft(COST, (1,)), (COST,))], Decoding())
    assert sentence == SummarySentence(COST, (1,), "model", (Verdict("first", (), True),))
    assert not model.asked
