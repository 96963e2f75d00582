"""The results as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from scripts.bench.contestants import describe

Result = dict[str, Any]


def markdown(report: dict[str, Any]) -> str:
    """Return the tables of a report; a ratio is of words a second, and missing where its measure is."""
    machine = report["machine"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, {machine['threads']} threads, {machine['device']}; "
        f"load before the start {machine['load before']:.1f}; "
        + ", ".join(f"{name} {version}" for name, version in machine["versions"].items()),
        "",
    ]
    lines += _speed([r for r in report["results"] if r["part"] == "speed"])
    for part, title in _TITLES.items():
        rows = [result for result in report["results"] if result["part"] == part]
        lines += [f"**{title}**", "", *_plain(rows), ""] if rows else []
    failed = [result for result in report["results"] if "failed" in result]
    lines += [
        f"- failed: {result['part']} {result.get('model', '')} {result.get('contestant', '')}" for result in failed
    ]
    return "\n".join(lines) + "\n"


_TITLES = {
    "cold": "The business story, process start to files written",
    "article": "A 500-word article to its summary, warm",
    "night": "A night's articles",
    "overlap": "Batches in flight",
    "same": "The same sentences alone and in batches",
}


def _speed(results: Sequence[Result]) -> Iterator[str]:
    good = [result for result in results if "failed" not in result]
    for model in dict.fromkeys(result["model"] for result in good):
        rows = [result for result in good if result["model"] == model]
        rates = {row["contestant"][0]: row["words"] / row["wall"] for row in reversed(rows)}
        yield f"**{model}**"
        yield ""
        yield "| | words/s | words/s of a core | against (a) | against (c) | peak MB | |"
        yield "|---|---|---|---|---|---|---|"
        for row in rows:
            yield _row(row, rates)
        yield ""
    for name in dict.fromkeys(result["contestant"] for result in good):
        yield f"- {name}: {describe(name)}"
    yield ""


def _row(row: Result, rates: dict[str, float]) -> str:
    rate = row["words"] / row["wall"]
    against = [f"{rate / rates[letter]:.2f}×" if letter in rates else "" for letter in "ac"]
    cells = [row["contestant"], f"{rate:,.0f}", f"{row['words'] / row['cpu']:,.0f}", *against, f"{row['peak_mb']:,.0f}"]
    return f"| {' | '.join(cells)} | {row['detail']} |"


def _plain(rows: Sequence[Result]) -> Iterator[str]:
    good = [row for row in rows if "failed" not in row]
    keys = list(dict.fromkeys(key for row in good for key in row if key != "part"))
    yield f"| {' | '.join(keys)} |"
    yield "|" + "---|" * len(keys)
    for row in good:
        yield f"| {' | '.join(_shown(row.get(key, '')) for key in keys)} |"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_shown(inner)}" for key, inner in value.items())
    return f"{value:,.1f}" if isinstance(value, float) else str(value)
