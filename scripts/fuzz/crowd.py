"""A folder of hostile documents of every kind and name, and how many documents it holds."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

from scripts.fuzz import rows
from scripts.fuzz.texts import CANARY, raw, text

_NAMES = (
    "a b", "-rf", "=1+1", "\x1b[31mrouge", "deux\nlignes", "re\rtour", "\u202egnp", "'\"`$(id)", "é", "e\u0301",
    "👨\u200d👩",
    "%00", "n" * 180, "CON", "a\\b", "~", "\x7f", "\u2028", "*?[x]",
    b"\xff\xfe".decode("utf-8", "surrogateescape"),
)  # fmt: skip
_PAGES = (
    "<html><body><article><h1>{0}</h1><p>{0}</p><p>{0}</p></article></body></html>",
    "<p>{0}<div>{0}<table><tr><td>{0}</table>",
    "<!DOCTYPE html><head><title>{0}</title><meta name=author content='{0}'></head><body><p>{0}</p></body></html>",
    "<html><body>" + "<div>" * 300 + "{0}",
    '<html><script type=\'application/ld+json\'>{{"headline": "{0}"</script><body><p>{0}</p><!-- {0}',
    "&#xFFFFFFF;&#0;&bogus;{0}<![CDATA[{0}]]><?php {0} ?>",
    "<?xml version='1.0' encoding='utf-7'?><html><body><p>{0}</p></body></html>",
    "{0}",
)
_SIZE = 100  # rows of a file


def make(folder: Path, count: int, seed: int) -> int:
    """Write hostile files that hold `count` documents into a folder; return how many they hold."""
    draw = random.Random(f"crowd/{seed}")
    folder.mkdir(parents=True)
    share = count // 20
    made = 0
    makers: tuple[tuple[str, int, Callable[[Path, range, random.Random], int]], ...] = (
        ("jsonl", 7 * share, rows.json_lines),
        ("ndjson", share, rows.json_lines),
        ("csv", 2 * share, rows.table),
        ("tsv", share, rows.table),
        ("parquet", 3 * share, rows.parquet),
    )
    for suffix, documents, maker in makers:
        for numbers in rows.ranges(made, documents, _SIZE):
            made += maker(folder / f"rows {numbers.start}\x1b[31m.{suffix}", numbers, draw)
    for number in range(made, count):
        _file(folder, number, draw)
    _left_out(folder, draw)
    return count


def _file(folder: Path, number: int, draw: random.Random) -> None:
    suffix = draw.choice(("txt", "TXT", "md", "html", "htm"))
    name = f"{draw.choice(_NAMES)} {number}.{suffix}"
    here = folder / f"{draw.choice(_NAMES)}" if draw.random() < 0.3 else folder
    here.mkdir(exist_ok=True)
    page = draw.choice(_PAGES).format(text(draw)).encode("utf-8", "replace")
    data = page if suffix.startswith("htm") and draw.random() < 0.8 else raw(draw)
    (here / name).write_bytes(data)


def _left_out(folder: Path, draw: random.Random) -> None:
    """What stands in folders and is no input: links in circles, pipes of other names, hidden files, other kinds."""
    (folder / "circle").symlink_to(folder, target_is_directory=True)
    (folder / "up").symlink_to("..", target_is_directory=True)
    os.mkfifo(folder / "pipe")
    (folder / ".hidden.txt").write_text(CANARY, encoding="utf-8")
    (folder / "other\x1b[31m.bin").write_bytes(draw.randbytes(99))
