"""The command: its exit codes, its one-line errors, what it prints where, and how fast it answers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import __version__, cli

FRENCH = "Le maire de Lyon a annoncé lundi que douze écoles ouvriraient avant l'hiver.\n\nLe coût n'est pas connu.\n"


@pytest.fixture
def depeche(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Run the command in this process; return its exit code, stdout and stderr."""

    def call(*words: object, stdin: str | bytes = "") -> tuple[int, str, str]:
        read, write = os.pipe()
        os.write(write, stdin.encode() if isinstance(stdin, str) else stdin)
        os.close(write)
        with os.fdopen(read, encoding="utf-8", errors="surrogateescape") as stream:
            monkeypatch.setattr(sys, "stdin", stream)
            monkeypatch.setattr(sys, "argv", ["depeche", *map(str, words)])
            with pytest.raises(SystemExit) as ended:
                cli.main()
        out, err = capsys.readouterr()
        code = ended.value.code
        return code if isinstance(code, int) else 0, out, err

    return call


def test_a_run_says_what_it_did_and_exits_0(depeche, tiny_config: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.txt").write_text(FRENCH, encoding="utf-8")
    code, out, err = depeche("run", tmp_path / "a.txt", "--out", tmp_path / "out", "--config", tiny_config)
    assert (code, out) == (0, "")
    assert "1 document: 1 translated, 0 summarized, 0 skipped, 0 failed" in err
    assert "depeche:" in err.splitlines()[-1]


def test_a_quiet_run_says_nothing(depeche, tiny_config: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.txt").write_text(FRENCH, encoding="utf-8")
    assert depeche("run", tmp_path / "a.txt", "-o", tmp_path / "out", "-c", tiny_config, "-q") == (0, "", "")


def test_a_document_that_failed_makes_the_exit_code_1(depeche, tiny_config: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.txt").write_bytes(bytes(range(256)) * 9)
    code, _, err = depeche("run", tmp_path / "a.txt", "-o", tmp_path / "out", "-c", tiny_config)
    assert code == 1
    assert "1 failed" in err


def test_other_languages_follow_the_option(depeche, tiny_config: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    spanish = "El alcalde de la ciudad anunció el lunes que abrirá doce escuelas antes del invierno."
    (tmp_path / "es.txt").write_text(spanish, encoding="utf-8")
    for other, expected, word in (("skip", 0, "1 skipped"), ("keep", 0, "0 failed"), ("fail", 1, "1 failed")):
        code, _, err = depeche("run", tmp_path / "es.txt", "-o", tmp_path / other, "-c", tiny_config, "--other", other)
        assert code == expected
        assert word in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "no-such-folder", "--out", "out"), "no-such-folder does not exist"),
        (("run", ".", "--out", "out", "--config", "opas"), "did you mean 'opus'"),
        (("run", "{rows}", "--out", "out", "--text-field", "boddy"), "did you mean 'body'"),
        (("run", "{rows}", "--out", "{rows}", "--text-field", "body"), "rows.jsonl"),
        (("translate", "--config", "{missing}"), "hf download"),
        (("run", "{rows}", "--out", "out", "--text-field", "body", "--sentences", "0"), "sentences"),
    ],
)
def test_what_cannot_start_is_one_clear_line_and_exit_code_2(
    depeche, tmp_path: Path, monkeypatch, words, message
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.jsonl").write_text('{"id": "1", "body": "Il pleut."}\n')
    (tmp_path / "missing.toml").write_text('[translator]\nmodel = "no/such"\n[summarizer]\nmodel = "no/such"\n')
    names = {"rows": "rows.jsonl", "missing": "missing.toml"}
    code, out, err = depeche(*(word.format(**names) for word in words), stdin="Il pleut.")
    assert (code, out) == (2, "")
    assert err.startswith("depeche: ")
    assert message in err
    assert err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_translate_keeps_paragraphs_and_says_its_doubts_on_stderr(depeche, tiny_config: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, err = depeche("translate", "-c", tiny_config, stdin=FRENCH + "\nAbonnez-vous à notre lettre\n")
    assert code == 0
    assert out.count("\n\n") == 1
    assert "subscription" in err
    assert "Abonnez" not in out + err


def test_lines_come_out_one_for_one(depeche, tiny_config: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = depeche("translate", "--lines", "-c", tiny_config, stdin="Il pleut.\n\nIl neige.\n")
    assert code == 0
    assert out.count("\n") == 3
    assert out.split("\n")[1] == ""


def test_a_line_ends_at_a_line_feed_and_nowhere_else(depeche, tiny_config: Path) -> None:  # type: ignore[no-untyped-def]
    """Otherwise a test set goes out of step with its references."""
    _, out, _ = depeche("translate", "--lines", "-c", tiny_config, stdin="Il\rpleut.\u2028Oui.\nIl neige.\r\n")
    assert out.count("\n") == 2


def test_a_line_that_is_not_utf8_is_an_error_with_its_number(depeche, tiny_config: Path) -> None:  # type: ignore[no-untyped-def]
    code, _, err = depeche("translate", "--lines", "-c", tiny_config, stdin=b"Il pleut.\ncaf\xe9\n")
    assert code == 2
    assert "line 2" in err


def test_a_closed_standard_input_is_one_clear_line(tiny_config: Path) -> None:
    command = f"{sys.executable} -m pipeline translate --lines -c {tiny_config} <&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "depeche: standard input is not open\n"


def test_a_text_in_another_language_is_left_alone_and_says_why(depeche, tiny_config: Path) -> None:  # type: ignore[no-untyped-def]
    spanish = "El alcalde de la ciudad anunció el lunes que abrirá doce escuelas antes del invierno."
    code, out, err = depeche("translate", "-c", tiny_config, stdin=spanish)
    assert (code, out) == (1, "")
    assert "Spanish" in err
    assert "--other keep" in err


def test_no_article_text_goes_to_stderr(depeche, tiny_config: Path) -> None:  # type: ignore[no-untyped-def]
    _, _, err = depeche(
        "translate", "-c", tiny_config, stdin="Emmanuel Zadkine a reçu 2,5 milliards d'euros à Vitrolles.\n"
    )
    assert "sentence 1" in err
    assert not any(word in err for word in ("Zadkine", "milliards", "Vitrolles"))


def test_two_rows_of_one_id_are_refused_before_any_work(depeche, tiny_config: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "rows.jsonl").write_text('{"id": "1", "text": "Il pleut."}\n' * 2)
    code, _, err = depeche("run", tmp_path / "rows.jsonl", "-o", tmp_path / "out", "-c", tiny_config)
    assert code == 2
    assert "two documents have the id '1'" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "kind"), [("<!DOCTYPE html><p>Il pleut.</p>", "html"), ('{"text": "Il pleut."}', "jsonl")]
)
def test_a_page_or_rows_piped_in_are_not_taken_for_prose(depeche, tiny_config: Path, text: str, kind: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = depeche("translate", "-c", tiny_config, stdin=text)
    assert (code, out) == (1, "")
    assert f".{kind}" in err


def test_summarize_takes_english_as_it_is(depeche, tiny_config: Path) -> None:  # type: ignore[no-untyped-def]
    english = "The mayor of the city announced on Monday that twelve schools would open before the winter."
    code, out, _ = depeche("summarize", "-c", tiny_config, stdin=english)
    assert (code, out.strip()) == (0, english)


def test_detect_prints_a_line_a_document(depeche, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "fr.txt").write_text(FRENCH, encoding="utf-8")
    (tmp_path / "en.txt").write_text("The mayor announced on Monday that schools would open before winter.")
    code, out, _ = depeche("detect", tmp_path)
    assert code == 0
    assert [line.split("\t")[:2] for line in out.splitlines()] == [["en.txt", "en"], ["fr.txt", "fr"]]


def test_doctor_names_what_is_there_and_how_to_get_what_is_not(depeche) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = depeche("doctor")
    assert f"depeche {__version__}" in out
    assert "embedded: translator embedded:translator is present" in out
    missing = next(line for line in out.splitlines() if "hf download Helsinki-NLP/opus-mt-fr-en" in line)
    assert missing.startswith("optional")
    assert code == 0


def test_version_is_printed(depeche) -> None:  # type: ignore[no-untyped-def]
    assert depeche("--version")[1] == f"depeche {__version__}\n"


def test_help_imports_nothing_heavy() -> None:
    """`--help` answers at once because torch, transformers, pyarrow and the rest are not imported for it."""
    heavy = ("torch", "transformers", "pyarrow", "numpy", "trafilatura", "py3langid", "pydantic", "datasets", "lxml")
    program = (
        "import sys; from pipeline import cli; sys.argv = ['depeche', '--help']\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
        f"loaded = [name for name in {heavy!r} if name in sys.modules]\nsys.exit(','.join(loaded) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "translate" in done.stdout


def test_a_reader_that_closes_our_output_is_no_error(tiny_config: Path) -> None:
    command = f"yes 'Il pleut.' | head -300 | {sys.executable} -m pipeline translate --lines -c {tiny_config} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
