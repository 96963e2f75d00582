"""One night's work: its articles through the main job, the digest written, delivered, and only then noted as such.

It can be cut off anywhere. Before the work begins its articles are fixed; what is done again gives the same bytes, and
a mail that goes out twice is the same mail with the same id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline import delivery, digest, run
from pipeline.config import Config
from pipeline.delivery import DeliveryError
from pipeline.document import Document
from pipeline.errors import ConfigError, ResourceError, StartError
from pipeline.evaluation import Run
from pipeline.intake import Noted, State, Window
from pipeline.nightly.room import Night, Room
from pipeline.nightly.status import Ending, Told
from pipeline.readers import ReadOptions
from pipeline.stopping import Stop
from pipeline.writers.atomic import output_errors, write_whole
from pipeline.writers.jsonl import json_line, json_value

_INPUT, _RUN, _DIGEST = "in.jsonl", "run", "digest"


@dataclass(frozen=True, slots=True)
class _Job:
    """What the main job made of a night's articles; `fault` is what kept it from its end."""

    documents: tuple[Document, ...] = ()
    fault: str | None = None

    @property
    def failed(self) -> tuple[str, ...]:
        """The ids of the articles that failed."""
        return tuple(document.id for document in self.documents if document.failure is not None)


class NightWork:
    """Carries nights to their end in a room, whose lock the caller holds."""

    def __init__(self, room: Room, state: State, config: Config, quiet: bool, stop: Stop) -> None:
        self._room, self._state, self._config = room, state, config
        self._quiet, self._stop = quiet, stop

    def do(self, night: Night, now: datetime) -> Told:
        """Carry a night to its end, from wherever it was cut off.

        Raises:
            OutputError: the folder cannot be written; nothing was delivered.
            StateError: the state cannot be written; the next call goes on.
        """
        noted = self._noted(night)
        job = self._job(noted, self._room.place(night.name))
        if self._stop.requested:
            return Told(night.name, "stopped", len(noted), exit_code=self._stop.exit_code)
        troubles = (*night.troubles, *([job.fault] if job.fault else []))
        found = self._digest(night, noted, job, troubles)
        files = digest.files(found)
        folder = self._room.place(night.name) / _DIGEST
        written(folder, files)
        told = Told(night.name, "delivered", len(noted), found.story_count, len(job.failed), troubles, folder)
        return self._delivered(night, told, noted, job, files, now)

    def _noted(self, night: Night) -> tuple[Noted, ...]:
        """The articles of a night; those that were marked before it was cut off are among them."""
        wanted = set(night.articles)
        found = (*self._state.pending(Window(night.end)), *self._state.delivered(night.name))
        return tuple(one for one in found if one.key in wanted)

    def _job(self, noted: Sequence[Noted], place: Path) -> _Job:
        if not noted:
            return _Job()
        with output_errors(place):
            write_whole(place / _INPUT, b"".join(map(_row, noted)))
        options = ReadOptions(max_bytes=self._config.run.max_document_bytes)
        inputs = [str(place / _INPUT)]
        try:
            run.run_folder(inputs, place / _RUN, self._config, options, quiet=self._quiet, stop=self._stop)
        except (StartError, ResourceError) as error:
            return _Job(fault=f"the articles could not be translated, they wait for the next night: {error}")
        return _Job() if self._stop.requested else _Job(tuple(Run(place / _RUN).documents()))

    def _digest(self, night: Night, noted: Sequence[Noted], job: _Job, troubles: Sequence[str]) -> digest.Digest:
        updates = {one.document.id: one.before for one in noted if one.is_update}
        items = [digest.Item(document, document.id in updates, updates.get(document.id)) for document in job.documents]
        return digest.build(items, digest.Window(night.start, night.end), settings(self._config), troubles)

    def _delivered(
        self, night: Night, told: Told, noted: Sequence[Noted], job: _Job, files: Mapping[str, bytes], now: datetime
    ) -> Told:
        """Send the mail where one is to be sent; only then are the articles delivered and the night over."""
        is_empty = not noted and not told.troubles
        refused: tuple[int, ...] = ()
        if self._config.mail.host is not None and not (is_empty and self._config.digest.when_empty == "nothing"):
            try:
                refused = delivery.send(files["digest.eml"], self._config.mail).refused
            except (DeliveryError, ConfigError) as error:
                return replace(told, state="undelivered", troubles=(*told.troubles, str(error)), exit_code=1)
        if refused:
            said = f"{len(refused)} receivers were refused by the mail server ({', '.join(map(str, refused))})"
            told = replace(told, troubles=(*told.troubles, said))
        if not is_empty:
            written(self._room.latest, files)
        again = self._tried_again(job)
        if job.fault is None:
            keys = [one.key for one in noted if one.document.id not in again]
            self._state.mark_delivered(night.name, keys, now)
        self._room.close(night, {"fault": job.fault, "failed": list(job.failed)})
        state: Ending = "failed" if job.fault else "empty" if is_empty else "delivered"
        return replace(told, state=state, exit_code=1 if told.failed or told.troubles else 0)

    def _tried_again(self, job: _Job) -> set[str]:
        """The articles that failed and have not been tried often enough; they wait for the next night."""
        before = self._room.failures()
        return {one for one in job.failed if before.get(one, 0) + 1 < self._config.digest.attempts}


def settings(config: Config) -> digest.Settings:
    """Return how a digest is put together, as the configuration has it."""
    return digest.Settings(
        title=config.digest.title,
        companies=config.watch.companies,
        keywords=config.watch.keywords,
        sentences=config.digest.sentences,
        most_stories=config.digest.most_stories,
        source_language=config.detect.languages[0],
        target_language=config.translator.target_language,
        timezone=config.digest.timezone,
    )


def _row(noted: Noted) -> bytes:
    document = noted.document
    meta = json_value(dict(document.meta), set())
    return json_line({**meta, "id": document.id, "text": document.text})


def written(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a digest, each whole or not at all; raises OutputError."""
    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            write_whole(folder / name, data)
