"""One run, scored: every number with its interval, its signature, and how many things it is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pipeline import gates as gating
from pipeline.evaluation import units as beside
from pipeline.evaluation.breakdown import Breakdown
from pipeline.evaluation.choice import Choice, choose
from pipeline.evaluation.gathering import gather
from pipeline.evaluation.metrics.measured import Measured, needed
from pipeline.evaluation.references import References, read
from pipeline.evaluation.resampling import RESAMPLES, SEED, intervals
from pipeline.evaluation.runs import Run
from pipeline.evaluation.tables import Table, ratio
from pipeline.evaluation.units import Outputs, Units
from pipeline.evaluation.words import TOKENS
from pipeline.gates import Gate, Judgement
from pipeline.scores import LABELS, Score, catalogue
from pipeline.version import __version__

if TYPE_CHECKING:
    import datasets
    import pandas as pd

FORMAT, FORMAT_VERSION = "depeche-evaluation", 1
_DIGITS = 6  # of a figure in a file: what two machines agree on


@dataclass(frozen=True, slots=True)
class Scored:
    """A score of a run. `count` things were scored, `unit` is what was resampled for the interval.

    `value` is None where it could not be computed, `note` then says why.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    count: float
    unit: str
    signature: str
    note: str | None = None


@dataclass(frozen=True)
class Evaluation:
    """The scores of a run; `documents` has those of each document, `units` those of each text with a reference."""

    run: Run
    scores: tuple[Scored, ...]
    breakdown: Breakdown
    judgements: tuple[Judgement, ...]
    documents: Table
    units: tuple[tuple[Units, tuple[Measured, ...]], ...] = ()
    catalogue: Mapping[str, Score] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, float]:
        """The scores that could be computed, by name."""
        return {score.name: score.value for score in self.scores if score.value is not None}

    @property
    def failures(self) -> tuple[str, ...]:
        """What each gate that is shut says."""
        return tuple(one.failure for one in self.judgements if one.failure is not None)

    @property
    def missing(self) -> tuple[str, ...]:
        """What is said of each score against references that could not be computed."""
        return tuple(f"{one.name}: {one.note}" for one in self.scores if one.value is None and one.name in LABELS)

    @property
    def exit_code(self) -> int:
        """0 where every gate is open, else 1."""
        return 1 if self.failures else 0

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, figures rounded to what two machines agree on."""
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "depeche": __version__,
            "run": {
                "manifest_sha256": self.run.manifest_sha256,
                "signature": self.run.signature,
                "languages": {"source": self.run.source, "target": self.run.target},
                "documents": len(self.documents),
                "skipped": self.breakdown.skipped,
            },
            "scores": [_rounded(asdict(score)) for score in self.scores],
            "gates": [_rounded(judgement.to_dict()) for judgement in self.judgements],
            "counts": self.breakdown.to_dict(),
        }

    def rows(self, name: Literal["scores", "documents", "units"] = "scores") -> Iterator[dict[str, Any]]:
        """Yield the scores of the run, of each document, or of each text with a reference, as flat rows."""
        if name == "scores":
            yield from (_rounded(asdict(score)) for score in self.scores)
        elif name == "documents":
            yield from (_rounded({"id": identity, **found}) for identity, found in self.documents.rows())
        else:
            for units, measured in self.units:
                yield from _unit_rows(units, measured)

    def to_pandas(self, name: Literal["scores", "documents", "units"] = "scores") -> pd.DataFrame:
        """Return `rows` as a data frame, one column a score for documents and units."""
        frame: pd.DataFrame = needed("pandas", "pip install pandas").DataFrame(list(self.rows(name)))
        return frame

    def to_dataset(self, name: Literal["scores", "documents", "units"] = "scores") -> datasets.Dataset:
        """Return `rows` as a `datasets.Dataset`."""
        library = needed("datasets", "pip install 'depeche[datasets]'")
        found: datasets.Dataset = library.Dataset.from_pandas(self.to_pandas(name), preserve_index=False)
        return found

    def _repr_html_(self) -> str:
        """Return the scores as a notebook shows them."""
        from pipeline.evaluation.rendering import notebook  # it knows this class

        return notebook(self)


def evaluate(
    run: str | Path | Run,
    references: Sequence[str | Path] | References = (),
    metrics: Sequence[str] = (),
    checkpoints: Mapping[str, str] | None = None,
    gates: Mapping[str, Any] | None = None,
    partial: bool = False,
) -> Evaluation:
    """Score a finished run: always what needs no reference, and with `references` what does.

    `references` are paths (see `references.read`); `metrics` names those to use instead of the default ones;
    `checkpoints` those of "comet" and "bertscore"; `gates` bounds as a configuration has them; with `partial` only
    what has a reference is scored against references.

    Raises:
        InputError: the folder is no finished run, a record or a reference is not as it must be.
        ConfigError: no such metric or score, or a library is not installed.
        MissingModelError: a checkpoint is not on this machine.
    """
    run = run if isinstance(run, Run) else Run(run)
    bounds = gating.parse(gates or {}, run.source, run.target)
    given = references if isinstance(references, References) else read(references)
    choice = choose(metrics, given, checkpoints, run.target)
    found = gather(run, texts=bool(given))
    measured = _measured(run, found.outputs, given, choice, partial)
    known = catalogue(run.source, run.target)
    scores = (*reference_free(found.table, known), *(_scored(one) for _, several in measured for one in several))
    judged = tuple(_judged(gate, scores) for gate in bounds)
    return Evaluation(run, scores, found.breakdown, judged, found.table, measured, known)


def _judged(gate: Gate, scores: Sequence[Scored]) -> Judgement:
    score = next((score for score in scores if score.name == gate.name), None)
    if score is None:
        return gating.judge(gate, None, "no references were given for it")
    return gating.judge(gate, score.value, score.note)


def reference_free(table: Table, known: Mapping[str, Score]) -> Iterator[Scored]:
    """Yield the corpus scores of a table with their intervals."""
    above, below = table.matrices()
    bounds = intervals(above, below)
    for place, name in enumerate(table.names):
        count = float(below[:, place].sum())
        value = ratio(above[:, place].sum(), count)
        low, high = bounds[place] or (None, None)
        note = None if value is not None else f"no {known[name].of} to score"
        yield Scored(name, value, low, high, count, "document", signature(name), note)


def signature(name: str) -> str:
    """Return the signature of a score that needs no reference."""
    tokens = (
        f"|tok:{TOKENS}|case:lc" if "grams" in name or name.startswith(("coverage", "density", "compression")) else ""
    )
    return f"depeche:{__version__}|score:{name}|agg:sum/sum{tokens}|unit:document|bs:{RESAMPLES}|seed:{SEED}"


def _measured(
    run: Run, outputs: Outputs, given: References, choice: Choice, partial: bool
) -> tuple[tuple[Units, tuple[Measured, ...]], ...]:
    translated = beside.translations(run, outputs, given, partial) if choice.translation else None
    if translated is None and choice.segments:
        translated = beside.segments(run, outputs, given)
    summarised = beside.summaries(outputs, given, partial) if choice.summary else None
    return tuple(
        (units, tuple(one for metric in metrics for one in metric.score(units)))
        for units, metrics in ((translated, choice.translation), (summarised, choice.summary))
        if units is not None and len(units)
    )


def _scored(one: Measured) -> Scored:
    return Scored(one.name, one.value, one.low, one.high, one.count, one.unit, one.signature, one.note)


def _unit_rows(units: Units, measured: Sequence[Measured]) -> Iterator[dict[str, Any]]:
    for place, identity in enumerate(units.ids):
        scores = {one.name: one.each[place] for one in measured if one.each}
        yield _rounded({"unit": units.unit, "document_id": identity, **scores})


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: round(value, _DIGITS) if isinstance(value, float) else value for key, value in values.items()}
