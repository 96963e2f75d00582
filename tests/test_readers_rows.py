"""Rows from JSON Lines, tables, Parquet and Python: what becomes of each field, and of a row that is not in order."""

from __future__ import annotations

import datetime
import decimal
import json
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.codec import from_dict, to_dict
from pipeline.document import Document
from pipeline.errors import InputError
from pipeline.readers import ReadOptions, find, from_rows, from_texts, read

SECRET = "Une phrase de l’article que personne ne doit lire dans un message"


def _jsonl(path: Path, *lines: str | dict[str, Any], encoding: str = "utf-8") -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_bytes((text + "\n").encode(encoding))
    return path


def _reason(document: Document) -> str:
    assert document.failure is not None and document.failure.stage == "read"
    assert SECRET[:20] not in document.failure.reason and "\n" not in document.failure.reason
    return document.failure.reason


# JSON Lines


def test_fields_of_a_row_become_id_text_and_meta(tmp_path: Path) -> None:
    path = _jsonl(tmp_path / "a.jsonl", {"url": "u1", "body": "Un texte.\r\nDeux.", "n": 1, "tags": ["é", None]})
    (document,) = read([path], ReadOptions(text_field="body", id_field="url"))
    assert document == Document("u1", "Un texte.\r\nDeux.", {"n": 1, "tags": ["é", None]})


def test_the_id_is_the_field_id_where_there_is_one_else_file_and_line(tmp_path: Path) -> None:
    path = _jsonl(tmp_path / "a.jsonl", {"id": 7, "text": "x"}, "", {"text": "y"}, {"id": None, "text": "z"})
    assert [(document.id, document.failure) for document in read([path])] == [
        ("7", None),
        ("a.jsonl:3", None),
        ("a.jsonl:4", None),
    ]


def test_a_row_without_the_id_that_was_asked_for_is_a_failure(tmp_path: Path) -> None:
    path = _jsonl(tmp_path / "a.jsonl", {"url": "u", "text": "x"}, {"text": "y"}, {"url": ["u"], "text": "z"})
    good, missing, strange = read([path], ReadOptions(id_field="url"))
    assert good.failure is None
    assert missing.id == "a.jsonl:2" and "'url' is missing" in _reason(missing)
    assert strange.id == "a.jsonl:3" and "is no id" in _reason(strange)


def test_the_title_goes_before_the_text_only_when_its_field_is_named(tmp_path: Path) -> None:
    rows = [{"title": " Le\npont ", "text": "Il rouvre."}, {"title": "Il", "text": "Il rouvre."}, {"text": "Seul."}]
    path = _jsonl(tmp_path / "a.jsonl", *rows)
    assert [d.text for d in read([path])] == ["Il rouvre.", "Il rouvre.", "Seul."]
    titled = list(read([path], ReadOptions(title_field="title")))
    assert [d.text for d in titled] == ["Le pont\n\nIl rouvre.", "Il rouvre.", "Seul."]
    assert titled[0].meta == {"title": " Le\npont "}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{" + SECRET, "not valid JSON"),
        (f'["{SECRET}"]', "not a JSON object"),
        ("null", "not a JSON object"),
        ("{}", "no fields"),
        ('{"id": 1, "id": 2, "text": "x"}', "stands twice"),
        ("[" * 100_000, "not valid JSON"),
        ('{"text": "x", "n": ' + "9" * 5000 + "}", "not valid JSON"),
    ],
)
def test_a_line_that_is_no_object_is_a_failure_with_its_number(tmp_path: Path, line: str, words: str) -> None:
    good, bad, last = read([_jsonl(tmp_path / "a.jsonl", {"text": "x"}, line, {"text": "y"})])
    assert (good.failure, last.failure, bad.id, bad.text) == (None, None, "a.jsonl:2", "")
    assert words in _reason(bad)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"id": "i"}, "'text' is missing"),
        ({"id": "i", "text": None}, "'text' is missing"),
        ({"id": "i", "text": ""}, "'text' is empty"),
        ({"id": "i", "text": [SECRET]}, "of type list, not text"),
        ({"id": "i", "text": 3}, "of type int, not text"),
    ],
)
def test_a_row_without_usable_text_keeps_its_id_and_fields(tmp_path: Path, row: dict[str, Any], words: str) -> None:
    _, bad = read([_jsonl(tmp_path / "a.jsonl", {"text": "x"}, row | {"k": "v"})])
    assert (bad.id, bad.text, bad.meta) == ("i", "", {"k": "v"})
    assert words in _reason(bad)


