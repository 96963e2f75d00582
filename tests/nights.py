"""One night in a process of its own, which can be killed before or behind any of its steps.

python tests/nights.py CONFIG.toml 2026-11-17T04:30:00+00:00 [STEP before|after]
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pipeline import config, delivery, digest, run
from pipeline.intake import State
from pipeline.nightly import Asked, Told, digest_night, night, work
from pipeline.nightly.room import Room
from pipeline.stopping import Stop

STEPS: dict[str, tuple[Any, str]] = {
    "take": (night, "take"),
    "begin": (Room, "begin"),
    "run": (run, "run_folder"),
    "files": (digest, "files"),
    "write": (work, "written"),
    "send": (delivery, "send"),
    "mark": (State, "mark_delivered"),
    "close": (Room, "close"),
    "say": (Room, "say"),
}


def at(settings: config.Config, now: datetime) -> list[Told]:
    """Make the digest of a night."""
    return digest_night(settings, now, Asked(), True, Stop())


def killed_at(step: str, when: str) -> None:
    """Have this process killed before or behind a step."""
    place, name = STEPS[step]
    setattr(place, name, _killed(getattr(place, name), when == "before"))


def _killed(step: Callable[..., Any], first: bool) -> Callable[..., Any]:
    def killed(*arguments: Any, **options: Any) -> Any:
        if not first:
            step(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    return killed


if __name__ == "__main__":
    if len(sys.argv) > 3:
        killed_at(*sys.argv[3:])
    sys.exit(max(told.exit_code for told in at(config.load(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))))
