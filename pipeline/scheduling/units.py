"""The text of a timer, of its service, and of a crontab line; see systemd.timer(5), systemd.service(5), crontab(5)."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ConfigError

NAME = "depeche-digest"
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When and what: a time of day "05:30" in local time, and the command with absolute paths, run in `folder`.

    Raises:
        ConfigError: no such time of day, or a path with a control character.
    """

    at: str
    command: tuple[str, ...]
    folder: Path

    def __post_init__(self) -> None:
        if not _TIME.fullmatch(self.at):
            raise ConfigError(f"no such time of day: {self.at!r}; give hours and minutes, as in 05:30")
        if any(_UNSAFE.search(part) for part in (*self.command, str(self.folder))):
            raise ConfigError("a path has a control character in it; no scheduler can take it")


def units(schedule: Schedule) -> dict[str, str]:
    """Return the files of a systemd user timer by their names."""
    return {f"{NAME}.service": _service(schedule), f"{NAME}.timer": _timer(schedule)}


def _service(schedule: Schedule) -> str:
    command = " ".join(_quoted(part) for part in schedule.command)
    return f"""[Unit]
Description=Nightly digest of the foreign press
Documentation=man:systemd.service(5)

[Service]
Type=oneshot
WorkingDirectory={_path(schedule.folder)}
ExecStart={command}
# 1: some documents failed, and the digest says which
SuccessExitStatus=1
Nice=10
EnvironmentFile=-%h/.config/depeche/environment
UMask=0077
"""


def _timer(schedule: Schedule) -> str:
    return f"""[Unit]
Description=Nightly digest of the foreign press at {schedule.at}

[Timer]
OnCalendar=*-*-* {schedule.at}:00
# a night that was missed, the machine being off, is caught up
Persistent=true

[Install]
WantedBy=timers.target
"""


def crontab_line(schedule: Schedule) -> str:
    """Return the line for a crontab; what the command says goes to the log that cron mails."""
    hours, minutes = schedule.at.split(":")
    command = f"cd {shlex.quote(str(schedule.folder))} && {shlex.join(schedule.command)}"
    return f"{int(minutes)} {int(hours)} * * * {command.replace('%', chr(92) + '%')}  # {NAME}"


def _quoted(part: str) -> str:
    """A word of a command as systemd reads it: specifiers and variables stay text."""
    escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _path(folder: Path) -> str:
    return str(folder).replace("%", "%%")
