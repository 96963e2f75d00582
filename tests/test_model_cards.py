"""Model cards: every section is there, and every number comes from what was measured or from what people wrote."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

yaml = pytest.importorskip("yaml")
pytest.importorskip("matplotlib")
pytest.importorskip("torch")

from pipeline.backends.checkpoint import weight_hash  # noqa: E402
from scripts.model_cards.__main__ import HERE, main  # noqa: E402
from scripts.model_cards.card import PEERS  # noqa: E402
from scripts.model_cards.history import History  # noqa: E402
from scripts.train_summarizer.prepare import WEIGHTS  # noqa: E402
from scripts.train_translator.data import GROUPS  # noqa: E402
from scripts.train_translator.packing import pack  # noqa: E402

SIGNATURE = "nrefs:1|case:mixed|tok:13a|version:9.8.7"


def line(step: int, minutes: float, phase: int = 0, **more: float) -> dict[str, float]:
    return {"step": step, "tokens_M": step / 100, "nll": 300 / step, "minutes": minutes, "phase": phase, **more}


LOG = [
    line(50, 30.0),
    line(100, 60.0, bleu=3.21),
    line(150, 24.0),  # a second run
    line(200, 48.0, bleu=6.54),
    line(220, 5.0, phase=1),
    line(240, 12.0, phase=1),  # a first release; the trunk goes on
    line(250, 6.0),
    line(270, 9.0, phase=1, bleu=7.89),
    line(290, 18.0, phase=1),
    line(300, 60.0),  # after the last release
]


def scores(model: Path, name: str) -> dict[str, Any]:
    told = {
        "model": "m",
        "backend": "ctranslate2",
        "compute_type": "int8",
        "beam_size": 5,
        "weights": weight_hash(model),
    }
    row = {"name": "newstest2013", "lines": 2718, "bleu": 31.415, "chrf": 27.182, "kept": 0.5772, "worst": []}
    row |= {"bleu_signature": SIGNATURE, "chrf_signature": SIGNATURE}
    worst = [["Le veau | qui pleut", "The calf that rains", "The raining calf"]]
    return {
        "models": {name: told},
        "translations": [row, {**row, "name": "seeds", "bleu": 16.18, "worst": worst}],
        "reports": {"summaries": ["  ROUGE-1: ours 44.4, lead 43.3"], "seeds": ["seeds summaries: 77 stories"]},
    }


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A folder with a tiny made-up model, its scores and its work folder."""
    header = json.dumps({"a": {"dtype": "F16", "shape": [1000, 2345], "data_offsets": [0, 0]}}).encode()
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    config = {
        "encoder_layers": 7,
        "decoder_layers": 3,
        "encoder_attention_heads": 11,
        "d_model": 352,
        "vocab_size": 4321,
    }
    (tmp_path / "model" / "config.json").write_text(json.dumps(config))
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "log.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in LOG))
    for number, name in enumerate([*GROUPS, *WEIGHTS]):
        pack(tmp_path / "work" / f"{name}.npz", [([5], [6])] * (130 + number))
    for name in ("translator", "summarizer"):
        (tmp_path / f"{name}-scores.json").write_text(json.dumps(scores(tmp_path / "model", name)))
    return tmp_path


def written(folder: Path, model: str, *arguments: str) -> str:
    assert main([model, "--out", str(folder / "model"), "--kept", str(folder), *arguments]) == 0
    return (folder / "model" / "README.md").read_text(encoding="utf-8")


def of_new_release(folder: Path, model: str) -> str:
    scored = str(folder / f"{model}-scores.json")
    return written(folder, model, "--scores", scored, "--work", str(folder / "work"))


@pytest.mark.parametrize("model", ["translator", "summarizer"])
def test_a_card_has_valid_front_matter_and_every_section_with_something_in_it(release: Path, model: str) -> None:
    _, front, body = of_new_release(release, model).split("---\n", 2)
    values = yaml.safe_load(front)
    assert values["license"] == "apache-2.0" and "en" in values["language"] and values["library_name"] == "transformers"
    titles = ["Scores", "Training text", "Training", "Known weaknesses", "Not for"]
    assert re.findall(r"^## (.*)$", body, re.MULTILINE) == titles
    for content in re.split(r"^## .*$", body, flags=re.MULTILINE):
        assert len(content.split()) > 15
    assert "![" in body and "](curve.svg)" in body


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,]\d+)*", text))


