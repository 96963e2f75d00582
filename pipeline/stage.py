"""What a step is, and what happens to a document that makes it fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from pipeline.document import Document, Failure
from pipeline.errors import DocumentError, ResourceError


class Stage(Protocol):
    """One step over a batch of documents.

    A stage returns as many documents as it was given, in order, with the same ids, and changes only
    the fields that it owns. It raises `DocumentError` for a document that it cannot process and
    `ResourceError` when the batch is too much for the machine.
    """

    @property
    def name(self) -> str: ...

    def setup(self) -> None:
        """Load what the stage needs; called once in each worker, after pickling, before `process`."""
        ...

    def process(self, batch: Sequence[Document]) -> list[Document]:
        """Return the documents of the batch, each with the fields that this stage owns filled in."""
        ...


def apply(stage: Stage, batch: Sequence[Document]) -> list[Document]:
    """Run a stage over a batch; documents that failed before pass by untouched, new failures are marked.

    A batch that raises is halved until the one document that is at fault stands alone.
    """
    live = [document for document in batch if document.failure is None]
    done = iter(_isolate(stage, live)) if live else iter(())
    return [document if document.failure else next(done) for document in batch]


def _isolate(stage: Stage, batch: Sequence[Document]) -> list[Document]:
    try:
        return _checked(stage, batch)
    except (DocumentError, ResourceError) as error:
        if len(batch) == 1:
            return [replace(batch[0], failure=Failure(stage.name, type(error).__name__, str(error)))]
    middle = len(batch) // 2
    return _isolate(stage, batch[:middle]) + _isolate(stage, batch[middle:])


def _checked(stage: Stage, batch: Sequence[Document]) -> list[Document]:
    result = stage.process(batch)
    if [document.id for document in result] != [document.id for document in batch]:
        raise RuntimeError(f"stage {stage.name!r} did not return the documents that it was given, in order")
    return result
