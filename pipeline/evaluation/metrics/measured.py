"""What a metric gives back."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from types import ModuleType
from typing import Any, Protocol

from pipeline.errors import ConfigError
from pipeline.evaluation.units import Unit, Units


@dataclass(frozen=True, slots=True)
class Measured:
    """A score of a corpus: its value, the bounds of its 95 % interval where there are any, and its signature.

    `each` are the scores of the units, with a signature of their own where it differs. `value` is None where the score
    could not be computed, `note` then says why.
    """

    name: str
    value: float | None
    signature: str
    unit: Unit
    count: int
    low: float | None = None
    high: float | None = None
    each: tuple[float, ...] = ()
    each_signature: str | None = None
    note: str | None = None


class Metric(Protocol):
    """A metric: the names of its scores, and how they are computed.

    Raises (`score`):
        ConfigError: its library is not installed.
        MissingModelError: its checkpoint is not on this machine.
    """

    @property
    def names(self) -> Sequence[str]: ...

    def score(self, units: Units) -> list[Measured]: ...


def not_scored(name: str, units: Units, why: str) -> Measured:
    """Return a score without a value, and the reason."""
    return Measured(name, None, "", units.unit, len(units), note=why)


def needed(module: str, command: str) -> Any:
    """Import a library that is installed on demand.

    Raises:
        ConfigError: it is not there; the message has the command that installs it.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise ConfigError(f"this score needs {error.name or module}, which is not installed: {command}") from error


def version_of(distribution: str, module: ModuleType | None = None) -> str:
    """Return the version of a library."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return str(getattr(module, "__version__", "unknown"))
