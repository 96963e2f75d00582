"""Ctrl-C and SIGTERM: the first asks a run to stop where nothing is lost, the second ends it at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SAID = b"depeche: stopping when the batches in hand are done; once more stops at once\n"
_SHOW_CURSOR = b"\x1b[?25h\n"  # a live line of progress hides it


class Stop:
    """Whether somebody asked the run to stop; `signal` is the number of the signal that did."""

    def __init__(self) -> None:
        self.signal: int | None = None

    @property
    def requested(self) -> bool:
        return self.signal is not None

    @property
    def exit_code(self) -> int:
        """Return the exit code that shells give to a process which a signal ended."""
        return 128 + (self.signal or 0)


@contextmanager
def on_signals() -> Iterator[Stop]:
    """Give a `Stop` that the first SIGINT or SIGTERM sets; a second one ends the process at once.

    A thread of its own listens, since the main one may be deep in a model's code, where Python's own handlers wait.
    A signal that was ignored before (a job in the background) stays so. Only the main thread may call this.
    """
    stop = Stop()
    listened = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    reading, writing = os.pipe2(os.O_CLOEXEC)
    os.set_blocking(writing, False)
    thread = threading.Thread(target=_listen, args=(reading, stop), daemon=True, name="signals")
    thread.start()
    before = {number: signal.signal(number, _heard) for number in listened}
    wakeup = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield stop
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(writing)
        thread.join()
        os.close(reading)


def _heard(number: int, frame: FrameType | None) -> None:
    """The thread has it already."""


def _listen(reading: int, stop: Stop) -> None:
    while heard := os.read(reading, 1):
        if heard[0] not in _SIGNALS:
            continue
        if stop.requested:
            _say(_SHOW_CURSOR if os.isatty(2) else b"")
            os._exit(128 + heard[0])  # whatever is on the disk is whole at any moment
        stop.signal = heard[0]
        _say((b"\n" if os.isatty(2) else b"") + _SAID)


def _say(words: bytes) -> None:
    with suppress(OSError):
        os.write(2, words)
