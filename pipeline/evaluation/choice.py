"""Which metrics score a run against its references, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import ConfigError, nearest
from pipeline.evaluation.metrics import bertscore, comet, rouge, sacre
from pipeline.evaluation.metrics.measured import Metric, needed
from pipeline.evaluation.references import References

METRICS = (*sacre.NAMES, "rouge", "comet", "bertscore")
_NEURAL = {"comet": comet.DEFAULT, "bertscore": bertscore.DEFAULT}


@dataclass(frozen=True, slots=True)
class Choice:
    """The metrics for translations and those for summaries; `segments` says that COMET goes without references."""

    translation: tuple[Metric, ...] = ()
    summary: tuple[Metric, ...] = ()
    segments: bool = False


def choose(
    names: Sequence[str], references: References, checkpoints: Mapping[str, str] | None = None, target: str = "en"
) -> Choice:
    """Return the metrics that are named, else BLEU, chrF2, chrF2++ and TER for translations and ROUGE for summaries.

    `checkpoints` names that of "comet" and of "bertscore".

    Raises:
        ConfigError: no metric has this name, it has nothing to be held against, or its library is not installed.
    """
    for name in names:
        if name not in METRICS:
            raise ConfigError(f"no metric {name!r}{nearest(name, METRICS)}; metrics: {', '.join(METRICS)}")
    models = _NEURAL | dict(_checked(checkpoints or {}))
    translated = bool(references.translations or references.streams)
    wanted = list(names) or [*sacre.NAMES, "rouge"]
    _check_needs(names, translated, bool(references.summaries))
    translation: list[Metric] = []
    if translated:
        translation += [sacre.SacreBleu(name, asked=name in names) for name in sacre.NAMES if name in wanted]
        translation += [bertscore.BertScore("bertscore", models["bertscore"], target)] * ("bertscore" in wanted)
    translation += [comet.Comet(models["comet"])] * ("comet" in wanted)
    summary: list[Metric] = []
    if references.summaries:
        summary += [rouge.Rouge()] * ("rouge" in wanted)
        summary += [bertscore.BertScore("bertscore_summary", models["bertscore"], target)] * ("bertscore" in wanted)
    _check_libraries(translation, summary)
    return Choice(tuple(translation), tuple(summary), segments="comet" in wanted and not translated)


def _checked(checkpoints: Mapping[str, str]) -> Mapping[str, str]:
    for name in checkpoints:
        if name not in _NEURAL:
            raise ConfigError(f"checkpoints are for {' and '.join(_NEURAL)}, not for {name!r}{nearest(name, _NEURAL)}")
    return checkpoints


def _check_needs(names: Sequence[str], translated: bool, summarised: bool) -> None:
    for name in names:
        of_summaries = name == "rouge"
        fits = summarised if of_summaries else translated or name == "comet" or (name == "bertscore" and summarised)
        if not fits:
            kind = "summaries (ID.summary.en, or a field 'summary')" if of_summaries else "translations"
            raise ConfigError(f"{name} needs references of {kind}; give them with --references")


def _check_libraries(translation: Sequence[Metric], summary: Sequence[Metric]) -> None:
    """Say what is not installed before any record is read."""
    if any(isinstance(metric, sacre.SacreBleu) for metric in translation):
        needed("sacrebleu", sacre.INSTALL)
    if any(isinstance(metric, rouge.Rouge) for metric in summary):
        needed("rouge_score", sacre.INSTALL)
    if any(isinstance(metric, bertscore.BertScore) for metric in (*translation, *summary)):
        needed("bert_score", bertscore.INSTALL)
