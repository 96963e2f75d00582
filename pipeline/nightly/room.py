"""The folder of the nightly digest: one lock, the state, a room for each night, and a file that says how it went.

nightly/
    state.sqlite        which articles are known, and which were delivered
    status.json         how the last night went, for monitoring
    latest/             the last digest that was delivered, at an address that stays
    nights/2026-11-22/
        night.json      the window and the articles of this night, fixed before the work begins
        in.jsonl        those articles
        run/            the main job over them
        digest/         digest.html, digest.md, digest.json, digest.eml, feed.xml
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.writers.atomic import output_errors, write_whole
from pipeline.writers.lock import locked

_OWNER = ".lock"  # who holds the folder; the lock is the truth, this is for people
_NIGHT, _DONE = "night.json", "done.json"


@dataclass(frozen=True, slots=True)
class Night:
    """A night's work: its name, the window of time that it covers, its articles by the keys of the state, and what
    failed as they came in."""

    name: str
    start: datetime | None
    end: datetime
    articles: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()


class Room:
    """The folder of the nightly digest.

    Raises:
        OutputError: it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state.sqlite"
        self.nights = folder / "nights"
        self.latest = folder / "latest"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder: a late night and the next one never overlap.

        Raises:
            HeldError: another digest is at work in it; the message has its process id.
        """
        owner = self.folder / _OWNER
        with output_errors(self.folder):
            self.nights.mkdir(parents=True, exist_ok=True)
            lock = locked(self.folder, owner, self._refused)
        try:
            with output_errors(self.folder):
                owner.write_text(f"{os.getpid()}\n", encoding="ascii")
            yield
        finally:
            os.close(lock)

    def _refused(self, process: str) -> str:
        return f"another digest{process} is at work in {str(self.folder)!r}; wait for it to end"

    def open_night(self) -> Night | None:
        """Return the night that was begun and neither delivered nor given up, the oldest if there are more."""
        return next(self._nights(over=False), None)

    def begin(self, night: Night) -> None:
        """Fix what a night is, before its work begins."""
        place = self.place(night.name)
        data = {
            "start": night.start and night.start.isoformat(),
            "end": night.end.isoformat(),
            "articles": night.articles,
            "troubles": night.troubles,
        }
        with output_errors(place):
            place.mkdir(parents=True, exist_ok=True)
            write_whole(place / _NIGHT, _json(data))

    def close(self, night: Night, facts: Mapping[str, Any]) -> None:
        """Note that a night is over, well or badly: it is not gone on with."""
        with output_errors(self.place(night.name)):
            write_whole(self.place(night.name) / _DONE, _json(facts))

    def failures(self) -> Counter[str]:
        """Return how often each article failed in the nights that are over."""
        found: Counter[str] = Counter()
        for path in self.nights.glob(f"*/{_DONE}"):
            with suppress(OSError, ValueError, KeyError, TypeError):
                found.update(json.loads(path.read_text(encoding="utf-8"))["failed"])
        return found

    def place(self, name: str) -> Path:
        """Return the room of a night."""
        return self.nights / name

    def free_name(self, day: str) -> str:
        """Return the day as the name of a night, with a number behind it where the day has had one."""
        number, name = 1, day
        while (self.nights / name / _NIGHT).exists():
            number += 1
            name = f"{day}-{number}"
        return name

    def say(self, status: Mapping[str, Any]) -> None:
        """Write `status.json`."""
        with output_errors(self.folder):
            write_whole(self.folder / "status.json", _json(status))

    def forget(self, now: datetime, days: int) -> int:
        """Remove the rooms of nights that ended more than `days` ago, and return how many; 0 days removes none."""
        if not days:
            return 0
        old = [night for night in self._nights(over=True) if night.end < now - timedelta(days=days)]
        for night in old:
            shutil.rmtree(self.place(night.name), ignore_errors=True)
        return len(old)

    def _nights(self, over: bool) -> Iterator[Night]:
        """Yield the nights that are over, or those that are not, the oldest first."""
        for path in sorted(self.nights.glob(f"*/{_NIGHT}")):
            if (path.parent / _DONE).is_file() == over and (night := _read(path)) is not None:
                yield night


def _read(path: Path) -> Night | None:
    """Return a night; None where the file is not whole, for then nothing was begun."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        data = json.loads(path.read_text(encoding="utf-8"))
        start = data["start"] and datetime.fromisoformat(data["start"])
        end = datetime.fromisoformat(data["end"])
        return Night(path.parent.name, start, end, tuple(data["articles"]), tuple(data["troubles"]))
    return None


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
