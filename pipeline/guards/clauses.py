"""Where a sentence may be cut when it is too long, or when nothing else mends its translation."""

from __future__ import annotations

import re

from pipeline.seq2seq import Seq2Seq

# Where a long sentence may be cut, best places first: behind the mark that matches.
_CLAUSES = tuple(
    map(
        re.compile,
        (r"[;:]\s", r"\s[–—-]\s|[»)]\s", r",\s", r"\s(?=(?:et|mais|ou|car|qui|que|dont|and|but|or|which)\s)", r"\s"),
    )
)


def fitting(model: Seq2Seq, text: str) -> list[str]:
    """Cut a text at clause boundaries into pieces that the model can read; nothing but white space is lost."""
    if len(text) < 2 or model.count_tokens([text])[0] <= model.max_source_tokens:
        return [text]
    return [piece for half in cut(text, clause(text) or len(text) // 2) for piece in fitting(model, half)]


def cut(text: str, place: int | None) -> list[str]:
    """Return the two parts of a text that has a place to cut at, else the text."""
    return [text] if place is None else [part for part in (text[:place].strip(), text[place:].strip()) if part]


def clause(text: str) -> int | None:
    """Return the best clause boundary near the middle of a text, if there is one."""
    for boundary in _CLAUSES:
        places = [m.end() for m in boundary.finditer(text) if 0.2 * len(text) < m.end() < 0.8 * len(text)]
        if places:
            return min(places, key=lambda place: abs(place - len(text) // 2))
    return None
