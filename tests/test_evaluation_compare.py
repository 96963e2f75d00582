"""Two runs side by side: sacreBLEU's own tests against references, ours over documents, and what came and went."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import cli, evaluation
from pipeline.document import Document, Finding
from pipeline.errors import ConfigError, InputError
from pipeline.evaluation.comparison_lines import lines
from scored_runs import STORIES, article, reference_folder, reference_lines, stories, write

BETTER = {
    "On January 17, 2025, the company Varelle sold 1,300 cars for €3 million.": "On 17 January 2025 the firm Varelle sold 1,200 cars for 3 million euros.",
    "The mayor asks for patience.": "The mayor asks people to be patient.",
}


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    return write(tmp_path / "a", stories()), write(tmp_path / "b", stories(BETTER))


def by_name(found: evaluation.Comparison, name: str) -> object:
    return next(one for one in found.differences if one.name == name)


def test_equal_runs_differ_in_nothing(tmp_path: Path) -> None:
    a, b = (write(tmp_path / name, stories()) for name in "ab")
    found = evaluation.compare(a, b, [reference_lines(tmp_path)], ["bleu"])
    assert all(one.change in (0, None) and one.verdict == "" for one in found.differences)
    assert (found.documents, found.only_a, found.only_b) == ((), (), ())


def test_a_score_that_rose_is_shown_with_the_document_that_made_it_rise(runs: tuple[Path, Path]) -> None:
    found = evaluation.compare(*runs)
    kept = by_name(found, "numbers_kept_fr_en")
    assert (kept.a, kept.b, kept.change) == (0.5, 1.0, 0.5)  # type: ignore[attr-defined]
    # One document of three differs: half of the swaps leave the difference as it is or turn it round, all of them.
    assert kept.p == 1.0  # type: ignore[attr-defined]
    assert found.documents[0].id == "ponts.txt"


def many(wrong: int) -> list[Document]:
    french, good, bad = "Le maire a vendu 12 voitures.", "The mayor sold 12 cars.", "The mayor sold 13 cars."
    return [article(f"{n}", [(french, bad if n < wrong else good)]) for n in range(20)]


def test_a_difference_in_many_documents_is_beyond_chance_and_says_which_way_is_better(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a", many(wrong=12)), write(tmp_path / "b", many(wrong=0))
    kept = by_name(evaluation.compare(a, b), "numbers_kept_fr_en")
    assert kept.verdict == "better"  # type: ignore[attr-defined]
    # 2 of the 4,096 ways to swap the twelve documents that differ: p = 0.0005.
    assert kept.p == pytest.approx(2 / 4096, abs=0.001)  # type: ignore[attr-defined]
    assert by_name(evaluation.compare(b, a), "numbers_kept_fr_en").verdict == "worse"  # type: ignore[attr-defined]


@pytest.mark.parametrize("test", ["ar", "bs"])
def test_against_references_the_test_is_that_of_the_sacrebleu_command(
    runs: tuple[Path, Path], tmp_path: Path, test: str
) -> None:
    reference = reference_lines(tmp_path)
    found = evaluation.compare(*runs, [reference], ["bleu", "chrf2"], test)  # type: ignore[arg-type]
    program = Path(sys.executable).with_name("sacrebleu")
    outputs = [str(run / "bitext.en") for run in runs]
    command = [str(program), str(reference), "-i", *outputs, "-m", "bleu", "chrf", f"--paired-{test}"]
    # Of its bootstrap the command cannot print JSON (2.6.0 with numpy 2), so that the table for people is read.
    done = subprocess.run([*command, "-f", "text"], capture_output=True, text=True, check=True)
    theirs = [float(p) for p in re.findall(r"p = (\d\.\d+)", done.stdout)]
    ours = [by_name(found, name) for name in ("bleu", "chrf2")]
    assert [one.p for one in ours] == pytest.approx(theirs, abs=1e-4)  # type: ignore[attr-defined]
    for one in ours:
        assert f"{test}:" in one.signature and "seed:12345" in one.signature  # type: ignore[attr-defined]
        assert one.signature in done.stdout  # type: ignore[attr-defined]


def test_summaries_are_tested_over_documents(runs: tuple[Path, Path], tmp_path: Path) -> None:
    found = evaluation.compare(*runs, [reference_folder(tmp_path)], ["rouge"])
    rouge = by_name(found, "rouge1")
    assert rouge.b > rouge.a and 0 < rouge.p <= 1  # type: ignore[attr-defined]
    assert "unit:document" in rouge.signature and "variant:rouge1" in rouge.signature  # type: ignore[attr-defined]


def test_findings_are_counted_as_they_come_and_go_document_by_document(tmp_path: Path) -> None:
    def with_kinds(document: Document, *kinds: str) -> Document:
        return replace(document, findings=tuple(Finding(kind, "source-target", "…") for kind in kinds))

    first, second, third = stories()
    a = write(tmp_path / "a", [with_kinds(first, "name-missing", "name-missing"), with_kinds(second, "copy"), third])
    b = write(tmp_path / "b", [first, with_kinds(second, "copy"), with_kinds(third, "name-missing")])
    found = {change.kind: change for change in evaluation.compare(a, b).findings}
    change = found["name-missing"]
    assert (change.a, change.b, change.gained, change.lost) == (2, 1, 1, 2)
    assert (found["copy"].gained, found["copy"].lost) == (0, 0)


def test_documents_of_one_run_are_left_out_and_named(tmp_path: Path) -> None:
    a = write(tmp_path / "a", stories())
    b = write(tmp_path / "b", [*stories()[1:][::-1], article("new", [("Oui.", "Yes.")])])
    found = evaluation.compare(a, b)
    assert (found.common, found.only_a, found.only_b) == (2, ("ponts.txt",), ("new",))
    shown = list(lines(found))
    assert "only in A, left out: 1 documents, 'ponts.txt'" in shown
    assert by_name(found, "dates_kept_fr_en").change == 0  # type: ignore[attr-defined]


def test_references_of_documents_that_one_run_lacks_need_partial(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a", stories()), write(tmp_path / "b", stories(BETTER)[:2])
    folder = reference_folder(tmp_path)
    with pytest.raises(InputError, match="--partial"):
        evaluation.compare(a, b, [folder], ["bleu"])
    assert by_name(evaluation.compare(a, b, [folder], ["bleu"], partial=True), "bleu").p <= 1  # type: ignore[attr-defined]


def test_what_cannot_be_compared_is_one_clear_error(tmp_path: Path, runs: tuple[Path, Path]) -> None:
    other = write(tmp_path / "other", [article("new", [("Oui.", "Yes.")])])
    with pytest.raises(InputError, match="no document in common"):
        evaluation.compare(runs[0], other)
    longer = [*stories()[:2], article("port.txt", [(fr, en) for fr, en, _ in STORIES["port.txt"]][::-1])]
    moved = write(tmp_path / "moved", longer)
    with pytest.raises(InputError, match="other segments"):
        evaluation.compare(runs[0], moved, [reference_lines(tmp_path)])
    with pytest.raises(ConfigError, match="--test is ar"):
        from pipeline.evaluation.arguments import paired_test

        paired_test("t-test")


def test_the_command_prints_a_table_or_json(
    runs: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ((), ("--json",)):
        monkeypatch.setattr(sys, "argv", ["depeche", "compare", *map(str, runs), *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code in (0, None)
    out = capsys.readouterr().out
    table, _, data = out.partition("{\n")
    assert "3 documents in both" in table
    assert any(line.startswith("numbers_kept_fr_en") and "+0.5000" in line for line in table.splitlines())
    found = json.loads("{\n" + data)
    assert found["documents"] == {"common": 3, "only_a": 0, "only_b": 0}
    assert {one["name"]: one["change"] for one in found["differences"]}["numbers_kept_fr_en"] == 0.5
