"""Single files made to hang or to eat memory, and inputs that must be refused in one line; each with what is right."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.fuzz.texts import CANARY

SIZE = 4_900_000  # bytes, below the limit of a document
_WORDS = (
    f"{CANARY} le maire de la ville a annoncé lundi que les travaux du pont seraient finis avant la fin de l'année."
)
_PAGE = f"<html><body><h1>{CANARY}</h1><p>{_WORDS}</p><p>{_WORDS} Oui.</p>%s<p>{_WORDS} Non.</p></body></html>"
_UNITS = {
    "digits": "1 1 ", "one number": "1", "elisions": "l'", "dots": ".", "spaces": " ", "dashes": "-", "quotes": '"',
    "guillemets": "« » ", "capitals": "Mc", "initials": "A. ", "scales": "cent mille ", "hours": "14 h 30 ",
    "marks": "\u0301", "joiners": "👨\u200d👩", "links": "a@b.fr ", "lines": "a\n", "sentences": "Oui. ",
    "paragraphs": "Oui.\n\n",
    "brackets": "[a](", "stars": "**a", "amounts": "1$ ", "words": "Jean de la ", "one word": "m",
    "returns": "\r", "prose": f"{_WORDS} ",
}  # fmt: skip
_BODIES = {
    "deep": "<div>", "tables": "<table><tr><td>", "rows": "<tr><td>a</td></tr>", "anchors": "<a href=x>a</a> ",
    "paragraphs": "<p>a",
    "entities": "&amp;&bogus;&#x1F600;", "comments": "<!--", "breaks": "a<br>", "text": "mot ", "headings": "<h1>a",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bomb:
    """A file to run over: its name, what writes it, and the exit codes that are right."""

    name: str
    write: Callable[[Path], object]
    codes: tuple[int, ...] = (0, 1)


def bombs(size: int = SIZE) -> Iterator[Bomb]:
    """Yield the files that are made to hang or to eat memory; each is one document or a few."""
    for name, unit in _UNITS.items():
        copies = (size - len(_WORDS.encode())) // len(unit.encode())
        yield Bomb(f"{name}.txt", _text(f"{_WORDS} {unit * copies}"))  # the prose keeps it from being left out as noise
    for name, body in _BODIES.items():
        yield Bomb(f"page {name}.html", _text(_PAGE % (body * (size // len(body)))))
    attributes = " ".join(f"a{number}=b" for number in range(size // 12))
    yield Bomb("page attributes.html", _text(_PAGE % f"<p {attributes}>a</p>"), (1,))
    yield Bomb(
        "page title.html",
        _text(f"<html><title>{'– < ' * (size // 200)}</title><body><p>{_WORDS * 5}</p></body></html>"),
    )
    yield Bomb(
        "page author.html", _text(f"<meta name=author content='{'a |' * (size // 4)}'><body><p>{_WORDS * 5}</p></body>")
    )
    yield Bomb("one line.txt", _text("mot " * (12 * size // 5)), (1,))
    yield Bomb(
        "one line.jsonl",
        _text(json.dumps({"text": "mot " * (12 * size // 5)}) + '\n{"text": "Le pont est ouvert."}\n'),
        (1,),
    )
    yield Bomb("deep.jsonl", _text('{"text": "a", "x": ' + "[" * size + "\n"), (1,))
    yield Bomb("one field.csv", _text('text\n"' + "mot," * (size // 4) + '"\n'))
    yield Bomb("open quote.csv", _text('text\n"' + "mot\n" * (size // 4)), (1,))
    yield Bomb("page.parquet", _parquet_page, (1,))
    yield Bomb("dictionary.parquet", _parquet_dictionary)
    yield Bomb("list.parquet", _parquet_list, (1,))


def _text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content, encoding="utf-8", newline="")


def _parquet_page(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": ["é" * 60_000_000, "Bonjour"]}), path, compression="zstd")


def _parquet_dictionary(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    copies = pa.DictionaryArray.from_arrays(pa.array([0] * 40), [CANARY * 300_000])
    pq.write_table(pa.table({"text": [f"Le pont {n} est ouvert." for n in range(40)], "more": copies}), path)


def _parquet_list(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    many = pa.ListArray.from_arrays(pa.array([0, 60_000_000], pa.int32()), pa.nulls(60_000_000, pa.int8()))
    pq.write_table(pa.table({"text": ["Bonjour"], "more": many}), path, compression="zstd")


def refusals(folder: Path) -> Mapping[str, list[str]]:
    """Make inputs that no run can start with; return, by name, the arguments that name them."""
    folder.mkdir()
    os.mkfifo(folder / "pipe.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "nothing.txt").symlink_to("absent")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "empty").mkdir()
    (folder / "header.csv").write_text(f"{CANARY} \x1b[31m,b\n1,2\n", encoding="utf-8")
    (folder / "twice.csv").write_text("text,text\x1b[31m,text\n", encoding="utf-8")
    (folder / "field.jsonl").write_text(json.dumps({f"\x1b[31m{CANARY}": 1}) + "\n", encoding="utf-8")
    (folder / "same.jsonl").write_text(
        '{"id": "\x1b[31ma", "text": "b"}\n'.replace("\x1b", "\\u001b") * 2, encoding="utf-8"
    )
    (folder / "config\x1b[31m.toml").write_text(
        '[translator]\nmodel = "\\u001b[31m"\n"a\\u001b" = 1\n', encoding="utf-8"
    )
    present = [path.name for path in sorted(folder.iterdir()) if path.suffix != ".toml"]
    inputs = {name: [str(folder / name)] for name in (*present, "absent\x1b[31m\n.txt", "\udcff.txt")}
    inputs["a folder with a pipe"] = [str(folder)]
    inputs["nothing"] = [""]
    inputs["a device"] = ["/dev/zero"]
    inputs["an option"] = [str(folder / "same.jsonl"), "--text-field", "\x1b[31m"]
    inputs["an encoding"] = [str(folder / "same.jsonl"), "--encoding", "\x1b[31m"]
    inputs["a configuration"] = [str(folder / "same.jsonl"), "--config", str(folder / "config\x1b[31m.toml")]
    inputs["no configuration"] = [str(folder / "same.jsonl"), "--config", "\x1b[31m"]
    return inputs
