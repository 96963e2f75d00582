"""What `depeche digest` was asked for, in words, becomes a digest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.nightly.from_runs import digest_runs
from pipeline.nightly.night import Asked, digest_night
from pipeline.stopping import Stop

_BACK = re.compile(r"(\d{1,5})([hd])")


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
    named, start = _day(day), _start(since, window, now, zone)
    if runs:
        if out is None:
            raise ConfigError("a digest of runs needs a folder to go to; give --out FOLDER")
        return 0, [digest_runs(runs, out, config, named, start)]
    if out is not None:
        raise ConfigError("--out is for a digest of finished runs; the night's folder is set in [digest] folder")
    told = digest_night(config, now, Asked(start, None if named is None else named.isoformat()), quiet, stop)
    return max(one.exit_code for one in told), [one.line for one in told]


def _day(given: str | None) -> date | None:
    try:
        return None if given is None else date.fromisoformat(given)
    except ValueError:
        raise ConfigError(f"--date {given!r} is no day; write it as in 2026-11-22") from None


def _start(since: str | None, window: str | None, now: datetime, zone: ZoneInfo) -> datetime | None:
    if since is not None and window is not None:
        raise ConfigError("--since and --window both say where the digest begins; give one of them")
    if window is not None:
        found = _BACK.fullmatch(window)
        if found is None:
            raise ConfigError(f"--window {window!r} is no length of time; write it as in 24h or 7d")
        return now - timedelta(hours=int(found[1]) * (24 if found[2] == "d" else 1))
    if since is None:
        return None
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        raise ConfigError(f"--since {since!r} is no moment; write it as in 2026-11-21T05:30") from None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)
