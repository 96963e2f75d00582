"""Web and mail addresses, which a translation must copy as they are."""

from __future__ import annotations

import re

from pipeline.facts.fact import Link

_LINK = re.compile(
    r"(?:https?://|ftp://|(?<![\w@.])www\.)[^\s<>\"«»“”]+"
    r"|(?<![\w.%+-])[A-Za-z0-9][\w.%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}"
    r"|(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|fr|be|ch|ca|eu|info|io|gouv|lu|qc|uk|de)(?:/[^\s<>\"«»“”]*)?(?![\w@-])"
)
_HINT = re.compile(r"\w\.[a-z]|@|://|www\.")
_CLOSING = ".,;:!?…)]}'’"


def links(text: str) -> list[Link]:
    """Return the web and mail addresses of a text, without the punctuation of the sentence around them."""
    if not _HINT.search(text):
        return []
    return [_trimmed(match) for match in _LINK.finditer(text)]


def _trimmed(match: re.Match[str]) -> Link:
    written = match.group()
    while written[-1] in _CLOSING and not (written[-1] == ")" and written.count("(") >= written.count(")")):
        written = written[:-1]
    return Link(match.start(), match.start() + len(written), written)
