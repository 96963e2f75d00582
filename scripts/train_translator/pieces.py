"""The sentencepiece model of a work folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def load_pieces(model: Path) -> Any:
    """Return the sentencepiece processor of a model file."""
    import sentencepiece

    return sentencepiece.SentencePieceProcessor(model_file=str(model))


def vocabulary(model: Path) -> int:
    """Return the number of pieces of a sentencepiece model."""
    return int(load_pieces(model).get_piece_size())
