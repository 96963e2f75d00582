"""The files of an evaluation, beside those of its run, which stay as they are.

The manifest vouches for the files of the run by their hashes; those of an evaluation are made anew at will, name the
manifest that they are of, and are no part of it. In the card a section between two marks is added: what stands outside
the marks is the card as the run wrote it, byte for byte.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.errors import OutputError
from pipeline.evaluation.evaluation import Evaluation
from pipeline.evaluation.rendering import markdown

SCORES, TABLE = "evaluation.json", "evaluation.md"
DOCUMENTS, UNITS = "evaluation.documents.jsonl", "evaluation.units.jsonl"
CARD = "README.md"
_BEGIN, _END = "<!-- depeche evaluation -->", "<!-- end of the evaluation -->"
_SECTION = re.compile(rf"\n{re.escape(_BEGIN)}\n.*?\n{re.escape(_END)}\n", re.DOTALL)


def save(evaluation: Evaluation) -> tuple[Path, ...]:
    """Write the files of an evaluation into the folder of its run; returns them.

    `evaluation.json`, `evaluation.md`, `evaluation.documents.jsonl`, with references `evaluation.units.jsonl`; and the
    scores in the card, where the folder has one.

    Raises:
        OutputError: the folder cannot be written, a run is writing to it, or it holds another run by now.
    """
    folder = evaluation.run.folder
    title = f"# Evaluation\n\nOf the run `{evaluation.run.manifest_sha256[:12]}` (SHA-256 of its manifest).\n\n"
    data = {
        SCORES: json.dumps(evaluation.to_dict(), ensure_ascii=False, allow_nan=False, indent=2) + "\n",
        TABLE: title + markdown(evaluation),
        DOCUMENTS: _json_lines(evaluation.rows("documents")),
        UNITS: _json_lines(evaluation.rows("units")) if evaluation.units else None,
    }
    with _alone(evaluation):
        for name, text in data.items():
            _put(folder / name, text)
        if (folder / CARD).is_file():
            # The card is UTF-8 as the run wrote it; people may have written in it since.
            before = (folder / CARD).read_bytes().decode("utf-8", "surrogateescape")
            _put(folder / CARD, with_section(before, markdown(evaluation)))
    return tuple(folder / name for name, text in data.items() if text is not None)


def with_section(card: str, table: str) -> str:
    """Return a card with the scores in it, in the place of those of an earlier evaluation."""
    return without_section(card) + f"\n{_BEGIN}\n\n## Scores\n\n{table}\n{_END}\n"


def without_section(card: str) -> str:
    """Return a card as it was before any evaluation."""
    return _SECTION.sub("", card)


def _json_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=True, allow_nan=False) + "\n" for row in rows)


def _put(path: Path, text: str | None) -> None:
    """Write a file that is there whole or not at all; None removes it."""
    if text is None:
        path.unlink(missing_ok=True)
        return
    attempt = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with attempt.open("wb") as stream:
            stream.write(text.encode("utf-8", "surrogateescape"))
            stream.flush()
            os.fsync(stream.fileno())
        attempt.replace(path)
    finally:
        attempt.unlink(missing_ok=True)


@contextmanager
def _alone(evaluation: Evaluation) -> Iterator[None]:
    """Hold the lock that runs hold on their folder, and make sure that it is still the same run."""
    folder = evaluation.run.folder
    descriptor = None
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        _lock(descriptor, folder)
        if not evaluation.run.is_current():
            raise OutputError(f"{str(folder)!r} holds another run by now; evaluate it again")
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(f"cannot write the evaluation to {str(folder)!r}: {reason}") from error
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise OutputError(f"a run is writing to {str(folder)!r}; evaluate it when that is finished") from error
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):  # some network file systems have no locks
            raise
