"""The commands that read stdin and write stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence

from pipeline import run
from pipeline.config import Config
from pipeline.document import Document, Finding
from pipeline.errors import InputError
from pipeline.readers import ReadOptions, printable, read
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
    """Say on stderr what a reader of the plain text must know: kinds, counts and places, never the text itself."""
    noise = sorted({s.reason or "" for s in document.segments if s.role == "noise" and s.reason != "markup"})
    lines = [f"left out as page furniture: {', '.join(noise)}"] if noise else []
    lines += [f"{finding.kind}: {finding.message}" for finding in document.findings if finding.hop == "document"]
    placed = [finding for finding in document.findings if finding.hop != "document"]
    for kind in sorted({finding.kind for finding in placed}):
        places = [_place(finding) for finding in placed if finding.kind == kind]
        lines.append(f"{kind}: {len(places)} ({', '.join(dict.fromkeys(places))})")
    return lines + ([f"failed in {document.failure.stage}: {document.failure.reason}"] if document.failure else [])


def _place(finding: Finding) -> str:
    names = {"source": "sentence", "target": "sentence", "summary": "summary sentence"}
    numbers = [f"{names[span.side]} {span.index + 1}" for span in finding.spans if span.index is not None]
    return numbers[-1] if numbers else "summary"


def translate_lines(config: Config) -> int:
    """Translate stdin line by line to stdout; return the exit code.

    Raises:
        InputError: standard input is closed, or a line is not UTF-8.
    """
    failed = 0
    for number, line in enumerate(run.lines(_stdin_lines(), config), 1):
        print(line.text)
        if line.failure is not None:
            failed += 1
            print(f"line {number} was not translated and is given as it was: {line.failure}", file=sys.stderr)
    return 1 if failed else 0


def _stdin_lines() -> Iterator[str]:
    """Lines end at a line feed and nowhere else, so that a test set stays in step with its references."""
    if sys.stdin is None:
        raise InputError("standard input is not open")
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            yield line.decode("utf-8").removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError:
            raise InputError(f"line {number} of standard input is not UTF-8; convert it first") from None


def detect(inputs: Sequence[str], config: Config, options: ReadOptions) -> int:
    """Print id, language and confidence of each document; return the exit code."""
    lenient = config.overridden(detect__other="keep")
    failed = 0
    for document in run.documents(lenient, read(inputs, options), run.reading(lenient)[:2]):
        if document.failure:
            failed += 1
            print(f"{printable(document.id)}\tfailed\t{document.failure.reason}")
        else:
            print(f"{printable(document.id)}\t{document.language or 'unknown'}\t{document.confidence or 0:.4f}")
    return 1 if failed else 0
