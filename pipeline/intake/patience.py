"""How long one host may hold up the night."""

from __future__ import annotations

import time
from collections.abc import Callable

from pipeline.intake.fetching import Page
from pipeline.intake.network import FetchError

_GIVE_UP = 3  # failures in a row
_MOST_PAGES = 200
_MOST_SECONDS = 600.0


class Patience:
    """What is left of it with one host: after three failures in a row, 200 pages or ten minutes it is over."""

    def __init__(self, host: str, most_seconds: float = _MOST_SECONDS) -> None:
        self._host, self._end = host, time.monotonic() + most_seconds
        self._pages = self._failures = 0

    def ask(self, get: Callable[[], Page]) -> Page | FetchError:
        """Return what `get` returns or raises; once the patience is over, that it was not asked."""
        if (over := self._over()) is not None:
            return FetchError(f"{self._host} {over} and is left alone tonight", "unasked")
        self._pages += 1
        try:
            page = get()
        except FetchError as error:
            self._failures = self._failures + 1 if _is_trouble(error) else 0
            return error
        self._failures = 0
        return page

    def _over(self) -> str | None:
        if self._failures >= _GIVE_UP:
            return f"failed {_GIVE_UP} times in a row"
        if self._pages >= _MOST_PAGES:
            return f"was asked for {_MOST_PAGES} pages"
        return "took too long in all" if time.monotonic() > self._end else None


def _is_trouble(error: FetchError) -> bool:
    """Say whether the host itself is at fault, and not one of its pages."""
    return error.kind in ("network", "timeout") or (error.status or 0) in (429, *range(500, 600))
