"""Substitution and hints in the training pairs: what is changed is changed alike on both sides, the rest is not."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.backends.hints import read_hints
from scripts.train_translator.hints import Hinter, dictionary, lemma_counts, table, write_table
from scripts.train_translator.names import Names
from scripts.train_translator.substitution import shared_names, substitute

NEWS = [
    ("Selon Mme Kerbrat, la mairie de Trévignac a versé 1 250,5 euros.", "Ms. Kerbrat says Trévignac paid €1,250.5."),
    ("Le maire d'Orvalin, Paul Ardouin, part.", "The mayor of Orvalin, Paul Ardouin, is leaving."),
    ("La société Belmontel a vendu 87 camions à Dravelle.", "Belmontel, the firm, sold 87 lorries to Dravelle."),
]
NAMES = Names(shared_names(NEWS) * 4)


def digits(text: str) -> list[str]:
    return re.findall(r"\d", text)


@given(st.integers(2, 999_999), st.integers(1, 99), st.integers(0, 10_000))
def test_a_figure_is_changed_alike_on_both_sides(whole: int, decimals: int, seed: int) -> None:
    english = f"{whole:,}.{decimals}"
    french = english.translate(str.maketrans({",": " ", ".": ","}))
    pair = substitute((f"Il manque {french} tonnes.", f"{english} tonnes are missing."), NAMES, random.Random(seed))
    assert digits(pair[0]) == digits(pair[1])
    assert re.sub(r"[\d., ]+", "0", pair[0]) == "Il0manque0tonnes0"


@pytest.mark.parametrize("seed", range(30))
def test_a_figure_keeps_its_kind(seed: int) -> None:
    """A year stays a year and a day a day of any month; what is singular, zero or an hour is not touched."""
    french = "Le 14 mars 2019, 1 homme a marché 007 pas dès 9 h."
    english = "On March 14, 2019, 1 man walked 007 steps from 9 a.m."
    other = substitute((french, english), NAMES, random.Random(seed))
    found = re.fullmatch(r"Le (\d+) mars (\d{4}), 1 homme a marché 007 pas dès 9 h\.", other[0])
    assert found and 1 < int(found[1]) < 29 and 1900 <= int(found[2]) <= 2035
    assert other[1] == f"On March {found[1]}, {found[2]}, 1 man walked 007 steps from 9 a.m."


def test_a_figure_that_stands_twice_is_left_alone() -> None:
    """Which of the two the other side means is not known."""
    pair = ("Le 5 entre 5 et 31.", "The 5 is between 5 and 31.")
    for seed in range(20):
        french, english = substitute(pair, NAMES, random.Random(seed))
        assert french.startswith("Le 5 entre 5 et ") and digits(french) == digits(english)


@pytest.mark.parametrize("seed", range(30))
def test_a_name_is_changed_alike_and_elides_as_before(seed: int) -> None:
    french, english = substitute(NEWS[1], NAMES, random.Random(seed))
    found = re.fullmatch(r"Le maire d'(\w+), (\w+) (\w+), part\.", french)
    assert found and english == f"The mayor of {found[1]}, {found[2]} {found[3]}, is leaving."
    assert found[1][0] in "AEIOUYHÉÈ"


def test_names_are_new_and_acronyms_stay_acronyms() -> None:
    rng, real = random.Random(3), ["Marenne", "Varelle", "Garents", "Marennac", "Varetz", "Garellon"]
    names = Names(real)
    made = {names.like("Kerbrat", rng) for _ in range(200)}
    assert len(made - set(real)) > 5
    assert re.fullmatch("[A-Z]{4}", names.like("CFDT", rng))


def test_known_words_are_no_names() -> None:
    names = Names(shared_names(NEWS), known=["Kerbrat"])
    assert all("Kerbrat" in substitute(NEWS[0], names, random.Random(seed))[1] for seed in range(10))


WORDS = {"licenciement": ["dismissal", "layoff"], "grève": ["strike"]}


def test_a_rare_word_gets_its_hint_and_the_target_stays() -> None:
    hinter = Hinter(WORDS, {}, random.Random(1))
    pair = ("Les licenciements ont surpris.", "The layoffs surprised everyone.")
    seen = {hinter.hinted(pair) for _ in range(60)}
    assert {target for _, target in seen} == {pair[1]}
    assert {source for source, _ in seen} == {
        pair[0],
        "Les licenciements # dismissal # ont surpris.",
        "Les licenciements # layoff # ont surpris.",
    }


def test_a_frequent_word_gets_only_a_hint_that_fits_its_sentence() -> None:
    hinter = Hinter(WORDS, {"licenciement": 10_000}, random.Random(1))
    seen = {hinter.hinted(("Les licenciements.", "The layoffs.")) for _ in range(2000)}
    assert {source for source, _ in seen} == {"Les licenciements.", "Les licenciements # layoff #."}
    assert {hinter.hinted(("Les licenciements.", "They left.")) for _ in range(2000)} == {
        ("Les licenciements.", "They left.")
    }


def test_the_shipped_table_has_the_rare_words_of_the_dictionary(tmp_path: Path) -> None:
    """Verbs without their "to", no expressions, no remarks in brackets; and it reads back as it was written."""
    words = dictionary(
        [("gréer", "to rig"), ("aller de soi", "to go"), ("cale", "hold (ship)"), ("cale", "wedge"), ("Paris", "Paris")]
    )
    assert words == {"gréer": ["rig"], "cale": ["hold", "wedge"]}
    rows = table(words, lemma_counts(["elle grée"] * 100))
    assert rows == {"cale": "hold"}
    write_table(rows, tmp_path / "hints.tsv")
    assert read_hints(tmp_path / "hints.tsv") == rows
