"""Which files an input means: paths, folders and patterns to a list, checked before any work."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path

from pipeline.errors import DocumentError, InputError, OutputError, nearest

_ABOUT = frozenset({"readme", "license", "licence"})  # files that speak of their folder
NOT_REGULAR = "not a regular file, or a link to nothing"
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # turn a line round


@dataclass(frozen=True, slots=True)
class File:
    """A file to read. `name` is what ids are made of: its path below the folder that was given."""

    path: Path
    name: str
    is_stdin: bool = False

    @property
    def suffix(self) -> str:
        """The kind of the file; empty for standard input, which is plain text."""
        return self.path.suffix.lower()

    @property
    def place(self) -> str:
        """The path as it may be printed: one line, whatever its name holds."""
        return "standard input" if self.is_stdin else printable(str(self.path))

    @property
    def is_irregular(self) -> bool:
        """Say whether a pipe, a device or a link to nothing has the name; to open a pipe would wait for ever."""
        return not self.is_stdin and os.path.lexists(self.path) and not self.path.is_file()

    def load(self, limit: int) -> bytes:
        """Return the content of a file that is one document.

        Raises:
            DocumentError: it is longer than `limit` bytes.
            OSError: it cannot be read.
        """
        if self.is_stdin:
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with self.path.open("rb") as stream:
                data = stream.read(limit + 1)
        if len(data) > limit:
            raise DocumentError(too_long(limit))
        return data


@dataclass(frozen=True, slots=True)
class Listing:
    """The files to read, in order, and what folders and patterns hold beside: other kinds, and README files."""

    files: tuple[File, ...]
    left_out: tuple[Path, ...] = ()

    @property
    def note(self) -> str | None:
        """One line on what was left out, for people; None when nothing was."""
        if not self.left_out:
            return None
        kinds = Counter(
            path.name if path.stem.lower() in _ABOUT else path.suffix.lower() or "without extension"
            for path in self.left_out
        )
        counts = ", ".join(f"{count} {printable(kind)}" for kind, count in sorted(kinds.items()))
        return f"files left out: {counts}"


def too_long(limit: int) -> str:
    """Say that a document is over the limit, and what to do."""
    return f"longer than {limit:,} bytes, the most that one document may have; split it, or set run.max_document_bytes"


def printable(name: str) -> str:
    """Return a name in NFC as text of one line: controls, line breaks, bidi marks and stray bytes as escapes."""
    text = unicodedata.normalize("NFC", name)
    return "".join(_escaped(c) if unicodedata.category(c) in _UNPRINTABLE or c in _BIDI else c for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def collect(inputs: Sequence[str | Path], known: Collection[str], exclude: Collection[Path] = ()) -> Listing:
    """Return the files that the inputs mean: in the order given, folders and patterns sorted, each file once.

    Hidden files, folders in `exclude` and the output folders of earlier runs are not looked into. A file that is named
    must be readable; one of a folder or pattern that is not becomes a failed document when its turn comes.

    Raises:
        InputError: nothing given or found, a path that does not exist or cannot be read, a named file of
            unknown kind.
    """
    found: dict[Path, File] = {}
    left_out: dict[Path, None] = {}
    try:
        skip = frozenset(path.resolve() for path in exclude)
    except (OSError, RuntimeError) as error:  # a link that leads to itself
        raise OutputError("the output folder is a link that leads nowhere; name another") from error
    for item in inputs:
        try:
            for file in _expand(str(item), known, skip):
                if isinstance(file, Path):
                    left_out.setdefault(file)
                else:
                    # Path.resolve raises an error at a link that leads to itself
                    found.setdefault(file.path if file.is_stdin else Path(os.path.realpath(file.path)), file)
        except OSError as error:
            where = printable(str(error.filename or item))
            raise InputError(f"{where} cannot be read: {error.strerror or type(error).__name__}") from error
    if not found:
        raise InputError(f"no input: name a file, a folder, a pattern or '-'; known kinds: {_words(known)}")
    return Listing(_named(found), tuple(left_out))


def _expand(item: str, known: Collection[str], skip: Collection[Path]) -> Iterator[File | Path]:
    """Yield the files that an input means; as bare paths those that are left out."""
    path = Path(item)
    if not item:
        raise InputError("an input is empty; '.' is the current folder")
    if item == "-":
        yield _stdin()
    elif path.is_dir():
        yield from _folder(path, known, skip)
    elif os.path.lexists(path):
        yield _named_file(path, known)
    elif has_magic(item):
        yield from _matches(item, known, skip)
    else:
        raise InputError(f"{printable(item)} does not exist{_sibling(path)}")


def _stdin() -> File:
    if getattr(sys.stdin, "buffer", None) is None:
        raise InputError("standard input is not open")
    return File(Path("-"), "stdin", is_stdin=True)


def _named_file(path: Path, known: Collection[str]) -> File:
    if not path.is_file():
        raise InputError(f"{printable(str(path))} is {NOT_REGULAR}; to read a stream give '-'")
    if path.suffix.lower() not in known:
        kind = f"unknown extension {printable(path.suffix)!r}" if path.suffix else "no extension"
        raise InputError(f"{printable(str(path))} has {kind}; known: {_words(known)}; '-' is standard input")
    return _readable(File(path, printable(path.name)))


def _matches(pattern: str, known: Collection[str], skip: Collection[Path]) -> Iterator[File | Path]:
    matches = sorted(Path(match) for match in glob(pattern, recursive=True))  # noqa: PTH207 (Path.glob refuses absolute ones)
    if not matches:
        raise InputError(f"no file matches {printable(pattern)}")
    for path in matches:
        if path.is_dir():
            yield from _walk(path, known, skip)
        else:
            yield _file_or_path(path, path.parent, known)


def _folder(folder: Path, known: Collection[str], skip: Collection[Path]) -> Iterator[File | Path]:
    if _is_output(folder):
        raise InputError(f"{printable(str(folder))} is the output of an earlier run; give the folder of the articles")
    files = list(_walk(folder, known, skip))
    if not any(isinstance(file, File) for file in files):
        other = f" (only {len(files)} of other kinds)" if files else ""
        raise InputError(f"{printable(str(folder))} holds no file that can be read{other}; known: {_words(known)}")
    yield from files


def _walk(folder: Path, known: Collection[str], skip: Collection[Path]) -> Iterator[File | Path]:
    for path in sorted(_paths(folder, skip), key=lambda path: path.parts):
        yield _file_or_path(path, folder, known)


def _file_or_path(path: Path, top: Path, known: Collection[str]) -> File | Path:
    if path.suffix.lower() not in known or path.stem.lower() in _ABOUT:
        return path
    return File(path, printable(path.relative_to(top).as_posix()))


def _paths(folder: Path, skip: Collection[Path]) -> Iterator[Path]:
    visited: set[Path] = set()  # links may lead in circles
    for here, folders, names in os.walk(folder, onerror=_raise, followlinks=True):
        place = Path(here).resolve()
        if place in visited or place in skip or _is_output(place):
            folders.clear()
            continue
        visited.add(place)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(here) / name for name in names if not name.startswith("."))


def _raise(error: OSError) -> None:
    raise error


def _readable(file: File) -> File:
    """Check that a file can be read by reading of it: permission bits do not tell."""
    with file.path.open("rb") as stream:
        stream.read(1)
    return file


def _is_output(folder: Path) -> bool:
    """Tell whether a folder was written by Dépêche: its manifest says so."""
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(manifest, dict) and manifest.get("format") == "depeche-run"


def _named(found: dict[Path, File]) -> tuple[File, ...]:
    """Where two files have one name, all are named by their paths below the folder that holds them all."""
    files = tuple(found.values())
    if len({file.name for file in files}) == len(files):
        return files
    top = os.path.commonpath([path.parent for path, file in found.items() if not file.is_stdin])
    return tuple(
        file if file.is_stdin else replace(file, name=printable(path.relative_to(top).as_posix()))
        for path, file in found.items()
    )


def _sibling(path: Path) -> str:
    try:
        return nearest(path.name, (printable(entry.name) for entry in path.parent.iterdir()))
    except OSError:
        return ""


def _words(known: Collection[str]) -> str:
    return ", ".join(known)
