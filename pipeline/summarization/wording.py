"""How a summary sentence is worded, beside the sentences that it rests on: what no comparison of facts can see.

A small rewriter goes wrong in ways that leave every figure and name right: it hangs what one sentence says on the
subject of another, makes up words, stops in the middle. Each check is a rule that human summaries seldom break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.facts.lexicon import lexicon
from pipeline.languages import rules
from pipeline.summarization.path import Path
from pipeline.summarization.words import TOKEN, fold, stem, word_list

_QUOTED = re.compile(r'"([^"]*)"')
_OPENED, _CLOSED = re.compile(r"(?:^|[\s(])'(?=\w)"), re.compile(r"(?<=[\w.,!?])'(?=[\s,.;:!?)]|$)")
_COMMA = re.compile(r",\s|[;:–—]")
LOOSELY = 0.2  # unsafe gaps a word that still pass where the model is sure of what it writes


def faults(text: str, support: Sequence[str], *, loosely: bool = False) -> Iterator[str]:
    """Yield what is wrong with the wording of `text`, an English sentence, seen from its support.

    "invented-word": a word that neither the support nor the language has. "broken": it cannot be read out of the
    support without tearing clauses apart; `loosely` lets some words stand in another order, or be others. "fragment":
    no whole sentence. "quotation": a quotation mark alone, or words in quotation marks that nobody said. "negation": a
    "not" that came or went.
    """
    if any(invented(text, support)):
        yield "invented-word"
    if Path(support).breaks(text) > (LOOSELY * len(text.split()) if loosely else 0):
        yield "broken"
    if is_fragment(text) and text not in support:
        yield "fragment"
    if misquotes(text, support):
        yield "quotation"
    if negates(text, support):
        yield "negation"


def invented(text: str, support: Sequence[str]) -> Iterator[str]:
    """Yield the words that stand in no support sentence and in no list of ordinary words."""
    known = {stem(word) for sentence in support for word in _lower(sentence)}
    for word in _lower(text):
        if word[0].isalpha() and stem(word) not in known and not all(map(_is_ordinary, re.split(r"[-.']", word))):
            yield word


def is_fragment(text: str) -> bool:
    """Say whether a sentence has no clause with a finite verb that stands by itself, or an end that wants more.

    Without a grammar this is a guess by endings, on the safe side: of whole news sentences 4 % are refused too.
    """
    return dangles(text) or not any(map(_is_clause, _COMMA.split(text)))


def dangles(text: str) -> bool:
    """Say whether a text is empty or ends with a word that wants another."""
    words = _lower(text)
    return not words or words[-1] in _list("dangling")


def _is_clause(part: str) -> bool:
    """Say whether a piece between commas has a finite verb and does not depend on another."""
    words = TOKEN.findall(part.replace("’", "'"))
    if not words:
        return False
    first = words[0].lower()
    if first in _list("subordinators") or first in _list("relatives"):
        return False
    if first.endswith("ing") and words[0].islower():
        return False
    dependent = first in _list("prepositions") or first.endswith(("ing", "ed"))
    return any(_is_verb(words, index, strict=dependent) for index in range(len(words)))


def _is_verb(words: Sequence[str], index: int, strict: bool) -> bool:
    word = words[index].lower()
    if word in _list("verbs"):
        return True
    if strict or not words[index].islower() or len(word) < 4 or index in (0, len(words) - 1):
        return False
    after = words[index + 1].lower()
    if word.endswith("ed"):
        return after != "by"
    before = words[index - 1].lower()
    return word.endswith("s") and not word.endswith(("ss", "us", "'s")) and before not in word_list("en", "stopwords")


def leans(text: str) -> bool:
    """Say whether a sentence begins with a pronoun, or with a tie to a sentence before it."""
    words = _lower(text)
    return bool(words) and (fold(words[0]) in _list("pronouns") or fold(words[0]) in word_list("en", "connectives"))


def misquotes(text: str, support: Sequence[str]) -> bool:
    """Say whether a quotation mark stands alone, or quotation marks hold what no support sentence has."""
    if text.count('"') % 2 or len(_OPENED.findall(text)) > len(_CLOSED.findall(text)):
        return True
    said = " ".join(" ".join(_lower(sentence)) for sentence in support)
    return any(" ".join(_lower(quoted)) not in said for quoted in _QUOTED.findall(text))


def negates(text: str, support: Sequence[str]) -> bool:
    """Say whether a negation is new, or gone from before a word that stayed."""
    words = _lower(text)
    here = any(word in _list("negations") for word in words)
    there = {follower for sentence in support for follower in _denied(sentence)}
    if here:
        return not any(word in _list("negations") for sentence in support for word in _lower(sentence))
    return any(stem(word) in there for word in words if word not in word_list("en", "stopwords"))


def _denied(sentence: str) -> Iterator[str]:
    """Yield the stem of the first content word behind each negation, unless it stands elsewhere in the sentence too."""
    words = _lower(sentence)
    for index, word in enumerate(words):
        if word in _list("negations"):
            after = next((w for w in words[index + 1 : index + 4] if w not in word_list("en", "stopwords")), None)
            if after is not None and words.count(after) == 1:
                yield stem(after)


def _lower(text: str) -> list[str]:
    return [word.lower() for word in TOKEN.findall(text.replace("’", "'"))]


def _is_ordinary(part: str) -> bool:
    known = lexicon("en")
    word = fold(part)
    return (
        len(word) < 2
        or word in known.ordinary
        or any(
            word.endswith(ending) and word[: -len(ending)] + base in known.ordinary for ending, base in known.endings
        )
    )


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(rules("en", "summary")[name].split())
