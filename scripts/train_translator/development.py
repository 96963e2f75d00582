"""How good the model is by now: BLEU on some lines of a development set, written into the log of the training."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from scripts.train_translator.export import export
from scripts.train_translator.model import Marian
from scripts.train_translator.score import score

_LINES = 200


class Development:
    """Scores a model as it would be shipped: exported, in int8, greedy. `testset` is a path without .fr and .en."""

    def __init__(self, model: Marian, pieces: Path, testset: Path) -> None:
        self._model, self._pieces, self._testset = model, pieces, testset

    def __call__(self) -> Mapping[str, float]:
        """Return the score under the name "bleu"."""
        with tempfile.TemporaryDirectory() as folder:
            export(self._model, self._pieces, Path(folder))
            result = score(Path(folder), [self._testset], beam=1, lines=_LINES, threads=1)[0]
        return {"bleu": round(result.bleu, 2)}
