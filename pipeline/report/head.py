"""The head of the page: what a run is, its counts, its scores, its pictures; as HTML, all that is not ours escaped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from pipeline.evaluation import Evaluation, Run
from pipeline.evaluation.rendering import figure, interval
from pipeline.report.plots import Plot, plots
from pipeline.report.tally import Tally
from pipeline.view.wording import called, weight

_TIMING = "timing.json"  # what differs between equal runs; a page says it where it is there
_COUNTS = ("documents", "translated", "summarized", "skipped", "failed")
_TOPICS = {
    "documents": "Stories",
    "translation": "Translation",
    "facts": "Figures and names",
    "summary": "Summaries",
    "references": "Against references",
}
_OF_A_STORY = ("_kept_", "_supported_", "passed_first_", "supported_")


def story_scores(evaluation: Evaluation) -> dict[str, list[tuple[str, str]]]:
    """Return, for each document by its id, the scores that a reader of it cares for: what each says, and its value."""
    known = evaluation.catalogue
    return {
        str(row["id"]): [
            (known[name].says, figure(value, known[name]))
            for name, value in row.items()
            if name != "id" and any(part in name for part in _OF_A_STORY)
        ]
        for row in evaluation.rows("documents")
    }


def head(evaluation: Evaluation, tally: Tally) -> str:
    """Return the overview of a run as HTML."""
    run = evaluation.run
    kinds = [(called("kinds", kind), weight(kind), count) for kind, count in tally.kinds()]
    parts = [
        _counts(run.manifest.get("counts", {}), sum(tally.findings.values())),
        _speed(run, sum(tally.words)),
        "".join(map(_picture, plots(tally.scores, kinds, tally.words))),
        _scores(evaluation),
        _made_with(run),
    ]
    parts[2] = f'<div class="plots">{parts[2]}</div>' if parts[2] else ""
    return "\n".join(part for part in parts if part)


def _counts(counts: Mapping[str, Any], findings: int) -> str:
    shown = [(name, counts[name]) for name in _COUNTS if isinstance(counts.get(name), int)]
    tiles = [("stories" if name == "documents" else name, count) for name, count in shown] + [("findings", findings)]
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{count:,}</dd></div>" for name, count in tiles)
    return f'<dl class="counts">{cells}</dl>'


def _speed(run: Run, words: int) -> str:
    """How fast the run was, where one session made all of it."""
    try:
        timing = json.loads((run.folder / _TIMING).read_bytes())
        seconds, before = float(timing["seconds"]), timing.get("done_before", 0)
    except (OSError, ValueError, TypeError, KeyError, RecursionError, AttributeError):
        return ""
    if before or not seconds > 0:
        return ""
    return f'<p class="speed">{words:,} words in {seconds:,.1f} seconds: {words / seconds:,.0f} words a second.</p>'


def _picture(plot: Plot) -> str:
    alt = escape(f"{plot.title}: {plot.words}")
    return (
        f"<figure><figcaption>{escape(plot.title)}<span>{escape(plot.caption)}</span></figcaption><picture>"
        f'<source srcset="{plot.dark}" media="screen and (prefers-color-scheme: dark)">'
        f'<img src="{plot.light}" alt="{alt}"></picture></figure>'
    )


def _scores(evaluation: Evaluation) -> str:
    body = "".join(_group(topic, name, evaluation) for topic, name in _TOPICS.items())
    titles = "".join(f'<th scope="col">{name}</th>' for name in ("Score", "Value", "95 % interval", "Of"))
    return (
        '<h2>Scores</h2><div class="scroll" tabindex="0" role="region" aria-label="Scores">'
        f'<table class="scores"><thead><tr>{titles}</tr></thead>{body}</table></div>'
    )


def _group(topic: str, title: str, evaluation: Evaluation) -> str:
    rows = "".join(_score_rows(topic, evaluation))
    return f'<tbody><tr><th colspan="4" scope="rowgroup">{escape(title)}</th></tr>{rows}</tbody>' if rows else ""


def _score_rows(topic: str, evaluation: Evaluation) -> Iterator[str]:
    for score in evaluation.scores:
        known = evaluation.catalogue[score.name]
        if known.topic == topic and score.value is not None:
            cells = figure(score.value, known), interval(score, known), f"{score.count:,.10g} {known.of}"
            shown = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            says = f"{escape(known.says)} <code>{escape(score.name)}</code>"
            yield f'<tr><th scope="row">{says}</th>{shown}</tr>'


def _made_with(run: Run) -> str:
    models = "".join(
        f"<li>{escape(str(model.get('task', '')))}: {escape(str(model.get('name', '')))}"
        f" <code>{escape(str(model.get('sha256', ''))[:12])}</code></li>"
        for model in run.manifest.get("models", ())
    )
    listed = f"<ul>{models}</ul>" if models else ""
    return (
        f'<h2>Made with</h2>{listed}<p class="signature"><code>{escape(run.signature)}</code></p>'
        f"<p>Manifest <code>{escape(run.manifest_sha256[:12])}</code>.</p>"
    )
