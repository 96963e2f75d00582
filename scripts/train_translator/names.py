"""Invented names: a Markov chain over the letters of real ones (Shannon 1948, order 3), none of them seen before."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

_ORDER = 3
_END = "\n"
_LONGEST = 14
_VOWELS = "aeiouyàâäéèêëîïôöûüùhAEIOUYÀÂÄÉÈÊËÎÏÔÖÛÜÙH"  # what "d'" and "l'" stand before
_VOWEL_CAPITALS = "AEIOU"
_CONSONANTS = "BCDFGKLMNPRSTV"
_TRIES = 20


class Names:
    """Makes names after the pattern of those given; `known` are words that are never replaced.

    Names are drawn with a first letter of the asked kind, so that "d'Arnaud" does not become "d'Bertrand".
    """

    def __init__(self, examples: Iterable[str], known: Iterable[str] = ()) -> None:
        self.known = frozenset(known)
        self._next: dict[str, list[str]] = defaultdict(list)
        self._starts: dict[bool, list[str]] = {True: [], False: []}
        for name in examples:
            if name in self.known or name.isupper():
                continue
            self._starts[name[0] in _VOWELS].append(name[:_ORDER])
            text = name + _END
            for place in range(_ORDER, len(text)):
                self._next[text[place - _ORDER : place]].append(text[place])

    def like(self, name: str, rng: random.Random) -> str:
        """Return a new name whose first letter elides as that of `name` does; `name` itself where there is none.

        An acronym becomes another of its length.
        """
        if name.isupper():
            return "".join(rng.choice(_VOWEL_CAPITALS if letter in _VOWELS else _CONSONANTS) for letter in name)
        starts = self._starts[name[0] in _VOWELS]
        for _ in range(_TRIES if starts else 0):
            made = self._grown(rng.choice(starts), rng)
            if len(made) > _ORDER and made not in self.known:
                return made
        return name

    def _grown(self, name: str, rng: random.Random) -> str:
        while len(name) < _LONGEST:
            letter = rng.choice(self._next.get(name[-_ORDER:]) or [_END])
            if letter == _END:
                return name
            name += letter
        return ""  # too long to be a name
