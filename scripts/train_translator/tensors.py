"""Tensors as safetensors bytes, written and read without that library: a machine that only trains need not have it.

The format: the length of a JSON header in 8 bytes, the header (name: dtype, shape, place of the bytes), and the bytes
of all tensors (https://github.com/huggingface/safetensors, "Format"). Little-endian machines only, as torch itself.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch

from pipeline.errors import ModelError

Tensors = Mapping[str, torch.Tensor]

_NAMES = {
    torch.float64: "F64",
    torch.int64: "I64",
    torch.float32: "F32",
    torch.int32: "I32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}
_TYPES = {name: dtype for dtype, name in _NAMES.items()}


def encoded(tensors: Tensors, metadata: Mapping[str, str] | None = None) -> Iterator[memoryview]:
    """Yield the bytes of a safetensors file, the header first, then one tensor after the other.

    Wide types come first, so that every tensor lies at a multiple of its own width.
    """
    order = sorted(tensors, key=lambda name: (-tensors[name].element_size(), name))
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    end = 0
    for name in order:
        start, end = end, end + tensors[name].numel() * tensors[name].element_size()
        shape = list(tensors[name].shape)
        header[name] = {"dtype": _NAMES[tensors[name].dtype], "shape": shape, "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    yield memoryview(len(text).to_bytes(8, "little") + text)
    for name in order:
        yield tensors[name].detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data


def decoded(data: bytearray, origin: object) -> dict[str, torch.Tensor]:
    """Return the tensors of a safetensors file; they keep living in `data`. `origin` names it in errors.

    Raises:
        ModelError: the bytes are not a whole safetensors file.
    """
    try:
        begin = 8 + int.from_bytes(data[:8], "little")
        header = json.loads(data[8:begin])
        header.pop("__metadata__", None)
        return {name: _tensor(data, begin, entry) for name, entry in header.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise ModelError(f"{origin}: not a whole safetensors file; copy it again") from error


def _tensor(data: bytearray, begin: int, entry: Mapping[str, Any]) -> torch.Tensor:
    dtype, (start, end) = _TYPES[entry["dtype"]], entry["data_offsets"]
    if not 0 <= start <= end <= len(data) - begin:
        raise ValueError("bytes are missing")
    if start == end:
        return torch.empty(entry["shape"], dtype=dtype)
    count = (end - start) // dtype.itemsize
    return torch.frombuffer(data, dtype=dtype, count=count, offset=begin + start).reshape(entry["shape"])


def save_tensors(path: Path, tensors: Tensors, metadata: Mapping[str, str] | None = None) -> None:
    """Write a safetensors file; it appears whole or not at all."""
    replace(path, encoded(tensors, metadata))


def load_tensors(path: Path) -> dict[str, torch.Tensor]:
    """Read a safetensors file.

    Raises:
        FileNotFoundError: there is none.
        ModelError: it is not whole.
    """
    return decoded(bytearray(path.read_bytes()), path)


def replace(path: Path, chunks: Iterator[memoryview]) -> None:
    """Write a file under another name, force it to the disk, then put it in place: whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)  # noqa: PTH105  # the call that tests cut off at
