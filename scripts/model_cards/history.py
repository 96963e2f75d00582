"""What the log of a training says: how long it took, how much was read, and how it went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Line = Mapping[str, float]

_TRUNK, _RELEASE = 0, 1


@dataclass(frozen=True, slots=True)
class History:
    """The trunk, as one row of lines for each of its runs, and the lines of the release that branched off last."""

    trunk: tuple[tuple[Line, ...], ...]
    release: tuple[Line, ...]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> History:
        """Sort the lines of a log: runs begin where the minutes do, and a trunk may go on behind its branch.

        Only the last release counts, and of the trunk only what it grew from.
        """
        releases = list(_runs([line for line in lines if line.get("phase", _TRUNK) == _RELEASE]))
        last = releases[-1] if releases else ()
        end = last[0]["step"] if last else float("inf")
        trunk = [line for line in lines if line.get("phase", _TRUNK) == _TRUNK and line["step"] < end]
        return cls(tuple(_runs(trunk)), last)

    @property
    def hours(self) -> tuple[float, float]:
        """Hours of the trunk and of the release."""
        return sum(run[-1]["minutes"] for run in self.trunk) / 60, self.release[-1][
            "minutes"
        ] / 60 if self.release else 0

    @property
    def tokens(self) -> float:
        """Target tokens read by the model, in millions."""
        lines = self.release or (self.trunk[-1] if self.trunk else ())
        return lines[-1]["tokens_M"] if lines else 0.0

    def points(self, name: str) -> Iterator[tuple[str, list[float], list[float]]]:
        """Yield for trunk and release the tokens (millions) and values of the lines that have `name`."""
        whole = [line for run in self.trunk for line in run]
        for part, lines in (("training", whole), ("release", list(self.release))):
            found = [line for line in lines if name in line]
            if found:
                yield part, [line["tokens_M"] for line in found], [line[name] for line in found]


def _runs(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    run: list[Line] = []
    for line in lines:
        if run and line["minutes"] < run[-1]["minutes"]:
            yield tuple(run)
            run = []
        run.append(line)
    if run:
        yield tuple(run)
