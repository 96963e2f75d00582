"""One sitting at the work of a run: documents are done, made safe, and put together at the end."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.document import Document
from pipeline.errors import OutputError, ResourceError
from pipeline.plan import Intake
from pipeline.stopping import Stop
from pipeline.work import Work
from pipeline.writers import Counts, ManifestData, RunFolder


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: its signature, what to say to people, the exit code that fits it, and its counts.

    The exit code is 0 when all is good, 1 when documents failed, 128 and the signal when the run was asked to stop.
    """

    signature: str
    line: str
    exit_code: int
    counts: Counts

    @property
    def was_stopped(self) -> bool:
        """Say whether the run ended before it was finished."""
        return self.exit_code > 128


class Session:
    """Carries out what is left of the work in a folder; `intake` gives the documents, `stop` may end it early."""

    def __init__(self, work: Work, intake: Intake, stop: Stop, out: Path, signature: str, fresh: bool) -> None:
        self.before = work.count
        self._work, self._intake, self._stop = work, intake, stop
        self._out, self._signature, self._fresh = out, signature, fresh
        self._started = time.time()

    @property
    def is_complete(self) -> bool:
        """Say whether every document is done."""
        return self._work.count == self._work.total

    def do(self, documents: Iterable[Document]) -> None:
        """Take the documents as they come out of the stages, and make them safe.

        Raises:
            OutputError: the folder cannot be written; the message says what is safe.
            ResourceError: memory ran out.
        """
        with self._safe(), _closed_at_the_end(documents):
            for document in documents:
                self._work.add(document, self._intake.unsettled)

    def put_together(self, folder: RunFolder, facts: ManifestData, left_out: str | None) -> Outcome:
        """Write the final files and show them, unless the run was asked to stop.

        Raises:
            OutputError: the folder cannot be written; the message says what is safe.
        """
        with self._safe(), folder:
            if self._stop.requested or not self._work.merge(folder, self._stop):
                folder.abandon()
                return self._stopped()
            folder.finish(facts, self._timing() | {"left_out": left_out})
        before = f"{self.before} of {self._work.total} were done before" if self.before else None
        reasons = f"why documents failed stands in {self._out / 'failed.jsonl'}" if folder.counts.failed else None
        notes = [note for note in (reasons, left_out, self._late()) if note]
        line = "\n".join([_sum(folder.counts, self._out, before), *notes, self._signature])
        return Outcome(self._signature, line, 1 if folder.counts.failed else 0, folder.counts)

    def _timing(self) -> dict[str, float | int | str | None]:
        seconds = round(time.time() - self._started, 3)
        return {"started": round(self._started, 3), "seconds": seconds, "done_before": self.before}

    def _late(self) -> str | None:
        late = self._intake.late
        noun = "document" if late == 1 else "documents"
        said = f"{late} {noun} came in while the run was going on: run the same command again to take in what is new"
        return said if late else None

    def _stopped(self) -> Outcome:
        again = f"run the same command again{' without --fresh' if self._fresh else ''} to go on"
        line = f"stopped; {self._state()}; {again}"
        return Outcome(self._signature, line, self._stop.exit_code, Counts())

    def _state(self) -> str:
        return f"{self._work.count} of {self._work.total} documents are done and safe in {self._out}"

    @contextmanager
    def _safe(self) -> Iterator[None]:
        """Make safe what is done whatever happens, and say so."""
        try:
            yield
            self._work.commit()
        except OutputError as error:
            self._work.abandon()
            if not self._work.is_safe:
                raise
            raise OutputError(f"{error}; {self._state()}: run the same command again to go on") from error
        except MemoryError as error:
            self._work.commit()
            raise ResourceError(
                f"memory ran out; {self._state()}; run the same command again with a smaller --batch-size"
            ) from error
        except BaseException:
            self._work.commit()
            raise


@contextmanager
def _closed_at_the_end(documents: Iterable[Document]) -> Iterator[None]:
    """An engine that is left amid its work must know, or its threads go on."""
    try:
        yield
    finally:
        if isinstance(documents, Generator):
            documents.close()


def nothing_to_do(counts: Counts, out: Path, signature: str) -> Outcome:
    """Return the outcome of a run that was finished before."""
    line = f"nothing to do, this run is finished: {_sum(counts, out)}\n{signature}"
    return Outcome(signature, line, 1 if counts.failed else 0, counts)


def stopped_early(stop: Stop, signature: str) -> Outcome:
    """Return the outcome of a run that was asked to stop before it began."""
    return Outcome(signature, "stopped before any document was begun", stop.exit_code, Counts())


def _sum(counts: Counts, out: Path, before: str | None = None) -> str:
    parts = [
        f"{counts.translated} translated",
        f"{counts.summarized} summarized",
        f"{counts.skipped} skipped",
        f"{counts.failed} failed",
    ]
    bare = counts.documents - counts.translated - counts.skipped - counts.failed
    parts += [f"{bare} without text"] if bare > 0 else []
    noun = "document" if counts.documents == 1 else "documents"
    done = f"; {before}" if before else ""
    return f"{counts.documents} {noun}: {', '.join(parts)}; {counts.findings.total()} findings{done}; written to {out}"
