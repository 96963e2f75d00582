"""Real processes, killed with SIGKILL at points where they touch the disk: what comes out in the end is as undisturbed.

This is the quick form, a sample; `python -m scripts.kill_runs` tries every point.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def quick(checkpoint: Any, tmp_path: Path) -> Path:
    """Return a configuration of two tiny Marian models, which need no torch to run."""
    model = f'model = "{checkpoint("marian")}"\ndecoding = {{ beam_size = 1, max_new_tokens = 8 }}\n'
    path = tmp_path / "quick.toml"
    path.write_text(f"[translator]\n{model}[summarizer]\n{model}", encoding="utf-8")
    return path


def test_runs_that_are_killed_lose_nothing_and_do_nothing_twice(quick: Path) -> None:
    command = [sys.executable, "-m", "scripts.kill_runs", "--config", str(quick), "--documents", "3"]
    command += ["--sample", "6", "--twice", "2", "--times", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    tallies = [json.loads(line) for line in done.stdout.splitlines()]
    assert [tally["faults"] for tally in tallies] == [[], [], []], done.stderr
    assert done.returncode == 0, done.stderr
    assert [tally["scenario"] for tally in tallies] == ["new", "extend", "fresh"]
    for tally in tallies:
        assert tally["points"] > 100
        assert tally["kills"] >= 8  # a random time may come too late
        assert tally["resumed_kills"] >= 1
        assert tally["same"] == 10


def test_the_harness_sees_a_run_that_loses_work(quick: Path) -> None:
    """A defect of the kind that it looks for, put in on purpose: files that are shown in place, without a rename."""
    program = (
        "import shutil, sys; from pathlib import Path; from scripts.kill_runs import __main__ as kill\n"
        "from pipeline.writers import atomic\n"
        "def publish(self, last, stale):\n"
        "    for name in [last, *(n for n in self._streams if n != last)]:\n"
        "        data = (self._room / name).read_bytes()\n"
        "        with (self.folder / name).open('wb') as stream: stream.write(data)\n"
        "    self._streams.clear()\n"
        "atomic.Staging.publish = publish\n"
        "sys.exit(kill.main())"
    )
    command = [sys.executable, "-c", program, "--config", str(quick), "--documents", "3", "--scenarios", "new"]
    command += ["--sample", "12", "--twice", "0", "--times", "0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "a half-written run says that it is finished" in json.loads(done.stdout)["faults"][0]
