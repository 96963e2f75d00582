"""What stands between a page's headline and the body of its article: the extractor takes the body alone."""

from __future__ import annotations

import re

_SPACE = re.compile(r"\s+")
_KEY = 60  # characters by which the first block of the body is known again


def above_body(page: str, first_block: str) -> list[str]:
    """Return the paragraphs between the last main heading and the first block of the body: standfirst, byline.

    Empty where the page has no such heading, or where its article cannot be found below it.
    """
    from lxml import html

    found: list[str] = []
    below_heading = False
    for element in html.document_fromstring(page).iter("h1", "h2", "p"):
        text = _SPACE.sub(" ", element.text_content()).strip()
        if below_heading and text[:_KEY] == _SPACE.sub(" ", first_block)[: len(text[:_KEY])] and text:
            return found
        if element.tag == "h1":
            below_heading, found = True, []
        elif below_heading and text:
            found.append(text)
    return []
