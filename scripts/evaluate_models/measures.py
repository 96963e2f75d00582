"""What is measured of a summary: overlap at equal length, whether a difference is real, how much is worded anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import pairwise

import numpy as np
from rouge_score.rouge_scorer import RougeScorer

KINDS = ("rouge1", "rouge2", "rougeL")
RESAMPLES, SEED = 10_000, 1
_WORD = re.compile(r"\w+")


def signature() -> str:
    """Say which ROUGE the scores are, and how intervals are made."""
    variant = f"rouge-score {version('rouge-score')}, F1, Porter stems, ROUGE-L over the whole text (rougeL)"
    return f"{variant}; paired bootstrap, {RESAMPLES} resamples, seed {SEED}, 95 % interval"


@cache
def _scorer() -> RougeScorer:
    return RougeScorer(list(KINDS), use_stemmer=True)


def rouge(hypothesis: str, reference: str) -> dict[str, float]:
    """Return ROUGE-1, -2 and -L F1 between 0 and 1 (Lin 2004)."""
    scores = _scorer().score(reference, hypothesis)
    return {kind: float(scores[kind].fmeasure) for kind in KINDS}


def cut(text: str, like: str) -> str:
    """Return the first words of a text, as many as `like` has."""
    return " ".join(text.split()[: len(like.split())])


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of paired differences and the bounds within which it lies with 95 % confidence."""

    mean: float
    low: float
    high: float

    @property
    def is_real(self) -> bool:
        """Say whether zero lies outside the interval."""
        return self.low > 0 or self.high < 0

    def __str__(self) -> str:
        verdict = "real" if self.is_real else "not real"
        return f"{100 * self.mean:+.1f} [{100 * self.low:+.1f}, {100 * self.high:+.1f}] ({verdict})"


def bootstrap(ours: Sequence[float], theirs: Sequence[float], resamples: int = RESAMPLES) -> Difference:
    """Resample documents with replacement (Efron 1979; Koehn 2004) and return the mean difference with its interval.

    Raises:
        ValueError: there is nothing to compare, or the two are not of one length.
    """
    if not ours or len(ours) != len(theirs):
        raise ValueError(
            f"{len(ours)} scores beside {len(theirs)}: a pair for each document is needed, and one at least"
        )
    differences = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    random = np.random.default_rng(SEED)
    size = len(differences)
    means = [differences[random.integers(size, size=size)].mean() for _ in range(resamples)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Difference(float(differences.mean()), float(low), float(high))


def bigrams(text: str) -> list[tuple[str, str]]:
    """Return the pairs of neighbouring words, in lower case."""
    return list(pairwise(_WORD.findall(text.lower())))


def novelty(sentences: Sequence[str], article: str) -> tuple[int, int]:
    """Return how many word pairs of the summary sentences are nowhere in the article, and how many there are."""
    known = set(bigrams(article))
    found = [pair for sentence in sentences for pair in bigrams(sentence)]
    return sum(pair not in known for pair in found), len(found)
