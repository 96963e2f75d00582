"""Every score comes with its signature, and files that are not aligned are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.evaluate_models.__main__ import main

FRENCH = "Il pleut à Lyon depuis lundi.\nLe maire a annoncé 12 écoles.\nLa ville attend.\n"
ENGLISH = "It has been raining in Lyon since Monday.\nThe mayor announced 12 schools.\nThe city is waiting.\n"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    (tmp_path / "seeds" / "references").mkdir(parents=True)
    (tmp_path / "seeds" / "rain.txt").write_text(FRENCH.replace("\n", " "), encoding="utf-8")
    references = tmp_path / "seeds" / "references" / "rain"
    references.with_suffix(".fr").write_text(FRENCH, encoding="utf-8")
    references.with_suffix(".en").write_text(ENGLISH, encoding="utf-8")
    references.with_suffix(".summary.en").write_text(ENGLISH, encoding="utf-8")
    return tmp_path / "seeds"


def test_each_test_set_is_a_line_with_scores_and_signatures(
    seeds: Path, tiny_config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(seeds / "references" / "rain"), "--config", str(tiny_config), "--seeds", str(seeds), "--lines", "2"])
    rain, sentences, summaries = capsys.readouterr().out.splitlines()
    assert rain.startswith("rain: 2 lines, BLEU ")
    assert "tok:13a" in rain
    assert sentences.startswith("seeds: 3 lines")
    assert "lead of our translation of the same length" in summaries


def test_files_that_are_not_aligned_are_refused(seeds: Path, tiny_config: Path) -> None:
    (seeds / "references" / "rain.en").write_text("One line.\n")
    with pytest.raises(SystemExit, match="3 lines of French, 1 of English"):
        main([str(seeds / "references" / "rain"), "--config", str(tiny_config), "--seeds", str(seeds)])


def test_a_record_has_the_printed_scores_and_says_of_which_weights_they_are(
    seeds: Path, tiny_config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "scores.json"
    main(
        [str(seeds / "references" / "rain"), "--config", str(tiny_config), "--seeds", str(seeds), "--json", str(record)]
    )
    content = json.loads(record.read_text(encoding="utf-8"))
    printed = capsys.readouterr().out.splitlines()
    assert [f"{row['name']}: {row['lines']} lines, BLEU {row['bleu']:.1f}, " for row in content["translations"]] == [
        line[: line.index("chrF2")] for line in printed[:2]
    ]
    assert content["reports"] == {"seeds": printed[2:]}
    assert content["translations"][1]["worst"][0][0] in FRENCH, "examples are of the seeds, which are ours"
    assert content["translations"][0]["worst"] == []
    assert {len(model["weights"]) for model in content["models"].values()} == {64}
