"""The output folder of a run: every document to every file, and all of them shown at once at the end."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from itertools import product
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

import pyarrow as pa

from pipeline.document import Document
from pipeline.errors import ConfigError
from pipeline.writers.atomic import Staging, output_errors
from pipeline.writers.bitext import Bitext
from pipeline.writers.card import card
from pipeline.writers.claim import CARD, INPUTS, LANGUAGE_CODE, MANIFEST, TIMING, is_ours
from pipeline.writers.hold import Hold
from pipeline.writers.jsonl import JsonLines, json_value
from pipeline.writers.manifest import Counts, FileFacts, ManifestData, manifest
from pipeline.writers.parquet import ParquetTable, arrow_fields
from pipeline.writers.storable import storable
from pipeline.writers.tables import SCHEMAS, table_rows


class Output(Protocol):
    """One file of a run. It gives what it has to its stream at `close` at the latest, and does not close it."""

    rows: int

    def write(self, row: Mapping[str, Any]) -> None: ...

    def close(self) -> None: ...


def outputs(source_language: str, target_language: str) -> dict[str, tuple[str, Callable[[BinaryIO], Output]]]:
    """Return, by its name, each file of a run: the table whose rows it takes, and what makes it.

    A new output is one line here, and its name in `claim`.
    """
    files: dict[str, tuple[str, Callable[[BinaryIO], Output]]] = {}
    for table, record in SCHEMAS.items():
        files[f"{table}.jsonl"] = table, JsonLines
        files[f"{table}.parquet"] = table, partial(ParquetTable, schema=pa.schema(arrow_fields(record)))
    files[f"bitext.{source_language}"] = "pairs", partial(Bitext, side="source")
    files[f"bitext.{target_language}"] = "pairs", partial(Bitext, side="target")
    files["failed.jsonl"] = "failed", JsonLines
    files[INPUTS] = "inputs", JsonLines
    return files


class RunFolder:
    """The folder that one run writes; a context manager.

    Enter it before any work, `write` each document, `finish` once. Until `finish` returns the folder shows
    nothing of the run; leaving without it removes all that was written. A `hold` on the folder that the caller has
    already is used, and stays the caller's.

    Raises:
        ConfigError: the languages are no codes, or the same.
        OutputError: on entering, the folder is not free for a run; later, it cannot be written.
    """

    def __init__(
        self,
        path: str | Path,
        source_language: str = "fr",
        target_language: str = "en",
        overwrite: bool = False,
        hold: Hold | None = None,
    ) -> None:
        self.path = Path(path)
        self.counts = Counts()
        self._hold = hold or Hold(self.path, overwrite)
        self._is_own = hold is None
        self._languages = _checked(source_language, target_language)
        self._outputs: dict[str, Output] = {}
        self._takers: defaultdict[str, list[Output]] = defaultdict(list)
        self._staging: Staging | None = None

    def __enter__(self) -> Self:
        if self._is_own:
            self._hold.__enter__()
        try:
            self._staging = Staging(self.path)
            for name, (table, make) in outputs(*self._languages).items():
                self._outputs[name] = make(self._staging.open(name))
                self._takers[table].append(self._outputs[name])
        except BaseException:
            self._discard()
            raise
        return self

    def write(self, document: Document, read: bytes | None = None) -> Document:
        """Write one document to every file; returns it as written, see `storable`.

        `read` is the hash of what it was made from; without it a later run makes it anew.
        """
        document, record = storable(document)
        with output_errors(self.path):
            for table, rows in table_rows(document, record, read).items():
                for row, output in product(rows, self._takers[table]):
                    output.write(row)
        self.counts.add(document)
        return document

    def finish(self, data: ManifestData, timing: Mapping[str, Any] | None = None) -> None:
        """Complete the files and show them, the manifest last.

        `timing` is what differs between two equal runs (start, duration); it has a file of its own.
        """
        staging = self._open_staging()
        files = {name: self._seal(staging, name, output) for name, output in self._outputs.items()}
        text = card(self._languages, self.counts, data, files)
        files[CARD] = self._add(staging, CARD, text)
        if timing is not None:
            self._add(staging, TIMING, _pretty(json_value(timing, set())))
        self._add(staging, MANIFEST, _pretty(manifest(self._languages, self.counts, data, files)))
        self._hold.keep |= not self._is_own  # an end amid this leaves what can be shown again
        staging.publish(MANIFEST, is_ours)
        self._hold.keep = False
        self._staging = None
        self._discard()

    def abandon(self) -> None:
        """Remove what was written."""
        self._discard()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        unfinished = self._staging is not None
        self._discard()
        if unfinished and error is None:
            raise RuntimeError("a run folder was left without `finish`; what was written is removed")

    def _open_staging(self) -> Staging:
        if self._staging is None:
            raise RuntimeError("a run folder is used outside its `with` block or after `finish`")
        return self._staging

    def _seal(self, staging: Staging, name: str, output: Output) -> FileFacts:
        with output_errors(self.path):
            output.close()
            return _facts(staging.seal(name), output.rows)

    def _add(self, staging: Staging, name: str, text: str) -> FileFacts:
        with output_errors(self.path):
            staging.open(name).write(text.encode())
            return _facts(staging.seal(name), None)

    def _discard(self) -> None:
        if self._staging is not None:
            for output in self._outputs.values():
                with suppress(OSError, ValueError):
                    output.close()
            self._staging.discard()
            self._staging = None
        if self._is_own:
            self._hold.__exit__(None, None, None)


def _checked(source: str, target: str) -> tuple[str, str]:
    for code in (source, target):
        if not LANGUAGE_CODE.fullmatch(code):
            raise ConfigError(f"{code!r} is no language code, such as 'fr'; it would name the file bitext.{code!r}")
    if source.lower() == target.lower():
        raise ConfigError(f"source and target language are both {source!r}; the bitext needs two")
    return source, target


def _facts(path: Path, rows: int | None) -> FileFacts:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return FileFacts(digest, path.stat().st_size, rows)


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
