"""A folder that one run has for itself."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.writers.atomic import STAGING, output_errors, remove
from pipeline.writers.claim import check_claim
from pipeline.writers.lock import locked

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
            self._lock = locked(self.folder, self.room / _OWNER, self._refused)
        try:
            check_claim(self.folder, self._overwrite)  # again, now that no other run can come between
            self._open_room()
        except BaseException:
            self._release()
            raise
        return self

    def _refused(self, process: str) -> str:
        name = repr(str(self.folder))
        return f"another run{process} is writing to {name}; wait for it or choose another folder"

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
