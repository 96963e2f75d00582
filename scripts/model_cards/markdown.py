"""The few forms of Markdown that a card is made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; None is an empty cell."""
    lines = [_row(head), "|" + "---|" * len(head), *map(_row, rows)]
    return "\n".join(lines)


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join("" if cell is None else cell_text(str(cell)) for cell in cells) + " |"


def cell_text(text: str) -> str:
    """Return text on one line that is no markup of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def code(lines: Iterable[str]) -> str:
    """Return lines as they are, in a block."""
    return "\n".join(["```", *lines, "```"])


def front_matter(values: Mapping[str, Any]) -> str:
    """Return the YAML block at the head of a card; JSON values are YAML."""
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    return "\n".join(["---", *lines, "---"])


def section(title: str, *parts: str) -> str:
    """Return a section of the parts that are not empty."""
    return "\n\n".join([f"## {title}", *filter(None, parts)])
