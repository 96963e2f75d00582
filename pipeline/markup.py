"""Tables, lists and folds as pieces of HTML that stand without a style sheet: for notebooks and for mail.

What goes in is mark-up already: whoever has a text escapes it first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_CELL = "text-align:left;vertical-align:top;white-space:normal;padding:0.2em 1em 0.2em 0"


def table(names: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table with a heading for each column."""
    head = _row("th", names)
    return f"<table><thead>{head}</thead><tbody>{''.join(_row('td', row) for row in rows)}</tbody></table>"


def _row(tag: str, cells: Iterable[str]) -> str:
    inside = "".join(f'<{tag} style="{_CELL}">{cell}</{tag}>' for cell in cells)
    return f"<tr>{inside}</tr>"


def bullets(items: Iterable[str]) -> str:
    """Return a list; nothing for no item."""
    inside = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{inside}</ul>" if inside else ""


def fold(title: str, inside: str) -> str:
    """Return what a reader opens by its title; nothing where nothing is inside."""
    return f"<details><summary>{title}</summary>{inside}</details>" if inside else ""
