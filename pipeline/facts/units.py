"""What a number counts: percent, money, degrees, years, the place in an order."""

from __future__ import annotations

import re
from fractions import Fraction

from pipeline.facts.draft import Draft
from pipeline.facts.fact import Reading
from pipeline.facts.grammar import SPACES, Grammar
from pipeline.facts.hours import hour, past_hour
from pipeline.facts.words import Run

_NOUN = re.compile(rf"{SPACES}?([^\W\d_]+(?:['’][^\W\d_]+)?)({SPACES}[^\W\d_]+)?")
_PLURAL = re.compile(rf"{SPACES}[^\W\d_]+[sx](?!\w)")
_SPLIT = re.compile(rf"{SPACES}?(?:m|s|mètres?|secondes?){SPACES}?(\d{{1,2}})(?![\w,]|\.\d)")
_DASH = re.compile(r"(?:^|\s)[-–−]\s\Z")


def measured(run: Run, text: str, rules: Grammar) -> Draft:
    """Return the number of a run with the unit that stands before or after it in the text."""
    draft = Draft(run, run.start, run.end, run.value, scale=run.scale, firm=_firm(run, text, rules))
    draft.others |= _loose(run, rules)
    if run.clock:
        past_hour(draft)
        return draft
    if run.kind == "ordinal" or _ordinal_suffix(draft, text, rules):
        draft.unit = "ordinal"
        _said_of_noun(draft, text, rules)
        return draft
    for attach in (_decade, hour, _half, _percent, _money, _degrees, _split):
        if attach(draft, text, rules):
            break
    else:
        _year(draft)
    _said_of_noun(draft, text, rules)
    return draft


def _firm(run: Run, text: str, rules: Grammar) -> bool:
    """One and zero in words are articles and idioms; "second" and the like have other senses."""
    word = run.last.word
    if run.kind == "numeral":
        return True
    if run.vague:
        return False
    if run.kind == "ordinal" or run.value in (0, 1):
        return run.scale is not None or run.value > 2 or word not in rules.soft
    if word in rules.data.get("doubtful", ()) and run.start == run.last.start:
        return _PLURAL.match(text, run.end) is not None
    return True


def _loose(run: Run, rules: Grammar) -> set[Reading]:
    others: set[Reading] = {("plain", run.other)} if run.other else set()
    if run.last.other and run.start == run.last.start:
        others.add(("plain", run.last.other))
    if run.collective and run.value == run.collective:
        others |= {("plain", Fraction(value)) for value in rules.data["loose"].get(str(run.collective), ())}
    return others


def _ordinal_suffix(draft: Draft, text: str, rules: Grammar) -> bool:
    match = rules.ordinal.match(text, draft.end) if draft.digits and draft.value.denominator == 1 else None
    if match:
        draft.end = match.end()
    return match is not None


def _decade(draft: Draft, text: str, rules: Grammar) -> bool:
    """Les années 1990, les années 90, the 1990s, the '90s: one decade."""
    if draft.value % 10 or not (20 <= draft.value < 100 or 1000 <= draft.value < 2100):
        return False
    suffix = re.compile(rf"{rules.decade.pattern}(?!\w)").match(text, draft.end) if draft.digits else None
    before = rules.decades.search(text, max(0, draft.start - 24), draft.start)
    if not (suffix or before):
        return False
    draft.end = suffix.end() if suffix else draft.end
    draft.start = before.start() if before else draft.start
    draft.unit = "decade"
    century = draft.value // 100
    draft.others.add(("plain", draft.value - 1900 if century == 19 else draft.value + 1900 * (century == 0)))
    return True


def _half(draft: Draft, text: str, rules: Grammar) -> bool:
    """Un an et demi, a year and a half."""
    match = rules.half_noun.match(text, draft.end)
    if match is None or draft.value >= 100:
        return False
    more = Fraction(1, 4 if "quart" in match.group() else 2)
    draft.value, draft.end, draft.firm = draft.value + more, match.end(), True
    return True


