"""Where each finished document of a plan stands on the disk, and the way to it."""

from __future__ import annotations

import json
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from pipeline.codec import from_dict
from pipeline.document import Document
from pipeline.errors import InputError, OutputError

_OPEN = 8  # files open at a time; documents come mostly in the order in which they were written


class Done:
    """The finished documents by their place in the plan; memory is 16 bytes a document, whatever their length."""

    def __init__(self, count: int) -> None:
        self.count = 0
        self._paths: list[Path] = []
        self._file = array("q", [-1]) * count
        self._offset = array("q", [0]) * count
        self._streams: OrderedDict[Path, BinaryIO] = OrderedDict()

    def __contains__(self, place: int) -> bool:
        return self._file[place] >= 0

    def add(self, path: Path, places: Iterable[tuple[int, int]]) -> None:
        """Note that a file holds documents: their places in the plan and the byte where each begins."""
        number = len(self._paths)
        self._paths.append(path)
        for place, offset in places:
            self.count += place not in self
            self._file[place], self._offset[place] = number, offset

    def read(self, place: int, is_it: Callable[[str], bool]) -> Document:
        """Return a finished document; `is_it` says of an id whether it is that of the place.

        Raises:
            OutputError: the file is no longer what it was.
        """
        path = self._paths[self._file[place]]
        try:
            stream = self._stream(path)
            stream.seek(self._offset[place])
            document = from_dict(json.loads(stream.readline()))
        except (OSError, ValueError, InputError, RecursionError) as error:
            raise OutputError(_changed(path)) from error
        if not is_it(document.id):
            raise OutputError(_changed(path))
        return document

    def close(self) -> None:
        """Close the files."""
        for stream in self._streams.values():
            stream.close()
        self._streams.clear()

    def _stream(self, path: Path) -> BinaryIO:
        if path not in self._streams:
            if len(self._streams) == _OPEN:
                self._streams.popitem(last=False)[1].close()
            self._streams[path] = path.open("rb")
        self._streams.move_to_end(path)
        return self._streams[path]


def _changed(path: Path) -> str:
    return f"{str(path)!r} was changed or removed while the run was going on; run the same command again"
