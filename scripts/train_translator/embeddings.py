"""Starting embeddings for both languages at once, from the pieces that share a sentence pair.

Positive pointwise mutual information with contexts smoothed by 0.75 (after Levy and Goldberg 2014), factorised by a
randomised SVD, so that `tribunal` lies beside `court` before the first step. Worth about a third of the first million
tokens of training.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from scipy import sparse

from scripts.train_translator.data import GROUPS, NEWS
from scripts.train_translator.packing import Ids, Side, unpack

Counts = npt.NDArray[np.float32]

_PER_GROUP = 150_000  # pairs of a group that are counted
_LONGEST = 40  # tokens: in longer sentences most pieces meet by chance
_CHUNK = 20_000
_NEWS_WEIGHT = 4.0


def joint_embeddings(folder: Path, vocabulary: int, width: int) -> torch.Tensor:
    """Return a (vocabulary, width) matrix made from the packed groups of a folder."""
    information = _information(_cooccurrences(folder, vocabulary))
    torch.manual_seed(1)
    rank = min(width + 20, vocabulary)
    left, singular, _ = torch.svd_lowrank(torch.from_numpy(information), q=rank, niter=3)
    return _scaled(left[:, :width] * singular[:width] ** 0.5)


def _cooccurrences(folder: Path, vocabulary: int) -> Counts:
    counts = np.zeros((vocabulary, vocabulary), np.float32)
    rng = np.random.default_rng(1)
    for name in GROUPS:
        importance = _NEWS_WEIGHT if name in NEWS else 1.0
        for bags, lengths in _bags(*unpack(folder / f"{name}.npz"), vocabulary, rng):
            weights = (importance / np.maximum(1, lengths)).astype(np.float32)
            met = (bags.T @ sparse.diags(weights) @ bags).tocoo()
            counts[met.row, met.col] += met.data
    np.fill_diagonal(counts, counts.diagonal() / 2)
    return counts


def _bags(
    source: Side, target: Side, vocabulary: int, rng: np.random.Generator
) -> Iterator[tuple[Any, npt.NDArray[np.float64]]]:
    """Yield sparse matrices (pairs, pieces) of both sides' counts together, with the pairs' mean lengths."""
    rows = rng.permutation(len(source.lengths))[:_PER_GROUP]
    rows = rows[(source.lengths[rows] <= _LONGEST) & (target.lengths[rows] <= _LONGEST)]
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        bags = _bag(source, chunk, vocabulary) + _bag(target, chunk, vocabulary)
        yield bags, (source.lengths[chunk] + target.lengths[chunk]) / 2


def _bag(side: Side, rows: Ids, vocabulary: int) -> Any:
    lengths = side.lengths[rows] - 1  # without the end mark
    pieces = [side.ids[start : start + length] for start, length in zip(side.starts[rows], lengths, strict=True)]
    columns = np.concatenate(pieces).astype(np.int64)
    places = np.repeat(np.arange(len(rows)), lengths)
    return sparse.csr_matrix((np.ones(len(columns), np.float32), (places, columns)), shape=(len(rows), vocabulary))


def _information(counts: Counts) -> Counts:
    """Turn counts into positive pointwise mutual information, in place: the matrix is large."""
    total = counts.sum(1) + 1e-6
    context = total**0.75
    context /= context.sum()
    counts /= total[:, None]
    counts /= context
    np.log(np.maximum(counts, 1.0, out=counts), out=counts)
    return counts


def _scaled(vectors: torch.Tensor) -> torch.Tensor:
    """Half whiten the vectors, give them the spread of a fresh embedding, and bound their lengths."""
    width = vectors.shape[1]
    vectors = vectors - vectors.mean(0)
    vectors = 0.5 * vectors / vectors.std(0, keepdim=True).clamp_min(1e-6) + 0.5 * vectors / vectors.std()
    vectors = vectors / vectors.std() * width**-0.5
    length = vectors.norm(dim=1, keepdim=True)
    bounded: torch.Tensor = vectors / length.clamp_min(1e-6) * length.clamp(0.3, 1.6)
    return bounded
