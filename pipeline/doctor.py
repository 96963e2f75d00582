"""What is installed, which device there is, which models are present, and how to get what is missing."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
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
    "trafilatura",
    "pydantic",
    "typer",
)
_OPTIONAL = {"datasets": "pip install 'depeche[datasets]'", "sacrebleu": "pip install 'depeche[evaluation]'"}


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


def report() -> Iterator[tuple[bool, str]]:
    """Yield one line after the other, each with whether it is good."""
    for name, version in versions().items():
        yield version is not None, f"{name} {version or 'is missing: pip install --force-reinstall depeche'}"
    for name, command in _OPTIONAL.items():
        yield True, f"{name} {_version(name) or f'is not installed (optional): {command}'}"
    yield from _device()
    for name in config.names():
        yield from _models(name)


def _device() -> Iterator[tuple[bool, str]]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield True, f"cpu: {cores} cores"
    try:
        import torch
    except ImportError:
        return
    yield (
        True,
        f"gpu: {torch.cuda.get_device_name(0)}" if torch.cuda.is_available() else "gpu: none seen; runs go to the cpu",
    )


def _models(name: str) -> Iterator[tuple[bool, str]]:
    from pipeline.backends.checkpoint import locate, weight_hash

    settings = config.load(name)
    for role, model in (("translator", settings.translator), ("summarizer", settings.summarizer)):
        try:
            folder = locate(model.model, model.revision)
            yield True, f"{name}: {role} {model.model} is present ({weight_hash(folder)[:12]}, {_size(folder)} MB)"
        except DepecheError as error:
            yield name != config.DEFAULT, f"{name}: {role}: {error}"


def _size(folder: Path) -> int:
    return round(sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) / 1e6)
