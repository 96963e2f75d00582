"""The number rules of one language, read from its `numbers.toml` and compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from pipeline.facts.fact import Reading
from pipeline.languages import rules

SPACE = " \u00a0\u202f\u2009"
SPACES = f"[{SPACE}]"
NEVER = re.compile(r"(?!)")
_NUMERAL = r"(?:\d{{1,3}}(?:(?P<group>[{groups}])\d{{3}})(?:(?P=group)\d{{3}})*(?!\d)(?:{decimal}\d+)?|\d+(?:[.,]\d+)?)"
_PHONE = (
    rf"(?:(?:\+\d{{1,3}}|0\d)(?:[{SPACE}.-]\(?\d{{1,4}}\)?){{3,6}}"
    r"|(?:1[ .-])?\(?\d{3}\)?[ .-]\d{3}[.-]\d{4})(?!\w)"
)
_CODE = r"[^\W\d_]{1,10}\d\w*"


def spaced(phrase: str) -> str:
    """Return a pattern for a phrase in which any blank stands for any other, or for none after a symbol."""
    return SPACES.join(re.escape(part) for part in phrase.split())


def fold(text: str) -> str:
    """Return the text in lower case, of the same length, so that offsets hold."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def pattern(source: str) -> re.Pattern[str]:
    """Compile a pattern from the data; an empty one matches nothing."""
    return re.compile(source) if source else NEVER


def readings(words: str) -> frozenset[Reading]:
    """Read the notation of the data: "1/2 50% 12:00" is one half, fifty percent, noon."""
    return frozenset(map(_reading, words.split()))


def _reading(word: str) -> Reading:
    if word.endswith("%"):
        return "percent", Fraction(word[:-1])
    if ":" in word:
        hour, minute = word.split(":")
        return "time", Fraction(int(hour) * 60 + int(minute))
    return "plain", Fraction(word)


@dataclass(frozen=True)
class Grammar:
    """Tables and compiled patterns of one language; see the TOML for what each means."""

    code: str
    decimal: str
    groups: str
    data: Mapping[str, Any]
    words: Mapping[str, tuple[str, Fraction]]
    soft: Mapping[str, frozenset[Reading]]
    firm: Mapping[str, frozenset[Reading]]
    nouns: Mapping[str, frozenset[Reading]]
    numeral: re.Pattern[str]
    word: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    percent: re.Pattern[str]
    points: re.Pattern[str]
    percent_word: re.Pattern[str]
    degrees: re.Pattern[str]
    below: re.Pattern[str]
    minus: re.Pattern[str]
    not_minus: re.Pattern[str]
    time: re.Pattern[str]
    colon: re.Pattern[str]
    evening: re.Pattern[str]
    decade: re.Pattern[str]
    decades: re.Pattern[str]
    half_noun: re.Pattern[str]
    between: re.Pattern[str]
    scale: re.Pattern[str]
    ordinal: re.Pattern[str]
    currencies: Mapping[str, tuple[str, ...]]


@cache
def grammar(code: str) -> Grammar:
    """Return the number rules of a language (ISO 639-1)."""
    data = rules(code, "numbers")
    times, heat = data.get("times", {}), data.get("temperature", {})
    percent, decades = data.get("percent", {}), data.get("decades", {})
    currencies = _currencies(data)
    return Grammar(
        code=code,
        decimal=data["decimal"],
        groups=data["groups"],
        data=data,
        words=_words(data),
        soft={key: readings(value) for key, value in data.get("soft", {}).items()},
        firm={key: readings(value) for key, value in data.get("firm", {}).items()},
        nouns={key: readings(value) for key, value in data.get("nouns", {}).items()},
        numeral=_numeral(data),
        word=_word(data),
        before=re.compile(rf"(?<![^\W\d_])({_symbols()}){SPACES}?\Z"),
        after=re.compile(_after(data)),
        percent=pattern(percent.get("after", r"\s?[%‰]")),
        points=pattern(percent.get("points", "")),
        percent_word=pattern(percent.get("words", "%")),
        degrees=pattern(heat.get("after", r"\s?°")),
        below=pattern(heat.get("below", "")),
        minus=pattern(heat.get("minus", "")),
        not_minus=pattern(heat.get("not_minus", "")),
        time=pattern(times.get("after", "")),
        colon=pattern(times.get("colon", r":(?P<minute>[0-5]\d)(?![\d:])")),
        evening=pattern(times.get("evening", "")),
        decade=pattern(decades.get("suffix", "")),
        decades=pattern(decades.get("before", "")),
        half_noun=pattern(data.get("half_after_noun", "")),
        between=pattern(data.get("between", r"\s?[-–—]\s?")),
        scale=_scale(data),
        ordinal=_ordinal(data),
        currencies=currencies,
    )


