"""A night from its beginning: the lock, what was cut off before, what comes in now, and the digest of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import delivery, digest
from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.intake import Intake, SourceReport, State, Window, take
from pipeline.nightly.alarm import alarmed
from pipeline.nightly.room import Night, Room
from pipeline.nightly.sources import sources, web
from pipeline.nightly.status import Told, status
from pipeline.nightly.work import NightWork
from pipeline.stopping import Stop


@dataclass(frozen=True, slots=True)
class Asked:
    """The window that a caller asks for: all that was not delivered yet, or of that what came in after `since` and
    until `end` (None: now)."""

    since: datetime | None = None
    end: datetime | None = None


def digest_night(config: Config, now: datetime, asked: Asked, quiet: bool, stop: Stop) -> list[Told]:
    """Bring what was cut off to its end, then take in what is new, and make and deliver its digest.

    `now` has a zone. Returns what became of each night, the last one last. Where there can be no digest, a mail says
    why, if mail is set, and the error is raised.

    Raises:
        ConfigError: nothing comes in, or a feed's address or the settings of the mail cannot be meant.
        HeldError: another digest is at work in the folder.
        OutputError: the folder cannot be written; nothing is lost, the next call goes on.
        StateError: the state cannot be read or written; the same holds.
    """
    if config.mail.host is not None or config.mail.to:
        delivery.check(config.mail)
    room = Room(Path(config.digest.folder))
    if not (wanted := sources(config)):
        raise ConfigError("nothing comes in; set [intake] folders or feeds")
    told: list[Told] = []
    with alarmed(room, config, now), room.locked(), State(room.state) as state:
        work = NightWork(room, state, config, quiet, stop)
        while (open_night := room.open_night()) is not None and not _stuck(told):
            told.append(work.do(open_night, now))
        reports: tuple[SourceReport, ...] = ()
        if not _stuck(told):
            taken = take(wanted, state, now, web(config))
            reports = taken.reports
            told.append(work.do(_begun(room, state, config, now, asked, taken), now))
        room.say(status(told, reports, now, datetime.now(UTC)))
        if not _stuck(told):
            _forget(room, state, config, now)
    return told


def _stuck(told: Sequence[Told]) -> bool:
    """Whether a night is still open: nothing new is begun, and the next call goes on with it."""
    return bool(told) and told[-1].state in ("stopped", "undelivered")


def _begun(room: Room, state: State, config: Config, now: datetime, asked: Asked, taken: Intake) -> Night:
    """Fix what the night is: its articles and its window. Those that waited longest come first."""
    end = min(now, asked.end or now)
    pending = sorted(state.pending(Window(end, asked.since)), key=lambda one: one.seen)
    most = config.digest.most_articles
    start = asked.since or state.last_delivered()
    day = digest.Window(start, end).day(config.digest.timezone).isoformat()
    troubles = [_trouble(report) for report in taken.faults]
    if len(pending) > most:
        troubles.append(f"{len(pending) - most:,} of {len(pending):,} articles wait for the next night (most_articles)")
    night = Night(room.free_name(day), start, end, tuple(one.key for one in pending[:most]), tuple(troubles))
    room.begin(night)
    return night


def _trouble(report: SourceReport) -> str:
    since = report.failing_since
    days = f" (since {since.date().isoformat()})" if since is not None else ""
    return f"{report.name}: {report.status}{days}: {report.error}"


def _forget(room: Room, state: State, config: Config, now: datetime) -> None:
    days = config.digest.keep_days
    room.forget(now, days)
    if days:
        state.forget_texts(now - timedelta(days=days))
