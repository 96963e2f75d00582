"""Kill runs and let them go on.

    python -m scripts.kill_runs                       # every point of three scenarios, and 30 random times each
    python -m scripts.kill_runs --sample 6 --times 2  # the quick form

Three scenarios: a run into a new folder; one that extends a finished run; one with --fresh over a finished run of
other settings. Prints a JSON object a scenario; exits 1 if a run lost or changed anything.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from pipeline.config import DEFAULT, load
from pipeline.errors import DepecheError
from scripts.kill_runs.harness import Harness, Scenario, contents, sampled
from scripts.kill_runs.process import command, warm_up

_CONFIGS = Path(__file__).parents[2] / "configs"
_MEMORY = Path("/dev/shm")  # what SIGKILL leaves is the same there, and a sync takes no time
_SENTENCES = (
    "Le maire de Valombrel a annoncé lundi que {n} écoles ouvriraient avant l'hiver.",
    "Le coût des travaux atteindrait {n},5 millions d'euros, selon la préfecture.",
    "« Nous avons perdu {n} jours », regrette Mme Kherbache, qui dirige l'entreprise depuis 2014.",
    "Les pompiers sont intervenus à {n} h 30 ; personne n'a été blessé.",
)


def main() -> int:
    """Run the scenarios and return the exit code."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="kill-runs-", dir=_MEMORY if _MEMORY.is_dir() else None) as place:
        room = Path(place)
        faults = 0
        for scenario in _scenarios(room, options):
            harness = Harness(scenario, room / "out", options.shard)
            began = time.monotonic()
            points = harness.points()
            seconds = time.monotonic() - began
            harness.at_points(list(sampled(points, options.sample)), list(sampled(points, options.twice, 1)))
            chance = random.Random(2)
            harness.at_times([chance.uniform(0, seconds) for _ in range(options.times)])
            faults += len(harness.tally.faults)
            print(json.dumps({"scenario": scenario.name, "points": points, **harness.tally.to_dict()}), flush=True)
    return 1 if faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.kill_runs", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--config", default=DEFAULT, help="a configuration's name or TOML file, without a [run] section"
    )
    parser.add_argument("--documents", type=int, default=5)
    parser.add_argument("--shard", type=int, default=2, help="documents in a shard")
    parser.add_argument("--sample", type=int, help="points to try in each scenario; all when not given")
    parser.add_argument("--twice", type=int, default=10, help="points after which the run is killed a second time")
    parser.add_argument("--times", type=int, default=30, help="kills at random times")
    parser.add_argument("--scenarios", default="new,extend,fresh")
    return parser.parse_args()


def _scenarios(room: Path, options: argparse.Namespace) -> list[Scenario]:
    few, all_ = _articles(room / "few", options.documents // 2), _articles(room / "all", options.documents)
    settings = _settings(room, options)
    words = ("run", str(all_), "--out", str(room / "out"), "--config", str(settings))
    other = ("run", str(all_), "--out", str(room / "other"), "--config", str(settings), "--sentences", "1")
    warm_up(settings)
    _made(("run", str(few), "--out", str(room / "first"), "--config", str(settings)), room / "first")  # converts models
    expected = _made(words, room / "out")
    fewer = _made((words[0], str(few), *words[2:]), room / "out", keep=room / "before-extend")
    _made(other, room / "other")
    assert fewer != expected
    made = [
        Scenario("new", words, words, None, expected),
        Scenario("extend", words, words, room / "before-extend", expected, options.documents // 2 + 1),
        Scenario("fresh", (*words, "--fresh"), words, room / "other", expected),
    ]
    return [scenario for scenario in made if scenario.name in options.scenarios.split(",")]


def _made(words: tuple[str, ...], out: Path, keep: Path | None = None) -> dict[str, bytes]:
    ended = command(words, out)
    if ended.code not in (0, 1):
        raise SystemExit(f"the undisturbed run failed: {ended.said.strip()}")
    found = contents(out)
    if keep is not None:
        shutil.copytree(out, keep)
        shutil.rmtree(out)
    elif out.name == "out":
        shutil.rmtree(out)
    return found


def _settings(room: Path, options: argparse.Namespace) -> Path:
    """Return the configuration with small batches and shards, so that a few documents make several of them."""
    load(options.config)  # an error of its own if there is none
    path = Path(options.config) if Path(options.config).is_file() else _CONFIGS / f"{options.config}.toml"
    made = room / "settings.toml"
    made.write_text(f"{path.read_text(encoding='utf-8')}\n[run]\nbatch_size = 1\nshard_size = {options.shard}\n")
    return made


def _articles(folder: Path, count: int) -> Path:
    """Write articles as rows, and one file that cannot be read."""
    folder.mkdir()
    rows = [
        {"id": f"a{number}", "text": "\n\n".join(s.format(n=number + 2) for s in _SENTENCES), "page": number}
        for number in range(count)
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / "rows.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "broken.txt").write_bytes(bytes(range(256)) * 9)
    return folder


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DepecheError as error:
        sys.exit(f"kill_runs: {error}")
