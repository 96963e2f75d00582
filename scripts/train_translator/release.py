"""A release: a branch off the last checkpoint, with the rate falling to zero on a news-heavy mix (Hägele et al. 2024).

Its own state is saved beside the trunk's, under another name, so that it too goes on where it was cut off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.errors import OutputError
from scripts.train_translator import checkpoint
from scripts.train_translator.averaging import Average
from scripts.train_translator.batches import MAX_LENGTH, Batch, Corpus
from scripts.train_translator.checkpoint import RELEASE, Checkpoint
from scripts.train_translator.data import GROUPS
from scripts.train_translator.train import Plan, development, export_with_hints, inverse_square_root, new_trainer
from scripts.train_translator.trainer import Progress, Trainer


def release(folder: Path, out: Path, plan: Plan, *, afresh: bool = False) -> bool:
    """Branch off from the folder's checkpoint, which stays as it is, and export; `afresh` forgets an unfinished one.

    Stopped or cut off, it goes on when it is called again with the same arguments. Returns whether it was exported.

    Raises:
        FileNotFoundError: there is no checkpoint yet.
        ModelError: a checkpoint is damaged.
        OutputError: an unfinished release with other arguments stands in the folder.
    """
    if afresh:
        checkpoint.remove(folder, RELEASE)
    branch = Branch(folder, plan, {"out": str(out), **_arguments(plan)})
    if not branch.train():
        print("stopped: the same command goes on from here", flush=True)
        return False
    branch.average.apply()
    export_with_hints(branch.trainer.model, folder, out)
    checkpoint.remove(folder, RELEASE)
    return True


class Branch:
    """The trainer of a release, its average and its state, taken up where there is one."""

    def __init__(self, folder: Path, plan: Plan, arguments: dict[str, Any]) -> None:
        unfinished = checkpoint.located(folder, RELEASE)
        self.plan, self.arguments = plan, arguments
        origin = unfinished if unfinished.exists() else checkpoint.located(folder)
        self.trainer: Trainer = new_trainer(folder, plan, origin)
        self.average = Average(self.trainer.model)
        saved = self.trainer.restore(origin)
        self.first, self.gone = self.trainer.step, 0.0
        if origin == unfinished:
            self._resume(saved, unfinished)

    def _resume(self, saved: Checkpoint, path: Path) -> None:
        if saved.values["arguments"] != self.arguments:
            given = ", ".join(f"{name} {value}" for name, value in saved.values["arguments"].items())
            raise OutputError(f"{path}: an unfinished release with other arguments ({given}); give these, or --afresh")
        self.average.restore(saved)
        self.first, self.gone = int(saved.values["first"]), self.trainer.elapsed

    def train(self) -> bool:
        """Train until the release's minutes are over, those before a cut counted in; return whether they are."""
        trainer = self.trainer
        return trainer.train(
            self._batches(),
            decay,
            self.plan.minutes,
            phase=1,
            gone=self.gone,
            since=trainer.step - self.first,
            save=self._save,
            report=development(trainer, self.plan),
            watch=self.average,
        )

    def _save(self) -> None:
        state = self.trainer.checkpoint()
        values = {"first": self.first, "taken": self.average.taken, "arguments": self.arguments}
        whole = Checkpoint({**state.tensors, **self.average.tensors()}, {**state.values, **values})
        checkpoint.write(whole, self.trainer.folder, RELEASE)

    def _batches(self) -> Iterator[Batch]:
        weights = {name: group.release / group.copies for name, group in GROUPS.items()}
        tokens, seed = self.plan.batch_tokens, self.trainer.step + 17
        corpus = Corpus(self.trainer.folder, weights, tokens=tokens, seed=seed, max_length=MAX_LENGTH)
        return corpus.batches(self.trainer.model.pad)


def decay(at: Progress) -> float:
    """Return the share of the peak rate: in a line from where the trunk was to zero."""
    return (1.0 - at.share) * inverse_square_root(at.step - at.since)


def _arguments(plan: Plan) -> dict[str, Any]:
    """Return what makes a release another one: not the machine, which may change on the way."""
    return {"minutes": plan.minutes, "tokens": plan.tokens, **asdict(plan.rates), **asdict(plan.shape)}