def test_half_a_surrogate_pair_is_the_failure_of_its_row_which_can_still_be_written(tmp_path: Path) -> None:
    path = _jsonl(
        tmp_path / "a.jsonl",
        '{"id": "t", "text": "x\\ud800y"}',
        '{"id": "m", "text": "x", "k": {"a": ["\\udcff"]}, "l": 1}',
        '{"id": "\\ud800", "text": "x"}',
        '{"id": "k", "text": "x", "\\ud800": 1}',
        '{"id": "good", "text": "\\ud83d\\ude00"}',
    )
    *bad, good = read([path])
    assert [document.id for document in bad] == ["t", "m", "a.jsonl:3", "k"]
    assert bad[1].meta == {"l": 1}
    assert all(_reason(document) for document in bad)
    assert (good.text, good.failure) == ("😀", None)
    for document in [*bad, good]:
        json.dumps(to_dict(document), ensure_ascii=False).encode()


def test_a_broken_byte_costs_only_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [json.dumps({"id": f"n{n}", "text": "L’été brûlé"}, ensure_ascii=False).encode() for n in range(3)]
    lines[1] = lines[1].replace("é".encode(), b"\xe9", 1)
    path.write_bytes(b"\n".join(lines))
    first, broken, last = read([path])
    assert (first.failure, last.failure, first.findings) == (None, None, ())
    assert (broken.id, broken.text) == ("n1", "") and "bytes" in _reason(broken)
    assert broken.failure is not None and broken.failure.kind == "DecodingError"


@pytest.mark.parametrize("codec", ["windows-1252", "utf-16", "utf-16-le", "utf-8-sig"])
def test_rows_in_another_encoding_are_read_and_said(tmp_path: Path, codec: str) -> None:
    rows = [{"id": "1", "text": "L’été à Noël"}, {"id": "2", "text": "Brûlé"}]
    path = _jsonl(tmp_path / "a.jsonl", *rows, encoding=codec)
    documents = list(read([path]))
    assert [document.text for document in documents] == ["L’été à Noël", "Brûlé"]
    said = [] if codec == "utf-8-sig" else [f"read as {codec}"]
    assert all([finding.message for finding in document.findings] == said for document in documents)


