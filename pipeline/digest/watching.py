"""The watch list: where its words stand in a text, whatever their capitals and accents, as whole words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.digest.cleaning import line
from pipeline.facts.lexicon import fold

_GAP = r"[\W_]+"  # between the words of a term: a space, a hyphen, an apostrophe
_LONGEST = 200  # characters of a term


@dataclass(frozen=True)
class WatchList:
    """Terms as they are shown, and one pattern that finds them all in a folded text."""

    terms: tuple[str, ...]
    pattern: re.Pattern[str]
    names: dict[str, str]

    def found(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Return the terms that stand in any of the texts, in the order of the list."""
        if not self.terms:
            return ()
        hits = {_key(match.group()) for text in texts for match in self.pattern.finditer(fold(text))}
        return tuple(term for term in self.terms if _key(fold(term)) in hits)

    def marked(self, text: str) -> list[tuple[str, bool]]:
        """Return the text in pieces, each with whether it is a term; together they are the text."""
        if not self.terms or not text:
            return [(text, False)]
        folded, origin = _mapped(text)
        pieces: list[tuple[str, bool]] = []
        done = 0
        for match in self.pattern.finditer(folded):
            start, end = origin[match.start()], origin[match.end() - 1] + 1
            if start > done:
                pieces.append((text[done:start], False))
            if end > max(start, done):
                pieces.append((text[max(start, done) : end], True))
                done = end
        return [*pieces, (text[done:], False)] if done < len(text) else pieces


def watch_list(terms: Sequence[str]) -> WatchList:
    """Return the watch list of terms; those without a letter or a figure, and those that come again, are left out."""
    names: dict[str, str] = {}
    for term in terms:
        shown = line(term, _LONGEST)
        key = _key(fold(shown))
        if key:
            names.setdefault(key, shown)
    longest_first = sorted(names, key=lambda key: (-len(key), key))
    forms = "|".join(_GAP.join(map(re.escape, key.split())) for key in longest_first)
    return WatchList(tuple(names.values()), re.compile(rf"(?<!\w)(?:{forms or '(?!)'})(?!\w)"), names)


def _key(folded: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", folded))


def _mapped(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the index in the text of the one that it comes from."""
    pieces = [fold(character) for character in text]
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _ in piece]