def _numeral(data: Mapping[str, Any]) -> re.Pattern[str]:
    """Telephone numbers, codes with letters in them, numerals, Roman ordinals (XXe), Roman numerals (XIV)."""
    number = _NUMERAL.format(groups=re.escape(data["groups"]), decimal=re.escape(data["decimal"]))
    suffix = data.get("ordinal_suffixes", {}).get("roman", "")
    roman = rf"|(?<!\w)(?P<roman>[IVX]+){suffix}(?!\w)" if suffix else ""
    signed = rf"(?P<sign>(?<![^\s(\[])[-–−])?(?P<number>{number})"
    start = r"(?:(?<!\w)|(?<=\d[x×]))"
    return re.compile(
        rf"{start}(?:(?P<phone>{_PHONE})|(?P<code>{_CODE})|{signed}){roman}|(?<!\w)(?P<king>[IVX]{{2,8}})(?!\w)"
    )


def _words(data: Mapping[str, Any]) -> dict[str, tuple[str, Fraction]]:
    kinds = ("denominators", "ordinals", "collectives", "scales", "hundreds", "cardinals")
    table = {word: (kind, Fraction(value)) for kind in kinds for word, value in data.get(kind, {}).items()}
    article = {word: ("article", Fraction(1)) for word in data["articles"]}
    return table | article | {word: ("half", Fraction(1, 2)) for word in data.get("half", ())}


def _word(data: Mapping[str, Any]) -> re.Pattern[str]:
    kinds = ("cardinals", "hundreds", "scales", "collectives", "ordinals", "denominators", "soft", "firm")
    plain = {word for kind in kinds for word in data.get(kind, {})}
    if not plain:
        return NEVER
    scales = {w for kind in ("hundreds", "scales", "collectives") for w in data[kind]}
    ones = scales | set(data["ordinals"]) | set(data["denominators"])
    parts = [rf"(?:{'|'.join(map(spaced, data['half'][::-1]))})(?=[ -](?:{'|'.join(sorted(scales))})(?!\w))"]
    if data["articles"]:
        after = rf"[ -](?:{'|'.join(sorted(ones))})(?!\w)|{data['half_after_noun']}"
        parts.append(rf"(?:{'|'.join(data['articles'])})(?={after})")
    parts += [re.escape(word) for word in sorted(plain, key=lambda w: (-len(w), w))]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def _currencies(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    named = {_singular(word): tuple(codes.split()) for word, codes in data.get("currencies", {}).items()}
    symbols = rules("general", "numbers")["symbols"]
    return named | {key.replace(" ", ""): tuple(codes.split()) for key, codes in symbols.items()}


def _singular(phrase: str) -> str:
    return "".join(word.removesuffix("s") for word in phrase.lower().split())


def _symbols() -> str:
    keys = sorted(rules("general", "numbers")["symbols"], key=len, reverse=True)
    return "|".join(SPACES.join(map(re.escape, key.split())) for key in keys)


def _after(data: Mapping[str, Any]) -> str:
    names = sorted(data.get("currencies", {}), key=len, reverse=True)
    phrases = "|".join(SPACES.join(re.escape(word) + "s?" for word in name.split()) for name in names)
    words = rf"|[ {SPACE}-](?:d['’]|de |[A-Z][a-z]+ )?(?P<word>{phrases})(?!\w)" if names else ""
    return rf"{SPACES}?(?P<symbol>{_symbols()})(?![^\W\d_]){words}"


def _scale(data: Mapping[str, Any]) -> re.Pattern[str]:
    words = sorted(data.get("abbreviations", {}), key=len, reverse=True)
    return re.compile(rf"{SPACES}?({'|'.join(words)})(?![^\W\d_])") if words else NEVER


def _ordinal(data: Mapping[str, Any]) -> re.Pattern[str]:
    words = sorted(data.get("ordinal_suffixes", {}).get("words", ()), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(words)})(?!\w)") if words else NEVER
