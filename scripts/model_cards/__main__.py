"""`python -m scripts.model_cards MODEL`: write README.md and curve.svg into the model's folder.

With --scores (made by `python -m scripts.evaluate_models --json`) and --work (the folder it was trained in) they are of
a new release, whose figures are kept in `<model>.json` here; without, the card is written again from those.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

if not __package__:  # called by its folder: make the repository importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline.errors import StartError

HERE = Path(__file__).parent
MODELS = HERE.parents[1] / "pipeline" / "models"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write one card; return the exit code, 2 where the figures are missing or of other weights."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.model_cards", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("model", choices=("translator", "summarizer"))
    parser.add_argument("--scores", type=Path, help="JSON of scripts.evaluate_models")
    parser.add_argument("--work", type=Path, help="work folder of the training")
    parser.add_argument("--out", type=Path, help="the model's folder (default: the embedded one)")
    parser.add_argument("--kept", type=Path, default=HERE, help="folder of the releases' figures")
    options = parser.parse_args(arguments)
    if (options.scores is None) != (options.work is None):
        parser.error("a new release needs both --scores and --work")
    try:
        _write(options)
    except StartError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _write(options: argparse.Namespace) -> None:
    from scripts.model_cards.card import card
    from scripts.model_cards.curve import draw
    from scripts.model_cards.facts import Facts
    from scripts.model_cards.release import Release, gather

    facts, kept = Facts.read(HERE / f"{options.model}.toml"), options.kept / f"{options.model}.json"
    out = options.out or MODELS / options.model
    release = gather(options.model, options.scores, options.work) if options.scores else Release.read(kept)
    text = card(options.model, facts, release, out)
    if options.scores:
        release.write(kept)
    draw(release.history, out / "curve.svg")
    (out / "README.md").write_text(text, encoding="utf-8")
    print(f"wrote {out / 'README.md'}")


if __name__ == "__main__":
    sys.exit(main())
