"""Web pages: the main text, without what stands around it.

trafilatura finds the article; here its tree becomes text: the title as first line, then one block each for
heading, paragraph and list, with blank lines between.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator
from typing import Any

from pipeline.document import Document
from pipeline.errors import DecodingError, DocumentError
from pipeline.readers.encoding import decode, detect, finding
from pipeline.readers.listing import File
from pipeline.readers.options import ReadOptions
from pipeline.readers.rows import Located
from pipeline.readers.standfirst import above_body

# HTML, "prescan a byte stream to determine its encoding": a declaration stands in the first 1024 bytes.
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.ASCII | re.IGNORECASE)
_PRESCAN = 1024
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")  # it speaks of bytes that are text by now
_WHOLE = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
_AS_ON_THE_WEB = {"iso8859-1": "windows-1252", "ascii": "windows-1252"}  # WHATWG Encoding, "names and labels"
_GROUPS = frozenset({"quote", "div"})
_LINES = frozenset({"lb", "p", "head", "list", "item", "quote", "table", "row"})  # each begins a line of its own
_SPACE = re.compile(r"[ \t\r\n\f]+")  # white space of HTML

# A page beyond these is refused: the libraries below take quadratic time over links and attributes, and drop in silence
# what is nested deeper than libxml2 goes (256 levels). Long articles and live pages have some 10,000 tags.
_MOST_TAGS = 30_000
_MOST_ATTRIBUTES = 10_000  # of one tag
_TAG = re.compile(r"<[^<>]{20000,}")
# What says who wrote a page is of no use here and costs quadratic time; a title is shorter.
_LONGEST_META = 2_000
_MOST_SCRIPT = 100_000


def read(file: File, options: ReadOptions) -> Iterator[Located]:
    """Yield the page's document.

    Raises:
        DocumentError: it is too long, its bytes are not text, or no main text was found.
        OSError: it cannot be read.
    """
    data = file.load(options.max_bytes)
    page, encoding = decode(data, options.encoding or _encoding(data))
    text = extract(page)
    yield file.place, Document(file.name, text, findings=finding(encoding, options.encoding))


def check(file: File, options: ReadOptions) -> None:
    """A page has no fields that could be missing."""


def extract(page: str) -> str:
    """Return the main text of a page of HTML.

    Raises:
        DocumentError: there is none.
    """
    title, above, blocks = _parse(_DECLARATION.sub("", page))
    if not blocks:
        raise DocumentError("no main text was found in the page")
    if title:
        blocks = [title, *above, *(block for block in blocks if block != title and block not in above)]
    return "\n\n".join(blocks) + "\n"


def _parse(page: str) -> tuple[str | None, list[str], list[str]]:
    import trafilatura

    _check_size(page)
    if not _WHOLE.search(page):
        page = f"<html><body>{page}</body></html>"
    for library in ("trafilatura", "htmldate", "courlan", "justext"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # their messages may quote the page
    try:
        tree = _tree(page)
        found: Any = trafilatura.bare_extraction(page, include_comments=False, include_tables=True)
        blocks = [] if found is None else list(filter(None, _blocks(found.body)))
        above = above_body(tree, blocks[0]) if blocks else []
        return _title(page) if blocks else None, above, blocks
    except DocumentError:
        raise
    except Exception as error:  # whatever a page does to the parser concerns that page alone
        raise DocumentError(f"the page cannot be parsed ({type(error).__name__})") from error


def _check_size(page: str) -> None:
    tags = page.count("<")
    if tags > _MOST_TAGS:
        raise DocumentError(f"the page has {tags:,} tags; the most that one may have is {_MOST_TAGS:,}")
    attributes = max((tag[0].count("=") for tag in _TAG.finditer(page)), default=0)
    if attributes > _MOST_ATTRIBUTES:
        raise DocumentError(f"a tag of the page has {attributes:,} attributes; the most is {_MOST_ATTRIBUTES:,}")


def _tree(page: str) -> Any:
    """Return the page's tree.

    Raises:
        DocumentError: it is nested so deep that the parser left a part of it out.
    """
    from lxml import html

    parser = html.HTMLParser()
    tree = html.document_fromstring(page, parser=parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise DocumentError("the page is nested too deep (256 levels) or has a part too long for the parser")
    return tree


def _title(page: str) -> str | None:
    """Return the title that the page gives itself, in its head or in a heading."""
    import trafilatura

    tree = trafilatura.load_html(page)
    room = _MOST_SCRIPT
    for element in [] if tree is None else list(tree.iter("meta", "script")):
        room -= len(element.text or "")
        if len(element.get("content") or "") > _LONGEST_META or room < 0:
            element.drop_tree()
    title: str | None = trafilatura.extract_metadata(tree, extensive=False).title
    return title


def _blocks(parent: Any) -> Iterator[str]:
    yield _clean(parent.text)
    for child in parent:
        if child.tag in _GROUPS and any(inner.tag in _LINES for inner in child):
            yield from _blocks(child)
        elif child.tag == "list":
            yield "\n".join(f"- {line}" for item in child for line in _text(item).split("\n") if line)
        elif child.tag == "table":
            yield "\n".join(" | ".join(map(_text, row)) for row in child.iter("row"))
        else:
            yield _text(child)
        yield _clean(child.tail)


def _text(element: Any) -> str:
    lines = (line.strip(" ") for line in "".join(_pieces(element)).split("\n"))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _pieces(element: Any) -> Iterator[str]:
    yield _SPACE.sub(" ", element.text or "")
    for child in element:
        if child.tag in _LINES:
            yield "\n"
        yield from _pieces(child)
        yield _SPACE.sub(" ", child.tail or "")


def _clean(text: str | None) -> str:
    return _SPACE.sub(" ", text or "").strip(" ")


def _encoding(data: bytes) -> str | None:
    """Return the encoding of a page: its bytes go before what it says of itself; None: not told by either."""
    declared = _DECLARED.search(data[:_PRESCAN])
    try:
        detected: str | None = detect([data])
    except DecodingError:
        detected = None
    if declared is None or (detected or "").startswith("utf"):
        return detected
    try:
        codec = codecs.lookup(declared[1].decode("ascii")).name
        "a".encode(codec)
    except LookupError:
        return detected
    if codec.startswith("utf"):
        return detected
    return _AS_ON_THE_WEB.get(codec, codec)
