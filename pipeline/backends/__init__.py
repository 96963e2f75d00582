"""Each module here makes one model library speak `Seq2Seq`; it is imported when a configuration names it."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path

from pipeline.backends.checkpoint import locate
from pipeline.backends.conversion import is_convertible
from pipeline.backends.hints import FILE as HINTS
from pipeline.backends.hints import Hinted, read_hints
from pipeline.config import Device, ModelSettings
from pipeline.errors import ConfigError, nearest
from pipeline.seq2seq import Seq2Seq

BACKENDS = {"transformers": "pipeline.backends.torch_models", "ctranslate2": "pipeline.backends.ct2_models"}


def resolved(settings: ModelSettings, device: Device = "auto") -> ModelSettings:
    """Return the settings with what is "auto" decided: CTranslate2 in int8 on a CPU, transformers elsewhere.

    Raises:
        ConfigError: there is no such backend.
        MissingModelError: the model is not on this machine.
    """
    backend = settings.backend
    if backend == "auto":
        on_gpu = device == "cuda" or (device == "auto" and _has_gpu())
        backend = (
            "ctranslate2"
            if not on_gpu and is_convertible(locate(settings.model, settings.revision))
            else "transformers"
        )
    if backend not in BACKENDS:
        known = ", ".join(("auto", *BACKENDS))
        raise ConfigError(f"no backend {backend!r}{nearest(backend, BACKENDS)}; known: {known}")
    usual = "int8" if backend == "ctranslate2" else "float32"
    compute_type = usual if settings.compute_type == "auto" else settings.compute_type
    return settings.model_copy(update={"backend": backend, "compute_type": compute_type})


def _has_gpu() -> bool:
    """Ask the driver, not torch: that import takes seconds, and most machines have no GPU."""
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def load(settings: ModelSettings, device: Device = "auto", threads: int = 0) -> Seq2Seq:
    """Load the model that the settings name; one that was trained to take hints gets those beside its weights.

    Raises:
        ConfigError: there is no such backend.
        ModelError: the model is missing, unsafe or of an unknown architecture.
    """
    settings = resolved(settings, device)
    model: Seq2Seq = import_module(BACKENDS[settings.backend]).load(settings, device, threads)
    hints = locate(settings.model, settings.revision) / HINTS
    return Hinted(model, read_hints(hints)) if hints.is_file() else model
