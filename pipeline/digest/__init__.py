"""The nightly digest: a night's records as a page, a feed and a mail.

`build` puts the records together, `files` writes the digest in every form, as bytes. Both are functions of their
arguments alone: the same night gives the same bytes.
"""

from __future__ import annotations

from pipeline.digest.digest import build
from pipeline.digest.forms import files
from pipeline.digest.record import (
    FORMAT,
    FORMAT_VERSION,
    Digest,
    Item,
    Missed,
    Quote,
    Sentence,
    Settings,
    Source,
    Story,
    Topic,
    Window,
)

__all__ = [
    "FORMAT",
    "FORMAT_VERSION",
    "Digest",
    "Item",
    "Missed",
    "Quote",
    "Sentence",
    "Settings",
    "Source",
    "Story",
    "Topic",
    "Window",
    "build",
    "files",
]
