"""What a language says of proper names: its ordinary words, its exonyms and acronyms, from its `names.toml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.languages import rules

UPPER = "".join(chr(c) for c in range(0x590) if chr(c).isupper())
WORD = re.compile(r"\w+")
_TOKEN = rf"(?:(?:[{UPPER}]\.){{2,}}|[{UPPER}]\w*(?:[-‑’'][{UPPER}]\w*|[-‑]\w+)*)"
_COMBINING = re.compile("[\u0300-\u036f]+")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "œ": "oe", "æ": "ae", "ß": "ss", "þ": "th"})
_SHORTEST_STEM = 3

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Exonym:
    """A name by its folded words, and the forms that another language gives it."""

    words: Phrase
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """The name rules of one language; words are folded. `exonyms` are indexed by their first word, longest first;
    `forms` are the words of all their other forms."""

    name: re.Pattern[str]
    demonym: re.Pattern[str]
    elided: frozenset[str]
    titles: frozenset[str]
    ordinary: frozenset[str]
    capitalised: frozenset[str]
    endings: tuple[tuple[str, str], ...]
    exonyms: Mapping[str, tuple[Exonym, ...]]
    same: tuple[tuple[str, ...], ...]
    forms: tuple[str, ...]
    sounds: tuple[tuple[str, str], ...]

    def is_ordinary(self, word: str) -> bool:
        """Whether a folded word, or the word that it is a form of, is an ordinary one."""
        return word in self.ordinary or any(
            word.endswith(ending) and word[: len(word) - len(ending)] + base in self.ordinary
            for ending, base in self.endings
            if len(word) - len(ending) >= _SHORTEST_STEM
        )

    def exonym(self, words: Sequence[str], index: int) -> Exonym | None:
        """The longest known name that begins at word `index`."""
        for entry in self.exonyms.get(words[index], ()):
            if tuple(words[index : index + len(entry.words)]) == entry.words:
                return entry
        return None


@cache
def lexicon(code: str) -> Lexicon:
    """Return the name rules of a language (ISO 639-1)."""
    data = rules(code, "names")
    exonyms = {**data.get("exonyms", {}), **data.get("acronyms", {})}
    joints = "|".join(re.escape(word) + ("" if word[-1] in "'’-" else r"\s") for word in data["particles"])
    return Lexicon(
        name=re.compile(rf"(?<!\w){_TOKEN}(?:[ \u00a0\u202f](?:{joints}){{0,3}}{_TOKEN})*"),
        demonym=re.compile(data.get("demonym", r"(?!)")),
        elided=frozenset(data["elided"]),
        titles=frozenset(data["titles"]),
        ordinary=frozenset(data["ordinary"].split()),
        capitalised=frozenset(map(fold, data.get("capitalised", "").split())),
        endings=tuple((ending, base) for ending, base in data.get("endings", ())),
        exonyms=_indexed(exonyms),
        same=tuple(tuple(group) for group in data.get("same", ())),
        forms=_forms(data.get("exonyms", {}).values()),
        sounds=tuple((spelling, simple) for spelling, simple in data.get("sounds", ())),
    )


def _forms(values: Iterable[str]) -> tuple[str, ...]:
    words = (word for forms in values for word in WORD.findall(fold(forms)))
    return tuple(sorted({word for word in words if len(word) > _SHORTEST_STEM}))


def _indexed(table: Mapping[str, str]) -> dict[str, tuple[Exonym, ...]]:
    index: dict[str, list[Exonym]] = {}
    for phrase, forms in table.items():
        words = tuple(WORD.findall(fold(phrase)))
        index.setdefault(words[0], []).append(Exonym(words, tuple(forms.split("|"))))
    return {first: tuple(sorted(found, key=lambda entry: -len(entry.words))) for first, found in index.items()}


def fold(text: str) -> str:
    """Return the text without capitals and accents: what two spellings of one name have in common."""
    if text.isascii():
        return text.lower()
    return _COMBINING.sub("", unicodedata.normalize("NFKD", text.lower())).translate(_LETTERS)
