"""Law 2 of the record: `from_dict(to_dict(d)) == d`, through JSON too, and nothing that is not a record gets in."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given

from pipeline.codec import from_dict, to_dict
from pipeline.document import SCHEMA_VERSION, Document, Segment, Summary, SummarySentence, Verdict
from pipeline.errors import InputError
from strategies import documents, unhurried

WHOLE = Document(
    "a",
    "Le pont ferme.",
    segments=(Segment(0, 14, "paragraph", "Le pont ferme.", 0, verdicts=(Verdict("first", ("short",), True),)),),
    summary=Summary(None, (SummarySentence("The bridge closes.", (0,)),)),
)


@unhurried
@given(documents())
def test_a_document_comes_back_as_it_was(document: Document) -> None:
    assert from_dict(to_dict(document)) == document


@unhurried
@given(documents())
def test_a_document_comes_back_through_json(document: Document) -> None:
    assert from_dict(json.loads(json.dumps(to_dict(document), allow_nan=False))) == document


@unhurried
@given(documents())
def test_the_dictionary_is_plain_json_with_every_field_and_the_version(document: Document) -> None:
    data = to_dict(document)
    assert data["schema_version"] == SCHEMA_VERSION
    assert set(data) == {"schema_version", *(field.name for field in fields(Document))}
    assert json.loads(json.dumps(data)) == data


@pytest.mark.parametrize("version", [None, 0, SCHEMA_VERSION + 1, str(SCHEMA_VERSION)])
def test_another_schema_version_is_refused_by_name(version: object) -> None:
    with pytest.raises(InputError, match=f"schema version {version!r}"):
        from_dict({**to_dict(WHOLE), "schema_version": version})


@pytest.mark.parametrize("name", [field.name for field in fields(Document) if field.name in ("id", "text")])
def test_a_missing_key_is_refused(name: str) -> None:
    data = to_dict(WHOLE)
    del data[name]
    with pytest.raises(InputError, match=name):
        from_dict(data)


@pytest.mark.parametrize("path", [(), ("segments", 0), ("segments", 0, "verdicts", 0), ("summary", "sentences", 0)])
def test_an_unknown_key_is_refused_at_any_depth(path: tuple[str | int, ...]) -> None:
    data = to_dict(WHOLE)
    place = data
    for step in path:
        place = place[step]  # type: ignore[index]
    place["surprise"] = 1
    with pytest.raises(InputError, match="surprise"):
        from_dict(data)


@pytest.mark.parametrize("broken", [{"segments": None}, {"segments": [3]}, {"findings": [{}]}, {"summary": {}}])
def test_a_record_of_the_wrong_shape_is_one_clear_line(broken: dict[str, object]) -> None:
    with pytest.raises(InputError, match="record 'a' is not a whole document") as caught:
        from_dict({**to_dict(WHOLE), **broken})
    assert "\n" not in str(caught.value)
