"""Files that appear whole or not at all.

They are written in a hidden room inside the output folder, so that a rename can show them; the one that is shown
last, the manifest, vouches for the others. A run that is killed leaves the room behind, and the next run takes what
is whole in it.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import OutputError

STAGING = ".depeche-partial"
ATTEMPT = ".part"  # the end of the name of a file that is being written

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def output_errors(folder: Path) -> Iterator[None]:
    """Turn what the operating system says while we write into an `OutputError` of one line."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        remedy = "free some space" if error.errno in _FULL else "check it"
        raise OutputError(f"cannot write to {str(folder)!r}: {reason}; {remedy} or choose another folder") from error


def attempt(path: Path) -> Path:
    """Return where a file that will be `path` is written: its name says by which process."""
    return path.with_name(f"{path.name}.{os.getpid()}{ATTEMPT}")


def settle(stream: BinaryIO, path: Path) -> None:
    """Bring the attempt at `path` to the disk, close it, and give it its name there.

    Raises:
        OSError: one of the steps failed; the attempt is left for the next start to remove.
    """
    bring_to_disk(stream)
    attempt(path).replace(path)
    sync_folder(path.parent)


def write_whole(path: Path, data: bytes) -> None:
    """Write a small file that is there whole, on the disk, or not at all.

    Raises:
        OSError: it cannot be written.
    """
    with attempt(path).open("wb") as stream:
        stream.write(data)
        settle(stream, path)


def bring_to_disk(stream: BinaryIO) -> None:
    """Write out what a stream holds back, wait until the disk has it, and close it."""
    stream.flush()
    os.fsync(stream.fileno())
    stream.close()


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder, if it is there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


class Staging:
    """The final files of one run, hidden in the room until `publish`.

    Raises (all methods):
        OutputError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._room = folder / STAGING / "files"
        self._streams: dict[str, BinaryIO] = {}
        with output_errors(folder):
            remove(self._room)
            self._room.mkdir()

    def open(self, name: str) -> BinaryIO:
        """Open a new hidden file that `publish` will show as `name`."""
        with output_errors(self.folder):
            self._streams[name] = (self._room / name).open("xb")
        return self._streams[name]

    def seal(self, name: str) -> Path:
        """Bring a file to the disk and close it; returns where it stands for now."""
        with output_errors(self.folder):
            bring_to_disk(self._streams[name])
        return self._room / name

    def publish(self, last: str, stale: Callable[[str], bool]) -> None:
        """Show all sealed files, `last` after the others are on the disk, and end the staging.

        Files of the folder that are `stale` go, the earlier `last` before any other.
        """
        with output_errors(self.folder):
            (self.folder / last).unlink(missing_ok=True)
            sync_folder(self.folder)
            for name in os.listdir(self.folder):  # noqa: PTH208 (names are wanted, not paths)
                if name not in self._streams and stale(name):
                    (self.folder / name).unlink()
            for name in self._streams:
                if name != last:
                    (self._room / name).replace(self.folder / name)
            sync_folder(self.folder)
            (self._room / last).replace(self.folder / last)
            sync_folder(self.folder)
        self._streams.clear()

    def discard(self) -> None:
        """Close and remove whatever is still hidden."""
        for stream in self._streams.values():
            with suppress(OSError):
                stream.close()
        with suppress(OSError):
            remove(self._room)
