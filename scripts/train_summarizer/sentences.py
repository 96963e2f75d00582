"""English sentences, split as the program itself splits them."""

from __future__ import annotations

from pipeline.languages import sentences


def split(text: str) -> list[str]:
    """Return the sentences of one paragraph."""
    return [text[start:end] for start, end in sentences.split(text, "en")]