def _percent(draft: Draft, text: str, rules: Grammar) -> bool:
    match = rules.percent.match(text, draft.end) or rules.points.match(text, draft.end)
    if match is None:
        return False
    draft.end, draft.unit, draft.codes = match.end(), "percent", ("percent",)
    if draft.value < 0:
        draft.others.add(("percent", -draft.value))
    return True


def _money(draft: Draft, text: str, rules: Grammar) -> bool:
    """An amount, the scale that goes with it ("2,5 Md€", "$3m"), and the currency before or after."""
    before = rules.before.search(text, max(0, draft.start - 6), draft.start) if draft.digits else None
    _abbreviated(draft, text, rules, before is not None)
    after = rules.after.match(text, draft.end)
    if before is None and after is None:
        return False
    key = after.group(after.lastgroup or 0) if after else before.group(1) if before else ""
    codes = rules.currencies.get(_key(key)) or rules.currencies[re.sub(rf"{SPACES}", "", key)]
    if draft.run.last.other and draft.run.last.other != draft.value:
        draft.others |= {(code, draft.run.last.other) for code in codes}
    if after:
        _cents(draft, text, after.end())
    draft.start = before.start() if before and not after else draft.start
    draft.unit, draft.codes = codes[0], codes
    return True


def _key(phrase: str) -> str:
    return "".join(word.removesuffix("s") for word in phrase.lower().split())


def _cents(draft: Draft, text: str, end: int) -> None:
    """3 euros 50, 3€50."""
    match = re.compile(rf"{SPACES}?(\d\d)(?!\w|[.,]\d)").match(text, end)
    draft.end = end
    if match and draft.digits and draft.value.denominator == 1 and not draft.scale:
        draft.parts = (draft.value, Fraction(int(match.group(1))))
        draft.value += Fraction(int(match.group(1)), 100)
        draft.end = match.end()


def _abbreviated(draft: Draft, text: str, rules: Grammar, priced: bool) -> None:
    match = rules.scale.match(text, draft.end) if draft.digits and not draft.scale else None
    if match is None:
        return
    factor = Fraction(rules.data["abbreviations"][match.group(1)])
    glued = match.group() == match.group(1)
    if match.group(1) in rules.data["sure"] or rules.after.match(text, match.end()) or (priced and glued):
        draft.value, draft.scale, draft.end = draft.value * factor, factor, match.end()
    elif glued or len(match.group(1)) > 2:
        draft.hint = factor
        draft.others.add(("plain", draft.value * factor))


def _degrees(draft: Draft, text: str, rules: Grammar) -> bool:
    below, degrees = rules.below.match(text, draft.end), rules.degrees.match(text, draft.end)
    window = max(0, draft.start - 16), draft.start
    minus = degrees and rules.minus.search(text, *window)
    dash = degrees and _DASH.search(text, *window)
    if (minus and not rules.not_minus.search(text, *window)) or below or dash:
        draft.value = -abs(draft.value)
    if not (below or degrees):
        if draft.value < 0:
            draft.others.add(("plain", -draft.value))
        return False
    draft.unit, draft.end = "temperature", max(match.end() for match in (below, degrees) if match)
    return True


def _split(draft: Draft, text: str, rules: Grammar) -> bool:
    """1 m 80, 10 s 3: the decimals after the unit."""
    match = _SPLIT.match(text, draft.end) if draft.digits and draft.value.denominator == 1 else None
    if match is None:
        return False
    draft.parts = (draft.value, Fraction(int(match.group(1))))
    draft.value, draft.end = draft.value + Fraction(int(match.group(1)), 10 ** len(match.group(1))), match.end()
    return True


def _year(draft: Draft) -> None:
    if draft.digits and len(draft.run.last.word) == 4 and 1000 <= draft.value <= 2100:
        draft.unit = "year"


def _said_of_noun(draft: Draft, text: str, rules: Grammar) -> None:
    """Quinze jours is a fortnight."""
    match = _NOUN.match(text, draft.end if draft.unit == "ordinal" else draft.run.end)
    if match:
        for noun in (match.group(1), match.group(1) + (match.group(2) or "")):
            draft.others |= rules.nouns.get(f"{draft.run.value} {noun.replace('’', chr(39))}", frozenset())
