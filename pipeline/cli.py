"""Words in, exit code out.

0: all good; 1: some documents failed and are in the output with their reason; 2: could not start.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from pipeline.errors import DepecheError

app = typer.Typer(
    name="depeche",
    help="Foreign-language news, French first, to trustworthy English: translations, summaries, evaluation pairs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Inputs = Annotated[list[str], typer.Argument(help="Folders, files, globs, or '-' for stdin.", show_default=False)]
ConfigName = Annotated[
    str, typer.Option("--config", "-c", help="A configuration's name (embedded, opus, quality, nllb) or TOML file.")
]
DeviceName = Annotated[Optional[str], typer.Option("--device", help="auto, cpu or cuda.", show_default=False)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no closing line.")]
TextField = Annotated[str, typer.Option(help="The field of a row that holds the text (JSONL, CSV, TSV, Parquet).")]
IdField = Annotated[
    Optional[str],
    typer.Option(help="The field that holds the id; without it 'id', or file and row.", show_default=False),
]
TitleField = Annotated[
    Optional[str], typer.Option(help="A field that is put before the text as its headline.", show_default=False)
]
Encoding = Annotated[
    Optional[str], typer.Option(help="The encoding of text files; recognised when not given.", show_default=False)
]
Other = Annotated[
    Optional[str], typer.Option(help="A document in another language: skip, keep or fail.", show_default=False)
]
Sentences = Annotated[Optional[int], typer.Option(help="Sentences of a summary.", show_default=False)]
Words = Annotated[
    Optional[int], typer.Option(help="Most words of a summary, instead of --sentences.", show_default=False)
]


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        from pipeline.version import __version__

        print(f"depeche {__version__}")
        raise typer.Exit


@app.command()
def run(
    inputs: Inputs,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder for the results.")],
    config: ConfigName = "embedded",
    device: DeviceName = None,
    text_field: TextField = "text",
    id_field: IdField = None,
    title_field: TitleField = None,
    encoding: Encoding = None,
    other: Other = None,
    sentences: Sentences = None,
    words: Words = None,
    batch_size: Annotated[Optional[int], typer.Option(help="Documents in memory at once.", show_default=False)] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Replace an earlier run in the folder.")] = False,
    quiet: Quiet = False,
) -> None:
    """Translate and summarise articles into a folder of records, pairs, summaries and bitext."""
    from pipeline.readers import ReadOptions
    from pipeline.run import run_folder

    options = ReadOptions(text_field=text_field, id_field=id_field, title_field=title_field, encoding=encoding)
    settings = _settings(config, device, other, sentences, words, batch_size)
    outcome = run_folder(inputs, out, settings, options, fresh=fresh, quiet=quiet)
    if not quiet:
        print(outcome.line, file=sys.stderr)
    raise typer.Exit(1 if outcome.counts.failed else 0)


@app.command()
def translate(
    config: ConfigName = "embedded",
    device: DeviceName = None,
    lines: Annotated[
        bool, typer.Option("--lines", help="One line in, one line out, nothing taken for noise: for test sets.")
    ] = False,
    other: Other = None,
    quiet: Quiet = False,
) -> None:
    """Translate plain text from stdin to stdout, its paragraphs kept."""
    from pipeline import filters

    settings = _settings(config, device, other)
    raise typer.Exit(filters.translate_lines(settings) if lines else filters.translate_text(settings, quiet))


@app.command()
def summarize(
    config: ConfigName = "embedded",
    device: DeviceName = None,
    sentences: Sentences = None,
    words: Words = None,
    quiet: Quiet = False,
) -> None:
    """Summarise a French or English text from stdin in English, on stdout."""
    from pipeline import filters

    raise typer.Exit(filters.summarize_text(_settings(config, device, "keep", sentences, words), quiet))


@app.command()
def detect(
    inputs: Inputs,
    config: ConfigName = "embedded",
    text_field: TextField = "text",
    id_field: IdField = None,
    encoding: Encoding = None,
) -> None:
    """Print the language of each document with its confidence: id, language, confidence, separated by tabs."""
    from pipeline import filters
    from pipeline.readers import ReadOptions

    options = ReadOptions(text_field=text_field, id_field=id_field, encoding=encoding)
    raise typer.Exit(filters.detect(inputs, _settings(config), options))


@app.command()
def doctor() -> None:
    """Say what is installed, which device and models there are, and how to get what is missing."""
    from pipeline.doctor import State, report

    lines = list(report())
    for state, line in lines:
        print(f"{state:8}  {line}")
    raise typer.Exit(1 if any(state is State.MISSING for state, _ in lines) else 0)


@app.command()
def convert(
    model: Annotated[str, typer.Argument(help="A hub name in the local cache, or a checkpoint's folder.")],
    target: Annotated[Path, typer.Argument(help="The folder to write.")],
) -> None:
    """Copy a checkpoint whose weights are pickled (.bin) to safetensors, without running what is in the pickle."""
    from pipeline.backends.checkpoint import convert as convert_checkpoint

    print(f"wrote {convert_checkpoint(model, target)}", file=sys.stderr)


def _settings(
    config: str,
    device: str | None = None,
    other: str | None = None,
    sentences: int | None = None,
    words: int | None = None,
    batch_size: int | None = None,
) -> Any:
    from pipeline.config import load

    return load(config).overridden(
        run__device=device,
        run__batch_size=batch_size,
        detect__other=other,
        summarizer__sentences=sentences,
        summarizer__words=words,
    )


def main() -> None:
    """Run the command line; errors of ours are one line on stderr and exit code 2."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(
            signal.SIGPIPE, signal.SIG_DFL
        )  # a reader that closes our output ends us quietly, as it ends `cat`
    try:
        app()
    except DepecheError as error:
        print(f"depeche: {error}", file=sys.stderr)
        sys.exit(2)
