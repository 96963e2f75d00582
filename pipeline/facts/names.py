"""The proper names of a text: the runs of words with capitals that no rule of spelling gives them."""

from __future__ import annotations

import re

from pipeline.facts.fact import Name
from pipeline.facts.lexicon import UPPER, WORD, Lexicon, fold, lexicon

_OPENING = '"«“„‘‹([{-–—•*'
_ENDING = ".!?…:;\n"
_TITLED_SHARE = 0.6
_TITLED_WORDS = 6
_HEAD = re.compile(r"(\w+)['’](?=\w)")
_POSSESSIVE = re.compile(r"['’][sS]?\Z")
_ABBREVIATION = re.compile(r"(\w+)\.\Z")
_LATER = re.compile(rf"(?<=[\s'’])[{UPPER}]")


def names(text: str, code: str) -> list[Name]:
    """Return the names in a text of a language (ISO 639-1), in order.

    Particles belong to the name ("Charles de Gaulle"), titles, elided articles and possessives do not. An ordinary
    word that opens a sentence is none. A text all in capitals has none that can be told.
    """
    rules = lexicon(code)
    if text.isupper():
        return []
    found = (_name(match.start(), match.group(), text, rules) for match in rules.name.finditer(text))
    return [name for name in found if name is not None]


def _name(start: int, written: str, text: str, rules: Lexicon) -> Name | None:
    opens = _opens_sentence(text, start, rules)
    head = _HEAD.match(written)
    if head and head.group(1).lower() in rules.elided:
        start, written = start + head.end(), written[head.end() :]
        opens = opens and not written[:1].isupper()
    start, written, opens = _without_titles(start, written, opens, rules)
    written = _POSSESSIVE.sub("", written)
    return Name(start, start + len(written), written, opens) if len(written) > 1 else None


def _without_titles(start: int, written: str, opens: bool, rules: Lexicon) -> tuple[int, str, bool]:
    """Drop a title in front, and an ordinary word that opens the sentence: "Selon Emmanuel Macron"."""
    first = WORD.match(written)
    while first and (first.group() in rules.titles or (opens and rules.is_ordinary(fold(first.group())))):
        later = _LATER.search(written)
        if later is None:
            return start, "", opens
        start, written, opens = start + later.start(), written[later.start() :], False
        first = WORD.match(written)
    return start, written, opens


def _opens_sentence(text: str, start: int, rules: Lexicon) -> bool:
    """Whether the capital at `start` may be there only because a sentence begins, or a quotation."""
    before = start
    while before and (text[before - 1].isspace() or text[before - 1] in _OPENING):
        before -= 1
        if text[before] in _OPENING[:6] or text[before] in _OPENING[-5:] or text[before] == "\n":
            return True
    if before == 0 or text[before - 1] not in _ENDING:
        return before == 0
    word = _ABBREVIATION.search(text, max(0, before - 12), before) if text[before - 1] == "." else None
    return word is None or not (word.group(1) in rules.titles or (len(word.group(1)) == 1 and word.group(1).isupper()))


def is_titled(text: str) -> bool:
    """Whether most words of a text have capitals, as in an English headline: there a capital proves nothing."""
    words = [word for word in WORD.findall(text) if len(word) > 3 and word.isalpha()]
    return len(words) >= _TITLED_WORDS and sum(word[0].isupper() for word in words) > _TITLED_SHARE * len(words)
