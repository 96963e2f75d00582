"""The quick form of the bench: articles that do not repeat, measurements that measure, tables that say against what."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import config, run
from pipeline.document import Document
from scripts import articles
from scripts.bench import wholes
from scripts.bench.contestants import CONTESTANTS, Task, describe
from scripts.bench.table import markdown

ROOT = Path(__file__).parent.parent


def test_the_same_number_and_seed_give_the_same_article_and_others_another() -> None:
    made = dict(articles.articles(30, words=120))
    assert articles.article(17, words=120) == made["article-000017"]
    assert len(set(made.values())) == 30
    assert articles.article(17, words=120, seed=1) != made["article-000017"]


def test_articles_have_about_the_words_asked_for() -> None:
    for words in (60, 400, 1500):
        lengths = [len(text.split()) for _, text in articles.articles(40, words)]
        assert min(lengths) >= words
        assert sum(lengths) / len(lengths) < 1.5 * words + 60


def test_fresh_sentences_stand_in_one_article_only_and_the_others_come_again() -> None:
    def distinct(fresh: float) -> float:
        paragraphs = [p for _, text in articles.articles(150, 300, fresh=fresh) for p in text.split("\n\n")[1:]]
        found = [s for paragraph in paragraphs for s in re.split(r"(?<=[.!?])\s", paragraph) if len(s.split()) > 8]
        return len(set(found)) / len(found)

    assert distinct(1.0) > 0.98
    assert distinct(0.0) < 0.3


def test_articles_are_read_as_french_prose_with_little_noise() -> None:
    documents = (Document(name, text) for name, text in articles.articles(12, 200))
    read = list(run.documents(config.load(), documents, run.reading(config.load())))
    assert all(document.language == "fr" and not document.is_skipped for document in read)
    segments = [segment for document in read for segment in document.segments]
    assert sum(segment.role == "noise" for segment in segments) < 0.05 * len(segments)


def test_the_command_writes_json_lines(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scripts.articles", "3", str(tmp_path / "a.jsonl"), "--words", "80"]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["article-000000", "article-000001", "article-000002"]


def child(part: str, given: dict[str, object]) -> dict[str, object]:
    command = [sys.executable, "-m", "scripts.bench.child", part]
    done = subprocess.run(command, input=json.dumps(given), check=True, cwd=ROOT, capture_output=True, text=True)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", ["c bare CTranslate2", "d backend on CTranslate2", "d stage on CTranslate2"])
def test_a_contestant_is_measured_in_a_process_of_its_own(name: str) -> None:
    task = {"model": "embedded:translator", "sentences": 4, "threads": 1, "device": "cpu"}
    found = child("speed", {"task": task, "contestant": name})
    assert found["words"] == child_words()
    assert float(str(found["wall"])) > 0 and float(str(found["cpu"])) > 0
    assert 50 < float(str(found["peak_mb"])) < 2000


def child_words() -> int:
    from scripts.bench.contestants import texts

    return sum(len(text.split()) for text in texts(Task("embedded:translator", 4, 1, "cpu")))


@pytest.mark.parametrize(
    "name", ["a loop", "b transformers in batches", "c bare CTranslate2", "d backend on transformers"]
)
def test_every_way_takes_any_checkpoint_and_a_forced_length(checkpoint: Callable[[str], Path], name: str) -> None:
    """A tiny model reads few tokens, so that its sentences are the shortest."""
    task = Task(str(checkpoint("bart")), 2, 1, "cpu", forced=5, most=36)
    rate = CONTESTANTS[name](task)
    assert rate.words > 0 and rate.wall > 0


def test_the_program_as_a_whole_is_measured() -> None:
    night = wholes.night(1, 2, 60)
    assert (night["articles"], night["words"] >= 120, night["seconds"] > 0) == (2, True, True)
    assert wholes.article(1, times=1)["seconds"] > 0


def test_int8_gives_the_same_bytes_alone_and_in_batches() -> None:
    found = wholes.same(2, 30, "ctranslate2", "int8")
    assert [found[key] for key in found if key.startswith("in batches")] == ["0 texts and 0 scores differ"] * 2


def test_the_table_says_against_what_and_what_failed() -> None:
    machine = {"processor": "P", "cores": 2, "threads": 2, "device": "cpu", "load before": 0.1, "versions": {"x": "1"}}
    shared = {"part": "speed", "model": "embedded", "cpu": 2.0, "peak_mb": 100.0, "detail": ""}
    rows = [
        {**shared, "contestant": "a loop", "words": 100, "wall": 1.0},
        {**shared, "contestant": "c bare CTranslate2", "words": 1000, "wall": 1.0},
        {**shared, "contestant": "d backend on CTranslate2", "words": 950, "wall": 1.0},
        {"part": "cold", "failed": "no room"},
    ]
    table = markdown({"machine": machine, "results": rows})
    assert "| d backend on CTranslate2 | 950 | 475 | 9.50× | 0.95× | 100 |  |" in table
    assert "failed: cold" in table
    assert all(describe(name) in table for name in ("a loop", "c bare CTranslate2"))
