"""The digest as a mail (RFC 5322, multipart/alternative): plain text, and the page. The same window, the same bytes."""

from __future__ import annotations

import uuid
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from pipeline.digest import phrases
from pipeline.digest.digest import NAMESPACE
from pipeline.digest.html import html
from pipeline.digest.plain import plain
from pipeline.digest.record import Digest

SENDER = "depeche@localhost"  # until it is sent: then delivery names the sender and the receivers


def mail(digest: Digest) -> bytes:
    """Return the mail. Its id, boundary and date come of the title and the window, so that a copy is known as one."""
    key = _key(digest)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = phrases.subject(digest)
    message["From"] = SENDER
    message["Date"] = format_datetime(digest.window.end)
    message["Message-ID"] = f"<{key}@depeche.invalid>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice comes back
    message.set_content(plain(digest), charset="utf-8", cte="quoted-printable")
    message.add_alternative(html(digest), subtype="html", charset="utf-8", cte="quoted-printable")
    message.set_boundary(f"depeche-{key.hex}")
    return message.as_bytes()


def _key(digest: Digest) -> uuid.UUID:
    window = digest.window
    start = window.start.isoformat() if window.start is not None else ""
    return uuid.uuid5(NAMESPACE, f"mail:{digest.title}\0{start}\0{window.end.isoformat()}")
