"""The scores of many documents in little memory: two numbers a score and document, and an id."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


class Table:
    """A row a document, a column a score; a cell is a numerator and a denominator, both 0 where there is nothing."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.ids: list[str] = []
        self._cells = array("d")
        self._places = {name: place for place, name in enumerate(self.names)}

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, identity: str, tallies: Mapping[str, tuple[float, float]]) -> None:
        """Add a document.

        Raises:
            KeyError: a score is none of the table's.
        """
        row = [0.0] * (2 * len(self.names))
        for name, (numerator, denominator) in tallies.items():
            place = 2 * self._places[name]
            row[place], row[place + 1] = float(numerator), float(denominator)
        self.ids.append(identity)
        self._cells.extend(row)

    def matrices(self) -> tuple[Matrix, Matrix]:
        """Return the numerators and the denominators, documents by scores."""
        cells = np.frombuffer(self._cells, dtype=np.float64).reshape(len(self.ids), len(self.names), 2)
        return cells[:, :, 0], cells[:, :, 1]

    def rows(self) -> Iterator[tuple[str, dict[str, float]]]:
        """Yield the id of each document and its values, those that it has."""
        if not self.ids:
            return
        numerators, denominators = self.matrices()
        for identity, above, below in zip(self.ids, numerators, denominators, strict=True):
            values = zip(self.names, above.tolist(), below.tolist(), strict=True)
            yield identity, {name: a / b for name, a, b in values if b}


def ratio(numerator: Any, denominator: Any) -> float | None:
    """Return a quotient, None where there is nothing to divide by."""
    return float(numerator) / float(denominator) if denominator else None
