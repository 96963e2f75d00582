"""Hostile texts and ids. Each text has a word in it that nothing else has: where that is seen, text was shown."""

from __future__ import annotations

import random

from scripts.articles import article
from scripts.fuzz.tokens import SIGNS, STRANGE, shape

CANARY = "Zwiebelfisch"
_IDS = (
    "../../etc/passwd", "/etc/passwd", "C:\\Windows\\", "..", "~root", "$(reboot)", "`id`", "; rm -rf /",
    "=cmd|' /C calc'!A0",
    "+1+1", "-1", "@SUM(A1)", "\x1b[31mrouge", "\x1b]0;titre\x07", "\x9b2J", "deux\nlignes", "retour\rici",
    "\u202egnp.exe",
    "nul\x00octet", "é" * 400, "👨\u200d👩\u200d👧", "<script>alert(1)</script>", "a\tb", "%s%n", "{0}",
    "'; DROP TABLE x; --",
)  # fmt: skip


def text(draw: random.Random) -> str:
    """Return a text of 20 to some 2,000 characters that Unicode allows."""
    kind = draw.random()
    if kind < 0.35:
        body = shape(draw, int(20 * 100 ** draw.random()))
    elif kind < 0.7:
        body = "".join(draw.choice((*SIGNS, *STRANGE, " ", " ", "\n")) for _ in range(draw.randint(5, 150)))
    elif kind < 0.9:
        body = _spoiled(article(draw.randrange(10**6), 40), draw)
    else:
        body = "".join(chr(_code_point(draw)) for _ in range(draw.randint(10, 300)))
    return f"{CANARY} {body}" if draw.random() < 0.5 else f"{body} {CANARY}"


def _spoiled(text: str, draw: random.Random) -> str:
    """An article with strange signs in the middle of its words, or a part of it many times."""
    if draw.random() < 0.2:
        start = draw.randrange(len(text))
        return text[start : start + 30] * 30
    places = sorted(draw.randrange(len(text)) for _ in range(draw.randint(1, 8)))
    parts = [text[a:b] + draw.choice(STRANGE) for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    return "".join(parts)


def _code_point(draw: random.Random) -> int:
    while True:
        code = draw.randrange(0x110000 if draw.random() < 0.5 else 0x3000)
        if not 0xD800 <= code < 0xE000:
            return code


def identity(draw: random.Random, number: int) -> str:
    """Return an id that no other number has, and that no path, shell, table or terminal should take at its word."""
    return f"{draw.choice(_IDS)}#{number}"


def raw(draw: random.Random) -> bytes:
    """Return the bytes of a file: a text in some encoding, marked, broken or cut, or no text at all."""
    words = text(draw)
    kinds = (
        lambda: words.encode(),
        lambda: words.encode("utf-8-sig"),
        lambda: words.encode("utf-16"),
        lambda: words.encode("utf-16-le"),
        lambda: words.encode("utf-16")[:-1],
        lambda: words.encode("utf-32"),
        lambda: words.encode("cp1252", "replace"),
        lambda: b"\xff\xfe" + words.encode(),
        lambda: b"\xef\xbb\xbf" * 3 + words.encode(),
        lambda: words.encode()[: draw.randrange(40)] + b"\xc3\x28\xa0\xff" + words.encode(),
        lambda: draw.randbytes(draw.randint(1, 2000)),
        lambda: b"\0" * draw.randint(1, 2000),
        lambda: b"",
        lambda: draw.choice((b" ", b"\n", b"\xc2\xa0", b"\x1b", b".")) * draw.randint(1, 500),
        lambda: draw.choice((b"%PDF-1.4", b"PK\x03\x04", b"\x1f\x8b", b"PAR1", b"GIF89a")) + words.encode(),
    )
    return draw.choice(kinds)()
