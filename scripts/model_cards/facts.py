"""The words of a card, as people wrote them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import InputError


@dataclass(frozen=True, slots=True)
class Source:
    """Where a group of training pairs comes from; `at_hand` pairs before cleaning and selection, if known."""

    name: str
    what: str
    licence: str
    at_hand: int | None = None


@dataclass(frozen=True, slots=True)
class Training:
    """How a model was trained."""

    method: str
    hardware: str
    commands: Sequence[str]
    sources_note: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything in a card that is not measured."""

    title: str
    lead: Sequence[str]
    not_for: Sequence[str]
    weaknesses: Sequence[str]
    front_matter: Mapping[str, Any]
    training: Training
    sources: Sequence[Source]

    @classmethod
    def read(cls, path: Path) -> Facts:
        """Read a TOML file.

        Raises:
            InputError: a part is missing, or unknown.
        """
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        try:
            sources = [Source(**group) for group in content.pop("group")]
            training = Training(**content.pop("training"))
            return cls(**content, training=training, sources=sources)
        except (KeyError, TypeError) as error:
            raise InputError(f"{path}: {error}") from error


@dataclass(frozen=True, slots=True)
class Peers:
    """Published scores of other systems: `sets` maps a test set to the scores by system, and perhaps a note."""

    source: str
    how: str
    systems: Mapping[str, str]
    sets: Mapping[str, Mapping[str, Any]]

    @classmethod
    def read(cls, path: Path) -> Peers:
        """Read a TOML file."""
        return cls(**tomllib.loads(path.read_text(encoding="utf-8")))
