"""Batches of packed token ids: near-equal lengths, mixed by the weights of their groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from scripts.train_translator.packing import Ids, Side, pack, unpack

__all__ = ["MAX_LENGTH", "Batch", "Corpus", "Ids", "Side", "pack", "unpack"]

Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]

MAX_LENGTH = 110  # tokens of a side, end mark left out
_WINDOW = 200_000  # pairs that are sorted by length together


class Corpus:
    """The groups of a folder as an endless row of batches of at most `tokens` padded tokens on either side.

    `weights` maps the name of a group (`<name>.npz`) to the expected passes over it in one epoch. Pairs with a side
    longer than `max_length` are left out. `sort_by` names the side whose padding costs most.
    """

    def __init__(
        self,
        folder: Path,
        weights: Mapping[str, float],
        *,
        tokens: int,
        seed: int,
        max_length: int,
        sort_by: Literal["source", "target"] = "target",
    ) -> None:
        self.tokens, self.random, self.sort_by = tokens, np.random.default_rng(seed), sort_by
        groups = [unpack(folder / f"{name}.npz") for name in weights]
        self.source, self.target = _joined([g[0] for g in groups]), _joined([g[1] for g in groups])
        usable = (self.source.lengths <= max_length) & (self.target.lengths <= max_length)
        self.groups: list[tuple[Ids, float]] = []
        start = 0
        for (side, _), weight in zip(groups, weights.values(), strict=True):
            end = start + len(side.lengths)
            self.groups.append((start + np.flatnonzero(usable[start:end]), weight))
            start = end

    def epoch(self) -> Ids:
        """Return the rows of one weighted epoch in random order."""
        parts: list[Ids] = []
        for rows, weight in self.groups:
            rest = self.random.permutation(rows)[: int(len(rows) * (weight % 1))]
            parts += [rows] * int(weight) + [rest]
        return self.random.permutation(np.concatenate(parts))

    def batches(self, pad: int) -> Iterator[Batch]:
        """Yield source, target and shifted target, for ever.

        Raises:
            ValueError: there is no pair that can be used.
        """
        while True:
            rows = self.epoch()
            if not len(rows):
                raise ValueError("no training pair is left: prepare the data first, or allow longer sentences")
            for start in range(0, len(rows), _WINDOW):
                parts = self._parts(rows[start : start + _WINDOW])
                for place in self.random.permutation(len(parts)):
                    yield self._tensors(parts[place], pad)

    def _parts(self, rows: Ids) -> list[Ids]:
        """Sort rows by the lengths of both sides and cut them into batches."""
        source, target = self.source.lengths[rows], self.target.lengths[rows]
        keys = (source, target) if self.sort_by == "target" else (target, source)
        order = np.lexsort((self.random.random(len(rows)), *keys))
        widths = np.maximum(source, target)[order].tolist()
        cuts, first, width = [], 0, 0
        for place, own in enumerate(widths):
            width = max(width, own)
            if place > first and width * (place - first + 1) > self.tokens:
                cuts.append(place)
                first, width = place, own
        return np.split(rows[order], cuts)

    def _tensors(self, rows: Ids, pad: int) -> Batch:
        source, target = self.source.padded(rows, pad), self.target.padded(rows, pad)
        shifted = np.full_like(target, pad)
        shifted[:, 1:] = target[:, :-1]
        return torch.from_numpy(source), torch.from_numpy(target), torch.from_numpy(shifted)


def _joined(sides: Sequence[Side]) -> Side:
    lengths = np.concatenate([side.lengths for side in sides])
    return Side(np.concatenate([side.ids for side in sides]), np.cumsum(lengths) - lengths, lengths)
