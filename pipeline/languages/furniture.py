"""Recognise page furniture in plain text: what stands beside the article, line by line, each with a stable reason.

Precision comes first: a sentence of an article must never be taken for furniture, so whole lines are matched, some only
where bylines and dates stand, and what the neighbours say counts for menus and for lists of related articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from pipeline.languages import rules

LANGUAGES = ("fr", "en", "general")

_AROUND = " -–—•*·>→▶►▸■[]()|…\t"
_SEPARATOR = re.compile(r" ?[/|>›»•·] ")
_BULLET = re.compile(r"[-–—•*·▪] ")
_FINAL = re.compile(r"[.!?…][»\")\]]? ?[»\"]?$")
_STUTTER = re.compile(r"(\w{1,4}?)\1{20,}\W*")
_PAGE = re.compile(r"\d{1,3}")
_REFERENCE = re.compile(r"<([a-z_]+)>")
_MOST_REPEATS = 20
_MOST_VARIANTS = 12
_LONGEST_LINE = 300
_LONGEST_TITLE = 200
_LONGEST_ITEM = 40
_SHORTEST_PROSE = 60
_DEEPEST_TOP = 12
_SHORTEST_MENU = 5
_MOST_TITLES = 12
_SHORTEST_PAGE = 4


@dataclass(frozen=True, slots=True)
class Rule:
    """One [[noise]] table: what a whole line matches, how long it may be, where it stands (no place: anywhere)."""

    reason: str
    pattern: re.Pattern[str]
    places: frozenset[str]
    longest: int
    label: bool


@dataclass(frozen=True, slots=True)
class Furniture:
    """The rules of several languages together, and their names of a newspaper's parts.

    `dated` finds the date that ends a headline, `numeric` one in figures at the end of a line; `sign` is what stands
    beside the rubrics at the top of a page: a day, a temperature.
    """

    rules: tuple[Rule, ...]
    rubrics: frozenset[str]
    dated: re.Pattern[str]
    numeric: re.Pattern[str]
    sign: re.Pattern[str]


def reason(line: str) -> str | None:
    """Say why a normalised line is furniture wherever it stands and whatever is around it, or None."""
    if not line:
        return "empty"
    if not any(map(str.isalnum, line)):
        return "symbols"
    if _is_repetition(line):
        return "repetition"
    if _is_related(line, inside=False):
        return "related-headline"
    rule = _rule(line, frozenset())
    if rule:
        return rule.reason
    return "breadcrumb" if _is_breadcrumb(line) else None


def reasons(lines: Sequence[str]) -> list[str | None]:
    """Say of each normalised line of a document why it is furniture, or None, by its place and its neighbours too."""
    found = [reason(line) for line in lines]
    for judge in (_placed, _menus, _rubrics_above, _titles_below, _page_numbers):
        for index, why in judge(lines, found).items():
            found[index] = found[index] or why
    return found


@cache
def load() -> Furniture:
    """Compile the rules of all languages; the first call takes a fifth of a second."""
    tables = [rules(language, "furniture") for language in LANGUAGES]
    pieces = _pieces(table["pieces"] for table in tables)
    noise = tuple(_compiled(entry, pieces) for table in tables for entry in table["noise"])
    rubrics = frozenset(name for table in tables for name in table.get("rubrics", ()))
    dated = rf" [-–—|] ?{pieces['date']}(?= ?(?:$|[/|•·] ))"
    sign = rf"{pieces['date']}|{pieces['weekday']}|{pieces['temperature']}|{pieces['clock']}"
    return Furniture(
        noise, rubrics, re.compile(dated, re.I), re.compile(rf"{pieces['numeric_date']}$"), re.compile(sign, re.I)
    )


def _pieces(tables: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return each piece with the pieces inside it written out; one that several languages have means any of theirs."""
    pieces: dict[str, str] = {}
    for table in tables:
        for name, pattern in table.items():
            pieces[name] = f"{pieces[name]}|{pattern}" if name in pieces else pattern
    return {name: _expanded(f"<{name}>", pieces) for name in pieces}


def _expanded(pattern: str, pieces: Mapping[str, str]) -> str:
    return _REFERENCE.sub(lambda match: f"(?:{_expanded(pieces[match[1]], pieces)})", pattern)


def _compiled(entry: Mapping[str, Any], pieces: Mapping[str, str]) -> Rule:
    whole = [*entry.get("patterns", ()), *(f"(?i:{phrase})" for phrase in entry.get("phrases", ()))]
    pattern = re.compile("|".join(_expanded(part, pieces) for part in whole))
    places = frozenset(entry.get("places", ()))
    return Rule(entry["reason"], pattern, places, entry.get("longest", _LONGEST_LINE), entry.get("label", False))


def _rule(line: str, places: frozenset[str]) -> Rule | None:
    """Return the first rule that the line falls under, of those for one of the places or, given none, for all."""
    core = line.strip(_AROUND).rstrip(" :")
    for rule in load().rules:
        held = not rule.places.isdisjoint(places) if places else not rule.places
        if held and len(core) <= rule.longest and rule.pattern.fullmatch(core):
            return rule
    return None


def _is_repetition(line: str) -> bool:
    words = line.split()
    if len(words) <= _MOST_REPEATS:
        return len(line) > _MOST_REPEATS and bool(_STUTTER.fullmatch(line))
    if len(set(words)) > _MOST_VARIANTS:
        return False
    words = [word.strip(".,;:!?… -").casefold() for word in words]
    return any(all(word == words[k % period] for k, word in enumerate(words)) for period in (1, 2, 3))


