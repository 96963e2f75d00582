"""ROUGE-1, -2, -L and -Lsum of summaries (Lin 2004), by the library rouge-score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluation.metrics.measured import Measured, needed, version_of
from pipeline.evaluation.metrics.sacre import INSTALL
from pipeline.evaluation.resampling import RESAMPLES, SEED, Interval, intervals
from pipeline.evaluation.units import Units

Column = NDArray[np.float64]
NAMES = ("rouge1", "rouge2", "rougeL", "rougeLsum")


class Rouge:
    """F1 times 100, the mean over summaries; of several references the one with the best F1 counts.

    `rougeL` takes the summary as one sequence of words, `rougeLsum` sentence by sentence (union of the common
    subsequences), a sentence a line. Words are stemmed (Porter), as `ROUGE-1.5.5.pl -m` does.
    """

    names: Sequence[str] = NAMES

    def score(self, units: Units) -> list[Measured]:
        """Return the four scores with their intervals over documents, and those of each summary."""
        scorer = needed("rouge_score.rouge_scorer", INSTALL).RougeScorer(list(NAMES), use_stemmer=True)
        found = [scorer.score_multi(units.of(place), text) for place, text in enumerate(units.hypotheses)]
        values = np.array([[100 * score[name].fmeasure for name in NAMES] for score in found])
        bounds = intervals(values, np.ones_like(values))
        means = values.mean(axis=0)
        return [
            _measured(name, values[:, place], bounds[place], float(means[place]), units)
            for place, name in enumerate(NAMES)
        ]


def _measured(name: str, values: Column, bounds: Interval | None, mean: float, units: Units) -> Measured:
    low, high = bounds or (None, None)
    each = tuple(values.tolist())
    return Measured(name, mean, _signature(name, units), units.unit, len(units), low, high, each)


def _signature(name: str, units: Units) -> str:
    counts = {len(units.of(place)) for place in range(len(units))}
    parts = {
        "rouge-score": version_of("rouge-score"),
        "variant": name,
        "f": "F1x100",
        "stemmer": "porter",
        "sentences": "lines" if name == "rougeLsum" else "none",
        "nrefs": str(counts.pop()) if len(counts) == 1 else "var",
        "refs": "max",
        "agg": "mean",
        "bs": str(RESAMPLES),
        "seed": str(SEED),
    }
    return "|".join(f"{key}:{value}" for key, value in parts.items())
