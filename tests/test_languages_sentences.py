"""Sentence segmentation: the hard cases of French and English prose, and the laws that hold for any text."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.languages.sentences import split

DATA = Path(__file__).parent / "data"


def _cases(code: str) -> Iterator[list[str]]:
    """Yield the expected sentences of each case of a data file; lines that begin with "# " are comments."""
    for block in (DATA / f"sentences_{code}.txt").read_text(encoding="utf-8").split("\n\n"):
        if lines := [line for line in block.splitlines() if line and not line.startswith("# ")]:
            yield lines


def _split(text: str, code: str = "fr") -> list[str]:
    return [text[start:end] for start, end in split(text, code)]


@pytest.mark.parametrize("sentences", _cases("fr"), ids=lambda sentences: sentences[0][:40])
def test_french_hard_case(sentences: list[str]) -> None:
    assert _split(" ".join(sentences)) == sentences


@pytest.mark.parametrize("sentences", _cases("en"), ids=lambda sentences: sentences[0][:40])
def test_english_hard_case(sentences: list[str]) -> None:
    assert _split(" ".join(sentences), "en") == sentences


@pytest.mark.parametrize("code", ["fr", "en"])
def test_cases_run_on_into_each_other_keep_nearly_all_their_boundaries(code: str) -> None:
    """Context must not hide what single cases show; a list label after a number is the one thing that may go astray."""
    cases = list(_cases(code))
    lines = [line for case in cases for line in case]
    expected, position = set(), 0
    for line in lines:
        position += len(line)
        expected.add(position)
        position += 1
    found = {end for _, end in split(" ".join(lines), code)}
    hits = len(expected & found)
    assert 2 * hits / (len(expected) + len(found)) > 0.98


@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        ("es", ["¿Qué pasa?", "¡Nada!", "La Sra. Ruiz se fue."]),
        ("de", ["Am 3. Mai kam Dr. Braun.", "Er blieb bis 2019.", "Dann ging er."]),
        ("zh", ["他来了。", "她走了！", "为什么？"]),
        ("ar", ["من أنت؟", "أنا هنا."]),
        ("xx", ["Una frase.", "Otra frase."]),
        ("../fr", ["Una frase.", "Otra frase."]),
    ],
)
def test_other_languages_get_the_general_rules(code: str, sentences: list[str]) -> None:
    assert _split(("" if code == "zh" else " ").join(sentences), code) == sentences


def test_a_lost_space_between_sentences_is_seen() -> None:
    assert _split("Le conseil prend fin.Le maire sort.") == ["Le conseil prend fin.", "Le maire sort."]
    assert _split("Qui paiera ?Les clients.") == ["Qui paiera ?", "Les clients."]
    assert _split("Il hésite…« Non », dit-elle.") == ["Il hésite…", "« Non », dit-elle."]


@pytest.mark.parametrize(
    "text", ["Voir Verdanne.Com demain.", "Voir https://exemple.fr/rapport.Le/texte demain.", "Mme.Dupont et M.Durand."]
)
def test_addresses_and_titles_are_not_lost_spaces(text: str) -> None:
    assert _split(text) == [text]


def test_a_blank_line_ends_a_sentence_and_a_line_break_does_not() -> None:
    assert _split("Un titre\n \n\nUn texte\nsur deux lignes. Fin") == ["Un titre", "Un texte\nsur deux lignes.", "Fin"]


def test_marks_without_words_join_the_sentence_before_them() -> None:
    assert _split("Il part. ***") == ["Il part. ***"]
    assert _split("- ... !") == ["- ... !"]
    assert _split(" \n\t\u00a0") == []


def test_white_space_at_the_ends_stays_outside() -> None:
    assert split("  Oui. \u2003Non.\n") == [(2, 6), (8, 12)]


ODD_TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("«»\"'“”()[]….!?:;,-–—  \n\n\u00a0\u00adAaBÉé1M")), max_size=80
)


@settings(max_examples=300, deadline=None)
@given(ODD_TEXTS, st.sampled_from(["fr", "en", "de"]))
def test_only_white_space_stands_outside_of_sentences(text: str, code: str) -> None:
    position = 0
    for start, end in split(text, code):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()


@pytest.mark.parametrize(
    "piece",
    ["Le maire a dit non. ", "M. ", ". ", "((a. ", '." ', "A.", "… ", "« a ! » b, (c. D) ", ".« ", "\n ", "a@b."],
)
def test_time_is_linear_on_one_long_line(piece: str) -> None:
    """A quadratic rule would take minutes here; linear ones take under a second."""
    text = piece * (200_000 // len(piece))
    started = time.perf_counter()
    split(text)
    assert time.perf_counter() - started < 10
