"""The commands of `python -m scripts.train_summarizer`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

if not __package__:  # called by its folder: make the repository importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def _prepare(options: argparse.Namespace) -> None:
    from scripts.train_summarizer.prepare import prepare

    prepare(options.folder, options.summaries, options.pieces, share=options.share)


def _train(options: argparse.Namespace) -> None:
    from scripts.train_summarizer.rewriter import Plan, train
    from scripts.train_translator.optimizer import Rates
    from scripts.train_translator.trainer import Machine

    rates = Rates(options.muon_rate, options.adam_rate)
    machine = Machine(options.threads, compile_kernel=not options.eager)
    train(options.folder, options.start, Plan(options.minutes, options.tokens, rates, machine=machine))


def _release(options: argparse.Namespace) -> None:
    from scripts.train_summarizer.rewriter import release
    from scripts.train_translator.model import Shape

    release(options.folder, options.out, Shape())


def _selector(options: argparse.Namespace) -> None:
    from scripts.train_summarizer.selector import train_selector

    train_selector(options.summaries, options.out, hidden=options.hidden, limit=options.limit)


def _evaluate(options: argparse.Namespace) -> None:
    from scripts.train_summarizer.evaluate import report

    report(options.selector, options.files, count=options.sentences, limit=options.limit)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.train_summarizer", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("prepare", help="make and pack the rewriter's training pairs")
    command.add_argument("folder", type=Path, help="work folder, made if it is missing")
    command.add_argument("--summaries", type=Path, required=True, help="folder of document-summary pairs (.jsonl.xz)")
    command.add_argument("--pieces", type=Path, required=True, help="the translator's sentencepiece model")
    command.add_argument("--share", type=float, default=1.0, help="share of every source, for a rehearsal")
    command.set_defaults(run=_prepare)

    command = commands.add_parser("train", help="train the rewriter; resumes by itself, stops at SIGTERM")
    command.add_argument("folder", type=Path, help="work folder made by prepare")
    command.add_argument("--start", type=Path, required=True, help="the translator: exported folder or state.pt")
    command.add_argument("--minutes", type=float, default=60, help="of all runs together; the rate falls to zero")
    command.add_argument("--tokens", type=int, default=4096, help="padded tokens a step")
    command.add_argument("--muon-rate", type=float, default=0.004)
    command.add_argument("--adam-rate", type=float, default=6e-4)
    command.add_argument("--threads", type=int, default=0, help="0: all")
    command.add_argument("--eager", action="store_true", help="do not compile the loss")
    command.set_defaults(run=_train)

    command = commands.add_parser("release", help="export the rewriter's last checkpoint")
    command.add_argument("folder", type=Path, help="work folder with state.pt")
    command.add_argument("out", type=Path, help="folder of the model")
    command.set_defaults(run=_release)

    command = commands.add_parser("selector", help="train the selector and write its weights")
    command.add_argument("out", type=Path, help="selector.json")
    command.add_argument("--summaries", type=Path, required=True, help="folder of document-summary pairs (.jsonl.xz)")
    command.add_argument("--hidden", type=int, default=16, help="hidden units; 0: logistic regression")
    command.add_argument("--limit", type=int, default=4000, help="stories of a file at most")
    command.set_defaults(run=_selector)

    command = commands.add_parser("evaluate", help="ROUGE recall of the selected sentences beside lead-k")
    command.add_argument("selector", type=Path, help="selector.json")
    command.add_argument("files", type=Path, nargs="+", help="stories (.jsonl, .jsonl.xz)")
    command.add_argument("--sentences", type=int, default=3, help="k")
    command.add_argument("--limit", type=int, default=300, help="stories of a file at most")
    command.set_defaults(run=_evaluate)
    return parser


def main(arguments: list[str] | None = None) -> None:
    """Run one command."""
    options = _parser().parse_args(arguments)
    options.run(options)


if __name__ == "__main__":
    main()
