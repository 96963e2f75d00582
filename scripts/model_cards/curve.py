"""The picture of a training: loss and development score over the target tokens that were read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scripts.model_cards.history import History

# what a log may hold, from top to bottom: the label of the panel, and the values drawn in it with their own labels
_PANELS = (
    ("loss (nats a token)", (("nll", "{}"), ("dev_nll", "development set"))),
    ("BLEU, development set", (("bleu", "{}"),)),
)
_COLOURS = {"training": "#4477aa", "release": "#ee6677", "development set": "#228833"}
_WIDTH, _HEIGHT = 7.0, 2.6  # inches, the second for each panel


def draw(history: History, path: Path) -> None:
    """Write an SVG file; the same history gives the same bytes. Text stays text, for search and for readers aloud."""
    import matplotlib

    matplotlib.use("svg")
    settings = {"svg.hashsalt": "depeche", "svg.fonttype": "none", "font.size": 9, "axes.grid": True, "grid.alpha": 0.3}
    with matplotlib.rc_context(settings):
        figure = _figure(history)
        figure.savefig(path, metadata={"Date": None, "Creator": None, "Title": "Training curve"})


def _figure(history: History) -> Any:
    from matplotlib.figure import Figure

    panels = [(label, curves) for label, names in _PANELS if (curves := _curves(history, names))]
    figure = Figure(figsize=(_WIDTH, _HEIGHT * max(1, len(panels))), layout="constrained")
    axes = figure.subplots(max(1, len(panels)), 1, sharex=True, squeeze=False)[:, 0]
    for place, (label, curves) in zip(axes, panels, strict=False):
        for name, tokens, values in curves:
            place.plot(tokens, values, label=name, color=_COLOURS[name], linewidth=1.2)
        place.set_ylabel(label)
        place.legend(frameon=False)
    axes[-1].set_xlabel("target tokens (millions)")
    return figure


def _curves(history: History, names: Any) -> list[tuple[str, list[float], list[float]]]:
    return [
        (label.format(part), tokens, values) for name, label in names for part, tokens, values in history.points(name)
    ]
