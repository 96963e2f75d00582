"""Is this the same run? Whatever changes output bytes is named with both values; what does not is not compared."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipeline.errors import OutputError
from pipeline.writers import ManifestData, ModelIdentity
from pipeline.writers.identity import check_same, differences

DATA = ManifestData(
    models=(ModelIdentity("translator", "embedded", "ab" * 32),),
    settings={"translator": {"decoding": {"beam_size": 4}, "prefix": ""}, "detect": {"languages": ("fr",)}},
    versions={"python": "3.11.9", "typer": "0.15"},
    signature="depeche:1|settings:aa",
    parts={"depeche": "1", "settings": "aa"},
    reading={"text_field": "text", "encoding": None},
)
EARLIER = json.loads(json.dumps(DATA.to_dict()))


def test_what_was_written_down_is_the_same_as_what_wrote_it() -> None:
    check_same(EARLIER, DATA, "the run")


def test_versions_that_change_no_byte_are_no_difference() -> None:
    check_same(EARLIER, replace(DATA, versions={"python": "3.12.1"}), "the run")


def test_each_setting_is_named_with_both_values_and_the_digest_of_all_of_them_is_not() -> None:
    settings = {"translator": {"decoding": {"beam_size": 2}, "prefix": "fr: "}, "detect": {"languages": ("fr",)}}
    other = replace(DATA, settings=settings, parts={"depeche": "1", "settings": "bb"}, reading={"text_field": "body"})
    assert differences(EARLIER, json.loads(json.dumps(other.to_dict()))) == [
        "translator.decoding.beam_size: 4 → 2",
        "translator.prefix: '' → fr: ",
        "text_field: text → body",
    ]


def test_a_version_that_changes_bytes_is_named() -> None:
    with pytest.raises(OutputError, match=r"the run was made with other settings: depeche: 1 → 2; .*--fresh"):
        check_same(EARLIER, replace(DATA, parts={"depeche": "2", "settings": "aa"}), "the run")


def test_many_differences_are_counted_and_a_long_value_keeps_its_end() -> None:
    settings = dict(DATA.settings) | {f"s{number}": "x" * 100 + str(number) for number in range(9)}
    with pytest.raises(OutputError, match=r"s0: none → x+\.\.\.x+0, .* and 4 more") as caught:
        check_same(EARLIER, replace(DATA, settings=settings), "the run")
    assert len(str(caught.value)) < 700


def test_no_value_of_a_setting_breaks_the_line() -> None:
    settings = {"translator": {"prefix": "a\nb\x1b[2J"}}
    with pytest.raises(OutputError) as caught:
        check_same(EARLIER, replace(DATA, settings=settings), "the run")
    assert str(caught.value).isprintable()


def test_a_manifest_of_an_earlier_version_cannot_be_gone_on_with() -> None:
    earlier = {name: value for name, value in EARLIER.items() if name != "signature_parts"}
    with pytest.raises(OutputError, match="earlier version of Dépêche"):
        check_same(earlier, DATA, "the run")
