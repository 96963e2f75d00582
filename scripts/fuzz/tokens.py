"""What hostile texts are put together from: the signs that our rules look for, and those that upset terminals."""

from __future__ import annotations

import random

# Pieces of what the rules of cleaning, splitting, dates, numbers, names and guards look for.
SIGNS = (
    "1", "12", "123", "000", "1.", "1,5", "1 000", "0", "1/", "1-", "1x", "²", "½", "１", "٣", "Ⅷ", "17/01/2025",
    "14 h 30", "1h", "12:00", "p.m.", "06 12 34 56 78", "+33", "1 %", "€", "$", "2,5 milliards d'euros", "A1", "XIV",
    "vingt", "quatre", "cent", "mille", "un demi", "et demi", "dizaine de", "half", "two", "hundred", "million",
    "janvier", "lundi", "mai", "1er", "années 90", "1990-", "March", "Monday", "moins", "°", "°C", "minus", "de", "la",
    ".", "..", "...", "…", "!", "?", "?!", ";", ":", ",", "-", "–", "—", "'", "’", '"', "«", "»", "“", "”", "(", ")",
    "[", "]", "[1]", "]( /b)", "*", "**", "_", "#", ">", "|", "/", "•", "·", "=", "+", "@", "&", "<", "\\", "{", "}",
    "l'", "d'A", "qu'", "aujourd'hui", "M.", "Mme", "J.-P.", "St.", "U.S.", "a.b.", "A.", "www.", "http://", "a@b.fr",
    ".fr", "Jean", "Jean-", "Mc", "McMc", "iens", "Léa", "O'A", "mot", "a", "A", "Z", "é", "informa-\n", "pro-\net",
    "Sport", "Lire aussi", "Lire aussi :", "Publié le", "Partager", "---", "titre:", "18 °C",
)  # fmt: skip
SPACES = (" ", "", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u202f", "\u2028", "\x85", "\x0b", "\x0c", "\x1c")
# Signs that no article has: controls, bidi marks, joiners, combining stacks, surrogates in pairs, private use.
STRANGE = (
    "\x00", "\x07", "\x08", "\x1b[31m", "\x1b]0;title\x07", "\x9b2J", "\x7f", "\u202e", "\u202d", "\u2066", "\u2069",
    "\u200f", "\u061c", "\u200b", "\u200d", "\ufeff", "\ufffe", "\uffff", "\u00ad", "\u034f", "\ufe0f", "\u0301",
    "\u0301" * 40, "e\u0301\u0323", "\u1160", "\U00016d63", "👨\u200d👩\u200d👧", "🇫🇷", "𝔘", "\U0010ffff", "\ue000",
    "\U000e0041", "שלום", "مرحبا", "中文。", "हिन्दी", "İ", "ß", "ŉ", "ﬁ", "ǅ", "K", "ſ",
)  # fmt: skip


def unit(draw: random.Random, most: int = 3) -> str:
    """Return one to `most` pieces, for repeating: what a rule may trip over when it stands a thousand times."""
    pool = SIGNS if draw.random() < 0.85 else STRANGE
    return "".join(draw.choice(pool) + draw.choice(SPACES[:2] * 4 + SPACES) for _ in range(draw.randint(1, most)))


def shape(draw: random.Random, length: int) -> str:
    """Return a text of so many characters: one unit over and over, or two, one half each, or one and then an end."""
    first, second, kind = unit(draw), unit(draw), draw.random()
    if kind < 0.6:
        return (first * length)[:length]
    if kind < 0.8:
        return (first * length)[: length // 2] + (second * length)[: length - length // 2]
    return (first * length)[: length - len(second)] + second
