"""Tell the article from the page around it: every line of a document gets its role, or the reason why it is noise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice

from pipeline.document import Document, Role, Segment
from pipeline.errors import DocumentError
from pipeline.languages import furniture
from pipeline.languages.layout import Block, blocks
from pipeline.languages.normalize import normalize

MOST_LINES = 100_000
"""Lines with words that a document may have, twice those of the longest novels: each becomes a record of its own."""

_WORDED_LINE = re.compile(r"\S[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*")
_LONGEST_HEADLINE = 200
_LONGEST_HEADING = 90
_LONGEST_QUESTION = 45
"""A longer question between paragraphs is an interviewer's."""
_LONGEST_FRONT_MATTER = 60
_SETTING = re.compile(r"[\w-]+ ?:(?: |$)|- ")
_STANDFIRST = range(40, 451)
_OPEN = (".", ":", ";", ",", "-", "–", "—")
_FINAL = re.compile(r"[.!?…](?: ?[»\")])*(?= |$)")
_DATELINE = re.compile(r"[^.!?]{2,60}\((?:Reuters|Belga|[A-Z]{2,10})\) ?[-–—:]")


@dataclass
class Clean:
    """The stage: fills `segments` with a segment a block, the marks of lists and headings apart, and nothing else."""

    name: str = "clean"

    def setup(self) -> None:
        """Compile the rules, so that the first document does not wait for them."""
        furniture.load()

    def process(self, batch: Sequence[Document]) -> list[Document]:
        """Return the documents with their blocks; `source` of each is `normalize(text[start:end]).text`.

        Raises:
            DocumentError: one has more than `MOST_LINES` lines.
        """
        for document in batch:
            _check_lines(document.text)
        return [replace(document, segments=tuple(clean(document.text))) for document in batch]


def clean(text: str) -> Iterator[Segment]:
    """Yield the segments of a text in order; together they hold every character that is not white space."""
    laid_out = blocks(text, lambda line: furniture.reason(normalize(line).text) is not None)
    sources = [normalize(text[block.mark : block.end]).text for block in laid_out]
    front = _front_matter(sources)
    reasons = ["front-matter"] * front + furniture.reasons(sources[front:])
    article = [Line.of(text, block) for block, reason in zip(laid_out, reasons, strict=True) if reason is None]
    kept = zip(article, roles(article), strict=True)
    numbers = count()
    for block, source, reason in zip(laid_out, sources, reasons, strict=True):
        if reason is not None:
            yield Segment(block.mark, block.end, "noise", source, next(numbers), reason)
            continue
        if block.mark < block.start:
            yield _mark(text, block, next(numbers))
        line, role = next(kept)
        yield Segment(block.start, block.end, role, line.source, next(numbers))


def _check_lines(text: str) -> None:
    if len(text) > MOST_LINES and next(islice(_WORDED_LINE.finditer(text), MOST_LINES, None), None) is not None:
        raise DocumentError(
            f"the text has more than {MOST_LINES:,} lines, the most that one document may have: split it"
        )


def _front_matter(sources: Sequence[str]) -> int:
    """Return how many blocks the settings at the head of a Markdown file take: `key: value` lines between rules."""
    if sources[:1] != ["---"]:
        return 0
    for number, source in enumerate(sources[1:_LONGEST_FRONT_MATTER], 1):
        if source in ("---", "..."):
            return number + 1
        if not _SETTING.match(source):
            return 0
    return 0


def _mark(text: str, block: Block, number: int) -> Segment:
    end = block.mark + len(text[block.mark : block.start].rstrip())
    return Segment(block.mark, end, "noise", normalize(text[block.mark : end]).text, number, "markup")


@dataclass(frozen=True, slots=True)
class Line:
    """What the role of a block depends on: its words, the mark before it, a list or a speech that it belongs to."""

    source: str
    mark: str = ""
    is_listed: bool = False
    is_speech: bool = False

    @classmethod
    def of(cls, text: str, block: Block) -> Line:
        source = normalize(text[block.start : block.end]).text
        return cls(source, text[block.mark : block.start].strip(), block.is_list_item(text), block.is_dialogue(text))

    @property
    def is_heading(self) -> bool:
        """Say whether Markdown calls it a heading."""
        return self.mark.endswith("#")

    @property
    def is_title(self) -> bool:
        """Say whether it reads like a title: no list, no speech, no end of a sentence unless all in capitals."""
        plain = not (self.is_listed or self.is_speech or self.mark)
        return self.is_heading or (plain and (self.source.isupper() or not self.source.endswith(_OPEN)))


def roles(lines: Sequence[Line]) -> list[Role]:
    """Return the role of each line of an article, noise left out."""
    return [_role(lines, index) for index in range(len(lines))]


def _role(lines: Sequence[Line], index: int) -> Role:
    line = lines[index]
    if line.is_listed:
        return "list"
    if index == 0 and _is_headline(lines):
        return "headline"
    if index == 1 and _is_headline(lines) and _is_standfirst(line, lines[2:]):
        return "standfirst"
    if line.is_heading or (index and _is_heading(line, lines[index + 1 : index + 2])):
        return "heading"
    return "paragraph"


def _is_headline(lines: Sequence[Line]) -> bool:
    """The first line, when it reads like a title of something."""
    first = lines[0]
    return first.is_heading or (first.is_title and len(first.source) <= _LONGEST_HEADLINE and len(lines) > 1)


def _is_standfirst(line: Line, below: Sequence[Line]) -> bool:
    """One or two sentences below the headline, above a longer paragraph and more."""
    return (
        len(below) > 1
        and not (line.is_heading or line.is_speech)
        and len(line.source) in _STANDFIRST
        and len(_FINAL.findall(line.source)) <= 2
        and not _DATELINE.match(line.source)
        and not below[0].is_listed
        and len(below[0].source) > 1.2 * len(line.source)
    )


def _is_heading(line: Line, below: Sequence[Line]) -> bool:
    """A short title above a paragraph or a list."""
    longest = _LONGEST_QUESTION if line.source.endswith(("?", "!", "…")) else _LONGEST_HEADING
    if not (below and line.is_title and len(line.source) <= longest and not _FINAL.search(line.source[:-1])):
        return False
    following = below[0]
    opens = next((character for character in line.source if character.isalnum()), "")
    goes_on = following.is_listed or following.is_speech or bool(_FINAL.search(following.source))
    return goes_on and not opens.islower()
