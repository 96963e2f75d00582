"""The page put together: one file that holds its style, its script, its pictures and every story."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.errors import OutputError
from pipeline.evaluation import Evaluation
from pipeline.report import plots
from pipeline.report.head import head, story_scores
from pipeline.report.tally import Tally
from pipeline.view.stories import entry, story
from pipeline.view.wording import called, weight
from pipeline.writers.atomic import attempt, output_errors, write_whole

_SCRIPTS = ("list.js", "story.js", "light.js", "page.js")
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
_SLOT = re.compile(r"\{\{(\w+)\}\}")


def beside(run: Path) -> Path:
    """Return where the page of a run goes when nothing else is said: beside its folder, which stays as it is."""
    folder = run.resolve()
    return folder.with_name(f"{folder.name}-report.html")


def write(evaluation: Evaluation, path: Path | None = None) -> Path:
    """Write the page of a run that was evaluated, whole or not at all; returns where.

    Raises:
        ConfigError: matplotlib is not installed.
        InputError: a record is not whole, or not as the run wrote it.
        OutputError: the file cannot be written, or lies in the folder of the run.
    """
    path = beside(evaluation.run.folder) if path is None else path
    if evaluation.run.folder.resolve() in path.resolve().parents:
        raise OutputError(f"{str(path)!r} lies in the folder of the run, which is kept as it is; choose another place")
    if path.is_dir():
        raise OutputError(f"{str(path)!r} is a folder; name a file for --out")
    plots.needed()
    data = page(evaluation).encode("utf-8", "replace")
    with output_errors(path.parent):
        try:
            write_whole(path, data)
        finally:
            attempt(path).unlink(missing_ok=True)
    return path


def page(evaluation: Evaluation) -> str:
    """Return the page of a run as HTML. The same run gives the same page.

    Raises:
        ConfigError: matplotlib is not installed.
        InputError: a record is not whole, or not as the run wrote it.
    """
    plots.needed()
    run, scores = evaluation.run, story_scores(evaluation)
    tally, index, blocks = Tally(), [], []
    for number, document in enumerate(run.documents()):
        tally.add(document)
        index.append(entry(document))
        shown = story(document, run.source, run.target, scores.get(document.id, ()))
        blocks.append(block(f"story-{number}", shown))
    kinds = {kind: [called("kinds", kind), weight(kind), count] for kind, count in tally.kinds()}
    blocks.insert(0, block("index", {"stories": index, "kinds": kinds}))
    return _filled(run.folder.resolve().name, head(evaluation, tally), "\n".join(blocks))


def _filled(name: str, run: str, data: str) -> str:
    """Fill the slots of the page in one go, so that nothing that stands in a story is taken for a slot."""
    style, script = _part("page.css"), _script()
    slots = {
        "policy": policy(style, script),
        "name": html.escape(name),
        "run": run,
        "data": data,
        "style": style,
        "script": script,
    }
    return _SLOT.sub(lambda slot: slots[slot[1]], _part("page.html"))


def policy(style: str, script: str) -> str:
    """Return a content security policy under which this style and this script run, and nothing else, from nowhere."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _script() -> str:
    """The parts of the script as one function, so that none of their names are the browser's."""
    parts = "\n".join(map(_part, _SCRIPTS))
    return f'(() => {{\n"use strict";\n{parts}}})();\n'


def _part(name: str) -> str:
    return files("pipeline.report").joinpath(name).read_text(encoding="utf-8")


def block(identity: str, data: Any) -> str:
    """Return values as a data block that no text in them can close or open: what HTML could read is escaped."""
    return f'<script type="application/json" id="{identity}">{escaped(data)}</script>'


def escaped(data: Any) -> str:
    """Return JSON that is safe inside HTML and holds no lone surrogate, which UTF-8 has no bytes for."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
