"""How a text is laid out: its lines, the marks that open them, the paragraphs that were wrapped over several lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

# Markdown's headings, quotations and bullets, behind any byte order mark; the dash of "- 3 %" is a minus.
_MARK = re.compile(
    r"(?:[\ufeff\u200b\u200e\u200f\u2060]*"
    r"(?:(?:>|\#{1,6}|[*·]|-(?!\s*\d[\d.,\s]*(?:%|°|pts?\b|points?\b)))\s+|[•‣◦▪●■►▶]\ufe0e?\s*))+(?=\S)"
)
_NUMBER = re.compile(r"(?:\d{1,2}|[a-z])(?:[.)]|°[.)]?)\s|[–—]\s+[a-zà-öø-ÿœ]")
_DIALOGUE = re.compile(r"[–—―]\s*[^\sa-zà-öø-ÿœ]")
_LOWER = re.compile(r"[«\"'“(–—]?\s?([^\W\d_])")
_WORD = re.compile(r"\S+")
_PAUSES = tuple(".!?…:;")
_SHORTEST, _LONGEST = 45, 130
"""Where pages and mails wrap their lines, in characters."""
_SLACK = 8
"""The width is that of the longest line which goes on; one that ends a sentence may be a little longer."""


@dataclass(frozen=True, slots=True)
class Block:
    """A line, or the lines of one wrapped paragraph: `text[start:end]`, opened by the mark `text[mark:start]`.

    `gap` says whether a blank line stands before it.
    """

    mark: int
    start: int
    end: int
    gap: bool

    @property
    def length(self) -> int:
        return self.end - self.mark

    def is_list_item(self, text: str) -> bool:
        """Say whether a bullet or a number opens the block, or a dash before a small letter."""
        opening = text[self.mark : self.start].strip()
        return bool(opening and opening[-1] not in ">#") or bool(_NUMBER.match(text, self.start, self.end))

    def is_dialogue(self, text: str) -> bool:
        """Say whether a dash before a capital opens the block, as it does a speech."""
        return self.mark == self.start and bool(_DIALOGUE.match(text, self.start, self.end))


def blocks(text: str, is_noise: Callable[[str], bool]) -> list[Block]:
    """Return the blocks of a text in order; together they hold every character that is not white space.

    A line is joined to the one above where that one plainly goes on or, in a text whose lines were wrapped,
    where its first word would not have fitted above. `is_noise` tells page furniture, which nothing joins.
    """
    lines = list(_lines(text))
    width = _width(text, lines)
    joined = lines[:1]
    for above, line in pairwise(lines):
        # A headline may be as long as a wrapped line: what follows the first line must go on in lower case.
        limit = 0 if above is lines[0] else width
        if _joins(text, above, line, limit) and not is_noise(text[above.mark : above.end]):
            joined[-1] = replace(joined[-1], end=line.end)
        else:
            joined.append(line)
    return joined


def _lines(text: str) -> Iterator[Block]:
    position, gap = 0, False
    for line in text.splitlines(keepends=True):
        words = line.strip()
        if words:
            mark = position + len(line) - len(line.lstrip())
            opening = _MARK.match(words)
            yield Block(mark, mark + (opening.end() if opening else 0), mark + len(words), gap)
        gap = not words
        position += len(line)


def _width(text: str, lines: list[Block]) -> int:
    """Return the length at which the lines were wrapped, 0 when they were not."""
    open_ended = [above.length for above, line in pairwise(lines) if _goes_on(text, above, line)]
    if len(open_ended) < 2:
        return 0
    width = max(open_ended)
    full = sum(_is_full(text, above, line, width) for above, line in pairwise(lines))
    return width if 2 * len(open_ended) >= full else 0


def _joins(text: str, above: Block, line: Block, width: int) -> bool:
    return _goes_on(text, above, line) or (width > 0 and _is_full(text, above, line, width))


def _goes_on(text: str, above: Block, line: Block) -> bool:
    first = _LOWER.match(text, line.start, line.end)
    ends_open = above.length >= _SHORTEST and text[above.end - 1] not in _PAUSES
    return ends_open and bool(first and first[1].islower()) and _may_join(text, above, line)


def _is_full(text: str, above: Block, line: Block, width: int) -> bool:
    if not _may_join(text, above, line) or above.length > width + _SLACK:
        return False
    word = _WORD.match(text, line.start, line.end)
    return word is not None and above.length + 1 + len(word[0]) > width


def _may_join(text: str, above: Block, line: Block) -> bool:
    return (
        not line.gap
        and max(above.length, line.length) <= _LONGEST
        and not line.is_list_item(text)
        and line.mark == line.start
        and not line.is_dialogue(text)
        and text[above.mark] != "#"
    )
