"""The bitext lines up for `wc`, for Python and for sacreBLEU, whatever the model wrote."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given

from pipeline.document import Document, Segment
from pipeline.writers import ManifestData, RunFolder
from pipeline.writers.bitext import Bitext, one_line
from strategies import BREAKS, documents, texts, unhurried

BROKEN = [f"a{mark}b{mark}" for mark in BREAKS]
HOSTILE = ["Plain.", "", " ", "-", "=1+1", "a\tb", "\ufeffmark", "nul\x00", "«\u202f12\u202f»", *BROKEN]


def bitext(folder: Path, targets: list[str]) -> Path:
    text = "x" * len(targets)
    segments = tuple(
        Segment(index, index + 1, "paragraph", f"Source {target}", 0, target=target)
        for index, target in enumerate(targets)
    )
    with RunFolder(folder) as run:
        run.write(Document("a", text, segments=segments))
        run.finish(ManifestData())
    return folder


@given(texts)
def test_a_sentence_is_one_line_with_no_other_change(text: str) -> None:
    line = one_line(text)
    assert len(f"{line}|".splitlines()) == 1
    assert line == "".join(" " if character in BREAKS else character for character in text.replace("\r\n", "\n"))


@unhurried
@given(documents())
def test_the_two_sides_have_a_line_for_each_pair(document: Document) -> None:
    for side in ("source", "target"):
        stream = io.BytesIO()
        output = Bitext(stream, side)  # type: ignore[arg-type]
        for _, segment in document.pairs:
            output.write({"source": segment.source, "target": segment.target})
        lines = stream.getvalue().decode().splitlines()
        assert lines == [one_line(getattr(segment, side)) for _, segment in document.pairs]
        assert output.rows == len(lines)


def test_wc_and_sacrebleu_agree_on_the_number_of_lines(tmp_path: Path) -> None:
    folder = bitext(tmp_path / "out", HOSTILE)
    for name in ("bitext.fr", "bitext.en"):
        assert (folder / name).read_bytes().count(b"\n") == len(HOSTILE)
        assert len((folder / name).read_text(encoding="utf-8").splitlines()) == len(HOSTILE)
    score = json.loads(sacrebleu(folder / "bitext.en", folder / "bitext.en").stdout)
    assert score["score"] == pytest.approx(100.0)


def test_sacrebleu_would_notice_a_line_too_many(tmp_path: Path) -> None:
    folder = bitext(tmp_path / "out", HOSTILE)
    longer = tmp_path / "longer.en"
    longer.write_bytes((folder / "bitext.en").read_bytes() + b"one more\n")
    assert sacrebleu(longer, folder / "bitext.en").returncode != 0


def sacrebleu(reference: Path, hypothesis: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sacrebleu", str(reference), "-i", str(hypothesis), "-m", "chrf", "-f", "json"]
    environment = {**os.environ, "SACREBLEU": str(reference.parent / "cache")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
