"""Dates of feeds: RFC 822 and ISO 8601 as they are written in practice, with and without a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # before there were news sites
_AHEAD = timedelta(days=1)  # clocks and zones that are set wrong
# Zones and months that French papers write and RFC 5322 does not know.
_ZONES = {"CET": "+0100", "MET": "+0100", "HNEC": "+0100", "CEST": "+0200", "MEST": "+0200", "HAEC": "+0200"}
_MONTHS = {
    "janv": "Jan", "janvier": "Jan", "févr": "Feb", "fév": "Feb", "février": "Feb", "mars": "Mar", "avr": "Apr",
    "avril": "Apr", "mai": "May", "juin": "Jun", "juil": "Jul", "juillet": "Jul", "août": "Aug", "aout": "Aug",
    "sept": "Sep", "septembre": "Sep", "octobre": "Oct", "novembre": "Nov", "déc": "Dec", "décembre": "Dec",
}  # fmt: skip
_WEEKDAY = re.compile(r"^[^\W\d_]+\.?,?\s+(?=\d)")  # of no use, and in any language
_WORD = re.compile(r"[^\W\d_]+\.?")


def instant(text: str | None, zone: str, now: datetime) -> datetime | None:
    """Return the moment that a feed's date means, in UTC; a date without a zone is one of `zone` (an IANA name).

    None: there is none, it cannot be read, or it is absurd: before 1995, or more than a day after `now`.
    """
    try:
        moment = _read(text or "")
        if moment is None:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone))
        moment = moment.astimezone(UTC)
    except OverflowError:  # the year 1 or 9999, in a zone
        return None
    return moment if _EARLIEST <= moment <= now + _AHEAD else None


def _read(text: str) -> datetime | None:
    text = text.strip()
    for read in (datetime.fromisoformat, _rfc822):
        try:
            return read(text)
        except (TypeError, ValueError, IndexError):
            continue
    return None


def _rfc822(text: str) -> datetime:
    return parsedate_to_datetime(_WORD.sub(_english, _WEEKDAY.sub("", text)))


def _english(match: re.Match[str]) -> str:
    word = match[0].rstrip(".")
    return _ZONES.get(word) or _MONTHS.get(word.lower()) or word
