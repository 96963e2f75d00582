"""Sentence segmentation: where the sentences of a text begin and end, by rules that each language gives as data."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from itertools import accumulate, pairwise

from pipeline.languages import rules

Place = tuple[int, int]
"""Half-open offsets into a text."""

_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_END = re.compile(r"[.!?…‽؟۔।॥]+(?: {1,2}[!?]+)*|[。！？｡]+")
_WIDE = "。！？｡"  # no space follows these
_VISIBLE = re.compile(r"\S")
_ALPHANUMERIC = re.compile(r"[^\W_]")
_LETTERS = re.compile(r"[^\W\d_]+")

# What may stand between the end of a sentence and the first letter of the next: quotes, brackets, dashes, emoji, a
# cut in a quotation. The bound on their number keeps the time linear.
_OPENING = re.compile(r"(\s*)((?:(?:[\[(](?:…|\.{3})[\])]|…|\.{3}|[^\w\s.,;:!?…)\]»”%/=+])\s*){0,8})")
_GLUED_OPENINGS = "«“—–"
_CLOSING = ")]»”’›」』"
_NOTE_CALL = re.compile(r"\[\d{1,3}\]")
_CONTINUES = re.compile(r"\s?(?:[.,;:!?)]|([^\W\d_]))")

# A brand (iPhone) or the letter of a list item may open a sentence; other words with a small letter do not.
_SMALL_OPENER = re.compile(r"[a-z]{1,2}[A-Z]|[a-z]\)\s+[^\W\d_a-zß-öø-ÿ]")
_TOKEN = re.compile(r"[^\s«»\"“”(\[)\],;:!?…/]+$")
_TOKEN_LENGTH = 24
_ADDRESS_LENGTH = 80
_ADDRESS = re.compile(r"(?:[/@]|\bwww\.)\S*$")
_LABEL = re.compile(r"\W*(?:\d{1,3}|[^\W\d_]|[IVX]{1,5})")
_LABEL_LENGTH = 8
_ROMAN = re.compile(r"[IVXLC]+\b")
_REST_OF_DATE = re.compile(r"(?:\d{1,2}\. ?)?\d{4}\b")
_INITIAL = re.compile(r"[^\W\d_](?:\.?-[^\W\d_])?")
_ACRONYM = re.compile(r"[^\W\d_](?:(?:\.-?|-)[^\W\d_])+")
_BEFORE_CAPITAL = re.compile(r"[^\W\d_]+'?\s?([^\W\d_])")

_MARKS = re.compile(r"[()\[\]«»“”\"]")
_PARTNER = {")": "(", "]": "[", "»": "«", "”": "“", '"': '"'}
_LONGEST_ASIDE = {"(": 300, "[": 300, "«": 100, "“": 100, '"': 100}


@dataclass(frozen=True, slots=True)
class _Rules:
    """The abbreviations of a language, without their full stop, and the words that matter after one.

    The TOML files say what each list is for; a list that a language does not need is not in its file.
    """

    never: frozenset[str]
    before_number: frozenset[str]
    before_name: frozenset[str]
    clock: frozenset[str]
    after_clock: frozenset[str]
    after_ordinal: frozenset[str]
    starters: frozenset[str]
    particles: frozenset[str]
    domains: frozenset[str]


@cache
def _rules(code: str) -> _Rules:
    data = {"domains": rules("general", "sentences")["domains"], **rules(code, "sentences")}
    return _Rules(**{field.name: frozenset(_with_capitals(data.get(field.name, []))) for field in fields(_Rules)})


def _with_capitals(words: list[str]) -> Iterator[str]:
    for word in words:
        yield word
        if word.islower():
            yield word[0].upper() + word[1:]
            yield word.upper()


def split(text: str, code: str = "fr") -> list[Place]:
    """Return the places of the sentences of a text, in order; only white space stands outside of them.

    A blank line always ends a sentence. `code` is the ISO 639-1 code whose rules are used; a language without rules
    of its own gets the general ones. Quotes and brackets that close right after a sentence stay with it; a piece
    without letters or digits joins the sentence before it. Time is linear in the length.
    """
    language = _rules(code)
    places: list[Place] = []
    start = 0
    for stop in [*(match.start() for match in _PARAGRAPH_BREAK.finditer(text)), len(text)]:
        places += ((start + begin, start + end) for begin, end in _Paragraph(text[start:stop], language).sentences())
        start = stop
    return places


class _Paragraph:
    """One paragraph under the rules of one language."""

    def __init__(self, text: str, language: _Rules) -> None:
        self.text = text
        self.language = language
        self.closing_quotes = frozenset(_closing_quotes(text))
        asides = sorted(self._asides())
        self.aside_starts = [start for start, _ in asides]
        self.aside_stops = list(accumulate((stop for _, stop in asides), max))

    def sentences(self) -> Iterator[Place]:
        """Yield the places of the sentences, without the white space around them."""
        starts = [0, *self._cuts(), len(self.text)]
        for start, stop in pairwise(starts):
            piece = self.text[start:stop]
            if stripped := piece.strip():
                begin = start + len(piece) - len(piece.lstrip())
                yield begin, begin + len(stripped)

    def _cuts(self) -> Iterator[int]:
        """Yield where sentences end, the last one excepted: there is at least a letter or a digit on both sides."""
        last = next((i for i in range(len(self.text) - 1, -1, -1) if self.text[i].isalnum()), -1)
        start, first = 0, _ALPHANUMERIC.search(self.text)
        for mark in _END.finditer(self.text):
            end = self._after_closing(mark.end())
            if first is None or end > last:
                return
            if first.start() < mark.start() and not self._in_aside(mark.start(), end) and self._ends(start, mark, end):
                yield end
                start, first = end, _ALPHANUMERIC.search(self.text, end)

    def _in_aside(self, mark: int, end: int) -> bool:
        before = bisect_left(self.aside_starts, mark)
        return before > 0 and end < self.aside_stops[before - 1]

    def _after_closing(self, position: int) -> int:
        """Return the place after the quotes, brackets and note calls that close at a position."""
        text = self.text
        while position < len(text):
            here, ahead = text[position], text[position + 1 : position + 2]
            if here in _CLOSING or position in self.closing_quotes or (here == "'" and not ahead.isalnum()):
                position += 1
            elif here == " " and ahead and (ahead in "»›" or position + 1 in self.closing_quotes):
                position += 2
            elif call := _NOTE_CALL.match(text, position):
                position = call.end()
            else:
                break
        return position

    def _ends(self, start: int, mark: re.Match[str], end: int) -> bool:
        """Tell whether the sentence that began at `start` ends with this mark and what closes after it."""
        opening = _OPENING.match(self.text, end)
        assert opening is not None
        begin = opening.end()
        first = self.text[begin : begin + 1]
        if not first.isalnum():
            return False
        if mark[0][0] in _WIDE:
            return True
        if not opening[1] and opening[2][:1] not in tuple(_GLUED_OPENINGS):
            return self._glued(mark, end)
        if first.islower():
            return opening[2].endswith(("@", "#")) or bool(_SMALL_OPENER.match(self.text, begin))
        if mark[0] == ".":
            return not self._is_label(start, mark.start()) and self._full_stop(mark.start(), begin)
        return mark[0] != "!" or self._ends_name(self._token(mark.start()) + "!", begin)

    def _glued(self, mark: re.Match[str], end: int) -> bool:
        """Tell whether a space is missing between two sentences (« la fin.Le lendemain »)."""
        before = self.text[max(0, mark.start() - 3) : mark.start()].rstrip()[-2:]
        after = self.text[end : end + 2]
        if not (len(before) == 2 and before.isalpha() and before.islower() and after[:1].isupper()):
            return False
        if not (after[1:].islower() or after[1:] in ("'", " ")):
            return False
        word = _LETTERS.match(self.text, end)
        if word is None or word[0].lower() in self.language.domains:
            return False
        if _ADDRESS.search(self.text[max(0, end - _ADDRESS_LENGTH) : end]):
            return False
        return mark[0] != "." or self._full_stop(mark.start(), end)

    def _is_label(self, start: int, stop: int) -> bool:
        """Tell whether all that stands before a full stop is the number or letter of a list item."""
        return stop - start <= _LABEL_LENGTH and bool(_LABEL.fullmatch(self.text, start, stop))

    def _full_stop(self, dot: int, begin: int) -> bool:
        """Tell whether a single full stop ends a sentence; the next word begins at `begin`, with no small letter."""
        token = self._token(dot)
        language = self.language
        if token in language.never:
            return False
        if token in language.clock:
            return self._word(begin) not in language.after_clock and self.text[begin - 1] != "("
        if self.text[begin].isdigit():
            return not (token in language.before_number or _INITIAL.fullmatch(token) or self._is_date(token, begin))
        if token in language.before_number and _ROMAN.match(self.text, begin):
            return False
        if _is_short_number(token):
            return self._word(begin) not in language.after_ordinal
        return self._ends_name(token, begin)

    def _ends_name(self, token: str, begin: int) -> bool:
        """Tell whether a sentence may end after a token that could be a part of a name which goes on."""
        initial = bool(_INITIAL.fullmatch(token)) and token[0].isupper()
        known = token in self.language.before_name
        if not (initial or known or _ACRONYM.fullmatch(token)):
            return True
        word = self._word(begin).lower()
        if word not in self.language.starters or self.text[begin + 1 : begin + 2] == ".":
            return False  # the second condition: one more initial (« A. N. Wilson »)
        surname = _BEFORE_CAPITAL.match(self.text, begin)
        return not (initial and not known and word in self.language.particles and surname and surname[1].isupper())

    def _token(self, stop: int) -> str:
        """Return the word before a mark, without an elided article (« l'art » is « art »)."""
        token = _TOKEN.search(self.text[max(0, stop - _TOKEN_LENGTH) : stop])
        return token[0].rpartition("'")[2] if token else ""

    def _word(self, begin: int) -> str:
        word = _LETTERS.match(self.text, begin)
        return word[0] if word else ""

    def _asides(self) -> Iterator[Place]:
        """Yield the places of brackets and short quotes inside a sentence, which marks inside them do not end."""
        opened: dict[str, int] = {}
        for mark in _MARKS.finditer(self.text):
            sign, position = mark[0], mark.start()
            if sign in _PARTNER and (sign != '"' or position in self.closing_quotes):
                start = opened.pop(_PARTNER[sign], None)
                if start is not None and self._is_aside(start, position):
                    yield start, position + 1
            else:
                opened[sign] = position

    def _is_aside(self, start: int, stop: int) -> bool:
        before = self.text[max(0, start - 2) : start].rstrip()[-1:]
        if stop - start > _LONGEST_ASIDE[self.text[start]] or not (before.isalnum() or before in ("'", ",", "%")):
            return False
        after = _CONTINUES.match(self.text, stop + 1)
        return self.text[start] in "([" or (after is not None and not (after[1] and after[1].isupper()))

    def _is_date(self, token: str, begin: int) -> bool:
        """Tell whether a number and the next one are parts of a date such as « 12. 03. 2025 »."""
        return _is_short_number(token) and bool(_REST_OF_DATE.match(self.text, begin))


def _is_short_number(token: str) -> bool:
    return len(token) <= 2 and token.isdecimal()


def _closing_quotes(text: str) -> Iterator[int]:
    """Yield the places of the straight double quotes that close; where white space does not tell, they alternate."""
    is_open = False
    for position in (match.start() for match in re.finditer('"', text)):
        before = text[max(0, position - 1) : position].strip(" \n([«'—–-")
        after = text[position + 1 : position + 2].strip(" \n.,;:!?)]»…")
        is_open = not is_open if bool(before) == bool(after) else bool(after)
        if not is_open:
            yield position
