"""Sentences with typed blanks, and how a filled blank joins the words around it in either language."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scripts.train_translator.figures.numerals import Pair

Kind = Callable[[random.Random], Pair]
BLANK = re.compile(r"\{([a-z_]+(?::[a-z]+)?)(\.\d)?\}")

_ELIDED = re.compile(r"\b([Dd]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu)e $")
_VOWEL = re.compile(r"(?!onze\b|[Yy][aeiou])[aeiouyéèêâîôœAEIOUYÉÈÊÂÎÔŒ]")
_CONTRACTED = re.compile(r"\b(?:(de) (le)|(de) (les)|(à) (le)|(à) (les)) ")
_CONTRACTIONS = {"de le": "du", "de les": "des", "à le": "au", "à les": "aux"}
_AN = re.compile(r"\b([Aa]) (?=(?:8\d*|11|18)\b)")
_TWO_STOPS = re.compile(r"(?<=[ap]\.m\.)\.")
_YEAR_AFTER_DAY = re.compile(r"((?:day, )?\b[A-Z][a-z]+ \d{1,2}, \d{4}|[a-z]day, [A-Z][a-z]+ \d{1,2})(?= [a-z0-9])")
# a fact and who said it: the sentence loses its full stop
_SOURCES: list[Pair] = [
    (", selon {body}.", ", according to {body}."),
    (", selon {company}.", ", according to {company}."),
    (", d'après {someone}.", ", according to {someone}."),
    (", a annoncé {someone} {on_weekday}.", ", {someone} announced {on_weekday}."),
    (", a déclaré {someone}.", ", {someone} said."),
    (", a indiqué {body} {on_weekday}.", ", {body} said {on_weekday}."),
    (", a précisé {titled}.", ", {titled} said."),
    (", indique {company} dans un communiqué.", ", {company} said in a statement."),
    (", rapporte {someone}, de {town}.", ", reports {someone}, of {town}."),
]
# words before a sentence that begins with an article
_OPENINGS: list[Pair] = [
    ("Selon {body}, ", "According to {body}, "),
    ("Selon {someone}, ", "According to {someone}, "),
    ("À {town}, ", "In {town}, "),
    ("D'après {company}, ", "According to {company}, "),
    ("Au total, ", "In all, "),
    ("Par ailleurs, ", "In addition, "),
    ("En revanche, ", "By contrast, "),
]
_SOURCED = re.compile(r"«|[Ss]elon|annonc|indiqué|Contacté|correspondant")
_SOURCE_SHARE, _OPENING_SHARE = 0.12, 0.12
_ARTICLES = (("Le ", "La ", "L'", "Les ", "Un ", "Une "), ("The ", "A ", "An "))


def read_frames(path: Path) -> list[Pair]:
    """Return the frames of a file: a field of the news, French and English on each line, apart by tabs."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [(french, english) for _, french, english in rows]


def varied(frame: Pair, rng: random.Random) -> Pair:
    """Return a sentence frame as it is, with a source after it, or with words before it."""
    draw = rng.random()
    if draw < _SOURCE_SHARE and all(side.endswith(".") for side in frame) and not _SOURCED.search(frame[0]):
        return _joined((frame[0][:-1], frame[1][:-1]), _renumbered(rng.choice(_SOURCES)))
    starts_low = all(side.startswith(articles) for side, articles in zip(frame, _ARTICLES, strict=True))
    if draw > 1 - _OPENING_SHARE and starts_low:
        lowered = frame[0][0].lower() + frame[0][1:], frame[1][0].lower() + frame[1][1:]
        return _joined(_renumbered(rng.choice(_OPENINGS)), lowered)
    return frame


def _joined(first: Pair, second: Pair) -> Pair:
    return first[0] + second[0], first[1] + second[1]


def _renumbered(pair: Pair) -> Pair:
    """Give blanks a number of their own, so that they are not filled like those of the frame."""
    french, english = (BLANK.sub(r"{\1.9}", side) for side in pair)
    return french, english


def fill(frame: Pair, kinds: Mapping[str, Kind], rng: random.Random) -> Pair:
    """Fill the blanks of a frame: the same mark on both sides gets the same fact."""
    facts: dict[str, Pair] = {}
    for blank in BLANK.finditer(frame[0]):
        facts.setdefault(blank.group(), kinds[blank.group(1)](rng))
    return _capital(_french(frame[0], facts)), _capital(_english(frame[1], facts))


def _french(frame: str, facts: Mapping[str, Pair]) -> str:
    text = ""
    for piece, fact in _pieces(frame, facts, 0):
        text += piece
        if fact and _VOWEL.match(fact):
            text = _ELIDED.sub(r"\1'", text)
        text += fact
    return _CONTRACTED.sub(lambda match: _CONTRACTIONS[match.group().strip()] + " ", text)


def _english(frame: str, facts: Mapping[str, Pair]) -> str:
    text = "".join(piece + fact for piece, fact in _pieces(frame, facts, 1))
    return _YEAR_AFTER_DAY.sub(r"\1,", _TWO_STOPS.sub("", _AN.sub(r"\1n ", text)))


def _pieces(frame: str, facts: Mapping[str, Pair], side: int) -> Sequence[Pair]:
    """Return the words of a frame and the fact that follows each of them."""
    words, marks = BLANK.sub("\0", frame).split("\0"), [match.group() for match in BLANK.finditer(frame)]
    return list(zip(words, [*(facts[mark][side] for mark in marks), ""], strict=True))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
