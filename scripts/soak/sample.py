"""What a process and its children hold at one moment, from /proc (proc(5)): memory, open files, threads, time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Sample:
    """The process and all its children together, so many seconds after the start; `documents` are finished ones."""

    seconds: float
    rss_mb: float
    files: int
    threads: int
    cpu_seconds: float
    documents: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)

    def line(self, before: Sample | None) -> str:
        """Return one line for people, with the speed since the sample before."""
        done = self.documents - (before.documents if before else 0)
        span = self.seconds - (before.seconds if before else 0)
        return (
            f"{self.seconds / 60:6.1f} min  {self.rss_mb:7.1f} MB  {self.files:3} files  {self.threads:3} threads"
            f"  {self.documents:7} documents  {done / max(span, 1e-6):6.2f} documents/s"
        )


def sample(pid: int, seconds: float, documents: int) -> Sample | None:
    """Look at a process and its children; None when it is gone."""
    found = [values for one in (pid, *_children(pid)) if (values := _one(one)) is not None]
    if not found:
        return None
    rss, files, threads, ticks = (sum(column) for column in zip(*found, strict=True))
    return Sample(round(seconds, 1), round(rss * _PAGE / 2**20, 1), files, threads, round(ticks / _TICK, 2), documents)


def _one(pid: int) -> tuple[int, int, int, int] | None:
    """Pages of memory, open files, threads and ticks of the processor; None for one that is gone."""
    try:
        values = _stat(pid)
        files = sum(1 for _ in (_PROC / str(pid) / "fd").iterdir())
        return int(values[21]), files, int(values[17]), int(values[11]) + int(values[12])
    except OSError:
        return None


def _children(pid: int) -> Iterator[int]:
    parents = {}
    for path in _PROC.glob("[0-9]*"):
        try:
            parents[int(path.name)] = int(_stat(int(path.name))[1])
        except OSError:
            continue  # it ended meanwhile
    waiting = [pid]
    while waiting:
        here = waiting.pop()
        found = [child for child, parent in parents.items() if parent == here]
        waiting += found
        yield from found


def _stat(pid: int) -> list[str]:
    """Return the fields behind the name, which may hold anything."""
    return (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
