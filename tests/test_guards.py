"""The guards see what is wrong with a hypothesis; the ladder tries again and keeps the least bad."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import ScriptedModel
from pipeline.facts.hinting import facts_hinted
from pipeline.guards.clauses import fitting
from pipeline.guards.hypothesis import problems, repeats, severity
from pipeline.guards.ladder import climb
from pipeline.guards.repair import repaired
from pipeline.seq2seq import Decoding, Hypothesis

FRENCH = "Le plan coûte 2,5 milliards d'euros à la ville."
RIGHT = "The plan costs the city €2.5 billion."


def found(source: str, target: str, finished: bool = True) -> tuple[str, ...]:
    return problems(source, Hypothesis(target, -0.5, finished), "fr", "en")


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (FRENCH, RIGHT, ()),
        (FRENCH, "", ("empty",)),
        ("Le train part à 8 h 13.", "The train leaves at 8:13 a.m.", ()),
        ("Le train part à 9 h 15.", "The train leaves at 9:15 a.m.", ()),
        ("Le train part à 14 h 30.", "The train leaves at 14:30 p.m.", ("time-malformed",)),
        ("Plus de vélos à Nantes", "More bikes in Nantes \ufffd\ufffd", ("garbled",)),
        (FRENCH, "… !", ("empty",)),
        (FRENCH, "The plan costs the city €2.5 million.", ("number-changed",)),
        (FRENCH, "The plan costs the city a lot of money.", ("number-missing",)),
        (FRENCH, "The plan costs the city $2.5 billion.", ("currency-changed",)),
        ("Il neige à Lyon.", "It snows snows snows snows in Lyon.", ("repetition",)),
        ("Il neige à Lyon.", "hahahahahahahahaha", ("repetition",)),
        ("Le maire est venu hier dans la ville de Lyon.", "Le maire est venu hier dans la ville de Lyon.", ("copy",)),
        ("Emmanuel Macron", "Emmanuel Macron", ()),
        (
            "Il neige.",
            "It is snowing today in the whole of the country and in a few others as well, they say.",
            ("too-long",),
        ),
        ("Le maire est venu hier inaugurer la nouvelle piscine municipale.", "The mayor came.", ("too-short",)),
        ("L'accord date du 17/01/2025.", "The agreement is dated January 17, 2025.", ()),
        ("L'accord date du 17/01/2025.", "The agreement is dated July 1, 2025.", ("date-changed",)),
    ],
)
def test_each_kind_of_fault_is_seen_and_good_text_passes(source: str, target: str, expected: tuple[str, ...]) -> None:
    assert found(source, target) == expected


def test_text_that_did_not_end_is_a_problem() -> None:
    assert found(FRENCH, RIGHT, finished=False) == ("unfinished",)


def test_a_source_that_repeats_itself_may_be_repeated() -> None:
    assert "repetition" not in found("Non, non, non, non, non !", "No, no, no, no, no!")


@pytest.mark.parametrize(
    ("text", "count"), [("a b c", 1), ("a a a", 3), ("a b a b a b x", 3), ("le plan et le plan", 1), ("", 1)]
)
def test_repeats_counts_runs_that_follow_each_other(text: str, count: int) -> None:
    assert repeats(text) == count


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_pair_of_texts_can_be_judged(source: str, target: str) -> None:
    assert severity(found(source, target)) >= 0


def test_a_good_first_answer_is_kept_and_no_other_rung_is_tried() -> None:
    model = ScriptedModel({FRENCH: RIGHT})
    (attempt,) = climb(model, [(FRENCH, "fr")], Decoding(), "en")
    assert attempt.text == RIGHT
    assert [(v.rung, v.problems, v.kept) for v in attempt.verdicts] == [("first", (), True)]
    assert len(model.asked) == 1


def test_the_wider_beam_is_searched_for_a_hypothesis_without_fault() -> None:
    def answer(text: str, decoding: Decoding) -> Hypothesis:
        wrong = Hypothesis("The plan costs the city money.", -0.1)
        return (
            Hypothesis(wrong.text, wrong.score, True, (Hypothesis(RIGHT, -0.4),)) if decoding.hypotheses > 1 else wrong
        )

    (attempt,) = climb(ScriptedModel({FRENCH: answer}), [(FRENCH, "fr")], Decoding(), "en")
    assert attempt.text == RIGHT
    assert [(v.rung, v.kept) for v in attempt.verdicts] == [("first", False), ("wider-beam", True)]


def test_a_model_that_takes_hints_is_given_the_right_figures_first() -> None:
    """The text goes in again with the English of its figure behind it; a model without hints never sees a mark."""
    model = ScriptedModel({FRENCH: "The plan costs money.", facts_hinted(FRENCH, "fr"): RIGHT})
    model.takes_hints = True
    (attempt,) = climb(model, [(FRENCH, "fr")], Decoding(), "en")
    assert "# €2.5 billion #" in model.asked[1][0]
    assert (attempt.text, attempt.verdicts[-1].rung) == (RIGHT, "figures-given")


NAMED = "Mme Kerdreux-Vil a parlé à Tolvea."


@pytest.mark.parametrize(
    ("second", "kept"),
    [
        ("Ms. Kerdreux-Vil spoke to Tolvea.", True),
        ("Ms. Kerdrau spoke to Tolva.", False),
        ("Ms. Kerdreux-Vil spoke to Tolvea 31 times.", False),
    ],
)
def test_a_lost_name_is_put_behind_itself_and_the_answer_taken_if_nothing_gets_worse(second: str, kept: bool) -> None:
    first = "Ms. Kerdrau spoke to Tolva."
    model = ScriptedModel({NAMED: first, "Mme Kerdreux-Vil # Kerdreux-Vil # a parlé à Tolvea # Tolvea #.": second})
    model.takes_hints = True
    (attempt,) = climb(model, [(NAMED, "fr")], Decoding(), "en")
    assert attempt.text == (second if kept else first)
    assert [(v.rung, v.kept) for v in attempt.verdicts] == [("first", not kept), ("names-given", kept)]


def test_a_loop_is_broken_by_forbidding_repeated_trigrams() -> None:
    def answer(text: str, decoding: Decoding) -> str:
        return "It snows in Lyon." if decoding.no_repeat_ngram_size else "It snows it snows it snows it snows"

    (attempt,) = climb(ScriptedModel({"Il neige à Lyon.": answer}), [("Il neige à Lyon.", "fr")], Decoding(), "en")
    assert attempt.text == "It snows in Lyon."
    assert attempt.verdicts[-1].rung == "no-repeat"


def test_what_no_rung_mends_keeps_the_least_bad_and_its_problems() -> None:
    (attempt,) = climb(ScriptedModel({FRENCH: "The plan costs money."}), [(FRENCH, "fr")], Decoding(), "en")
    assert attempt.problems
    assert [v.rung for v in attempt.verdicts] == ["first", "wider-beam", "split"]
    assert sum(v.kept for v in attempt.verdicts) == 1


def test_one_wrong_figure_in_a_sure_place_is_put_right_without_another_search() -> None:
    model = ScriptedModel({FRENCH: "The plan costs the city €2.4 billion."})
    (attempt,) = climb(model, [(FRENCH, "fr")], Decoding(), "en")
    assert attempt.text == RIGHT
    assert [v.rung for v in attempt.verdicts] == ["first", "repair"]
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (
            "L'accord date du 17/01/2025.",
            "The agreement is dated July 17, 2025.",
            "The agreement is dated January 17, 2025.",
        ),
        ("Quatre-vingt-dix salariés sont partis.", "Twenty-four employees left.", "90 employees left."),
        ("Le titre a cédé 3,4 %.", "The share fell 4.3%.", "The share fell 3.4%."),
        (
            "Ils recevront 1 200,50 € par titre.",
            "They will receive €1.20050 a share.",
            "They will receive €1,200.50 a share.",
        ),
        ("Le pain coûte 1,05 €.", "Bread costs €1.50.", "Bread costs €1.05."),
        ("La réunion a débuté à 14 h 30.", "The meeting began at 4:30 p.m.", "The meeting began at 2:30 p.m."),
        ("La réunion a débuté à 14 h 30.", "It began at 14:30 a.m.", "It began at 2:30 p.m."),
        ("L'accord date du 17/01/2025.", "The agreement is of 17/1, 2025.", "The agreement is of January 17, 2025."),
        ("Le trajet dure 3 heures.", "The trip takes 4 hours.", None),
        ("Elle a couru en 2 h 45.", "She ran in 3 hours 45 minutes.", None),
        ("Il a été élu avec 1 200 voix.", "He was elected with 10% of the vote.", None),
        ("Le titre perd -3,2 % à Paris.", "The share is down 3.4% in Paris.", None),
        ("Cela coûte 5 millions de francs.", "It costs 6 million francs.", None),
        ("Le procès ira du 3 mars au 5 avril.", "The trial ends on April 5.", None),
        ("De 12 à 15 cas.", "From 21 to 51 cases.", None),
        ("Il y a 12 cas.", "There are cases.", None),
        ("Il y a 12 cas.", "There are 12 cases.", None),
    ],
)
def test_a_repair_sets_in_the_right_figure_or_does_nothing_where_it_is_not_sure(
    source: str, target: str, expected: str | None
) -> None:
    assert repaired(source, "fr", target, "en") == expected


@given(st.text(alphabet="ab ,;:", min_size=1, max_size=400), st.integers(3, 20))
def test_pieces_fit_the_model_and_lose_nothing_but_white_space(text: str, limit: int) -> None:
    model = ScriptedModel(max_source_tokens=limit)
    pieces = fitting(model, text)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(model.count_tokens([piece])[0] <= limit for piece in pieces)


def test_a_long_sentence_is_cut_at_a_clause_not_in_the_middle_of_one() -> None:
    text = "Le maire est venu hier soir à Lyon ; il a parlé longtemps de la ville et de ses écoles"
    assert fitting(ScriptedModel(max_source_tokens=12), text) == [
        "Le maire est venu hier soir à Lyon ;",
        "il a parlé longtemps de la ville et de ses écoles",
    ]


def test_a_sentence_over_the_limit_says_that_it_was_split() -> None:
    text = ("un mot " * 40).strip()
    (attempt,) = climb(ScriptedModel(max_source_tokens=20), [(text, "fr")], Decoding(), "en")
    assert attempt.verdicts[0].rung == "split-long"
