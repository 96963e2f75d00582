"""Input made to break the program: nothing crashes, hangs, is lost, is written elsewhere, or shows on the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.document import Document
from pipeline.readers import ReadOptions, parquet, printable, read
from pipeline.stage import apply
from pipeline.stages import clean, segment
from scripts.fuzz import crowd, verdict
from scripts.fuzz.__main__ import crowded, refused, run
from scripts.fuzz.growth import STEPS, measured, steep
from scripts.fuzz.texts import CANARY

LENGTH = 3_000  # characters
PROSE = "<p>Le maire de Lyon a annoncé lundi que douze écoles ouvriraient avant l'hiver, malgré les retards.</p>"


def reason(path: Path, options: ReadOptions | None = None) -> str:
    (document,) = read([path], options)
    assert document.failure is not None
    return document.failure.reason


def page(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "page.html"
    path.write_text(f"<html><body><h1>Titre</h1>{PROSE * 2}{body}{PROSE}</body></html>", encoding="utf-8")
    return path


def test_a_crowd_of_hostile_documents_is_accounted_for(tmp_path: Path) -> None:
    """The whole command in a process of its own; `python -m scripts.fuzz` does it with 10,000."""
    assert list(crowded(tmp_path / "crowd", 200, seed=3)) == []


def test_what_cannot_start_is_refused_in_one_line(tmp_path: Path) -> None:
    assert list(refused(tmp_path / "refusals")) == []


def test_the_crowd_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for name in "ab":
        assert crowd.make(tmp_path / name, 60, seed=5) == 60
    files = {name: sorted((tmp_path / name).glob("*.jsonl")) for name in "ab"}
    assert [path.read_bytes() for path in files["a"]] == [path.read_bytes() for path in files["b"]] != []


@pytest.mark.parametrize(
    ("err", "crash", "fault"),
    [
        (f"cannot read '{CANARY.lower()} '", "", "text of an article"),
        ("\x1b[31mred", "", "U+001B"),
        ("a\rb", "", "U+000D"),
        ("\u202e", "", "U+202E"),
        ("Traceback (most recent call last):", "", "traceback"),
        ("", "ValueError: x", "crashed"),
    ],
)
def test_the_harness_sees_what_must_not_be_on_a_terminal(err: str, crash: str, fault: str) -> None:
    assert fault in "\n".join(verdict.of_streams({"out": "", "err": err, "crash": crash}))
    assert list(verdict.of_streams({"out": "", "err": "depeche: no é\n", "crash": ""})) == []


def test_the_harness_sees_a_document_that_was_lost_or_changed(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "a", "text": "Le pont est ouvert."}\n{"id": "b", "text": 3}\n', encoding="utf-8")
    (result,) = run(tmp_path, [["run", str(source), "--out", str(tmp_path / "out")]])
    assert list(verdict.of_run(result, tmp_path / "out", 2)) == []
    assert "2 documents came out of 3" in list(verdict.of_run(result, tmp_path / "out", 3))
    assert "exit code 0 with 1 failures" in list(verdict.of_run({**result, "code": 0}, tmp_path / "out", 2))
    path = tmp_path / "out" / "documents.jsonl"
    first, second = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    first["segments"][0]["end"] -= 5
    path.write_text(json.dumps(first) + "\n" + json.dumps(second) + "\n", encoding="utf-8")
    assert "characters of 'a' are lost or stand twice" in list(verdict.of_run(result, tmp_path / "out", 2))


@pytest.mark.parametrize(
    ("step", "unit"),
    [
        ("missing", "Mc"),  # a demonym was looked for at every place of one endless word
        ("compare", "cent mille "),  # a number grew to thousands of digits
        ("assertions", "1 h "),  # the whole text was searched for an evening at every hour
        ("compare", "1x"),
        ("segment", "l'"),
        ("clean", "[a]("),
        ("normalize", "\u0301"),
    ],
)
def test_time_does_not_grow_with_the_square_of_the_length(step: str, unit: str) -> None:
    tries = [measured(step, STEPS[step], lambda size: (unit * size)[:size], LENGTH)]
    while tries[-1].is_steep and len(tries) < 4:  # on a busy machine the clock of the processor is no good witness
        tries.append(measured(step, STEPS[step], lambda size: (unit * size)[:size], LENGTH))
    assert not tries[-1].is_steep, tries


def test_time_does_not_grow_with_the_square_for_other_shapes_either() -> None:
    """A few of the shapes that `python -m scripts.fuzz --growth 200` tries."""
    assert list(steep(2, seed=8, length=LENGTH // 4)) == []


def test_the_measure_of_growth_tells_a_square_from_a_line() -> None:
    assert measured("square", lambda t: sum(range(len(t) ** 2 // 5)), "x".__mul__, 1500).is_steep
    assert not measured("line", lambda t: sum(range(len(t) * 1000)), "x".__mul__, 1500).is_steep


def test_a_document_that_is_too_long_says_where_the_limit_is_set(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Le pont. " * 99, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": "Le pont. " * 99}) + "\n", encoding="utf-8")
    for name in ("a.txt", "b.jsonl"):
        assert "longer than 100 bytes" in reason(tmp_path / name, ReadOptions(max_bytes=100))
        assert "run.max_document_bytes" in reason(tmp_path / name, ReadOptions(max_bytes=100))


def test_the_longest_document_is_a_setting_of_the_run(tmp_path: Path, tiny_config: Path, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    from pipeline import cli

    own = tmp_path / "own.toml"
    own.write_text(tiny_config.read_text(encoding="utf-8") + "[run]\nmax_document_bytes = 20\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("Le pont est ouvert depuis lundi.", encoding="utf-8")
    monkeypatch.setattr(
        "sys.argv", ["depeche", *map(str, ("run", tmp_path / "a.txt", "-o", tmp_path / "out", "-c", own))]
    )
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert "longer than 20 bytes" in (tmp_path / "out" / "failed.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("what", ["lines", "sentences"])
def test_a_document_of_too_many_pieces_fails_alone(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clean, "MOST_LINES", 1_000)
    monkeypatch.setattr(segment, "MOST_SENTENCES", 1_000)
    text = "a\n" * 1_001 if what == "lines" else "Le pont ferme. Il pleut ici. " * 501
    done = [Document("a", "Le pont."), Document("b", text), Document("c", "Le pont.")]
    for stage in (clean.Clean(), segment.SegmentSentences(())):
        done = apply(stage, done)
    assert [document.failure is not None for document in done] == [False, True, False]
    assert done[1].failure is not None
    assert f"more than 1,000 {what}" in done[1].failure.reason
    assert done[1].text == text


def test_a_sentence_without_end_fails_and_says_where_it_begins() -> None:
    endless = Document("a", "Le pont ferme lundi.\n\n" + "il pleut et le pont reste " * 4_000 + "ici.")
    (done,) = apply(segment.SegmentSentences(()), clean.Clean().process([endless]))
    assert done.failure is not None
    assert done.failure.reason.startswith("104,004 characters from 22 on")


def test_lines_without_words_count_for_nothing() -> None:
    (document,) = clean.Clean().process([Document("a", "Le pont.\n" + "\n" * (2 * clean.MOST_LINES) + "Fin.")])
    assert len(document.segments) == 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<a href=x>mot</a> " * 25_000, "tags"),
        ("<p " + " ".join(f"a{n}=b" for n in range(12_000)) + ">mot</p>", "attributes"),
        ("<div>" * 300 + "au fond" + "</div>" * 300, "nested too deep"),
    ],
)
def test_a_page_that_the_parser_would_choke_on_is_refused(body: str, message: str, tmp_path: Path) -> None:
    assert message in reason(page(tmp_path, body))


def test_a_page_may_name_a_thousand_authors(tmp_path: Path) -> None:
    path = page(tmp_path, "")
    head = f"<head><title>Titre</title><meta name=author content='{'a |' * 30_000}'></head>"
    path.write_text(path.read_text(encoding="utf-8").replace("<body>", head + "<body>"), encoding="utf-8")
    (document,) = read([path])
    assert document.failure is None and document.text.startswith("Titre\n")


def test_a_parquet_column_that_unfolds_without_end_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_UNFOLDED", 1_000_000)
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["é" * 600_000]}), path, compression="zstd")
    assert path.stat().st_size < 5_000
    assert "would unfold to 1,200," in reason(path)


def test_a_parquet_list_of_endless_nothing_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    many = pa.ListArray.from_arrays(pa.array([0, 60_000_000], pa.int32()), pa.nulls(60_000_000, pa.int8()))
    pq.write_table(pa.table({"text": ["Le pont."], "more": many}), path, compression="zstd")
    assert "60,000,000 values" in reason(path)


def test_a_long_parquet_text_fails_alone_and_a_repeated_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["Le pont.", "a" * 5_000_001, None, "Le pont."], "number": [1, 2, 3, 4]}), path)
    first, long, absent, last = read([path])
    assert first.text == last.text == "Le pont."
    assert (first.meta, last.meta) == ({"number": 1}, {"number": 4})
    assert long.failure and "5,000,001 bytes" in long.failure.reason
    assert absent.failure and "missing" in absent.failure.reason


def test_an_infinite_number_is_no_id(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": 1e999, "text": "Le pont."}\n', encoding="utf-8")
    assert "no id" in reason(tmp_path / "a.jsonl")


def test_names_cannot_turn_a_line_round_but_keep_their_joiners() -> None:
    assert printable("\u202egnp.txt\x1b") == "\\u202egnp.txt\\x1b"
    assert printable("👨\u200d👩.txt") == "👨\u200d👩.txt"
