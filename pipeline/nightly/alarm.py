"""A night that can make no digest, for the disk is full or the state is damaged, says so by mail all the same."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from pipeline import delivery, digest
from pipeline.config import Config
from pipeline.errors import DepecheError, HeldError, OutputError
from pipeline.nightly.room import Room
from pipeline.nightly.status import status
from pipeline.nightly.work import settings

_log = logging.getLogger(__name__)


@contextmanager
def alarmed(room: Room, config: Config, now: datetime) -> Iterator[None]:
    """Mail why a night ended without a digest, and note it in `status.json`; the error goes on.

    Another digest that holds the folder is no reason: that one tells how it ends.
    """
    try:
        yield
    except HeldError:
        raise
    except Exception as error:
        if isinstance(error, DepecheError):
            with suppress(OutputError):
                room.say(status((), (), now, datetime.now(UTC), error))
        _mail(error, config, now)
        raise


def _mail(error: Exception, config: Config, now: datetime) -> None:
    if config.mail.host is None:
        return
    found = digest.build([], digest.Window(None, now), settings(config), [_reason(error)])
    try:
        delivery.send(digest.files(found)["digest.eml"], config.mail)
    except DepecheError as failure:
        _log.warning("%s", failure)


def _reason(error: Exception) -> str:
    said = str(error) if isinstance(error, DepecheError) else f"a defect of the program ({type(error).__name__})"
    return f"there is no digest: {said}; no article is lost, the next call goes on from here"
