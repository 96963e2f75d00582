"""One night's work: its articles through the main job, the digest written, delivered, and only then noted as such.

The steps can be cut off anywhere. Before a night's work begins its articles are fixed; what is done again gives the
same bytes, and a mail that goes out twice is the same mail with the same id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from pipeline import delivery, run
from pipeline.config import Config
from pipeline.delivery import DeliveryError
from pipeline.digest import Digest, Item, Settings, Window, build, files
from pipeline.document import Document
from pipeline.errors import ConfigError, OutputError, ResourceError, StartError
from pipeline.evaluation import Run
from pipeline.intake import Noted, State
from pipeline.intake import Window as Seen
from pipeline.nightly.room import Night, Room
from pipeline.nightly.status import Told
from pipeline.readers import ReadOptions
from pipeline.stopping import Stop
from pipeline.writers.atomic import output_errors, write_whole
from pipeline.writers.jsonl import json_line

_INPUT, _RUN, _DIGEST = "in.jsonl", "run", "digest"


class NightWork:
    """Does the work of nights in a room; `troubles` are what the intake has to say of this call."""

    def __init__(self, room: Room, state: State, config: Config, quiet: bool, stop: Stop) -> None:
        self._room, self._state, self._config = room, state, config
        self._quiet, self._stop = quiet, stop

    def do(self, night: Night, troubles: Sequence[str], now: datetime) -> Told:
        """Carry a night to its end, from wherever it was cut off.

        Raises:
            OutputError: the folder cannot be written.
            StateError: the state cannot be written.
        """
        place = self._room.place(night.name)
        noted = self._noted(night)
        documents, fault = self._translated(noted, place)
        if self._stop.requested:
            return Told(night.name, "stopped", len(noted), exit_code=self._stop.exit_code)
        said = [*troubles, *([fault] if fault else [])]
        digest = self._digest(night, noted, documents, said)
        return self._out(night, digest, noted, documents, said, fault is not None, now)

    def _noted(self, night: Night) -> tuple[Noted, ...]:
        """The articles of a night; those that were marked before it was cut off are among them."""
        wanted = set(night.articles)
        found = (*self._state.pending(Seen(night.end)), *self._state.delivered(night.name))
        return tuple(one for one in found if one.key in wanted)

    def _translated(self, noted: Sequence[Noted], place: Path) -> tuple[list[Document], str | None]:
        """The documents as the main job leaves them; and what kept it from its end."""
        if not noted:
            return [], None
        with output_errors(place):
            write_whole(place / _INPUT, b"".join(_row(one) for one in noted))
        try:
            options = ReadOptions(max_bytes=self._config.run.max_document_bytes)
            run.run_folder(
                [str(place / _INPUT)], place / _RUN, self._config, options, quiet=self._quiet, stop=self._stop
            )
        except (StartError, ResourceError) as error:
            return [], f"the articles could not be translated: {error}"
        if self._stop.requested:
            return [], None
        return list(Run(place / _RUN).documents()), None

    def _digest(
        self, night: Night, noted: Sequence[Noted], documents: Sequence[Document], troubles: Sequence[str]
    ) -> Digest:
        updates = {one.document.id for one in noted if one.is_update}
        items = [Item(document, document.id in updates) for document in documents]
        return build(items, Window(night.start, night.end), settings(self._config), troubles)

    def _out(
        self,
        night: Night,
        digest: Digest,
        noted: Sequence[Noted],
        documents: Sequence[Document],
        troubles: Sequence[str],
        is_broken: bool,
        now: datetime,
    ) -> Told:
        folder = self._room.place(night.name) / _DIGEST
        written = files(digest)
        _write(folder, written)
        failed = [one for one in documents if one.failure is not None]
        told = Told(
            night.name, "delivered", len(noted), digest.story_count, len(failed), tuple(troubles), folder
        )
        try:
            refused = self._mailed(digest, written["digest.eml"])
        except (DeliveryError, ConfigError) as error:
            return _changed(told, "undelivered", 1, str(error))
        given_up = self._given_up(night, failed)
        if is_broken:
            self._room.close(night, {"state": "failed", "failed": []})
            return _changed(told, "failed", 1)
        keys = [one.key for one in noted if one.document.id not in {d.id for d in failed} | set()]
        keys += given_up
        self._state.mark_delivered(night.name, keys, now)
        self._room.close(night, {"state": "delivered", "failed": [one.id for one in failed]})
        state = "delivered" if noted or troubles else "empty"
        return _changed(told, state, 1 if failed or troubles or refused else 0)
