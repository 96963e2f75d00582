"""What differs between the manifests of two runs: settings by dotted name, models, versions, parts of the signature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Group = Literal["settings", "reading", "languages", "models", "versions", "signature"]


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs: in which part of the manifest, its dotted name, old and new; None where there is none."""

    group: Group
    name: str
    old: Any
    new: Any


def settings(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what differs between two manifests in all that can change what a run writes, settings first.

    A part of the signature that only repeats a difference said before, such as the hash of the settings, is left out.
    """
    groups: tuple[Group, ...] = ("settings", "reading", "languages")
    found = [change for group in groups for change in _changed(group, a.get(group), b.get(group))]
    found += _changed("models", _models(a), _models(b))
    found += _changed("versions", a.get("versions"), b.get("versions"))
    said = {change.group for change in found} | {change.name.partition(".")[0] for change in found}
    return (*found, *(part for part in _changed("signature", _parts(a), _parts(b)) if part.name not in said))


def _changed(group: Group, a: Any, b: Any) -> Iterator[Change]:
    old, new = dict(_flat(a or {})), dict(_flat(b or {}))
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield Change(group, name, old.get(name), new.get(name))


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    else:
        yield name, value


def _models(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {
        str(model["task"]): {key: model[key] for key in model if key != "task"}
        for model in manifest.get("models") or ()
    }


def _parts(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The parts of the signature by name; a manifest that does not list them has them in its one line."""
    parts: Mapping[str, str] | None = manifest.get("signature_parts")
    if parts:
        return dict(parts)
    line = str(manifest.get("signature", ""))
    return {name: value for name, _, value in (part.partition(":") for part in line.split("|")) if name}
