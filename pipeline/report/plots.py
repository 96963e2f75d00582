"""The pictures of a run as SVG, once for a light page and once for a dark one; the same figures, the same bytes."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.errors import ConfigError

INSTALL = "pip install 'depeche[report]'"
_WIDTH, _HEIGHT = 5.2, 2.7  # inches
_KIND = 0.36  # inches for each kind of finding
_MOST = 12  # kinds of finding that are drawn
_BINS = 20
_FONT = re.compile(r"(font: [^'\";]*?px |font-family: ?)[^;\"]+")


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one appearance of the page."""

    ink: str
    faint: str
    bar: str
    weights: Mapping[str, str]


LIGHT = Palette("#3d3a35", "#e4dfd5", "#2f5f8f", {"wrong": "#b3362b", "doubt": "#b97a10", "note": "#8a857b"})
DARK = Palette("#c9c4b9", "#38352f", "#7fb2e5", {"wrong": "#f0877c", "doubt": "#e3b04b", "note": "#8d887d"})


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture in both appearances, as data URIs; what it shows in words, and for those who cannot see it."""

    title: str
    caption: str
    words: str
    light: str
    dark: str


def needed() -> None:
    """Make sure that there is something to draw with.

    Raises:
        ConfigError: matplotlib is not installed.
    """
    try:
        import matplotlib  # noqa: F401
    except ModuleNotFoundError as error:
        raise ConfigError(f"the reading page needs matplotlib: {INSTALL}") from error


def plots(scores: Sequence[float], kinds: Sequence[tuple[str, str, int]], words: Sequence[int]) -> list[Plot]:
    """Draw what there is of a run.

    `scores` are the mean token probabilities of its sentences, `kinds` its findings as name, weight and count, `words`
    the lengths of its stories.
    """
    drawn: list[Plot] = []
    if kinds:
        shown = kinds[:_MOST]
        caption = (
            f"{sum(count for _, _, count in kinds):,} findings of {len(kinds)} kinds; red can mislead, grey is no fault"
        )
        says = ", ".join(f"{name} {count:,}" for name, _, count in shown)
        height = 0.5 + _KIND * len(shown)
        drawn.append(
            _plot("Findings by kind", caption, says, lambda axes, colours: _kinds(axes, colours, shown), height)
        )
    if scores:
        mean = sum(scores) / len(scores)
        says = f"{len(scores):,} sentences, mean {mean:.2f}, lowest {min(scores):.2f}"
        drawn.append(
            _plot("How sure the translator was", says, says, lambda axes, colours: _sure(axes, colours, scores))
        )
    if words:
        says = f"{len(words):,} stories, {min(words):,} to {max(words):,} words"
        drawn.append(_plot("Length of the stories", says, says, lambda axes, colours: _lengths(axes, colours, words)))
    return drawn


def _plot(title: str, caption: str, words: str, draw: Callable[[Any, Palette], None], height: float = _HEIGHT) -> Plot:
    light, dark = (_drawn(draw, colours, height) for colours in (LIGHT, DARK))
    return Plot(title, caption, words, light, dark)


def _drawn(draw: Callable[[Any, Palette], None], colours: Palette, height: float) -> str:
    """Text stays text in the font of the page's controls; neither date nor version is written into the picture."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_settings(colours)):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        axes = figure.subplots()
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(length=0, pad=6)
        draw(axes, colours)
        stream = io.StringIO()
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = _FONT.sub(r"\1system-ui, 'Helvetica Neue', Arial, sans-serif", stream.getvalue())
    return "data:image/svg+xml;base64," + base64.b64encode(text.encode("utf-8")).decode("ascii")


def _settings(colours: Palette) -> dict[str, Any]:
    inks = ("text.color", "axes.labelcolor", "xtick.color", "ytick.color")
    return {
        "svg.hashsalt": "depeche",
        "svg.fonttype": "none",
        "font.size": 10,
        "axes.edgecolor": colours.faint,
        "axes.axisbelow": True,
        "grid.color": colours.faint,
        "grid.linewidth": 0.8,
        **dict.fromkeys(inks, colours.ink),
    }


def _sure(axes: Any, colours: Palette, scores: Sequence[float]) -> None:
    axes.hist(scores, bins=_BINS, range=(0, 1), color=colours.bar, rwidth=0.88)
    axes.set_xlim(0, 1)
    _counted(axes, "mean probability of a token", "sentences")


def _lengths(axes: Any, colours: Palette, words: Sequence[int]) -> None:
    axes.hist(words, bins=_BINS, range=(0, max(1, *words)), color=colours.bar, rwidth=0.88)
    axes.set_xlim(left=0)
    _counted(axes, "words of the original", "stories")


def _counted(axes: Any, across: str, up: str) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.grid(axis="y")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
    axes.set_xlabel(across)
    axes.set_ylabel(up)


def _kinds(axes: Any, colours: Palette, kinds: Sequence[tuple[str, str, int]]) -> None:
    from matplotlib.ticker import MaxNLocator

    upwards = list(reversed(kinds))
    places = range(len(upwards))
    bars = axes.barh(places, [n for _, _, n in upwards], color=[colours.weights[w] for _, w, _ in upwards], height=0.62)
    axes.set_yticks(places, [name for name, _, _ in upwards])
    axes.bar_label(bars, padding=4)
    axes.margins(x=0.12)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
