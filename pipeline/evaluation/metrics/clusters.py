"""Means over units whose documents are the clusters that are resampled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.evaluation.metrics.measured import Measured
from pipeline.evaluation.resampling import RESAMPLES, SEED, intervals
from pipeline.evaluation.units import Units


def mean_measured(name: str, values: Sequence[float], signature: str, units: Units) -> Measured:
    """Return the mean of the scores of units, its interval over documents, and the scores themselves."""
    places = {identity: place for place, identity in enumerate(dict.fromkeys(units.ids))}
    sums, counts = np.zeros((len(places), 1)), np.zeros((len(places), 1))
    for identity, value in zip(units.ids, values, strict=True):
        sums[places[identity]] += value
        counts[places[identity]] += 1
    low, high = intervals(sums, counts)[0] or (None, None)
    return Measured(
        name,
        float(sums.sum() / counts.sum()),
        f"{signature}|bs:{RESAMPLES}|seed:{SEED}|ci:documents",
        units.unit,
        len(units),
        low,
        high,
        each=tuple(values),
    )
