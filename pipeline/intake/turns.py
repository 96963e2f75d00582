"""Politeness: one request at a time to a host, and a pause between two."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

_LONGEST_PAUSE = 30.0  # what a site may ask for; more would hold up the night


@dataclass(slots=True)
class _Turn:
    pause: float
    lock: Lock = field(default_factory=Lock)
    free_at: float = 0.0


class Turns:
    """Whose turn it is, for each host. Threads may share it."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._lock = Lock()
        self._turns: dict[str, _Turn] = {}

    @contextmanager
    def at(self, host: str) -> Iterator[None]:
        """Wait until the host may be asked, and hold the others off meanwhile."""
        turn = self._turn(host)
        with turn.lock:
            time.sleep(max(0.0, turn.free_at - time.monotonic()))
            try:
                yield
            finally:
                turn.free_at = time.monotonic() + turn.pause

    def slow_down(self, host: str, pause: float) -> None:
        """Leave more time between two requests to a host, as it asks; 30 seconds at most, and never less than now."""
        turn = self._turn(host)
        turn.pause = max(turn.pause, min(pause, _LONGEST_PAUSE))

    def _turn(self, host: str) -> _Turn:
        with self._lock:
            return self._turns.setdefault(host, _Turn(self._pause))
