"""Runs the real command in this process, once for each list of arguments, with a model that answers at once.

    python -m scripts.fuzz.child COMMANDS.json RESULTS.json

A process of its own, so that what kills it is seen, and so that its memory is its own. What the commands write to the
two streams is kept byte by byte, whoever writes it: Python, a library in C, or the interpreter as it ends.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.fuzz import depeche


def main() -> None:
    """Run all commands of a file and write what came of each to another."""
    commands, results = map(Path, sys.argv[1:])
    found = []
    for words in json.loads(commands.read_text(encoding="utf-8")):
        found.append(_run(words))
        results.write_text(json.dumps(found), encoding="utf-8")  # what was done stands, whatever comes


def _run(words: list[str]) -> dict[str, Any]:
    sys.argv = ["depeche", *(os.fsdecode(os.fsencode(word)) for word in words)]
    start = time.process_time()
    code: Any = 0
    crash = ""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with _streams(out.fileno(), err.fileno()):
            try:
                depeche.main()
            except SystemExit as end:
                code = end.code
            except BaseException:
                crash = traceback.format_exc()
        texts = [_content(stream.fileno()) for stream in (out, err)]
    seconds = round(time.process_time() - start, 2)
    return {
        "code": code or 0,
        "out": texts[0],
        "err": texts[1],
        "crash": crash,
        "seconds": seconds,
        "memory_mb": _peak_mb(),
    }


def _peak_mb() -> int:
    """The most memory that this process had; `getrusage` would count what its parent had when it began."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


@contextmanager
def _streams(out: int, err: int) -> Iterator[None]:
    kept = [os.dup(1), os.dup(2)]
    os.dup2(out, 1)
    os.dup2(err, 2)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for number, descriptor in enumerate(kept, 1):
            os.dup2(descriptor, number)
            os.close(descriptor)


def _content(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(os.dup(descriptor), "rb") as stream:
        return stream.read().decode("utf-8", "backslashreplace")


if __name__ == "__main__":
    main()
