"""The digest as a mail (RFC 5322, multipart/alternative): plain text, and the page. The same window, the same bytes.

A page that mail programs would cut is shortened, and the whole of it attached.
"""

from __future__ import annotations

import uuid
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from pipeline.digest import phrases
from pipeline.digest.digest import NAMESPACE
from pipeline.digest.plain import plain
from pipeline.digest.record import Digest
from pipeline.digest.shortening import pages

SENDER = "depeche@localhost"  # until it is sent: then delivery names the sender and the receivers


def mail(digest: Digest) -> bytes:
    """Return the mail. Its id, boundaries and date come of the title and the window, so that a copy is known as one."""
    key = _key(digest)
    page, whole = pages(digest)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = phrases.subject(digest)
    message["From"] = SENDER
    message["Date"] = format_datetime(digest.window.end)
    message["Message-ID"] = f"<{key}@depeche.invalid>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice comes back
    message.set_content(plain(digest), charset="utf-8", cte="quoted-printable")
    message.add_alternative(page, subtype="html", charset="utf-8", cte="quoted-printable")
    message.set_boundary(f"depeche-{key.hex}")
    if page != whole:
        message.add_attachment(whole.encode(), "text", "html", filename="digest.html")
        message.set_boundary(f"depeche-whole-{key.hex}")
    return message.as_bytes()


def _key(digest: Digest) -> uuid.UUID:
    window = digest.window
    start = window.start.isoformat() if window.start is not None else ""
    return uuid.uuid5(NAMESPACE, f"mail:{digest.title}\0{start}\0{window.end.isoformat()}")
