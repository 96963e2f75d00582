"""What the model sees: the words of a text without the accidents of typesetting, each traced to where it stood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.languages import rules

Edit = tuple[int, int, str]
"""Characters `start` to `end` of a text give way to a string."""

_REPLACED = {
    **dict.fromkeys("\u2018\u2019\u201b\u02bc\u00b4\u1ffd", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
    **dict.fromkeys("\u2010\u2011\u2212", "-"),
    **{"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"},
}
_CONTROL = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_SURROGATE = "\ud800-\udfff"
# Soft hyphen, joiners, bidi controls, invisible operators, variation selectors, byte order mark, tags.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_NEWLINE = r"\n\r\x0b\x0c\x85\u2028\u2029"
_BREAK = rf"[^\S{_NEWLINE}]*(?:\r\n|[{_NEWLINE}])[^\S{_NEWLINE}]*"

# What a terminal obeys (ECMA-48): control sequences, and strings for the operating system.
_ESCAPES = r"\x1b\[[0-?]{0,32}[ -/]{0,4}[@-~]|\x1b\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)"
# Pictures among letters; models that never saw them write broken bytes.
_PICTURES = "\u2600-\u26ff\u2700-\u27bf\u20e3\U0001f000-\U0001faff"

_ODD = re.compile(
    f"{_ESCAPES}|(?<=\\w)\u00ad{_BREAK}(?=\\w)"
    f"|[{_PICTURES}]|[{_INVISIBLE}]|[{_CONTROL}]|[{_SURROGATE}]|[{''.join(_REPLACED)}]"
)
_BEYOND_LATIN = re.compile("[\x00-\u02ff]?[\u0300-\U0010ffff]+")
_WRAPPED_HYPHEN = re.compile(rf"(?<=\w)-({_BREAK})(?=(\w+)(\s?))")
_SPACE = re.compile(r"\A\s+|(?! \S)\s+")
# Bold, italic and links of Markdown: only where no letter touches the marks from outside and no space from inside.
_MARKUP = re.compile(
    r"(?<![\w*\\])(\*{1,3}|_{1,3})(?=[\w«\"'(])([^*_]*[\w.!?…»\"'):,])\1(?=[\s.,;:!?)…»\"\]]|\Z)"
    r"|!?\[(?=[\w«\"'(])([^\[\]]*[\w.!?…»\"')])\]\((?:https?://|mailto:|[/#])[^\s()]*\)(?=[\s.,;:!?)…»\"]|\Z)"
)
_DEEPEST_MARKUP = 3
_GUILLEMET = re.compile("(?<=«)(?=[^ ])|(?<=[^ «])(?=»)")
# Vowel signs and finals that compose with the letter before them though they are no combining marks.
_CONJOINING = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff\U00016d63-\U00016d6a]")
# The Stream-Safe Text Format (Unicode Standard Annex 15, section 13) allows 30; ordering them takes quadratic time.
_LONGEST_CLUSTER = 31


@dataclass(frozen=True, slots=True)
class Normalized:
    """Normalised text, and for each of its characters where in the input it begins, then the length of the input."""

    text: str
    offsets: tuple[int, ...]


def normalize(text: str) -> Normalized:
    """Return the text as a model should see it, on one line. Normalising twice changes nothing more.

    Canonical composition (NFC); every white space, line break and control character becomes a plain space, one in a
    row and none at the ends; typographic apostrophes, double quotes, hyphens and f-ligatures become their plain
    forms; guillemets stay, with one space inside; invisible characters, pictures (emoji) and what steers a terminal go,
    and Markdown's bold, italic and link marks (the text of a link stays, its address goes). A word that a hyphen cuts
    at the end of a line loses the hyphen only where what follows is no word (`informa-/tion`, but `peut-/être`); a
    lone surrogate becomes U+FFFD. Time is linear in the length.
    """
    offsets = list(range(len(text) + 1))
    for edits in (_characters, _compositions, _wrapped_hyphens, _spaces):
        text, offsets = _edited(text, offsets, edits(text))
    text, offsets = _unmarked(text, offsets)
    text, offsets = _edited(text, offsets, _guillemets(text))
    return Normalized(text, tuple(offsets))


def _unmarked(text: str, offsets: list[int]) -> tuple[str, list[int]]:
    """Take Markdown's marks away, the inner before the outer; leave a text alone whose marks are nested too deep.

    So the answer has no marks left to take, or is the text as it was: either way it is the same a second time.
    """
    once, places = text, offsets
    for _ in range(_DEEPEST_MARKUP):
        edits = [edit for match in _MARKUP.finditer(once) for edit in _marks(match)]
        if not edits:
            return once, places
        once, places = _edited(once, places, edits)
    return (text, offsets) if _MARKUP.search(once) else (once, places)


def _marks(match: re.Match[str]) -> tuple[Edit, Edit]:
    start, end = match.span(2) if match[1] else match.span(3)
    return (match.start(), start, ""), (end, match.end(), "")


def _edited(text: str, offsets: list[int], edits: Iterable[Edit]) -> tuple[str, list[int]]:
    parts: list[str] = []
    places: list[int] = []
    position = 0
    for start, end, new in edits:
        parts += (text[position:start], new)
        places += offsets[position:start]
        # The first new character begins where the old ones did; the others line up with the last old ones.
        shift = end - len(new)
        places += (offsets[max(start, shift + k) if k else start] for k in range(len(new)))
        position = end
    return "".join((*parts, text[position:])), places + offsets[position:]


def _characters(text: str) -> Iterator[Edit]:
    for match in _ODD.finditer(text):
        yield match.start(), match.end(), _plain(match[0]) if len(match[0]) == 1 else ""


@cache
def _plain(odd: str) -> str:
    if odd in _REPLACED:
        return _REPLACED[odd]
    return {"Cc": " ", "Cs": "\ufffd"}.get(unicodedata.category(odd[0]), "")


def _compositions(text: str) -> Iterator[Edit]:
    for run in _BEYOND_LATIN.finditer(text):
        for start, end in _clusters(text, run.start(), run.end()):
            if end - start <= _LONGEST_CLUSTER and not unicodedata.is_normalized("NFC", cluster := text[start:end]):
                yield start, end, unicodedata.normalize("NFC", cluster)


def _clusters(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the places of each character of `text[start:end]` with the marks that follow it."""
    for position in range(start + 1, end):
        if not (unicodedata.category(text[position])[0] == "M" or _CONJOINING.match(text[position])):
            yield start, position
            start = position
    yield start, end


def _wrapped_hyphens(text: str) -> Iterator[Edit]:
    hyphenation = rules("general", "hyphenation")
    for match in _WRAPPED_HYPHEN.finditer(text):
        word, space = match[2], match[3]
        if space and word in hyphenation["conjunctions"]:
            continue  # « pro-/et anti- »: the hyphen stands for what both words share
        start = match.start() if word in hyphenation["fragments"] else match.start(1)
        yield start, match.end(), ""


def _spaces(text: str) -> Iterator[Edit]:
    for match in _SPACE.finditer(text):
        yield match.start(), match.end(), " " if match.start() and match.end() < len(text) else ""


def _guillemets(text: str) -> Iterator[Edit]:
    for match in _GUILLEMET.finditer(text):
        yield match.start(), match.end(), " "
