"""References from files: by document id from a folder or from rows, or line by line against the bitext.

- A folder holds `<id>.en` or `<id>.txt` for a translation (`<id>.translation.en` goes before it), `<id>.ref0`,
  `<id>.ref1`, ... for several, and `<id>.summary.en`, `<id>.summary.ref0`, ... for a summary. The id may stand without
  the last ending that it has itself: `business.en` is of the document `business.txt`.
- Rows (`.jsonl`, `.csv`, `.tsv`) have `id`, and `reference` or `references` (a list), `summary` or `summaries`.
- Any other file is line-aligned: as many lines as the bitext of the run. Several such files are several references.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import InputError, nearest

Kind = Literal["translation", "summary"]
Texts = Mapping[str, tuple[str, ...]]

ROWS = (".jsonl", ".csv", ".tsv")
_IDS = ("id", "document_id")
_FIELDS: dict[str, Kind] = {
    "reference": "translation",
    "references": "translation",
    "translation": "translation",
    "summary": "summary",
    "summaries": "summary",
}
_FILE = re.compile(
    r"(?P<id>.+?)(?P<kind>\.translation|\.summary)?(?:\.ref(?P<number>\d+)(?:\.(?:en|txt))?|\.(?:en|txt))\Z", re.DOTALL
)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class References:
    """What a run is scored against: whole translations and summaries by id, or streams of lines."""

    translations: Texts = field(default_factory=dict)
    summaries: Texts = field(default_factory=dict)
    streams: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.translations or self.summaries or self.streams)


def read(paths: Sequence[str | Path]) -> References:
    """Read references from a folder, from files of rows, or from line-aligned files; nothing gives none.

    Raises:
        InputError: a path is not there or cannot be read, the kinds are mixed, an id stands twice, a reference is
            empty; the message names the first ones.
    """
    places = [Path(path) for path in paths]
    for place in places:
        if not place.exists():
            raise InputError(f"references: {str(place)!r} does not exist")
    lines = [place for place in places if place.is_file() and place.suffix.lower() not in ROWS]
    if lines and len(lines) < len(places):
        other = next(place for place in places if place not in lines)
        raise InputError(f"references: {str(lines[0])!r} is taken line by line, {str(other)!r} by id; give one kind")
    if lines:
        return References(streams=tuple(_stream(place) for place in lines))
    return _by_id([entry for place in places for entry in (_folder(place) if place.is_dir() else _rows(place))])


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    kind: Kind
    texts: tuple[str, ...]
    where: str


def _by_id(entries: Iterable[_Entry]) -> References:
    found: dict[Kind, dict[str, tuple[str, ...]]] = {"translation": {}, "summary": {}}
    twice: list[str] = []
    empty: list[str] = []
    for entry in entries:
        if entry.id in found[entry.kind]:
            twice.append(entry.id)
        if not entry.texts or not all(text.strip() for text in entry.texts):
            empty.append(entry.id)
        found[entry.kind][entry.id] = entry.texts
    if twice:
        raise InputError(
            f"references: {few(twice)} {_have(twice)} two; several of one document are a list, or .ref0, .ref1"
        )
    if empty:
        raise InputError(f"references: {few(empty)} {_have(empty)} an empty one; fill it in or remove it")
    return References(found["translation"], found["summary"])


def _folder(folder: Path) -> list[_Entry]:
    groups: dict[tuple[str, Kind], dict[str, Path]] = {}
    for path in sorted(folder.rglob("*")):
        match = _FILE.fullmatch(path.relative_to(folder).as_posix()) if path.is_file() else None
        if match is None or path.name.startswith("."):
            continue
        kind: Kind = "summary" if match["kind"] == ".summary" else "translation"
        group = groups.setdefault((match["id"], kind), {})
        place = match["number"] or match["kind"] or ""
        if place in group:
            raise InputError(
                f"references: {group[place].name!r} and {path.name!r} are one reference; number them .ref0, .ref1"
            )
        group[place] = path
    if not groups:
        raise InputError(
            f"references: {str(folder)!r} holds none; files are named ID.en, ID.txt, ID.ref0 or ID.summary.en"
        )
    return [_Entry(name, kind, _texts(name, group), str(folder)) for (name, kind), group in groups.items()]


def _texts(name: str, group: Mapping[str, Path]) -> tuple[str, ...]:
    """The numbered files of a document in order; without numbers the one file, `.translation` before the bare one."""
    numbered = sorted((place for place in group if place.isdecimal()), key=int)
    if numbered and len(numbered) < len(group):
        raise InputError(f"references: {name!r} has files with .ref0 and without; number all of them")
    picked = numbered or [max(group)]
    return tuple(_text(group[place]) for place in picked)


def _rows(path: Path) -> Iterator[_Entry]:
    for number, row in enumerate(_read_rows(path), 1):
        where = f"{path.name}, row {number}"
        name = next((row[key] for key in _IDS if row.get(key) not in (None, "")), None)
        if name is None:
            raise InputError(f"references: {where} has no id; it goes into a field 'id'")
        filled = {key: row[key] for key in _FIELDS if row.get(key) is not None}
        if not filled:
            hint = next((hint for key in row if (hint := nearest(key, _FIELDS))), "")
            raise InputError(f"references: {where} has no field 'reference' or 'summary'{hint}")
        for key, value in filled.items():
            yield _Entry(str(name), _FIELDS[key], _listed(value, where), where)


def _listed(value: Any, where: str) -> tuple[str, ...]:
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) for text in texts):
        raise InputError(f"references: {where}: a reference is a text or a list of texts")
    return tuple(texts)


def _read_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    text = _text(path)
    if path.suffix.lower() != ".jsonl":
        delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
        yield from csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict):
                raise InputError(f"references: line {number} of {path.name} is no JSON object")
            yield row


def _stream(path: Path) -> tuple[str, ...]:
    lines = _text(path).replace("\r\n", "\n").removesuffix("\n").split("\n")
    empty = [str(number) for number, line in enumerate(lines, 1) if not line.strip()]
    if empty:
        lines_are = "line" if len(empty) == 1 else "lines"
        raise InputError(
            f"references: {lines_are} {_few(empty)} of {str(path)!r} {'is' if len(empty) == 1 else 'are'} empty"
        )
    return tuple(lines)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"references: {str(path)!r} is not UTF-8 (byte {error.start}); convert it") from error
    except OSError as error:
        raise InputError(f"references: {str(path)!r} cannot be read: {error.strerror}") from error


def few(ids: Sequence[str]) -> str:
    """Return the first few ids in quotes, and how many more there are."""
    return _few([repr(name[:80]) for name in dict.fromkeys(ids)])


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _have(ids: Sequence[str]) -> str:
    return "has" if len(set(ids)) == 1 else "have"


def matched(texts: Texts, ids: Sequence[str], partial: bool) -> dict[str, tuple[str, ...]]:
    """Return the references by the ids of the run; a name may stand for the id that it is without its last ending.

    Raises:
        InputError: a name fits two documents, or none (and not `partial`).
    """
    known = set(ids)
    stems: dict[str, list[str]] = {}
    for identity in ids:
        stems.setdefault(identity.rpartition(".")[0] or identity, []).append(identity)
    found: dict[str, tuple[str, ...]] = {}
    strange: list[str] = []
    for name, references in texts.items():
        fits = [name] if name in known else stems.get(name, [])
        if len(fits) > 1:
            raise InputError(f"references: {name!r} fits {few(fits)}; name the whole id, as in {fits[0] + '.en'!r}")
        if not fits:
            strange.append(name)
        for identity in fits:
            found[identity] = references
    if strange and not partial:
        raise InputError(
            f"references: {few(strange)} {'is' if len(strange) == 1 else 'are'} of no document in the run;"
            " correct the ids, or give --partial to leave them out"
        )
    return found
