"""`python -m scripts.evaluate_models [TESTSET ...]`: a test set is named without its .fr and .en endings."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline import config
from scripts.evaluate_models.summaries import seeds_table
from scripts.evaluate_models.translations import bitext_row, seeds_bitext


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a test set; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("testsets", nargs="*", help="line-aligned files, without .fr and .en")
    parser.add_argument("--config", default=config.DEFAULT)
    parser.add_argument("--lines", type=int, default=0, help="only the first lines of each test set")
    parser.add_argument("--seeds", type=Path, default=Path(__file__).parents[2] / "seeds")
    options = parser.parse_args(arguments)
    settings = config.load(options.config)
    for testset in options.testsets:
        print(bitext_row(Path(testset), settings, options.lines), flush=True)
    print(seeds_bitext(options.seeds, settings), flush=True)
    print(seeds_table(options.seeds, settings), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
