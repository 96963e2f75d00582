"""Hostile files of rows: JSON lines, tables as text, Parquet; of each it is known how many documents it holds."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from scripts.fuzz.texts import CANARY, identity, text


def json_lines(path: Path, numbers: range, draw: random.Random) -> int:
    """Write a file of JSON lines, as many as there are numbers; return how many documents it holds."""
    end = draw.choice((b"\n", b"\r\n", b"\n\n", b"\n \n"))
    lines = [_json_line(number, draw) for number in numbers]
    path.write_bytes(draw.choice((b"", b"\xef\xbb\xbf")) + end.join(lines) + draw.choice((b"", end)))
    return len(lines)


def _json_line(number: int, draw: random.Random) -> bytes:
    row: dict[str, Any] = {"id": identity(draw, number), "text": text(draw), "title": f"\x1b[5m{CANARY}"}
    broken = draw.choice(_BROKEN) if draw.random() < 0.4 else None
    line = json.dumps(row, ensure_ascii=draw.random() < 0.5).encode()
    return line if broken is None else broken(line, row, draw)


def _with(**fields: Any) -> Callable[[bytes, dict[str, Any], random.Random], bytes]:
    return lambda line, row, draw: json.dumps(row | fields).encode()


def _nested(depth: int) -> bytes:
    return b'{"text": "' + CANARY.encode() + b'", "x": ' + b"[" * depth + b"]" * depth + b"}"


_BROKEN: tuple[Callable[[bytes, dict[str, Any], random.Random], bytes], ...] = (
    lambda line, row, draw: line[: draw.randrange(1, len(line))],
    lambda line, row, draw: line.replace(b"#", b"\xff\xc0", 1),
    lambda line, row, draw: line[:-1] + b', "text": "' + CANARY.encode() + b'"}',
    lambda line, row, draw: b"[" + line + b"]",
    lambda line, row, draw: b'"' + CANARY.encode() + b'"',
    lambda line, row, draw: _nested(draw.choice((63, 64, 65, 900, 100_000))),
    lambda line, row, draw: b"{" * 50_000,
    lambda line, row, draw: line[:-1] + b', "n": 1' + b"0" * draw.choice((18, 400, 5000)) + b"}",
    lambda line, row, draw: line[:-1] + b', "n": 1e999, "m": NaN, "k": -Infinity}',
    lambda line, row, draw: json.dumps({key: row[key] for key in row if key != "id"}).encode(),
    lambda line, row, draw: json.dumps({"id": row["id"]}).encode(),
    _with(text=f"{CANARY} \ud800 seul"),
    _with(text=f"{CANARY} \udcff"),
    _with(text=f"{CANARY} \ud83d\ude00"),
    _with(meta={"\ud800": 1, "\x1b[31m": CANARY, "__proto__": [None]}),
    _with(id="\udfff"),
    _with(id=None),
    _with(id=""),
    _with(id=1e400),
    _with(id=[CANARY]),
    _with(id={"a": CANARY}),
    _with(text=None),
    _with(text=3.5),
    _with(text=[CANARY]),
    _with(text=""),
    _with(text=" \n\u00a0 "),
    _with(**{"\x1b[2J": CANARY, "a\nb": CANARY}),
)


def table(path: Path, numbers: range, draw: random.Random) -> int:
    """Write a table as text whose last row is never closed; return how many documents it holds."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter="\t" if path.suffix == ".tsv" else draw.choice(",;"), lineterminator="\r\n")
    writer.writerow(["id", "text", "title"])
    for number in numbers[:-1]:
        row = [identity(draw, number), text(draw), f"=1+1\x1b[31m{CANARY}"]
        writer.writerow(
            row if draw.random() < 0.85 else row[: draw.randint(1, 2)] if draw.random() < 0.5 else [*row, ""]
        )
    stream.write(f'"{identity(draw, numbers[-1])}, "{CANARY}')
    path.write_bytes(stream.getvalue().replace("\0", "").encode())
    return len(numbers)


def parquet(path: Path, numbers: range, draw: random.Random) -> int:
    """Write a Parquet table with columns of odd kinds; return how many documents it holds."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {
        "id": pa.array([identity(draw, number) for number in numbers]),
        "text": pa.array([None if draw.random() < 0.1 else text(draw) for _ in numbers], draw.choice(_string_types())),
        "bytes": pa.array([draw.randbytes(9) for _ in numbers]),
        "when": pa.array([_moment(draw) for _ in numbers], pa.timestamp("us")),
        "list": pa.array([[{"\x1b[31m": CANARY}] * draw.randint(0, 3) for _ in numbers]),
        "number": pa.array([draw.choice((float("nan"), float("inf"), 1.5, None)) for _ in numbers]),
    }
    pq.write_table(pa.table(columns), path, compression=draw.choice(("zstd", "snappy", "none")))
    return len(numbers)


def _moment(draw: random.Random) -> int:
    """A time in microseconds; one in twenty lies outside of Python's calendar."""
    return draw.randrange(2**62) if draw.random() < 0.05 else draw.randrange(2**50)


def _string_types() -> tuple[Any, ...]:
    import pyarrow as pa

    return pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())


def ranges(start: int, count: int, size: int) -> Iterator[range]:
    """Yield `count` numbers from `start` on in ranges of at most `size`."""
    for first in range(start, start + count, size):
        yield range(first, min(first + size, start + count))
