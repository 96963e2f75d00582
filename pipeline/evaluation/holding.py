"""Which facts of one text another text has: numbers, dates, currencies, names, links, each counted.

What a fact is, and when another text has it, is decided where the guards decide it, in `facts`. Counting in both
directions gives recall (what was kept) and precision (what is supported): precision against the source is that of Nan
et al. (2021), "Entity-level factual consistency of abstractive text summarization", for facts of every kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.facts import naming
from pipeline.facts.assertions import Assertions, assertions, gathered
from pipeline.facts.coverage import covered, dated
from pipeline.facts.fact import Quantity
from pipeline.facts.lexicon import WORD, fold, lexicon
from pipeline.facts.names import names

Text = tuple[str, str]  # a text and its language (ISO 639-1)
Counts = dict[str, tuple[int, int]]  # by kind of fact: how many the other text has, how many there are


def held(text: Text, others: Sequence[Text]) -> Counts:
    """Return how many of the figures and links of a text the others have together, names left out.

    Words that may be no number or date ("one", "may") are not counted, as they are never missed.
    """
    own = assertions(*text)
    there = _together(others)
    quantities = [quantity for quantity in own.quantities if quantity.firm]
    money = [quantity for quantity in quantities if is_money(quantity)]
    plain = [quantity for quantity in quantities if not is_money(quantity)]
    days = [day for day in own.dates if day.firm]
    known = {link.text for link in there.links}
    return {
        "numbers": (sum(covered(quantity, own, there) for quantity in plain), len(plain)),
        "currencies": (sum(covered(quantity, own, there) for quantity in money), len(money)),
        "dates": (sum(dated(day, there) for day in days), len(days)),
        "links": (sum(link.text in known for link in own.links), len(own.links)),
    }


def is_money(quantity: Quantity) -> bool:
    """Say whether a quantity is an amount of money: its unit is an ISO 4217 code."""
    return len(quantity.unit) == 3 and quantity.unit.isupper()


def names_kept(source: Text, target: Text) -> tuple[int, int]:
    """Return how many names of a source its translation has, in any form, and how many there are."""
    total = len(names(*source))
    return total - _distinct(naming.missing(*source, *target)), total


def names_founded(target: Text, source: Text) -> tuple[int, int]:
    """Return how many names of a translation its source has, in any form, and how many there are."""
    total = _named(target)
    return total - _distinct(naming.added(*target, *source)), total


def names_supported(text: Text, support: str) -> tuple[int, int]:
    """Return how many names of a text another one in the same language has, and how many there are."""
    total = _named(text)
    return total - _distinct(naming.unsupported_names(*text, support)), total


def _named(text: Text) -> int:
    """Return the number of names, those left out that are words with a capital by rule ("January", "Monday")."""
    always = lexicon(text[1]).capitalised
    return sum(any(fold(word) not in always for word in WORD.findall(name.text)) for name in names(*text))


def added(counts: Iterable[Counts]) -> Counts:
    """Return the sum of counts."""
    total: Counts = {}
    for one in counts:
        for kind, (has, of) in one.items():
            before = total.get(kind, (0, 0))
            total[kind] = before[0] + has, before[1] + of
    return total


def none(counts: Counts) -> Counts:
    """Return the counts of a text of which nothing was kept."""
    return {kind: (0, of) for kind, (_, of) in counts.items()}


def _distinct(found: Iterable[tuple[object, str]]) -> int:
    return sum(1 for _ in found)


def _together(texts: Sequence[Text]) -> Assertions:
    every = [assertions(*text) for text in texts]
    if len(every) == 1:
        return every[0]
    return gathered(
        [link for one in every for link in one.links],
        [day for one in every for day in one.dates],
        [quantity for one in every for quantity in one.quantities],
    )
