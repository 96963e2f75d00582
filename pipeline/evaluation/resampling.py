"""Intervals and tests over documents, which are the units: the sentences of one story are not independent.

Everything is drawn from a generator with a fixed seed, so that equal input gives equal figures.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluation.tables import Matrix

RESAMPLES, TRIALS, SEED = 1_000, 10_000, 12_345  # as sacreBLEU has them
_CELLS = 4_000_000  # of the largest matrix in memory

Interval = tuple[float, float]


def intervals(numerators: Matrix, denominators: Matrix, resamples: int = RESAMPLES) -> list[Interval | None]:
    """Return for each score the bounds within which it lies with 95 % confidence, by the percentile bootstrap.

    Documents are drawn with replacement (Efron 1979; for translation Koehn 2004). None where fewer than two documents
    have a part in a score, for nothing can be said then.
    """
    size = len(numerators)
    if size < 2:
        return [None] * numerators.shape[1]
    drawn = [_quotients(w @ numerators, w @ denominators) for w in _weights(size, resamples)]
    values = np.concatenate(drawn)
    enough = (denominators != 0).sum(axis=0) > 1
    return [_bounds(values[:, place]) if enough[place] else None for place in range(values.shape[1])]


def _weights(size: int, resamples: int) -> Iterator[Matrix]:
    """Yield how often each document is in each resample, some resamples at a time."""
    random = np.random.default_rng(SEED)
    chunk = max(1, _CELLS // size)
    for start in range(0, resamples, chunk):
        rows = min(chunk, resamples - start)
        picked = random.integers(size, size=(rows, size))
        yield np.stack([np.bincount(row, minlength=size) for row in picked]).astype(np.float64)


def _quotients(above: Matrix, below: Matrix) -> Matrix:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below != 0)


def _bounds(values: NDArray[np.float64]) -> Interval | None:
    known = values[~np.isnan(values)]
    if not known.size:
        return None
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)


def p_values(a: tuple[Matrix, Matrix], b: tuple[Matrix, Matrix], trials: int = TRIALS) -> list[float | None]:
    """Return for each score the probability that a difference as large comes by chance; rows are the same documents.

    Paired approximate randomisation, two-sided (Noreen 1989; Riezler and Maxwell 2005): the two systems of each
    document are swapped with probability one half; p = (c + 1) / (trials + 1), c the trials with a difference at least
    as large. None where a score has no value in one of the two.
    """
    (up_a, down_a), (up_b, down_b) = a, b
    real = np.abs(_quotients(up_a.sum(0), down_a.sum(0)) - _quotients(up_b.sum(0), down_b.sum(0)))
    count = np.zeros(real.shape)
    for swapped in _swaps(len(up_a), trials):
        above, below = swapped @ (up_b - up_a), swapped @ (down_b - down_a)
        one = _quotients(up_a.sum(0) + above, down_a.sum(0) + below)
        other = _quotients(up_b.sum(0) - above, down_b.sum(0) - below)
        count += (np.abs(one - other) >= real - 1e-12).sum(axis=0)
    return [None if np.isnan(d) else float((c + 1) / (trials + 1)) for d, c in zip(real, count, strict=True)]


def _swaps(size: int, trials: int) -> Iterator[Matrix]:
    random = np.random.default_rng(SEED)
    chunk = max(1, _CELLS // max(1, size))
    for start in range(0, trials, chunk):
        yield random.integers(2, size=(min(chunk, trials - start), size)).astype(np.float64)
