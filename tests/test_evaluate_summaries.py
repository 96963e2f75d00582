"""Each measure of a summary on examples small enough to count by hand, and the report on a folder of test sets."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from pipeline import config
from pipeline.document import Document, Summary, SummarySentence, uncovered
from scripts.evaluate_models.measures import bootstrap, cut, novelty, rouge, signature
from scripts.evaluate_models.stories import Story, document, read
from scripts.evaluate_models.summaries import Outcome, body, origins, report, tables

BODY = (
    "The toy maker Velbrun will close its factory in Lorvic. It employs 230 people there.",
    "The mayor said that the town would fight for every job. Talks begin on Monday.",
)


def test_a_text_is_cut_to_as_many_words_as_another_has() -> None:
    assert cut("one two three four", "a b c") == "one two three"
    assert cut("one two", "a b c") == "one two"
    assert cut("one two", "") == ""


def test_rouge_counts_shared_words_and_pairs() -> None:
    """Three of four words and one of three pairs are shared; the longest common run in order has three words."""
    assert rouge("the mill shut today", "the old mill shut") == pytest.approx(
        {"rouge1": 0.75, "rouge2": 1 / 3, "rougeL": 0.75}
    )


def test_a_difference_that_every_document_shows_is_real_and_a_mixed_one_is_not() -> None:
    same = bootstrap([0.5] * 9, [0.4] * 9, 200)
    assert (same.mean, same.low, same.high) == pytest.approx((0.1, 0.1, 0.1)) and same.is_real
    mixed = bootstrap([0.1, 0.9] * 6, [0.9, 0.1] * 6, 200)
    assert mixed.mean == pytest.approx(0) and mixed.low < 0 < mixed.high and not mixed.is_real


def test_the_bootstrap_gives_the_same_interval_each_time_and_needs_pairs() -> None:
    ours, theirs = [0.1, 0.5, 0.4, 0.7], [0.2, 0.3, 0.3, 0.5]
    assert bootstrap(ours, theirs, 300) == bootstrap(ours, theirs, 300)
    with pytest.raises(ValueError, match="0 scores beside 0"):
        bootstrap([], [])
    with pytest.raises(ValueError, match="1 scores beside 2"):
        bootstrap([0.1], [0.1, 0.2])


def test_novel_pairs_are_those_that_the_article_lacks() -> None:
    """ "cat slept" is new; "the cat" is not, whatever its capitals; pairs do not reach over two summary sentences."""
    assert novelty(["The cat slept."], "The cat sat. It slept.") == (1, 2)
    assert novelty(["The cat", "sat."], "The cat sat.") == (0, 1)
    assert novelty([], "The cat sat.") == (0, 0)


def test_the_share_of_extracted_sentences_and_all_origins_are_told() -> None:
    sentences = [SummarySentence("A.", (0,), origin) for origin in ("model", "extracted", "model", "regenerated")]
    assert origins(sentences) == "25.0% fell back to an extracted one (1 extracted, 2 model, 1 regenerated)"


def test_the_signature_names_version_variant_and_seed() -> None:
    assert all(part in signature() for part in ("rouge-score 0.", "Porter stems", "rougeL", "10000 resamples, seed 1"))


def written(number: int) -> dict[str, Any]:
    lines = [{"role": "headline", "en": "Velbrun leaves Lorvic"}, {"role": "noise", "en": "Read also"}]
    lines += [{"role": "paragraph", "en": text} for text in BODY]
    return {"id": str(number), "lines": lines, "summary": ["Velbrun will close in Lorvic, where 230 people work."]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [json.dumps(written(number)) for number in range(3)]
    (tmp_path / "written-news.dev.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    with lzma.open(tmp_path / "news-headlines-articles.test.jsonl.xz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({"document": "\n".join(BODY), "summary": "Velbrun to close its Lorvic factory"}) + "\n")
    return tmp_path


def test_stories_are_whole_english_documents_and_noise_is_left_out(folder: Path) -> None:
    stories = read(folder / "written-news.dev.jsonl", 2)
    assert len(stories) == 2
    assert stories[0].headline == "Velbrun leaves Lorvic"
    assert uncovered(stories[0].document) == ()
    assert body(stories[0].document)[1] == "It employs 230 people there."
    assert "Read also" not in stories[0].document.text
    (wire,) = read(folder / "news-headlines-articles.test.jsonl.xz")
    assert wire.summary == wire.headline == "Velbrun to close its Lorvic factory"
    assert all(segment.role == "paragraph" for segment in wire.document.segments)


def test_every_set_that_is_there_has_its_scores_and_the_last_line_the_signature(
    folder: Path, tiny_config: Path
) -> None:
    lines = list(tables(folder, config.load(tiny_config), 1))
    assert [line.split(":")[0] for line in lines if not line.startswith((" ", "["))] == [
        "news-headlines-articles.test",
        "written-news.dev",
    ]
    assert sum("ROUGE-2: ours" in line for line in lines) == 2
    assert lines[-1] == f"[{signature()}]"


def test_a_folder_without_the_sets_says_which_are_looked_for(tmp_path: Path, tiny_config: Path) -> None:
    with pytest.raises(SystemExit, match=r"none of news-two-sentences\.test"):
        list(tables(tmp_path, config.load(tiny_config)))


def outcome(*sentences: SummarySentence, headline: str | None = None) -> Outcome:
    return Outcome(
        Story(_article(), "Velbrun will close its factory.", "Velbrun leaves"), Summary(None, sentences), headline
    )


def _article() -> Document:
    return document("1", [("paragraph", text) for text in BODY])


def test_figures_and_names_that_the_support_lacks_are_counted_and_whole_articles_left_out() -> None:
    wrong = SummarySentence("Castagne will close its factory with 231 people.", (0, 1), "model")
    whole = SummarySentence("The toy maker Velbrun will close its factory in Lorvic.", (0,), "whole")
    lines = list(report("set", [outcome(wrong), outcome(whole)]))
    assert lines[0] == "set: 1 articles; 1 more no longer than the summary asked for"
    assert "1 figures and 1 names without support" in lines[-2]
    assert "2.00 cited a sentence" in lines[-2]


def test_headlines_stand_beside_the_first_sentence_cut_to_their_length() -> None:
    lines = list(report("set", [outcome(SummarySentence("Talks begin.", (3,)), headline="Velbrun leaves")]))
    assert "headlines: written for 1 of 1" in lines[-2]
    assert "ours 100.0, first sentence cut to that length 0.0" in lines[-1]
