"""What is installed, which device there is, which models are present, and how to get what is missing."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from pipeline import config
from pipeline.errors import DepecheError
from pipeline.version import __version__

_LIBRARIES = (
    "torch",
    "transformers",
    "ctranslate2",
    "sentencepiece",
    "safetensors",
    "pyarrow",
    "py3langid",
    "simplemma",
    "trafilatura",
    "pydantic",
    "typer",
)
_OPTIONAL = {
    "datasets": "pip install 'depeche[datasets]'",
    "sacrebleu": "pip install 'depeche[evaluation]'",
    "matplotlib": "pip install 'depeche[report]'",
}


def versions() -> dict[str, str | None]:
    """Return the version of Python, of Dépêche and of each library that it stands on; None for a missing one."""
    return {
        "python": platform.python_version(),
        "depeche": __version__,
        **{name: _version(name) for name in _LIBRARIES},
    }


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


class State(StrEnum):
    """What a line of the report says: all good, missing but not needed for the default, missing."""

    OK = "ok"
    OPTIONAL = "optional"
    MISSING = "missing"


def report() -> Iterator[tuple[State, str]]:
    """Yield one line after the other, each with its state."""
    for name, version in versions().items():
        missing = "is missing: pip install --force-reinstall depeche"
        yield State.OK if version else State.MISSING, f"{name} {version or missing}"
    for name, command in _OPTIONAL.items():
        version = _version(name)
        yield State.OK if version else State.OPTIONAL, f"{name} {version or f'is not installed: {command}'}"
    yield from _device()
    for name in config.names():
        yield from _models(name)


def _device() -> Iterator[tuple[State, str]]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield State.OK, f"cpu: {cores} cores"
    try:
        import torch
    except ImportError:
        return
    seen = torch.cuda.is_available()
    yield State.OK, f"gpu: {torch.cuda.get_device_name(0)}" if seen else "gpu: none seen; runs go to the cpu"


def _models(name: str) -> Iterator[tuple[State, str]]:
    from pipeline.backends.checkpoint import locate, weight_hash

    settings = config.load(name)
    for role, model in (("translator", settings.translator), ("summarizer", settings.summarizer)):
        try:
            folder = locate(model.model, model.revision)
            yield State.OK, f"{name}: {role} {model.model} is present ({weight_hash(folder)[:12]}, {_size(folder)} MB)"
        except DepecheError as error:
            yield State.MISSING if name == config.DEFAULT else State.OPTIONAL, f"{name}: {role}: {error}"


def _size(folder: Path) -> int:
    return round(sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) / 1e6)
