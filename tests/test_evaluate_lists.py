"""The lists of figures and names are read whole, and a figure counts only where it stands whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fakes import ScriptedModel
from pipeline import config
from pipeline.seq2seq import Decoding
from scripts.evaluate_models.__main__ import main
from scripts.evaluate_models.lists import Item, guarded, kept, list_rows, read_figures, read_names, unguarded
from scripts.train_translator.figures import FRAMES
from scripts.train_translator.figures.frames import BLANK


def item(*expected: tuple[str, ...], exact: bool = False) -> Item:
    return Item("Une phrase.", expected, "amount", exact)


@pytest.mark.parametrize(
    ("ways", "english", "said"),
    [
        (("12",), "There were 12 of them.", True),
        (("12",), "There were 112 of them.", False),
        (("12",), "There were 1,112 of them.", False),
        (("12",), "It rose 12.5%.", False),
        (("12",), "It was the 12th.", False),
        (("12",), "It left at 12:30.", False),
        (("12",), "It cost €12 million.", False),
        (("12",), "There were 12, all told.", True),
        (("€3.4 million",), "A sum of €3.4 million.", True),
        (("€3.4 million",), "A sum of €3.4 billion.", False),
        (("€3.4 million",), "A sum of €13.4 million.", False),
        (("€340", "340 euros"), "It costs 340 euros.", True),
        (("2:30 pm",), "It began at 2:30 p.m.", True),
        (("2:30 pm",), "It began at 12:30 p.m.", False),
        (("twelve",), "Twelve boats sank.", True),
        (("MW",), "It yields 5 MWh.", False),
        (("3-1",), "They won 3–1.", True),
        (("-18",), "It is kept at −18°C.", True),
        (("3 km/h",), "It goes at 3 km/h.", True),
    ],
)
def test_a_figure_is_said_only_where_it_stands_whole(ways: tuple[str, ...], english: str, said: bool) -> None:
    assert (item(ways).missing(english) == []) is said


def test_every_part_must_be_said_and_what_is_not_is_named() -> None:
    both = item(("3", "three"), ("2020",))
    assert both.missing("Three in 2020.") == []
    assert both.missing("Three in 2021.") == ["2020"]


def test_a_name_is_copied_letter_by_letter() -> None:
    name = item(("Évariste Clampagnac",), exact=True)
    assert name.missing("Évariste Clampagnac speaks.") == []
    assert name.missing("Evariste Clampagnac speaks.") == name.missing("évariste clampagnac") == ["Évariste Clampagnac"]
    assert name.missing("Évariste Clampagnacs speak.") == ["Évariste Clampagnac"]


def test_marks_in_a_list_are_escaped_by_a_backslash(tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_text("Une phrase.\t3 km\\/h/3 kph|a\\|b|c\\\\d\trate\n", encoding="utf-8")
    assert read_figures(path) == [Item("Une phrase.", (("3 km/h", "3 kph"), ("a|b",), ("c\\d",)), "rate")]


def test_a_line_without_its_columns_or_its_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_text("Une phrase.\t3\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"list\.tsv, line 1: three columns"):
        read_figures(path)
    path.write_text("Une phrase.\tKerdreux\tperson\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"'Kerdreux' is not in 'Une phrase\.'"):
        read_names(path)


def test_the_lists_are_whole_and_without_doubles() -> None:
    figures, names = read_figures(), read_names()
    assert (len({i.french for i in figures}), len({i.french for i in names})) == (500, 100)
    assert len({i.expected for i in names}) == 100
    assert len({i.kind for i in figures}) > 10
    assert all(len(ways) == len(set(ways)) and all(ways) for i in figures for ways in i.expected)


def test_the_lists_share_no_words_in_a_row_with_the_generated_sentences() -> None:
    """Five words in a row, figures left out, are a frame seen in training."""
    seen = {run for french, _ in FRAMES for part in BLANK.split(french) if part for run in _runs(part)}
    assert [i.french for i in [*read_figures(), *read_names()] if seen & _runs(i.french)] == []


def _runs(text: str, length: int = 5) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W\d_]+", text.lower())
    return {tuple(words[place : place + length]) for place in range(len(words) - length + 1)}


def test_a_sentence_is_kept_when_it_says_all_and_kinds_are_counted_apart() -> None:
    items = [Item("a", (("1",),), "date"), Item("b", (("2",), ("3",)), "amount"), Item("c", (("4",),), "date")]
    assert kept(items, ["1", "2", "4"]) == {"all": (2, 3), "date": (2, 2), "amount": (0, 1)}


def test_the_guards_mend_a_figure_that_the_model_alone_gets_wrong() -> None:
    french = "Le maire a inauguré 12 écoles."
    model = ScriptedModel({french: "The mayor opened 21 schools."})
    twelve = Item(french, (("12",),), "count")
    assert kept([twelve], unguarded(model, [french], Decoding()))["all"] == (0, 1)
    assert kept([twelve], guarded(model, [french], Decoding()))["all"] == (1, 1)


def test_what_cannot_stand_stays_french() -> None:
    assert guarded(ScriptedModel({"Il neige.": ""}), ["Il neige."], Decoding()) == ["Il neige."]


def test_a_list_cut_short_takes_sentences_of_all_kinds(tiny_config: Path) -> None:
    rows = list(list_rows(config.load(tiny_config), 4))
    assert rows[0].startswith("figures: 4 sentences: all said in ") and rows[0].endswith(" with the guards")
    assert all(row.startswith("  ") and " (1): " in row for row in rows[1:5])
    assert any(row.startswith("names: 4 sentences") for row in rows)


def test_the_command_prints_the_lists_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tiny_config: Path
) -> None:
    (tmp_path / "references").mkdir()
    (tmp_path / "a.txt").write_text("Il pleut à Lyon.", encoding="utf-8")
    (tmp_path / "references" / "a.fr").write_text("Il pleut.\n", encoding="utf-8")
    (tmp_path / "references" / "a.en").write_text("It is raining.\n", encoding="utf-8")
    main(["--lists", "--lines", "2", "--config", str(tiny_config), "--seeds", str(tmp_path)])
    assert "figures: 2 sentences" in capsys.readouterr().out
