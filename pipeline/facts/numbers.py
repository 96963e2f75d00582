"""The numbers of a text, with what they count: 2,5 milliards d'euros, quatre-vingt-dix, 20 %, 14 h 30, XXe, 3-1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from pipeline.facts.atoms import Atom, atoms
from pipeline.facts.dates import dates
from pipeline.facts.draft import Draft
from pipeline.facts.fact import Quantity, Reading
from pipeline.facts.grammar import Grammar, grammar
from pipeline.facts.links import links
from pipeline.facts.units import measured
from pipeline.facts.words import Run, runs

_LONGEST_SCORE = 6
_JOINED = re.compile(r"[-–—/]")


def numbers(text: str, code: str) -> list[Quantity]:
    """Return the quantities that a text of a language (ISO 639-1) asserts, in order; those of dates and links not."""
    taken = [*((link.start, link.end) for link in links(text)), *((day.start, day.end) for day in dates(text, code))]
    return quantities(text, code, taken)


def quantities(text: str, code: str, taken: Sequence[tuple[int, int]]) -> list[Quantity]:
    """Return the quantities outside of the places that are `taken`."""
    rules = grammar(code)
    free = _outside(atoms(text, rules), sorted(taken))
    found: list[Quantity | Draft] = []
    position = 0
    for run in runs(free, text, rules):
        if run.start < position:
            continue
        fact = _fact(run, text, rules)
        found.append(fact)
        position = fact.end
    _propagate(found, text, rules)
    return _joined([_quantity(fact, text) if isinstance(fact, Draft) else fact for fact in found], text)


def _outside(found: Sequence[Atom], taken: Sequence[tuple[int, int]]) -> Iterator[Atom]:
    """The atoms, in order, that touch none of the places, in order."""
    place = 0
    for atom in found:
        while place < len(taken) and taken[place][1] <= atom.start:
            place += 1
        if place == len(taken) or taken[place][0] >= atom.end:
            yield atom


def _fact(run: Run, text: str, rules: Grammar) -> Quantity | Draft:
    kind, word = run.last.kind, run.last.word
    if kind in ("code", "phone"):
        return _code(run, text, rules)
    if kind in ("roman", "king"):
        firm = kind == "roman" and run.value > 1
        return _plain(run, text, "ordinal", {("plain", run.value)}, firm)
    single = run.start == run.last.start
    if single and word in rules.firm:
        return _plain(run, text, "plain", rules.firm[word], True)
    if single and word in rules.soft and kind not in ("cardinals", "ordinals"):
        return _plain(run, text, "plain", rules.soft[word], False)
    return measured(run, text, rules)


def _plain(run: Run, text: str, unit: str, readings: Iterable[Reading], firm: bool) -> Quantity:
    found = frozenset(readings)
    value = next(iter(sorted(value for measure, value in found)))
    return Quantity(run.start, run.end, text[run.start : run.end], value, unit, found, firm=firm)


def _code(run: Run, text: str, rules: Grammar) -> Quantity:
    """A320, a telephone number: the letters and digits as they are; the digits may stand alone ("F1", Formula 1)."""
    written = text[run.start : run.end]
    key = re.sub(r"\W", "", written).lower()
    digits = [Fraction(int(piece)) for piece in re.findall(r"\d+", written) if len(piece) < 20]
    parts = tuple(digits) if run.last.kind == "phone" else ()
    readings = {(f"code {key}", Fraction(0))} | ({("plain", digits[0])} if len(digits) == 1 else set())
    value = digits[0] if digits else Fraction(0)
    firm = key not in rules.data.get("units", ())
    return Quantity(run.start, run.end, written, value, "code", frozenset(readings), parts, firm)


def _quantity(draft: Draft, text: str) -> Quantity:
    written = text[draft.start : draft.end]
    return Quantity(draft.start, draft.end, written, draft.value, draft.unit, draft.readings(), draft.parts, draft.firm)


def _propagate(found: Sequence[Quantity | Draft], text: str, rules: Grammar) -> None:
    """In "de 2 à 3 millions d'euros", "20 et 30 %" the scale and the unit belong to both numbers."""
    for left, right in zip(found[-2::-1], found[:0:-1], strict=True):
        if not (isinstance(left, Draft) and isinstance(right, Draft)):
            continue
        if rules.between.fullmatch(text, left.run.end, right.start) and left.unit != "year":
            if "," not in text[left.run.end : right.start]:
                _share_scale(left, right)
            _share_unit(left, right)
        elif rules.between.fullmatch(text, left.end, right.start) and right.unit == "plain" and left.unit != "year":
            _share_forward(left, right)


def _share_scale(left: Draft, right: Draft) -> None:
    if right.scale and not left.scale and left.unit == "plain" and left.value < 1000:
        left.others |= {("plain", left.value)} | {(code, left.value) for code in right.codes}
        left.value *= right.scale
        left.scale = right.scale


def _share_unit(left: Draft, right: Draft) -> None:
    if left.unit == "plain" and right.unit not in ("plain", "year", "ordinal", "decade"):
        if right.unit == "time":
            left.others.add(("time", left.value * 60))
            return
        left.others |= {("plain", left.value)}
        if right.unit == "temperature" and right.value < 0 < left.value:
            left.value = -left.value
        left.unit, left.codes = right.unit, right.codes


def _share_forward(left: Draft, right: Draft) -> None:
    """€2-3m: the currency of the first is that of the second, which makes its letter a scale."""
    if left.unit in ("plain", "time", "ordinal"):
        return
    if right.hint and not left.scale:
        right.value, right.scale = right.value * right.hint, right.hint
        left.others.add((left.codes[0], left.value))
        left.value *= right.hint
        right.unit, right.codes = left.unit, left.codes
    right.others |= {(code, right.value) for code in left.codes}


def _joined(found: list[Quantity], text: str) -> list[Quantity]:
    """Make scores of numerals that a dash or a slash joins: 3-1, 24/7; of two years that remain two."""
    result: list[Quantity] = []
    for quantity in found:
        left = result[-1] if result else None
        if left is None or not _JOINED.fullmatch(text, left.end, quantity.start):
            result.append(quantity)
        elif left.unit == "year" and quantity.unit in ("plain", "year"):
            result.append(_second_year(left, quantity))
        elif _is_score(left, quantity):
            result[-1] = _score(left, quantity, text)
        else:
            result.append(quantity)
    return result


def _is_score(left: Quantity, right: Quantity) -> bool:
    plain = left.unit in ("plain", "score") and right.unit == "plain" and len(left.parts) < _LONGEST_SCORE
    return plain and (left.text[-1] + right.text[0]).isdigit()


def _second_year(left: Quantity, right: Quantity) -> Quantity:
    """1914-18, 2023/24."""
    if right.value >= 100 or right.value <= left.value % 100:
        return right
    return replace(right, unit="year", readings=right.readings | {("plain", left.value // 100 * 100 + right.value)})


def _score(left: Quantity, right: Quantity, text: str) -> Quantity:
    parts = (*(left.parts or (left.value,)), *(right.parts or (right.value,)))
    readings = {("score " + "-".join(str(part) for part in parts), Fraction(0))}
    if text[left.end] == "/" and len(parts) == 2 and parts[1]:
        readings.add(("plain", parts[0] / parts[1]))
    return Quantity(
        left.start, right.end, text[left.start : right.end], left.value, "score", frozenset(readings), parts
    )
