"""A comparison of two runs in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.evaluation.comparison import ALPHA, Comparison, Difference
from pipeline.evaluation.references import few
from pipeline.evaluation.rendering import Row, aligned, figure
from pipeline.scores import LABELS


def lines(comparison: Comparison) -> Iterator[str]:
    """Yield a comparison as text: what differs in the documents, the scores, the documents, the findings."""
    for name, only in (("A", comparison.only_a), ("B", comparison.only_b)):
        if only:
            yield f"only in {name}, left out: {len(only)} documents, {few(only)}"
    yield f"{comparison.common} documents in both"
    rows = [_row(one, one.change, comparison) for one in comparison.differences if one.change is not None]
    yield from aligned([("score", "A", "B", "B - A", "p", ""), *rows], right=(1, 2, 3, 4))
    yield from (f"{one.name}: {one.note}" for one in comparison.differences if one.note)
    yield f"p is of each score alone; of {len(rows)} about {len(rows) * ALPHA:.0f} fall below {ALPHA} by chance"
    yield from _changes(comparison)
    yield from _signatures(comparison.differences)


def _row(one: Difference, change: float, comparison: Comparison) -> Row:
    known = comparison.catalogue[one.name]
    p = "" if one.p is None or change == 0 else f"{one.p:.4f}"  # of no difference sacreBLEU gives its smallest p
    sign = "" if change < 0 else "+"
    label = LABELS.get(one.name, one.name)
    return label, figure(one.a, known), figure(one.b, known), sign + figure(change, known), p, one.verdict


def _changes(comparison: Comparison) -> Iterator[str]:
    if comparison.documents:
        yield "documents that differ most:"
    for one in comparison.documents:
        yield f"  {_safe(one.id)}: {one.score} {one.a:.4g} → {one.b:.4g} ({one.deviations:.1f} standard deviations)"
    changed = [one for one in comparison.findings if one.gained or one.lost]
    if changed:
        yield "findings gained and lost:"
    for change in changed:
        yield f"  {_safe(change.kind)}: {change.a} → {change.b} (+{change.gained}, -{change.lost})"


def _signatures(differences: Sequence[Difference]) -> Iterator[str]:
    free = next((one for one in differences if one.signature.startswith("depeche:")), None)
    for one in differences:
        if one.signature and not one.signature.startswith("depeche:"):
            yield f"{one.name}: {one.signature}"
    if free is not None:
        yield f"the others: {free.signature.replace(free.name, 'NAME')}"


def _safe(text: str) -> str:
    shown = text if len(text) <= 120 else text[:117] + "..."
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
