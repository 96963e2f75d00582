"""A summary sentence as a path through its support: what was left out, and where it goes over to another sentence.

Leaving out is safe where grammar allows it: between two commas, from a preposition or a relative on, an adjective
behind its article. Every other gap, and every change of sentence in the middle of a clause, may turn the sense round
("issued a warning, citing anaemic demand" became "issued anaemic demand"). The path with the fewest such places is
found by dynamic programming.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.languages import rules
from pipeline.summarization.words import TOKEN, stem, word_list

_BREAK = re.compile(r"[,;:–—()\"]|\s-\s")
_MOST_SEEN = 8  # places of one word that are looked at
_LEAP = 2  # a change of sentence, or a step back, where no clause begins


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    stem: str
    opens: bool  # behind a comma, a dash, a bracket, or at the head

    @property
    def is_function(self) -> bool:
        """Say whether it is one of the words that carry no topic."""
        return self.word in word_list("en", "stopwords")


Place = tuple[int, int]


class Path:
    """The support sentences of one claim, ready to be searched."""

    def __init__(self, support: Sequence[str]) -> None:
        self.sentences = [_tokens(sentence) for sentence in support]
        self.places: dict[str, list[Place]] = {}
        for number, sentence in enumerate(self.sentences):
            for position, token in enumerate(sentence):
                self.places.setdefault(token.stem, []).append((number, position))

    def breaks(self, text: str) -> int:
        """Return the least number of unsafe gaps with which `text` can be read out of the support.

        What begins behind the head of a sentence has to go on to its end: an aside is no sentence.
        """
        tokens = _tokens(text)
        return min(self._cheapest(tokens, from_head=True), self._cheapest(tokens, from_head=False))

    def _cheapest(self, tokens: Sequence[_Token], from_head: bool) -> int:
        best: dict[Place, int] | None = None
        joined = False
        for token in tokens:
            here = self.places.get(token.stem, ())[:_MOST_SEEN]
            joint = token.word in _list("joints")
            if not here:
                best = best and {spot: cost + (not token.is_function) for spot, cost in best.items()}
            elif best is None:
                best = {spot: _LEAP * (from_head and spot[1] > 1) + self._starts(spot) for spot in here}
            else:
                begins = joined or joint or token.opens
                best = {
                    spot: min(c + self._gap(last, spot, begins, token) for last, c in best.items()) for spot in here
                }
            joined = joint or (joined and not here)
        return min((cost + self._finishes(spot, from_head) for spot, cost in (best or {}).items()), default=0)

    def _gap(self, last: Place, spot: Place, begins: bool, token: _Token) -> int:
        if last[0] == spot[0] and last[1] < spot[1]:
            if spot[1] == last[1] + 1:
                return int(self.sentences[spot[0]][spot[1]].opens and not token.opens)
            return int(not self._is_safe(last, spot))
        return self._ends(last) + self._starts(spot) if begins else _LEAP

    def _is_safe(self, last: Place, spot: Place) -> bool:
        sentence = self.sentences[last[0]]
        gone, after = sentence[last[1] + 1 : spot[1]], sentence[spot[1]]
        if any(token.word in _list("kept") for token in gone):
            return False
        if gone[0].opens or gone[0].word in _list("additions"):
            return after.opens or (not gone[0].opens and after.is_function)
        if len(gone) == 1 and (gone[0].word.endswith("ly") or gone[0].word in _list("adverbs")):
            return True
        return sentence[last[1]].word in _list("articles") and len(gone) < 3 and not any(t.is_function for t in gone)

    def _ends(self, spot: Place) -> int:
        rest = self.sentences[spot[0]][spot[1] + 1 :]
        return int(bool(rest) and not (rest[0].opens or rest[0].word in _list("additions")))

    def _starts(self, spot: Place) -> int:
        sentence, at = self.sentences[spot[0]], spot[1]
        behind_joint = at > 0 and sentence[at - 1].opens and sentence[at - 1].word in ("and", "but")
        return int(not (sentence[at].opens or behind_joint or at < 2))

    def _finishes(self, spot: Place, from_head: bool) -> int:
        is_last = spot[1] + 1 == len(self.sentences[spot[0]])
        return 0 if is_last else self._ends(spot) if from_head else _LEAP


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    last = 0
    for match in TOKEN.finditer(text.replace("’", "'")):
        word = match.group().lower()
        found.append(_Token(word, stem(word), not found or bool(_BREAK.search(text[last : match.start()]))))
        last = match.end()
    return found


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(rules("en", "summary")[name].split())
