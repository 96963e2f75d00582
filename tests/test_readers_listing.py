"""Which files an input means, in which order, and what is refused before any work."""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.errors import ConfigError, InputError
from pipeline.readers import FORMATS, ReadOptions, find, read


def _write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Texte de {path.stem}.", encoding="utf-8")


def _ids(*inputs: str | Path) -> list[str]:
    return [document.id for document in read(inputs)]


def test_a_folder_is_read_recursively_in_the_order_of_its_paths(tmp_path: Path) -> None:
    _write(tmp_path, "b.txt", "a/2.md", "a/1.TXT", "c/d/e.txt")
    assert _ids(tmp_path) == ["a/1.TXT", "a/2.md", "b.txt", "c/d/e.txt"]


def test_inputs_keep_the_order_in_which_they_are_given_and_a_file_counts_once(tmp_path: Path) -> None:
    _write(tmp_path, "x.txt", "y.txt", "z.txt")
    (tmp_path / "zz.txt").symlink_to(tmp_path / "y.txt")
    assert _ids(tmp_path / "z.txt", tmp_path, str(tmp_path / "x.txt")) == ["z.txt", "x.txt", "y.txt"]


def test_a_pattern_is_expanded_and_sorted(tmp_path: Path) -> None:
    _write(tmp_path, "b1.txt", "a1.txt", "c.md", "deep/b2.txt")
    assert _ids(str(tmp_path / "*1.txt")) == ["a1.txt", "b1.txt"]
    assert _ids(str(tmp_path / "**" / "b*.txt")) == ["b1.txt", "b2.txt"]
    with pytest.raises(InputError, match="no file matches"):
        find([str(tmp_path / "*.html")])


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    _write(tmp_path, "[1].txt", "1.txt")
    assert _ids(tmp_path / "[1].txt") == ["[1].txt"]


def test_one_path_may_be_given_without_a_list(tmp_path: Path) -> None:
    _write(tmp_path, "x.txt")
    assert [document.id for document in read(str(tmp_path / "x.txt"))] == ["x.txt"]


def test_files_of_one_name_in_two_inputs_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    _write(tmp_path, "lundi/une.txt", "mardi/une.txt", "mardi/deux.txt")
    assert _ids(tmp_path / "lundi", tmp_path / "mardi") == ["lundi/une.txt", "mardi/deux.txt", "mardi/une.txt"]


def test_ids_are_in_nfc_and_hold_no_control_character(tmp_path: Path) -> None:
    _write(tmp_path, unicodedata.normalize("NFD", "été.txt"), "deux\nlignes.txt")
    assert sorted(_ids(tmp_path)) == ["deux\\nlignes.txt", "été.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_file_name_that_is_not_utf_8_gives_an_id_that_can_be_written(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9t\xe9.txt"))).write_text("Texte.", encoding="utf-8")
    (identity,) = _ids(tmp_path)
    assert identity.encode() and identity.endswith(".txt")


def test_what_is_no_article_in_a_folder_is_left_out_counted_and_said(tmp_path: Path) -> None:
    _write(tmp_path, "x.txt", "y.pdf", "z.pdf", "Makefile", "README.md")
    listing = find([tmp_path])
    assert [file.name for file in listing.files] == ["x.txt"]
    assert [path.name for path in listing.left_out] == ["Makefile", "README.md", "y.pdf", "z.pdf"]
    assert listing.note == "files left out: 2 .pdf, 1 README.md, 1 without extension"


def test_a_readme_is_read_when_it_is_named(tmp_path: Path) -> None:
    _write(tmp_path, "README.md")
    assert _ids(tmp_path / "README.md") == ["README.md"]


def test_hidden_files_and_folders_are_not_read(tmp_path: Path) -> None:
    _write(tmp_path, "x.txt", ".y.txt", ".git/z.txt")
    listing = find([tmp_path])
    assert ([file.name for file in listing.files], listing.left_out, listing.note) == (["x.txt"], (), None)


def test_the_output_of_an_earlier_run_is_not_read_as_input(tmp_path: Path) -> None:
    _write(tmp_path, "x.txt", "out/documents.txt", "other/y.txt")
    (tmp_path / "out/manifest.json").write_text(json.dumps({"format": "depeche-run"}), encoding="utf-8")
    (tmp_path / "other/manifest.json").write_text(json.dumps({"format": "web-app"}), encoding="utf-8")
    assert _ids(tmp_path) == ["other/y.txt", "x.txt"]
    with pytest.raises(InputError, match="output of an earlier run"):
        find([tmp_path / "out"])


