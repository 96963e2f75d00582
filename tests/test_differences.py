"""What differs between two runs: settings first, then documents; nothing of their text unless it is asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given

from pipeline.differences import compare
from pipeline.differences.report import lines
from pipeline.document import SKIPPED, Document, Failure, Finding, Segment, Summary, SummarySentence, Verdict
from pipeline.errors import InputError
from pipeline.writers import ManifestData, ModelIdentity, RunFolder
from strategies import documents, unhurried

DATA = ManifestData(
    models=(ModelIdentity("translator", "embedded:translator", "ab" * 32),),
    settings={"translator": {"decoding": {"beam_size": 4}}, "summarizer": {"sentences": 3}},
    versions={"torch": "2.6.0", "ctranslate2": "4.6.0"},
    signature="schema:1|cleaner:aa|translator:x@ab|settings:00|torch:2.6.0",
    parts={"schema": "1", "cleaner": "aa", "translator": "x@ab", "settings": "00", "torch": "2.6.0"},
)


def article(identity: str = "a") -> Document:
    segments = (
        Segment(0, 14, "paragraph", "Le pont ferme.", 0, language="fr", target="The bridge closes.", score=-0.5),
        Segment(15, 37, "paragraph", "Le coût : 12 millions.", 0, language="fr", target="The cost: 12 million."),
    )
    summary = Summary("Bridge", (SummarySentence("The bridge closes.", (0,), "extracted"),))
    text = "Le pont ferme. Le coût : 12 millions."
    return Document(identity, text, {"url": "x"}, "fr", 0.9, segments=segments, summary=summary)


def run(folder: Path, batch: list[Document], data: ManifestData = DATA) -> Path:
    with RunFolder(folder) as written:
        for document in batch:
            written.write(document)
        written.finish(data)
    return folder


def second(target: str, document: Document | None = None) -> Document:
    document = document or article()
    return replace(document, segments=(document.segments[0], replace(document.segments[1], target=target)))


def only_change(folder: Path, old: Document, new: Document) -> dict[str, str]:
    found = compare(run(folder / "a", [old]), run(folder / "b", [new]))
    (change,) = found.documents
    assert (change.id, change.only, found.same, found.is_empty) == (old.id, None, 0, False)
    return {aspect.name: aspect.detail for aspect in change.aspects}


def test_a_run_and_its_copy_do_not_differ(tmp_path: Path) -> None:
    batch = [article("a"), article("b")]
    found = compare(run(tmp_path / "a", batch), run(tmp_path / "b", batch))
    assert found.is_empty
    assert found.same == 2
    assert list(lines(found)) == ["no difference: 2 documents, the same settings"]


def test_settings_come_first_with_old_and_new_by_dotted_name(tmp_path: Path) -> None:
    other = replace(
        DATA,
        models=(ModelIdentity("translator", "embedded:translator", "cd" * 32),),
        settings={"translator": {"decoding": {"beam_size": 1}}, "summarizer": {"sentences": 3, "words": 60}},
        versions={"torch": "2.7.0", "ctranslate2": "4.6.0"},
        parts={"schema": "1", "cleaner": "bb", "translator": "x@cd", "settings": "11", "torch": "2.7.0"},
    )
    found = compare(run(tmp_path / "a", [article()]), run(tmp_path / "b", [second("The cost: 21.")], other))
    assert list(lines(found)) == [
        "translator.decoding.beam_size: 4 → 1",
        "summarizer.words: none → 60",
        f"models.translator.sha256: {'ab' * 32} → {'cd' * 32}",
        "versions.torch: 2.6.0 → 2.7.0",
        "signature.cleaner: aa → bb",
        "0 documents the same, 1 different: translation 1",
        "a: translation (1 of 2 segments)",
    ]


def test_the_parts_of_a_signature_are_read_from_its_line_where_the_manifest_does_not_list_them(tmp_path: Path) -> None:
    old, new = replace(DATA, parts={}), replace(DATA, parts={}, signature="schema:1|cleaner:cc|torch:2.6.0")
    found = compare(run(tmp_path / "a", [article()], old), run(tmp_path / "b", [article()], new))
    assert ("cleaner", "aa", "cc") in [(change.name, change.old, change.new) for change in found.settings]


def test_documents_of_one_run_alone_are_named(tmp_path: Path) -> None:
    a, b = [article("a"), article("c"), article("d")], [article("b"), article("c"), article("e")]
    found = compare(run(tmp_path / "a", a), run(tmp_path / "b", b))
    assert [(change.id, change.only) for change in found.documents] == [("a", "a"), ("d", "a"), ("b", "b"), ("e", "b")]
    assert found.counts == {"only in A": 2, "only in B": 2}
    assert found.same == 1


def test_another_order_is_a_difference(tmp_path: Path) -> None:
    a, b = article("a"), article("b")
    found = compare(run(tmp_path / "a", [a, b]), run(tmp_path / "b", [b, a]))
    assert (found.documents, found.reordered, found.is_empty) == ((), True, False)
    assert "another order" in "\n".join(lines(found))


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (replace(article(), meta={"url": "y"}), {"input": "meta"}),
        (second("The cost."), {"translation": "1 of 2 segments"}),
        (replace(article(), summary=None), {"summary": "written → none"}),
        (replace(article(), summary=Summary("Bridges", ())), {"summary": "1 of 1 sentences, headline"}),
        (replace(article(), summary=Summary("Bridge", (SummarySentence("The bridge closes.", (1,)),))), {"summary": "support, origin or verdicts"}),
        (replace(article(), findings=(Finding("name-missing", "source-target", "Secret is missing"),)), {"findings": "+1 name-missing"}),
        (replace(article(), failure=Failure("read", "DecodingError", "bytes")), {"status": "translated → failed (read: DecodingError)"}),
        (replace(article(), language="es"), {"language": "fr → es"}),
        (replace(article(), confidence=0.8), {"scores": "of the language"}),
        (replace(article(), segments=(replace(article().segments[0], verdicts=(Verdict("first", ("copy",), True),)), article().segments[1])), {"scores": "of 1 segments"}),
    ],
)  # fmt: skip
def test_each_aspect_of_a_document_is_told_apart(new: Document, expected: dict[str, str], tmp_path: Path) -> None:
    assert only_change(tmp_path, article(), new) == expected


def test_the_cause_stands_before_its_effects(tmp_path: Path) -> None:
    skipped = Document("a", "Otra cosa.", {}, "es", 0.9, findings=(Finding(SKIPPED, "document", "in Spanish"),))
    found = only_change(tmp_path, article(), skipped)
    assert list(found) == ["input", "status", "language", "segments", "translation", "summary", "findings"]
    assert found["status"] == "translated → skipped"
    assert found["segments"] == "2 → 0"


@unhurried
@given(documents(), documents())
def test_whatever_differs_in_two_records_is_found(one: Document, other: Document) -> None:
    """Law: the answer is empty when and only when the two records are the same."""
    with TemporaryDirectory() as here:
        a, b = run(Path(here) / "a", [one]), run(Path(here) / "b", [replace(other, id=one.id)])
        same = (a / "documents.jsonl").read_bytes() == (b / "documents.jsonl").read_bytes()
        assert compare(a, b).is_empty is same
        assert compare(a, a).is_empty


def test_values_that_python_takes_for_equal_are_told_apart(tmp_path: Path) -> None:
    one = replace(article(), meta={"paid": 1})
    assert only_change(tmp_path, one, replace(one, meta={"paid": True})) == {"record": "the type of a value"}


def test_no_article_text_is_shown_unless_asked_for_and_then_escaped(tmp_path: Path) -> None:
    old, new = second("A \x1b[31mred\u202e bridge"), second("A blue bridge", replace(article(), id="a"))
    found = compare(run(tmp_path / "a", [old]), run(tmp_path / "b", [new]))
    assert "bridge" not in "\n".join(lines(found))
    shown = list(lines(found, text=True))
    assert shown[-3:] == [
        "    = Le coût : 12 millions.",
        "    - A \\x1b[31mred\\u202e bridge",
        "    + A blue bridge",
    ]


def test_ids_cannot_steer_a_terminal(tmp_path: Path) -> None:
    identity = "\x1b]0;owned\x07\n" + "x" * 300
    found = compare(run(tmp_path / "a", [article(identity)]), run(tmp_path / "b", [article("b")]))
    text = "\n".join(lines(found))
    assert "\x1b" not in text and "\x07" not in text
    assert max(map(len, text.splitlines())) < 200


def test_the_list_ends_at_the_limit_and_says_so(tmp_path: Path) -> None:
    a = run(tmp_path / "a", [article(str(n)) for n in range(9)])
    found = compare(a, run(tmp_path / "b", [second("Other.", article(str(n))) for n in range(9)]))
    assert list(lines(found, limit=2))[-3:] == [
        "0: translation (1 of 2 segments)",
        "1: translation (1 of 2 segments)",
        "... and 7 more (--limit 0 shows all)",
    ]
    assert len(list(lines(found, limit=0))) == 11


@pytest.mark.parametrize(
    "line", [b"{}\n", b"[1]\n", b'{"id": "a"', b'{"id": 3}\n', b"\xff\n", b'{"id": "a", "segments": 3, "failure": 7}\n']
)
def test_a_damaged_file_is_one_clear_error(line: bytes, tmp_path: Path) -> None:
    a, b = run(tmp_path / "a", [article()]), run(tmp_path / "b", [article()])
    (b / "documents.jsonl").write_bytes(line)
    with pytest.raises(InputError, match="changed after"):
        compare(a, b)


def test_an_id_that_stands_twice_is_no_output_of_a_run(tmp_path: Path) -> None:
    a, b = run(tmp_path / "a", [article()]), run(tmp_path / "b", [article()])
    (b / "documents.jsonl").write_bytes((b / "documents.jsonl").read_bytes() * 2)
    with pytest.raises(InputError, match=r"line 2 .* stands above already"):
        compare(a, b)


def test_the_command_answers_with_its_exit_code(tmp_path: Path) -> None:
    """0 the same, 1 different, 2 could not read; also where the locale lacks the arrow."""
    a, b = run(tmp_path / "a", [article()]), run(tmp_path / "b", [second("Other.")])

    def depeche(*words: object) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "diff", *map(str, words)],
            capture_output=True, text=True, env={**os.environ, "PYTHONIOENCODING": "ascii"},
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    assert depeche(a, a) == (0, "no difference: 1 document, the same settings\n", "")
    code, out, err = depeche(a, b, "--limit", 1)
    assert (code, err) == (1, "")
    assert out.endswith("a: translation (1 of 2 segments)\n")
    code, out, err = depeche(a, tmp_path)
    assert (code, out) == (2, "")
    assert "holds no finished run" in err and len(err.splitlines()) == 1


def test_a_line_that_the_codec_did_not_write_first_is_read_all_the_same(tmp_path: Path) -> None:
    a, b = run(tmp_path / "a", [article()]), run(tmp_path / "b", [article()])
    record = json.loads((b / "documents.jsonl").read_bytes())
    (b / "documents.jsonl").write_text(json.dumps(dict(reversed(record.items()))) + "\n", encoding="utf-8")
    assert compare(a, b).is_empty
