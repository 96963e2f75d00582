"""Two runs side by side: which score differs, whether that is chance, which documents and findings changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import InputError
from pipeline.evaluation.choice import choose
from pipeline.evaluation.gathering import gather
from pipeline.evaluation.references import read
from pipeline.evaluation.resampling import SEED, TRIALS, p_values
from pipeline.evaluation.runs import Run
from pipeline.evaluation.significance import Side, Tested, TestName, tested
from pipeline.evaluation.tables import Matrix, Table, ratio
from pipeline.scores import Score, catalogue
from pipeline.version import __version__

ALPHA = 0.05
MOST = 10


@dataclass(frozen=True, slots=True)
class Difference:
    """A score of run A and of run B, B minus A, and the probability of a difference as large by chance.

    A value is None where there is nothing to score, and then there is no difference either.
    """

    name: str
    a: float | None
    b: float | None
    p: float | None
    signature: str
    better: str | None = None
    note: str | None = None

    @property
    def change(self) -> float | None:
        """B minus A."""
        return None if self.a is None or self.b is None else self.b - self.a

    @property
    def verdict(self) -> str:
        """ "better" or "worse" for B where p is below 0.05, "different" where neither way is better; else ""."""
        if not self.change or self.p is None or self.p >= ALPHA:
            return ""
        if self.better is None:
            return "different"
        return "better" if (self.change > 0) == (self.better == "higher") else "worse"


@dataclass(frozen=True, slots=True)
class DocumentDifference:
    """A document whose score differs: the one of its scores that differs most, in standard deviations of that score's
    differences over all documents.
    """

    id: str
    score: str
    a: float
    b: float
    deviations: float


@dataclass(frozen=True, slots=True)
class FindingsChange:
    """How often a kind of finding stands in A and in B; `gained` and `lost` count document by document."""

    kind: str
    a: int
    b: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that `compare` finds. `common` documents are in both runs, the others are left out of every figure."""

    a: Run
    b: Run
    common: int
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    differences: tuple[Difference, ...]
    documents: tuple[DocumentDifference, ...]
    findings: tuple[FindingsChange, ...]
    catalogue: Mapping[str, Score]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, figures rounded to what two machines agree on."""
        return {
            "format": "depeche-comparison",
            "format_version": 1,
            "depeche": __version__,
            "runs": {name: _run(run) for name, run in (("a", self.a), ("b", self.b))},
            "documents": {"common": self.common, "only_a": len(self.only_a), "only_b": len(self.only_b)},
            "differences": [_rounded(asdict(d) | {"change": d.change, "verdict": d.verdict}) for d in self.differences],
            "most_different": [_rounded(asdict(document)) for document in self.documents],
            "findings": [asdict(change) for change in self.findings],
        }


def compare(
    a: str | Path,
    b: str | Path,
    references: Sequence[str | Path] = (),
    metrics: Sequence[str] = (),
    test: TestName = "ar",
    partial: bool = False,
) -> Comparison:
    """Compare two finished runs over the documents that both have.

    With `references` BLEU, chrF and TER are tested by sacreBLEU: `test` "ar" is its approximate randomisation, "bs"
    its paired bootstrap. All else is tested by paired approximate randomisation over documents.

    Raises:
        InputError: a folder is no finished run, the runs are of other languages or have no document in common, or the
            references do not fit.
        ConfigError: no such metric, or a library is not installed.
    """
    runs = Run(a), Run(b)
    if (runs[0].source, runs[0].target) != (runs[1].source, runs[1].target):
        raise InputError("the two runs are of other languages; they cannot be compared")
    given = read(references)
    known = catalogue(runs[0].source, runs[0].target)
    choice = choose(metrics, given, target=runs[0].target)
    sides = [gather(run, texts=bool(given), findings=True) for run in runs]
    tables = sides[0].table, sides[1].table
    places = _places(*tables)
    if not places:
        raise InputError("the two runs have no document in common; ids are compared")
    ids = [tables[0].ids[one] for one, _ in places]
    picked = [_picked(table, [pair[n] for pair in places]) for n, table in enumerate(tables)]
    texts = [Side(run, side.outputs) for run, side in zip(runs, sides, strict=True)]
    scored = [_difference(one, known) for one in tested(texts[0], texts[1], given, choice, test, partial)]
    return Comparison(
        a=runs[0],
        b=runs[1],
        common=len(ids),
        only_a=_others(tables[0], ids),
        only_b=_others(tables[1], ids),
        differences=(*scored, *_reference_free(tables[0].names, picked[0], picked[1], known)),
        documents=tuple(_most(ids, tables[0].names, picked[0], picked[1])),
        findings=tuple(_findings(sides[0].findings, sides[1].findings, ids)),
        catalogue=known,
    )


def _others(table: Table, common: Sequence[str]) -> tuple[str, ...]:
    known = set(common)
    return tuple(identity for identity in table.ids if identity not in known)


def _places(a: Table, b: Table) -> list[tuple[int, int]]:
    there = {identity: place for place, identity in enumerate(b.ids)}
    return [(place, there[identity]) for place, identity in enumerate(a.ids) if identity in there]


def _picked(table: Table, places: Sequence[int]) -> tuple[Matrix, Matrix]:
    above, below = table.matrices()
    return above[places], below[places]


def _reference_free(
    names: Sequence[str], a: tuple[Matrix, Matrix], b: tuple[Matrix, Matrix], known: Mapping[str, Score]
) -> Iterator[Difference]:
    found = p_values(a, b)
    for place, name in enumerate(names):
        one, other = (ratio(above[:, place].sum(), below[:, place].sum()) for above, below in (a, b))
        yield Difference(name, one, other, found[place], _signature(name), known[name].better)


def _signature(name: str) -> str:
    return f"depeche:{__version__}|score:{name}|unit:document|ar:{TRIALS}|seed:{SEED}"


def _difference(one: Tested, known: Mapping[str, Score]) -> Difference:
    return Difference(one.name, one.a, one.b, one.p, one.signature, known[one.name].better, one.note)


def _most(
    ids: Sequence[str], names: Sequence[str], a: tuple[Matrix, Matrix], b: tuple[Matrix, Matrix]
) -> Iterator[DocumentDifference]:
    """Yield the documents that differ most, each with the score that sets it apart."""
    values = [np.divide(up, down, out=np.full(up.shape, np.nan), where=down != 0) for up, down in (a, b)]
    change = values[1] - values[0]
    spread = np.array([np.std(column[~np.isnan(column)]) if (~np.isnan(column)).any() else 0.0 for column in change.T])
    size = np.abs(np.nan_to_num(change)) / np.where(spread > 0, spread, np.inf)
    best = size.argmax(axis=1)
    order = sorted(range(len(ids)), key=lambda row: (-round(float(size[row, best[row]]), 9), row))
    for row in order[:MOST]:
        column = int(best[row])
        if size[row, column] > 0:
            pair = float(values[0][row, column]), float(values[1][row, column])
            yield DocumentDifference(ids[row], names[column], *pair, float(size[row, column]))


def _findings(
    a: Mapping[str, Counter[str]], b: Mapping[str, Counter[str]], ids: Sequence[str]
) -> Iterator[FindingsChange]:
    gained: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    totals: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for identity in ids:
        one, other = a.get(identity, Counter()), b.get(identity, Counter())
        gained += other - one
        lost += one - other
        totals[0].update(one)
        totals[1].update(other)
    for kind in sorted({*totals[0], *totals[1]}, key=lambda kind: (-gained[kind] - lost[kind], kind)):
        yield FindingsChange(kind, totals[0][kind], totals[1][kind], gained[kind], lost[kind])


def _run(run: Run) -> dict[str, str]:
    return {"manifest_sha256": run.manifest_sha256, "signature": run.signature}


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: round(value, 6) if isinstance(value, float) else value for key, value in values.items()}
