"""The run in the layouts that other tools expect.

sacreBLEU and `comet-score` read line-aligned files: `bitext.<language>` of a run are that already, and references are
written beside them. mt-metrics-eval reads a folder a test set (see "File organization" in its README):
`sources/SRC-TGT.txt`, `documents/SRC-TGT.docs` (domain and document a line), `references/SRC-TGT.NAME.txt`,
`system-outputs/SRC-TGT/SYSTEM.txt`, `metric-scores/SRC-TGT/METRIC-REF.LEVEL.score`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.errors import InputError, OutputError
from pipeline.evaluation.evaluation import Evaluation
from pipeline.evaluation.metrics.measured import Measured
from pipeline.evaluation.units import Units

SYSTEM, TESTSET, DOMAIN = "depeche", "run", "news"
_BLANK = re.compile(r"\s+")
_README = """# Export of a run

Line-aligned, a {unit} a line:

    sacrebleu {references} -i hypotheses.{target} -m bleu chrf ter
    {comet}

For mt-metrics-eval, the test set `{testset}` with the system `{system}`:

    from mt_metrics_eval import data
    data.EvalSet("{testset}", "{source}-{target}", read_stored_metric_scores=True, path="mt-metrics-eval")
"""


def export(evaluation: Evaluation, folder: str | Path) -> tuple[Path, ...]:
    """Write what an evaluation set beside its references into a new or empty folder; returns the files.

    Raises:
        InputError: the evaluation had no references of translations.
        OutputError: the folder holds something, or cannot be written.
    """
    found = [(units, measured) for units, measured in evaluation.units if units.unit != "summary" and units.references]
    if not found:
        raise InputError("an export needs references of translations; give them with --references")
    units, measured = found[0]
    folder, run = Path(folder), evaluation.run
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise OutputError(f"{str(folder)!r} is not empty; choose another folder for the export")
        files = _plain(units, run.source, run.target)
        files |= _metrics_eval(units, measured, f"{run.source}-{run.target}")
        files["README.md"] = [_readme(units, run.source, run.target)]
        for name, lines in files.items():
            _write(folder / name, lines)
        (folder / "mt-metrics-eval" / TESTSET / "human-scores").mkdir()
    except OSError as error:
        raise OutputError(f"cannot export to {str(folder)!r}: {error.strerror or type(error).__name__}") from error
    return tuple(folder / name for name in files)


def _plain(units: Units, source: str, target: str) -> dict[str, Sequence[str]]:
    files = {f"sources.{source}": units.sources, f"hypotheses.{target}": units.hypotheses}
    return files | {f"references{n}.{target}": stream for n, stream in enumerate(_streams(units))}


def _metrics_eval(units: Units, measured: Sequence[Measured], pair: str) -> dict[str, Sequence[str]]:
    room = f"mt-metrics-eval/{TESTSET}"
    files: dict[str, Sequence[str]] = {
        f"{room}/sources/{pair}.txt": units.sources,
        f"{room}/documents/{pair}.docs": [f"{DOMAIN} {_atom(identity)}" for identity in units.ids],
        f"{room}/system-outputs/{pair}/{SYSTEM}.txt": units.hypotheses,
    }
    for number, stream in enumerate(_streams(units)):
        files[f"{room}/references/{pair}.ref{number}.txt"] = stream
    held = "ref0" if len(units.references) == 1 else "all"
    for one in measured:
        if one.value is not None and one.each:
            name = f"{room}/metric-scores/{pair}/{one.name}-{held}"
            files[f"{name}.sys.score"] = [f"{SYSTEM}\t{one.value:.6f}"]
            files[f"{name}.seg.score"] = [f"{SYSTEM}\t{score:.6f}" for score in one.each]
    return files


def _readme(units: Units, source: str, target: str) -> str:
    references = " ".join(f"references{n}.{target}" for n in range(len(units.references)))
    comet = f"comet-score -s sources.{source} -t hypotheses.{target} -r references0.{target}"
    if units.unit == "document":
        comet = "(not for comet-score, which would cut whole documents: line-aligned references are for it)"
    return _README.format(
        unit=units.unit,
        references=references,
        comet=comet,
        source=source,
        target=target,
        testset=TESTSET,
        system=SYSTEM,
    ).removesuffix("\n")


def _streams(units: Units) -> list[list[str]]:
    """A unit with fewer references than others has its first one again, which changes no score."""
    firsts = [units.of(place)[0] for place in range(len(units))]
    return [[text or first for text, first in zip(stream, firsts, strict=True)] for stream in units.references]


def _atom(identity: str) -> str:
    """An id without blanks, which end a name there: each is a percent sign and its code."""
    return _BLANK.sub(lambda blank: "".join(f"%{ord(c):02X}" for c in blank[0]), identity.replace("%", "%25")) or "%"


def _write(path: Path, lines: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{line}\n" for line in lines)
