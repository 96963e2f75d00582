"""Where articles come from, and what is said of each source afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from glob import has_magic
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pipeline.errors import ConfigError
from pipeline.intake.address import identity, link, request
from pipeline.readers import ReadOptions

Status = Literal["ok", "unchanged", "empty", "damaged", "postponed", "refused", "failed"]
"""What became of a source. "damaged": read as far as possible; "postponed": it asked to be left alone until later."""

FAULTS = frozenset({"damaged", "refused", "failed"})


@dataclass(frozen=True, slots=True)
class FeedSource:
    """A feed. `name`: what people read (None: the feed's own title). `zone`: that of dates without one.

    `full_text`: where the feed has only a teaser, the page of the article is fetched, as robots.txt allows.

    Raises:
        ConfigError: the address is not one of http or https, or the zone is unknown.
    """

    url: str
    name: str | None = None
    full_text: bool = False
    zone: str = "Europe/Paris"

    def __post_init__(self) -> None:
        if request(self.url) is None:
            raise ConfigError("a feed's address is not one of http or https, or holds a user's name; write https://...")
        try:
            ZoneInfo(self.zone)
        except (OSError, ValueError, KeyError) as error:  # an unknown name is a KeyError, one like a path the others
            raise ConfigError(f"unknown time zone {self.zone!r}; for example Europe/Paris") from error

    @property
    def identity(self) -> str:
        """What the feed is known by, whatever its name and its scheme."""
        return identity(self.url) or self.url

    @property
    def place(self) -> str:
        """The address as it may be printed and passed on: without the query, which may hold a subscriber's key."""
        return (link(self.url) or "").partition("?")[0]


@dataclass(frozen=True, slots=True)
class DropSource:
    """A file, folder or pattern. Its articles are known by `name` (None: the path as it is written)."""

    path: Path
    name: str | None = None
    options: ReadOptions = field(default_factory=ReadOptions)

    @property
    def identity(self) -> str:
        """What the drop is known by."""
        return self.name or str(self.path)

    @property
    def title(self) -> str:
        """What people read, and what ids begin with: the name, else the last part of the path that is no pattern."""
        parts = (part for part in reversed(self.path.parts) if not has_magic(part) and part not in ("/", "..", "."))
        return self.name or next(parts, "drop")

    @property
    def place(self) -> str:
        """The path as it is written."""
        return str(self.path)


Source = FeedSource | DropSource


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What came of one source.

    `new`, `updated`, `same` count articles; `skipped` entries that cannot be used and rows that cannot be read;
    `teasers` articles whose page could not be read, so that the feed's own words stand. `error` is one line, also
    where only a part failed. `failing_since`: the first of the nights in a row that it failed.
    """

    name: str
    place: str
    status: Status
    new: int = 0
    updated: int = 0
    same: int = 0
    skipped: int = 0
    teasers: int = 0
    error: str | None = None
    failing_since: datetime | None = None

    @property
    def is_fault(self) -> bool:
        """Say whether the digest should name the source as one that failed."""
        return self.status in FAULTS
