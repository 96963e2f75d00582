"""Documents with their reference summaries, read from the files of one folder and normalised to one form."""

from __future__ import annotations

import json
import lzma
import math
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from scripts.train_summarizer.sentences import split

_CURLY = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "…": "..."})


@dataclass(frozen=True, slots=True)
class Story:
    """A document as sentences, its headline where that is known, and the sentences of its reference summary."""

    group: str
    headline: str | None
    sentences: tuple[str, ...]
    summary: tuple[str, ...]


def clean(text: str) -> str:
    """Return text with plain quotation marks, apostrophes and spaces, on one line."""
    return re.sub(r"\s+", " ", text.translate(_CURLY)).strip()


def read(path: Path, rng: random.Random | None = None, *, share: float = 1.0, limit: int = 10**9) -> Iterator[Story]:
    """Yield the stories of a `.jsonl` or `.jsonl.xz` file; the file's name up to the first dot is their group.

    With `rng` only a random `share` of the lines is read, and at most `limit`. A title that stands in front of a
    summary is the headline and no part of the summary.
    """
    group = path.name.split(".")[0]
    with _opened(path) as file:
        lines = file.readlines()
    count = min(limit, math.ceil(share * len(lines)))
    for line in rng.sample(lines, count) if rng and count < len(lines) else lines:
        row = json.loads(line)
        story = _written(group, row) if "lines" in row else _published(group, row)
        if story.sentences:
            yield story


def _opened(path: Path) -> TextIO:
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")


def _written(group: str, row: Mapping[str, Any]) -> Story:
    """A whole story with roles: headings and noise are no sentences of the document."""
    body = [line["en"] for line in row["lines"] if line["role"] in ("standfirst", "paragraph", "list")]
    headlines = [clean(line["en"]) for line in row["lines"] if line["role"] == "headline"]
    sentences = tuple(sentence for text in body for sentence in split(clean(text)))
    return Story(group, headlines[0] if headlines else None, sentences, tuple(map(clean, row["summary"])))


def _published(group: str, row: Mapping[str, Any]) -> Story:
    sentences = tuple(s for paragraph in row["document"].split("\n") for s in split(clean(paragraph)))
    title, summary = clean(row.get("title") or ""), clean(row["summary"])
    if group.startswith(("news-headlines", "newswire-headlines", "press-headlines", "university-headlines")):
        return Story(group, summary, sentences, ())
    if title and summary.startswith(title):
        summary = summary[len(title) :].lstrip(" .")
    return Story(group, title or None, sentences, tuple(split(summary)))
