"""Fine-tune a translator's weights to rewrite English as shorter English, and release the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch

from scripts.train_summarizer.prepare import DEV, MAX_SOURCE, WEIGHTS
from scripts.train_translator.batches import Batch, Corpus
from scripts.train_translator.export import export
from scripts.train_translator.model import Marian, Shape, load_weights
from scripts.train_translator.optimizer import Rates
from scripts.train_translator.pieces import vocabulary
from scripts.train_translator.trainer import Machine, Progress, Trainer

_WARM_UP = 150  # steps


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train: minutes of all runs together, tokens a batch, peak rates, size, and the machine."""

    minutes: float = 60.0
    tokens: int = 4096
    rates: Rates = field(default_factory=lambda: Rates(muon=0.004, adam=6e-4))
    shape: Shape = field(default_factory=Shape)
    machine: Machine = field(default_factory=Machine)


def train(folder: Path, start: Path, plan: Plan) -> Trainer:
    """Train in `folder` (made by `prepare`) from the weights at `start`; go on from its own checkpoint if there is one.

    `start` is an exported folder, a `model.safetensors` or a `state.pt`. The rate falls in a line to zero over
    `plan.minutes`, counted over all runs.

    Raises:
        FileNotFoundError: nothing was prepared, or there are no weights to start from.
    """
    torch.manual_seed(1)
    model = Marian(vocabulary(folder / "spm.model"), plan.shape)
    trainer = Trainer(folder, model, plan.rates, plan.machine)
    if trainer.state.exists():
        trainer.restore(trainer.state)
    else:
        load_weights(model, start)
    batches = _corpus(folder, WEIGHTS, plan.tokens, trainer.step).batches(model.pad)
    trainer.train(batches, _schedule, plan.minutes, gone=trainer.elapsed, report=lambda: development(trainer, folder))
    return trainer


def release(folder: Path, out: Path, shape: Shape) -> None:
    """Export the checkpoint of `folder` for transformers and CTranslate2."""
    model = Marian(vocabulary(folder / "spm.model"), shape)
    load_weights(model, folder / "state.pt")
    export(model, folder / "spm.model", out, languages=("en", "en"))


def development(trainer: Trainer, folder: Path) -> dict[str, float]:
    """Return the mean negative log-likelihood of the development pairs."""
    total, count = 0.0, 0
    with torch.no_grad():
        for batch in _development_batches(folder, trainer.model.pad):
            _, nll, tokens = trainer.loss(batch)
            total, count = total + float(nll), count + tokens
    return {"dev_nll": round(total / max(1, count), 4)} if count else {}


def _development_batches(folder: Path, pad: int) -> Iterator[Batch]:
    corpus = _corpus(folder, {DEV: 1.0}, 4096, 0)
    pairs = len(corpus.target.lengths)
    taken = 0
    for batch in corpus.batches(pad) if pairs else ():
        yield batch
        taken += len(batch[0])
        if taken >= pairs:
            return


def _corpus(folder: Path, weights: dict[str, float], tokens: int, step: int) -> Corpus:
    return Corpus(folder, weights, tokens=tokens, seed=step + 17, max_length=MAX_SOURCE, sort_by="source")


def _schedule(progress: Progress) -> float:
    return min(1.0, (progress.step + 1) / _WARM_UP) * max(0.0, 1.0 - progress.share)
