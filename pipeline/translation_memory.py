"""A translation memory: what was translated in earlier runs with the same model and settings, in one SQLite file.

It holds the English of articles, and of the French only a hash. It is a cache: what is in it can always be had again.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TypeVar

from pipeline.errors import ConfigError
from pipeline.memory import Key

_OURS = 0x44455045  # "DEPE", where SQLite keeps the mark of the program that a file belongs to
_VERSION = 1
_PATIENCE = 30.0  # seconds to wait for another process that writes
_AT_ONCE = 500  # keys of one query
_FORGOTTEN = 8  # when the file is full, one part in so many goes, the oldest

T = TypeVar("T")


class TranslationMemory:
    """Answers under one signature. Several threads and processes may use one file at once.

    `signature` names everything that changes a translation. At most `most` bytes are held, the oldest answers of any
    signature forgotten first. A file that is damaged or full is told of once on stderr and left alone for the rest of
    the run: nothing depends on it.
    """

    def __init__(self, path: Path, signature: str, most: int) -> None:
        """Open the file, or make it.

        Raises:
            ConfigError: it cannot be made, or is no translation memory of this program.
        """
        self.path, self._signature, self._most = path, signature.encode(), most
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, _PATIENCE, isolation_level=None, check_same_thread=False)
            self._prepare(self._connection)
        except (OSError, sqlite3.Error) as error:
            self.close()
            raise ConfigError(
                f"cannot use {path} as translation memory ({error}); name another file, or remove it to start anew"
            ) from error

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")  # two processes may make the file at once
        mark, version = (connection.execute(f"PRAGMA {n}").fetchone()[0] for n in ("application_id", "user_version"))
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if mark != _OURS and (mark or tables):
            raise sqlite3.DatabaseError("it belongs to another program")
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError(f"another version of this program made it, in format {version}")
        connection.execute("CREATE TABLE IF NOT EXISTS answers (key BLOB NOT NULL UNIQUE, answer TEXT NOT NULL)")
        connection.execute(f"PRAGMA application_id = {_OURS}")
        connection.execute(f"PRAGMA user_version = {_VERSION}")
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")  # readers do not wait for a writer
        connection.execute("PRAGMA synchronous = NORMAL")  # the last answers may be lost with the power, not the file

    def recall(self, keys: Sequence[Key]) -> dict[Key, str]:
        """Return the answers that are there."""
        names = {self._name(key): key for key in keys}
        found: dict[Key, str] = {}

        def look(connection: sqlite3.Connection) -> None:
            for some in _parts(list(names), _AT_ONCE):
                marks = ",".join("?" * len(some))
                for name, answer in connection.execute(f"SELECT key, answer FROM answers WHERE key IN ({marks})", some):
                    found[names[name]] = answer

        self._do(look)
        return found

    def keep(self, answers: Mapping[Key, str]) -> None:
        """Write answers; those that another process has written meanwhile stay."""
        rows = [(self._name(key), answer) for key, answer in answers.items()]

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT OR IGNORE INTO answers (key, answer) VALUES (?, ?)", rows)
            if self._used(connection) > self._most:
                connection.execute(
                    "DELETE FROM answers WHERE rowid IN (SELECT rowid FROM answers ORDER BY rowid LIMIT "
                    "(SELECT count(*) / ? + ? FROM answers))",
                    (_FORGOTTEN, len(rows)),
                )
            connection.execute("COMMIT")

        self._do(write)

    def _used(self, connection: sqlite3.Connection) -> int:
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def _name(self, key: Key) -> bytes:
        digest = hashlib.blake2b(self._signature, digest_size=16)
        for part in key:
            digest.update(b"\0" + part.encode("utf-8", "surrogatepass"))
        return digest.digest()

    def _do(self, action: Callable[[sqlite3.Connection], None]) -> None:
        with self._lock:
            if self._connection is None:
                return
            try:
                action(self._connection)
            except sqlite3.Error as error:
                print(f"the translation memory {self.path} is no longer used in this run: {error}", file=sys.stderr)
                self._close()

    def close(self) -> None:
        """Give the file back; later calls find nothing and keep nothing."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _parts(items: Sequence[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
