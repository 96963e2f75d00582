"""A folder that one process has for itself: the lock is the kernel's, so that no process leaves one behind."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import HeldError

_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)  # what some network file systems say


def locked(folder: Path, owner: Path, refused: Callable[[str], str]) -> int:
    """Lock a folder, and return the descriptor that holds the lock until it is closed.

    `owner` is the file in which its holder writes its process id; `refused` makes the message of the error, of
    " (process 123)" or nothing. Where the file system knows no locks there is none.

    Raises:
        HeldError: another process has the lock.
        OSError: the folder cannot be opened.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise HeldError(refused(_process(owner))) from error
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