@pytest.mark.parametrize("model", ["translator", "summarizer"])
def test_every_number_in_a_card_was_measured_or_is_in_the_cards_own_words(release: Path, model: str) -> None:
    card = of_new_release(release, model)
    told = (HERE / f"{model}.toml").read_text(encoding="utf-8") + PEERS.read_text(encoding="utf-8")
    at_hand = {f"{int(n):,}" for n in re.findall(r"at_hand = (\d+)", told)}
    names = GROUPS if model == "translator" else WEIGHTS
    pairs = {str(130 + number) for number, name in enumerate([*GROUPS, *WEIGHTS]) if name in names}
    passes = [p for g in GROUPS.values() for p in (g.training / g.copies, g.release / g.copies)] + [*WEIGHTS.values()]
    measured = {"31.4", "27.2", "57.7", "16.2", "2,718", "44.4", "43.3", "77", "5", "1", "8"}  # int8, ROUGE-1
    size = {"2.3", "7", "3", "11", "352", "4,321", "0.0"}
    log = {"1.9", "0.3", "2.9"}  # hours of the trunk and of the release, millions of tokens
    known = numbers(told) | at_hand | pairs | {f"{p:g}" for p in passes} | measured | size | log | numbers(SIGNATURE)
    assert numbers(card.replace("chrF2", "")) <= known
    expected = pairs | log | size | ({"31.4", "57.7", "33.3"} if model == "translator" else {"44.4", "77"})
    assert expected <= numbers(card)


def test_scores_stand_beside_the_peers_with_their_signature(release: Path) -> None:
    rows = [row for row in of_new_release(release, "translator").splitlines() if row.startswith("| newstest2013")]
    peers = tomllib.loads(PEERS.read_text(encoding="utf-8"))
    expected = [str(peers["sets"]["newstest2013"][name]) for name in peers["systems"]]
    assert [cell.strip() for cell in rows[0].strip("|").split("|")][1:] == ["2,718", "31.4", "27.2", "57.7%", *expected]
    card = (release / "model" / "README.md").read_text(encoding="utf-8")
    assert f"`{SIGNATURE}`" in card and "differs from the one scored here" in card
    assert r"| Le veau \| qui pleut | The calf that rains | The raining calf |" in card


def test_the_summarizers_first_lines_say_what_it_learned_from_and_that_none_of_it_is_shipped(release: Path) -> None:
    first = of_new_release(release, "summarizer").split("---\n", 2)[2].split("\n\n")[1]
    assert "learned from published news text" in first and "None of that text is shipped" in first


def test_a_card_is_written_again_from_what_was_kept_byte_for_byte(release: Path) -> None:
    first = of_new_release(release, "translator")
    curve = (release / "model" / "curve.svg").read_bytes()
    assert written(release, "translator") == first
    assert (release / "model" / "curve.svg").read_bytes() == curve


def test_scores_of_other_weights_are_refused(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    of_new_release(release, "translator")
    (release / "model" / "vocab.json").write_text('{"another": "model"}')
    weight_hash.cache_clear()
    assert main(["translator", "--out", str(release / "model"), "--kept", str(release)]) == 2
    assert "scores are not of the weights" in capsys.readouterr().err


def test_what_is_missing_is_named(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["translator", "--kept", str(release)]) == 2
    assert "gather a release first" in capsys.readouterr().err
    (release / "work" / "law.npz").unlink()
    arguments = ["--scores", str(release / "translator-scores.json"), "--work", str(release / "work")]
    assert main(["translator", "--kept", str(release), *arguments]) == 2
    assert "law.npz is missing" in capsys.readouterr().err


def test_history_counts_the_trunk_up_to_the_last_release_and_that_release() -> None:
    history = History.of(LOG)
    assert [len(run) for run in history.trunk] == [2, 2, 1] and [row["step"] for row in history.release] == [270, 290]
    assert history.hours == ((60 + 48 + 6) / 60, 18 / 60) and history.tokens == 2.9
    assert History.of([]).hours == (0, 0)


def test_the_curve_shows_loss_and_score_of_training_and_release(release: Path) -> None:
    of_new_release(release, "translator")
    root = ElementTree.fromstring((release / "model" / "curve.svg").read_text(encoding="utf-8"))
    text = " ".join("".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text"))
    for label in ("loss (nats a token)", "BLEU", "target tokens (millions)", "training", "release"):
        assert label in text
