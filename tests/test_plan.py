"""The plan of a run and its second reading: what changed between the two is failed or left out, and never mixed in."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.errors import InputError
from pipeline.plan import Intake, Plan, make_plan
from pipeline.readers import Listing, ReadOptions, find
from pipeline.writers.keys import key_of

OPTIONS = ReadOptions()


def rows(path: Path, *ids: str, text: str = "Il pleut à {}.") -> Path:
    lines = [json.dumps({"id": identity, "text": text.format(identity)}) for identity in ids]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def planned(*inputs: Path) -> tuple[Plan, Listing]:
    listing = find(list(inputs), OPTIONS)
    plan = make_plan(listing, OPTIONS)
    assert plan is not None
    return plan, listing


def read_again(plan: Plan, listing: Listing, is_done: Callable[[int], bool] = lambda _: False) -> Intake:
    return Intake(plan, listing, OPTIONS, is_done)


def failures(documents: list[Document]) -> dict[str, str | None]:
    return {document.id: document.failure.reason if document.failure else None for document in documents}


def test_an_input_that_stays_as_it_was_comes_out_as_the_readers_read_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Il neige.")
    rows(tmp_path / "b.jsonl", "1", "2")
    plan, listing = planned(tmp_path)
    intake = read_again(plan, listing)
    assert [document.id for document in intake] == ["a.txt", "1", "2"]
    assert [plan.find(key_of(identity)) for identity in ("a.txt", "1", "2", "3")] == [0, 1, 2, None]
    assert (intake.late, intake.unsettled) == (0, set())


def test_what_is_done_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Il neige.")
    rows(tmp_path / "b.jsonl", "1", "2", "3")
    plan, listing = planned(tmp_path)
    (tmp_path / "a.txt").unlink()
    intake = read_again(plan, listing, lambda place: place in (0, 2))
    assert failures(list(intake)) == {"1": None, "3": None}


def test_a_file_that_changed_between_the_readings_fails_and_keeps_its_place(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.html"):
        (tmp_path / name).write_text("<p>Il pleut depuis lundi sur toute la région.</p>")
    plan, listing = planned(tmp_path)
    (tmp_path / "b.txt").write_text("Il neige.")
    (tmp_path / "c.html").unlink()
    intake = read_again(plan, listing)
    found = failures(list(intake))
    assert list(found) == ["a.txt", "b.txt", "c.html"]
    assert found["a.txt"] is None
    assert "changed while the run" in (found["b.txt"] or "")
    assert "changed while the run" in (found["c.html"] or "")
    assert intake.unsettled == {1, 2}


def test_of_a_file_of_rows_only_the_rows_that_changed_fail_wherever_they_stand(tmp_path: Path) -> None:
    path = rows(tmp_path / "rows.jsonl", "1", "2", "3", "4")
    plan, listing = planned(path)
    rows(path, "4", "new", "1", "3")
    changed = path.read_text().replace(" 3.", " Lyon.")
    path.write_text(changed)
    intake = read_again(plan, listing)
    found = failures(list(intake))
    assert list(found) == ["4", "1", "3", "2"]
    assert (found["4"], found["1"]) == (None, None)
    assert "changed while" in (found["3"] or "")
    assert "no longer" in (found["2"] or "")
    assert intake.late == 1
    assert intake.unsettled == {1, 2}


def test_rows_that_are_added_at_the_end_meanwhile_wait_for_the_next_run(tmp_path: Path) -> None:
    path = rows(tmp_path / "rows.jsonl", "1", "2")
    plan, listing = planned(path)
    rows(path, "1", "2", "3", "4")
    intake = read_again(plan, listing)
    assert failures(list(intake)) == {"1": None, "2": None}
    assert (intake.late, intake.unsettled) == (2, set())


def test_a_row_that_comes_twice_meanwhile_is_taken_once(tmp_path: Path) -> None:
    path = rows(tmp_path / "rows.jsonl", "1", "2")
    plan, listing = planned(path)
    rows(path, "1", "1", "2")
    intake = read_again(plan, listing)
    assert [document.id for document in intake] == ["1", "2"]
    assert intake.late == 1


def test_a_file_of_rows_that_vanishes_fails_each_of_its_documents_by_its_own_id(tmp_path: Path) -> None:
    path = rows(tmp_path / "rows.jsonl", "1", "é\n2")
    plan, listing = planned(path)
    path.unlink()
    intake = read_again(plan, listing)
    assert list(failures(list(intake))) == ["1", "é\n2"]
    assert intake.late == 0


def test_two_documents_of_one_id_are_refused_with_both_places(tmp_path: Path) -> None:
    rows(tmp_path / "a.jsonl", "1", "a.txt")
    (tmp_path / "a.txt").write_text("Il pleut.")
    with pytest.raises(InputError, match=r"two documents have the id 'a.txt': .*a\.jsonl, line 2 and .*a\.txt"):
        planned(tmp_path)


def test_no_document_at_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    with pytest.raises(InputError, match="no document"):
        planned(tmp_path)


def test_standard_input_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Il pleut à Lyon.".encode())))
    plan, listing = planned(Path("-"))
    (document,) = read_again(plan, listing)
    assert (document.id, document.text) == ("stdin", "Il pleut à Lyon.")


def test_the_stream_ends_when_the_run_is_stopped_and_says_of_nothing_that_it_is_gone(tmp_path: Path) -> None:
    plan, listing = planned(rows(tmp_path / "rows.jsonl", "1", "2", "3"))
    taken: list[str] = []
    intake = Intake(plan, listing, OPTIONS, lambda _: False, lambda: len(taken) == 2)
    for document in intake:
        taken.append(document.id)
    assert taken == ["1", "2"]
    assert intake.unsettled == set()


@given(st.lists(st.text(max_size=8), unique=True, max_size=40))
def test_every_id_is_found_at_its_place_and_no_other(ids: list[str]) -> None:
    plan = Plan()
    for identity in ids:
        plan.add(identity, bytes(16))
    assert plan.close()
    assert [plan.find(key_of(identity)) for identity in ids] == list(range(len(ids)))
    assert plan.find(key_of("another, longer than any")) is None
    assert dict(plan.identities(set(range(len(ids))))) == dict(enumerate(ids))


def test_a_key_that_ends_in_zeros_is_found() -> None:
    """Numpy drops zeros at the end of a string of bytes; a key that ends in one is a key like any other."""
    plan = Plan()
    found = next(name for name in map(str, range(100_000)) if key_of(name).endswith(b"\0"))
    plan.add(found, bytes(16))
    plan.close()
    assert plan.find(key_of(found)) == 0
    assert plan.key(0) == key_of(found)