def test_a_binary_file_of_rows_is_one_failed_document(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\x00\x01\x02\x03" * 100)
    (document,) = read([tmp_path])
    assert document.id == "a.jsonl" and "binary" in _reason(document)


def test_utf_16_cut_in_a_character_is_said_after_the_rows_before(tmp_path: Path) -> None:
    path = _jsonl(tmp_path / "a.jsonl", {"text": "x"}, encoding="utf-16")
    path.write_bytes(path.read_bytes() + b"a")
    good, cut = read([path])
    assert good.failure is None and "not valid utf-16" in _reason(cut)


def test_only_a_line_feed_ends_a_row(tmp_path: Path) -> None:
    path = _jsonl(tmp_path / "a.jsonl", '{"text": "a\u2028b\x85c"}\r', {"text": "d"})
    assert [document.text for document in read([path])] == ["a\u2028b\x85c", "d"]


def test_a_missing_text_field_is_said_before_any_work_with_the_fields_and_the_nearest(tmp_path: Path) -> None:
    path = _jsonl(tmp_path / "stories.jsonl", {"body": SECRET, "url": "u"})
    with pytest.raises(InputError) as caught:
        read([path], ReadOptions(text_field="boddy"))
    assert str(caught.value).endswith(
        "stories.jsonl has no field 'boddy' (did you mean 'body'?); fields: body, url; name it with --text-field"
    )
    for options in (ReadOptions("body", id_field="key"), ReadOptions("body", title_field="head")):
        with pytest.raises(InputError, match=r"name it with --(id|title)-field"):
            find([path], options)


def test_a_field_that_the_first_rows_lack_but_others_have_is_not_missing(tmp_path: Path) -> None:
    path = _jsonl(tmp_path / "a.jsonl", "{broken", {"id": "1"}, {"id": "2", "text": "x"})
    assert [document.failure is None for document in read([path])] == [False, False, True]


def test_no_row_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no document"):
        list(read([_jsonl(tmp_path / "a.jsonl", "", " ")]))


def test_ids_that_occur_twice_are_refused_with_both_places(tmp_path: Path) -> None:
    _jsonl(tmp_path / "a.jsonl", {"id": "x", "text": "1"}, {"id": "dup", "text": "2"})
    _jsonl(tmp_path / "b.jsonl", {"id": "y", "text": "3"}, "", {"id": "dup", "text": "4"})
    documents = read([tmp_path])
    assert [next(documents).id for _ in range(3)] == ["x", "dup", "y"]
    with pytest.raises(InputError, match=r"'dup': .*a\.jsonl, line 2 and .*b\.jsonl, line 3;.*--id-field$"):
        next(documents)


def test_text_over_the_limit_and_endless_lines_are_failures(tmp_path: Path) -> None:
    options = ReadOptions(max_bytes=10)
    rows = [{"text": "é" * 5}, {"text": "é" * 6}, {"text": "x", "k": "y" * options.max_line}, {"text": "fin"}]
    fits, long, endless, last = read([_jsonl(tmp_path / "a.jsonl", *rows)], options)
    assert (fits.failure, last.failure) == (None, None)
    assert "longer than 10 bytes" in _reason(long) and long.text == ""
    assert endless.id == "a.jsonl:3" and "line is longer" in _reason(endless)


def test_reading_is_lazy_and_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    row = json.dumps({"text": "Le port a rouvert ce matin. " * 400})
    path.write_text("\n".join([row] * 2000), encoding="utf-8")
    assert path.stat().st_size > 20_000_000
    tracemalloc.start()
    assert sum(1 for _ in read([path])) == 2000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


_META = st.dictionaries(
    st.text(max_size=5).filter(lambda name: name not in ("id", "text")),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1), _META), min_size=1, max_size=4), st.booleans())
