"""A model that answers in capitals, at once: what surrounds the model is tried at the speed of what surrounds it.

As a backend it takes the place of the libraries: everything else of a run is the real thing.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.config import Device, ModelSettings
from pipeline.seq2seq import Decoding, Hypothesis


class Capitals:
    """Answers each text with its capitals; a token is four characters."""

    max_source_tokens = 110

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, the end mark included."""
        return [len(text) // 4 + 1 for text in texts]

    def generate(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """Return the texts in capitals."""
        return [Hypothesis(text.upper(), -0.5) for text in texts]


def load(settings: ModelSettings, device: Device = "auto", threads: int = 0) -> Capitals:
    """Return the model; what the settings name is not read."""
    return Capitals()
