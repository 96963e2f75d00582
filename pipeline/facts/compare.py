"""Two texts side by side: what one asserts and the other lacks or says otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.facts import naming
from pipeline.facts.assertions import Assertions, assertions, gathered
from pipeline.facts.coverage import covered, dated
from pipeline.facts.fact import Date, Link, Name, Quantity

FIGURES = ("number-", "date-", "currency-", "percent-")  # how the kinds of difference between figures begin
_NEAR = 64  # so many of the other text are looked at for a partner: the work stays linear
Fact = Quantity | Date | Link | Name
_COUNTED = ("plain", "ordinal", "year", "decade", "temperature", "time", "score", "code", "percent")


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` to `end` of a text, and what stands there; `index` says which of several texts."""

    start: int
    end: int
    text: str
    index: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the two texts do not both say.

    `kind` is "number-", "date-", "name-" with "-missing" (only the source has it), "-added" (only the target) or
    "-changed" (something else stands in its place), or "currency-changed", "percent-changed", "link-changed".
    """

    kind: str
    message: str
    source: Place | None = None
    target: Place | None = None


def compare(source: str, source_code: str, target: str, target_code: str) -> list[Difference]:
    """Return where a target does not say what its source says: numbers, dates, amounts, names, links.

    Codes are ISO 639-1. Differences come in the order of the source, those of the target alone last.
    """
    found = compare_figures(source, source_code, target, target_code)
    if not target.strip() or (source == target and source_code == target_code):
        return found
    lost = naming.missing(source, source_code, target, target_code)
    new = naming.added(target, target_code, source, source_code)
    found += [Difference("name-missing", _words(name, part, "is missing"), _place(name)) for name, part in lost]
    found += [Difference("name-added", _words(name, part, "was added"), None, _place(name)) for name, part in new]
    return sorted(found, key=_order)


def compare_figures(source: str, source_code: str, target: str, target_code: str) -> list[Difference]:
    """Return what `compare` does, but for the names, which cost most of its time."""
    if not target.strip() or (source == target and source_code == target_code):
        return []
    left, right = assertions(source, source_code), assertions(target, target_code)
    return sorted([*_numbers(left, right), *_dates(left, right), *_links(left, right)], key=_order)


def unsupported(sentence: str, support: Sequence[str], code: str = "en") -> list[Difference]:
    """Return what a sentence asserts that none of its support texts says, all in one language (ISO 639-1).

    Exact: "more than 2 billion" is not supported by 2.13 billion. The target of each difference is a place in the
    sentence; its source, where there is one, what the support says instead, with the index of that text.
    """
    lost = naming.unsupported_names(sentence, code, "\n".join(support))
    words = "is not in the support"
    found = unfounded(sentence, code, [(text, code) for text in support])
    found += [Difference("name-added", _words(name, part, words), None, _place(name)) for name, part in lost]
    return _by_target(found)


def unfounded(sentence: str, code: str, support: Sequence[tuple[str, str]]) -> list[Difference]:
    """Return the numbers, dates, amounts and links of a sentence that none of its support texts has.

    Each support text comes with its language, so that an English sentence can be held against French ones.
    """
    here, there = assertions(sentence, code), [assertions(text, language) for text, language in support]
    given = gathered(
        [link for one in there for link in one.links],
        [date for one in there for date in one.dates],
        [quantity for one in there for quantity in one.quantities],
    )
    owner = {id(fact): index for index, one in enumerate(there) for fact in (*one.quantities, *one.dates)}
    found = [_unlike(fact, given, owner) for fact in here.quantities if fact.firm and not covered(fact, here, given)]
    found += [_undated(day, given, owner) for day in here.dates if day.firm and not dated(day, given)]
    links = {link.text for link in given.links}
    return _by_target(found + [_link(None, link) for link in here.links if link.text not in links])


def _by_target(found: list[Difference]) -> list[Difference]:
    return sorted(found, key=lambda difference: difference.target.start if difference.target else 0)


def _unlike(quantity: Quantity, given: Assertions, owner: Mapping[int, int]) -> Difference:
    """The number that the support has in the place of this one: the same digits, or the same value of another unit."""
    alike = [other for other in given.quantities if any(_likeness(other, quantity)[:2])]
    if not alike:
        return Difference("number-added", f"{_said(quantity)} is not in the support", target=_place(quantity))
    partner = max(alike, key=lambda other: _likeness(other, quantity))
    message = f"{_said(partner)} became {_said(quantity)}"
    return Difference(_kind(partner, quantity), message, _place(partner, owner[id(partner)]), _place(quantity))


def _undated(day: Date, given: Assertions, owner: Mapping[int, int]) -> Difference:
    same_kind = [other for other in given.dates if _alike(day, other)]
    alike = [other for other in same_kind if day.weekday is not None or _common(other, day)]
    if not alike:
        return Difference("date-added", f"{_said(day)} is not in the support", target=_place(day))
    partner = max(alike, key=lambda other: _common(other, day))
    message = f"{_said(partner)} became {_said(day)}"
    return Difference("date-changed", message, _place(partner, owner[id(partner)]), _place(day))


def _words(name: Name, part: str, verdict: str) -> str:
    return f"{name.text} {verdict}" if part == name.text else f"{part} of {name.text} {verdict}"


def _order(difference: Difference) -> tuple[bool, int]:
    place = difference.source or difference.target
    return difference.source is None, place.start if place else 0


def _numbers(left: Assertions, right: Assertions) -> list[Difference]:
    missing = [q for q in left.quantities if q.firm and not covered(q, left, right)]
    added = [q for q in right.quantities if q.firm and not covered(q, right, left)]
    found: list[Difference] = []
    for quantity in missing:
        partner = max(added[:_NEAR], key=lambda other: _likeness(quantity, other), default=None)
        if partner is not None:
            added.remove(partner)
        found.append(_change(quantity, partner))
    return found + [Difference("number-added", f"{_said(q)} was added", target=_place(q)) for q in added]


def _likeness(one: Quantity, other: Quantity) -> tuple[bool, bool, bool, int]:
    same_digits = str(one.value).strip("0/") == str(other.value).strip("0/")
    return one.value == other.value, same_digits, one.unit == other.unit, -abs(one.start - other.start)


def _change(quantity: Quantity, partner: Quantity | None) -> Difference:
    if partner is None:
        return Difference("number-missing", f"{_said(quantity)} is missing", _place(quantity))
    message = f"{_said(quantity)} became {_said(partner)}"
    return Difference(_kind(quantity, partner), message, _place(quantity), _place(partner))


def _kind(one: Quantity, other: Quantity) -> str:
    units = {one.unit, other.unit}
    if units == {"percent"}:
        return "percent-changed"
    if one.value != other.value or len(units) == 1:
        return "number-changed"
    if "percent" in units:
        return "percent-changed"
    return "number-changed" if units <= set(_COUNTED) else "currency-changed"


def _dates(left: Assertions, right: Assertions) -> list[Difference]:
    missing = [day for day in left.dates if day.firm and not dated(day, right)]
    added = [day for day in right.dates if day.firm and not dated(day, left)]
    found: list[Difference] = []
    for day in missing:
        alike = [other for other in (added[:_NEAR] or right.dates[:_NEAR]) if _alike(day, other)]
        partner = max(alike, key=lambda other: (other in added, _common(day, other)), default=None)
        if partner is None:
            found.append(Difference("date-missing", f"{_said(day)} is missing", _place(day)))
            continue
        added = [other for other in added if other is not partner]
        found.append(Difference("date-changed", f"{_said(day)} became {_said(partner)}", _place(day), _place(partner)))
    return found + [Difference("date-added", f"{_said(day)} was added", target=_place(day)) for day in added]


def _alike(one: Date, other: Date) -> bool:
    return (one.weekday is None) == (other.weekday is None)


def _common(one: Date, other: Date) -> int:
    pairs = (one.day, other.day), (one.month, other.month), (one.year, other.year)
    return sum(a is not None and a == b for a, b in pairs)


def _links(left: Assertions, right: Assertions) -> list[Difference]:
    there, here = {link.text for link in right.links}, {link.text for link in left.links}
    missing = [link for link in left.links if link.text not in there]
    added: list[Link | None] = [link for link in right.links if link.text not in here]
    added += [None] * (len(missing) - len(added))
    found = [_link(link, partner) for link, partner in zip(missing, added, strict=False)]
    return found + [_link(None, link) for link in added[len(missing) :]]


def _link(link: Link | None, partner: Link | None) -> Difference:
    if link is None or partner is None:
        one = link or partner
        words = f"{one.text if one else ''} {'is missing' if link else 'was added'}"
    else:
        words = f"{link.text} became {partner.text}"
    places = [_place(one) if one else None for one in (link, partner)]
    return Difference("link-changed", words, *places)


def _place(fact: Fact, index: int = 0) -> Place:
    return Place(fact.start, fact.end, fact.text, index)


def _said(fact: Fact) -> str:
    """The fact as written, and its value where the writing is not the value."""
    if isinstance(fact, Quantity):
        value = _figure(fact)
        return fact.text if value == fact.text else f"{fact.text} ({value})"
    return fact.text


def _figure(quantity: Quantity) -> str:
    if quantity.unit in ("score", "code"):
        return quantity.text
    if quantity.unit == "time":
        return f"{int(quantity.value) // 60}:{int(quantity.value) % 60:02}"
    value = quantity.value
    shown = str(value) if value.denominator == 1 or value.denominator % 3 == 0 else f"{float(value):.12g}"
    return shown if quantity.unit in _COUNTED and quantity.unit != "percent" else f"{shown} {quantity.unit}"


__all__ = ["FIGURES", "Difference", "Place", "compare", "compare_figures", "unfounded", "unsupported"]
