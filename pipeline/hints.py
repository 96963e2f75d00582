"""Hints: a translation that is put right behind a word of the source, between two marks, for a model trained to use it.

After Dinu et al. 2019, "Training Neural Machine Translation To Apply Terminology Constraints". The marks are plain
text, so that any tokenizer takes them.
"""

from __future__ import annotations

from collections.abc import Iterable

MARK = "#"
FILE = "hints.tsv"  # beside the weights of a model that takes hints: words that always get one

Hint = tuple[int, str]
"""A place, as an offset into the text, and the translation to put there."""


def marked(text: str, hints: Iterable[Hint]) -> str:
    """Return the text with " # translation #" at the place of each hint."""
    for place, translation in sorted(hints, reverse=True):
        text = f"{text[:place]} {MARK} {translation} {MARK}{text[place:]}"
    return text
