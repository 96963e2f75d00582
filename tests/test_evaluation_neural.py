"""COMET and BERTScore are asked as they document it; that they are missing is one line that says what to do.

Neither is a dependency of the tests, so each has a stand-in with its documented interface: for COMET a `comet-score` command
with the options and the JSON of unbabel-comet 2.2.7, for BERTScore a module with the `BERTScorer` of bert-score 0.3.13.
What they answer is made up; that we ask rightly and read the answer rightly is what is tested.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline import cli, evaluation
from pipeline.errors import ConfigError, DepecheError, MissingModelError
from scored_runs import reference_folder, reference_lines, stories, write

# A score is 1 where the translation is its reference, else 0; without references it is the length of the translation.
COMET = """#!{python}
import argparse, json, os, sys
parser = argparse.ArgumentParser()
for name in ("-s", "-t", "-r", "--model", "--gpus", "--to_json"):
    parser.add_argument(name)
parser.add_argument("--quiet", action="store_true")
parser.add_argument("--only_system", action="store_true")
asked = parser.parse_args()
if os.environ.get("FAIL") or not os.path.exists(asked.model):
    sys.exit("Model 'x' not supported by COMET.")
assert os.environ["HF_HUB_OFFLINE"] == "1"
read = lambda path: [line.strip() for line in open(path, encoding="utf-8")]
rows = [dict(src=s, mt=t) for s, t in zip(read(asked.s), read(asked.t), strict=True)]
for row, reference in zip(rows, read(asked.r) if asked.r else rows, strict=True):
    row["COMET"] = float(row["mt"] == reference) if asked.r else float(len(row["mt"]))
json.dump({{asked.t: rows[: -1 if os.environ.get("SHORT") else None]}}, open(asked.to_json, "w"))
"""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write(tmp_path / "run", stories())


@pytest.fixture
def comet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the stand-in on the PATH; return a checkpoint for it."""
    room = tmp_path / "bin"
    room.mkdir()
    (room / "comet-score").write_text(COMET.format(python=sys.executable))
    (room / "comet-score").chmod(0o755)
    monkeypatch.setenv("PATH", f"{room}{os.pathsep}{os.environ['PATH']}")
    checkpoint = tmp_path / "model.ckpt"
    checkpoint.write_bytes(b"")
    return checkpoint


def test_comet_scores_segments_and_its_interval_is_over_documents(run: Path, comet: Path, tmp_path: Path) -> None:
    lines = (run / "bitext.en").read_text().splitlines()
    path = tmp_path / "r.en"
    path.write_text("\n".join([*lines[:5], "Other.", "Other."]) + "\n")
    found = evaluation.evaluate(run, [path], ["comet"], {"comet": str(comet)})
    (score,) = [one for one in found.scores if one.name == "comet"]
    assert score.value == pytest.approx(5 / 7)
    assert score.low is not None and score.low <= 5 / 7 <= (score.high or 0)
    assert (
        score.signature == f"comet:unknown|model:{comet}|revision:file|refs:1|agg:mean|bs:1000|seed:12345|ci:documents"
    )
    assert [row["comet"] for row in found.rows("units")] == [1, 1, 1, 1, 1, 0, 0]


def test_comet_without_references_is_asked_without(run: Path, comet: Path) -> None:
    found = evaluation.evaluate(run, metrics=["comet"], checkpoints={"comet": str(comet)})
    lengths = [len(line) for line in (run / "bitext.en").read_text().splitlines()]
    assert found.values["comet"] == pytest.approx(sum(lengths) / 7)
    assert "refs:none" in next(one.signature for one in found.scores if one.name == "comet")


def test_comet_does_not_score_whole_documents(run: Path, comet: Path, tmp_path: Path) -> None:
    found = evaluation.evaluate(run, [reference_folder(tmp_path)], ["comet"], {"comet": str(comet)}, {"comet": 0.8})
    assert found.failures == ("comet could not be computed: COMET scores segments: give line-aligned references",)


@pytest.mark.parametrize(
    ("variable", "words"), [("FAIL", "not supported by COMET"), ("SHORT", "gave 6 scores for 7 segments")]
)
def test_what_goes_wrong_in_comet_is_said(
    run: Path, comet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, words: str
) -> None:
    monkeypatch.setenv(variable, "1")
    with pytest.raises(ConfigError, match=words):
        evaluation.evaluate(run, [reference_lines(tmp_path)], ["comet"], {"comet": str(comet)})


