"""The memory of a configuration: in the run alone, or with a translation memory behind it."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from pipeline import backends, doctor
from pipeline.backends.checkpoint import locate, weight_hash
from pipeline.config import Config
from pipeline.machine import arithmetic
from pipeline.memory import Memory
from pipeline.translation_memory import TranslationMemory

_MEGABYTE = 1_000_000
# What judges and mends a hypothesis, and what puts hints into its source.
_RULES = ("guards/*", "facts/*", "languages/**/*", "hints.py", "backends/hints.py")
_LIBRARIES = ("ctranslate2", "torch", "transformers", "sentencepiece")


def memory(config: Config) -> Memory:
    """Return the memory that the translation stage shares between batches.

    Raises:
        ConfigError: the translation memory cannot be used.
    """
    run = config.run
    store = None
    if run.translation_memory is not None:
        most = run.translation_memory_mb * _MEGABYTE
        store = TranslationMemory(Path(run.translation_memory).expanduser(), _signature(config), most)
    return Memory(run.memory_mb * _MEGABYTE, store)


def _signature(config: Config) -> str:
    """Everything that changes a translation: weights, search, languages, libraries, the guards, the arithmetic here."""
    settings = backends.resolved(config.translator, config.run.device)
    versions = doctor.versions()
    parts = {
        "settings": settings.model_dump(mode="json", exclude={"model", "revision", "batch_tokens"}),
        "weights": weight_hash(locate(settings.model, settings.revision)),
        "versions": {name: versions[name] for name in _LIBRARIES},
        "rules": _fingerprint(),
        "arithmetic": arithmetic() if config.run.device != "cuda" else "cuda",
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@cache
def _fingerprint() -> str:
    """The rules themselves, not the version of the program: an edited rule must not find what the old one let pass."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted({path for rule in _RULES for path in here.glob(rule)}):
        if path.suffix in (".py", ".toml"):
            digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
