"""Progress: live on a terminal, plain lines elsewhere, nothing when quiet; documents pass through untouched."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from pipeline.document import Document
from pipeline.progress import watched

DOCUMENTS = [Document(str(number), "Un texte de cinq mots.") for number in range(3)]
PROGRAM = """
from pipeline.document import Document
from pipeline.progress import watched
assert len(list(watched((Document(str(n), "Un secret de famille.") for n in range(3)), 3))) == 3
"""


def test_documents_pass_through_in_order() -> None:
    assert list(watched(iter(DOCUMENTS), 3)) == DOCUMENTS


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    list(watched(iter(DOCUMENTS), 3, quiet=True))
    assert capsys.readouterr() == ("", "")


def test_where_there_is_no_terminal_the_rates_are_a_plain_line(capsys: pytest.CaptureFixture[str]) -> None:
    list(watched(iter(DOCUMENTS), 3))
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("3 documents in ")
    assert "documents/s" in err and "words/s" in err
    assert "\x1b" not in err


def test_a_long_run_says_how_much_is_left(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.progress._EVERY", 0.0)
    list(watched(iter(DOCUMENTS), 3))
    assert "1/3 documents" in capsys.readouterr().err


def test_what_was_done_before_is_said_and_counts_for_no_rate(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.progress._EVERY", 0.0)
    list(watched(iter(DOCUMENTS), 10, before=7))
    err = capsys.readouterr().err
    assert err.startswith("7 of 10 documents were done before\n")
    assert "10/10 documents" in err and "about 0:00 left" in err
    assert err.splitlines()[-1].startswith("3 documents in ")


def test_on_a_terminal_there_is_a_live_line_with_rates_and_no_article_text() -> None:
    master, slave = pty.openpty()
    subprocess.run([sys.executable, "-c", PROGRAM], stderr=slave, check=True, env={**os.environ, "COLUMNS": "120"})
    os.close(slave)
    shown = os.read(master, 65536).decode()
    assert "3/3" in shown
    assert "words/s" in shown
    assert "secret" not in shown
