"""Each module here makes one model library speak `Seq2Seq`; it is imported when a configuration names it."""

from __future__ import annotations

import shutil
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Literal

from pipeline.backends.checkpoint import locate
from pipeline.backends.conversion import architecture, is_convertible
from pipeline.backends.hints import Hinted, hints_beside
from pipeline.config import Device, ModelSettings
from pipeline.errors import ConfigError, nearest
from pipeline.seq2seq import Seq2Seq

BACKENDS = {"transformers": "pipeline.backends.torch_models", "ctranslate2": "pipeline.backends.ct2_models"}


_NARROW = frozenset({"t5", "mt5", "pegasus"})  # trained in bfloat16: float16 overflows in them


def resolved(settings: ModelSettings, device: Device = "auto") -> ModelSettings:
    """Return the settings with what is "auto" decided: CTranslate2 in int8 on a CPU, transformers in half on a GPU.

    Raises:
        ConfigError: there is no such backend.
        MissingModelError: the model is not on this machine.
    """
    on_gpu = _place(device) == "cuda"
    backend = settings.backend
    if backend == "auto":
        fits = not on_gpu and is_convertible(locate(settings.model, settings.revision))
        backend = "ctranslate2" if fits else "transformers"
    if backend not in BACKENDS:
        known = ", ".join(("auto", *BACKENDS))
        raise ConfigError(f"no backend {backend!r}{nearest(backend, BACKENDS)}; known: {known}")
    compute_type = settings.compute_type
    if compute_type == "auto" and on_gpu:
        narrow = architecture(locate(settings.model, settings.revision)) in _NARROW
        compute_type = "bfloat16" if narrow else "float16"
    elif compute_type == "auto":
        compute_type = "int8" if backend == "ctranslate2" else "float32"
    return settings.model_copy(update={"backend": backend, "compute_type": compute_type})


def _place(device: Device) -> Literal["cpu", "cuda"]:
    return ("cuda" if _has_gpu() else "cpu") if device == "auto" else device


@cache
def _has_gpu() -> bool:
    """Ask the driver before torch: that import takes seconds, and most machines have no GPU."""
    if not Path("/proc/driver/nvidia/version").exists() and shutil.which("nvidia-smi") is None:
        return False
    import torch

    return torch.cuda.is_available()


def load(settings: ModelSettings, device: Device = "auto", threads: int = 0) -> Seq2Seq:
    """Load the model that the settings name; one that was trained to take hints gets those beside its weights.

    `threads` are the processors to keep busy, 0 all that there are.

    Raises:
        ConfigError: there is no such backend, or no such device.
        ModelError: the model is missing, unsafe or of an unknown architecture.
    """
    settings = resolved(settings, device)
    model: Seq2Seq = import_module(BACKENDS[settings.backend]).load(settings, _place(device), threads)
    hints = hints_beside(locate(settings.model, settings.revision))
    return model if hints is None else Hinted(model, hints)
