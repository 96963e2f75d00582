"""Carry documents through the stages in this process, a batch at a time, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice

from pipeline.document import Document
from pipeline.stage import Stage, apply


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Runs every stage over a batch of `batch_size` documents before it reads the next."""

    batch_size: int = 32

    def run(self, stages: Sequence[Stage], documents: Iterable[Document]) -> Iterator[Document]:
        """Yield each document, finished or with its failure, in the order of the input."""
        for stage in stages:
            stage.setup()
        stream = iter(documents)
        while batch := list(islice(stream, self.batch_size)):
            yield from reduce(lambda done, stage: apply(stage, done), stages, batch)
