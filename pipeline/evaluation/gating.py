"""The gates of a configuration, held against a run that has just ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.evaluation.evaluation import evaluate
from pipeline.evaluation.files import save


@dataclass(frozen=True, slots=True)
class Gated:
    """What the gates say of a run: a line for each one that is shut, and 0 or 1 as exit code."""

    lines: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 where every gate is open, else 1."""
        return 1 if self.lines else 0


def gated(folder: str | Path, gates: Mapping[str, Any]) -> Gated:
    """Score a finished run without references, write its evaluation beside it, and hold it against gates.

    Nothing is done without gates. Call it when the run has let go of its folder. A gate on a score that needs
    references is shut: it cannot be computed here.

    Raises:
        ConfigError: a gate names no score; `config.load` says so before any work.
        InputError: the folder is no finished run.
        OutputError: the evaluation cannot be written.
    """
    if not gates:
        return Gated(())
    evaluation = evaluate(folder, gates=gates)
    save(evaluation)
    return Gated(tuple(f"gate: {line}" for line in evaluation.failures))
