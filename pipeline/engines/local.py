"""Carry documents through the stages in this process, some batches at a time, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from threading import Event

from pipeline.document import Document
from pipeline.machine import return_memory
from pipeline.stage import Stage, apply

Batch = list[Document]


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Runs every stage over batches of `batch_size` documents, `in_flight` of them at once.

    The models leave Python alone while they compute, so that one batch is read, cleaned, checked or written while
    another is with a model. A thread carries a batch through all stages; the caller's own thread reads and writes.
    Each batch gives what it gives alone: how many are in flight changes no byte.
    """

    batch_size: int = 32
    in_flight: int = 1

    def run(self, stages: Sequence[Stage], documents: Iterable[Document]) -> Iterator[Document]:
        """Yield each document, finished or with its failure, in the order of the input.

        At most `in_flight` + 2 batches are in memory. An error of a stage or of the input is raised in its place,
        behind all documents before it. When the iterator is closed, batches at work stop behind the stage that they
        are in, and no thread is left.
        """
        set_up(stages)
        closed = Event()
        batches = _Batches(documents, self.batch_size)
        waiting: deque[Future[Batch]] = deque()
        with ThreadPoolExecutor(self.in_flight, thread_name_prefix="batch") as pool:
            try:
                while True:
                    while len(waiting) <= self.in_flight and (batch := batches.next()):
                        waiting.append(pool.submit(_carry, stages, batch, closed))
                    if not waiting:
                        break
                    yield from waiting.popleft().result()
            finally:
                closed.set()
                for future in waiting:
                    future.cancel()
        if batches.error is not None:
            raise batches.error


class _Batches:
    """The input in batches; an error in it is kept until what came before has been given out."""

    def __init__(self, documents: Iterable[Document], size: int) -> None:
        self._stream, self._size = iter(documents), size
        self.error: Exception | None = None

    def next(self) -> Batch:
        if self.error is not None:
            return []
        try:
            return list(islice(self._stream, self._size))
        except Exception as error:
            self.error = error
            return []


def _carry(stages: Sequence[Stage], batch: Batch, closed: Event) -> Batch:
    for stage in stages:
        if closed.is_set():
            break  # nobody will ask for it
        batch = apply(stage, batch)
        return_memory()
    return batch


def set_up(stages: Sequence[Stage]) -> None:
    """Set all stages up side by side: models load in half the time of one after the other.

    Raises:
        Exception: that of the first stage in order that has one, when all have ended.
    """
    if not stages:
        return
    with ThreadPoolExecutor(len(stages), thread_name_prefix="setup") as pool:
        for future in [pool.submit(stage.setup) for stage in stages]:
            future.result()
