"""Runs of the command in processes of their own, forked from one that has the libraries loaded and no model yet."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import cli, run, work
from pipeline.config import load
from pipeline.document import Document
from pipeline.stages.check import Check
from scripts.kill_runs.points import Points


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code, negative for a signal; the points it reached, the documents it did, its words."""

    code: int
    points: int
    documents: int
    said: str

    @property
    def is_killed(self) -> bool:
        return self.code == -signal.SIGKILL


def warm_up(settings: Path) -> None:
    """Load what every run needs and no model, so that a fork has it; hash the models and the rules."""
    import pyarrow as pa

    from pipeline.backends import ct2_models  # noqa: F401

    for stage in (*run.reading(load(settings)), Check()):
        stage.setup()
    pa.Table.from_pylist([{"text": "what this imports, it imports late"}])
    run.manifest_data(load(settings))


def command(words: Sequence[str], folder: Path, at: int | None = None, after: float | None = None) -> Ended:
    """Run `depeche` with these words, killed at point number `at` below the folder or `after` seconds, if ever."""
    with tempfile.TemporaryFile() as counts, tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            _run(words, Points(folder, at, lambda _: _count(counts.fileno(), b"p")), counts.fileno(), said.fileno())
        if after is not None:
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        counts.seek(0)
        said.seek(0)
        reached = counts.read()
        text = said.read().decode(errors="replace")
    return Ended(os.waitstatus_to_exitcode(status), reached.count(b"p"), reached.count(b"d"), text)


def _count(descriptor: int, mark: bytes) -> None:
    os.write(descriptor, mark)


def _run(words: Sequence[str], points: Points, counts: int, said: int) -> None:
    code = 99
    try:
        os.dup2(said, 1)
        os.dup2(said, 2)
        _watch_documents(counts)
        points.install()
        sys.argv = ["depeche", *words]
        cli.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except BaseException as error:
        os.write(said, f"{type(error).__name__}: {error}".encode())
    finally:
        sys.stderr.flush()
        os._exit(code)


def _watch_documents(counts: int) -> None:
    """Count each document that came out of the stages."""
    add = work.Work.add

    def counted(self: work.Work, document: Document, unsettled: set[int]) -> None:
        add(self, document, unsettled)
        _count(counts, b"d")

    work.Work.add = counted  # type: ignore[method-assign, assignment]
