"""The words of an English sentence as a summarizer compares them: content stems, numbers, names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.languages import rules

TOKEN = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+(?:['’.-][^\W\d_]+)*", re.UNICODE)
_SUFFIXES = ("ations", "ation", "ingly", "ings", "ing", "edly", "ied", "ies", "ed", "es", "ly", "s", "e", "y")
_TOPIC = "selection"


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence taken apart.

    `tokens` are its words and numbers as written, `stems` those of its content words in order, `numbers` its
    numbers (digits without group separators, spelled-out ones as digits), `names` its capitalised words, folded,
    the first word left out.
    """

    tokens: tuple[str, ...]
    stems: tuple[str, ...]
    numbers: frozenset[str]
    names: frozenset[str]


def words(text: str, language: str = "en") -> Words:
    """Take a sentence apart."""
    tokens = tuple(TOKEN.findall(text.replace("’", "'")))
    lowered = [token.lower() for token in tokens]
    stop, spelled = word_list(language, "stopwords"), rules(language, _TOPIC)["numbers"]
    stems = tuple(stem(word) for word in lowered if word not in stop)
    numbers = {number(word) for word in lowered if word[0].isdigit()} | {spelled[w] for w in lowered if w in spelled}
    names = {fold(token) for token in tokens[1:] if token[0].isupper() and token.lower() not in stop}
    return Words(tokens, stems, frozenset(numbers), frozenset(names))


@cache
def word_list(language: str, name: str) -> frozenset[str]:
    """Return one of the word lists of `languages/<code>/selection.toml`."""
    return frozenset(rules(language, _TOPIC)[name].split())


def number(token: str) -> str:
    """Return a number without its group separators: "1,200.50" is "1200.50"."""
    return re.sub(r"[,.](?=\d{3}(?!\d))", "", token).replace(",", ".").rstrip(".")


def fold(token: str) -> str:
    """Return a word in lower case without its possessive ending."""
    return re.sub(r"'s?$", "", token.lower())


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return a crude stem: one common English suffix less, at least three letters kept. Numbers stay as they are.

    Enough to let "closes", "closed" and "closing" meet.
    """
    if word[0].isdigit():
        return number(word)
    word = fold(word)
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)]
    return word
