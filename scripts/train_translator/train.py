"""Train for as long as there is time; `release` branches off whenever a model is wanted.

The rate rises for some steps and then falls with the inverse square root of the step, so that no end has to be known
beforehand. Short sentences come first: words align sooner in them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import torch

from pipeline.hints import FILE as HINTS
from scripts.train_translator import checkpoint
from scripts.train_translator.batches import MAX_LENGTH, Batch, Corpus
from scripts.train_translator.data import GROUPS
from scripts.train_translator.export import export
from scripts.train_translator.model import Marian, Shape, load_weights
from scripts.train_translator.optimizer import Rates
from scripts.train_translator.pieces import vocabulary
from scripts.train_translator.tensors import load_tensors
from scripts.train_translator.trainer import Machine, Progress, Report, Trainer

_SCORERS = ("ctranslate2", "sacrebleu", "simplemma", "transformers")
_PLATEAU = 400  # steps before the rate begins to fall
_CURRICULUM = ((600, 18), (1500, 40))  # up to this step: sentences up to so many tokens


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train: minutes of this run, padded tokens a batch (0: what suits the device), peak rates, size, the
    machine, and the development set (without its .fr and .en) whose BLEU is logged."""

    minutes: float = 60.0
    tokens: int = 0
    rates: Rates = field(default_factory=Rates)
    shape: Shape = field(default_factory=Shape)
    machine: Machine = field(default_factory=Machine)
    dev: Path | None = None

    @property
    def batch_tokens(self) -> int:
        """Padded tokens a batch."""
        return self.tokens or self.machine.tokens


def train(folder: Path, plan: Plan, start: Path | None = None) -> Trainer:
    """Train in a folder made by `prepare`; go on from its own checkpoint, else from `start`, else from nothing."""
    origin = checkpoint.located(folder)
    found = origin if origin.exists() else start
    trainer = new_trainer(folder, plan, found)
    if found:
        trainer.restore(found)
    warm_up = 50 if found else 200

    def schedule(at: Progress) -> float:
        return min(1.0, (at.since + 1) / warm_up) * inverse_square_root(at.step)

    trainer.train(_batches(folder, trainer, plan), schedule, plan.minutes, report=development(trainer, plan))
    return trainer


def development(trainer: Trainer, plan: Plan) -> Report | None:
    """Return what scores the development set while training, if there is one and the machine has the libraries."""
    missing = [name for name in _SCORERS if find_spec(name) is None]
    if plan.dev and missing:
        print(f"the development set is not scored: {', '.join(missing)} not installed", flush=True)
    if not plan.dev or missing:
        return None
    from scripts.train_translator.development import Development

    return Development(trainer.model, trainer.folder / "spm.model", plan.dev)


def snapshot(folder: Path, out: Path, shape: Shape) -> None:
    """Export the checkpoint as it is, for a look."""
    model = Marian(vocabulary(folder / "spm.model"), shape)
    load_weights(model, checkpoint.located(folder))
    export_with_hints(model, folder, out)


def export_with_hints(model: Marian, folder: Path, out: Path) -> None:
    """Export a model and the table of hints that it learned with."""
    export(model, folder / "spm.model", out)
    if (folder / HINTS).exists():
        shutil.copyfile(folder / HINTS, out / HINTS)


def inverse_square_root(step: int) -> float:
    """Return the share of the peak rate at a step, after the warm-up."""
    return float((_PLATEAU / max(_PLATEAU, step)) ** 0.5)


def longest(step: int) -> int:
    """Return the longest sentences, in tokens, that a step may see."""
    return next((length for end, length in _CURRICULUM if step < end), MAX_LENGTH)


def new_trainer(folder: Path, plan: Plan, origin: Path | None) -> Trainer:
    """Return a trainer with a fresh model: the starting embeddings are read only where there is no checkpoint."""
    torch.manual_seed(1)
    model = Marian(vocabulary(folder / "spm.model"), plan.shape)
    if origin is None:
        with torch.no_grad():
            model.shared.weight[:-1] = _embeddings(folder)
    return Trainer(folder, model, plan.rates, plan.machine)


def _embeddings(folder: Path) -> torch.Tensor:
    path = folder / "embeddings.safetensors"
    if path.exists():
        return load_tensors(path)["embeddings"]
    vectors: torch.Tensor = torch.load(folder / "embeddings.pt", weights_only=True)
    return vectors


def _batches(folder: Path, trainer: Trainer, plan: Plan) -> Iterator[Batch]:
    """Yield training batches, longer sentences from the steps on that allow them."""
    weights = {name: group.training / group.copies for name, group in GROUPS.items()}
    while True:
        limit = longest(trainer.step)
        corpus = Corpus(folder, weights, tokens=plan.batch_tokens, seed=trainer.step + 17, max_length=limit)
        for batch in corpus.batches(trainer.model.pad):
            yield batch
            if longest(trainer.step) != limit:
                break
