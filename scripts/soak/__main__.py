"""Run generated articles through the real command for a chosen time, and say whether memory, files and speed stay flat.

    python -m scripts.soak --minutes 60 [--config embedded] [--words 400] [--json soak.json]

A line a minute; at the end JSON and the verdict. Exit code 0: flat; 1: not, and the reasons stand above. The command is
stopped as by Ctrl-C when the time is over, and must end in order.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from scripts.articles import write
from scripts.soak.sample import Sample, sample
from scripts.soak.verdict import RULE, faults, slope, warm

ROOT = Path(__file__).parents[2]
_DONE = re.compile(rb"^(\d+)(?:/\d+)? documents[, ]", re.MULTILINE)
_LAST_SHARD = 600  # seconds that the command may take to end in order


def soak(
    minutes: float, every: float, words: int, rate: float, options: Sequence[str], program: str = "pipeline"
) -> tuple[list[Sample], int, str]:
    """Run the command for so many minutes; return the samples, its exit code and the end of what it said.

    `rate` articles a second are written before it starts; where they are done before the time, it ends with them.
    """
    with tempfile.TemporaryDirectory(prefix="depeche-soak-") as room:
        articles, said = Path(room) / "articles.jsonl", Path(room) / "stderr"
        write(articles, max(1, round(60 * minutes * rate)), words)
        command = [sys.executable, "-m", program, "run", str(articles), "--out", str(Path(room) / "out"), *options]
        with said.open("wb") as stream, subprocess.Popen(command, cwd=ROOT, stdout=stream, stderr=stream) as process:
            try:
                samples = list(_watched(process, said, 60 * minutes, every))
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                code = process.wait(_LAST_SHARD)
            finally:
                process.kill()
        return samples, code, said.read_text(encoding="utf-8", errors="replace")[-2000:]


def _watched(process: subprocess.Popen[bytes], said: Path, seconds: float, every: float) -> Iterator[Sample]:
    start, before = time.monotonic(), None
    while time.monotonic() - start < seconds:
        try:
            process.wait(min(every, max(0.0, seconds - (time.monotonic() - start))))
            return
        except subprocess.TimeoutExpired:
            found = sample(process.pid, time.monotonic() - start, _documents(said))
        if found is None:
            return
        print(found.line(before), flush=True)
        yield found
        before = found


def _documents(said: Path) -> int:
    """Return how many documents the command has said to be done."""
    return max((int(count) for count in _DONE.findall(said.read_bytes())), default=0)


def report(samples: Sequence[Sample], code: int, said: str) -> dict[str, Any]:
    """Return what came of a soak as plain values."""
    found = list(faults(samples))
    if code not in (0, 1, 128 + signal.SIGTERM):
        found.append(f"the command ended with exit code {code}")
    last = samples[-1] if samples else None
    return {
        "verdict": "not flat" if found else "flat",
        "faults": found,
        "rule": RULE,
        "slope_mb_per_hour": round(slope(warm(samples)), 2),
        "documents": last.documents if last else 0,
        "documents_per_second": round(last.documents / last.seconds, 3) if last else 0.0,
        "peak_mb": max((one.rss_mb for one in samples), default=0.0),
        "exit_code": code,
        "samples": [one.to_dict() for one in samples],
        "said_last": said.splitlines()[-4:],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak as the command line asks for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.soak", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--every", type=float, default=60.0, help="seconds from one line to the next (default: 60)")
    parser.add_argument("--config", default="embedded")
    parser.add_argument("--words", type=int, default=400, help="of an article, about (default: 400)")
    parser.add_argument("--rate", type=float, default=10.0, help="articles a second that are prepared (default: 10)")
    parser.add_argument("--json", type=Path, help="write the report here as well")
    given = parser.parse_args(arguments)
    if not Path("/proc/self/stat").exists():
        parser.error("this needs /proc, as Linux has it")
    found = report(*soak(given.minutes, given.every, given.words, given.rate, ["--config", given.config]))
    text = json.dumps(found, ensure_ascii=False, indent=2)
    print(text)
    if given.json:
        given.json.write_text(text + "\n", encoding="utf-8")
    return 0 if found["verdict"] == "flat" else 1


if __name__ == "__main__":
    sys.exit(main())
