"""Checkpoints that survive a cut at any moment: parts under 16 MiB with their checksums, and an index written last.

`<name>.json` is the index: counters for people and programs to read, and for each part its file, size and SHA-256.
The parts, joined in its order, are one safetensors file. A part bears its checksum in its name, so that a new
checkpoint never writes over the one that stands; what it replaces is removed only after the new index is in place.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from pipeline.errors import ModelError
from scripts.train_translator.tensors import Tensors, decoded, encoded, replace

STATE, RELEASE = "state", "release"
PART_BYTES = 15 * 2**20
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Named tensors, and values that JSON can hold."""

    tensors: Tensors
    values: Mapping[str, Any]

    def group(self, prefix: str) -> dict[str, torch.Tensor]:
        """Return the tensors whose names begin with `prefix`, by the rest of their names."""
        return {name.removeprefix(prefix): tensor for name, tensor in self.tensors.items() if name.startswith(prefix)}


def located(folder: Path, name: str = STATE) -> Path:
    """Return the checkpoint of a folder: its index, or the single file `<name>.pt` of earlier versions.

    Where there is neither, the index that a first `write` would make.
    """
    index, single = folder / f"{name}.json", folder / f"{name}.pt"
    return single if single.exists() and not index.exists() else index


def write(checkpoint: Checkpoint, folder: Path, name: str = STATE, part_bytes: int = PART_BYTES) -> None:
    """Make this the checkpoint of the folder. Whenever it is cut off, the folder holds the new or the former one."""
    parts = []
    for number, data in enumerate(_cut(encoded(checkpoint.tensors), part_bytes)):
        digest = hashlib.sha256(data).hexdigest()
        path = folder / f"{name}-{number:02d}-{digest[:16]}.part"
        replace(path, iter([memoryview(data)]))
        parts.append({"file": path.name, "bytes": len(data), "sha256": digest})
    _sync(folder)
    index = {"format": _FORMAT, "values": dict(checkpoint.values), "parts": parts}
    replace(folder / f"{name}.json", iter([memoryview((json.dumps(index, indent=1) + "\n").encode())]))
    _sync(folder)
    _remove_others(folder, name, {str(part["file"]) for part in parts})


def remove(folder: Path, name: str) -> None:
    """Remove a checkpoint that is not needed any more, its index first."""
    (folder / f"{name}.json").unlink(missing_ok=True)
    _remove_others(folder, name, set())


def read(path: Path) -> Checkpoint:
    """Read a checkpoint: an index, or a single `.pt` file of earlier versions (tensors and numbers only).

    Raises:
        FileNotFoundError: there is none.
        ModelError: a part is missing or damaged.
    """
    if path.suffix == ".pt":
        return _read_single(path)
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
        if index["format"] != _FORMAT:
            raise ModelError(f"{path}: format {index['format']} is unknown; a newer version wrote it")
        data = bytearray()
        for part in index["parts"]:
            data += _part(path, part)
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: not the index of a checkpoint; copy it again") from error
    return Checkpoint(decoded(data, path), index["values"])


def _part(index: Path, entry: Mapping[str, Any]) -> bytes:
    path = index.with_name(Path(entry["file"]).name)
    if not path.is_file():
        raise ModelError(f"{index}: its part {path.name} is missing; copy it from where the checkpoint was made")
    data = path.read_bytes()
    if len(data) != entry["bytes"] or hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise ModelError(f"{path}: its size or its checksum is not what {index.name} says; copy it again")
    return data


def _cut(chunks: Iterator[memoryview], size: int) -> Iterator[bytearray]:
    """Join chunks and cut them anew into parts of `size` bytes."""
    part = bytearray()
    for chunk in chunks:
        while len(part) + len(chunk) > size:
            room = size - len(part)
            part += chunk[:room]
            yield part
            part, chunk = bytearray(), chunk[room:]
        part += chunk
    yield part


def _remove_others(folder: Path, name: str, kept: set[str]) -> None:
    former = [path for path in folder.glob(f"{name}-[0-9]*.part") if path.name not in kept]
    unfinished = [*folder.glob(f"{name}-[0-9]*.part.tmp"), folder / f"{name}.json.tmp"]
    for path in (*former, *unfinished, folder / f"{name}.pt"):
        path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Force names to the disk, so that no index is there before its parts."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_single(path: Path) -> Checkpoint:
    """Read a `.pt` file with torch's loader for plain data, which runs no code."""
    saved = torch.load(path, map_location="cpu", weights_only=True)
    tensors = {f"{kind}.{name}": tensor for kind in ("model", "muon") for name, tensor in saved.get(kind, {}).items()}
    for number, state in saved.get("adam", {}).get("state", {}).items():
        tensors |= {f"adam.{number}.{key}": torch.as_tensor(value) for key, value in state.items()}
    return Checkpoint(tensors, {key: saved[key] for key in ("step", "seen", "elapsed") if key in saved})
