"""Bytes to text: which encoding, said when it is not UTF-8, and an error rather than a guess.

UTF-8 and byte order marks prove themselves. Without them three questions are asked. NUL bytes: UTF-16
when they stand on one side of nearly every pair, else binary. Bytes that are no UTF-8: when proper UTF-8
sequences stand beside them, the file is UTF-8 and broken; when hardly any do, it is Windows-1252 (of
which Latin-1 text is a part) or ISO 8859-15, provided that what comes out reads like a western European
language. Anything else is refused.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, TextIO

from pipeline.document import Finding
from pipeline.errors import DecodingError

_CHUNK = 1 << 20
_MARKS = (  # the UTF-32 mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet table"),
)
# The well-formed sequences of more than one byte: The Unicode Standard, table 3-7.
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
# Those that western text is made of: Latin letters, typographic signs, emoji. Windows-1252 text makes others by
# chance: an é before a no-break space and a guillemet is a Chinese character.
_WESTERN = re.compile(
    rb"[\xc2-\xc5][\x80-\xbf]|\xe2[\x80-\x8f][\x80-\xbf]|\xef[\xac\xb8\xbb][\x80-\xbf]|\xf0\x9f[\x80-\xbf]{2}"
)
_HIGH = bytes(range(0x80, 0x100))
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # in Windows-1252
_LATIN_9 = re.compile(rb"(?<=[A-Za-z])[\xbc\xbd](?=[A-Za-z])|\xa4")  # Œ, œ and €: signs that no French word holds
# What no western language writes: the traces of another encoding read as Windows-1252.
_IMPLAUSIBLE = re.compile(
    "(?<=[a-zà-öø-ÿ])[À-ÖØ-ÞŠŽŸ]|(?<=[A-Z])[à-öø-þ](?=[A-Z])"  # a capital inside a word, or the contrary (Mac Roman)
    "|(?<=[A-Za-zÀ-ÿ])[‚ƒˆ‡˜¤¢¥¦¨ª¬¯±´¶¸¡]|ƒ(?=[A-Za-z])|\\b[DJLMNSTdjlmnst]Õ"  # a sign that touches no word
    "|(?<=[A-Za-zÀ-ÿ])[„†‰‹›£§©®µ¹º×÷](?=[a-z])|(?<=[a-z])©(?![A-Z])"  # one that stands in none (code pages)
    "|Ã(?![A-ZÇÕ])|[ÂÅ](?![A-Za-z])|â(?:[^\\x00-\\x7fÀ-ÿ]|\\Z)|€™"  # pieces of UTF-8
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LETTER = re.compile(r"[^\W\d_]")


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of a whole document, without byte order mark, and the name of its encoding.

    Line ends stay as they are. `encoding` None: detected.

    Raises:
        DecodingError: binary data, broken bytes, or an encoding that is not recognised.
    """
    name = encoding or detect([data])
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DecodingError(
            f"not valid {name}: the byte 0x{data[error.start]:02X} at {error.start} (line {line}) has no place there;"
            " repair the file, or name its encoding with --encoding"
        ) from error
    if "\0" in text or 100 * len(_CONTROL.findall(text)) > len(text):
        raise DecodingError("binary data, not text: it holds control characters")
    return text.removeprefix("\ufeff"), name


def finding(encoding: str, options_encoding: str | None = None) -> tuple[Finding, ...]:
    """Say which encoding was recognised, unless it was UTF-8 or named by the caller."""
    if options_encoding is not None or encoding == "utf-8":
        return ()
    return (Finding("encoding", "document", f"read as {encoding}"),)


