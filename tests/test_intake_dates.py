"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.intake.dates import instant

NOW = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sat, 21 Nov 2026 23:59:00 +0100", "2026-11-21T22:59"),
        ("Sat, 21 Nov 2026 22:59:00 GMT", "2026-11-21T22:59"),
        ("21 Nov 2026 22:59 UT", "2026-11-21T22:59"),
        ("2026-11-21T23:59:00+01:00", "2026-11-21T22:59"),
        ("2026-11-21T22:59:00Z", "2026-11-21T22:59"),
        ("2026-11-21T23:59:00.123456+0100", "2026-11-21T22:59"),
        ("2026-11-21 23:59:00", "2026-11-21T22:59"),  # no zone: that of the paper
        ("Sat, 21 Nov 2026 23:59:00", "2026-11-21T22:59"),
        ("2026-07-14T12:00:00", "2026-07-14T10:00"),  # in summer
        ("sam., 21 nov. 2026 23:59:00 +0100", "2026-11-21T22:59"),
        ("samedi 14 août 2026 12:00:00 CEST", "2026-08-14T10:00"),
        ("1 févr. 2026 12:00:00 CET", "2026-02-01T11:00"),
        ("2026-11-21", "2026-11-20T23:00"),
        ("2026-11-22T12:00:00Z", "2026-11-22T12:00"),  # ahead by less than a day
    ],
)  # fmt: skip
def test_dates_become_moments(text: str, expected: str) -> None:
    found = instant(text, "Europe/Paris", NOW)
    assert found is not None and found.tzinfo is UTC
    assert found.isoformat().startswith(expected)


@pytest.mark.parametrize(
    "text",
    [None, "", "hier", "21", "0000-00-00", "1970-01-01T00:00:00Z", "2062-11-21T00:00:00Z", "0001-01-01T00:00:00", "9999-12-31T23:59:59",
     "Sat, 99 Nov 2026 10:00:00 GMT", "\ud800", "9" * 5_000, "2026-11-21T25:61:00"],
)  # fmt: skip
def test_dates_that_are_missing_broken_or_absurd_are_none(text: str | None) -> None:
    assert instant(text, "Europe/Paris", NOW) is None


def test_the_hour_that_comes_twice_is_read_the_same_way_each_time() -> None:
    found = instant("2026-10-25T02:30:00", "Europe/Paris", NOW)
    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
