"""Is the difference of two runs against references chance? sacreBLEU's own paired tests, and ours over documents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.errors import InputError
from pipeline.evaluation import units as beside
from pipeline.evaluation.choice import Choice
from pipeline.evaluation.metrics import sacre
from pipeline.evaluation.metrics.measured import Measured, Metric, needed
from pipeline.evaluation.references import References
from pipeline.evaluation.resampling import SEED, TRIALS, p_values
from pipeline.evaluation.runs import Run
from pipeline.evaluation.tables import Matrix
from pipeline.evaluation.units import Outputs, Units

TestName = Literal["ar", "bs"]


@dataclass(frozen=True, slots=True)
class Side:
    """A run and what it wrote."""

    run: Run
    outputs: Outputs


@dataclass(frozen=True, slots=True)
class Tested:
    """A score of both runs, and the probability of a difference as large by chance."""

    name: str
    a: float | None
    b: float | None
    p: float | None
    signature: str
    note: str | None = None


def tested(
    a: Side, b: Side, given: References, choice: Choice, test: TestName, partial: bool = False
) -> Iterator[Tested]:
    """Yield each score of translations, then of summaries, that the references allow.

    With `partial` only the documents that both runs and the references have are scored.

    Raises:
        InputError: references do not fit a run, or the runs have other documents or segments beside them.
    """
    for metrics, of in ((choice.translation, _translations), (choice.summary, _summaries)):
        if metrics:
            units = _aligned(of(a, given, choice, partial), of(b, given, choice, partial), partial)
            yield from _tested(*units, metrics, test) if units is not None else ()


def _summaries(side: Side, given: References, choice: Choice, partial: bool) -> Units | None:
    return beside.summaries(side.outputs, given, partial)


def _translations(side: Side, given: References, choice: Choice, partial: bool) -> Units | None:
    if choice.segments:
        return beside.segments(side.run, side.outputs, given)
    return beside.translations(side.run, side.outputs, given, partial)


def _aligned(a: Units | None, b: Units | None, partial: bool) -> tuple[Units, Units] | None:
    """Return the same units of both runs, in one order."""
    if a is None or b is None:
        return None
    if a.unit == "segment":
        if (a.ids, a.sources) != (b.ids, b.sources):
            raise InputError("the two runs have other segments; line-aligned references need the same in both")
        return a, b
    if set(a.ids) != set(b.ids) and not partial:
        raise InputError("the references cover documents that only one run has; give --partial to leave them out")
    there = {identity: place for place, identity in enumerate(b.ids)}
    pairs = [(place, there[identity]) for place, identity in enumerate(a.ids) if identity in there]
    if not pairs:
        raise InputError("no document has a reference and stands in both runs")
    return a.picked([one for one, _ in pairs]), b.picked([other for _, other in pairs])


def _tested(a: Units, b: Units, metrics: Collection[Metric], test: TestName) -> Iterator[Tested]:
    ours = [metric.name for metric in metrics if isinstance(metric, sacre.SacreBleu) and _fits(metric, a)]
    if ours:
        yield from _by_sacrebleu(a, b, ours, test)
    for metric in metrics:
        if isinstance(metric, sacre.SacreBleu):
            if metric.name not in ours:
                yield Tested(metric.name, None, None, None, "", metric.score(a)[0].note)
            continue
        for one, other in zip(metric.score(a), metric.score(b), strict=True):
            yield _over_documents(one, other, a)


def _fits(metric: sacre.SacreBleu, units: Units) -> bool:
    return metric.name != "ter" or units.unit != "document" or metric.asked


def _by_sacrebleu(a: Units, b: Units, names: list[str], test: TestName) -> Iterator[Tested]:
    significance = needed("sacrebleu.significance", sacre.INSTALL)
    systems = [("A", list(a.hypotheses)), ("B", list(b.hypotheses))]
    streams = [list(stream) for stream in a.references]
    with sacre.fixed_seed():
        for name in names:
            paired = significance.PairedTest(systems, {name: sacre.make(name)}, streams, test_type=test)
            signatures, scores = paired()
            label = next(key for key in scores if key != "System")
            one, other = scores[label]
            yield Tested(name, float(one.score), float(other.score), float(other.p_value), str(signatures[label]))


def _over_documents(one: Measured, other: Measured, units: Units) -> Tested:
    """Swap the scores of documents between the two runs; see `resampling.p_values`."""
    if one.value is None or other.value is None or not one.each:
        return Tested(one.name, one.value, other.value, None, one.signature, one.note or other.note)
    places = {identity: place for place, identity in enumerate(dict.fromkeys(units.ids))}
    pairs = [_sums(measured.each, units.ids, places) for measured in (one, other)]
    signature = f"{one.signature.partition('|bs:')[0]}|ar:{TRIALS}|seed:{SEED}|unit:document"
    return Tested(one.name, one.value, other.value, p_values(pairs[0], pairs[1])[0], signature)


def _sums(values: tuple[float, ...], ids: tuple[str, ...], places: Mapping[str, int]) -> tuple[Matrix, Matrix]:
    sums, counts = np.zeros((len(places), 1)), np.zeros((len(places), 1))
    for identity, value in zip(ids, values, strict=True):
        sums[places[identity]] += value
        counts[places[identity]] += 1
    return sums, counts
