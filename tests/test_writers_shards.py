"""Shards of finished documents: whole or not there, whatever the disk did."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from pipeline.errors import OutputError
from pipeline.writers.shards import Entry, Shards

KEYS = [bytes([number]) * 16 for number in range(6)]


def shards(tmp_path: Path, size: int = 2, seconds: float = 60.0) -> Shards:
    made = Shards(tmp_path / "shards", tmp_path, size, seconds)
    assert list(made.load()) == []
    return made


def loaded(tmp_path: Path) -> list[Entry]:
    return [entry for _, entries in Shards(tmp_path / "shards", tmp_path, 2).load() for entry in entries]


def fill(made: Shards, count: int) -> None:
    for number in range(count):
        made.add({"id": str(number)}, KEYS[number], KEYS[number] if number else None)


def names(tmp_path: Path) -> list[str]:
    return sorted(os.listdir(tmp_path / "shards"))  # noqa: PTH208


def test_a_shard_counts_when_it_is_full_and_one_can_be_closed_early(tmp_path: Path) -> None:
    made = shards(tmp_path)
    fill(made, 5)
    assert [entry.key for entry in loaded_without_cleaning(tmp_path)] == KEYS[:4]
    made.commit()
    assert [entry.key for entry in loaded(tmp_path)] == KEYS[:5]
    assert [entry.read for entry in loaded(tmp_path)] == [None, *KEYS[1:5]]
    assert made.commit() is None


def loaded_without_cleaning(tmp_path: Path) -> list[Entry]:
    """What markers say, leaving the attempt in hand alone."""
    found = []
    for path in sorted((tmp_path / "shards").glob("*.json")):
        found += [Entry(bytes.fromhex(key), None, at) for key, _, at in json.loads(path.read_text())["entries"]]
    return found


def test_each_entry_says_where_its_record_begins(tmp_path: Path) -> None:
    made = shards(tmp_path, size=3)
    fill(made, 3)
    ((path, entries),) = Shards(tmp_path / "shards", tmp_path, 2).load()
    data = path.read_bytes()
    assert [json.loads(data[entry.offset :].splitlines()[0])["id"] for entry in entries] == ["0", "1", "2"]


def test_a_slow_run_closes_a_shard_before_it_is_full(tmp_path: Path) -> None:
    made = shards(tmp_path, size=100, seconds=0.01)
    made.add({"id": "0"}, KEYS[0], None)
    time.sleep(0.02)
    assert made.add({"id": "1"}, KEYS[1], None) is not None


@pytest.mark.parametrize("damage", ["no marker", "torn marker", "torn records", "other records", "no records"])
def test_a_shard_that_is_not_whole_is_thrown_away_and_the_others_stay(tmp_path: Path, damage: str) -> None:
    fill(shards(tmp_path), 4)
    records, marker = tmp_path / "shards/000001.jsonl", tmp_path / "shards/000001.json"
    if damage == "no marker":
        marker.unlink()
    elif damage == "torn marker":
        marker.write_bytes(marker.read_bytes()[:20])
    elif damage == "torn records":
        records.write_bytes(records.read_bytes()[:-3])
    elif damage == "other records":
        records.write_bytes(records.read_bytes().replace(b"0", b"7"))
    else:
        records.unlink()
    assert [entry.key for entry in loaded(tmp_path)] == KEYS[2:4]
    assert names(tmp_path) == ["000002.json", "000002.jsonl"]


def test_attempts_of_a_process_that_died_are_removed(tmp_path: Path) -> None:
    fill(shards(tmp_path), 3)
    (tmp_path / "shards/000009.json.4711.part").write_text("{")
    assert any(name.endswith(f".{os.getpid()}.part") for name in names(tmp_path))
    assert len(loaded(tmp_path)) == 2
    assert names(tmp_path) == ["000001.json", "000001.jsonl"]


def test_new_shards_do_not_take_the_names_of_old_ones(tmp_path: Path) -> None:
    fill(shards(tmp_path), 4)
    again = Shards(tmp_path / "shards", tmp_path, 1)
    assert len(list(again.load())) == 2
    again.add({"id": "5"}, KEYS[5], None)
    assert [entry.key for entry in loaded(tmp_path)] == [*KEYS[:4], KEYS[5]]


def test_a_shard_that_cannot_be_written_gives_its_room_back_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = shards(tmp_path)
    fill(made, 3)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="No space left on device; free some space"):
            made.add({"id": "4"}, KEYS[4], None)
    assert names(tmp_path) == ["000001.json", "000001.jsonl"]
    assert len(loaded(tmp_path)) == 2
