"""The words in which the page speaks of kinds, reasons and verdicts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pipeline.document import Verdict

Weight = Literal["wrong", "doubt", "note"]
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_SILENT = frozenset({"first", "kept-english", "kept-source", "symbols", "whole"})


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(files("pipeline.view").joinpath("words.toml").read_text(encoding="utf-8"))


def called(table: str, name: str) -> str:
    """Return what the page calls a name of a table: "kinds", "hops", "reasons", "rungs", "problems" or "origins"."""
    return str(_words()[table].get(name, name.replace("-", " ")))


def weight(kind: str) -> Weight:
    """Return how heavy a kind of finding weighs: "wrong" can mislead a reader, "note" is no fault, else "doubt"."""
    weights = _words()["weights"]
    return "wrong" if kind in weights["wrong"] else "note" if kind in weights["note"] else "doubt"


def tried(verdicts: Sequence[Verdict]) -> str:
    """Return in words what was tried with a sentence; nothing where its first translation passed at once."""
    kept = next((place for place, verdict in enumerate(verdicts) if verdict.kept), None)
    if kept is None:
        return ""
    standing, later = verdicts[kept], len(verdicts) - kept - 1
    if standing.rung == "source":
        return "No translation could stand: the source is kept."
    if standing.rung not in _SILENT and kept == 0:
        return f"{capital(called('rungs', standing.rung))}."
    if kept > 0:
        return f"Taken from the {_ordinal(kept)} try: {called('rungs', standing.rung)}."
    return f"Tried {_times(later)} more, none better." if later and standing.problems else ""


def written(origin: str, verdicts: Sequence[Verdict]) -> str:
    """Return in words how a summary sentence came about; nothing where it stands as first written."""
    kept = next((verdict for verdict in verdicts if verdict.kept), None)
    name = kept.rung if kept is not None and kept.rung == "next-best" else origin
    if name == "model":
        return ""
    first = next((verdict for verdict in verdicts if not verdict.kept and verdict.problems), None)
    why = f"; at first {', '.join(called('problems', problem) for problem in first.problems)}" if first else ""
    return f"{capital(called('origins', name))}{why}."


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a count and its noun: "1 story", "1,200 stories"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _times(count: int) -> str:
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"


def _ordinal(place: int) -> str:
    return _ORDINALS[place] if place < len(_ORDINALS) else f"{place + 1}th"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
