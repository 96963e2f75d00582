"""Give the real command hostile input and hold every promise against what comes of it.

    python -m scripts.fuzz --documents 10000 --seed 1 [--embedded 200] [--bombs] [--growth 200] [--keep FOLDER]

Exit code 0: every promise was kept; 1: the lines above say which was not.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from scripts.fuzz import bombs, crowd, verdict
from scripts.fuzz.depeche import CONFIG
from scripts.fuzz.growth import steep

ROOT = Path(__file__).parents[2]
SECONDS_A_DOCUMENT = 60  # of the processor, that no document may take
MEMORY_MB = 2_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that the command line asks for; return the exit code."""
    given = _parser().parse_args(arguments)
    faults: list[str] = []
    with ExitStack() as stack:
        room = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        room.mkdir(parents=True, exist_ok=True)
        for name, part in _parts(given, room):
            start = time.monotonic()
            found = list(part)
            print(f"{name}: {len(found)} faults, {time.monotonic() - start:.0f} s")
            faults += found
            for fault in found[:50]:
                print(f"  {fault!r}"[:400])
    return 1 if faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.fuzz", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=1000, help="hostile documents in one run (default: 1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--embedded", type=int, default=0, help="so many more through the embedded models")
    parser.add_argument("--bombs", action="store_true", help="also files made to hang or to eat memory")
    parser.add_argument("--growth", type=int, default=0, help="shapes of text for which the growth of time is measured")
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it there")
    return parser


def _parts(given: argparse.Namespace, room: Path) -> Iterator[tuple[str, Iterator[str]]]:
    yield "refusals", refused(room / "refusals")
    yield f"{given.documents} documents", crowded(room / "crowd", given.documents, given.seed)
    if given.embedded:
        yield (
            f"{given.embedded} documents, embedded models",
            crowded(room / "sample", given.embedded, given.seed + 1, True),
        )
    if given.bombs:
        yield "bombs", bombed(room / "bombs")
    if given.growth:
        yield f"growth over {given.growth} shapes", map(str, steep(given.growth, given.seed))


def crowded(room: Path, count: int, seed: int, embedded: bool = False) -> Iterator[str]:
    """Yield the broken promises of one run over a folder of hostile documents."""
    room.mkdir()
    expected = crowd.make(room / "inputs" / "in", count, seed)
    before = verdict.snapshot(room, "out")
    (result,) = run(room, [["run", str(room / "inputs" / "in"), "--out", str(room / "out")]], embedded)
    yield from verdict.of_run(result, room / "out", expected)
    yield from _written_elsewhere(room, before)
    if result["memory_mb"] > MEMORY_MB:
        yield f"{result['memory_mb']} MB of memory"
    print(f"  {result['seconds']} s of the processor, {result['memory_mb']} MB, exit code {result['code']}")


def bombed(room: Path, size: int = bombs.SIZE, limit: float = SECONDS_A_DOCUMENT) -> Iterator[str]:
    """Yield the broken promises of a run over each bomb, each in a process of its own, for its memory."""
    room.mkdir()
    for number, bomb in enumerate(bombs.bombs(size)):
        path = room / "in" / str(number) / bomb.name
        path.parent.mkdir(parents=True)
        bomb.write(path)
        out = room / "out" / str(number)
        (result,) = run(room, [["run", str(path), "--out", str(out), "--quiet"]], limit=20 * limit)
        path.unlink()
        print(f"  {bomb.name}: {result['seconds']} s, {result['memory_mb']} MB, exit code {result['code']}", flush=True)
        faults = [*verdict.of_run(result, out, None)]
        faults += [f"exit code {result['code']}, not one of {bomb.codes}"] if result["code"] not in bomb.codes else []
        faults += [f"{result['seconds']} s of the processor"] if result["seconds"] > limit else []
        faults += [f"{result['memory_mb']} MB of memory"] if result["memory_mb"] > MEMORY_MB else []
        yield from (f"{bomb.name}: {fault}" for fault in faults)


def refused(room: Path) -> Iterator[str]:
    """Yield the broken promises of runs that must not start."""
    room.mkdir()
    cases = bombs.refusals(room / "in")
    before = verdict.snapshot(room, "out")
    results = run(room, [["run", "--out", str(room / "out"), *words] for words in cases.values()])
    for name, result in zip(cases, results, strict=False):
        yield from (f"{name!r}: {fault}: {result['err'][:200]!r}" for fault in verdict.of_refusal(result))
    if len(results) < len(cases):
        yield f"after {len(results)} of {len(cases)} refusals the process ended"
    if (room / "out").exists():
        yield "an output folder was made"
    yield from _written_elsewhere(room, before)


def run(room: Path, commands: list[list[str]], embedded: bool = False, limit: float = 7200) -> list[dict[str, Any]]:
    """Run commands one after another in one process; return what came of each, as far as it got."""
    # Files of the harness go beside the room that is watched.
    with tempfile.TemporaryDirectory() as beside:
        config, asked, answered = (Path(beside) / name for name in ("config.toml", "commands.json", "results.json"))
        config.write_text(CONFIG, encoding="utf-8")
        chosen = [] if embedded else ["--config", str(config)]
        full = [[*words[:1], *([] if "--config" in words else chosen), *words[1:]] for words in commands]
        asked.write_text(json.dumps(full), encoding="utf-8")
        command = [sys.executable, "-m", "scripts.fuzz.child", str(asked), str(answered)]
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(command, cwd=ROOT, timeout=limit)
        results: list[dict[str, Any]] = json.loads(answered.read_text(encoding="utf-8")) if answered.exists() else []
    if len(results) < len(commands):
        results.append(
            {"code": -1, "out": "", "err": "", "crash": "the process ended", "seconds": limit, "memory_mb": 0}
        )
    return results


def _written_elsewhere(room: Path, before: dict[str, tuple[int, int]]) -> Iterator[str]:
    after = verdict.snapshot(room, "out")
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name) and name != str(room):
            yield f"{name} was written, changed or removed"


if __name__ == "__main__":
    sys.exit(main())
