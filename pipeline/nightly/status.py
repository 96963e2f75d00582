"""How a night went: a line for people, an exit code, and a file for monitoring. Ids and counts only, no text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import DepecheError
from pipeline.intake import SourceReport

FORMAT, FORMAT_VERSION = "depeche-digest-status", 1
_NEXT = {
    "undelivered": "the next call sends it",
    "stopped": "the same command goes on",
    "failed": "the next call tries",
}
Ending = Literal["delivered", "empty", "undelivered", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class Told:
    """What a night did.

    "delivered": written, and mailed where mail is set; "empty": there was nothing to deliver; "undelivered": written
    but not mailed, the next call mails it; "failed": the main job did not end, the articles wait for the next night;
    "stopped": by a signal, the next call goes on.
    """

    night: str
    state: Ending
    articles: int = 0
    stories: int = 0
    failed: int = 0
    troubles: tuple[str, ...] = ()
    folder: Path | None = None
    exit_code: int = 0

    @property
    def line(self) -> str:
        """One line for people."""
        if self.state == "empty":
            said = "nothing new"
        else:
            said = f"{_counted(self.articles, 'article')} in {_counted(self.stories, 'story', 'stories')}"
        failed = f", {_counted(self.failed, 'article')} failed" if self.failed else ""
        state = f"{self.state} ({_NEXT[self.state]})" if self.state in _NEXT else self.state
        where = f"; {state}: {self.folder}" if self.folder is not None else f"; {state}"
        return f"{self.night}: {said}{failed}{where}" + "".join(f"\n  {trouble}" for trouble in self.troubles)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {**asdict(self), "folder": None if self.folder is None else str(self.folder)}


def status(
    told: Sequence[Told],
    sources: Sequence[SourceReport],
    started: datetime,
    ended: datetime,
    error: DepecheError | None = None,
) -> dict[str, Any]:
    """Return what `status.json` says of a call: the nights that it worked on, what came of each source, and the error
    that ended it."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "started": started.isoformat(),
        "ended": ended.isoformat(),
        "exit_code": max((one.exit_code for one in told), default=0) if error is None else 2,
        "error": None if error is None else str(error),
        "nights": [one.to_dict() for one in told],
        "sources": [_plain(source) for source in sources],
    }


def _plain(source: SourceReport) -> dict[str, Any]:
    since = source.failing_since
    return {**asdict(source), "failing_since": None if since is None else since.isoformat()}


def _counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
