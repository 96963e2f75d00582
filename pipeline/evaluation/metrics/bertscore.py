"""BERTScore (Zhang et al. 2020) by the library bert-score, which is imported only when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError, MissingModelError
from pipeline.evaluation.metrics.clusters import mean_measured
from pipeline.evaluation.metrics.measured import Measured, needed, not_scored, version_of
from pipeline.evaluation.units import Units

DEFAULT = "roberta-large"  # what the library takes for English
INSTALL = "pip install 'depeche[bertscore]'"
_MOST_WORDS = 300  # about 400 of the 510 tokens at which the library cuts a text without a word


@dataclass(frozen=True)
class BertScore:
    """F1 of BERTScore, not rescaled, no idf weights; of several references the best counts.

    `checkpoint` is a hub name or a folder, with "@N" for the layer to take where the library does not know the model:
    "roberta-large", "models/my-bert@9". Nothing is downloaded.
    """

    name: str = "bertscore"
    checkpoint: str = DEFAULT
    target: str = "en"

    @property
    def names(self) -> Sequence[str]:
        """The name of the score."""
        return (self.name,)

    def score(self, units: Units) -> list[Measured]:
        """Return the mean with its interval over documents, and the score of each unit."""
        texts = [*units.hypotheses, *(text or "" for stream in units.references for text in stream)]
        longest = max(len(text.split()) for text in texts)
        if longest > _MOST_WORDS:
            why = f"a text has {longest} words, and BERTScore cuts them near 400; give line-aligned references"
            return [not_scored(self.name, units, why)]
        library = needed("bert_score", INSTALL)
        with _offline():
            scorer = self._scorer(library)
            references = [[" ".join(t.split()) for t in units.of(place)] for place in range(len(units))]
            _, _, found = scorer.score([" ".join(t.split()) for t in units.hypotheses], references)
        signature = f"bert-score:{version_of('bert-score', library)}|hash:{scorer.hash}|f:F1|refs:max|agg:mean"
        return [mean_measured(self.name, [float(value) for value in found], signature, units)]

    def _scorer(self, library: Any) -> Any:
        model, _, layer = self.checkpoint.partition("@")
        if layer and not layer.isdecimal():
            raise ConfigError(
                f"BERTScore: {self.checkpoint!r} must end in the number of a layer, as in roberta-large@17"
            )
        if ("/." in model or model.startswith(("/", "."))) and not Path(model).is_dir():
            raise MissingModelError(f"BERTScore: there is no folder {model!r}")
        try:
            return library.BERTScorer(model_type=model, num_layers=int(layer) if layer else None, lang=self.target)
        except KeyError as error:
            raise ConfigError(f"BERTScore knows no best layer for {model!r}: name one, as in {model}@9") from error
        except OSError as error:
            raise MissingModelError(
                f"BERTScore: {model!r} is not on this machine: hf download {model}, or name a folder"
            ) from error


@contextmanager
def _offline() -> Iterator[None]:
    """A checkpoint that is not there is an answer, not a download."""
    constants = needed("huggingface_hub.constants", "pip install --force-reinstall depeche")
    before, os.environ["HF_HUB_OFFLINE"] = os.environ.get("HF_HUB_OFFLINE"), "1"
    flag, constants.HF_HUB_OFFLINE = constants.HF_HUB_OFFLINE, True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = flag
        if before is None:
            del os.environ["HF_HUB_OFFLINE"]
        else:
            os.environ["HF_HUB_OFFLINE"] = before
