"""Scores in tables for people: plain text for a terminal, Markdown for a card or a paper."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.markup import bullets, fold, table
from pipeline.scores import LABELS, Score

if TYPE_CHECKING:
    from pipeline.evaluation.evaluation import Evaluation, Scored

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~$<>])")
_UNITS = {"segment": "segments", "document": "documents", "summary": "summaries"}
_COLUMNS = ("score", "value", "95 % interval", "of", "what")
_MOST = 8  # names of a breakdown that are shown
Row = Sequence[str]


def lines(evaluation: Evaluation) -> Iterator[str]:
    """Yield an evaluation as text: scores by topic, counts, signatures, gates."""
    rows = [row[:4] for row in _rows(evaluation)]
    yield from aligned([("score", "value", "95 % interval", "of"), *rows], right=(1,))
    if missing := [score for score in evaluation.scores if score.value is None]:
        yield ""
        yield from _not_computed(missing)
    yield ""
    yield from _counts(evaluation)
    yield from signatures(evaluation)
    yield from (f"gate: {line}" for line in _gates(evaluation))


def signatures(evaluation: Evaluation) -> Iterator[str]:
    """Yield the signature of each score against references, then those of the others, which share them but the name."""
    shared: dict[str, None] = {}
    for score in evaluation.scores:
        if score.value is None:
            continue
        if score.name in LABELS:
            yield f"{LABELS[score.name]} ({_UNITS[score.unit]}): {score.signature}"
        else:
            shared[score.signature.replace(f"score:{score.name}|", "score:NAME|")] = None
    for signature in shared:
        yield f"{'words counted' if '|tok:' in signature else 'without references'}: {signature}"


def _not_computed(scores: Sequence[Scored]) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for score in scores:
        reasons.setdefault(score.note or "", []).append(score.name)
    for reason, names in reasons.items():
        yield f"not computed, {reason}: {', '.join(names)}"


def _counts(evaluation: Evaluation) -> Iterator[str]:
    for name, counts in evaluation.breakdown.to_dict().items():
        if counts:
            shown = [f"{_safe(kind)} {count}" for kind, count in list(counts.items())[:_MOST]]
            more = f", {len(counts) - _MOST} more kinds" if len(counts) > _MOST else ""
            unit = " (characters)" if name == "noise" else ""
            yield f"{name}{unit}: {', '.join(shown)}{more}"


def _rows(evaluation: Evaluation) -> list[Row]:
    """The scores that were computed, those against references first: they are what one looks for."""
    computed = [score for score in evaluation.scores if score.value is not None]
    return [_row(score, evaluation) for score in sorted(computed, key=lambda score: score.name not in LABELS)]


def _row(score: Scored, evaluation: Evaluation) -> Row:
    known = evaluation.catalogue[score.name]
    label = LABELS.get(score.name, score.name)
    says = "" if score.name in LABELS else known.says
    of = f"{score.count:g} {known.of if score.name not in LABELS else _UNITS[score.unit]}"
    return label, figure(score.value, known), interval(score, known), of, says


def figure(value: float | None, known: Score) -> str:
    """Return a value with the digits that its scale deserves."""
    if value is None:
        return "–"
    return (
        f"{value:.4f}"
        if known.most == 1
        else f"{value:.2f}"
        if known.most == 100 or known.name == "ter"
        else f"{value:.3f}"
    )


def interval(score: Scored, known: Score) -> str:
    """Return the interval in brackets; nothing where there is none."""
    if score.low is None or score.high is None:
        return ""
    return f"[{figure(score.low, known)}, {figure(score.high, known)}]"


def aligned(rows: Sequence[Row], right: Sequence[int] = ()) -> Iterator[str]:
    """Yield rows with their columns below each other."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = (c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        yield "  ".join(cells).rstrip()


def markdown(evaluation: Evaluation) -> str:
    """Return the scores as a Markdown table with their signatures; nothing from outside becomes mark-up in it."""
    rows = _rows(evaluation)
    body = ["| " + " | ".join(_COLUMNS) + " |", "|---|---:|---|---:|---|"]
    body += ["| " + " | ".join(map(_escaped, row)) + " |" for row in rows]
    if gates := _gates(evaluation):
        body += ["", "Gates:", "", *(f"- {_escaped(line)}" for line in gates)]
    listed = [f"    {' '.join(line.split())}" for line in signatures(evaluation)]
    return "\n".join([*body, "", "Signatures:", "", *listed, ""])


def notebook(evaluation: Evaluation) -> str:
    """Return the scores as HTML: a table, the gates, what was not computed, and the signatures behind a fold."""
    rows = _rows(evaluation)
    missing = _not_computed([score for score in evaluation.scores if score.value is None])
    parts = (
        table(_COLUMNS, (map(html.escape, row) for row in rows)),
        bullets(map(html.escape, [*_gates(evaluation), *missing])),
        fold("Signatures", bullets(f"<code>{html.escape(line)}</code>" for line in signatures(evaluation))),
    )
    return f"<div>{''.join(parts)}</div>"


def _gates(evaluation: Evaluation) -> list[str]:
    return [one.failure or f"{one.gate.name} holds" for one in evaluation.judgements]


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))


def _safe(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
