"""Figures and names by lists of sentences: how often the English says all that it must, before and after the guards.

A list is tab-separated: a French sentence, what its English must say, the kind of sentence. In `figures.tsv` the parts
that must all be there are set apart by `|` and the ways to write one of them by `/`; a backslash makes either mark an
ordinary character. In `names.tsv` the second column is a name that must be copied letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline import backends
from pipeline.config import Config
from pipeline.guards.clauses import fitting
from pipeline.guards.hypothesis import FATAL
from pipeline.guards.ladder import climb
from pipeline.seq2seq import Decoding, Seq2Seq

FIGURES, NAMES = (Path(__file__).with_name(f"{name}.tsv") for name in ("figures", "names"))

_MARKS = {mark: re.compile(rf"(?:[^{re.escape(mark)}\\]|\\.)+") for mark in "|/"}
_ESCAPED = re.compile(r"\\([|/\\])")
_HALF_OF_DAY = re.compile(r"(?<=\d)\s*([ap])\.?m\b\.?", re.IGNORECASE)
_SPELLINGS = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "–": "-", "−": "-", "‑": "-"})
_BEFORE_WORD, _AFTER_WORD = r"(?<!\w)", r"(?!\w)"
_BEFORE_NUMBER = r"(?<![\d\w])(?<!\d[.,:])"
_AFTER_NUMBER = r"(?!\w|[.,:]?\d|,\d| (?:hundred|thousand|million|billion|trillion)\b)"


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence; `expected` holds, for each thing that its English must say, the ways to write it."""

    french: str
    expected: tuple[tuple[str, ...], ...]
    kind: str
    exact: bool = False

    def missing(self, english: str) -> list[str]:
        """Return what an English text does not say, each in its first way of writing."""
        text = english if self.exact else _plain(english)
        return [ways[0] for ways in self.expected if not any(_pattern(way, self.exact).search(text) for way in ways)]


def read_figures(path: Path = FIGURES) -> list[Item]:
    """Read a list of sentences with figures.

    Raises:
        ValueError: a line has not three columns, or expects nothing.
    """
    return [Item(french, _ways(expected), kind) for french, expected, kind in _rows(path)]


def read_names(path: Path = NAMES) -> list[Item]:
    """Read a list of sentences with a name to be copied.

    Raises:
        ValueError: a line has not three columns, or its name is not in its French.
    """
    items = [Item(french, ((name,),), kind, exact=True) for french, name, kind in _rows(path)]
    for item in items:
        if item.expected[0][0] not in item.french:
            raise ValueError(f"{path.name}: the name {item.expected[0][0]!r} is not in {item.french!r}")
    return items


def _rows(path: Path) -> list[list[str]]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    for number, row in enumerate(rows, 1):
        if len(row) != 3 or not all(row):
            raise ValueError(f"{path.name}, line {number}: three columns are expected: French, English parts, kind")
    return rows


def _ways(expected: str) -> tuple[tuple[str, ...], ...]:
    parts = _MARKS["|"].findall(expected)
    return tuple(tuple(_ESCAPED.sub(r"\1", way) for way in _MARKS["/"].findall(part)) for part in parts)


def _plain(text: str) -> str:
    return _HALF_OF_DAY.sub(r" \1m", text.translate(_SPELLINGS))


@lru_cache(maxsize=4096)
def _pattern(way: str, exact: bool) -> re.Pattern[str]:
    """A whole word or a whole number: 12 is not said by 112, 12.5, 12th or 12 million."""
    way = way if exact else _plain(way)
    before = _BEFORE_NUMBER if way[0].isdigit() else _BEFORE_WORD if way[0].isalpha() else ""
    after = _AFTER_NUMBER if way[-1].isdigit() else _AFTER_WORD if way[-1].isalpha() else ""
    return re.compile(before + re.escape(way) + after, 0 if exact else re.IGNORECASE)


def unguarded(model: Seq2Seq, texts: Sequence[str], decoding: Decoding) -> list[str]:
    """Return what the model alone answers; a text over its limit goes through in pieces."""
    pieces = [fitting(model, text) for text in texts]
    answers = iter(model.generate([piece for group in pieces for piece in group], decoding))
    return [" ".join(next(answers).text for _ in group) for group in pieces]


def guarded(model: Seq2Seq, texts: Sequence[str], decoding: Decoding) -> list[str]:
    """Return what the guards make of it; a sentence that cannot stand stays French, as in a run."""
    attempts = climb(model, [(text, "fr") for text in texts], decoding, "en")
    return [text if FATAL.intersection(a.problems) else a.text for text, a in zip(texts, attempts, strict=True)]


def kept(items: Sequence[Item], hypotheses: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return by kind, "all" first, how many sentences say all that they must, and how many there are."""
    counts: dict[str, tuple[int, int]] = {"all": (0, 0)}
    for item, english in zip(items, hypotheses, strict=True):
        good = not item.missing(english)
        for kind in ("all", item.kind):
            said, total = counts.get(kind, (0, 0))
            counts[kind] = (said + good, total + 1)
    return counts


def list_rows(config: Config, most: int = 0) -> Iterable[str]:
    """Translate both lists with the translator of a configuration, and describe what was said; 0 takes all lines.

    Of a list that is cut short, sentences from all over it are taken.
    """
    model = backends.load(config.translator, config.run.device, config.run.threads)
    for name, items in (("figures", read_figures()), ("names", read_names())):
        yield from _described(name, _spread(items, most), model, config.translator.decoding)


def _spread(items: Sequence[Item], most: int) -> Sequence[Item]:
    return [items[place * len(items) // most] for place in range(most)] if 0 < most < len(items) else items


def _described(name: str, items: Sequence[Item], model: Seq2Seq, decoding: Decoding) -> Iterable[str]:
    texts = [item.french for item in items]
    ways: tuple[Callable[[Seq2Seq, Sequence[str], Decoding], list[str]], ...] = (unguarded, guarded)
    alone, helped = (kept(items, way(model, texts, decoding)) for way in ways)
    for kind, (said, total) in alone.items():
        title = f"{name}: {total} sentences" if kind == "all" else f"  {kind} ({total})"
        with_guards = helped[kind][0] / total
        yield f"{title}: all said in {said / total:.1%} by the model alone, {with_guards:.1%} with the guards"
