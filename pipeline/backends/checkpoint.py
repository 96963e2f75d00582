"""Find a checkpoint on this machine, refuse unsafe ones, and name its weights by their hash. Never asks a network."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from pipeline.config import EMBEDDED
from pipeline.errors import MissingModelError, ModelError, nearest
from pipeline.hints import FILE as HINTS


def locate(model: str, revision: str | None = None) -> Path:
    """Return the folder of "embedded:NAME", of a local path, or of a hub name in the local cache.

    Raises:
        MissingModelError: it is not on this machine; the message has the command that fetches it.
        ModelError: the folder is no checkpoint, or has its weights only as pickles.
    """
    folder = _embedded(model) if model.startswith("embedded:") else _local(model) or _cached(model, revision)
    _check(folder, model)
    return folder


def _embedded(model: str) -> Path:
    name = model.removeprefix("embedded:")
    known = sorted(path.parent.name for path in EMBEDDED.glob("*/config.json"))
    if name not in known:
        raise MissingModelError(
            f"no embedded model {name!r}{nearest(name, known)}; there are: {', '.join(known) or 'none'}"
        )
    return EMBEDDED / name


def _local(model: str) -> Path | None:
    path = Path(model).expanduser()
    if path.is_dir():
        return path
    if model.startswith((".", "/", "~")) or model.count("/") > 1 or path.exists():
        raise MissingModelError(
            f"model folder {model} does not exist or is not a folder; give a checkpoint's folder or a hub name"
        )
    return None


def _cached(model: str, revision: str | None) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    command = f"hf download {model}" + (f" --revision {revision}" if revision else "")
    try:
        return Path(snapshot_download(model, revision=revision, local_files_only=True))
    except (LocalEntryNotFoundError, FileNotFoundError):
        raise MissingModelError(f"model {model} is not on this machine; fetch it with: {command}") from None
    except HFValidationError:
        raise MissingModelError(
            f"model {model!r} is neither a folder here nor a possible hub name (OWNER/NAME)"
        ) from None


def _check(folder: Path, model: str) -> None:
    if not (folder / "config.json").is_file():
        raise MissingModelError(
            f"model {model} has no config.json in {folder}; fetch it whole with: hf download {model}"
        )
    if weight_files(folder):
        return
    if any(folder.glob("*.bin")):
        raise ModelError(
            f"model {model} has its weights only as pickle (.bin), which can hide code; make safetensors of them with: "
            f"depeche convert {model} models/{Path(model).name}   and name that folder as the model"
        )
    raise MissingModelError(
        f"model {model} has no weights (*.safetensors) in {folder}; fetch it whole with: hf download {model}"
    )


def weight_files(folder: Path) -> list[Path]:
    """Return the safetensors files of a checkpoint, sorted by name."""
    return sorted(folder.glob("*.safetensors"))


@cache
def weight_hash(folder: Path) -> str:
    """Return the SHA-256 over the names and bytes of everything in the folder that changes what the model says."""
    digest = hashlib.sha256()
    told = (path for pattern in ("*.json", "*.spm", "*.model", HINTS) for path in folder.glob(pattern))
    for path in sorted({*weight_files(folder), *told}):
        digest.update(path.name.encode())
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def convert(model: str, target: Path, revision: str | None = None) -> Path:
    """Copy a checkpoint with pickled weights to `target` as safetensors; nothing in the pickle is executed.

    Raises:
        ModelError: the checkpoint is missing, or its pickle holds more than tensors.
    """
    import shutil

    import torch
    from safetensors.torch import save_file

    folder = _local(model) or _cached(model, revision)
    files = sorted(folder.glob("pytorch_model*.bin"))
    if not files:
        raise MissingModelError(f"{folder} has no pytorch_model*.bin to convert")
    target.mkdir(parents=True, exist_ok=True)
    for path in files:
        try:
            tensors = torch.load(path, map_location="cpu", weights_only=True)
        except Exception as error:
            raise ModelError(f"{path} holds more than tensors and was not loaded: {type(error).__name__}") from error
        name = path.name.replace("pytorch_model", "model").replace(".bin", ".safetensors")
        save_file({key: value.clone().contiguous() for key, value in tensors.items()}, target / name, {"format": "pt"})
    for path in folder.iterdir():
        if path.is_file() and path.suffix in {".json", ".model", ".spm", ".txt"} and "index" not in path.name:
            shutil.copy(path, target / path.name)
    return target
