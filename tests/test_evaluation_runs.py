"""A run scored as its user scores it: the figures, the files beside the run, the card, the tools that read it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import cli, evaluation
from pipeline.errors import ConfigError, InputError, OutputError
from pipeline.evaluation.files import without_section
from pipeline.writers import Hold
from pipeline.writers.earlier import is_whole
from scored_runs import STORIES, failed, reference_folder, reference_lines, stories, write

DOCUMENTS = [*stories(), failed("broken.txt")]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write(tmp_path / "run", DOCUMENTS)


@pytest.fixture
def depeche(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["depeche", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code if isinstance(ended.value.code, int) else 0, out, err

    return call


def test_every_run_is_scored_without_references(run: Path) -> None:
    values = evaluation.evaluate(run).values
    assert values["documents_finished"] == 3 / 4
    # Numbers of the French: 1 200 (lost) and 40; dates: 17 January, Tuesday (lost), Monday; no sentence is untranslated.
    assert values["numbers_kept_fr_en"] == 1 / 2
    assert values["dates_kept_fr_en"] == 2 / 3
    assert values["untranslated_fr_en"] == 0
    assert values["coverage_en_summary"] == 1  # each summary is the first sentence of its translation
    assert values["supported_en_summary"] == 2 / 3  # one has a number that its English has, and not its French


def test_every_number_has_its_signature_and_counts_and_the_same_bytes_come_again(run: Path, tmp_path: Path) -> None:
    found = evaluation.evaluate(run, [reference_lines(tmp_path)])
    for score in found.scores:
        assert score.value is None or (score.signature and score.count), score
        assert score.value is not None or score.note
    again = evaluation.evaluate(run, [tmp_path / "reference.en"])
    assert json.dumps(found.to_dict()) == json.dumps(again.to_dict())


def test_the_real_sacrebleu_command_gives_the_same_figures_from_the_same_files(run: Path, tmp_path: Path) -> None:
    reference = reference_lines(tmp_path)
    found = {score.name: score for score in evaluation.evaluate(run, [reference]).scores}
    program = Path(sys.executable).with_name("sacrebleu")
    command = [program, reference, "-i", run / "bitext.en", "-m", "bleu", "chrf", "ter", "-w", "6", "--confidence"]
    done = subprocess.run([*map(str, command), "--format", "json"], capture_output=True, text=True, check=True)
    for theirs, name in zip(json.loads(done.stdout), ("bleu", "chrf2", "ter"), strict=True):
        ours = found[name]
        assert ours.value == pytest.approx(theirs["score"], abs=1e-6)
        assert ours.signature == theirs["signature"]
        assert ours.low == pytest.approx(theirs["confidence_mean"] - theirs["confidence_var"], abs=1e-5)


def test_documents_are_scored_by_id_and_summaries_beside_them(run: Path, tmp_path: Path) -> None:
    found = evaluation.evaluate(run, [reference_folder(tmp_path)])
    scores = {score.name: score for score in found.scores}
    assert (scores["bleu"].count, scores["bleu"].unit) == (3, "document")
    assert (scores["rougeLsum"].count, scores["rougeLsum"].unit) == (3, "summary")
    assert "variant:rougeLsum" in scores["rougeLsum"].signature
    assert scores["ter"].value is None and "line-aligned" in (scores["ter"].note or "")
    assert [row["document_id"] for row in found.rows("units")] == [*STORIES, *STORIES]


def test_a_document_without_an_output_counts_as_an_empty_one(run: Path, tmp_path: Path) -> None:
    """A run must not gain by failing on what is hard."""
    folder = reference_folder(tmp_path)
    before = evaluation.evaluate(run, [folder], ["bleu"]).values["bleu"]
    (folder / "broken.en").write_text("Something long enough to be missed by everybody.\n")
    after = evaluation.evaluate(run, [folder], ["bleu"])
    assert after.values["bleu"] < before
    assert next(score.count for score in after.scores if score.name == "bleu") == 4


def test_several_references_may_only_help(run: Path, tmp_path: Path) -> None:
    one = reference_lines(tmp_path)
    other = tmp_path / "other.en"
    other.write_bytes((run / "bitext.en").read_bytes())
    assert evaluation.evaluate(run, [one, other], ["bleu"]).values["bleu"] == pytest.approx(100)
    assert "nrefs:2" in next(s.signature for s in evaluation.evaluate(run, [one, other]).scores if s.name == "bleu")


def test_the_files_stand_beside_the_run_and_it_stays_a_finished_run(run: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    manifest = json.loads(before["manifest.json"])
    found = evaluation.evaluate(run, [reference_lines(tmp_path)])
    evaluation.save(found)
    evaluation.save(found)
    for name, data in before.items():
        assert name == "README.md" or (run / name).read_bytes() == data
    assert is_whole(run, manifest)
    card = (run / "README.md").read_text(encoding="utf-8")
    assert card.count("## Scores") == 1
    vouched = manifest["files"]["README.md"]["sha256"]
    assert hashlib.sha256(without_section(card).encode()).hexdigest() == vouched
    saved = json.loads((run / "evaluation.json").read_bytes())
    assert saved["run"]["manifest_sha256"] == hashlib.sha256(before["manifest.json"]).hexdigest()
    assert len((run / "evaluation.units.jsonl").read_bytes().splitlines()) == 7
    evaluation.save(evaluation.evaluate(run))
    assert not (run / "evaluation.units.jsonl").exists()
    assert not [path.name for path in run.iterdir() if path.name.startswith(".")]


def test_the_card_stays_one_that_datasets_reads_with_the_scores_in_it(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    import datasets

    datasets.disable_progress_bars()
    evaluation.save(evaluation.evaluate(run))
    card = (run / "README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(card.split("---\n")[1])
    assert [one["config_name"] for one in front["configs"]] == ["pairs", "documents", "summaries"]
    assert "numbers\\_kept\\_fr\\_en | 0.5000" in card
    loaded = {
        name: datasets.load_dataset(str(run), name, cache_dir=str(tmp_path / "cache"))["train"]
        for name in ("documents", "pairs")
    }
    assert (len(loaded["documents"]), len(loaded["pairs"])) == (4, 7)
    ours = evaluation.Run(run).to_dataset("pairs")
    assert ours.to_list() == loaded["pairs"].to_list()


def test_tables_and_scores_come_as_data_frames(run: Path, tmp_path: Path) -> None:
    done = evaluation.Run(run)
    assert list(done.to_pandas("pairs")["target"])[-1] == "Forty boats were waiting off the coast."
    documents = done.to_pandas("documents")
    assert list(documents["meta"])[:1] == [{"section": "test"}]
    assert len(done.to_pandas("summaries")) == 3
    found = evaluation.evaluate(run, [reference_lines(tmp_path)])
    frame = found.to_pandas()
    assert set(frame.columns) >= {"name", "value", "low", "high", "signature"}
    assert len(found.to_pandas("units")) == 7
    assert found.to_dataset("documents")["id"][0] == "ponts.txt"
    with pytest.raises(ConfigError, match="did you mean 'pairs'"):
        done.to_pandas("pair")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("documents.jsonl", b'{"id": "a"}\n', "line 1 of"),
        ("documents.jsonl", b"", "not as the run wrote it"),
        ("bitext.en", b"Other.\n" * 7, "not as the run wrote it"),
        ("manifest.json", b"{}", "no finished run"),
    ],
)
def test_a_run_that_was_changed_is_not_scored(run: Path, tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (run / name).write_bytes(data)
    with pytest.raises(InputError) as caught:
        evaluation.evaluate(run, [reference_lines(tmp_path)])
    assert words in str(caught.value)


def test_nothing_is_written_into_a_folder_that_a_run_holds_or_that_holds_another_run(run: Path) -> None:
    found = evaluation.evaluate(run)
    with Hold(run, overwrite=True), pytest.raises(OutputError, match="a run is writing"):
        evaluation.save(found)
    (run / "manifest.json").write_bytes(b" " + (run / "manifest.json").read_bytes())
    with pytest.raises(OutputError, match="another run by now"):
        evaluation.save(found)


def test_the_command_prints_a_table_and_exits_0(depeche, run: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, err = depeche("evaluate", run, "--references", reference_lines(tmp_path), "--metric", "bleu")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert any(line.startswith("numbers_kept_fr_en") and "0.5000" in line for line in lines)
    assert any(line.startswith("BLEU") and "7 segments" in line for line in lines)
    assert any(line.startswith("BLEU (segments): nrefs:1|bs:1000|seed:12345|case:mixed") for line in lines)


def test_a_shut_gate_makes_the_exit_code_1_and_says_by_how_much(depeche, run: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, err = depeche("evaluate", run, "--gate", "numbers_kept_fr_en=0.995", "--gate", "bleu=1", "--json")
    assert code == 1
    shut = "numbers_kept_fr_en is 0.5, below its floor 0.995 by 0.495"
    assert err.splitlines() == [
        f"depeche: gate: {shut}",
        "depeche: gate: bleu could not be computed: no references were given for it",
    ]
    assert json.loads(out)["gates"][0]["failure"] == shut
    assert json.loads((run / "evaluation.json").read_bytes()) == json.loads(out)
    assert depeche("evaluate", run, "--gate", "numbers_kept_fr_en=0.5")[0] == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere",), "is no folder"),
        (("{run}", "--metric", "blue"), "did you mean 'bleu'"),
        (("{run}", "--metric", "bleu"), "needs references"),
        (("{run}", "--gate", "bleu"), "numbers_kept_fr_en=0.995"),
        (("{run}", "--gate", "blue=3"), "did you mean 'bleu'"),
        (("{run}", "--checkpoint", "comte=x"), "did you mean 'comet'"),
        (("{run}", "--references", "nowhere"), "does not exist"),
        (("{run}", "--export", "there"), "needs references"),
    ],
)
def test_what_cannot_be_scored_is_one_line_and_exit_code_2(depeche, run: Path, words, message: str) -> None:  # type: ignore[no-untyped-def]
    code, _, err = depeche("evaluate", *(str(run) if word == "{run}" else word for word in words))
    assert (code, err.count("\n")) == (2, 1)
    assert message in err


def test_the_gates_of_a_configuration_hold_for_evaluate_and_the_command_line_goes_before_them(
    depeche,  # type: ignore[no-untyped-def]
    run: Path,
    tmp_path: Path,
) -> None:
    own = tmp_path / "own.toml"
    models = '[translator]\nmodel = "embedded:translator"\n[summarizer]\nmodel = "embedded:summarizer"\n'
    own.write_text(f"{models}[gates]\nnumbers_kept_fr_en = 0.995\n")
    assert depeche("evaluate", run, "--config", own)[0] == 1
    assert depeche("evaluate", run, "--config", own, "--gate", "numbers_kept_fr_en=0.4")[0] == 0


def test_the_scores_of_a_document_are_those_of_the_document_alone(run: Path, tmp_path: Path) -> None:
    rows = {row["id"]: row for row in evaluation.evaluate(run).rows("documents")}
    alone = evaluation.evaluate(write(tmp_path / "alone", stories()[:1])).values
    assert {name: value for name, value in rows["ponts.txt"].items() if name != "id"} == pytest.approx(alone, abs=1e-6)
    assert rows["broken.txt"] == {"id": "broken.txt", "documents_finished": 0}


def test_a_run_ends_with_its_gates(run: Path) -> None:
    assert evaluation.gated(run, {}).exit_code == 0
    assert not (run / "evaluation.json").exists()
    shut = evaluation.gated(run, {"documents_finished": 1.0})
    assert shut.exit_code == 1
    assert shut.lines == ("gate: documents_finished is 0.75, below its floor 1 by 0.25",)
    assert (run / "evaluation.json").is_file()


def test_an_export_has_the_layout_of_mt_metrics_eval_and_lines_that_answer_each_other(
    depeche,
    run: Path,
    tmp_path: Path,  # type: ignore[no-untyped-def]
) -> None:
    reference, folder = reference_lines(tmp_path), tmp_path / "export"
    assert depeche("evaluate", run, "--references", reference, "--export", folder)[0] == 0
    room = folder / "mt-metrics-eval" / "run"
    names = {path.relative_to(room).as_posix() for path in room.rglob("*") if path.is_file()}
    assert names >= {
        "sources/fr-en.txt",
        "documents/fr-en.docs",
        "references/fr-en.ref0.txt",
        "system-outputs/fr-en/depeche.txt",
        "metric-scores/fr-en/bleu-ref0.seg.score",
        "metric-scores/fr-en/bleu-ref0.sys.score",
    }
    lengths = {name: len((room / name).read_text().splitlines()) for name in names if "sys.score" not in name}
    assert set(lengths.values()) == {7}
    assert (room / "documents/fr-en.docs").read_text().splitlines()[0] == "news ponts.txt"
    assert (folder / "references0.en").read_bytes() == reference.read_bytes()
    assert (folder / "hypotheses.en").read_bytes() == (run / "bitext.en").read_bytes()
    assert depeche("evaluate", run, "--references", reference, "--export", folder)[0] == 2


def test_a_run_without_documents_is_scored_and_shuts_every_gate(tmp_path: Path) -> None:
    folder = write(tmp_path / "empty", [])
    found = evaluation.evaluate(folder, gates={"numbers_kept_fr_en": 0.0})
    assert found.values == {}
    assert found.exit_code == 1
    evaluation.save(found)


def test_no_article_text_is_in_what_is_written_beside_the_run(run: Path, tmp_path: Path) -> None:
    evaluation.save(evaluation.evaluate(run, [reference_lines(tmp_path)]))
    written: Any = b"".join(path.read_bytes() for path in run.glob("evaluation*"))
    assert b"Zadkine" not in written and b"Varelle" not in written
