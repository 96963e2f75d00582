"""Gates: the worst that a score may be before a run counts as a bad one. They fail closed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.errors import ConfigError, nearest
from pipeline.scores import LABELS, Score, catalogue

_BOUNDS = ("min", "max")
_NAMES = {label.casefold(): name for name, label in LABELS.items()}  # as tables show them


@dataclass(frozen=True, slots=True)
class Gate:
    """Bounds of a score; None where there is none on that side."""

    name: str
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A gate and the value of its score; `failure` says in words why the gate is shut, None where it is open."""

    gate: Gate
    value: float | None
    failure: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        gate = self.gate
        return {"name": gate.name, "min": gate.least, "max": gate.most, "value": self.value, "failure": self.failure}


def parse(settings: Mapping[str, Any], source: str = "fr", target: str = "en") -> tuple[Gate, ...]:
    """Return the gates of a configuration: numbers, or tables with `min`, `max` or both.

    A bare number is the least value where higher is better and the most where lower is.

    Raises:
        ConfigError: no score has this name, or the bound is no number that the score can be.
    """
    known = catalogue(source, target)
    return tuple(_gate(name, value, known) for name, value in settings.items())


def _gate(name: str, value: Any, known: Mapping[str, Score]) -> Gate:
    score = known.get(name) or known.get(_NAMES.get(name.casefold(), ""))
    if score is None:
        raise ConfigError(f"gates: no score is called {name!r}{nearest(name, known)}; `depeche evaluate` lists them")
    if not isinstance(value, Mapping):
        if score.better is None:
            raise ConfigError(
                f"gates: {name} is neither better high nor low: give {{ min = ..., max = ... }} in [gates]"
            )
        value = {"min" if score.better == "higher" else "max": value}
    unknown = [key for key in value if key not in _BOUNDS]
    if unknown or not value:
        raise ConfigError(f"gates: {name} takes min, max or both, not {unknown[0] if unknown else 'nothing'!r}")
    bounds = [_bound(score, value[key]) if key in value else None for key in _BOUNDS]
    return Gate(score.name, *bounds)


def _bound(score: Score, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ConfigError(f"gates: the bound of {score.name} is a number, not {value!r}")
    if (value < 0 and score.most is not None) or (score.most is not None and value > score.most):
        raise ConfigError(f"gates: {score.name} lies between 0 and {score.most:g}; a bound of {value!r} cannot be")
    return float(value)


def judge(gate: Gate, value: float | None, reason: str | None = None) -> Judgement:
    """Hold a value against its gate; a score without a value is shut out, with the reason why there is none."""
    if value is None or not math.isfinite(value):
        return Judgement(gate, None, f"{gate.name} could not be computed: {reason or 'there was nothing to score'}")
    if gate.least is not None and value < gate.least:
        words = f"{gate.name} is {value:.6g}, below its floor {gate.least:g} by {gate.least - value:.4g}"
        return Judgement(gate, value, words)
    if gate.most is not None and value > gate.most:
        words = f"{gate.name} is {value:.6g}, above its ceiling {gate.most:g} by {value - gate.most:.4g}"
        return Judgement(gate, value, words)
    return Judgement(gate, value, None)
