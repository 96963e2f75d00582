"""The figures of the metrics are those that are worked out by hand or published, in the comments beside them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Document, Segment, Verdict
from pipeline.evaluation.fragments import extractiveness, fragments
from pipeline.evaluation.metrics.measured import Measured
from pipeline.evaluation.metrics.rouge import Rouge
from pipeline.evaluation.metrics.sacre import SacreBleu
from pipeline.evaluation.reference_free import tallies
from pipeline.evaluation.resampling import intervals, p_values
from pipeline.evaluation.units import Units, sentence_lines
from pipeline.evaluation.words import novel, repeated, words
from pipeline.scores import catalogue
from scored_runs import article
from strategies import documents, unhurried

CAT = "the cat sat on the mat"


def units(hypotheses: list[str], *references: list[str | None], unit: str = "segment") -> Units:
    names = tuple(f"d{place}" for place in range(len(hypotheses)))
    return Units(unit, names, tuple(hypotheses), tuple(hypotheses), tuple(map(tuple, references)))  # type: ignore[arg-type]


def score(name: str, hypothesis: str, *references: str) -> float:
    (found,) = SacreBleu(name).score(units([hypothesis], *([text] for text in references)))
    assert found.value is not None
    return found.value


@pytest.mark.parametrize(
    ("name", "hypothesis", "reference", "expected"),
    [
        # n-grams matched of those written: 6/7, 5/6, 4/5, 3/4; their product is 3/7; the hypothesis is longer: BP 1.
        ("bleu", f"{CAT} today", CAT, 100 * (3 / 7) ** 0.25),
        # All n-grams match; 5 words for 6: BP = exp(1 - 6/5).
        ("bleu", "the cat sat on the", CAT, 100 * math.exp(1 - 6 / 5)),
        # Character n-grams matched: 3/4, 2/3, 1/2, 0/1, as precision and as recall; their mean is 23/48.
        ("chrf2", "abcd", "abce", 100 * 23 / 48),
        # Precision 1 and 1; recall 2/3 and 1/2, mean 7/12; F2 = 5PR / (4P + R) = (35/12) / (55/12).
        ("chrf2", "ab", "abc", 100 * 35 / 55),
        # As above with the word itself as a fifth order, 0/1: (3/4 + 2/3 + 1/2 + 0 + 0) / 5.
        ("chrf2pp", "abcd", "abce", 100 * 23 / 60),
        # One substitution for four words of the reference.
        ("ter", "a b c d", "a b x d", 25.0),
        # One shift of one word, for four.
        ("ter", "d a b c", "a b c d", 25.0),
        # An empty hypothesis: four deletions for four words.
        ("ter", "", "a b c d", 100.0),
    ],
)
def test_sacrebleu_gives_what_is_worked_out_by_hand(
    name: str, hypothesis: str, reference: str, expected: float
) -> None:
    assert score(name, hypothesis, reference) == pytest.approx(expected, abs=1e-9)


def test_a_second_reference_may_lend_its_words() -> None:
    """Both halves of the sentence are in one of the two references; the length is that of both: BLEU < 100 for the
    n-grams over the seam alone: 6/6, 4/5, 2/4, 0/3 smoothed (exp) to 1/6: (1 * 4/5 * 1/2 * 1/6) ** 1/4."""
    found = score("bleu", "a b c d e f", "a b c x y z", "u v w d e f")
    assert found == pytest.approx(100 * (4 / 5 * 2 / 4 * 1 / 6) ** 0.25, abs=1e-9)


def rouge(hypothesis: str, *references: str) -> dict[str, float]:
    found: list[Measured] = Rouge().score(units([hypothesis], *([text] for text in references), unit="summary"))
    return {one.name: one.value or 0.0 for one in found}


def test_rouge_gives_what_is_worked_out_by_hand() -> None:
    found = rouge("the cat was under the bed", "the cat was found under the bed")
    # Words: 6 of 6 and 6 of 7, F1 = 12/13. Pairs: 4 of 5 and 4 of 6, F1 = 8/11. The common subsequence has 6 words.
    assert found["rouge1"] == pytest.approx(100 * 12 / 13)
    assert found["rouge2"] == pytest.approx(100 * 8 / 11)
    assert found["rougeL"] == pytest.approx(100 * 12 / 13)


def test_rouge_lsum_is_the_union_of_lin_2004_and_rouge_l_is_not() -> None:
    """Lin (2004), section 3.2: the union of the common subsequences of w1 w2 w3 w4 w5 with two sentences has 4 words.

    Recall 4/5, precision 4/10, F1 = 8/15. Over the whole text in this order the longest is w1 w3 w5: 3/5, 3/10, 2/5.
    """
    found = rouge("w1 w3 w8 w9 w5\nw1 w2 w6 w7 w8", "w1 w2 w3 w4 w5")
    assert found["rougeLsum"] == pytest.approx(100 * 8 / 15)
    assert found["rougeL"] == pytest.approx(100 * 2 / 5)


def test_of_several_references_rouge_takes_the_best_and_stems_words() -> None:
    assert rouge("the cats were running", "nothing here", "the cat were runs")["rouge1"] == pytest.approx(100.0)


ARTICLE = "The mayor opened two new schools in the north on Monday."


@pytest.mark.parametrize(
    ("summary", "lengths", "coverage", "density", "compression"),
    [
        # two | schools | the mayor opened | in the north: 8/8 words; (1 + 1 + 9 + 9) / 8; 11/8 words.
        ("Two schools: the mayor opened, in the north.", [1, 1, 3, 3], 1.0, 20 / 8, 11 / 8),
        # the | (council) | opened two new schools: 5/6 words; (1 + 16) / 6; 11/6 words.
        ("The council opened two new schools", [1, 4], 5 / 6, 17 / 6, 11 / 6),
        # Nothing is copied.
        ("It rained", [], 0.0, 0.0, 11 / 2),
        # The article itself: one fragment of 11 words.
        (ARTICLE, [11], 1.0, 11.0, 1.0),
    ],
)
def test_fragments_are_those_of_grusky_worked_out_by_hand(
    summary: str, lengths: list[int], coverage: float, density: float, compression: float
) -> None:
    assert fragments(words(ARTICLE), words(summary)) == lengths
    found = extractiveness(words(ARTICLE), words(summary))
    assert found is not None
    assert (found.coverage, found.density, found.compression) == pytest.approx((coverage, density, compression))


def test_a_summary_without_words_has_no_coverage() -> None:
    assert extractiveness(words(ARTICLE), words("…")) is None


def as_printed(a: list[str], s: list[str]) -> list[int]:
    """Figure 3 of Grusky et al. (2018), step by step."""
    found, i, j = [], 0, 0
    while i < len(s):
        f = 0
        while j < len(a):
            if s[i] == a[j]:
                i2, j2 = i, j
                while i2 < len(s) and j2 < len(a) and s[i2] == a[j2]:
                    i2, j2 = i2 + 1, j2 + 1
                f, j = max(f, i2 - i), j2
            else:
                j += 1
        i, j = i + max(f, 1), 0
        if f:
            found.append(f)
    return found


letters = st.lists(st.sampled_from("abc"), max_size=14)


@given(letters, letters)
def test_fragments_are_those_of_the_printed_algorithm(article_words: list[str], summary: list[str]) -> None:
    assert fragments(article_words, summary) == as_printed(article_words, summary)


def test_novel_and_repeated_ngrams_are_counted_by_hand() -> None:
    summary = words("The council opened two new schools")
    # "council" is new; so are "the council" and "council opened", of 5; of 4 triples 2; of 3 quadruples 2.
    assert [novel(summary, words(ARTICLE), n) for n in (1, 2, 3, 4)] == [(1, 6), (2, 5), (2, 4), (2, 3)]
    # a b a b a b: the pairs are ab ba ab ba ab, 2 different ones of 5; across two texts nothing repeats.
    assert repeated([["a", "b", "a", "b", "a", "b"]], 2) == (3, 5)
    assert repeated([["a", "b"], ["a", "b"]], 2) == (0, 2)


def test_words_keep_figures_and_contractions_whole() -> None:
    assert words("It's 2.5% (1,200) in Saint-Malo, don’t…") == ["it's", "2.5", "1,200", "in", "saint-malo", "don't"]


def test_facts_are_counted_as_a_reader_counts_them() -> None:
    """1 200 cars became 1,300: no number of one is kept; of two in the English, where the year is a number of its own
    beside day and month, the year is supported. The date, the amount and the name stand in both."""
    french = "Le 17 janvier 2025, la société Varelle a vendu 1 200 voitures pour 3 millions d'euros."
    english = "On January 17, 2025, the company Varelle sold 1,300 cars for €3 million."
    found = tallies(article("a", [(french, english)], [("Varelle sold 1,300 cars.", (0,))]), "fr", "en")
    facts = ("numbers", "dates", "currencies", "names")
    assert [found[f"{fact}_kept_fr_en"] for fact in facts] == [(0, 1), (1, 1), (1, 1), (1, 1)]
    assert [found[f"{fact}_supported_fr_en"] for fact in facts] == [(1, 2), (1, 1), (1, 1), (1, 1)]
    # The summary has the number that its English has, and not the French: borne out by one, not by the other.
    assert found["numbers_supported_en_summary"] == (1, 1)
    assert found["numbers_supported_fr_summary"] == (0, 1)
    assert found["supported_en_summary"] == (0, 1)
    # Of the translation's facts the summary has the number and the name.
    assert [found[f"{fact}_kept_en_summary"] for fact in facts] == [(1, 2), (0, 1), (0, 1), (1, 1)]


def test_a_sentence_that_was_given_up_keeps_nothing_although_its_figures_stand_there() -> None:
    french = "Le 17 janvier 2025, Varelle a vendu 1 200 voitures."
    good = article("a", [(french, french)])
    given_up = Segment(
        0,
        len(french),
        "paragraph",
        french,
        0,
        language="fr",
        target=french,
        verdicts=(Verdict("source", ("untranslated",), True),),
    )
    document = type(good)("a", french, {}, "fr", 1.0, (given_up,))
    found = tallies(document, "fr", "en")
    assert found["untranslated_fr_en"] == (1, 1)
    assert found["numbers_kept_fr_en"] == (0, 1)
    assert found["passed_first_fr_en"] == (0, 1)


def test_noise_is_a_share_of_characters_and_kept_english_is_not_to_translate() -> None:
    noise = Segment(0, 4, "noise", "pub.", 0, reason="advert")
    kept = Segment(
        5,
        17,
        "paragraph",
        "Hello there.",
        1,
        language="en",
        target="Hello there.",
        verdicts=(Verdict("kept-english", (), True),),
    )
    document = type(article("a", []))("a", "pub. Hello there.", {}, "fr", 1.0, (noise, kept))
    found = tallies(document, "fr", "en")
    assert found["noise_fr"] == (4, 16)
    assert found["untranslated_fr_en"] == (0, 0)


@unhurried
@given(documents())
def test_any_document_can_be_scored_and_a_share_is_a_share(document: Document) -> None:
    known = catalogue("fr", "en")
    for name, (numerator, denominator) in tallies(document, "fr", "en").items():
        assert numerator >= 0 and denominator >= 0
        assert known[name].most != 1 or numerator <= denominator, name


def test_an_interval_is_that_of_the_resamples() -> None:
    """Of two documents with 0 and 1 a resample has the mean 0, ½ or 1, with ¼, ½, ¼: the bounds of 95 % are 0 and 1.

    Where all documents are alike the bounds are the value; with one document there are none.
    """
    one = np.ones((2, 1))
    assert intervals(np.array([[0.0], [1.0]]), one) == [(0.0, 1.0)]
    assert intervals(np.array([[3.0], [3.0]]), one) == [(3.0, 3.0)]
    assert intervals(np.array([[3.0]]), np.ones((1, 1))) == [None]
    assert intervals(np.zeros((5, 1)), np.zeros((5, 1))) == [None]


def test_an_interval_is_as_wide_as_theory_says() -> None:
    """200 documents, half 0 and half 1: the standard error is 0.5 / √200; ± 1.96 of them is ± 0.0693."""
    values = np.array([[0.0], [1.0]] * 100)
    low, high = intervals(values, np.ones_like(values))[0] or (0, 0)
    assert (low, high) == pytest.approx((0.5 - 0.0693, 0.5 + 0.0693), abs=0.006)


def test_p_is_the_share_of_swaps_that_differ_as_much() -> None:
    """Five documents, each one better by the same: of the 32 ways to swap, only none and all differ as much: 2/32.

    Equal runs: every way does, p = 1.
    """
    ones, zeros, count = np.ones((5, 1)), np.zeros((5, 1)), np.ones((5, 1))
    assert p_values((ones, count), (zeros, count))[0] == pytest.approx(2 / 32, abs=0.008)
    assert p_values((ones, count), (ones, count)) == [1.0]
    assert p_values((zeros, zeros), (zeros, zeros)) == [None]


def test_a_summary_on_one_line_is_scored_sentence_by_sentence() -> None:
    assert sentence_lines("It rained. Mr. Varelle stayed in.") == "It rained.\nMr. Varelle stayed in."
    assert sentence_lines("One line.\nAnother. Not cut.\n") == "One line.\nAnother. Not cut."
