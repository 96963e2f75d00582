"""A folder that one run has for itself."""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.errors import OutputError
from pipeline.writers.atomic import STAGING, output_errors, remove
from pipeline.writers.claim import check_claim

_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)  # what some network file systems say
WORK = "run.json"  # says what the work in the room is; without it there is none
_OWNER = "pid"  # who holds the folder; the lock is the truth, this is for people


class Hold:
    """The lock on an output folder and the hidden room in it, for as long as the `with` block lasts.

    What is in the room from an earlier run is left as it is. At the end the room is removed, and the folder too if
    it was made for this and holds nothing, unless `keep` says that there is work in the room that must not be lost,
    as it does from the start where an earlier run left some.

    Raises:
        OutputError: on entering, the folder is not free for a run (see `check_claim`), cannot be written, or another
            run is writing to it; the message has its process id.
    """

    def __init__(self, folder: str | Path, overwrite: bool = False) -> None:
        self.folder = Path(folder)
        self.room = self.folder / STAGING
        self.keep = False
        self._overwrite = overwrite
        self._lock: int | None = None
        self._made = False

    def __enter__(self) -> Self:
        check_claim(self.folder, self._overwrite)
        with output_errors(self.folder):
            self._made = _make(self.folder)
            self._lock = _locked(self.folder, self.room / _OWNER)
        try:
            check_claim(self.folder, self._overwrite)  # again, now that no other run can come between
            self._open_room()
        except BaseException:
            self._release()
            raise
        return self

    def _open_room(self) -> None:
        with output_errors(self.folder):
            if self.room.is_symlink() or not self.room.is_dir():
                remove(self.room)
                self.room.mkdir()
            self.keep = (self.room / WORK).is_file()
            try:
                (self.room / _OWNER).write_text(f"{os.getpid()}\n", encoding="ascii")
            except OSError:
                with suppress(OSError):
                    self.room.rmdir()  # it stays if it holds anything but this
                raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            with suppress(OSError):
                remove(self.room / _OWNER if self.keep else self.room)
        self._release()

    def _release(self) -> None:
        if self._made:
            with suppress(OSError):
                self.folder.rmdir()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _make(folder: Path) -> bool:
    existed = folder.is_dir()
    folder.mkdir(parents=True, exist_ok=True)
    return not existed


def _locked(folder: Path, owner: Path) -> int:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise OutputError(
            f"another run{_process(owner)} is writing to {str(folder)!r}; wait for it or choose another folder"
        ) from error
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            os.close(descriptor)
            raise
    return descriptor


def _process(owner: Path) -> str:
    try:
        number = int(owner.read_bytes()[:20])
    except (OSError, ValueError):  # it has the lock and has not yet said who it is
        return ""
    return f" (process {number})"
