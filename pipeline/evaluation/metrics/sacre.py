"""BLEU, chrF2, chrF2++ and TER by sacreBLEU (Post 2018), corpus and unit, with its own signatures and bootstrap."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipeline.errors import ConfigError
from pipeline.evaluation.metrics.measured import Measured, needed, not_scored
from pipeline.evaluation.resampling import RESAMPLES, SEED
from pipeline.evaluation.units import Units

NAMES = ("bleu", "chrf2", "chrf2pp", "ter")
INSTALL = "pip install 'depeche[evaluation]'"
_SLOW = "TER of whole documents is slow (350 words: 10 s); ask for it by name, or give line-aligned references"


def make(name: str, alone: bool = False) -> Any:
    """Return sacreBLEU's metric with its default options; `alone` for single texts (BLEU with effective order).

    Raises:
        ConfigError: sacreBLEU is not installed.
    """
    metrics = needed("sacrebleu.metrics", INSTALL)
    if name == "bleu":
        return metrics.BLEU(effective_order=alone)
    return metrics.TER() if name == "ter" else metrics.CHRF(word_order=2 if name == "chrf2pp" else 0)


@contextmanager
def fixed_seed() -> Iterator[None]:
    """Give sacreBLEU our seed, whatever its environment variable says: equal input must give equal figures."""
    before = os.environ.get("SACREBLEU_SEED")
    os.environ["SACREBLEU_SEED"] = str(SEED)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SACREBLEU_SEED"]
        else:
            os.environ["SACREBLEU_SEED"] = before


def check(names: Sequence[str]) -> None:
    """Raise a ConfigError where sacreBLEU is asked for and not installed."""
    if names:
        make("bleu")


@dataclass(frozen=True)
class SacreBleu:
    """One of sacreBLEU's metrics. The interval is that of its bootstrap over units: mean ± half the width of 95 %.

    `asked` says that the metric was named: TER of long texts is not computed otherwise.
    """

    name: str
    asked: bool = False

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise ConfigError(f"sacreBLEU metrics here are {', '.join(NAMES)}, not {self.name!r}")

    @property
    def names(self) -> Sequence[str]:
        """The name of the score."""
        return (self.name,)

    def score(self, units: Units) -> list[Measured]:
        """Return the corpus score with its interval, and the score of each unit."""
        if self.name == "ter" and units.unit == "document" and not self.asked:
            return [not_scored(self.name, units, _SLOW)]
        metric, alone = make(self.name), make(self.name, alone=True)
        streams = [list(stream) for stream in units.references]
        many = len(units) > 1
        with fixed_seed():
            found = metric.corpus_score(list(units.hypotheses), streams, n_bootstrap=RESAMPLES if many else 1)
        each = [alone.sentence_score(text, units.of(place)).score for place, text in enumerate(units.hypotheses)]
        return [
            Measured(
                self.name,
                float(found.score),
                str(metric.get_signature()),
                units.unit,
                len(units),
                low=float(found._mean - found._ci) if many else None,
                high=float(found._mean + found._ci) if many else None,
                each=tuple(map(float, each)),
                each_signature=str(alone.get_signature()),
            )
        ]
