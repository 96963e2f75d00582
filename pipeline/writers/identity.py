"""Is this the same run? What makes two runs the same, and the difference in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.errors import OutputError
from pipeline.writers.jsonl import escaped
from pipeline.writers.manifest import ManifestData

_SHOWN = 5
_LONGEST = 60  # characters of a value that is shown


def check_same(earlier: Mapping[str, Any], now: ManifestData, where: str) -> None:
    """Return if a run may go on with what an earlier one left: all that changes output bytes is the same.

    `earlier` is a manifest, or what a run wrote down at its start; `where` names it.

    Raises:
        OutputError: something differs; the message says what, from which value to which.
    """
    if "signature_parts" not in earlier or "reading" not in earlier:
        raise OutputError(f"{where} is of an earlier version of Dépêche, which this one cannot go on with; {_ADVICE}")
    found = differences(earlier, now.to_dict())
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise OutputError(f"{where} was made with other settings: {', '.join(found[:_SHOWN])}{more}; {_ADVICE}")


_ADVICE = "choose another folder, or start over with --fresh"


def differences(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return what differs between two manifests in all that changes output bytes: "summarizer.sentences: 3 → 2"."""
    settings = [*_differing(earlier, now, "settings"), *_differing(earlier, now, "reading")]
    parts = _differing(earlier, now, "signature_parts", leave_out="settings" if settings else "")
    return [*settings, *parts]


def _differing(earlier: Mapping[str, Any], now: Mapping[str, Any], group: str, leave_out: str = "") -> Iterator[str]:
    old, new = (dict(_flat(found.get(group, {}))) for found in (earlier, now))
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before != after and name != leave_out:
            yield f"{name}: {_shown(before)} → {_shown(after)}"


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and (value or not name):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    else:
        yield name, value


def _shown(value: Any) -> str:
    text = "none" if value is None else escaped(str(value))
    line = "".join(c if c.isprintable() else " " for c in text) or "''"
    return line if len(line) <= _LONGEST else f"{line[:20]}...{line[23 - _LONGEST :]}"  # a model's hash is at its end
