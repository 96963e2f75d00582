"""Train for as long as there is time; branch off a release whenever one is wanted.

The rate rises for some steps and then falls with the inverse square root of the step, so that no end has to be known
beforehand; a release goes on from the last checkpoint with the rate falling to zero on a news-heavy mix (Hägele et al.
2024). Short sentences come first: words align sooner in them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch

from pipeline.backends.hints import FILE as HINTS
from scripts.train_translator.averaging import Average
from scripts.train_translator.batches import Batch, Corpus
from scripts.train_translator.data import GROUPS
from scripts.train_translator.development import Development
from scripts.train_translator.export import export
from scripts.train_translator.model import Marian, Shape, load_weights
from scripts.train_translator.optimizer import Rates
from scripts.train_translator.prepare import MAX_LENGTH, vocabulary
from scripts.train_translator.trainer import Machine, Progress, Trainer

_PLATEAU = 400  # steps before the rate begins to fall
_CURRICULUM = ((600, 18), (1500, 40))  # up to this step: sentences up to so many tokens


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train: minutes of this run, tokens a batch, peak rates, size, the machine, and the development set
    (without its .fr and .en) whose BLEU is logged."""

    minutes: float = 60.0
    tokens: int = 4096
    rates: Rates = field(default_factory=Rates)
    shape: Shape = field(default_factory=Shape)
    machine: Machine = field(default_factory=Machine)
    dev: Path | None = None


def train(folder: Path, plan: Plan, start: Path | None = None) -> Trainer:
    """Train in a folder made by `prepare`; go on from its own checkpoint, else from `start`, else from nothing."""
    trainer = _trainer(folder, plan)
    origin = trainer.state if trainer.state.exists() else start
    if origin:
        trainer.restore(origin)
    warm_up = 50 if origin else 200

    def schedule(at: Progress) -> float:
        return min(1.0, (at.since + 1) / warm_up) * inverse_square_root(at.step)

    trainer.train(_batches(folder, trainer, plan.tokens), schedule, plan.minutes, report=_development(trainer, plan))
    return trainer


def _development(trainer: Trainer, plan: Plan) -> Development | None:
    return Development(trainer.model, trainer.folder / "spm.model", plan.dev) if plan.dev else None


def release(folder: Path, out: Path, plan: Plan) -> None:
    """Branch off from the folder's checkpoint, which stays as it is: rate to zero on the release mix, then export.

    Raises:
        FileNotFoundError: there is no checkpoint yet.
    """
    trainer = _trainer(folder, plan)
    trainer.restore(trainer.state)
    batches, average = _release_batches(folder, trainer, plan.tokens), Average(trainer.model)
    trainer.train(batches, _decay, plan.minutes, phase=1, save=False, report=_development(trainer, plan), watch=average)
    average.apply()
    _export(trainer.model, folder, out)


def snapshot(folder: Path, out: Path, shape: Shape) -> None:
    """Export the checkpoint as it is, for a look."""
    model = Marian(vocabulary(folder / "spm.model"), shape)
    load_weights(model, folder / "state.pt")
    _export(model, folder, out)


def _export(model: Marian, folder: Path, out: Path) -> None:
    export(model, folder / "spm.model", out)
    if (folder / HINTS).exists():
        shutil.copyfile(folder / HINTS, out / HINTS)


def inverse_square_root(step: int) -> float:
    """Return the share of the peak rate at a step, after the warm-up."""
    return float((_PLATEAU / max(_PLATEAU, step)) ** 0.5)


def longest(step: int) -> int:
    """Return the longest sentences, in tokens, that a step may see."""
    return next((length for end, length in _CURRICULUM if step < end), MAX_LENGTH)


def _decay(at: Progress) -> float:
    return (1.0 - at.share) * inverse_square_root(at.step - at.since)


def _trainer(folder: Path, plan: Plan) -> Trainer:
    torch.manual_seed(1)
    model = Marian(vocabulary(folder / "spm.model"), plan.shape)
    with torch.no_grad():
        model.shared.weight[:-1] = torch.load(folder / "embeddings.pt", weights_only=True)
    return Trainer(folder, model, plan.rates, plan.machine)


def _batches(folder: Path, trainer: Trainer, tokens: int) -> Iterator[Batch]:
    """Yield training batches, longer sentences from the steps on that allow them."""
    weights = {name: group.training / group.copies for name, group in GROUPS.items()}
    while True:
        limit = longest(trainer.step)
        corpus = Corpus(folder, weights, tokens=tokens, seed=trainer.step + 17, max_length=limit)
        for batch in corpus.batches(trainer.model.pad):
            yield batch
            if longest(trainer.step) != limit:
                break


def _release_batches(folder: Path, trainer: Trainer, tokens: int) -> Iterator[Batch]:
    weights = {name: group.release / group.copies for name, group in GROUPS.items()}
    corpus = Corpus(folder, weights, tokens=tokens, seed=trainer.step + 17, max_length=MAX_LENGTH)
    return corpus.batches(trainer.model.pad)
