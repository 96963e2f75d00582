"""A document as a piece of HTML for a notebook: no style sheet and no script, which notebooks strip.

Colours are those of the notebook, light or dark; only doubts have their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from pipeline.document import Document
from pipeline.markup import bullets, fold, table
from pipeline.view.stories import story
from pipeline.view.wording import counted

_SERIF = "font-family:Charter,Georgia,'DejaVu Serif',serif"
_SMALL = "font-size:0.85em;opacity:0.75"
_COLOURS = {"wrong": "#d0483b", "doubt": "#b98200", "note": "#8a857b"}
_MOST_ROWS = 60  # sentences that are shown; a notebook is no place for a book


def document_html(document: Document) -> str:
    """Return a document as HTML: headline, summary with what it rests on, findings in words, French beside English.

    Everything that comes from the article is escaped.
    """
    shown = story(document, document.language or "fr", "en")
    page = f'<div style="max-width:60em">{"".join(_parts(shown))}</div>'
    return page.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be sent to a browser


def _parts(shown: dict[str, Any]) -> Iterator[str]:
    yield f'<h3 style="{_SERIF};margin:0.4em 0 0.1em">{escape(shown["title"])}</h3>'
    if shown["original"]:
        told, language = escape(shown["original"]), escape(shown["lang"])
        yield f'<p style="{_SERIF};font-style:italic;margin:0" lang="{language}">{told}</p>'
    if shown["why"]:
        yield f"<p>{escape(shown['why'])}</p>"
    if shown["summary"]:
        yield _summary(shown["summary"]["sentences"])
    if shown["findings"]:
        yield bullets(_finding(finding) for finding in shown["findings"])
    if shown["rows"]:
        yield fold(counted(len(shown["rows"]), "sentence"), _rows(shown["rows"]))


def _summary(sentences: Sequence[dict[str, Any]]) -> str:
    """Each sentence, the numbers of the sentences that it rests on, and how it came about."""
    told = (f"{_text(one['runs'])} {_aside(one['support'], one['note'])}" for one in sentences)
    return f'<div style="{_SERIF};font-size:1.1em">{bullets(told)}</div>'


def _aside(places: Iterable[int | None], note: str = "") -> str:
    """Numbers of sentences as the table counts them, in small type."""
    numbers = ", ".join(str(place + 1) for place in places if place is not None)
    said = " ".join([f"[{numbers}]"] * bool(numbers) + [escape(note)])
    return f'<span style="{_SMALL}">{said}</span>'


def _finding(finding: dict[str, Any]) -> str:
    name = f'<b style="color:{_COLOURS[finding["weight"]]}">{escape(finding["name"])}</b>'
    return f"{name}: {escape(finding['message'])} {_aside(finding['rows'])}"


def _rows(rows: Sequence[dict[str, Any]]) -> str:
    shown = (_row(number, row) for number, row in enumerate(rows[:_MOST_ROWS], 1))
    left = len(rows) - _MOST_ROWS
    more = f'<p style="{_SMALL}">{counted(left, "sentence")} more</p>' if left > 0 else ""
    return table(("", "French", "English"), shown) + more


def _row(number: int, row: dict[str, Any]) -> tuple[str, str, str]:
    if "noise" in row:
        return str(number), f'<span style="{_SMALL}">{_text(row["fr"])}</span>', f"<i>{escape(row['noise'])}</i>"
    note = f'<div style="{_SMALL}">{escape(row["note"])}</div>' if "note" in row else ""
    return str(number), _text(row["fr"]), _text(row.get("en", ())) + note


def _text(runs: Iterable[Any]) -> str:
    """The pieces of a text, those that a finding points at underlined."""
    return "".join(_run(run) for run in runs)


def _run(run: Any) -> str:
    if isinstance(run, str):
        return escape(run)
    text = escape(run["t"])
    return f'<u style="text-decoration:underline wavy {_COLOURS["wrong"]}">{text}</u>' if "d" in run else text
