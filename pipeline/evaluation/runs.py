"""A finished run as a reader sees it: its records as a stream, its tables for pandas and `datasets`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pipeline.codec import from_dict
from pipeline.document import Document
from pipeline.errors import ConfigError, InputError, nearest

if TYPE_CHECKING:
    import datasets
    import pandas as pd

Name = Literal["pairs", "documents", "summaries"]
TABLES = ("pairs", "documents", "summaries")
RECORDS, MANIFEST = "documents.jsonl", "manifest.json"
_FORMAT = "depeche-run"


class Run:
    """The output folder of a finished run.

    Raises:
        InputError: the folder holds no finished run.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.manifest_sha256, self.manifest = _manifest(self.folder)
        languages = self.manifest["languages"]
        self.source, self.target = str(languages["source"]), str(languages["target"])

    @property
    def signature(self) -> str:
        """The signature of the run: models, settings, versions."""
        return str(self.manifest.get("signature", ""))

    def documents(self) -> Iterator[Document]:
        """Yield the records in order, one at a time.

        Raises:
            InputError: a record is not whole, or at the end: the file is not the one that the manifest vouches for.
        """
        digest = hashlib.sha256()
        with _readable(self.folder / RECORDS), (self.folder / RECORDS).open("rb") as stream:
            for number, line in enumerate(stream, 1):
                digest.update(line)
                yield self._record(line, number)
        self._check(RECORDS, digest.hexdigest())

    def bitext(self, language: str) -> list[str]:
        """Return one side of the bitext, a line a translated segment, in the order of the records.

        Raises:
            InputError: it is gone, or not the one that the manifest vouches for.
        """
        name = f"bitext.{language}"
        with _readable(self.folder / name):
            data = (self.folder / name).read_bytes()
        self._check(name, hashlib.sha256(data).hexdigest())
        return data.decode("utf-8").split("\n")[:-1]

    def is_current(self) -> bool:
        """Say whether the folder still holds this very run."""
        try:
            return hashlib.sha256((self.folder / MANIFEST).read_bytes()).hexdigest() == self.manifest_sha256
        except OSError:
            return False

    def to_pandas(self, name: str = "pairs") -> pd.DataFrame:
        """Return a table as a data frame; `meta` of a document is a dictionary, an absent value None.

        Raises:
            ConfigError: no such table, or pandas is not installed.
            InputError: the table cannot be read.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._table(name)
        with _readable(path), _needing("pandas", "pip install pandas"):
            table = pq.read_table(path)
            kept: dict[str, Any] = {field.name: _plain(table[field.name], field.type) for field in table.schema}
            return pa.table(kept).to_pandas() if "meta" not in kept else _with_meta(kept, pa)

    def to_dataset(self, name: str = "pairs") -> datasets.Dataset:
        """Return a table as a `datasets.Dataset`.

        Raises:
            ConfigError: no such table, or `datasets` is not installed.
            InputError: the table is gone.
        """
        path = self._table(name)
        if not path.is_file():
            raise InputError(f"{str(path)!r} of the run is gone; the same `depeche run` makes it again")
        with _needing("datasets", "pip install 'depeche[datasets]'"):
            from datasets import Dataset

            return Dataset.from_parquet(str(path))

    def _table(self, name: str) -> Path:
        if name not in TABLES:
            raise ConfigError(f"no table {name!r}{nearest(name, TABLES)}; tables: {', '.join(TABLES)}")
        return self.folder / f"{name}.parquet"

    def _record(self, line: bytes, number: int) -> Document:
        try:
            return from_dict(json.loads(line))
        except (ValueError, RecursionError, AttributeError, InputError) as error:
            raise InputError(
                f"line {number} of {str(self.folder / RECORDS)!r} is not a whole record of this version;"
                " the file was changed after the run, or the run is of another version"
            ) from error

    def _check(self, name: str, digest: str) -> None:
        facts = self.manifest["files"].get(name)
        if facts is None or facts["sha256"] != digest:
            raise InputError(f"{str(self.folder / name)!r} is not as the run wrote it; the manifest has another hash")


def _manifest(folder: Path) -> tuple[str, Mapping[str, Any]]:
    if not folder.is_dir():
        raise InputError(f"{str(folder)!r} is no folder; name the output folder of a run (--out)")
    try:
        data = (folder / MANIFEST).read_bytes()
        found = json.loads(data)
    except (OSError, ValueError, RecursionError):
        data, found = b"", None
    if not isinstance(found, dict) or found.get("format") != _FORMAT or not {"languages", "files"} <= found.keys():
        raise InputError(f"{str(folder)!r} holds no finished run: it has no {MANIFEST} of ours")
    return hashlib.sha256(data).hexdigest(), found


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror or type(error).__name__}") from error


@contextmanager
def _needing(library: str, command: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise ConfigError(f"this needs {library}, which is not installed: {command}") from error


def _plain(column: Any, kind: Any) -> Any:
    """JSON text becomes values; other columns stay as they are."""
    if str(kind).startswith("extension<arrow.json"):
        return [json.loads(text) for text in column.to_pylist()]
    return column


def _with_meta(kept: dict[str, Any], pa: Any) -> pd.DataFrame:
    metas = kept.pop("meta")
    frame: pd.DataFrame = pa.table(kept).to_pandas()
    frame.insert(2, "meta", metas)
    return frame
