"""The output folder of a run: what it holds, that it is whole or absent, and what it refuses."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.codec import from_dict
from pipeline.document import Document, Failure, Finding, Segment, Span, Summary, SummarySentence
from pipeline.errors import ConfigError, InputError, OutputError
from pipeline.writers import ManifestData, ModelIdentity, RunFolder, read_manifest
from pipeline.writers.atomic import STAGING
from strategies import documents, unhurried

DATA = ManifestData(
    models=(ModelIdentity("translate", "embedded", "ab" * 32),),
    settings={"translator": {"beam_size": 4}, "folder": Path("articles")},
    versions={"python": "3.11.9"},
    signature="depeche:0.1|schema:1|clean:1",
)
ROOT = Path(__file__).parent.parent
FILES = {
    "README.md",
    "bitext.en",
    "bitext.fr",
    "documents.jsonl",
    "documents.parquet",
    "failed.jsonl",
    "inputs.jsonl",
    "manifest.json",
    "pairs.jsonl",
    "pairs.parquet",
    "summaries.jsonl",
    "summaries.parquet",
}


def article(identity: str = "a") -> Document:
    text = "Le pont ferme. Le coût : 12 millions.\nPartager"
    segments = (
        Segment(0, 14, "paragraph", "Le pont ferme.", 0, language="fr", target="The bridge closes.", score=-0.5),
        Segment(15, 37, "paragraph", "Le coût : 12 millions.", 0, language="fr", target="The cost: 21 million."),
        Segment(38, 46, "noise", "Partager", 1, reason="share"),
    )
    findings = (
        Finding("number-changed", "source-target", "12 is 21", (Span("target", 10, 12, "21", 1),)),
        Finding("number-changed", "source-target", "again", (Span("source", 10, 12, "12", 1),)),
        Finding("quote-open", "document", "over both", (Span("text", 10, 20, "rme. Le co"),)),
        Finding("summary-name", "source-summary", "not of a segment", (Span("summary", 0, 3, "The", 0),)),
    )
    summary = Summary("Bridge", (SummarySentence("The bridge closes.", (0,), "extracted"),))
    return Document(identity, text, {"url": "x"}, "fr", 0.9, segments=segments, summary=summary, findings=findings)


def write(folder: Path, batch: list[Document], overwrite: bool = False) -> Path:
    with RunFolder(folder, overwrite=overwrite) as run:
        for document in batch:
            run.write(document)
        run.finish(DATA)
    return folder


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def names(folder: Path) -> set[str]:
    return set(os.listdir(folder))  # noqa: PTH208


def test_a_run_leaves_these_files_and_no_other(tmp_path: Path) -> None:
    assert names(write(tmp_path / "new" / "out", [article()])) == FILES


def test_a_pair_is_a_translated_segment_with_the_doubts_that_have_a_place_in_it(tmp_path: Path) -> None:
    first, second = rows(write(tmp_path / "out", [article()]) / "pairs.jsonl")
    assert first == {
        "document_id": "a",
        "segment": 0,
        "start": 0,
        "end": 14,
        "block": 0,
        "role": "paragraph",
        "language": "fr",
        "source": "Le pont ferme.",
        "target": "The bridge closes.",
        "score": -0.5,
        "findings": ["quote-open"],
    }
    assert second["findings"] == ["number-changed", "quote-open"]
    assert second["score"] is None


def test_summaries_carry_their_sentences_and_failures_their_reason(tmp_path: Path) -> None:
    broken = Document("b", "Ayez", failure=Failure("detect", "LanguageError", "too short"))
    folder = write(tmp_path / "out", [article(), broken])
    assert rows(folder / "summaries.jsonl") == [
        {
            "id": "a",
            "headline": "Bridge",
            "summary": "The bridge closes.",
            "sentences": [{"text": "The bridge closes.", "support": [0], "origin": "extracted"}],
        }
    ]
    assert rows(folder / "failed.jsonl") == [
        {"id": "b", "stage": "detect", "kind": "LanguageError", "reason": "too short"}
    ]
    assert [row["id"] for row in rows(folder / "documents.jsonl")] == ["a", "b"]


def test_an_empty_run_has_every_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "out", [])
    assert names(folder) == FILES
    assert (folder / "failed.jsonl").read_bytes() == b""
    assert pq.ParquetFile(folder / "pairs.parquet").num_row_groups == 0  # `datasets` cannot read an empty group


@settings(unhurried, max_examples=12)
@given(st.lists(documents(), max_size=3))
def test_every_document_comes_back_from_the_folder_in_both_formats(batch: list[Document]) -> None:
    with TemporaryDirectory() as room:
        folder = write(Path(room) / "out", batch)
        assert [from_dict(row) for row in rows(folder / "documents.jsonl")] == batch
        table = pq.read_table(folder / "documents.parquet").to_pylist()
        assert [from_dict({**row, "meta": json.loads(row["meta"])}) for row in table] == batch
        assert pq.read_table(folder / "pairs.parquet").to_pylist() == rows(folder / "pairs.jsonl")
        assert pq.read_table(folder / "summaries.parquet").to_pylist() == rows(folder / "summaries.jsonl")


@settings(unhurried, max_examples=12)
@given(st.lists(documents(), max_size=3))
def test_the_same_documents_give_the_same_bytes(batch: list[Document]) -> None:
    with TemporaryDirectory() as room:
        one, two = write(Path(room) / "one", batch), write(Path(room) / "two", batch)
        assert {n: (one / n).read_bytes() for n in names(one)} == {n: (two / n).read_bytes() for n in names(two)}


def test_times_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    for name, seconds in (("one", 1.5), ("two", 2.5)):
        with RunFolder(tmp_path / name) as run:
            run.write(article())
            run.finish(DATA, {"seconds": seconds})
    assert json.loads((tmp_path / "two/timing.json").read_text()) == {"seconds": 2.5}
    assert (tmp_path / "one/manifest.json").read_bytes() == (tmp_path / "two/manifest.json").read_bytes()


def test_the_manifest_counts_the_documents_and_vouches_for_each_file(tmp_path: Path) -> None:
    skipped = Document("b", "Hallo", findings=(Finding("language-skipped", "document", "de"),))
    failed = Document("c", "?", failure=Failure("detect", "LanguageError", "too short"))
    folder = write(tmp_path / "out", [article(), skipped, failed])
    manifest = read_manifest(folder)
    assert manifest["counts"] == {
        "documents": 3,
        "translated": 1,
        "summarized": 1,
        "failed": 1,
        "skipped": 1,
        "segments": 3,
        "pairs": 2,
        "source_words": 8,
        "target_words": 7,
        "summary_words": 3,
        "noise": {"share": 1},
        "findings": {"language-skipped": 1, "number-changed": 2, "quote-open": 1, "summary-name": 1},
        "failures": {"LanguageError": 1},
    }
    assert manifest["models"] == [{"task": "translate", "name": "embedded", "sha256": "ab" * 32}]
    assert manifest["settings"]["folder"] == "articles"
    assert manifest["signature"] == DATA.signature
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    for name, facts in manifest["files"].items():
        data = (folder / name).read_bytes()
        assert (facts["sha256"], facts["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
    assert manifest["files"]["pairs.parquet"]["rows"] == manifest["files"]["bitext.en"]["rows"] == 2
    assert manifest["files"]["documents.jsonl"]["rows"] == 3


def test_no_id_becomes_a_path(tmp_path: Path) -> None:
    hostile = [article(name) for name in ("../../etc/passwd", "/tmp/x", "a\x00b", "=cmd|' /C calc'!A0", "CON")]
    folder = write(tmp_path / "out", hostile)
    assert names(folder) == FILES
    assert names(tmp_path) == {"out"}
    assert [row["id"] for row in rows(folder / "documents.jsonl")] == [document.id for document in hostile]


@pytest.mark.parametrize(
    "broken",
    [
        Document("a", "lone \ud800 surrogate", {"k": 1}),
        Document("a\udc80", "texte"),
        replace(article(), segments=(replace(article().segments[0], target="\udfff"),)),
        replace(article(), segments=(replace(article().segments[0], score=float("nan")),)),
    ],
    ids=["text", "id", "target", "score"],
)
def test_a_document_that_no_file_can_hold_is_written_as_failed_and_the_run_goes_on(
    tmp_path: Path, broken: Document
) -> None:
    with RunFolder(tmp_path / "out") as run:
        written = run.write(broken)
        run.write(article("next"))
        run.finish(DATA)
    assert written.failure is not None
    assert run.counts.failed == 1
    (failed,) = rows(tmp_path / "out/failed.jsonl")
    assert failed["stage"] == "write"
    first, second = (from_dict(row) for row in rows(tmp_path / "out/documents.jsonl"))
    assert first == written and second == article("next")
    assert first.meta == broken.meta


def test_an_earlier_failure_keeps_its_reason_when_the_text_cannot_be_written(tmp_path: Path) -> None:
    failure = Failure("read", "DecodingError", "not text")
    with RunFolder(tmp_path / "out") as run:
        assert run.write(Document("a", "\ud800", failure=failure)).failure == failure
        run.finish(DATA)


def test_fields_of_the_caller_that_json_cannot_hold_become_text_and_are_said(tmp_path: Path) -> None:
    deep: list[object] = []
    for _ in range(500):
        deep = [deep]
    meta = {"day": date(2025, 1, 17), "rate": float("inf"), "big": 2**80, 3: "three", "bad\udc80": "\ud800"}
    with RunFolder(tmp_path / "out") as run:
        run.write(replace(article(), meta=meta | {"deep": deep}))
        run.finish(DATA)
    written = from_dict(rows(tmp_path / "out/documents.jsonl")[0])
    assert written.failure is None and written.segments == article().segments
    assert written.findings[-1].kind == "meta-converted" and "date" in written.findings[-1].message
    assert {key: value for key, value in written.meta.items() if key != "deep"} == {
        "day": "2025-01-17",
        "rate": "inf",
        "big": str(2**80),
        "3": "three",
        "bad\\udc80": "\\ud800",
    }


def test_nothing_is_shown_before_the_run_is_finished(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "out") as run:
        run.write(article())
        assert names(tmp_path / "out") == {STAGING}
        run.finish(DATA)
        assert names(tmp_path / "out") == FILES


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_run_that_raises_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), RunFolder(tmp_path / "out") as run:
        run.write(article())
        raise error
    assert names(tmp_path) == set()


def test_a_folder_that_was_there_stays_when_a_run_raises(tmp_path: Path) -> None:
    with pytest.raises(ValueError), RunFolder(tmp_path):
        raise ValueError
    assert names(tmp_path) == set()


def test_leaving_without_finish_is_a_defect(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="without `finish`"), RunFolder(tmp_path / "out") as run:
        run.write(article())
    with pytest.raises(RuntimeError, match="outside"):
        run.finish(DATA)


def test_an_earlier_run_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    folder = write(tmp_path / "out", [article()])
    before = {name: (folder / name).read_bytes() for name in FILES}
    with pytest.raises(OutputError, match="already holds a run; use --fresh"):
        write(folder, [article("b")])
    assert {name: (folder / name).read_bytes() for name in names(folder)} == before


def test_an_earlier_run_is_replaced_when_asked_and_files_of_others_stay(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "out", "fr", "de") as run:
        run.write(article())
        run.finish(DATA, {"seconds": 1})
    (tmp_path / "out/scores.txt").write_text("mine")
    folder = write(tmp_path / "out", [article("b")], overwrite=True)
    assert names(folder) == FILES | {"scores.txt"}
    assert rows(folder / "documents.jsonl")[0]["id"] == "b"


def test_an_earlier_run_stays_whole_when_its_replacement_raises(tmp_path: Path) -> None:
    folder = write(tmp_path / "out", [article()])
    before = {name: (folder / name).read_bytes() for name in FILES}
    with pytest.raises(ValueError), RunFolder(folder, overwrite=True) as run:
        run.write(article("b"))
        raise ValueError
    assert {name: (folder / name).read_bytes() for name in names(folder)} == before


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("name", ["notes.txt", "manifest.json", "documents.jsonl"])
def test_a_folder_with_anything_else_in_it_is_refused(tmp_path: Path, name: str, overwrite: bool) -> None:
    (tmp_path / name).write_text('{"format": "another"}')
    with pytest.raises(OutputError, match=f"holds '{name}'"), RunFolder(tmp_path, overwrite=overwrite):
        pass
    assert names(tmp_path) == {name}


def test_hidden_files_do_not_make_a_folder_foreign(tmp_path: Path) -> None:
    (tmp_path / ".gitkeep").touch()
    assert names(write(tmp_path, [article()])) == FILES | {".gitkeep"}


@pytest.mark.parametrize("path", ["file", "file/out"])
def test_a_file_in_the_place_of_the_folder_is_one_clear_line(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError) as caught, RunFolder(tmp_path / path):
        pass
    assert str(tmp_path / path) in str(caught.value) and "\n" not in str(caught.value)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_without_permission_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    with _unprivileged(), pytest.raises(OutputError, match=r"cannot write to '.*out': Permission denied"):
        RunFolder(tmp_path / "locked/out").__enter__()


def test_two_runs_into_one_folder_at_a_time_are_refused(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "out") as run:
        with (
            pytest.raises(OutputError, match=rf"another run \(process {os.getpid()}\) is writing"),
            RunFolder(tmp_path / "out"),
        ):
            pass
        run.write(article())
        run.finish(DATA)
    assert names(tmp_path / "out") == FILES


@pytest.mark.parametrize("codes", [("../x", "en"), ("fr", "en\n"), ("", "en"), ("fr", "FR")])
def test_languages_that_cannot_name_two_files_are_refused(tmp_path: Path, codes: tuple[str, str]) -> None:
    with pytest.raises(ConfigError):
        RunFolder(tmp_path / "out", *codes)


@pytest.mark.parametrize(("size", "limit"), [(2000, 8192), (1, 1000)], ids=["while writing", "while finishing"])
def test_a_full_disk_is_one_clear_line_and_leaves_no_file(tmp_path: Path, size: int, limit: int) -> None:
    written = 0
    with (
        pytest.raises(OutputError, match=r"cannot write to .*free some space") as caught,
        RunFolder(tmp_path / "out") as run,
        _file_size_limit(limit),
    ):
        for written in range(size):
            run.write(article(str(written)))
        written = size
        run.finish(DATA)
    assert (written == size) is (size == 1)
    assert "\n" not in str(caught.value)
    assert names(tmp_path) == set()


KILLED = """
import os, signal
from pathlib import Path
from pipeline.document import Document, Segment
from pipeline.writers import ManifestData, RunFolder

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

