"""The soak: what it calls flat, and that it runs the real command and stops it in order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scripts.fuzz.depeche import CONFIG
from scripts.soak.__main__ import report, soak
from scripts.soak.sample import Sample
from scripts.soak.verdict import faults, slope

FLAT = [Sample(60.0 * n, 400.0 + n % 3, 12, 5, 55.0 * n, 120 * n) for n in range(1, 61)]


def test_a_flat_hour_is_flat() -> None:
    assert list(faults(FLAT)) == []
    assert abs(slope(FLAT)) < 1


def test_a_warm_up_is_not_held_against_a_run() -> None:
    assert list(faults([replace(s, rss_mb=100.0 + 60 * n) if n < 5 else s for n, s in enumerate(FLAT)])) == []


def test_a_leak_is_seen() -> None:
    leaking = [replace(sample, rss_mb=sample.rss_mb + n) for n, sample in enumerate(FLAT)]
    assert [fault.partition(":")[0] for fault in faults(leaking)] == ["memory"]
    assert 55 < slope(leaking) < 65


def test_files_and_threads_that_stay_open_are_seen() -> None:
    assert "files" in "".join(faults([replace(s, files=12 + n // 5) for n, s in enumerate(FLAT)]))
    assert "threads" in "".join(faults([replace(s, threads=5 + n // 5) for n, s in enumerate(FLAT)]))


def test_a_run_that_slows_down_is_seen_but_not_a_busy_machine() -> None:
    slower = [replace(s, cpu_seconds=s.cpu_seconds + max(0, n - 30) * 60) for n, s in enumerate(FLAT)]
    assert "speed" in "".join(faults(slower))
    half = [replace(s, seconds=2 * s.seconds) for s in FLAT]  # half the machine: the same work for the same time of it
    assert list(faults(half)) == []


def test_too_short_a_soak_says_so() -> None:
    assert "soak for longer" in "".join(faults(FLAT[:3]))


def test_a_run_that_does_nothing_is_not_flat() -> None:
    assert "soak for longer" in "".join(faults([replace(sample, documents=0) for sample in FLAT]))


def test_the_real_command_is_watched_and_stopped_in_order(tmp_path: Path) -> None:
    config = tmp_path / "capitals.toml"
    config.write_text(CONFIG, encoding="utf-8")
    samples, code, said = soak(0.15, 1.0, 60, 40.0, ["--config", str(config)], "scripts.fuzz.depeche")
    found = report(samples, code, said)
    assert code in (0, 130, 143), said  # 143 where SIGINT is ignored, as in a job in the background
    assert len(samples) >= 2
    assert samples[-1].rss_mb > 10 and samples[-1].files > 2 and samples[-1].threads >= 1
    assert samples[-1].cpu_seconds > samples[0].cpu_seconds
    assert found["verdict"] in ("flat", "not flat") and found["exit_code"] == code
