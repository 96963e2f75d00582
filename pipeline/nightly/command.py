"""What `depeche digest` was asked for, in words, becomes a digest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.nightly.from_runs import Begin, digest_runs, midnight
from pipeline.nightly.night import Asked, digest_night
from pipeline.stopping import Stop

_BACK = re.compile(r"(\d{1,4})([hd])")


def digest(
    runs: Sequence[Path],
    config: Config,
    out: Path | None,
    day: str | None,
    since: str | None,
    window: str | None,
    quiet: bool,
    stop: Stop,
) -> tuple[int, Iterable[str]]:
    """Make the digest of finished runs, or that of the night; returns the exit code and lines for people.

    Raises:
        StartError: it could not be begun, or not go on.
    """
    now = datetime.now(UTC)
    zone = ZoneInfo(config.digest.timezone)
    named = _day(day, now.astimezone(zone).date())
    begin = _start(since, window, zone)
    if runs:
        if out is None:
            raise ConfigError("a digest of runs needs a folder to go to; give --out FOLDER")
        return 0, [digest_runs(runs, out, config, named, begin)]
    if out is not None:
        raise ConfigError("--out is for a digest of finished runs; the night's folder is set in [digest] folder")
    told = digest_night(config, now, _asked(named, begin, now, zone), quiet, stop)
    return max(one.exit_code for one in told), [one.line for one in told]


def _asked(named: date | None, begin: Begin, now: datetime, zone: ZoneInfo) -> Asked:
    """The window of a night, by when articles came in; of a day, where one is named: from midnight to midnight."""
    if named is None:
        return Asked(begin(now))
    morning, end = midnight(named, zone), midnight(named + timedelta(days=1), zone)
    return Asked(begin(min(end, now)) or morning, end)


def _day(given: str | None, today: date) -> date | None:
    try:
        found = None if given is None else date.fromisoformat(given)
    except ValueError:
        raise ConfigError(f"--date {given!r} is no day; write it as in 2026-11-22") from None
    if found is not None and not date.min < found <= today:
        raise ConfigError(f"--date {given} has no news yet; it is {today}")
    return found


def _start(since: str | None, window: str | None, zone: ZoneInfo) -> Begin:
    """Return what says from when on a digest is, once its end is known."""
    if since is not None and window is not None:
        raise ConfigError("--since and --window both say where the digest begins; give one of them")
    if window is not None:
        back = _length(window)
        return lambda end: end - back
    if since is None:
        return lambda end: None
    moment = _moment(since, zone)

    def begin(end: datetime) -> datetime:
        if moment >= end:
            raise ConfigError(f"--since {since} is behind the end of the digest, {end.astimezone(zone):%Y-%m-%dT%H:%M}")
        return moment

    return begin


def _length(window: str) -> timedelta:
    found = _BACK.fullmatch(window)
    if found is None or not int(found[1]):
        raise ConfigError(f"--window {window!r} is no length of time; write it as in 24h or 7d")
    return timedelta(hours=int(found[1]) * (24 if found[2] == "d" else 1))


def _moment(since: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        raise ConfigError(f"--since {since!r} is no moment; write it as in 2026-11-21T05:30") from None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)
