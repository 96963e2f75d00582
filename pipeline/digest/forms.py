"""All forms of a digest, by the names of their files."""

from __future__ import annotations

import json

from pipeline.digest.atom import atom
from pipeline.digest.html import html
from pipeline.digest.mail import mail
from pipeline.digest.markdown import markdown
from pipeline.digest.record import Digest


def files(digest: Digest) -> dict[str, bytes]:
    """Return the bytes of digest.html, digest.md, digest.json, feed.xml and digest.eml; nothing is written."""
    data = json.dumps(digest.to_dict(), ensure_ascii=False, indent=1, allow_nan=False)
    return {
        "digest.html": html(digest).encode(),
        "digest.md": markdown(digest).encode(),
        "digest.json": f"{data}\n".encode(),
        "feed.xml": atom(digest),
        "digest.eml": mail(digest),
    }
