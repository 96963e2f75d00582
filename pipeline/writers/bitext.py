"""The bitext: two files whose lines answer each other, one sentence a line, for `sacrebleu` and its kin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, BinaryIO, Literal

# All that `str.splitlines` breaks at; `wc` and sacreBLEU break at the line feed alone, others at more.
_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")


def one_line(text: str) -> str:
    """Return the text with every line break, of any kind, as a space."""
    return _LINE_BREAK.sub(" ", text)


class Bitext:
    """One side of the bitext: a line for each row of the `pairs` table, in the same order."""

    def __init__(self, stream: BinaryIO, side: Literal["source", "target"]) -> None:
        self.rows = 0
        self._stream = stream
        self._side = side

    def write(self, row: Mapping[str, Any]) -> None:
        """Write the line of one pair."""
        self._stream.write(f"{one_line(row[self._side])}\n".encode())
        self.rows += 1

    def close(self) -> None:
        """Nothing is held back; the stream belongs to whoever opened it."""
