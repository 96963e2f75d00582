"""The pieces of numbers: numerals and number words, each with its place, before they are put together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from pipeline.facts.grammar import Grammar, fold

MAX_DIGITS = 40
_NUMERIC = re.compile(r"\d|[IVX]")
_ROMAN = {"I": 1, "V": 5, "X": 10}


@dataclass(slots=True)
class Atom:
    """A numeral or a number word. `kind` is its part in the grammar of numbers; "word" for one that stands alone."""

    start: int
    end: int
    kind: str
    value: Fraction
    word: str
    signed: bool = False
    other: Fraction | None = None


def atoms(text: str, rules: Grammar) -> list[Atom]:
    """Return the numerals and the number words of a text, in order."""
    folded = fold(text)
    found = [_atom(match, rules, text) for match in rules.word.finditer(folded)]
    found = [atom for atom in found if not _in_name(atom, text, rules)]
    if _NUMERIC.search(text):
        found += [_numeral(match, rules) for match in rules.numeral.finditer(text)]
        found.sort(key=lambda atom: atom.start)
    return found


def roman(letters: str) -> int:
    """Return the value of a Roman numeral written with I, V and X."""
    values = [_ROMAN[letter] for letter in letters]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def _atom(match: re.Match[str], rules: Grammar, text: str) -> Atom:
    word = match.group()
    kind, value = rules.words.get(word) or rules.words.get(word.split()[0], ("word", Fraction(0)))
    return Atom(match.start(), match.end(), kind, value, word)


def _in_name(atom: Atom, text: str, rules: Grammar) -> bool:
    """A capitalised number word hyphened to another capital is half of a name: Trois-Rivières."""
    if not text[atom.start].isupper() or text[atom.end : atom.end + 1] != "-":
        return False
    after = re.compile(r"[^\W\d_]+").match(text, atom.end + 1)
    return after is not None and after.group()[0].isupper() and fold(after.group()) not in rules.words


_DECIMAL = re.compile(r"\d+(?:\.\d*)?|\.\d+")


def _numeral(match: re.Match[str], rules: Grammar) -> Atom:
    kind = match.lastgroup or "number"
    if kind in ("roman", "king"):
        return Atom(match.start(), match.end(), kind, Fraction(roman(match.group(kind))), match.group())
    if kind in ("code", "phone") or len(match.group("number")) > MAX_DIGITS:
        return Atom(match.start(), match.end(), "phone" if kind == "phone" else "code", Fraction(0), match.group())
    value = _value(match.group("number"), rules)
    if value is None:
        return Atom(match.start(), match.end(), "code", Fraction(0), match.group())
    signed = bool(match.group("sign"))
    other = _foreign(match.group("number"), rules)
    value = -value if signed else value
    return Atom(match.start(), match.end(), "numeral", value, match.group("number"), signed, other)


def _value(digits: str, rules: Grammar) -> Fraction | None:
    """The value of a numeral in the conventions of its language; a mark that cannot group thousands is decimal.

    None where the groups make no number, as in the telephone number "0 800 10 20".
    """
    for mark in rules.groups:
        head, *groups = digits.split(mark)
        if groups and head not in ("", "0") and all(len(group.split(rules.decimal)[0]) == 3 for group in groups):
            digits = "".join([head, *groups])
    plain = digits.replace(",", ".")
    return Fraction(plain) if _DECIMAL.fullmatch(plain) else None


def _foreign(digits: str, rules: Grammar) -> Fraction | None:
    """The whole number that the numeral would be if its decimal comma grouped thousands: "60,000" in loose French.

    Not where three decimals are likelier ("1,899 euro le litre").
    """
    whole, comma, rest = digits.partition(",")
    if rules.decimal != "," or not comma or len(rest) != 3 or whole == "0" or len(whole) > 3:
        return None
    return Fraction(whole + rest) if rest.endswith("00") or len(whole) > 1 else None
