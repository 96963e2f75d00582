"""What earlier runs translated: found again under the same signature only, by many at once, and never in the way."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import config, run
from pipeline.codec import to_dict
from pipeline.config import Config
from pipeline.desk import Desk
from pipeline.errors import ConfigError
from pipeline.memory import Memory
from pipeline.remembering import memory
from pipeline.translation_memory import TranslationMemory

MOST = 10_000_000
KEY = ("Il pleut.", "fr")
STORY = "Le maire a promis 12 écoles lundi. La ville en a 40, selon la préfecture. Il pleut à Lyon depuis 3 jours."


def test_an_answer_is_found_again_by_the_next_run(tmp_path: Path) -> None:
    first = TranslationMemory(tmp_path / "memory", "a", MOST)
    first.keep({KEY: "It rains."})
    first.close()
    assert TranslationMemory(tmp_path / "memory", "a", MOST).recall([KEY, ("Il neige.", "fr")]) == {KEY: "It rains."}


def test_other_settings_or_another_language_find_nothing(tmp_path: Path) -> None:
    TranslationMemory(tmp_path / "memory", "a", MOST).keep({KEY: "It rains."})
    assert TranslationMemory(tmp_path / "memory", "b", MOST).recall([KEY]) == {}
    assert TranslationMemory(tmp_path / "memory", "a", MOST).recall([("Il pleut.", "en")]) == {}


def test_the_file_stays_within_its_bound_and_the_oldest_goes_first(tmp_path: Path) -> None:
    store = TranslationMemory(tmp_path / "memory", "a", 200_000)
    for number in range(60):
        store.keep({(f"phrase {number} {part}", "fr"): "x" * 200 for part in range(50)})
    connection = sqlite3.connect(tmp_path / "memory")
    used, free, size = (
        connection.execute(f"PRAGMA {n}").fetchone()[0] for n in ("page_count", "freelist_count", "page_size")
    )
    assert (used - free) * size <= 200_000 + 40_000
    assert store.recall([("phrase 0 0", "fr")]) == {}
    assert store.recall([("phrase 59 49", "fr")]) != {}


def test_many_keys_are_found_at_once(tmp_path: Path) -> None:
    store = TranslationMemory(tmp_path / "memory", "a", MOST)
    answers = {(f"phrase {number}", "fr"): str(number) for number in range(2000)}
    store.keep(answers)
    assert store.recall(list(answers)) == answers


def test_a_lone_surrogate_does_no_harm(tmp_path: Path) -> None:
    store = TranslationMemory(tmp_path / "memory", "a", MOST)
    store.keep({("bad \ud800", "fr"): "x"})
    assert store.recall([("bad \ud800", "fr")]) == {("bad \ud800", "fr"): "x"}


_WRITER = """
import sys
from pathlib import Path
from pipeline.translation_memory import TranslationMemory
store = TranslationMemory(Path(sys.argv[1]), "a", 10_000_000)
for number in range(40):
    store.keep({(f"{sys.argv[2]} {number} {part}", "fr"): "x" for part in range(10)} | {("both", "fr"): "same"})
"""


def test_two_processes_write_one_new_file_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "memory"
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(path), name], stderr=subprocess.PIPE) for name in "ab"
    ]
    assert [(writer.communicate(timeout=120)[1], writer.returncode) for writer in writers] == [(b"", 0)] * 2
    keys = [(f"{name} {number} {part}", "fr") for name in "ab" for number in range(40) for part in range(10)]
    assert len(TranslationMemory(path, "a", MOST).recall(keys)) == 800


@pytest.mark.parametrize("content", [b"not a database at all " * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_memory_is_refused_with_its_name_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"notes\.txt") as caught:
        TranslationMemory(path, "a", MOST)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "bank.db")
    connection.execute("CREATE TABLE accounts (id)")
    connection.commit()
    connection.close()
    with pytest.raises(ConfigError, match="another program"):
        TranslationMemory(tmp_path / "bank.db", "a", MOST)


def test_a_folder_that_cannot_be_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="translation memory"):
        TranslationMemory(tmp_path / "file" / "memory", "a", MOST)


def test_a_file_that_breaks_in_the_middle_of_a_run_is_told_of_once_and_not_missed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "memory"
    store = TranslationMemory(path, "a", MOST)
    store.keep({(f"phrase {number}", "fr"): "x" * 500 for number in range(500)})
    store.close()
    store = TranslationMemory(path, "a", MOST)
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096))
    held = Memory(0, store)
    for _ in range(2):
        assert held.answers([("phrase 1", "fr")], lambda keys: ["new"] * len(keys)) == {("phrase 1", "fr"): "new"}
    assert capsys.readouterr().err.count("no longer used") == 1


def records(desk: Desk) -> list[str]:
    documents = [result.document for result in desk([STORY, STORY, STORY.replace("12", "13")])]
    return [json.dumps(to_dict(document)) for document in documents]


@pytest.fixture
def settings(tiny_config: Path, tmp_path: Path) -> Config:
    return config.load(tiny_config).overridden(run__translation_memory=str(tmp_path / "memory"))


def test_the_same_bytes_come_out_with_and_without_a_memory_the_first_time_and_the_second(
    tiny_config: Path, settings: Config
) -> None:
    bare = records(Desk(config.load(tiny_config).overridden(run__memory_mb=0)))
    assert [records(Desk(settings)) for _ in range(2)] == [bare, bare]


def test_the_second_run_asks_the_model_nothing_and_other_decoding_asks_again(settings: Config) -> None:
    def asked(changed: Config) -> int:
        stage, texts = run.translate(changed), []
        stage.setup()
        assert stage._model is not None
        generate = stage._model.generate
        stage._model.generate = lambda given, how: texts.extend(given) or generate(given, how)  # type: ignore
        stages = [*run.reading(changed), stage]
        list(run.documents(changed, [Desk(changed)(STORY).document], stages[3:]))
        return len(texts)

    assert asked(settings) == 0  # the desk has just asked
    assert memory(settings.overridden(translator__decoding__beam_size=1)).answers([KEY], lambda k: ["new"]) == {
        KEY: "new"
    }


def test_what_changes_a_translation_changes_the_name_and_nothing_else_does(settings: Config) -> None:
    from pipeline.remembering import _signature

    base = _signature(settings)
    for same in ({"run__threads": 1}, {"run__batch_size": 1}, {"summarizer__sentences": 1}, {"detect__other": "keep"}):
        assert _signature(settings.overridden(**same)) == base
    for other in (
        {"translator__decoding__beam_size": 7},
        {"translator__compute_type": "float32"},
        {"translator__backend": "transformers"},
        {"translator__max_source_tokens": 20},
        {"translator__target_language": "de"},
    ):
        assert _signature(settings.overridden(**other)) != base
