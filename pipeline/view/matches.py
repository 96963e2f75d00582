"""Figures and names that answer each other over the hops French, English, summary: each gets a number.

A fact of a sentence is held against those of its translation, one of a summary sentence against those of the
sentences that it rests on. What answers each other, directly or through a third, is one fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.document import Document, Side, language_of
from pipeline.facts.assertions import assertions
from pipeline.facts.fact import Date, Link, Name, Quantity
from pipeline.facts.lexicon import WORD, fold, lexicon
from pipeline.facts.names import names
from pipeline.facts.naming import Wording

Fact = Quantity | Date | Link | Name
Key = tuple[Side, int]  # one text of the record: "source" or "target" of a segment, "summary" of a sentence


@dataclass(frozen=True, slots=True)
class Match:
    """A place of a fact that stands elsewhere too: characters `start` to `end` of a text; `fact` numbers the fact."""

    start: int
    end: int
    fact: int


class _Sets:
    """Places that were found to say the same, joined."""

    def __init__(self) -> None:
        self._above: dict[tuple[Key, int], tuple[Key, int]] = {}

    def root(self, place: tuple[Key, int]) -> tuple[Key, int]:
        while (above := self._above.setdefault(place, place)) != place:
            self._above[place] = place = self._above[above]
        return place

    def join(self, one: tuple[Key, int], other: tuple[Key, int]) -> None:
        self._above[self.root(other)] = self.root(one)

    def __contains__(self, place: object) -> bool:
        return place in self._above


def matched(document: Document, source: str, target: str) -> dict[Key, list[Match]]:
    """Return the matched facts of each text of a document that has any, in the order of the text.

    `source` and `target` are the languages of the run (ISO 639-1). Facts are numbered in reading order from 0.
    """
    found = dict(_facts(document, source, target))
    sets = _Sets()
    for one, other in _hops(document):
        for i, fact in enumerate(found.get(one, ((), ""))[0]):
            for j, answer in enumerate(found.get(other, ((), ""))[0]):
                if _same(fact, found[one][1], answer, found[other][1]):
                    sets.join((one, i), (other, j))
    numbers: dict[tuple[Key, int], int] = {}
    matches: dict[Key, list[Match]] = {}
    for key, (facts, _) in found.items():
        for index, fact in enumerate(facts):
            if (key, index) in sets:
                number = numbers.setdefault(sets.root((key, index)), len(numbers))
                matches.setdefault(key, []).append(Match(fact.start, fact.end, number))
    return matches


def _facts(document: Document, source: str, target: str) -> Iterator[tuple[Key, tuple[Sequence[Fact], str]]]:
    for index, sentence in enumerate(document.summary.sentences if document.summary else ()):
        yield ("summary", index), (_listed(sentence.text, target), target)
    for index, segment in enumerate(document.segments):
        if segment.role != "noise" and segment.target is not None:
            code = language_of(segment, document, source)
            yield ("source", index), (_listed(segment.source, code), code)
            yield ("target", index), (_listed(segment.target, target), target)


def _hops(document: Document) -> Iterator[tuple[Key, Key]]:
    size = len(document.segments)
    for index in range(size):
        yield ("source", index), ("target", index)
    for number, sentence in enumerate(document.summary.sentences if document.summary else ()):
        for index in sentence.support:
            if 0 <= index < size:
                yield ("summary", number), ("target", index)


@lru_cache(maxsize=256)
def _listed(text: str, code: str) -> tuple[Fact, ...]:
    """The facts of a text in order; a name inside a date, an amount or a link is none of its own."""
    known = assertions(text, code)
    figures: list[Fact] = [quantity for quantity in known.quantities if quantity.firm]
    figures += [date for date in known.dates if date.firm]
    figures += known.links
    taken = [(fact.start, fact.end) for fact in figures]
    named = [one for one in names(text, code) if not any(start < one.end and one.start < end for start, end in taken)]
    return tuple(sorted([*figures, *named], key=lambda fact: (fact.start, fact.end)))


def _same(one: Fact, code: str, other: Fact, other_code: str) -> bool:
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return bool(one.readings & other.readings) or _bare(one, other)
    if isinstance(one, Date) and isinstance(other, Date):
        return _same_day(one, other)
    if isinstance(one, Link) and isinstance(other, Link):
        return one.text == other.text
    if isinstance(one, Name) and isinstance(other, Name):
        return same_name(one.text, code, other.text, other_code)
    return False


def _bare(one: Quantity, other: Quantity) -> bool:
    """Whether one is the other without its unit: « 2,5 milliards d'euros », "a 2.5 billion plan"."""
    return one.value == other.value and "plain" in (one.unit, other.unit) and "time" not in (one.unit, other.unit)


def _same_day(one: Date, other: Date) -> bool:
    """Whether two dates can be the same: no part contradicts, and one at least is given by both."""
    orders = {(other.day, other.month), (other.month, other.day)} if other.swapped else {(other.day, other.month)}
    return any(
        _agree([(one.weekday, other.weekday), (one.day, day), (one.month, month), (one.year, other.year)])
        for day, month in orders
    )


def _agree(pairs: Iterable[tuple[int | None, int | None]]) -> bool:
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    return bool(both) and all(a == b for a, b in both)


@lru_cache(maxsize=4096)
def same_name(one: str, code: str, other: str, other_code: str) -> bool:
    """Whether two names share a word that is no ordinary one, or one is the other's form in its language."""
    if fold(one) == fold(other):
        return True
    return _answers(one, code, other, other_code) or _answers(other, other_code, one, code)


def _answers(one: str, code: str, other: str, other_code: str) -> bool:
    rules, there = lexicon(code), Wording(other, other_code)
    words = [fold(word) for word in WORD.findall(one)]
    for index, word in enumerate(words):
        entry = rules.exonym(words, index)
        if entry is not None and there.has_any(entry):
            return True
        if len(word) > 2 and not rules.is_ordinary(word) and there.has(word, rules):
            return True
    return False
