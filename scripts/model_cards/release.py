"""The figures of a release, gathered once and kept beside the cards' own words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from scripts.model_cards.history import History, Line


@dataclass(frozen=True, slots=True)
class Group:
    """Training pairs of one kind: how many, and the passes over them in one epoch of training and of a release."""

    pairs: int
    training: float
    release: float | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """What was measured: `scores` as scripts.evaluate_models wrote them, the log's lines, the groups of pairs."""

    scores: Mapping[str, Any]
    log: list[Line]
    groups: Mapping[str, Group]

    @classmethod
    def read(cls, path: Path) -> Release:
        """Read what `write` kept.

        Raises:
            InputError: no release was gathered yet.
        """
        if not path.is_file():
            raise InputError(f"{path} is missing: gather a release first, with --scores and --work")
        content = json.loads(path.read_text(encoding="utf-8"))
        groups = {name: Group(**group) for name, group in content["groups"].items()}
        return cls(content["scores"], content["log"], groups)

    def write(self, path: Path) -> None:
        """Keep it as JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @property
    def history(self) -> History:
        """The log, sorted."""
        return History.of(self.log)


def gather(model: str, scores: Path, work: Path) -> Release:
    """Return the figures of a release that was trained in the folder `work` and measured in the file `scores`.

    Raises:
        InputError: one of the files is missing.
    """
    log = work / "log.jsonl"
    for path in (scores, log):
        if not path.is_file():
            raise InputError(f"{path} is missing: give the JSON of scripts.evaluate_models and the work folder")
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return Release(json.loads(scores.read_text(encoding="utf-8")), lines, dict(_groups(model, work)))


def _groups(model: str, work: Path) -> Iterator[tuple[str, Group]]:
    from scripts.train_translator.packing import unpack

    for name, training, release in _passes(model):
        path = work / f"{name}.npz"
        if not path.is_file():
            raise InputError(f"{path} is missing: give the folder that the model was trained in")
        yield name, Group(len(unpack(path)[0].lengths), training, release)


def _passes(model: str) -> Iterator[tuple[str, float, float | None]]:
    """Yield the groups of a model's training with the passes over them, as the trainers have them."""
    if model == "translator":
        from scripts.train_translator.data import GROUPS

        for name, group in GROUPS.items():
            yield name, group.training / group.copies, group.release / group.copies
    else:
        from scripts.train_summarizer.prepare import WEIGHTS

        for name, weight in WEIGHTS.items():
            yield name, weight, None
