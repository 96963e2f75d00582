"""Select and rewrite: what the small model gets, which of its answers stand, what stands in for them, what is cited."""

from __future__ import annotations

from fakes import ScriptedModel
from pipeline.document import Document, Segment, Summary, SummarySentence
from pipeline.seq2seq import Decoding, Hypothesis
from pipeline.stages.summarize import Summarize
from pipeline.summarization.arrangement import fitting
from pipeline.summarization.article import Article, Draft, Length
from pipeline.summarization.compression import compress
from pipeline.summarization.headline import headlines
from pipeline.summarization.select_rewrite import HEADLINE, SUMMARY
from pipeline.summarization.selection import FEATURES, Weights, is_sentence, select
from pipeline.summarization.verify import SURE, UNSURE, Claim, verified

YARD = "The regional council voted on Tuesday to close the Lorvic shipyard, which employs 230 people."
COST = "The Lorvic shipyard has lost €14 million in three years, according to the council."
UNION = "However, the unions intend to occupy the shipyard from Monday until the council meets again."
GULLS = "Seagulls circled over the old harbour for most of the morning."
QUIET = "Nobody in the bakery on the square wanted to speak of it."
STORY = (YARD, COST, UNION, GULLS, QUIET)
SHORT_YARD = "The regional council voted to close the Lorvic shipyard."


def weights(**factors: float) -> Weights:
    row = [factors.get(name, 0.0) for name in FEATURES]
    size = len(FEATURES)
    data = {"features": FEATURES, "mean": [0] * size, "scale": [1] * size, "layers": [{"weight": [row], "bias": [0]}]}
    return Weights.from_dict(data)


EARLY = weights(reciprocal_position=9.0)


def summary(model: ScriptedModel, *texts: str, length: Length | None = None) -> Summary:
    segments = tuple(Segment(0, 0, "paragraph", "x", i, language="fr", target=text) for i, text in enumerate(texts))
    stage = Summarize(load=lambda: model, selector=EARLY, length=length or Length(1))
    (after,) = stage.process([Document("a", "", language="fr", segments=segments)])
    assert after.summary is not None
    return after.summary


def close(
    texts: tuple[str, ...], draft: Draft, model: ScriptedModel | None = None, anchored: bool = True
) -> SummarySentence:
    (found,) = verified(model or ScriptedModel(), [Claim(draft, texts, anchored)], Decoding(), SUMMARY, closely=True)
    return found


def test_the_model_reads_sentences_without_what_a_rule_may_leave_out() -> None:
    model = ScriptedModel()
    summary(model, *STORY)
    assert any(text.startswith(SUMMARY + SHORT_YARD) for text, _ in model.asked)


def test_the_next_best_answer_stands_where_the_best_does_not() -> None:
    better = Hypothesis(SHORT_YARD, -0.4)
    found = close((YARD,), Draft("The regional council voted to close the Lorvic bakery.", (0,), (better,), -0.3))
    assert (found.text, found.origin) == (SHORT_YARD, "model")
    assert [verdict.rung for verdict in found.verdicts] == ["first", "next-best"]


def test_where_no_answer_stands_the_shortened_support_does_and_says_so() -> None:
    found = close((YARD,), Draft("The council of seagulls voted 231 times.", (0,)))
    assert (found.text, found.origin, found.support) == (SHORT_YARD, "extracted", (0,))


def test_a_guess_does_not_stand_and_a_sure_model_may_reword() -> None:
    assert close((YARD,), Draft(SHORT_YARD, (0,), score=UNSURE - 0.1)).origin == "extracted"
    reworded = "The regional council has voted to shut the Lorvic shipyard."
    assert close((YARD,), Draft(reworded, (0,), score=SURE + 0.1)).text == reworded
    assert close((YARD,), Draft(reworded, (0,), score=SURE - 0.1)).text != reworded


def test_only_the_sentences_that_a_summary_sentence_needs_are_cited() -> None:
    found = close((YARD, COST, GULLS), Draft(SHORT_YARD, (2, 5, 7), score=-0.4))
    assert (found.text, found.support) == (SHORT_YARD, (2,))


def test_a_pronoun_at_the_head_stands_only_behind_the_sentence_that_names_its_noun() -> None:
    voted = "It voted to close the Lorvic shipyard after four hours."
    support = ("The council met in Lorvic on Monday morning.", voted)
    draft = Draft(voted, (3, 4), score=-0.1)
    assert close(support, draft, anchored=True).text == voted
    silent = ScriptedModel({SUMMARY + support[0]: "Nonsense."})
    assert close(support, draft, silent, anchored=False).text == support[0]


def test_a_connective_is_taken_off_a_sentence_that_stands_in() -> None:
    found = close((UNION,), Draft("Nonsense.", (2,)))
    assert found.text.startswith("The unions intend to occupy")


def sentences(*texts: str) -> list[SummarySentence]:
    return [SummarySentence(text, (index,)) for index, text in enumerate(texts)]


def drafts(*values: float) -> list[Draft]:
    return [Draft("", (index,), weight=value) for index, value in enumerate(values)]


def test_what_matters_most_is_kept_within_the_words_and_short_ones_fill_the_room() -> None:
    made = sentences(COST, YARD, "Talks begin on Friday.", GULLS)
    kept = fitting(made, drafts(0.5, 0.9, 0.3, 0.4), Length(words=21))
    assert [sentence.text for sentence in kept] == [YARD, "Talks begin on Friday."]


def test_of_two_sentences_that_say_the_same_the_one_that_matters_more_stands() -> None:
    kept = fitting(sentences(SHORT_YARD, YARD, GULLS), drafts(0.2, 0.9, 0.1), Length(3))
    assert [sentence.text for sentence in kept] == [YARD, GULLS]


def test_one_sentence_always_stands() -> None:
    assert len(fitting(sentences(YARD), drafts(0.1), Length(words=10))) == 1


def test_words_asked_for_are_used_up_by_more_than_two_short_sentences() -> None:
    short = [
        f"The town of Lorvic{letter} closed its {noun}."
        for letter, noun in zip("abcdef", ("mill", "port", "yard", "bank", "inn", "zoo"), strict=True)
    ]
    found = summary(ScriptedModel(), *short, *STORY, length=Length(words=40))
    assert 28 <= len(found.text.split()) <= 40


def test_captions_and_torn_pieces_are_not_chosen() -> None:
    assert not is_sentence("From left: Anne Petit and Paul Roux") and not is_sentence("million were lost in all.")
    assert is_sentence(YARD) and is_sentence('She said: "We will stay here."')
    texts = ["From left: Anne Petit and Paul Roux", *STORY]
    assert all(0 not in group for group in select(texts, None, 3, EARLY))


def test_a_written_headline_is_the_first_answer_that_its_sentences_bear_out() -> None:
    answers = Hypothesis(
        "Council closes Lorvic shipyard with 900 jobs",
        -0.2,
        alternatives=(Hypothesis("Council votes to close Lorvic shipyard", -0.3),),
    )
    model = ScriptedModel({HEADLINE + f"{SHORT_YARD} {COST} {compress(UNION)}": answers})
    assert headlines(model, [Article(STORY)], Decoding(), HEADLINE, True) == ["Council votes to close Lorvic shipyard"]
