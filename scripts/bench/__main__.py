"""Measure what is asked for, and write it as JSON and as Markdown; see the package."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline import doctor
from pipeline.machine import cores, processor
from scripts.bench.contestants import CONTESTANTS, Task, checkpoint_of
from scripts.bench.table import markdown

PARTS = ("speed", "cold", "article", "night", "overlap", "same")
MODELS = ("embedded", "opus-mt", "bart-base")
_FORCED = {"embedded": 0, "opus-mt": 32, "bart-base": 60}  # target tokens


def main() -> None:
    """Run the parts that the command line names; each result is on disk before the next begins."""
    given = _arguments()
    given.out.mkdir(parents=True, exist_ok=True)
    report: dict[str, Any] = {"machine": _machine(given), "results": []}
    for part, task, names in _tasks(given):
        found = {"part": part, **names, **_in_child(part, task)}
        report["results"].append(found)
        print(json.dumps(found, ensure_ascii=False), flush=True)
        (given.out / "bench.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
        (given.out / "bench.md").write_text(markdown(report), encoding="utf-8")
    print(markdown(report))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description="Measure the program.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help=f"of: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--out", type=Path, required=True, help="the folder for bench.json and bench.md")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--contestants", nargs="+", choices=list(CONTESTANTS), default=list(CONTESTANTS))
    parser.add_argument("--sentences", type=int, default=1000, help="for the embedded model; a quarter for the others")
    parser.add_argument("--loop", type=int, default=60, help="sentences for (a), which is slow, and a quarter")
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 1000, 10_000], help="articles of a night")
    parser.add_argument("--words", type=int, default=400, help="of an article of a night")
    parser.add_argument("--threads", type=int, default=cores())
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    given = parser.parse_args()
    if given.device == "auto":
        given.device = "cuda" if any(line.startswith("gpu: ") and "none" not in line for line in _devices()) else "cpu"
    return given


def _devices() -> list[str]:
    return [line for _, line in doctor._device()]


def _tasks(given: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield each measurement: its part, its task, and the names that go with its result."""
    parts, threads = given.parts or PARTS, given.threads
    if "speed" in parts:
        yield from _speed(given)
    for part in ("cold", "article"):
        if part in parts:
            yield part, {"threads": threads}, {}
    for count in given.sizes if "night" in parts else ():
        yield "night", {"threads": threads, "count": count, "words": given.words}, {}
    if "overlap" in parts:
        yield "overlap", {"threads": threads, "count": min(given.sizes), "words": given.words}, {}
    if "same" in parts:
        for backend, kind in (("ctranslate2", "int8"), ("ctranslate2", "float32"), ("transformers", "float32")):
            count = given.sentences if kind == "int8" else given.sentences // 4
            yield "same", {"threads": threads, "count": count, "backend": backend, "compute_type": kind}, {}


def _speed(given: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    scratch = Path(tempfile.mkdtemp(prefix="bench-")) if set(given.models) - {"embedded"} else Path()
    for model in given.models:
        share = 1 if model == "embedded" else 4
        for name in given.contestants:
            if model != "embedded" and "stage" in name:
                continue  # random text fails every guard
            most = given.loop if name.startswith("a ") else given.sentences
            task = Task(
                model=checkpoint_of(model, scratch),
                sentences=max(1, most // share),
                threads=given.threads,
                device=given.device,
                forced=_FORCED[model],
                inputs="articles" if model == "bart-base" else "sentences",
            )
            yield "speed", {"task": asdict(task), "contestant": name}, {"model": model, "contestant": name}


def _in_child(part: str, task: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a measurement; where it fails, the end of what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.bench.child", part],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": str(task.get("threads", 0) or task["task"]["threads"])},
    )
    if done.returncode:
        return {"failed": done.stderr[-2000:]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _machine(given: argparse.Namespace) -> dict[str, Any]:
    versions = {name: version for name, version in doctor.versions().items() if version}
    return {
        "processor": processor().get("model name", platform.processor()),
        "cores": cores(),
        "threads": given.threads,
        "device": given.device,
        "devices": _devices(),
        "load before": os.getloadavg()[0],
        "versions": versions,
    }


if __name__ == "__main__":
    main()
