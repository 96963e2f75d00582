"""What stands between a page's headline and the body of its article: the extractor takes the body alone."""

from __future__ import annotations

import re
from typing import Any

_SPACE = re.compile(r"\s+")
_KEY = 60  # characters by which the first block of the body is known again


def above_body(tree: Any, first_block: str) -> list[str]:
    """Return the paragraphs of a page's tree between the last main heading and the body's first block.

    Empty where the page has no such heading, or where its article cannot be found below it.
    """
    found: list[str] = []
    below_heading = False
    for element in tree.iter("h1", "h2", "p"):
        text = _SPACE.sub(" ", element.text_content()).strip()
        if below_heading and text[:_KEY] == _SPACE.sub(" ", first_block)[: len(text[:_KEY])] and text:
            return found
        if element.tag == "h1":
            below_heading, found = True, []
        elif below_heading and text:
            found.append(text)
    return []
