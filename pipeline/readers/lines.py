"""Lines of a file of rows, never longer in memory than a bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO


def bounded(stream: TextIO, limit: int) -> Iterator[tuple[int, str | None]]:
    """Yield the lines with their numbers, from 1; None for one of more than `limit` characters."""
    number = 0
    while line := stream.readline(limit):
        number += 1
        whole = _ends(line) or len(line) < limit
        yield number, line if whole else None
        while not whole:
            rest = stream.readline(limit)
            whole = not rest or _ends(rest)


def _ends(line: str) -> bool:
    return line.endswith(("\n", "\r"))