def test_missing_comet_says_how_to_get_it(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPECHE_COMET_SCORE", "no-such-command")
    with pytest.raises(ConfigError, match="pipx install unbabel-comet"):
        evaluation.evaluate(run, [reference_lines(tmp_path)], ["comet"])


@pytest.mark.parametrize(
    ("checkpoint", "words"), [("no/such", "hf download no/such"), ("{folder}", "has no checkpoints/model.ckpt")]
)
def test_a_missing_checkpoint_of_comet_says_how_to_get_it(
    run: Path, comet: Path, tmp_path: Path, checkpoint: str, words: str
) -> None:
    with pytest.raises(MissingModelError, match=words):
        given = {"comet": checkpoint.format(folder=tmp_path)}
        evaluation.evaluate(run, [reference_lines(tmp_path)], ["comet"], given)


class BERTScorer:
    """`score` gives P, R and F: here 1 where the candidate is one of its references, else 0.25."""

    def __init__(self, model_type: str | None = None, num_layers: int | None = None, lang: str | None = None) -> None:
        if model_type == "unknown":
            raise KeyError(model_type)
        if model_type == "missing":
            raise OSError("no file")
        assert os.environ["HF_HUB_OFFLINE"] == "1"
        self.hash = f"{model_type}_L{num_layers or 17}_no-idf_version=0.3.13"

    def score(self, cands: list[str], refs: list[list[str]]) -> tuple[list[float], list[float], list[float]]:
        found = [1.0 if cand in given else 0.25 for cand, given in zip(cands, refs, strict=True)]
        return found, found, found


@pytest.fixture
def bert(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bert_score", SimpleNamespace(BERTScorer=BERTScorer, __version__="0.3.13"))  # type: ignore[arg-type]


def score(run: Path, references: Path, checkpoint: str = "roberta-large", name: str = "bertscore") -> Any:
    found = evaluation.evaluate(run, [references], ["bertscore"], {"bertscore": checkpoint})
    return next(one for one in found.scores if one.name == name)


def test_bertscore_is_a_mean_with_the_hash_of_its_settings(bert: None, run: Path, tmp_path: Path) -> None:
    found = score(run, reference_lines(tmp_path), "roberta-large@9")
    assert found.value == 0.25
    assert found.signature.startswith("bert-score:0.3.13|hash:roberta-large_L9_no-idf_version=0.3.13|f:F1|refs:max")
    found = score(run, reference_folder(tmp_path), name="bertscore_summary")
    assert (found.value, found.unit, found.count) == (0.25, "summary", 3)


def test_bertscore_of_texts_that_it_would_cut_is_not_computed(bert: None, tmp_path: Path) -> None:
    from scored_runs import article

    folder = write(tmp_path / "long", [article("a", [("Oui. " * 301, "Yes. " * 301)])])
    room = tmp_path / "r"
    room.mkdir()
    (room / "a.en").write_text("Yes.")
    found = score(folder, room)
    assert found.value is None and "301 words" in found.note


@pytest.mark.parametrize(
    ("checkpoint", "words"),
    [
        ("unknown", "name one, as in unknown@9"),
        ("missing", "hf download missing"),
        ("./missing", "there is no folder"),
        ("roberta@last", "number of a layer"),
    ],
)
def test_a_checkpoint_that_bertscore_cannot_use_says_what_to_do(
    bert: None, run: Path, tmp_path: Path, checkpoint: str, words: str
) -> None:
    with pytest.raises(DepecheError, match=words):
        score(run, reference_lines(tmp_path), checkpoint)


@pytest.mark.parametrize(
    ("module", "metric", "words"),
    [("bert_score", "bertscore", r"depeche\[bertscore\]"), ("sacrebleu", "bleu", r"depeche\[evaluation\]")],
)
def test_a_missing_library_says_how_to_install_it(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, metric: str, words: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigError, match=words):
        evaluation.evaluate(run, [reference_lines(tmp_path)], [metric])


def test_a_metric_that_was_asked_for_and_cannot_be_computed_is_no_success(
    run: Path,
    comet: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["evaluate", run, "-r", reference_folder(tmp_path), "--metric", "comet", "--checkpoint", f"comet={comet}"]
    monkeypatch.setattr(sys, "argv", ["depeche", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert "depeche: not computed: comet: COMET scores segments" in capsys.readouterr().err
