"""Exactly once: a run that is cut off goes on where it stood, and what comes out is as if nothing had happened."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import config, run
from pipeline.config import Config
from pipeline.document import Document, Failure
from pipeline.errors import InputError, OutputError, ResourceError
from pipeline.readers import ReadOptions
from pipeline.session import Outcome
from pipeline.stopping import Stop
from pipeline.writers.atomic import STAGING

ROOT = Path(__file__).parent.parent
TEXT = "Le maire de Lyon a annoncé lundi que {n} écoles ouvriraient avant l'hiver.\n\nLe coût atteint {n},5 millions d'euros.\n"
Cut = Callable[[int, BaseException | Callable[[], object]], None]


@pytest.fixture(scope="module")
def quick(checkpoint: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a configuration of two tiny Marian models, which need no torch to run, in batches and shards of few."""
    path: Path = tmp_path_factory.mktemp("config") / "quick.toml"
    model = f'model = "{checkpoint("marian")}"\ndecoding = {{ beam_size = 1, max_new_tokens = 8 }}\n'
    path.write_text(f"[translator]\n{model}[summarizer]\n{model}[run]\nbatch_size = 1\nin_flight = 1\nshard_size = 2\n")
    return path


@pytest.fixture
def settings(quick: Path) -> Config:
    return config.load(quick)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a folder of seven documents: five rows, a text, and one that cannot be read."""
    folder = tmp_path / "in"
    folder.mkdir()
    rows(folder / "rows.jsonl", 5)
    (folder / "z.txt").write_text(TEXT.format(n=77), encoding="utf-8")
    (folder / "broken.txt").write_bytes(bytes(range(256)) * 9)
    return folder


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Cut:
    """Return a function that has the engine raise, or do something, after it gave back so many documents."""

    def set_up(after: int, what: BaseException | Callable[[], object]) -> None:
        real = run.documents

        def documents(settings: Config, inputs: Iterable[Document]) -> Iterator[Document]:
            for number, document in enumerate(real(settings, inputs), 1):
                yield document
                if number == after:
                    if isinstance(what, BaseException):
                        raise what
                    what()

        monkeypatch.setattr(run, "documents", documents)

    return set_up


def rows(path: Path, count: int) -> None:
    lines = [json.dumps({"id": f"r{n}", "text": TEXT.format(n=n + 2), "page": n}) for n in range(count)]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def go(source: Path, out: Path, settings: Config, **named: Any) -> Outcome:
    return run.run_folder([str(source)], out, settings, ReadOptions(), quiet=True, **named)


def contents(folder: Path) -> dict[str, bytes]:
    """All that is in the folder, hidden or not, but for the file of times."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "timing.json"
    }


def said_done(line: str) -> int:
    found = re.search(r"(\d+) of 7 documents are done and safe", line)
    assert found is not None
    return int(found[1])


def done_before(out: Path) -> int:
    count: int = json.loads((out / "timing.json").read_text())["done_before"]
    return count


@pytest.fixture
def whole(source: Path, tmp_path: Path, settings: Config) -> dict[str, bytes]:
    """Return what an undisturbed run writes."""
    go(source, tmp_path / "whole", settings)
    return contents(tmp_path / "whole")


@pytest.mark.parametrize("after", [1, 2, 3, 5, 7])
def test_a_run_that_broke_off_goes_on_with_all_that_it_had_finished(
    source: Path,
    tmp_path: Path,
    settings: Config,
    whole: dict[str, bytes],
    cut: Cut,
    monkeypatch: pytest.MonkeyPatch,
    after: int,
) -> None:
    with monkeypatch.context():
        cut(after, RuntimeError("a defect"))
        with pytest.raises(RuntimeError):
            go(source, tmp_path / "out", settings)
    assert set(os.listdir(tmp_path / "out")) == {STAGING}  # noqa: PTH208
    monkeypatch.undo()
    outcome = go(source, tmp_path / "out", settings)
    assert contents(tmp_path / "out") == whole
    assert done_before(tmp_path / "out") == after
    assert f"{after} of 7 were done before" in outcome.line


