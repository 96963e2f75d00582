"""How far a run is: a live line on a terminal, plain lines elsewhere, nothing when quiet. Never any article text."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator

from pipeline.document import Document

_EVERY = 10.0  # seconds between plain lines


def watched(
    documents: Iterable[Document], total: int | None, quiet: bool = False, before: int = 0
) -> Iterator[Document]:
    """Pass documents on and report documents and words a second on stderr, with the time left where it is known.

    `before` of the `total` were done by an earlier run: they are said once and count for no rate.
    """
    if quiet:
        return iter(documents)
    if before:
        print(f"{before} of {total} documents were done before", file=sys.stderr)
    show = _live if sys.stderr.isatty() else _plain
    return show(documents, total, before)


def _live(documents: Iterable[Document], total: int | None, before: int) -> Iterator[Document]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    clock = _Clock(before)
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("documents", total=total, completed=before, rate="loading models")
        for document in documents:
            progress.update(task, advance=1, rate=clock.rate(document))
            yield document


def _plain(documents: Iterable[Document], total: int | None, before: int) -> Iterator[Document]:
    clock = _Clock(before)
    said = time.monotonic()
    for document in documents:
        rate = clock.rate(document)
        if time.monotonic() - said >= _EVERY:
            said = time.monotonic()
            count = f"{before + clock.documents}{f'/{total}' if total else ''}"
            print(f"{count} documents, {rate}{clock.left(total)}", file=sys.stderr)
        yield document
    if clock.documents:
        print(f"{clock.documents} documents in {clock.seconds:.1f} s, {clock.last}", file=sys.stderr)


class _Clock:
    """Documents and words seen since the start, when `before` were done."""

    def __init__(self, before: int = 0) -> None:
        self._before = before
        self._start = time.monotonic()
        self.documents = self.words = 0
        self.last = ""

    @property
    def seconds(self) -> float:
        return max(time.monotonic() - self._start, 1e-6)

    def rate(self, document: Document) -> str:
        """Count a document and return the rates so far in words."""
        self.documents += 1
        self.words += len(document.text.split())
        self.last = f"{self.documents / self.seconds:.2f} documents/s, {self.words / self.seconds:,.0f} words/s"
        return self.last

    def left(self, total: int | None) -> str:
        """Return the time left, or nothing where the end is not known."""
        if not total:
            return ""
        minutes, seconds = divmod(round((total - self._before - self.documents) * self.seconds / self.documents), 60)
        return f", about {minutes}:{seconds:02d} left"
