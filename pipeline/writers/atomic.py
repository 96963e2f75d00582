"""Files that appear whole or not at all.

They are written in a hidden folder inside the output folder, so that a rename can show them; the one that is
shown last, the manifest, vouches for the others. A run that is killed leaves the hidden folder behind, and the
next run takes that for what it is.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import OutputError

STAGING = ".depeche-partial"

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)  # what some network file systems say


@contextmanager
def output_errors(folder: Path) -> Iterator[None]:
    """Turn what the operating system says while we write into an `OutputError` of one line."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        remedy = "free some space" if error.errno in _FULL else "check it"
        raise OutputError(f"cannot write to {str(folder)!r}: {reason}; {remedy} or choose another folder") from error


class Staging:
    """The files of one run, hidden until `publish`.

    It holds a lock on the folder for as long as it lives; another run into the same folder is refused.

    Raises (all methods):
        OutputError: the folder cannot be written, or another run is writing to it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._room = folder / STAGING
        self._streams: dict[str, BinaryIO] = {}
        with output_errors(folder):
            self._made = _make(folder)
            self._lock: int | None = _locked(folder)
            try:
                _remove(self._room)
                self._room.mkdir()
            except OSError:
                self._release()
                raise

    def open(self, name: str) -> BinaryIO:
        """Open a new hidden file that `publish` will show as `name`."""
        with output_errors(self.folder):
            self._streams[name] = (self._room / name).open("xb")
        return self._streams[name]

    def seal(self, name: str) -> Path:
        """Bring a file to the disk and close it; returns where it stands for now."""
        with output_errors(self.folder):
            stream = self._streams[name]
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
        return self._room / name

    def publish(self, last: str, stale: Callable[[str], bool]) -> None:
        """Show all sealed files, `last` after the others are on the disk, and end the staging.

        Files of the folder that are `stale` go, the earlier `last` before any other.
        """
        with output_errors(self.folder):
            (self.folder / last).unlink(missing_ok=True)
            self._sync()
            for name in os.listdir(self.folder):  # noqa: PTH208 (names are wanted, not paths)
                if name not in self._streams and stale(name):
                    (self.folder / name).unlink()
            for name in self._streams:
                if name != last:
                    (self._room / name).replace(self.folder / name)
            self._sync()
            (self._room / last).replace(self.folder / last)
            self._sync()
        self._streams.clear()
        self.discard()

    def discard(self) -> None:
        """Remove whatever is still hidden, and the folder too if it was made for this and holds nothing."""
        for stream in self._streams.values():
            with suppress(OSError):
                stream.close()
        with suppress(OSError):
            _remove(self._room)
        if self._made:
            with suppress(OSError):
                self.folder.rmdir()
        self._release()

    def _sync(self) -> None:
        if self._lock is not None:
            os.fsync(self._lock)

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _make(folder: Path) -> bool:
    existed = folder.is_dir()
    folder.mkdir(parents=True, exist_ok=True)
    return not existed


def _locked(folder: Path) -> int:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise OutputError(f"another run is writing to {str(folder)!r}; wait for it or choose another folder") from error
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            os.close(descriptor)
            raise
    return descriptor


def _remove(room: Path) -> None:
    if room.is_symlink() or room.is_file():
        room.unlink()
    elif room.exists():
        shutil.rmtree(room)