def test_a_run_that_breaks_off_before_the_first_document_leaves_nothing(
    source: Path, tmp_path: Path, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def documents(*_: object) -> Iterator[Document]:
        raise RuntimeError("a defect")

    monkeypatch.setattr(run, "documents", documents)
    with pytest.raises(RuntimeError):
        go(source, tmp_path / "out", settings)
    assert not (tmp_path / "out").exists()


def test_the_bytes_are_those_of_any_batch_and_shard_size_after_any_stop(
    source: Path, tmp_path: Path, settings: Config, whole: dict[str, bytes], cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    for batch, shard in ((7, 1), (64, 64), (1, 3)):
        out = tmp_path / f"out-{batch}"
        with monkeypatch.context():
            cut(3, KeyboardInterrupt())
            with pytest.raises(KeyboardInterrupt):
                go(source, out, settings.overridden(run__batch_size=batch, run__shard_size=shard))
        monkeypatch.undo()
        go(source, out, settings.overridden(run__batch_size=shard, run__shard_size=batch))
        assert contents(out) == whole


def test_a_stop_finishes_the_batch_in_hand_and_says_how_to_go_on(
    source: Path, tmp_path: Path, settings: Config, whole: dict[str, bytes], cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Stop()
    cut(3, lambda: setattr(stop, "signal", signal.SIGTERM))
    outcome = go(source, tmp_path / "out", settings, stop=stop)
    assert outcome.exit_code == 143
    assert "run the same command again to go on" in outcome.line
    done = said_done(outcome.line)
    assert 3 <= done < 7
    monkeypatch.undo()
    assert go(source, tmp_path / "out", settings).exit_code == 1
    assert contents(tmp_path / "out") == whole
    assert done_before(tmp_path / "out") == done


def test_a_stop_before_the_first_document_leaves_nothing(source: Path, tmp_path: Path, settings: Config) -> None:
    stop = Stop()
    stop.signal = signal.SIGINT
    assert go(source, tmp_path / "out", settings, stop=stop).exit_code == 130
    assert not (tmp_path / "out").exists()


def test_a_finished_run_does_nothing_and_says_so_with_its_own_exit_code(
    source: Path, tmp_path: Path, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = go(source, tmp_path / "out", settings)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    monkeypatch.setattr(run, "documents", lambda *_: pytest.fail("a model was asked"))
    again = go(source, tmp_path / "out", settings)
    assert "nothing to do" in again.line
    assert (again.counts, again.exit_code, again.signature) == (first.counts, 1, first.signature)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == before
    (source / "broken.txt").unlink()


def test_more_inputs_extend_a_finished_run_to_the_bytes_of_one_over_all_of_them(
    source: Path, tmp_path: Path, settings: Config, whole: dict[str, bytes]
) -> None:
    few = shutil.copytree(source, tmp_path / "few")
    (few / "z.txt").unlink()
    rows(few / "rows.jsonl", 3)
    go(few, tmp_path / "out", settings)
    shutil.copytree(source, few, dirs_exist_ok=True)
    (few / "0.txt").write_text("Il neige à Lyon depuis lundi matin.")
    (source / "0.txt").write_text("Il neige à Lyon depuis lundi matin.")
    go(few, tmp_path / "out", settings)
    assert done_before(tmp_path / "out") == 4
    go(source, tmp_path / "all", settings)
    assert contents(tmp_path / "out") == contents(tmp_path / "all")


def test_an_extension_that_breaks_off_leaves_the_finished_run_as_it_was(
    source: Path, tmp_path: Path, settings: Config, whole: dict[str, bytes], cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = shutil.copytree(source, tmp_path / "few")
    rows(few / "rows.jsonl", 2)
    go(few, tmp_path / "out", settings)
    before = contents(tmp_path / "out")
    cut(2, RuntimeError("a defect"))
    with pytest.raises(RuntimeError):
        go(source, tmp_path / "out", settings)
    shown = {name: data for name, data in contents(tmp_path / "out").items() if not name.startswith(STAGING)}
    assert shown == before
    monkeypatch.undo()
    go(source, tmp_path / "out", settings)
    assert contents(tmp_path / "out") == whole
    assert done_before(tmp_path / "out") == 6


@pytest.mark.parametrize("finished", [True, False])
def test_other_settings_are_refused_by_name_and_value(
    source: Path, tmp_path: Path, settings: Config, cut: Cut, monkeypatch: pytest.MonkeyPatch, finished: bool
) -> None:
    if not finished:
        cut(3, RuntimeError("a defect"))
        with pytest.raises(RuntimeError):
            go(source, tmp_path / "out", settings)
        monkeypatch.undo()
    else:
        go(source, tmp_path / "out", settings)
    before = contents(tmp_path / "out")
    other = settings.overridden(summarizer__sentences=2, detect__other="keep")
    with pytest.raises(OutputError, match=r"detect\.other: skip → keep.*--fresh") as caught:
        go(source, tmp_path / "out", other)
    assert "summarizer.sentences: 3 → 2" in str(caught.value)
    with pytest.raises(OutputError, match="title_field: none → page"):
        options = ReadOptions(title_field="page")
        run.run_folder([str(source / "rows.jsonl")], tmp_path / "out", settings, options, quiet=True)
    left = {name: data for name, data in contents(tmp_path / "out").items() if not name.endswith("/pid")}
    assert left == {name: data for name, data in before.items() if not name.endswith("/pid")}
    go(source, tmp_path / "out", other, fresh=True)


def test_another_model_of_the_same_name_is_refused(
    source: Path, tmp_path: Path, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(source, tmp_path / "out", settings)
    monkeypatch.setattr(run, "weight_hash", lambda _: "f" * 64)
    with pytest.raises(OutputError, match=r"translator: .*@[0-9a-f]{12} → .*@f{12}"):
        go(source, tmp_path / "out", settings)


@pytest.mark.parametrize("finished", [True, False])
def test_other_inputs_are_refused_by_the_document(
    source: Path, tmp_path: Path, settings: Config, cut: Cut, monkeypatch: pytest.MonkeyPatch, finished: bool
) -> None:
    if not finished:
        cut(6, RuntimeError("a defect"))
        with pytest.raises(RuntimeError):
            go(source, tmp_path / "out", settings)
        monkeypatch.undo()
    else:
        go(source, tmp_path / "out", settings)
    path = source / "rows.jsonl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"page": 1', '"page": 9'), encoding="utf-8")
    with pytest.raises(OutputError, match=r"document 'r1' has changed; .*--fresh"):
        go(source, tmp_path / "out", settings)
    path.write_text("".join(text.splitlines(keepends=True)[2:]), encoding="utf-8")
    with pytest.raises(OutputError, match="document 'r0' is no longer in the input, and 1 more"):
        go(source, tmp_path / "out", settings)
    path.write_text(text, encoding="utf-8")
    go(source, tmp_path / "out", settings)
    assert (tmp_path / "out/manifest.json").exists()


def test_fresh_starts_over_and_is_gone_on_with_without_it(
    source: Path, tmp_path: Path, settings: Config, whole: dict[str, bytes], cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(source, tmp_path / "out", settings.overridden(summarizer__sentences=1))
    stop = Stop()
    cut(3, lambda: setattr(stop, "signal", signal.SIGINT))
    outcome = go(source, tmp_path / "out", settings, fresh=True, stop=stop)
    assert "again without --fresh to go on" in outcome.line
    monkeypatch.undo()
    go(source, tmp_path / "out", settings)
    assert contents(tmp_path / "out") == whole
    assert done_before(tmp_path / "out") == said_done(outcome.line)


def test_fresh_throws_away_what_a_run_that_broke_off_left(
    source: Path, tmp_path: Path, settings: Config, whole: dict[str, bytes], cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut(3, RuntimeError("a defect"))
    with pytest.raises(RuntimeError):
        go(source, tmp_path / "out", settings.overridden(summarizer__sentences=1))
    monkeypatch.undo()
    go(source, tmp_path / "out", settings, fresh=True)
    assert contents(tmp_path / "out") == whole
    assert done_before(tmp_path / "out") == 0


def test_a_start_that_fails_takes_nothing_from_what_an_earlier_run_left(
    source: Path, tmp_path: Path, settings: Config, whole: dict[str, bytes], cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut(4, RuntimeError("a defect"))
    with pytest.raises(RuntimeError):
        go(source, tmp_path / "out", settings)
    monkeypatch.undo()
    (source / "twice.jsonl").write_text('{"id": "r1", "text": "Il pleut."}\n')
    for fresh in (False, True):
        with pytest.raises(InputError, match="two documents"):
            go(source, tmp_path / "out", settings, fresh=fresh)
    (source / "twice.jsonl").unlink()
    go(source, tmp_path / "out", settings)
    assert contents(tmp_path / "out") == whole
    assert done_before(tmp_path / "out") == 4


def test_a_file_that_was_removed_from_a_finished_run_is_made_again(
    source: Path, tmp_path: Path, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(source, tmp_path / "out", settings)
    before = contents(tmp_path / "out")
    for name in ("pairs.parquet", "README.md"):
        (tmp_path / "out" / name).unlink()
    monkeypatch.setattr(run, "documents", lambda *_: pytest.fail("a model was asked"))
    go(source, tmp_path / "out", settings)
    assert contents(tmp_path / "out") == before


def test_a_file_of_a_finished_run_that_somebody_edited_is_not_overwritten(
    source: Path, tmp_path: Path, settings: Config
) -> None:
    go(source, tmp_path / "out", settings)
    (tmp_path / "out/README.md").write_text("A card of my own.")
    assert "nothing to do" in go(source, tmp_path / "out", settings).line
    with (tmp_path / "out/pairs.jsonl").open("a") as stream:
        stream.write("{}\n")
    with pytest.raises(OutputError, match=r"pairs\.jsonl' is not as the run wrote it; move it away"):
        go(source, tmp_path / "out", settings)
    (tmp_path / "out/documents.jsonl").unlink()
    with pytest.raises(OutputError, match=r"documents\.jsonl' of the finished run is gone; start over with --fresh"):
        go(source, tmp_path / "out", settings)


def test_a_document_that_failed_for_lack_of_memory_is_tried_again_and_one_that_failed_for_its_own_sake_is_not(
    source: Path, tmp_path: Path, settings: Config, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = run.documents
    seen: list[str] = []

    def documents(settings: Config, inputs: Iterable[Document], poor: bool = True) -> Iterator[Document]:
        for document in real(settings, inputs):
            seen.append(document.id)
            failed = poor and document.id == "r2"
            yield replace(document, failure=Failure("translate", "ResourceError", "memory")) if failed else document

    monkeypatch.setattr(run, "documents", documents)
    assert go(source, tmp_path / "out", settings).counts.failed == 2
    seen.clear()
    monkeypatch.setattr(run, "documents", lambda settings, inputs: documents(settings, inputs, poor=False))
    assert go(source, tmp_path / "out", settings).counts.failed == 1
    assert seen == ["r2"]
    assert contents(tmp_path / "out") == whole


def test_an_input_that_changes_while_the_run_goes_on_fails_and_is_read_anew_by_the_next(
    source: Path, tmp_path: Path, settings: Config, cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = "Il neige à Lyon depuis lundi matin, selon la préfecture."
    cut(2, lambda: (source / "z.txt").write_text(new, encoding="utf-8"))
    outcome = go(source, tmp_path / "out", settings)
    failed = [json.loads(line) for line in (tmp_path / "out/failed.jsonl").read_text("utf-8").splitlines()]
    assert outcome.counts.failed == 2
    assert "changed while the run was going on" in {row["id"]: row["reason"] for row in failed}["z.txt"]
    assert new not in (tmp_path / "out/documents.jsonl").read_text("utf-8")
    monkeypatch.undo()
    go(source, tmp_path / "out", settings)
    assert done_before(tmp_path / "out") == 6
    go(source, tmp_path / "all", settings)
    assert contents(tmp_path / "out") == contents(tmp_path / "all")


def test_rows_that_come_in_while_the_run_goes_on_are_said_and_taken_by_the_next(
    source: Path, tmp_path: Path, settings: Config, cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut(1, lambda: rows(source / "rows.jsonl", 8))
    outcome = go(source, tmp_path / "out", settings)
    assert "3 documents came in while the run was going on" in outcome.line
    assert outcome.counts.documents == 7
    monkeypatch.undo()
    go(source, tmp_path / "out", settings)
    go(source, tmp_path / "all", settings)
    assert contents(tmp_path / "out") == contents(tmp_path / "all")


def test_when_memory_runs_out_one_line_says_what_is_safe(
    source: Path, tmp_path: Path, settings: Config, whole: dict[str, bytes], cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut(5, MemoryError())
    with pytest.raises(ResourceError, match=r"memory ran out; 5 of 7 documents are done and safe in .*--batch-size"):
        go(source, tmp_path / "out", settings)
    monkeypatch.undo()
    go(source, tmp_path / "out", settings)
    assert contents(tmp_path / "out") == whole


@pytest.mark.parametrize("after", [3, 8, 20])
def test_a_full_disk_is_one_line_and_the_run_goes_on_when_there_is_room(
    source: Path, tmp_path: Path, settings: Config, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    real, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"No space left on device; free some space") as caught:
        go(source, tmp_path / "out", settings)
    assert "\n" not in str(caught.value)
    assert ("documents are done and safe" in str(caught.value)) is (after > 3)
    assert not (tmp_path / "out/manifest.json").exists()
    monkeypatch.undo()
    go(source, tmp_path / "out", settings)
    assert contents(tmp_path / "out") == whole


def test_a_folder_that_vanishes_is_one_line(source: Path, tmp_path: Path, settings: Config, cut: Cut) -> None:
    cut(3, lambda: shutil.rmtree(tmp_path / "out"))
    with pytest.raises(OutputError, match=r"cannot write to .*No such file or directory") as caught:
        go(source, tmp_path / "out", settings)
    assert "safe" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_one_line(source: Path, settings: Config) -> None:
    out = Path("/proc/depeche-out")  # where nobody may write, root neither
    with pytest.raises(OutputError, match="cannot write to '/proc/depeche-out'") as caught:
        go(source, out, settings)
    assert "\n" not in str(caught.value)


def test_an_engine_that_loses_a_document_is_a_defect_and_not_a_smaller_result(
    source: Path, tmp_path: Path, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = run.documents
    monkeypatch.setattr(run, "documents", lambda c, i: (d for d in real(c, i) if d.id != "r3"))
    with pytest.raises(RuntimeError, match="did not give back"):
        go(source, tmp_path / "out", settings)


def test_the_manifest_has_the_signature_its_parts_and_how_the_inputs_were_read(
    source: Path, tmp_path: Path, settings: Config
) -> None:
    outcome = go(source, tmp_path / "out", settings)
    manifest = json.loads((tmp_path / "out/manifest.json").read_text("utf-8"))
    parts = manifest["signature_parts"]
    assert manifest["signature"] == outcome.signature == "|".join(f"{name}:{value}" for name, value in parts.items())
    assert {"depeche", "schema", "cleaner", "splitter", "py3langid", "translator", "settings"} <= set(parts)
    assert manifest["reading"]["text_field"] == "text"


# A process of its own

PROGRAM = "import sys; from pipeline.cli import main; main()"
SLOW = """
import sys, time
from pipeline import run
real = run.documents
def documents(config, inputs):
    for document in real(config, inputs):
        print("done", document.id, flush=True)
        time.sleep({seconds})
        yield document
run.documents = documents
from pipeline.cli import main
main()
"""


LISTENING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"


def start(program: str, *words: object, **env: str) -> subprocess.Popen[str]:
    """Start the command; it hears SIGINT also where the tests are a job in the background, which ignores it."""
    command = [sys.executable, "-c", LISTENING + program, "run", *map(str, words)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, **env}
    )


def test_ctrl_c_ends_a_real_run_with_130_and_the_same_command_goes_on(
    source: Path, tmp_path: Path, quick: Path, whole: dict[str, bytes]
) -> None:
    words = (source, "--out", tmp_path / "out", "--config", quick)
    process = start(SLOW.format(seconds=0.3), *words)
    assert process.stdout is not None and process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 130, err
    assert "stopping when the batches in hand are done" in err
    assert "run the same command again to go on" in err
    again = start(PROGRAM, *words)
    _, err = again.communicate(timeout=300)
    assert again.returncode == 1, err
    assert "were done before" in err
    assert contents(tmp_path / "out") == whole


def test_a_second_ctrl_c_ends_a_run_at_once_even_deep_in_a_model(
    source: Path, tmp_path: Path, quick: Path, whole: dict[str, bytes]
) -> None:
    words = (source, "--out", tmp_path / "out", "--config", quick)
    process = start(SLOW.format(seconds=60), *words)
    assert process.stdout is not None and process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None and "stopping" in process.stderr.readline()
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=300)
    assert process.returncode == 130
    assert time.monotonic() - began < 45
    start(PROGRAM, *words).communicate(timeout=300)
    assert contents(tmp_path / "out") == whole


def test_a_second_run_is_refused_with_the_process_of_the_first(source: Path, tmp_path: Path, quick: Path) -> None:
    words = (source, "--out", tmp_path / "out", "--config", quick)
    first = start(SLOW.format(seconds=60), *words)
    try:
        assert first.stdout is not None and first.stdout.readline()
        second = start(PROGRAM, *words, "--fresh")
        _, err = second.communicate(timeout=300)
        assert second.returncode == 2
        assert f"another run (process {first.pid}) is writing" in err
        assert err.count("\n") == 1
    finally:
        first.kill()
        first.communicate()


def test_the_locale_changes_no_byte(source: Path, tmp_path: Path, quick: Path, whole: dict[str, bytes]) -> None:
    installed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
    french = next((name for name in installed if name.startswith("fr_FR")), "C.UTF-8")
    for name in ("C", french):
        out = tmp_path / f"out-{name}"
        process = start(PROGRAM, source, "--out", out, "--config", quick, LC_ALL=name, LANG=name, PYTHONUTF8="0")
        _, err = process.communicate(timeout=300)
        assert process.returncode == 1, err
        assert contents(out) == whole


def test_a_file_that_could_not_be_read_and_was_mended_is_taken_as_it_is_now(
    source: Path, tmp_path: Path, settings: Config
) -> None:
    torn = source / "torn.parquet"
    torn.write_bytes(b"PAR1")
    first = go(source, tmp_path / "out", settings)
    assert first.exit_code == 1 and "2 failed" in first.line
    (source / "broken.txt").write_text(TEXT.format(n=99), encoding="utf-8")
    pq.write_table(pa.table({"text": [TEXT.format(n=98)]}), torn)
    second = go(source, tmp_path / "out", settings)
    assert second.exit_code == 0 and "6 of 8 were done before" in second.line
    go(source, tmp_path / "afresh", settings)
    assert contents(tmp_path / "out") == contents(tmp_path / "afresh")
