"""The commands of `python -m scripts.train_translator`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if not __package__:  # called by its folder: make the repository importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline.errors import StartError

if TYPE_CHECKING:
    from scripts.train_translator.model import Shape
    from scripts.train_translator.train import Plan


def _prepare(options: argparse.Namespace) -> None:
    from scripts.train_translator.prepare import prepare

    prepare(options.folder, options.bitext, pieces=options.pieces, width=options.width)


def _train(options: argparse.Namespace) -> None:
    from scripts.train_translator.train import train

    train(options.folder, _plan(options), options.start)


def _release(options: argparse.Namespace) -> None:
    from scripts.train_translator.release import release

    release(options.folder, options.out, _plan(options), afresh=options.afresh)


def _snapshot(options: argparse.Namespace) -> None:
    from scripts.train_translator.train import snapshot

    snapshot(options.folder, options.out, _shape(options))


def _score(options: argparse.Namespace) -> None:
    from scripts.train_translator.score import score

    score(options.model, options.sets, beam=options.beam, lines=options.lines, threads=options.threads)


def _shape(options: argparse.Namespace) -> Shape:
    from scripts.train_translator.model import Shape

    return Shape(options.width, options.heads, options.encoder, options.decoder)


def _plan(options: argparse.Namespace) -> Plan:
    from scripts.train_translator.optimizer import Rates
    from scripts.train_translator.train import Plan
    from scripts.train_translator.trainer import Machine

    rates = Rates(options.muon_rate, options.adam_rate)
    machine = Machine(
        options.threads,
        compile_kernel=not options.eager,
        compile_model=options.compile_model,
        share_cores=options.share_cores,
        save_minutes=options.save_minutes,
    )
    return Plan(options.minutes, options.tokens, rates, _shape(options), machine, options.dev)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.train_translator", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("prepare", help="select, clean, learn pieces, pack ids, make starting embeddings")
    command.add_argument("folder", type=Path, help="work folder, made if it is missing")
    command.add_argument("--bitext", type=Path, required=True, help="folder of sentence pairs (.tsv.xz)")
    command.add_argument("--pieces", type=int, default=12_000, help="size of the joint vocabulary")
    command.add_argument("--width", type=int, default=320)
    command.set_defaults(run=_prepare)

    command = commands.add_parser("train", help="train; resumes by itself, stops at SIGTERM")
    command.add_argument("folder", type=Path, help="work folder made by prepare")
    command.add_argument("--start", type=Path, help="checkpoint to begin from when the folder has none")
    _add_training(command)
    command.set_defaults(run=_train)

    command = commands.add_parser(
        "release", help="branch off: rate to zero on the news-heavy mix, then export; resumes"
    )
    command.add_argument("folder", type=Path, help="work folder with a checkpoint")
    command.add_argument("out", type=Path, help="folder of the model")
    command.add_argument("--afresh", action="store_true", help="give up an unfinished release and begin another")
    _add_training(command)
    command.set_defaults(run=_release)

    command = commands.add_parser("snapshot", help="export the last checkpoint as it is")
    command.add_argument("folder", type=Path, help="work folder with a checkpoint")
    command.add_argument("out", type=Path, help="folder of the model")
    _add_shape(command)
    command.set_defaults(run=_snapshot)

    command = commands.add_parser("score", help="sacreBLEU of an exported model in int8")
    command.add_argument("model", type=Path, help="exported folder")
    command.add_argument("sets", type=Path, nargs="+", help="development sets without their .fr and .en")
    command.add_argument("--beam", type=int, default=4)
    command.add_argument("--lines", type=int, default=0, help="0: all")
    command.add_argument("--threads", type=int, default=0, help="0: all")
    command.set_defaults(run=_score)
    return parser


def _add_training(command: argparse.ArgumentParser) -> None:
    command.add_argument("--minutes", type=float, default=60)
    command.add_argument("--tokens", type=int, default=0, help="padded tokens a step; 0: 4096, or 32768 on a GPU")
    command.add_argument("--muon-rate", type=float, default=0.012)
    command.add_argument("--adam-rate", type=float, default=2e-3)
    command.add_argument("--threads", type=int, default=0, help="0: all")
    command.add_argument("--share-cores", action="store_true", help="fewer threads while other processes compute")
    command.add_argument("--save-minutes", type=float, default=10, help="work that a cut may cost")
    command.add_argument("--dev", type=Path, help="development set without its .fr and .en: its BLEU goes to the log")
    command.add_argument("--eager", action="store_true", help="do not compile the loss")
    command.add_argument("--compile-model", action="store_true", help="compile the whole model: pays on a GPU only")
    _add_shape(command)


def _add_shape(command: argparse.ArgumentParser) -> None:
    command.add_argument("--width", type=int, default=320)
    command.add_argument("--heads", type=int, default=5)
    command.add_argument("--encoder", type=int, default=6, help="layers")
    command.add_argument("--decoder", type=int, default=2, help="layers")


def main(arguments: list[str] | None = None) -> None:
    """Run one command; what cannot be used ends it with one line and exit code 2."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except StartError as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
