"""English articles with a reference summary, a reference headline, or both, as documents that need no translator."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from pipeline.document import Document, Role, Segment
from pipeline.languages import sentences

_CURLY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "..."})
_TITLED = re.compile(r"headlines")  # a set of this name has a headline in the place of a summary


@dataclass(frozen=True, slots=True)
class Story:
    """A document whose English is there already, its reference summary, and its reference headline.

    `summary` is the headline where a set has nothing longer. The document carries its own headline only where the
    summary was written by somebody who saw the whole page.
    """

    document: Document
    summary: str
    headline: str | None


def read(path: Path, most: int = 0) -> list[Story]:
    """Return the stories of a `.jsonl` or `.jsonl.xz` file; `most` picks so many, evenly spread, 0 takes all.

    A line has `document` and `summary` and at times `title`, or `lines` with roles and a list `summary`.
    """
    with _opened(path) as file:
        rows = [json.loads(line) for line in file if line.strip()]
    step = max(1.0, len(rows) / most) if most else 1.0
    picked = [rows[int(index * step)] for index in range(min(most or len(rows), len(rows)))]
    titled = bool(_TITLED.search(path.name))
    return [
        _written(row, str(i)) if "lines" in row else _published(row, str(i), titled) for i, row in enumerate(picked)
    ]


def _opened(path: Path) -> TextIO:
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")


def _written(row: Mapping[str, Any], name: str) -> Story:
    blocks = [(line["role"], plain(line["en"])) for line in row["lines"] if line["role"] != "noise"]
    headline = next((text for role, text in blocks if role == "headline"), None)
    return Story(document(name, blocks), plain(" ".join(row["summary"])), headline)


def _published(row: Mapping[str, Any], name: str, titled: bool) -> Story:
    blocks: list[tuple[Role, str]] = [("paragraph", plain(text)) for text in row["document"].split("\n")]
    summary = plain(row["summary"])
    headline = summary if titled else plain(row.get("title") or "") or None
    return Story(document(name, blocks), summary, headline)


def plain(text: str) -> str:
    """Return text on one line with plain quotation marks, as the main job gives it to the summarizer."""
    return " ".join(text.translate(_CURLY).split())


def document(name: str, blocks: Sequence[tuple[Role, str]]) -> Document:
    """Return a document of English blocks, split into sentences as the main job splits them."""
    full = [(role, text) for role, text in blocks if text]
    return Document(name, "\n".join(text for _, text in full), language="en", segments=tuple(_segments(full)))


def _segments(blocks: Sequence[tuple[Role, str]]) -> Iterator[Segment]:
    offset = 0
    for block, (role, text) in enumerate(blocks):
        for start, end in sentences.split(text, "en"):
            words = text[start:end]
            yield Segment(offset + start, offset + end, role, words, block, language="en", target=words)
        offset += len(text) + 1
