"""Bytes to text: recognised, said, or refused; never replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Finding
from pipeline.errors import ConfigError, DecodingError
from pipeline.readers import ReadOptions, read
from pipeline.readers.encoding import decode

PROSE = (
    "« Le canal de Brévannes rouvrira dès l’été », a déclaré Zoé Lemoël.\r\n"
    "Coût : 12,5 M€ — près de 3 % du budget ; l'œuvre a été achevée à Noël, où ça brûlait encore…\r\n"
)
LATIN = "Le canal de Brévannes rouvrira dès l'été, a déclaré Zoé Lemoël. Coût élevé, forêt brûlée à côté.\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1252"])
def test_each_known_encoding_gives_the_same_text_with_its_line_ends(codec: str) -> None:
    assert decode(PROSE.encode(codec))[0] == PROSE


def test_utf_16_with_big_endian_mark_is_read() -> None:
    assert decode(b"\xfe\xff" + PROSE.encode("utf-16-be")) == (PROSE, "utf-16")


def test_latin_1_is_read_as_windows_1252_of_which_it_is_a_part() -> None:
    assert decode(LATIN.encode("latin-1")) == (LATIN, "windows-1252")


def test_latin_9_is_told_by_its_ligature_and_its_euro() -> None:
    for text in ("Sa sœur a voté à l'Assemblée.", "Un déficit de 12 € par tête."):
        assert decode(text.encode("iso-8859-15")) == (text, "iso-8859-15")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "windows-1252"])
def test_an_encoding_other_than_utf_8_is_said(tmp_path: Path, codec: str) -> None:
    (tmp_path / "canal.txt").write_bytes(PROSE.encode(codec))
    (document,) = read([tmp_path])
    assert (document.text, document.failure) == (PROSE, None)
    assert document.findings == (Finding("encoding", "document", f"read as {codec}"),)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig"])
def test_utf_8_is_not_worth_a_word(tmp_path: Path, codec: str) -> None:
    (tmp_path / "canal.txt").write_bytes(PROSE.encode(codec))
    (document,) = read([tmp_path])
    assert (document.text, document.findings) == (PROSE, ())


def test_an_encoding_that_the_caller_names_is_used_and_not_a_finding(tmp_path: Path) -> None:
    (tmp_path / "canal.txt").write_bytes(LATIN.encode("mac-roman"))
    (document,) = read([tmp_path], ReadOptions(encoding="mac-roman"))
    assert (document.text, document.findings) == (LATIN, ())


@pytest.mark.parametrize(
    "text",
    [
        "caf\xe9",  # one accent, at the very end
        "\xab\xa0Un caf\xe9\xa0\xbb, dit-il, ou un th\xe9\xa0!",  # é, no-break space, guillemet: a UTF-8 character
        "\xab\xa0AU CAF\xc9\xa0\xbb : L'\xc9T\xc9 S'ACH\xc8VE",
        "\xc9TAT D'URGENCE D\xc9CR\xc9T\xc9 \xc0 L'\xc9T\xc9",
    ],
)
def test_french_that_looks_like_utf_8_by_chance_is_still_windows_1252(text: str) -> None:
    assert decode(text.encode("windows-1252")) == (text, "windows-1252")


@pytest.mark.parametrize(
    "data",
    [
        PROSE.encode()[:40] + b"\xe9" + PROSE.encode()[40:],
        PROSE.encode().replace("é".encode(), b"\xc3", 1),
        ("Il a bu un caf" + "é").encode()[:-1],
        "Une seule apostrophe : l’".encode()[:-1],
        PROSE.encode() + LATIN.encode("latin-1"),
        "Ελληνικό κείμενο για τη θάλασσα".encode() + b"\xff",
    ],
    ids=["stray byte", "lost byte", "cut at the end", "cut apostrophe", "two encodings", "broken Greek"],
)
def test_broken_utf_8_is_an_error_and_not_read_as_another_encoding(data: bytes) -> None:
    with pytest.raises(DecodingError):
        decode(data)


@pytest.mark.parametrize("codec", ["mac-roman", "cp850", "cp437"])
def test_an_old_code_page_is_refused_rather_than_read_as_windows_1252(codec: str) -> None:
    text = "Le maire a déclaré être ému : « la forêt brûlée à côté renaîtra », a-t-il répété."
    with pytest.raises(DecodingError, match="--encoding"):
        decode(text.encode(codec))
    assert decode(text.encode(codec), codec) == (text, codec)


def test_cyrillic_in_one_byte_is_refused() -> None:
    with pytest.raises(DecodingError):
        decode("Сегодня в городе прошёл большой праздник".encode("cp1251"))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"\x00\x01\x02\x03" * 200, "NUL"),
        (b"texte\x00texte", "NUL"),
        (b"%PDF-1.7\n%...", "PDF"),
        (b"PK\x03\x04texte", "zip"),
        (b"\x01\x02\x03\x04texte", "binary"),
        (b"\xff\xfe\x00\x00\x01", "valid utf-32"),
        (b"\xff\xfe\x41", "valid utf-16"),
    ],
)
def test_binary_data_is_an_error_that_says_so(data: bytes, word: str) -> None:
    with pytest.raises(DecodingError, match=word):
        decode(data)


def test_undecodable_bytes_are_the_failure_of_that_document_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(PROSE.encode() + b"\xff")
    (tmp_path / "b.txt").write_text("Entier.", encoding="utf-8")
    broken, good = read([tmp_path])
    assert (broken.id, broken.text) == ("a.txt", "")
    assert broken.failure is not None
    assert (broken.failure.stage, broken.failure.kind) == ("read", "DecodingError")
    assert "0xFF" in broken.failure.reason and "line 3" in broken.failure.reason
    assert (good.text, good.failure) == ("Entier.", None)


def test_an_unknown_encoding_is_refused_before_any_work_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'windows-1252'"):
        ReadOptions(encoding="window-1252")
    with pytest.raises(ConfigError):
        ReadOptions(encoding="rot13")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_text_comes_back_from_utf_8_and_from_utf_16_with_a_mark(text: str) -> None:
    if text.startswith("\ufeff"):
        return  # that is the mark
    assert decode(text.encode("utf-8-sig"))[0] == text
    assert decode(text.encode("utf-16"))[0] == text


@given(st.binary(max_size=60))
def test_any_bytes_give_text_that_encodes_to_them_again_or_an_error(data: bytes) -> None:
    try:
        text, name = decode(data)
    except DecodingError:
        return
    again = text.encode({"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(name, name))
    assert data.endswith(again) or data[2:] == text.encode("utf-16-be") or data[4:] == text.encode("utf-32-be")
