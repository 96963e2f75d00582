"""COMET (Rei et al. 2020, 2022) through its own command, `comet-score`.

COMET as published (unbabel-comet 2.2.7) needs transformers 4 and huggingface-hub 0.x, Dépêche transformers 5: the two
cannot be installed side by side. So COMET lives in an environment of its own, and its command is run: `pipx install
unbabel-comet` puts it on the PATH; the environment variable DEPECHE_COMET_SCORE may name it instead.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.errors import ConfigError, MissingModelError
from pipeline.evaluation.metrics.clusters import mean_measured
from pipeline.evaluation.metrics.measured import Measured, needed, not_scored
from pipeline.evaluation.units import Units

DEFAULT = "Unbabel/wmt22-comet-da"
COMMAND = "DEPECHE_COMET_SCORE"
INSTALL = "pipx install unbabel-comet (an environment of its own: it needs transformers 4)"
_VERSION = "from importlib.metadata import version; print(version('unbabel-comet'))"


@dataclass(frozen=True)
class Comet:
    """COMET of segments; without references by a model that needs none (Unbabel/wmt22-cometkiwi-da).

    `checkpoint` is a hub name, a `.ckpt` file, or the folder with `checkpoints/model.ckpt`. Nothing is downloaded. Its
    checkpoints are pickles, which COMET loads in its own process: use those of people whom you trust. Of several
    references the first is taken.
    """

    checkpoint: str = DEFAULT
    gpus: int = 0

    @property
    def names(self) -> Sequence[str]:
        """The name of the score."""
        return ("comet",)

    def score(self, units: Units) -> list[Measured]:
        """Return the mean with its interval over documents, and the score of each segment."""
        if units.unit != "segment":
            return [not_scored("comet", units, "COMET scores segments: give line-aligned references")]
        program = _program()
        path, revision = _located(self.checkpoint)
        with TemporaryDirectory(prefix="depeche-comet-") as folder:
            values = self._run(program, path, units, Path(folder))
        parts = f"comet:{_version(program)}|model:{self.checkpoint}|revision:{revision}"
        references = "first" if len(units.references) > 1 else "1" if units.references else "none"
        return [mean_measured("comet", values, f"{parts}|refs:{references}|agg:mean", units)]

    def _run(self, program: str, path: Path, units: Units, folder: Path) -> list[float]:
        files = {"src": units.sources, "mt": units.hypotheses}
        if units.references:
            files["ref"] = tuple(text or "" for text in units.references[0])
        for name, lines in files.items():
            (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        words = [program, "-s", "src", "-t", "mt", *(["-r", "ref"] if units.references else [])]
        words += [
            "--model",
            str(path),
            "--gpus",
            str(self.gpus),
            "--to_json",
            "scores.json",
            "--quiet",
            "--only_system",
        ]
        environment = os.environ | {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
        try:
            done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        except OSError as error:
            raise ConfigError(f"COMET: {program!r} cannot be run: {error.strerror}") from error
        return _scores(folder / "scores.json", done, len(units))


def _scores(path: Path, done: subprocess.CompletedProcess[str], expected: int) -> list[float]:
    if done.returncode != 0 or not path.is_file():
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise ConfigError(f"COMET: comet-score failed: {last[0][:300]}")
    try:
        rows = next(iter(json.loads(path.read_bytes()).values()))
        values = [float(row["COMET"]) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise ConfigError(
            "COMET: comet-score wrote scores in a form that is not known here (2.0 to 2.2 are)"
        ) from error
    if len(values) != expected or not all(map(math.isfinite, values)):
        raise ConfigError(
            f"COMET: comet-score gave {len(values)} scores for {expected} segments, or some are no numbers"
        )
    return values


def _program() -> str:
    named = os.environ.get(COMMAND)
    found = shutil.which(named or "comet-score")
    if found is None:
        raise ConfigError(f"COMET: {named or 'comet-score'!r} is not on the PATH: {INSTALL}")
    return found


def _located(checkpoint: str) -> tuple[Path, str]:
    """Return the file of a checkpoint, and its revision where it is from the hub."""
    path = Path(checkpoint)
    if path.is_file():
        return path.resolve(), "file"
    if path.is_dir():
        return _inside(path.resolve(), checkpoint), "folder"
    hub = needed("huggingface_hub", "pip install --force-reinstall depeche")
    try:
        folder = Path(hub.snapshot_download(checkpoint, local_files_only=True))
    except (OSError, ValueError) as error:  # not in the cache; no name of a model
        raise MissingModelError(f"COMET: {checkpoint!r} is not on this machine: hf download {checkpoint}") from error
    return _inside(folder, checkpoint), folder.name


def _inside(folder: Path, checkpoint: str) -> Path:
    path = folder / "checkpoints" / "model.ckpt"
    if not path.is_file():
        raise MissingModelError(f"COMET: {checkpoint!r} has no checkpoints/model.ckpt: hf download it again")
    return path


def _version(program: str) -> str:
    """Ask the Python of the command's own environment, which its first line names."""
    try:
        with Path(program).open("rb") as stream:
            first = stream.readline().decode(errors="replace")
        if not first.startswith("#!"):
            return "unknown"
        words = [*first[2:].split(), "-c", _VERSION]
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
        return done.stdout.strip() or "unknown"
    except (OSError, subprocess.SubprocessError):
        return "unknown"
