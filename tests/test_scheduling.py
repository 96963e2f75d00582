"""The timer of the nightly digest: what systemd and cron are given."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.errors import ConfigError, OutputError
from pipeline.scheduling import Schedule, install, remove, show, units
from pipeline.scheduling.units import crontab_line

COMMAND = ("/opt/depêche/bin/depeche", "digest", "--config", "/srv/a b/nightly.toml")


@pytest.fixture
def schedule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Schedule:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return Schedule("05:30", ("/bin/true", *COMMAND[1:]), tmp_path)


def test_a_configuration_that_cannot_be_read_is_refused_when_it_is_scheduled(
    schedule: Schedule, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.toml").write_text('base = "nightly"\n[digest]\ntimezon = "Europe/Paris"\n', encoding="utf-8")
    line = ["depeche", "schedule", "install", "--cron", "--config"]
    for config, code, says in (("own.toml", 2, "did you mean 'timezone'?"), ("nightly", 0, "--config nightly")):
        monkeypatch.setattr(sys, "argv", [*line, str(tmp_path / config) if code else config])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == code
        assert says in "".join(capsys.readouterr())


def test_the_timer_is_persistent_and_daily(schedule: Schedule) -> None:
    timer = units(schedule)["depeche-digest.timer"]
    assert "OnCalendar=*-*-* 05:30:00\n" in timer and "Persistent=true\n" in timer


def test_a_night_on_which_documents_failed_is_no_failure_of_the_service(schedule: Schedule) -> None:
    assert "SuccessExitStatus=1\n" in units(schedule)["depeche-digest.service"]


def test_install_writes_both_units_show_shows_them_and_remove_removes_them(schedule: Schedule, tmp_path: Path) -> None:
    said = list(install(schedule))
    folder = tmp_path / "config/systemd/user"
    assert {path.name for path in folder.iterdir()} == {"depeche-digest.service", "depeche-digest.timer"}
    assert any("systemctl --user enable --now depeche-digest.timer" in line for line in said)
    assert "OnCalendar=*-*-* 05:30:00" in "\n".join(show())
    assert len([line for line in remove() if line.startswith("removed")]) == 2
    assert list(folder.iterdir()) == []
    assert "nothing is scheduled" in next(remove())
    with pytest.raises(OutputError, match="nothing is scheduled"):
        list(show())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_a_unit_that_systemd_finds_fault_with_is_not_left_installed(schedule: Schedule, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="systemd finds fault"):
        list(install(Schedule("05:30", ("/nowhere/depeche",), tmp_path)))
    assert list((tmp_path / "config/systemd/user").iterdir()) == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
@pytest.mark.parametrize("odd", ["a b", "50%h", "$HOME", 'say "no"', "back\\slash", "été", "semi;colon", "it's"])
def test_systemd_takes_any_path(odd: str, schedule: Schedule, tmp_path: Path) -> None:
    folder = tmp_path / odd
    folder.mkdir()
    list(install(Schedule("23:59", ("/bin/true", str(folder)), folder)))


@pytest.mark.parametrize("at", ["24:00", "5:30", "05:60", "0530", "05:30\n", ""])
def test_no_such_time_of_day_is_refused(at: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="time of day"):
        Schedule(at, COMMAND, tmp_path)


def test_a_line_break_in_a_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="control character"):
        Schedule("05:30", ("/bin/true\nExecStart=/bin/rm",), tmp_path)


printable = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


@given(printable)
def test_a_shell_reads_the_line_of_the_crontab_as_it_was_meant(word: str) -> None:
    line = crontab_line(Schedule("05:07", ("/usr/bin/printf", "%s|", word), Path("/")))
    assert line.startswith("7 5 * * * ")
    command = line.removeprefix("7 5 * * * ").replace("\\%", "%")  # as cron does
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    assert done.stdout.decode() == f"{word}|"
