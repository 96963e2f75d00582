"""`python -m scripts.evaluate_models [TESTSET ...]`: a test set is named without its .fr and .en endings."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline import config
from scripts.evaluate_models.lists import list_rows
from scripts.evaluate_models.record import Record
from scripts.evaluate_models.summaries import seeds_table, tables
from scripts.evaluate_models.translations import bitext_row, seeds_bitext


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a test set; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("testsets", nargs="*", help="line-aligned files, without .fr and .en")
    parser.add_argument("--config", default=config.DEFAULT)
    parser.add_argument("--lines", type=int, default=0, help="only the first lines of each test set")
    parser.add_argument("--seeds", type=Path, default=Path(__file__).parents[2] / "seeds")
    parser.add_argument(
        "--summaries", type=Path, help="folder of articles with reference summaries (.jsonl, .jsonl.xz)"
    )
    parser.add_argument("--documents", type=int, default=0, help="only so many articles of each set, evenly spread")
    parser.add_argument("--lists", action="store_true", help="the lists of sentences with figures and with names too")
    parser.add_argument("--json", type=Path, help="write all of it to this file too: scripts.model_cards reads it")
    options = parser.parse_args(arguments)
    settings = config.load(options.config)
    record = Record(settings)
    record.add("testsets", (bitext_row(Path(testset), settings, options.lines) for testset in options.testsets))
    if options.summaries:
        record.add("summaries", tables(options.summaries, settings, options.documents))
    if options.lists:
        record.add("lists", list_rows(settings, options.lines))
    record.add("seeds", [seeds_bitext(options.seeds, settings)])
    record.add("seeds", [seeds_table(options.seeds, settings)])
    if options.json:
        record.write(options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
