"""Keeps what is printed for the model cards: scores as numbers, reports as lines, and of which weights they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline import backends
from pipeline.backends.checkpoint import locate, weight_hash
from pipeline.config import Config, Device, ModelSettings
from scripts.evaluate_models.translations import Row


class Record:
    """Prints each line as it comes and can write all of them to a file."""

    def __init__(self, config: Config) -> None:
        self._content: dict[str, Any] = {"models": _weights(config), "translations": [], "reports": {}}

    def add(self, part: str, lines: Iterable[Row | str]) -> None:
        """Print lines that belong to one part of the report."""
        for line in lines:
            print(line, flush=True)
            if isinstance(line, Row):
                self._content["translations"].append(asdict(line))
            else:
                self._content["reports"].setdefault(part, []).append(line)

    def write(self, path: Path) -> None:
        """Write everything that was added as JSON."""
        path.write_text(json.dumps(self._content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _weights(config: Config) -> dict[str, Any]:
    """Return for each model how it is run, and the hash of all that decides what it says."""
    named = (("translator", config.translator), ("summarizer", config.summarizer))
    return {name: _told(settings, config.run.device, settings.decoding.beam_size) for name, settings in named}


def _told(settings: ModelSettings, device: Device, beam: int) -> dict[str, Any]:
    used = backends.resolved(settings, device)
    return {
        "model": used.model,
        "backend": used.backend,
        "compute_type": used.compute_type,
        "beam_size": beam,
        "weights": weight_hash(locate(used.model, used.revision)),
    }