def test_an_excluded_folder_is_not_read(tmp_path: Path) -> None:
    _write(tmp_path, "x.txt", "out/y.txt")
    listing = find([tmp_path], ReadOptions(exclude=(tmp_path / "out",)))
    assert [file.name for file in listing.files] == ["x.txt"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    _write(tmp_path, "a/x.txt")
    (tmp_path / "a/up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a/self.bin").symlink_to(tmp_path / "a/self.bin")
    assert _ids(tmp_path) == ["a/x.txt"]


def test_a_missing_path_is_one_line_with_the_nearest_name(tmp_path: Path) -> None:
    _write(tmp_path, "histoires.txt")
    with pytest.raises(InputError, match=r"histoire\.txt does not exist \(did you mean 'histoires\.txt'\?\)$"):
        find([tmp_path / "histoire.txt"])


def test_an_unknown_extension_given_by_name_names_the_known_ones(tmp_path: Path) -> None:
    _write(tmp_path, "x.docx", "y")
    with pytest.raises(InputError) as caught:
        find([tmp_path / "x.docx"])
    assert "'.docx'" in str(caught.value) and all(suffix in str(caught.value) for suffix in FORMATS)
    with pytest.raises(InputError, match="no extension"):
        find([tmp_path / "y"])


def test_an_empty_folder_and_one_of_unknown_kinds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no file that can be read; known"):
        find([tmp_path])
    _write(tmp_path, "x.pdf")
    with pytest.raises(InputError, match=r"holds no file that can be read \(only 1 of other kinds\)"):
        find([tmp_path])


def test_nothing_given_is_refused() -> None:
    with pytest.raises(InputError, match="no input"):
        find([])
    with pytest.raises(InputError, match="an input is empty"):
        find([""])


def test_a_pipe_and_a_broken_link_are_refused_by_name_and_fail_alone_in_a_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(InputError, match="not a regular file"):
        find([tmp_path / "pipe.txt"])
    (tmp_path / "x.csv").symlink_to(tmp_path / "gone.csv")
    _write(tmp_path, "a.txt")
    good, *bad = read([tmp_path])
    assert good.id == "a.txt" and good.failure is None
    assert [document.id for document in bad] == ["pipe.txt", "x.csv"]
    assert all(document.failure and "link to nothing" in document.failure.reason for document in bad)


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Give up the rights of root for a while: to root every folder is open."""
    if os.geteuid() != 0:
        yield
        return
    try:
        os.seteuid(65534)
    except OSError:
        pytest.skip("this process cannot change its user")
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may look into, as those of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        for path in folder.iterdir():
            path.chmod(0o755)


def test_a_folder_without_permission_is_one_clear_line(open_folder: Path) -> None:
    _write(open_folder, "closed/x.txt")
    (open_folder / "closed").chmod(0)
    for given in (open_folder, open_folder / "closed", open_folder / "closed/x.txt"):
        with _as_nobody(), pytest.raises(InputError, match=r"closed.* cannot be read: Permission denied$"):
            find([given])


def test_a_file_without_permission_is_refused_by_name_and_fails_alone_in_a_folder(open_folder: Path) -> None:
    _write(open_folder, "a.txt", "b.txt")
    (open_folder / "b.txt").chmod(0)
    with _as_nobody(), pytest.raises(InputError, match=r"b\.txt cannot be read: Permission denied$"):
        find([open_folder / "b.txt"])
    with _as_nobody():
        good, bad = read([open_folder])
    assert good.failure is None
    assert bad.failure is not None and bad.failure.reason == "it cannot be read: Permission denied"


def _stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_dash_is_standard_input_once_in_any_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    _stdin(monkeypatch, "Un café à l’aube.".encode("windows-1252"))
    (document,) = read(["-", "-"])
    assert (document.id, document.text) == ("stdin", "Un café à l’aube.")
    assert document.findings[0].message == "read as windows-1252"


def test_a_dash_in_a_folder_is_not_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "-", "x.txt")
    monkeypatch.chdir(tmp_path)
    listing = find(["."])
    assert [file.is_stdin for file in listing.files] == [False]
    assert listing.left_out == (Path("-"),)


def test_standard_input_that_is_closed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="standard input is not open"):
        find(["-"])


def test_an_empty_file_and_one_over_the_limit_are_failures_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "b.txt").write_text("x" * 101, encoding="utf-8")
    (tmp_path / "c.txt").write_text("x" * 100, encoding="utf-8")
    empty, long, good = read([tmp_path], ReadOptions(max_bytes=100))
    assert empty.failure is not None and empty.failure.reason == "there is no text in it"
    assert long.failure is not None and "longer than 100 bytes" in long.failure.reason and long.text == ""
    assert good.failure is None
    with pytest.raises(ConfigError):
        ReadOptions(max_bytes=0)


def test_a_file_that_disappears_while_the_run_goes_on_is_a_failed_document(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "b.txt")
    documents = read([tmp_path])
    next(documents)
    (tmp_path / "b.txt").unlink()
    (gone,) = documents
    assert gone.id == "b.txt" and gone.failure is not None and "No such file" in gone.failure.reason