def is_broken(text: str) -> bool:
    """Tell whether text holds lone surrogates: half characters, or the bytes that `open_text` could not read."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


@contextmanager
def open_text(
    path: Path, encoding: str | None, newline: str, head_only: bool = False
) -> Iterator[tuple[TextIO, tuple[Finding, ...]]]:
    """Open a file of rows: its text, and what there is to say of its encoding.

    Bytes that cannot be read come out as lone surrogates, so that one broken row costs only that row. The
    encoding is told from the whole file, or from its head when no more of it will be read.

    Raises:
        DecodingError: binary data, an encoding that is not recognised, or, while reading, UTF-16 cut short.
        OSError: the file cannot be opened.
    """
    with path.open("rb") as raw:
        name = encoding or detect(islice(_chunks(raw), 1 if head_only else None))
        raw.seek(0)
        codec = _without_mark(name, raw.read(4))
        raw.seek(0)
        errors = "surrogatepass" if codec.startswith(("utf-16", "utf-32")) else "surrogateescape"
        with io.TextIOWrapper(raw, codec, errors, newline=newline) as stream:
            try:
                yield stream, finding(name, encoding)
            except UnicodeError as error:  # of UTF-16 and UTF-32 only: other bytes come out as surrogates
                raise DecodingError(f"not valid {name} to its end: what was not read is lost or damaged") from error


def detect(chunks: Iterable[bytes]) -> str:
    """Return the name of the encoding that bytes, given in pieces, are most likely in.

    "utf-8" does not promise that every byte is in order: see the module's text.

    Raises:
        DecodingError: binary data, or an encoding that is not recognised.
    """
    rest = iter(chunks)
    head = next(rest, b"")
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    for magic, what in _BINARY:
        if head.startswith(magic):
            raise DecodingError(f"it is {what}, not text")
    if b"\0" in head:
        return _wide(head)
    return _narrow(chain([head], rest))


def _without_mark(name: str, head: bytes) -> str:
    """Return the codec that passes over the byte order mark, if there is one."""
    codec = codecs.lookup(name).name
    if codec == "utf-8":
        return "utf-8-sig"
    return next((mark for signs, mark in _MARKS if head.startswith(signs) and codec.startswith(mark)), codec)


def _chunks(raw: BinaryIO) -> Iterator[bytes]:
    """Pieces that end where a line ends, so that no character is cut, however long the file."""
    while chunk := raw.read(_CHUNK):
        yield chunk + raw.readline(_CHUNK)


def _wide(head: bytes) -> str:
    pairs = len(head) // 2
    left, right = head[: 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    for zeros, others, name in ((right, left, "utf-16-le"), (left, right, "utf-16-be")):
        if zeros > 0.6 * pairs and others < 0.02 * pairs:
            return name
    raise DecodingError("binary data, not text: it holds NUL bytes")


def _narrow(chunks: Iterable[bytes]) -> str:
    western = broken = 0
    sample = b""
    for chunk in chunks:
        try:
            western += len(chunk) - len(chunk.decode())  # a whole piece that is in order does not come by chance
        except UnicodeDecodeError:
            loose = _SEQUENCE.sub(b"", chunk)
            broken += len(loose) - len(loose.translate(None, _HIGH))
            western += sum(1 for sequence in _SEQUENCE.finditer(chunk) if _WESTERN.match(sequence[0]))
            sample += chunk if len(sample) < _CHUNK else b""
    # A few proper sequences come by chance; a twentieth of the bytes does not.
    return "utf-8" if broken == 0 or 20 * western > broken else _single_byte(sample)


def _single_byte(sample: bytes) -> str:
    if not _UNDEFINED.search(sample):
        text = sample.decode("windows-1252")
        high = [character for character in text if character > "\x7f"]
        letters = sum(1 for character in high if _LETTER.match(character))
        strange = len(_IMPLAUSIBLE.findall(text))
        if 20 * strange <= len(high) and (letters < 12 or 3 * letters <= len(_LETTER.findall(text))):
            marks = any(0x80 <= byte < 0xA0 for byte in sample)
            return "iso-8859-15" if not marks and _LATIN_9.search(sample) else "windows-1252"
    raise DecodingError(
        "neither UTF-8 nor any encoding that is recognised (UTF-16, Windows-1252, Latin-1); name it with --encoding"
    )
