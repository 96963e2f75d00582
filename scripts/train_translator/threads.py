"""How many threads to use while others use the machine too.

A step waits for its slowest thread: where a second busy process takes a core, two threads on two cores are slower
than one. Linux only (/proc/stat); elsewhere the number of threads stays what it was.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from pathlib import Path

import torch

_STAT = Path("/proc/stat")
_EVERY = 1.0  # seconds between two looks
_QUIET, _LOUD = 0.15, 0.3  # cores' worth of others' work: below, a core is free; above, it is taken
_PATIENCE = 2  # quiet looks before threads are added


class Threads:
    """Keeps torch at `most` threads while nobody else computes, and leaves the cores to others that they use.

    `busy` gives the seconds that all cores together have worked, `own` those of this process, `clock` the time; `use`
    sets the number of threads. They are the machine's own unless a test brings others.
    """

    def __init__(
        self,
        most: int,
        *,
        cores: int | None = None,
        busy: Callable[[], float | None] | None = None,
        own: Callable[[], float] = time.process_time,
        clock: Callable[[], float] = time.monotonic,
        use: Callable[[int], None] = torch.set_num_threads,
    ) -> None:
        self.most = self.now = most
        self._cores = cores or os.cpu_count() or 1
        self._busy, self._own, self._clock, self._use = busy or machine_seconds, own, clock, use
        self._quiet = 0
        self._mark()

    def adapt(self) -> None:
        """Look again, once a second at most, and change the number of threads if others came or went."""
        if self.most == 1 or self._clock() - self._since < _EVERY:
            return
        others = self._others()
        if others is None:
            return
        fewer, more = self._fitting(others - _LOUD), self._fitting(others - _QUIET)
        self._quiet = self._quiet + 1 if more > self.now else 0
        if fewer < self.now:
            self._change(fewer)
        elif self._quiet >= _PATIENCE:
            self._change(more)

    def _fitting(self, taken: float) -> int:
        """Return the threads that fit beside `taken` cores, any part of one counted as a whole."""
        return max(1, min(self.most, self._cores - max(0, math.ceil(taken))))

    def _others(self) -> float | None:
        """Return how many cores' worth of work others did since the last look."""
        since, before, mine = self._since, self._before, self._mine
        self._mark()
        if before is None or self._before is None:
            return None
        return (self._before - before - (self._mine - mine)) / (self._since - since)

    def _mark(self) -> None:
        self._since, self._before, self._mine = self._clock(), self._busy(), self._own()

    def _change(self, count: int) -> None:
        self.now, self._quiet = count, 0
        self._use(count)


def machine_seconds() -> float | None:
    """Return the seconds that all cores together have worked since the start, or None where nobody counts them."""
    try:
        fields = [int(field) for field in _STAT.read_text().split("\n", 1)[0].split()[1:9]]
    except (OSError, ValueError):
        return None
    idle = sum(fields[3:5])  # idle, and waiting for the disk
    return float(sum(fields) - idle) / os.sysconf("SC_CLK_TCK")
