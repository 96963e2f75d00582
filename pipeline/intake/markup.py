"""Fragments of HTML to plain text: the summaries and contents of feeds.

For whole pages there is `readers.html`, which looks for the article in them; a fragment is all article.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape

_NAMES = (
    "address article aside blockquote dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr"
    " li main nav ol p pre section table tr ul"
)
_BLOCKS = frozenset(_NAMES.split())
_UNSEEN = "//script | //style | //noscript | //template | //iframe | //object | //svg"
_TAG = re.compile(r"<[a-zA-Z/!?]")
_MARKUP = re.compile(r"<[^<>]*>?")
_LONG_TAG = re.compile(r"<\w[^<>]{2000,}")
_MOST_ATTRIBUTES = 1_000  # of one tag; libxml2 compares each with all the others
_SPACE = re.compile(r"[ \t\r\n\f]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


def plain_text(fragment: str) -> str:
    """Return what a reader sees of a fragment: paragraphs with blank lines between, items of lists with a dash."""
    if not _TAG.search(fragment):
        return _tidy(_SPACE.sub(" ", unescape(fragment)))
    try:
        return _tidy("".join(_pieces(_sound(fragment))))
    except Exception:  # nested too deep, or whatever else the parser makes of it: the words are still there
        return _tidy(_SPACE.sub(" ", unescape(_MARKUP.sub(" ", fragment))))


def one_line(fragment: str) -> str:
    """Return a headline as text of one line."""
    return " ".join(plain_text(fragment).split())


def _sound(text: str) -> str:
    """Take out halves of characters, NUL and other controls, which parsers stop at."""
    return _CONTROLS.sub("", text.encode("utf-8", "replace").decode())


def _pieces(fragment: str) -> list[str]:
    from lxml import etree, html

    if any(tag[0].count("=") > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(fragment)):
        raise ValueError("a tag has too many attributes")
    parser = html.HTMLParser(remove_comments=True, remove_pis=True)
    tree = html.fragment_fromstring(fragment, create_parent="div", parser=parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ValueError("the parser left something out")
    for element in tree.xpath(_UNSEEN):
        element.drop_tree()
    pieces: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            pieces += _mark(element.tag), _SPACE.sub(" ", element.text or "")
        else:
            pieces += "\n\n" if element.tag in _BLOCKS else "", _SPACE.sub(" ", element.tail or "")
    return pieces


def _mark(tag: str) -> str:
    if tag == "br":
        return "\n"
    return ("\n\n- " if tag == "li" else "\n\n") if tag in _BLOCKS else ""


def _tidy(text: str) -> str:
    lines = (line.strip(" ") for line in unicodedata.normalize("NFC", _sound(text)).split("\n"))
    text = re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    return re.sub(r"(?m)^-\s*\n+(?=\S)", "- ", text)
