"""One pass over the records of a run: what is computed of each document, and no more than that is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipeline.evaluation.breakdown import Breakdown
from pipeline.evaluation.reference_free import tallies
from pipeline.evaluation.runs import Run
from pipeline.evaluation.tables import Table
from pipeline.evaluation.units import Outputs
from pipeline.scores import catalogue


@dataclass(frozen=True, slots=True)
class Gathered:
    """The scores of each document, the counts of the run, its texts and the findings of each document where asked."""

    table: Table
    breakdown: Breakdown
    outputs: Outputs
    findings: dict[str, Counter[str]] = field(default_factory=dict)


def gather(run: Run, texts: bool = False, findings: bool = False) -> Gathered:
    """Read the records once.

    Raises:
        InputError: a record is not whole, or the file is not the one that the run wrote.
    """
    known = catalogue(run.source, run.target)
    table = Table([name for name, score in known.items() if score.topic != "references"])
    found = Gathered(table, Breakdown(), Outputs(texts))
    for document in run.documents():
        table.add(document.id, tallies(document, run.source, run.target))
        found.breakdown.add(document, run.target)
        found.outputs.add(document)
        if findings and document.findings:
            found.findings[document.id] = Counter(finding.kind for finding in document.findings)
    return found
