"""JSON Lines that no reader breaks, and the values of a caller in the terms of JSON."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.writers.jsonl import escaped, json_line, json_value
from strategies import BREAKS, json_values, metas, texts


@given(metas)
def test_a_row_is_one_line_for_every_reader_of_lines_and_comes_back(row: dict[str, Any]) -> None:
    line = json_line(row)
    assert line.endswith(b"\n")
    assert len(line.splitlines()) == len(line.decode().splitlines()) == 1
    assert json.loads(line) == row


@pytest.mark.parametrize("mark", BREAKS)
def test_no_line_break_stands_in_a_line_as_it_is(mark: str) -> None:
    assert mark.encode() not in json_line({"text": f"a{mark}b"})[:-1]


def test_text_stays_readable() -> None:
    assert json_line({"text": "Où ça ? « là » 😀"}) == '{"text": "Où ça ? « là » 😀"}\n'.encode()


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), "\ud83d", {"a": ["\udc80"]}])
def test_what_is_not_json_or_not_unicode_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        json_line({"value": value})


@given(json_values)
def test_a_value_of_json_stays_as_it_is(value: Any) -> None:
    unfit: set[str] = set()
    assert json_value(value, unfit) == value
    assert unfit == set()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2025, 1, 17), "2025-01-17"),
        (datetime(2025, 1, 17, 14, 30), "2025-01-17T14:30:00"),
        (Decimal("1200.50"), "1200.50"),
        (float("nan"), "nan"),
        (2**63, str(2**63)),
        ("a\ud800", "a\\ud800"),
        (b"x", "b'x'"),
    ],
)
def test_any_other_value_becomes_text_and_is_named(value: object, text: str) -> None:
    unfit: set[str] = set()
    assert json_value([value], unfit) == [text]
    assert len(unfit) == 1


@given(st.recursive(st.none(), lambda inner: st.lists(inner, min_size=1, max_size=1), max_leaves=100))
def test_lists_as_deep_as_readers_take_stay_as_they_are(value: Any) -> None:
    assert json_value(value, set()) == value


def test_a_value_that_holds_itself_ends() -> None:
    endless: list[object] = []
    endless.append(endless)
    unfit: set[str] = set()
    json_line({"value": json_value(endless, unfit)})
    assert unfit == {"deep nesting"}


@given(texts)
def test_escaping_changes_nothing_that_utf8_can_hold(text: str) -> None:
    assert escaped(text) == text
    assert escaped(text + "\udc80") == text + "\\udc80"
