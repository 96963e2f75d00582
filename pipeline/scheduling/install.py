"""Install, show and remove the timer of this user."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import OutputError
from pipeline.scheduling.units import NAME, Schedule, units
from pipeline.writers.atomic import output_errors, write_whole

_SECONDS = 30


def unit_folder() -> Path:
    """Return where systemd looks for the units of this user."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "systemd" / "user"


def command(config: str) -> tuple[str, ...]:
    """Return the command that makes the digest of a configuration: a file, by its absolute path, or a known name."""
    path = Path(config)
    named = str(path.resolve()) if path.is_file() else config
    return sys.executable, "-m", "pipeline", "digest", "--quiet", "--config", named


def install(schedule: Schedule) -> Iterator[str]:
    """Write the units and start the timer; yields what was done, in words.

    Raises:
        OutputError: a file cannot be written, or systemd finds fault with one; then nothing is left installed.
    """
    folder = unit_folder()
    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in units(schedule).items():
            write_whole(folder / name, text.encode())
            yield f"wrote {folder / name}"
    if (fault := _verified(folder)) is not None:
        _unlink(folder)
        raise OutputError(f"systemd finds fault with the timer: {fault}")
    if not _systemctl("daemon-reload"):
        yield f"systemd does not answer for this user; later: systemctl --user enable --now {NAME}.timer"
        return
    if not _systemctl("enable", "--now", f"{NAME}.timer"):
        raise OutputError(f"cannot start the timer; try: systemctl --user enable --now {NAME}.timer")
    yield f"started {NAME}.timer: every night at {schedule.at}"
    yield "it runs while nobody is logged in after: loginctl enable-linger"


def show() -> Iterator[str]:
    """Yield the units as they are installed, and when the timer runs next; raises OutputError where there are none."""
    folder = unit_folder()
    found = [folder / f"{NAME}{end}" for end in (".timer", ".service") if (folder / f"{NAME}{end}").is_file()]
    if not found:
        raise OutputError(f"nothing is scheduled: there is no {NAME}.timer in {folder}")
    for path in found:
        yield f"# {path}"
        yield path.read_text(encoding="utf-8").rstrip()
        yield ""
    yield _output("list-timers", f"{NAME}.timer") or "systemd does not answer for this user"


def remove() -> Iterator[str]:
    """Stop the timer and remove its files; yields what was done. Nothing installed is no fault."""
    folder = unit_folder()
    if (folder / f"{NAME}.timer").is_file():
        _systemctl("disable", "--now", f"{NAME}.timer")
    gone = _unlink(folder)
    _systemctl("daemon-reload")
    yield from (f"removed {path}" for path in gone)
    if not gone:
        yield f"nothing is scheduled: there is no {NAME}.timer in {folder}"


def _unlink(folder: Path) -> list[Path]:
    gone = [path for end in (".timer", ".service") if (path := folder / f"{NAME}{end}").is_file()]
    with output_errors(folder):
        for path in gone:
            path.unlink()
    return gone


def _verified(folder: Path) -> str | None:
    """Return what systemd-analyze says against the units, warnings too; None where all is well or it is not here."""
    if shutil.which("systemd-analyze") is None:
        return None
    paths = [str(folder / f"{NAME}{end}") for end in (".service", ".timer")]
    with tempfile.TemporaryDirectory() as room:  # it wants one, and outside a login there is none
        runtime = os.environ.get("XDG_RUNTIME_DIR") or room
        done = _run(["systemd-analyze", "--user", "verify", *paths], XDG_RUNTIME_DIR=runtime)
    lines = done.stderr.splitlines() if done is not None else []
    return next((" ".join(line.split()) for line in lines if NAME in line), None)


def _systemctl(*arguments: str) -> bool:
    done = _run(["systemctl", "--user", *arguments])
    return done is not None and done.returncode == 0


def _output(*arguments: str) -> str:
    done = _run(["systemctl", "--user", "--no-pager", *arguments])
    return done.stdout.rstrip() if done is not None and done.returncode == 0 else ""


def _run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str] | None:
    surroundings = {**os.environ, **environment}
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False, env=surroundings)
    except (OSError, subprocess.TimeoutExpired):
        return None
