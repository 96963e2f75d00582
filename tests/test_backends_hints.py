"""Dictionary hints: which words get one, and that they reach the model and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.backends.hints import Hinted, read_hints, with_hints
from pipeline.errors import ModelError
from pipeline.facts.hinting import answered, facts_hinted, figure_hints, name_hints
from pipeline.seq2seq import Decoding
from tests.fakes import ScriptedModel

TABLE = {"licenciement": "dismissal", "chalutier": "trawler", "aboyer": "bark"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trois licenciements, hier.", "Trois licenciements # dismissal #, hier."),
        ("Le chien aboyait.", "Le chien aboyait # bark #."),
        ("Il craint l'aboyer.", "Il craint l'aboyer # bark #."),
        ("Mme Chalutier et LE CHALUTIER", "Mme Chalutier et LE CHALUTIER"),
        ("Un super-chalutier-usine", "Un super-chalutier-usine"),
        ("Le # chalutier", "Le # chalutier"),
        ("2 # two # licenciements", "2 # two # licenciements # dismissal #"),
        ("un chalutier # boat #, # chalutier #", "un chalutier # boat #, # chalutier #"),
    ],
)
def test_a_lower_case_word_of_the_table_gets_its_hint_behind_it(text: str, expected: str) -> None:
    assert with_hints(text, TABLE.get) == expected


@given(st.text())
def test_without_an_entry_every_text_stays_as_it_is(text: str) -> None:
    assert with_hints(text, lambda word: None) == text


def test_the_model_reads_hints_in_all_that_it_counts_and_generates() -> None:
    model = ScriptedModel({"Un chalutier # trawler # coule.": "A trawler sinks."})
    hinted = Hinted(model, TABLE)
    assert hinted.generate(["Un chalutier coule."], Decoding())[0].text == "A trawler sinks."
    assert hinted.count_tokens(["Un chalutier coule."]) == model.count_tokens(["Un chalutier # trawler # coule."])
    assert hinted.max_source_tokens == model.max_source_tokens


def test_a_text_with_the_english_of_its_figures_gets_no_dictionary_hints() -> None:
    given = "14 % # 14% # des chalutiers coulent."
    model = ScriptedModel({given: "14% of the trawlers sink."})
    assert Hinted(model, TABLE).generate([given], Decoding())[0].text == "14% of the trawlers sink."


def test_a_broken_table_is_an_error_that_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "hints.tsv"
    path.write_text("mot\tword\nmot sans rien\n", encoding="utf-8")
    with pytest.raises(ModelError, match="line 2"):
        read_hints(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il coûte 2,5 milliards d'euros.", "Il coûte 2,5 milliards d'euros # €2.5 billion #."),
        ("Le 3 mars 2024, 14 % de moins", "Le 3 mars 2024 # March 3, 2024 #, 14 % # 14% # de moins"),
        ("Trois ans et douze mille voix", "Trois ans et douze mille # 12,000 # voix"),
        ("Après 2 h 30 d'attente", "Après 2 h 30 d'attente"),
        ("# 12 000 voix", "# 12 000 voix"),
    ],
)
def test_figures_get_their_english_by_rule(text: str, expected: str) -> None:
    """Small numbers are words in English, and a length of time looks like a time of day: neither gets a hint."""
    assert facts_hinted(text, "fr") == expected


def test_a_training_pair_gets_only_the_hints_that_its_english_has() -> None:
    hints = figure_hints("De 30 à 11 300 voix", "fr")
    assert answered(hints, "From thirty to 11,300 votes") == [(14, "11,300")]


def test_names_are_their_own_hints() -> None:
    assert name_hints("Selon Paul Kerdreux-Vil, la CGT d'Oslo part.") == [(23, "Paul Kerdreux-Vil"), (31, "CGT")]