real, shown = Path.replace, []
def replace(self, target):
    if len(shown) == {at}:
        die()
    shown.append(self)
    return real(self, target)
Path.replace = replace

with RunFolder({folder!r}, overwrite=True) as run:
    for number in range(50):
        segment = Segment(0, 3, "paragraph", "Oui", 0, target="Yes")
        run.write(Document(str(number), "Oui", segments=(segment,)))
    if {at} < 0:
        die()
    run.finish(ManifestData())
"""


@pytest.mark.parametrize(
    ("at", "earlier"),
    [(-1, False), (-1, True), (0, True), (4, False), (4, True), (10, False)],
    ids=["writing", "writing over", "before over", "amid", "amid over", "last"],
)
def test_a_killed_run_is_never_taken_for_a_finished_one_and_the_next_can_start(
    tmp_path: Path, at: int, earlier: bool
) -> None:
    folder = tmp_path / "out"
    if earlier:
        write(folder, [article("old")])
    child = subprocess.run([sys.executable, "-c", KILLED.format(at=at, folder=str(folder))], cwd=ROOT, check=False)
    assert child.returncode == -signal.SIGKILL
    assert STAGING in names(folder)
    intact = earlier and at < 0
    if intact:
        assert read_manifest(folder)["counts"]["documents"] == 1
    else:
        with pytest.raises(InputError, match="no finished run"):
            read_manifest(folder)
    assert {len(rows(path)) for path in folder.glob("pairs.jsonl")} <= {50, 2}
    write(folder, [article("again")], overwrite=intact)
    assert names(folder) == FILES
    assert read_manifest(folder)["counts"]["documents"] == 1


def test_rows_go_to_the_disk_while_the_run_goes_on(tmp_path: Path) -> None:
    """Memory is bounded: long articles leave in row groups, not all at the end."""
    long = "mot " * 250_000
    batch = [replace(article(str(number)), text=long) for number in range(9)]
    with RunFolder(tmp_path / "out") as run:
        for document in batch:
            run.write(document)
        assert (tmp_path / "out" / STAGING / "files" / "documents.parquet").stat().st_size > 1000
        run.finish(DATA)
    assert pq.ParquetFile(tmp_path / "out/documents.parquet").num_row_groups == 3


@contextmanager
def _unprivileged() -> Iterator[None]:
    """Be nobody for a while, where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def _file_size_limit(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
