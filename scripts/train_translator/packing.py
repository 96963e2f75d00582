"""Token ids of sentence pairs on disk, in pieces that are easy to move: `<group>.npz`, `<group>-01.npz`, ..."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import InputError
from scripts.train_translator.model import EOS

Ids = npt.NDArray[np.int64]
IdPair = tuple[list[int], list[int]]

PIECE_BYTES = 56 * 2**20


@dataclass(frozen=True, slots=True)
class Side:
    """Sentences of one language as one array of ids; sentence i is `ids[starts[i] : starts[i] + lengths[i]]`."""

    ids: npt.NDArray[np.uint16]
    starts: Ids
    lengths: Ids

    def padded(self, rows: Ids, pad: int) -> Ids:
        """Return the rows as one matrix, filled up with `pad`."""
        matrix = np.full((len(rows), int(self.lengths[rows].max())), pad, np.int64)
        for place, row in enumerate(rows):
            start, length = self.starts[row], self.lengths[row]
            matrix[place, :length] = self.ids[start : start + length]
        return matrix


def pack(path: Path, pairs: Sequence[IdPair], piece_bytes: int = PIECE_BYTES) -> int:
    """Write pairs of token ids, each closed by the end mark, to `path` (.npz) and, behind `piece_bytes` of them, to
    further pieces beside it; return the number of target tokens."""
    pieces = list(_cut(pairs, piece_bytes))
    for number in reversed(range(len(pieces))):  # the first, which says how many there are, comes last
        _write(_piece(path, number), pieces[number], len(pieces))
    for number, other in _further(path):
        if number >= len(pieces):
            other.unlink()
    return sum(len(target) + 1 for _, target in pairs)


def unpack(path: Path) -> tuple[Side, Side]:
    """Read what `pack` wrote, all pieces: source and target.

    Raises:
        FileNotFoundError: there is no such file.
        InputError: a further piece is missing.
    """
    arrays = _read(path)
    count = int(arrays["pieces"]) if "pieces" in arrays else 1  # single files of earlier versions do not say
    parts = [arrays]
    for number in range(1, count):
        piece = _piece(path, number)
        if not piece.exists():
            raise InputError(f"{piece} is missing: {path.name} says that there are {count} pieces; copy it too")
        parts.append(_read(piece))
    source, target = (_side([(p[name], p[name + "_len"]) for p in parts]) for name in ("src", "tgt"))
    return source, target


def _cut(pairs: Sequence[IdPair], most: int) -> Iterator[Sequence[IdPair]]:
    first, size = 0, 0
    for place, (source, target) in enumerate(pairs):
        own = 2 * (len(source) + len(target) + 2) + 8  # two bytes an id, four a length
        if place > first and size + own > most:
            yield pairs[first:place]
            first, size = place, 0
        size += own
    yield pairs[first:]


def _write(path: Path, pairs: Sequence[IdPair], pieces: int) -> None:
    arrays: dict[str, npt.NDArray[Any]] = {"pieces": np.array(pieces)}
    for name, side in (("src", 0), ("tgt", 1)):
        closed = chain.from_iterable((*pair[side], EOS) for pair in pairs)
        arrays[name] = np.fromiter(closed, np.uint16)
        arrays[name + "_len"] = np.fromiter((len(pair[side]) + 1 for pair in pairs), np.int32)
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]  # the stub takes the names for its own options
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _read(path: Path) -> dict[str, npt.NDArray[Any]]:
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


def _side(parts: Sequence[tuple[npt.NDArray[np.uint16], npt.NDArray[np.int32]]]) -> Side:
    lengths = np.concatenate([own for _, own in parts]).astype(np.int64)
    return Side(np.concatenate([ids for ids, _ in parts]), np.cumsum(lengths) - lengths, lengths)


def _piece(path: Path, number: int) -> Path:
    return path.with_stem(f"{path.stem}-{number:02d}") if number else path


def _further(path: Path) -> Iterator[tuple[int, Path]]:
    for other in sorted(path.parent.glob(f"{path.stem}-*{path.suffix}")):
        found = re.fullmatch(re.escape(path.stem) + r"-(\d\d+)", other.stem)
        if found:
            yield int(found[1]), other
