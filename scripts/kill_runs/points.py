"""The points at which a process touches the disk: it counts them, and can end itself with SIGKILL at one of them."""

from __future__ import annotations

import builtins
import io
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

_CALLS = ("replace", "rename", "link", "unlink", "remove", "mkdir", "rmdir", "fsync")


class Points:
    """Counts every write, rename, sync and removal below `folder`, once installed; at number `at` the process dies.

    It dies before the call; a write is torn: half of it is on the disk. `reached` is told the number of each point.
    """

    def __init__(self, folder: Path, at: int | None, reached: Callable[[int], None]) -> None:
        self.count = 0
        self._folder, self._at, self._reached = str(folder.resolve()), at, reached

    def install(self) -> None:
        """Put the counting in the place of the calls; for this process and for good."""
        for name in _CALLS:
            setattr(os, name, self._counted(getattr(os, name)))
        io.open = builtins.open = self._opening(io.open)

    def reach(self, torn: Callable[[], object] = lambda: None) -> None:
        """Count a point, and die if it is the one."""
        self.count += 1
        self._reached(self.count)
        if self.count == self._at:
            torn()
            os.kill(os.getpid(), signal.SIGKILL)

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(path: Any, *rest: Any, **named: Any) -> Any:
            if self._is_inside(path, named.get("dir_fd")):
                self.reach()
            return call(path, *rest, **named)

        return counted

    def _is_inside(self, path: Any, folder: int | None = None) -> bool:
        if isinstance(path, int):
            place = _opened(path)
        else:
            place = os.fspath(path) if folder is None else f"{_opened(folder)}/{os.fspath(path)}"
        return os.path.abspath(place).startswith(self._folder)  # noqa: PTH100 (no Path while paths are watched)

    def _opening(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def opening(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            if not set(mode) & set("wxa+") or isinstance(file, int) or not self._is_inside(file):
                return call(file, mode, *rest, **named)
            self.reach()
            if "b" not in mode:
                return call(file, mode, *rest, **named)
            return _Torn(io.FileIO(file, mode.replace("b", "")), self)

        return opening


def _opened(descriptor: int) -> str:
    return os.readlink(f"/proc/self/fd/{descriptor}")  # noqa: PTH115


class _Torn(io.BufferedWriter):
    """A file whose writes are points."""

    def __init__(self, raw: io.FileIO, points: Points) -> None:
        super().__init__(raw)
        self._points = points

    def write(self, data: Any) -> int:
        """Write, unless the process is to die here: then half of it."""
        self._points.reach(lambda: self._half(bytes(data)))
        return super().write(data)

    def _half(self, data: bytes) -> None:
        super().write(data[: len(data) // 2])
        self.flush()
