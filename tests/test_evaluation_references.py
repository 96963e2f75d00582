"""References come in several forms; what does not fit is one clear error that names the first ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import evaluation
from pipeline.errors import InputError
from pipeline.evaluation.references import read
from pipeline.evaluation.rendering import lines
from scored_runs import STORIES, reference_folder, stories, write


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write(tmp_path / "run", stories())


def rows(path: Path, *found: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
    return path


def whole() -> list[dict[str, object]]:
    return [{"id": name, "reference": " ".join(row[2] for row in lines)} for name, lines in STORIES.items()]


def bleu(run: Path, path: Path, **options: bool) -> tuple[float, float]:
    found = evaluation.evaluate(run, [path], ["bleu"], **options)
    return found.values["bleu"], next(score.count for score in found.scores if score.name == "bleu")


def test_a_folder_json_lines_and_csv_give_the_same_score(run: Path, tmp_path: Path) -> None:
    expected = bleu(run, reference_folder(tmp_path))
    assert bleu(run, rows(tmp_path / "r.jsonl", *whole())) == expected
    table = tmp_path / "r.csv"
    written = ["id,reference", *(f'{row["id"]},"{row["reference"]}"' for row in whole())]
    table.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(written).encode())
    assert bleu(run, table) == expected


def test_scores_against_references_stand_above_the_others(run: Path, tmp_path: Path) -> None:
    """Some forty scores need no references; what a reader with references looks for is not below them."""
    shown = list(lines(evaluation.evaluate(run, [reference_folder(tmp_path)], ["bleu", "chrf2"])))
    assert [row.split()[0] for row in shown[:3]] == ["score", "BLEU", "chrF2"]


def test_several_references_of_a_document_are_a_list_or_numbered_files(tmp_path: Path) -> None:
    listed = read([rows(tmp_path / "r.jsonl", {"id": 7, "references": ["One.", "Two."], "summary": "Short."})])
    assert (listed.translations, listed.summaries) == ({"7": ("One.", "Two.")}, {"7": ("Short.",)})
    room = tmp_path / "numbered"
    room.mkdir()
    for name, text in {"a.ref0": "One.", "a.ref1": "Two.", "a.summary.ref10": "Ten.", "a.summary.ref2": "Two."}.items():
        (room / name).write_text(text)
    numbered = read([room])
    assert numbered.translations == {"a": ("One.", "Two.")}
    assert numbered.summaries == {"a": ("Two.", "Ten.")}


def test_the_layout_of_the_seed_references_is_read(tmp_path: Path) -> None:
    """Of `x.en`, line by line, and `x.translation.en`, with its paragraphs, the second is the whole translation."""
    for name in ("x.fr", "x.en", "x.translation.en", "x.summary.en"):
        (tmp_path / name).write_text(name)
    found = read([tmp_path])
    assert (found.translations, found.summaries) == ({"x": ("x.translation.en",)}, {"x": ("x.summary.en",)})


def test_an_id_that_stands_whole_in_the_name_goes_before_the_stem(tmp_path: Path) -> None:
    run = write(tmp_path / "run", [*stories(), stories()[0].__class__("ponts", "x")])
    room = reference_folder(tmp_path)
    with pytest.raises(InputError, match=r"there is none for 'ponts\.txt'"):
        evaluation.evaluate(run, [room], ["bleu"])
    (room / "ponts.txt.en").write_text("The whole id.")
    assert bleu(run, room)[1] == 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda found: found[1:], "there is none for 'ponts.txt', which the run has translated"),
        (lambda found: [*found, {"id": "x", "reference": "y"}], "'x' is of no document in the run"),
        (lambda found: [*found, found[0]], "'ponts.txt' has two"),
        (lambda found: [{**found[0], "reference": " "}, *found[1:]], "'ponts.txt' has an empty one"),
        (lambda found: [{**found[0], "reference": 5}, *found[1:]], "is a text or a list of texts"),
        (lambda found: [{"reference": "x"}], "row 1 has no id"),
        (lambda found: [{"id": "ponts.txt", "refrence": "x"}], "did you mean 'reference'"),
        (
            lambda found: [{"id": f"other{n}", "reference": "x"} for n in range(9)],
            "'other2' and 6 more are of no document",
        ),
    ],
)
def test_rows_that_do_not_fit_are_named(run: Path, tmp_path: Path, change, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError) as caught:
        evaluation.evaluate(run, [rows(tmp_path / "r.jsonl", *change(whole()))])
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_partial_scores_what_has_a_reference(run: Path, tmp_path: Path) -> None:
    found = rows(tmp_path / "r.jsonl", *whole()[:2], {"id": "x", "reference": "y"})
    assert bleu(run, found, partial=True)[1] == 2
    with pytest.raises(InputError, match="none of them"):
        bleu(run, rows(tmp_path / "s.jsonl", {"id": "x", "reference": "y"}), partial=True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"One.\nTwo.\n", "has 2 lines, bitext.en of the run has 7"),
        (b"One.\n\nThree.\n \nFive.\nSix.\nSeven.\n", "lines 2, 4 of"),
        (b"caf\xe9\n" * 7, "is not UTF-8 (byte 3)"),
        (b"", "line 1 of"),
    ],
)
def test_lines_that_do_not_answer_the_bitext_are_refused(run: Path, tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "r.en"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        evaluation.evaluate(run, [path])
    assert words in str(caught.value)


def test_a_line_ends_at_a_line_feed_and_nowhere_else(tmp_path: Path) -> None:
    path = tmp_path / "r.en"
    path.write_bytes("One\u2028and a half.\r\nTwo\x85.\n".encode())
    assert read([path]).streams == (("One\u2028and a half.", "Two\x85."),)


def test_forms_are_not_mixed_and_an_empty_folder_says_what_it_should_hold(tmp_path: Path) -> None:
    (tmp_path / "r.en").write_text("One.\n")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="give one kind"):
        read([tmp_path / "r.en", tmp_path / "empty"])
    with pytest.raises(InputError, match=r"ID\.en, ID\.txt"):
        read([tmp_path / "empty"])
