"""Texts, addresses and times from outside, made fit to be shown: a clean line, a plain http(s) address, a moment."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, tzinfo
from urllib.parse import quote, urlsplit

_LONGEST_URL = 2_000  # what every browser and mail program takes
_LONGEST_LINE = 2_000  # characters; no sentence is longer, and a mail is not filled by one field
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\"'<>\\^`{|}]")
_HOST = re.compile(r"[^\s/?#@\\]+\Z")
# Unseen characters that reorder or hide text (Unicode TR 36, "bidirectional text spoofing"), and line separators.
_DROPPED = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_REORDERING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF])


def line(value: object, longest: int = _LONGEST_LINE) -> str:
    """Return a text as one line: white space as single spaces, no control or reordering characters, cut if too long.

    What is no text gives nothing.
    """
    if not isinstance(value, str):
        return ""
    text = value[: 4 * longest].translate(_REORDERING)
    text = "".join(" " if _is_dropped(character) else character for character in text)
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _is_dropped(character: str) -> bool:
    return character >= "\x7f" and unicodedata.category(character) in _DROPPED if character >= " " else True


def link(value: object) -> str | None:
    """Return an address that may stand in a page and in a mail; None where it is not plainly http or https.

    A user's name in front of the host, a common disguise, makes it none; odd characters are percent-encoded.
    """
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_URL or _UNSAFE.search(value):
        return None
    try:
        parts = urlsplit(value)
        _ = parts.port
        encoded = quote(value.encode("utf-8"), safe=":/?#@!$&*+,;=%~-._[]")
    except ValueError:
        return None
    known = parts.scheme in ("http", "https") and bool(parts.hostname) and _HOST.match(parts.netloc)
    return encoded if known and len(encoded) <= _LONGEST_URL and encoded.isascii() else None


def moment(value: object, zone: tzinfo) -> datetime | None:
    """Return an ISO 8601 time in UTC; one without a zone is meant in `zone`. None where it is none, or out of range."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value.strip())
        read = read.replace(tzinfo=zone) if read.tzinfo is None else read
        moment = read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 1 < moment.year < 9999 else None  # shown in any zone, it stays a date
