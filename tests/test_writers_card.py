"""`datasets.load_dataset` reads the folder of a run by its card, and nothing from outside becomes mark-up in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.codec import from_dict
from pipeline.document import Document, Failure, Segment, Summary, SummarySentence
from pipeline.writers import ManifestData, ModelIdentity, RunFolder

Load = Callable[..., Any]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Return the real `load_dataset`, with no network and a cache of its own."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    import datasets

    datasets.disable_progress_bars()
    return lambda folder, *name: datasets.load_dataset(str(folder), *name, cache_dir=str(tmp_path / "cache"))["train"]


def article(identity: str, **meta: object) -> Document:
    segment = Segment(0, 3, "paragraph", "Oui", 0, language="fr", target="=Yes", score=-1)
    summary = Summary(None, (SummarySentence("=Yes", (0,)),))
    return Document(identity, "Oui", meta, "fr", 1, segments=(segment,), summary=summary)


def failed(identity: str) -> Document:
    return Document(identity, "?", failure=Failure("detect", "LanguageError", "too short"))


def write(folder: Path, batch: list[Document], data: ManifestData | None = None) -> Path:
    with RunFolder(folder) as run:
        for document in batch:
            run.write(document)
        run.finish(data or ManifestData())
    return folder


MIXED = [
    article("2025-01-17", day="2025-01-17", n=1, tags=[]),
    article("2025-01-18", n="one", tags=["a", 2, None, {"b": 1.5}], inner={"x": {}}),
    Document("2025-01-19", "rien"),
    article("2025-01-20", n=-(2**63), tags={"now": "an object"}),
]


def test_documents_come_back_whole_whatever_their_meta_holds(tmp_path: Path, load: Load) -> None:
    table = load(write(tmp_path / "out", MIXED), "documents")
    assert [from_dict(row) for row in table] == MIXED


def test_pairs_and_summaries_load_by_name_and_pairs_by_default(tmp_path: Path, load: Load) -> None:
    folder = write(tmp_path / "out", MIXED)
    pairs = load(folder, "pairs")
    assert list(pairs) == list(load(folder))
    assert pairs["document_id"] == ["2025-01-17", "2025-01-18", "2025-01-20"]
    assert pairs["target"] == ["=Yes"] * 3
    assert pairs["findings"] == [[]] * 3
    assert load(folder, "summaries")[0]["sentences"] == [{"text": "=Yes", "support": [0], "origin": "model"}]


@pytest.mark.parametrize("batch", [[article("a")], [failed("a"), article("b")]], ids=["one", "one failed"])
def test_every_table_loads_from_a_small_run(tmp_path: Path, load: Load, batch: list[Document]) -> None:
    folder = write(tmp_path / "out", batch)
    assert [len(load(folder, name)) for name in ("documents", "pairs", "summaries")] == [len(batch), 1, 1]


def test_a_run_in_which_all_failed_still_loads_its_documents(tmp_path: Path, load: Load) -> None:
    folder = write(tmp_path / "out", [failed("a"), failed("b")])
    assert [row["failure"]["kind"] for row in load(folder)] == ["LanguageError"] * 2
    assert "not offered to `datasets`: pairs, summaries." in (folder / "README.md").read_text(encoding="utf-8")


def test_the_front_matter_is_what_the_hub_asks_for(tmp_path: Path) -> None:
    front = _front(write(tmp_path / "out", [article("a")]))
    assert front["language"] == ["fr", "en"]
    assert front["license"] == "other"
    assert front["task_categories"] == ["translation", "summarization"]
    assert front["size_categories"] == ["n<1K"]
    assert [config["config_name"] for config in front["configs"]] == ["pairs", "documents", "summaries"]


def test_language_codes_that_yaml_would_take_for_something_else_stay_text(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "out", "no", "en") as run:
        run.finish(ManifestData())
    front = _front(tmp_path / "out")
    assert front["language"] == ["no", "en"]
    assert "configs" not in front


def test_nothing_from_outside_becomes_markup(tmp_path: Path) -> None:
    hostile = "x | y`\n---\n# <script>alert(1)</script> [a](javascript:b) {0} ![i](u) **b**"
    segment = Segment(0, 1, "noise", "x", 0, reason=hostile)
    data = ManifestData(models=(ModelIdentity(hostile, hostile, hostile),), signature=hostile)
    folder = write(tmp_path / "out", [Document("a", "x", segments=(segment,))], data)
    text = (folder / "README.md").read_text(encoding="utf-8")
    plain = text.replace(f"    {' '.join(hostile.split())}\n", "")  # the signature: one line of an indented block
    assert len(plain) < len(text)
    assert "<script>" not in plain and "](javascript" not in plain and "**b" not in plain
    assert plain.splitlines().count("---") == 2
    rows = [line for line in plain.splitlines() if "script" in line]
    assert len(rows) == 2
    assert [row.replace("\\|", "").count("|") for row in rows] == [3, 4]


def _front(folder: Path) -> dict[str, Any]:
    text = (folder / "README.md").read_text(encoding="utf-8")
    front: dict[str, Any] = yaml.safe_load(text.split("---\n")[1])
    return front


def test_another_run_in_a_folder_of_the_same_name_is_not_taken_from_the_cache(tmp_path: Path, load: Load) -> None:
    assert len(load(write(tmp_path / "out", [article("a"), article("b")]))) == 2
    shutil.rmtree(tmp_path / "out")
    assert len(load(write(tmp_path / "out", [article("c")]))) == 1