def _is_related(line: str, inside: bool) -> bool:
    """`Title - 17/01/2025`: several joined by slashes, one behind a bullet, or one inside with its date in figures."""
    furniture = load()
    titles = furniture.dated.split(line.strip(" /|"))
    if len(titles) < 2 or titles.pop():
        return False
    titles = [title.strip(" /|•·") for title in titles]
    if not all(len(title) <= _LONGEST_TITLE and any(map(str.isalpha, title)) for title in titles):
        return False
    return len(titles) > 1 or bool(_BULLET.match(line)) or (inside and bool(furniture.numeric.search(line)))


def _is_breadcrumb(line: str) -> bool:
    """`18 °C / Lyon / Lundi 3 mars / Économie`: half of the parts are rubrics or signs; of two, both are rubrics."""
    if len(line) > _LONGEST_LINE:
        return False
    furniture = load()
    pieces = _SEPARATOR.split(line)
    if len(pieces) == 1:
        words = line.split()
        return len(words) > 2 and all(word[0].isupper() and word.casefold() in furniture.rubrics for word in words)
    parts = [piece.strip(_AROUND) for piece in pieces]
    known = sum(part.casefold() in furniture.rubrics for part in parts)
    if len(parts) == 2 or any(len(part) > _LONGEST_ITEM or _FINAL.search(part) for part in parts):
        return known == len(parts)
    signs = sum(bool(furniture.sign.fullmatch(part)) for part in parts)
    return known > 0 and 2 * (known + signs) >= len(parts)


def _placed(lines: Sequence[str], found: Sequence[str | None]) -> dict[int, str]:
    """What counts only at the top (to the second paragraph), at the end (after the last), or below the first line."""
    kept = [index for index, why in enumerate(found) if not why]
    prose = [index for index in kept if _is_prose(lines[index])]
    top = min((*prose[1:2], _DEEPEST_TOP)) if prose else 0
    marked: dict[int, str] = {}
    for index in kept:
        places = {"top"} if index < top else set()
        if prose and index > prose[-1]:
            places.add("end")
        rule = _rule(lines[index], frozenset(places)) if places else None
        if rule:
            marked[index] = rule.reason
        elif index > kept[0] and _is_related(lines[index], inside=True):
            marked[index] = "related-headline"
    return marked


def _is_prose(line: str) -> bool:
    return len(line) >= _SHORTEST_PROSE and bool(_FINAL.search(line, len(line) - 4))


def _rubrics_above(lines: Sequence[str], found: Sequence[str | None]) -> dict[int, str]:
    """The name of a newspaper's part above the headline: the first line kept, when the second is no paragraph yet."""
    kept = [index for index, why in enumerate(found) if not why][:2]
    if len(kept) == 2 and lines[kept[0]].strip(_AROUND).casefold() in load().rubrics and not _is_prose(lines[kept[1]]):
        return {kept[0]: "breadcrumb"}
    return {}


def _menus(lines: Sequence[str], found: Sequence[str | None]) -> dict[int, str]:
    """Five short items or more in a row, a third of them known from menus, and two at least."""
    marked: dict[int, str] = {}
    run: list[int] = []
    for index in range(len(lines) + 1):
        if index < len(lines) and (found[index] or _is_item(lines[index])):
            run.append(index)
            continue
        if len(run) >= _SHORTEST_MENU and _is_menu([lines[place] for place in run]):
            marked |= dict.fromkeys(run, "menu")
        run = []
    return marked


def _is_item(line: str) -> bool:
    core = line.strip(_AROUND)
    return len(core) <= _LONGEST_ITEM and len(core.split()) <= 4 and core[-1:] not in ".,;:!"


def _is_menu(items: Sequence[str]) -> bool:
    furniture = load()
    cores = [item.strip(_AROUND) for item in items]
    rubrics = sum(core.casefold() in furniture.rubrics for core in cores)
    signs = sum(bool(furniture.sign.fullmatch(core)) for core in cores)
    return rubrics >= 2 and 3 * (rubrics + signs) >= len(cores)


def _titles_below(lines: Sequence[str], found: Sequence[str | None]) -> dict[int, str]:
    """The titles under « À lire aussi »: all, but for the last where a paragraph follows that it may head."""
    marked: dict[int, str] = {}
    for index, why in enumerate(found):
        if why == "see-also" and (rule := _rule(lines[index], frozenset())) and rule.label:
            end = _end_of_titles(lines, found, index + 1)
            ended = end == len(lines) or found[end]
            sure = end if ended else max(end - 1, min(end, index + 2) if lines[index].endswith(":") else 0)
            marked |= dict.fromkeys(range(index + 1, sure), "see-also")
    return marked


def _end_of_titles(lines: Sequence[str], found: Sequence[str | None], start: int) -> int:
    end = start
    while end < min(len(lines), start + _MOST_TITLES) and not found[end] and _is_title(lines[end]):
        end += 1
    return end


def _is_title(line: str) -> bool:
    return len(line) <= _LONGEST_TITLE and not line.endswith((".", ":", ";", ","))


def _page_numbers(lines: Sequence[str], found: Sequence[str | None]) -> dict[int, str]:
    """Bare numbers that count up by one, some lines apart."""
    numbers = [(index, int(line)) for index, line in enumerate(lines) if not found[index] and _PAGE.fullmatch(line)]
    marked: dict[int, str] = {}
    for (before, number), (after, following) in pairwise(numbers):
        if following == number + 1 and after - before >= _SHORTEST_PAGE:
            marked |= {before: "page-number", after: "page-number"}
    return marked
