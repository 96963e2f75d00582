"""The commands that read stdin and write stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from pipeline import run
from pipeline.config import Config
from pipeline.document import Document
from pipeline.readers import ReadOptions, read
from pipeline.stage import Stage
from pipeline.stages.check import Check


def translate_text(config: Config, quiet: bool = False) -> int:
    """Translate stdin as one article; return the exit code."""
    return _one(config, [*run.reading(config), run.translate(config), Check()], quiet, lambda d: d.translation)


def summarize_text(config: Config, quiet: bool = False) -> int:
    """Summarise stdin, French or English, as one article; return the exit code."""
    return _one(config, run.stages(config), quiet, lambda d: d.summary.text if d.summary else "")


def _one(config: Config, steps: Sequence[Stage], quiet: bool, text: Callable[[Document], str]) -> int:
    document = next(run.documents(config, read(["-"], ReadOptions()), steps))
    answer = text(document)
    if answer:
        print(answer)
    for line in _doubts(document) if not quiet else ():
        print(line, file=sys.stderr)
    return 1 if document.failure or not answer else 0


def _doubts(document: Document) -> list[str]:
    """Say on stderr what a reader of the plain text must know; kinds and places only, never the text itself."""
    noise = sorted(
        {
            segment.reason or ""
            for segment in document.segments
            if segment.role == "noise" and segment.reason != "markup"
        }
    )
    lines = [f"left out as page furniture: {', '.join(noise)}"] if noise else []
    lines += [f"{finding.kind}: {finding.message}" for finding in document.findings]
    return lines + ([f"failed in {document.failure.stage}: {document.failure.reason}"] if document.failure else [])


def translate_lines(config: Config) -> None:
    """Translate stdin line by line to stdout."""
    stream = (line.rstrip("\n") for line in sys.stdin)
    for line in run.lines(stream, config):
        print(line)


def detect(inputs: Sequence[str], config: Config, options: ReadOptions) -> int:
    """Print id, language and confidence of each document; return the exit code."""
    lenient = config.overridden(detect__other="keep")
    failed = 0
    for document in run.documents(lenient, read(inputs, options), run.reading(lenient)[:2]):
        if document.failure:
            failed += 1
            print(f"{document.id}\tfailed\t{document.failure.reason}")
        else:
            print(f"{document.id}\t{document.language or 'unknown'}\t{document.confidence or 0:.4f}")
    return 1 if failed else 0
