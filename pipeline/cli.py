"""Words in, exit code out.

0: all good; 1: some documents failed and are in the output with their reason; 2: could not start, or could not go
on; 130 and 143: stopped by Ctrl-C or SIGTERM, with all that was finished kept.
"""

from __future__ import annotations

import io
import signal
import sys
import traceback
from collections.abc import Iterable
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

Metrics = Annotated[
    Optional[list[str]],
    typer.Option("--metric", help="bleu, chrf2, chrf2pp, ter, rouge, comet, bertscore; repeatable."),
]
Partial = Annotated[bool, typer.Option("--partial", help="Score only what has a reference.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


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
    batch_size: Annotated[Optional[int], typer.Option(help="Documents of a batch.", show_default=False)] = None,
    in_flight: Annotated[Optional[int], typer.Option(help="Batches at work at once.", show_default=False)] = None,
    threads: Annotated[Optional[int], typer.Option(help="Processors to keep busy.", show_default=False)] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over, whatever run the folder holds.")] = False,
    quiet: Quiet = False,
) -> None:
    """Translate and summarise articles into a folder of records, pairs, summaries and bitext.

    A run that was cut off goes on where it stood when the same command is given again; more inputs extend it.
    """
    from pipeline.machine import share_heaps
    from pipeline.stopping import on_signals

    share_heaps()
    with on_signals() as stop:
        from pipeline.readers import ReadOptions
        from pipeline.run import run_folder

        work = {"batch_size": batch_size, "in_flight": in_flight, "threads": threads}
        settings = _settings(config, device, other, sentences, words, **work)
        longest = settings.run.max_document_bytes
        options = ReadOptions(text_field, id_field, title_field, encoding, longest)
        outcome = run_folder(inputs, out, settings, options, fresh=fresh, quiet=quiet, stop=stop)
    if not quiet or stop.requested:
        print(outcome.line, file=sys.stderr)
    raise typer.Exit(outcome.exit_code)


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
def diff(
    run_a: Annotated[Path, typer.Argument(help="The output folder of a finished run.", show_default=False)],
    run_b: Annotated[Path, typer.Argument(help="The one that it is compared with.", show_default=False)],
    limit: Annotated[int, typer.Option(min=0, help="Most documents that are listed; 0 lists all.")] = 20,
    text: Annotated[bool, typer.Option("--text", help="Show the texts that differ as well.")] = False,
) -> None:
    """Say what differs between two runs, settings first, then documents: exit code 0 nothing, 1 something."""
    from pipeline.differences import compare
    from pipeline.differences.report import lines

    found = compare(run_a, run_b)
    for line in lines(found, limit, text):
        print(line)
    raise typer.Exit(0 if found.is_empty else 1)


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


@app.command()
def evaluate(
    run: Annotated[Path, typer.Argument(help="The output folder of a finished run.", show_default=False)],
    references: Annotated[
        Optional[list[Path]],
        typer.Option("--references", "-r", help="A folder of ID.en, ID.summary.en; JSONL or CSV; line-aligned files."),
    ] = None,
    metric: Metrics = None,
    checkpoint: Annotated[
        Optional[list[str]], typer.Option(help="comet=NAME or bertscore=NAME@LAYER: a hub name, folder or file.")
    ] = None,
    config: Annotated[
        Optional[str], typer.Option("--config", "-c", help="Take the gates of this configuration.")
    ] = None,
    gate: Annotated[Optional[list[str]], typer.Option(help="SCORE=NUMBER: the worst value that passes.")] = None,
    partial: Partial = False,
    export: Annotated[Optional[Path], typer.Option(help="Write files for sacreBLEU, COMET, mt-metrics-eval.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score a run, with references or without; the scores go beside it. Exit code 1: a gate is shut."""
    from pipeline import evaluation
    from pipeline.evaluation.arguments import checkpoints, gates
    from pipeline.evaluation.rendering import lines

    bounds = {**(_settings(config).gates if config else {}), **gates(gate or ())}
    found = evaluation.evaluate(run, references or (), metric or (), checkpoints(checkpoint or ()), bounds, partial)
    _print(found.to_dict() if as_json else None, lines(found))
    evaluation.save(found)
    if export is not None:
        evaluation.export(found, export)
    for failure in found.failures:
        print(f"depeche: gate: {failure}", file=sys.stderr)
    missing = found.missing if metric else ()
    for line in missing:
        print(f"depeche: not computed: {line}", file=sys.stderr)
    raise typer.Exit(found.exit_code or int(bool(missing)))


@app.command()
def compare(
    run_a: Annotated[Path, typer.Argument(help="The output folder of a finished run.", show_default=False)],
    run_b: Annotated[Path, typer.Argument(help="The one that it is compared with.", show_default=False)],
    references: Annotated[
        Optional[list[Path]],
        typer.Option("--references", "-r", help="As for evaluate; both runs are held against them."),
    ] = None,
    metric: Metrics = None,
    test: Annotated[
        str, typer.Option(help="For BLEU, chrF, TER: ar (approximate randomisation) or bs (bootstrap).")
    ] = "ar",
    partial: Partial = False,
    as_json: AsJson = False,
) -> None:
    """Say which scores of two runs differ beyond chance, which documents differ most, which findings came and went."""
    from pipeline import evaluation
    from pipeline.evaluation.arguments import paired_test
    from pipeline.evaluation.comparison_lines import lines

    found = evaluation.compare(run_a, run_b, references or (), metric or (), paired_test(test), partial)
    _print(found.to_dict() if as_json else None, lines(found))


@app.command()
def report(
    run: Annotated[Path, typer.Argument(help="The output folder of a finished run.", show_default=False)],
    out: Annotated[
        Optional[Path],
        typer.Option("--out", "-o", help="The HTML file; RUN-report.html beside the run's folder.", show_default=False),
    ] = None,
) -> None:
    """Write one HTML page to read a run in: French, English and summary side by side, every doubt marked."""
    from pipeline import report as reading
    from pipeline.evaluation import evaluate as scored

    reading.needed()
    print(f"wrote {reading.write(scored(run), out)}", file=sys.stderr)


@app.command()
def digest(
    runs: Annotated[
        Optional[list[Path]],
        typer.Argument(help="Finished runs to make a digest of, with --out; none: the night of --config."),
    ] = None,
    config: ConfigName = "nightly",
    out: Annotated[
        Optional[Path], typer.Option("--out", "-o", help="The folder of a digest of runs.", show_default=False)
    ] = None,
    date: Annotated[Optional[str], typer.Option(help="The day of the digest: 2026-11-22.", show_default=False)] = None,
    since: Annotated[Optional[str], typer.Option(help="From when on: 2026-11-21T05:30.", show_default=False)] = None,
    window: Annotated[Optional[str], typer.Option(help="Or how far back: 24h, 7d.", show_default=False)] = None,
    quiet: Quiet = False,
) -> None:
    """Make the digest of what is new: page, mail, feed. Exit code 1: something failed, and the digest says what."""
    from pipeline.machine import share_heaps
    from pipeline.stopping import on_signals

    share_heaps()
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # a mail server that hangs up is an error, not our end
    with on_signals() as stop:
        command = _nightly()
        code, lines = command.digest(runs or [], _settings(config), out, date, since, window, quiet, stop)
    for line in lines:
        if not quiet or code:
            print(line, file=sys.stderr)
    raise typer.Exit(code)


def _nightly() -> Any:
    try:
        from pipeline.nightly import command
    except ImportError as error:
        from pipeline.errors import ConfigError

        raise ConfigError(f"the digest needs {error.name}: pip install 'depeche[digest]'") from error
    return command


schedule = typer.Typer(
    help="Run the digest every night: a systemd user timer, or a line for a crontab.", no_args_is_help=True
)
app.add_typer(schedule, name="schedule")


@schedule.command("install")
def schedule_install(
    config: ConfigName = "nightly",
    at: Annotated[str, typer.Option(help="The time of day, local.")] = "05:30",
    cron: Annotated[bool, typer.Option("--cron", help="Print the line for a crontab and install nothing.")] = False,
) -> None:
    """Install a systemd timer for this user; a night that was missed is caught up."""
    from pipeline import scheduling

    _settings(config)  # what cannot be read is said now, and not at half past five
    when = scheduling.Schedule(at, scheduling.command(config), Path.cwd())
    for line in [scheduling.crontab_line(when)] if cron else scheduling.install(when):
        print(line)


@schedule.command("show")
def schedule_show() -> None:
    """Show the timer, and when it runs next."""
    from pipeline import scheduling

    _print(None, scheduling.show())


@schedule.command("remove")
def schedule_remove() -> None:
    """Stop the timer and remove it."""
    from pipeline import scheduling

    _print(None, scheduling.remove())


def _print(data: Any, lines: Iterable[str]) -> None:
    """Print plain values as JSON, or lines where there are none."""
    if data is not None:
        import json

        lines = [json.dumps(data, ensure_ascii=False, indent=2)]
    for line in lines:
        print(line)


def _settings(
    config: str,
    device: str | None = None,
    other: str | None = None,
    sentences: int | None = None,
    words: int | None = None,
    **run: int | None,
) -> Any:
    from pipeline.config import load

    return load(config).overridden(
        run__device=device,
        **{f"run__{name}": value for name, value in run.items()},
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
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a locale that lacks a character is no reason to stop
    try:
        app()
    except DepecheError as error:
        from pipeline.readers import printable

        print(f"depeche: {printable(str(error))}", file=sys.stderr)
        sys.exit(2)
    except MemoryError:
        print("depeche: memory ran out; give less at a time, or take a smaller model", file=sys.stderr)
        sys.exit(2)
    except Exception:
        traceback.print_exc()
        print("depeche: this is a defect of Dépêche; what a run had finished is kept", file=sys.stderr)
        sys.exit(2)
