"""Kill a run, let it go on, and hold every byte against a run that nobody disturbed."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from scripts.kill_runs.process import Ended, command

_NOT_COMPARED = "timing.json"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A way to start: the words of the command, those that go on after a kill, and what is in the folder before."""

    name: str
    start: tuple[str, ...]
    resume: tuple[str, ...]
    before: Path | None
    expected: dict[str, bytes]
    done_before: int = 0


@dataclass
class Tally:
    """What was tried, and what went wrong."""

    kills: int = 0
    resumed_kills: int = 0
    same: int = 0
    most_redone: int = 0
    faults: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, object]:
        """Return plain values."""
        return {name: getattr(self, name) for name in ("kills", "resumed_kills", "same", "most_redone", "faults")}


def contents(folder: Path) -> dict[str, bytes]:
    """Return what a folder shows and hides, but for the file of times."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != _NOT_COMPARED
    }


class Harness:
    """Tries the points of one scenario in a folder that is made anew each time."""

    def __init__(self, scenario: Scenario, out: Path, shard: int) -> None:
        self.tally = Tally()
        self._scenario, self._out, self._shard = scenario, out, shard

    def points(self) -> int:
        """Return how many points an undisturbed run has."""
        self._prepare()
        ended = command(self._scenario.start, self._out)
        self._check_end("undisturbed", ended)
        return ended.points

    def at_points(self, points: Sequence[int], twice: Sequence[int] = ()) -> None:
        """Kill at each of the points and let the run go on; for those in `twice` kill it again at another point."""
        for point in points:
            self._try(f"point {point}", at=point)
        chance = random.Random(0)
        for point in twice:
            self._try(f"point {point}, then another", at=point, again=chance.randrange(1, max(points) + 1))

    def at_times(self, times: Sequence[float]) -> None:
        """Kill after each of these numbers of seconds and let the run go on."""
        for seconds in times:
            self._try(f"after {seconds:.3f} s", after=seconds)

    def _try(self, name: str, at: int | None = None, after: float | None = None, again: int | None = None) -> None:
        self._prepare()
        first = command(self._scenario.start, self._out, at, after)
        self.tally.kills += first.is_killed
        self._check_shown(name)
        done = self._scenario.done_before + first.documents
        if again is not None:
            second = command(self._scenario.resume, self._out, again)
            self.tally.resumed_kills += second.is_killed
            self._check_shown(name)
            done = 0  # what was safe at the first kill was counted then
        self._check_end(name, self._go_on(), done)

    def _go_on(self) -> Ended:
        """Give the command again; with --fresh where the kill came before anything was done: nothing is kept then."""
        nothing = not any(self._out.glob(".depeche-partial/shards/*.json"))
        ended = command(self._scenario.resume, self._out)
        return command(self._scenario.start, self._out) if nothing and "other settings" in ended.said else ended

    def _prepare(self) -> None:
        shutil.rmtree(self._out, ignore_errors=True)
        if self._scenario.before is not None:
            shutil.copytree(self._scenario.before, self._out)

    def _check_shown(self, name: str) -> None:
        """A folder that says that it is finished is either the earlier run, whole, or the new one, whole."""
        shown = (
            {n: data for n, data in contents(self._out).items() if not n.startswith(".")} if self._out.is_dir() else {}
        )
        if "manifest.json" not in shown:
            return
        whole = [self._scenario.expected] + ([contents(self._scenario.before)] if self._scenario.before else [])
        if shown not in whole:
            self.tally.faults.append(f"{self._scenario.name}, {name}: a half-written run says that it is finished")

    def _check_end(self, name: str, ended: Ended, done: int = 0) -> None:
        where = f"{self._scenario.name}, {name}"
        expected_codes = (0, 1)
        if ended.code not in expected_codes:
            self.tally.faults.append(f"{where}: exit code {ended.code}: {ended.said.strip()[-300:]}")
            return
        found = contents(self._out)
        differ = sorted(n for n in {*found, *self._scenario.expected} if found.get(n) != self._scenario.expected.get(n))
        if differ:
            self.tally.faults.append(f"{where}: other bytes in {', '.join(differ)}")
            return
        self.tally.same += 1
        timing = json.loads((self._out / _NOT_COMPARED).read_text(encoding="utf-8"))
        if "nothing to do" not in ended.said:
            redone = done - timing["done_before"]
            self.tally.most_redone = max(self.tally.most_redone, redone)
            if redone > self._shard:
                self.tally.faults.append(f"{where}: {redone} documents were done again, a shard has {self._shard}")


def sampled(points: int, count: int | None, seed: int = 0) -> Iterator[int]:
    """Yield all points, or so many of them: one of each of as many equal stretches."""
    if count is None or count >= points or count == 0:
        yield from () if count == 0 else range(1, points + 1)
        return
    chance = random.Random(seed)
    edges = [round(index * points / count) for index in range(count + 1)]
    yield from (chance.randint(low + 1, high) for low, high in pairwise(edges))
