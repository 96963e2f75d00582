"""The choice of the sentences that a summary rests on."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import MissingModelError, ModelError
from pipeline.summarization.selection import (
    FEATURES,
    GROUP_SIZE,
    Weights,
    features,
    load_weights,
    score,
    select,
)
from pipeline.summarization.words import number, stem, words

STORY = [
    "The bakery on the square opened at seven, as it has for forty years.",
    "The regional council voted on Tuesday to close the Lorvic shipyard, which employs 230 people.",
    "He had promised the opposite in March.",
    "The Lorvic shipyard has lost 14 million euros in three years, according to the council.",
    "But the unions intend to occupy the shipyard from Monday.",
    "Will anybody listen to them?",
    '"We were not even told," said a welder, who has two children.',
    "Seagulls circled over the port.",
]
HEADLINE = "Region closes Lorvic shipyard, 230 jobs at stake"


def weights(**factors: float) -> Weights:
    row = [factors.get(name, 0.0) for name in FEATURES]
    size = len(FEATURES)
    data = {"features": FEATURES, "mean": [0] * size, "scale": [1] * size, "layers": [{"weight": [row], "bias": [0]}]}
    return Weights.from_dict(data)


LIKE_HEADLINE = weights(headline_recall=5.0, centrality=2.0)
texts = st.lists(st.one_of(st.sampled_from(STORY), st.text(max_size=60)), max_size=14)


@settings(max_examples=150, deadline=None)
@given(texts, st.one_of(st.none(), st.text(max_size=30)))
def test_every_sentence_has_one_finite_number_for_every_feature(sentences: list[str], headline: str | None) -> None:
    rows = features(sentences, headline)
    assert len(rows) == len(sentences)
    assert all(len(row) == len(FEATURES) and all(map(math.isfinite, row)) for row in rows)
    assert all(0 <= value <= 1 for value in score(rows, LIKE_HEADLINE))


@settings(max_examples=200, deadline=None)
@given(texts, st.integers(1, 5), st.integers(10, 300))
def test_groups_are_small_disjoint_in_document_order_and_no_more_than_asked_for(
    sentences: list[str], count: int, budget: int
) -> None:
    groups = select(sentences, None, count, weights(centrality=3.0), word_budget=budget)
    chosen = [index for group in groups for index in group]
    assert bool(groups) == bool(sentences) and len(groups) <= count
    assert all(1 <= len(group) <= GROUP_SIZE and list(group) == sorted(group) for group in groups)
    assert groups == sorted(groups) and len(set(chosen)) == len(chosen)
    assert all(0 <= index < len(sentences) for index in chosen)


@settings(max_examples=100, deadline=None)
@given(texts, st.integers(1, 4), st.integers(10, 200))
def test_word_budget_is_kept_beyond_the_best_sentence(sentences: list[str], count: int, budget: int) -> None:
    groups = select(sentences, None, count, LIKE_HEADLINE, word_budget=budget)
    lengths = [len(words(sentences[index]).tokens) for group in groups for index in group]
    assert sum(lengths) <= max([budget, *lengths])


def test_choice_follows_the_score() -> None:
    (group,) = select(STORY, HEADLINE, 1, LIKE_HEADLINE, word_budget=20)
    assert group == (1,)


def test_sentence_that_leans_on_the_one_before_brings_it_along() -> None:
    groups = select(STORY, None, 1, weights(anaphor=9.0), word_budget=60)
    assert {1, 2} <= set(groups[0])


def test_sentence_that_says_the_same_again_is_passed_over() -> None:
    twice = ["The council closes the Lorvic shipyard.", *STORY[5:], "The council closes the Lorvic shipyard today."]
    groups = select(twice, "Council closes Lorvic shipyard", 2, weights(headline_recall=0.2), word_budget=18)
    assert [index for group in groups for index in group].count(len(twice) - 1) == 0


def test_features_know_the_place_the_headline_the_quotation_and_the_question() -> None:
    rows = [dict(zip(FEATURES, row, strict=True)) for row in features(STORY, HEADLINE)]
    assert [row["first"] for row in rows] == [1, 0, 0, 0, 0, 0, 0, 0]
    assert [row["last"] for row in rows] == [0, 0, 0, 0, 0, 0, 0, 1]
    assert max(range(8), key=lambda i: rows[i]["headline_recall"]) == 1
    assert [i for i in range(8) if rows[i]["anaphor"]] == [2]
    assert [i for i in range(8) if rows[i]["connective"]] == [4]
    assert [i for i in range(8) if rows[i]["question"]] == [5]
    assert [i for i in range(8) if rows[i]["quotation"]] == [6]
    assert rows[1]["numbers"] > 0 and rows[7]["numbers"] == 0
    assert rows[7]["centrality_rank"] < rows[3]["centrality_rank"]


def test_network_is_affine_layers_with_tanh_between_them_on_normalised_features() -> None:
    size = len(FEATURES)
    first = {"weight": [[0.5] + [0] * (size - 1), [0] * size], "bias": [0.25, 1.0]}
    second = {"weight": [[2.0, -1.0]], "bias": [0.5]}
    data = {"features": FEATURES, "mean": [1] * size, "scale": [2] * size, "layers": [first, second]}
    (value,) = score([[4.0] + [0.0] * (size - 1)], Weights.from_dict(data))
    logit = 2 * math.tanh(0.5 * 1.5 + 0.25) - math.tanh(1.0) + 0.5
    assert value == pytest.approx(1 / (1 + math.exp(-logit)))


@pytest.mark.parametrize(
    "change",
    [
        {"features": ["place"]},
        {"mean": [0.0]},
        {"layers": []},
        {"layers": [{"weight": [[1.0]], "bias": [0.0]}]},
        {"layers": [{"weight": [[0.0] * len(FEATURES)] * 2, "bias": [0.0, 0.0]}]},
        {"layers": [{"weight": "x"}]},
        {"scale": None},
    ],
)
def test_weights_of_another_shape_or_for_other_features_are_refused(change: dict[str, object]) -> None:
    size = len(FEATURES)
    whole = {"features": FEATURES, "mean": [0] * size, "scale": [1] * size}
    whole["layers"] = [{"weight": [[0.0] * size], "bias": [0.0]}]  # type: ignore[assignment]
    Weights.from_dict(whole)
    with pytest.raises(ModelError, match="train them again"):
        Weights.from_dict(whole | change)


def test_missing_and_broken_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match=r"no selector weights at .*selector\.json"):
        load_weights(tmp_path / "selector.json")
    (tmp_path / "selector.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="is not JSON"):
        load_weights(tmp_path / "selector.json")
    (tmp_path / "selector.json").write_text(json.dumps({"features": []}), encoding="utf-8")
    with pytest.raises(ModelError, match="not whole"):
        load_weights(tmp_path / "selector.json")


def test_words_fold_inflection_group_separators_and_spelled_out_numbers() -> None:
    assert stem("closed") == stem("closes") == stem("closing") == stem("close")
    assert number("1,200") == "1200" and number("9.4") == "9.4"
    parts = words("Yesterday Marie's twelve boats sank off Brest with 1,200 tonnes.")
    assert parts.numbers == {"12", "1200"}
    assert parts.names == {"marie", "brest"}
