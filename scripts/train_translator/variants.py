"""What a model sees of the pairs: with other figures and names, with hints, and as rough as real input."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.train_translator.data import GROUPS, Pair, rough
from scripts.train_translator.hints import Hinter
from scripts.train_translator.names import Names
from scripts.train_translator.substitution import shared_names, substitute

TEXTS = ("europarl", "law", "mixed", "prose", "news", "words")  # sentences, not generated and not entries
_SUBSTITUTED = 0.3  # share of the pairs of a group with one copy that get other figures and names
_COMMON = 3  # a name whose lower case is a word as often as this is no name


@dataclass(frozen=True, slots=True)
class Variants:
    """What a model sees of the pairs: with other figures and names, with hints, and as rough as real input."""

    names: Names
    hinter: Hinter
    rng: random.Random

    def of(self, name: str, pairs: list[Pair]) -> list[Pair]:
        """Return all copies of a group's pairs; generated figures get hints alone, the dictionary none."""
        if name not in TEXTS:
            return [self.hinter.hinted(pair) for pair in pairs] if name == "figures" else pairs
        group = GROUPS[name]
        shares = [0.0, *[1.0] * (group.copies - 1)] if group.copies > 1 else [_SUBSTITUTED]
        return [self._varied(pair, share, group.rough) for share in shares for pair in pairs]

    def _varied(self, pair: Pair, substituted: float, is_rough: bool) -> Pair:
        if self.rng.random() < substituted:
            pair = substitute(pair, self.names, self.rng)
        pair = self.hinter.hinted(pair)
        return rough(pair, self.rng) if is_rough else pair


def names_in(news: Sequence[Pair]) -> Names:
    """Return names after the pattern of those in news pairs; what is also a common word is none."""
    common = Counter(word for source, _ in news for word in source.split() if word.islower())
    found = shared_names(news)
    return Names(found, [name for name in found if common[name.lower()] >= _COMMON])
