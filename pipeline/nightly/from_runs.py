"""A digest of finished runs: no model, no state, no network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline import digest
from pipeline.config import Config
from pipeline.digest.cleaning import moment
from pipeline.document import Document
from pipeline.errors import InputError
from pipeline.evaluation import Run
from pipeline.nightly.work import settings, written

Begin = Callable[[datetime], datetime | None]
"""From when on a digest is, by its end; None: from the beginning."""


def digest_runs(runs: Sequence[Path], out: Path, config: Config, day: date | None, begin: Begin) -> str:
    """Write the digest of the articles of finished runs into a folder, and return a line for people.

    `day` dates the digest: it covers what came out before that day was over where the configuration is at home; None:
    the day of the newest article. Articles from before `begin(end)` are left out, those whose time is not known are
    not. An article that is in several runs counts once, as the last run has it.

    Raises:
        InputError: a folder holds no finished run, or no article's time is known and no day was given.
        OutputError: the folder cannot be written.
    """
    documents = {document.id: document for run in runs for document in Run(run).documents()}
    zone = ZoneInfo(config.digest.timezone)
    times = {document.id: moment(document.meta.get("published"), zone) for document in documents.values()}
    end = _end(day, [found for found in times.values() if found is not None], zone)
    since = begin(end)
    items = [digest.Item(document) for document in _within(documents.values(), times, since, end)]
    found = digest.build(items, digest.Window(since, end), settings(config), ())
    written(out, digest.files(found))
    return f"{found.article_count} articles in {found.story_count} stories; written to {out}"


def _within(
    documents: Iterable[Document], times: dict[str, datetime | None], since: datetime | None, end: datetime
) -> Iterator[Document]:
    for document in documents:
        published = times[document.id]
        if published is None or ((since is None or published > since) and published <= end):
            yield document


def _end(day: date | None, moments: Sequence[datetime], zone: ZoneInfo) -> datetime:
    if day is None:
        if not moments:
            raise InputError("no article says when it came out; give the day of the digest with --date")
        day = max(moments).astimezone(zone).date()
    return midnight(day + timedelta(days=1), zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