def test_any_text_and_any_fields_come_back_from_json_lines(rows: list[tuple[str, Any]], ascii_only: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        objects = [meta | {"id": str(n), "text": text} for n, (text, meta) in enumerate(rows)]
        lines = [json.dumps(values, ensure_ascii=ascii_only) for values in objects]
        path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
        documents = list(read([path]))
    assert documents == [Document(str(n), text, meta) for n, (text, meta) in enumerate(rows)]


# Tables as text


def _csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_a_table_is_read_with_quoted_line_ends_and_formulas_as_text(tmp_path: Path) -> None:
    path = _csv(tmp_path / "a.csv", 'id,text,n\r\na,"Un, ""deux""\r\ntrois",=1+1\r\n\r\nb,quatre,\r\n')
    assert list(read([path])) == [
        Document("a", 'Un, "deux"\r\ntrois', {"n": "=1+1"}),
        Document("b", "quatre", {"n": ""}),
    ]


@pytest.mark.parametrize(("name", "delimiter"), [("a.csv", ";"), ("a.csv", ","), ("a.tsv", "\t")])
def test_the_delimiter_is_that_of_its_kind_or_of_a_french_spreadsheet(
    tmp_path: Path, name: str, delimiter: str
) -> None:
    path = _csv(tmp_path / name, f"date{delimiter}text\n2 mai{delimiter}Un été.", "cp1252")
    (document,) = read([path])
    assert (document.id, document.text, document.meta) == (f"{name}:2", "Un été.", {"date": "2 mai"})
    assert document.findings[0].message == "read as windows-1252"


def test_a_table_without_the_field_names_its_columns_and_never_prose(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"did you mean 'texte'.*fields: id, texte; name it with --text-field"):
        find([_csv(tmp_path / "a.csv", "id;texte\n1;x\n")])
    with pytest.raises(InputError) as caught:
        find([_csv(tmp_path / "b.csv", f"1,{SECRET}\n")])
    assert SECRET[:20] not in str(caught.value)


def test_a_column_named_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two columns of the name 'text'"):
        find([_csv(tmp_path / "a.csv", "text,text\nx,y\n")])


def test_rows_that_do_not_fit_the_header_are_failures_not_cut_texts(tmp_path: Path) -> None:
    path = _csv(tmp_path / "a.csv", "id,text\na,Un, deux\nb\nc,bon\nd,\n")
    more, fewer, good, empty = read([path])
    assert (more.id, good.failure, empty.id) == ("a", None, "d")
    assert "has 3 fields, the header 2" in _reason(more)
    assert "has 1 fields" in _reason(fewer)
    assert "'text' is empty" in _reason(empty)


def test_a_broken_quotation_costs_its_row_and_an_open_one_is_said_to_end_the_reading(tmp_path: Path) -> None:
    path = _csv(tmp_path / "a.csv", 'id,text\na,"un" deux\nb,bon\nc,"ouvert\nd,perdu\n')
    broken, good, open_ended = read([path])
    assert broken.id == "a.csv:2" and "not a row" in _reason(broken)
    assert good.failure is None
    assert open_ended.id == "a.csv:4" and "from here on nothing was read" in _reason(open_ended)


def test_a_field_longer_than_the_csv_module_allows_at_first_is_read(tmp_path: Path) -> None:
    long = "mot " * 60_000
    (document,) = read([_csv(tmp_path / "a.csv", f'text\n"{long}"\n')])
    assert document.text == long


def test_a_broken_byte_in_a_table_costs_only_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id,text\na,été\nb,".encode() + b"\xe9t\xe9" + "\nc,été été été été\n".encode())
    first, broken, last = read([path])
    assert (first.text, last.failure, broken.id, broken.text) == ("été", None, "b", "")
    assert broken.failure is not None and broken.failure.kind == "DecodingError"


def test_a_table_with_a_mark_keeps_the_name_of_its_first_column(tmp_path: Path) -> None:
    for codec in ("utf-8-sig", "utf-16"):
        (document,) = read([_csv(tmp_path / "a.csv", "text,k\nx,y\n", codec)])
        assert (document.text, document.meta) == ("x", {"k": "y"})


# Parquet


def _parquet(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet_rows_come_in_order_with_their_fields_in_terms_of_json(tmp_path: Path) -> None:
    path = _parquet(
        tmp_path / "a.parquet",
        id=[1, 2],
        text=pa.array(["Un", "Deux"]).dictionary_encode(),
        day=[datetime.date(2025, 1, 17), None],
        price=[decimal.Decimal("1.50"), None],
        raw=[b"\xff", None],
        score=[float("nan"), 0.5],
        tags=[["a"], []],
        at=pa.array([1, None], pa.timestamp("ns")),
    )
    first, second = read([path])
    assert (first.id, first.text) == ("1", "Un")
    assert {**first.meta, "at": None} == {
        "day": "2025-01-17", "price": "1.50", "raw": "/w==", "score": None, "tags": ["a"], "at": None
    }  # fmt: skip
    assert str(first.meta["at"]).startswith("1970-01-01T00:00:00")
    assert second.meta == dict.fromkeys(["day", "price", "raw", "at"]) | {"score": 0.5, "tags": []}
    assert from_dict(json.loads(json.dumps(to_dict(first)))) == first


def test_parquet_is_read_across_batches_and_rows_without_text_fail_alone(tmp_path: Path) -> None:
    path = _parquet(tmp_path / "a.parquet", text=[None if n == 40 else f"Texte {n}" for n in range(100)])
    documents = list(read([path]))
    assert [document.id for document in documents] == [f"a.parquet:{n}" for n in range(1, 101)]
    assert [n for n, document in enumerate(documents) if document.failure] == [40]


def test_parquet_text_that_is_not_utf_8_fails_alone(tmp_path: Path) -> None:
    text = pa.array([b"bon", b"\xff\xfe", b"bon aussi"]).view(pa.utf8())
    one, two, three = read([_parquet(tmp_path / "a.parquet", id=["a", "b", "c"], text=text)])
    assert (one.failure, three.failure, two.id, two.text) == (None, None, "b", "")
    assert "cannot be read" in _reason(two)


@pytest.mark.parametrize(
    ("columns", "options", "words"),
    [
        ({"text": [1, 2]}, ReadOptions(), "'text' is of type int64, not text"),
        ({"text": [["a"]]}, ReadOptions(), "not text"),
        ({"text": ["a"], "id": [1.5]}, ReadOptions(id_field="id"), "'id' is of type double"),
        ({"texte": ["a"]}, ReadOptions(), "did you mean 'texte'"),
    ],
)
def test_a_parquet_column_that_does_not_fit_is_refused_before_any_work(
    tmp_path: Path, columns: dict[str, Any], options: ReadOptions, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        find([_parquet(tmp_path / "a.parquet", **columns)], options)


@pytest.mark.parametrize("damage", [lambda data: data[:-20], lambda _: b"PAR1" + bytes(50) + b"\xff\x00\x00\x00PAR1"])
def test_a_parquet_file_that_is_none_or_was_cut_fails_alone(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    whole, torn = (_parquet(tmp_path / f"{name}.parquet", text=["a"] * 2) for name in "ab")
    torn.write_bytes(damage(torn.read_bytes()))
    *good, bad = read([tmp_path])
    assert [document.failure for document in good] == [None, None] and whole.name in good[0].id
    assert bad.id == "b.parquet" and "not a whole Parquet file" in _reason(bad)


def test_a_parquet_file_damaged_inside_is_said_after_the_rows_before(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with pq.ParquetWriter(path, pa.schema({"text": pa.string()}), compression="gzip", use_dictionary=False) as writer:
        for part in range(2):
            writer.write_table(pa.table({"text": [f"Texte {part} {n}" for n in range(200)]}))
    data = bytearray(path.read_bytes())
    second = pq.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
    data[second + 60 : second + 90] = b"\x00" * 30
    path.write_bytes(data)
    *good, damaged = read([path])
    assert len(good) == 192 or len(good) == 200
    assert all(document.failure is None for document in good)
    assert damaged.id == "a.parquet" and "nothing was read" in _reason(damaged)


# Python


def test_a_dataset_is_read_row_by_row() -> None:
    dataset = datasets.Dataset.from_dict({"id": ["a", "b"], "text": ["Un", "Deux"], "n": [1, 2]})
    assert list(from_rows(dataset)) == [Document("a", "Un", {"n": 1}), Document("b", "Deux", {"n": 2})]


def test_rows_from_python_are_read_lazily_and_named_by_their_number() -> None:
    asked: list[int] = []

    def rows() -> Iterator[dict[str, Any]]:
        for n in range(3):
            asked.append(n)
            yield {"text": f"Texte {n}", "v": np.float32(0.5), "w": np.array([1, 2])}

    documents = from_rows(rows())
    first = next(documents)
    assert (first.id, first.meta, asked) == ("row:1", {"v": 0.5, "w": [1, 2]}, [0])
    assert [document.id for document in documents] == ["row:2", "row:3"]


def test_what_json_cannot_hold_is_said_and_the_rest_is_kept() -> None:
    deep: list[Any] = []
    for _ in range(200):
        deep = [deep]
    unfit, nested = from_rows([{"text": "x", "o": object(), "k": 1}, {"text": "y", "deep": deep}])
    assert "'o': a value of type object has no place in JSON" in _reason(unfit)
    assert (unfit.text, unfit.meta, nested.meta) == ("x", {"k": 1}, {})
    assert "nested deeper" in _reason(nested)


def test_what_is_no_row_is_refused_at_once_or_marked() -> None:
    with pytest.raises(InputError, match="from_texts"):
        from_rows(["Un texte"])  # type: ignore[list-item]
    with pytest.raises(InputError, match="row 1 has no field 'text'"):
        from_rows([{"body": "x"}])
    _, bad = from_rows([{"text": "x"}, 3])  # type: ignore[list-item]
    assert bad.id == "row:2" and "of type int" in _reason(bad)


def test_rows_of_one_id_are_refused() -> None:
    with pytest.raises(InputError, match="'a': an earlier row and row 3"):
        list(from_rows([{"id": "a", "text": "x"}, {"id": "b", "text": "x"}, {"id": "a", "text": "y"}]))


def test_no_rows_give_no_documents() -> None:
    assert list(from_rows([])) == [] == list(from_texts([]))


def test_texts_become_documents_even_empty_ones() -> None:
    one, two, three = from_texts(["Un", "", "x\ud800"])
    assert (one, two) == (Document("text:1", "Un"), Document("text:2", ""))
    assert three.id == "text:3" and "surrogate" in _reason(three)
    with pytest.raises(InputError, match="text 1 is of type int"):
        list(from_texts([1]))  # type: ignore[list-item]
