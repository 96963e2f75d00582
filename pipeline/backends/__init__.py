"""Each module here makes one model library speak `Seq2Seq`; it is imported when a configuration names it."""

from __future__ import annotations

from importlib import import_module

from pipeline.config import Device, ModelSettings
from pipeline.errors import ConfigError, nearest
from pipeline.seq2seq import Seq2Seq

BACKENDS = {"transformers": "pipeline.backends.torch_models"}


def load(settings: ModelSettings, device: Device = "auto", threads: int = 0) -> Seq2Seq:
    """Load the model that the settings name.

    Raises:
        ConfigError: there is no such backend.
        ModelError: the model is missing, unsafe or of an unknown architecture.
    """
    if settings.backend not in BACKENDS:
        known = ", ".join(BACKENDS)
        raise ConfigError(f"no backend {settings.backend!r}{nearest(settings.backend, BACKENDS)}; known: {known}")
    model: Seq2Seq = import_module(BACKENDS[settings.backend]).load(settings, device, threads)
    return model
