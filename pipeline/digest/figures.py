"""Figures: the ones that matter in a story, and those on which its articles disagree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import combinations

from pipeline.digest.alike import changed, nearest, quantity_at, words_of
from pipeline.digest.articles import Article, code, pairs
from pipeline.document import Finding
from pipeline.facts.assertions import assertions
from pipeline.facts.compare import Place
from pipeline.facts.fact import Quantity
from pipeline.facts.lexicon import fold
from pipeline.languages import rules

MOST = 4  # key figures of a story: what fits a line
_SKIPPED = frozenset({"year", "decade", "ordinal", "time", "code"})  # they say when and which, not how much
_LEAST = 10  # a bare number below it is mostly a word of the sentence ("two ministers")
_FOLLOWING = 2  # words behind a bare number that say what it counts
_NOUN = re.compile(r"[ \u00a0\u202f]([^\W\d_]+(?:['’-][^\W\d_]+)*)")
_MEASURE = re.compile(r"-[^\W\d_]+(?:-[^\W\d_]+)*")  # 800-metre, 18-year-old
_OF = re.compile(r" of (?:the |its |their )?[^\W\d_]+")
_BEFORE = re.compile(r"(?<!\w)(?:[^\W\d_]+ ){1,2}\Z")
_LOOK_BACK = 40  # characters
_ARTICLES, _SENTENCES = 12, 60  # of a story, of an article, that are held against each other
_STOP = "stopwords"
_APART = timedelta(days=3)

Pair = tuple[int, str, str]  # a sentence: its segment, its French, its English
Numbered = tuple[int, Article]


def key_figures(article: Article, shown: Sequence[str], language: str) -> tuple[str, ...]:
    """Return the figures of a story in English with what they count: those of its summary first, then of its text.

    A figure that a finding of the article doubts is no key figure, nor is a bare number that nothing is said of.
    """
    wrong = filter(_is_figure, article.document.findings)
    doubted = {span.text.lower() for finding in wrong for span in finding.spans}
    found: dict[tuple[str, Fraction], str] = {}
    for text in (*shown, *article.english.values()):
        for quantity in assertions(text, language).quantities:
            told = _told(quantity, text, language) if _counts(quantity) else ""
            if told and not any(quantity.text.lower() in text for text in doubted):
                found.setdefault((quantity.unit, quantity.value), told)
        if len(found) >= MOST:
            break
    return tuple(list(dict.fromkeys(found.values()))[:MOST])


def _is_figure(finding: Finding) -> bool:
    return finding.kind.partition("-")[0] in ("number", "percent", "currency", "figure")


def _counts(quantity: Quantity) -> bool:
    if not quantity.firm or quantity.unit in _SKIPPED:
        return False
    return quantity.unit != "plain" or (abs(quantity.value) >= _LEAST and any(map(str.isdigit, quantity.text)))


def counted(quantity: Quantity, text: str, language: str) -> str:
    """Return a figure as it is written, a bare number with what it counts: "120 jobs", "12% of the capital"; with the
    words before it, where nothing behind it says what it counts."""
    told = _told(quantity, text, language)
    before = _BEFORE.search(text, max(0, quantity.start - _LOOK_BACK), quantity.start)
    return told or text[before.start() if before else quantity.start : quantity.end]


def _told(quantity: Quantity, text: str, language: str) -> str:
    """Return a figure that says what it counts; nothing for a bare number."""
    if quantity.unit == "percent":
        whole = _OF.match(text, quantity.end)
        return quantity.text + whole.group() if whole else quantity.text
    if quantity.unit != "plain":
        return quantity.text
    stop = frozenset(rules(language, "selection").get(_STOP, "").split())
    measure = _MEASURE.match(text, quantity.end)
    end = measure.end() if measure else quantity.end
    for _ in range(_FOLLOWING):
        match = _NOUN.match(text, end)
        if match is None or match.group(1).lower() in stop:
            break
        end = match.end()
    return text[quantity.start : end] if end > quantity.end else ""


def disagreements(groups: Sequence[Sequence[Article]], language: str) -> tuple[str, ...]:
    """Return in words the figures on which articles disagree: "sources disagree: 12 injured (A, B) / 14 injured (C)".

    Two sentences are held against each other where they are the same but for their figures. Articles of one group
    are compared with each other; with several groups only those of different ones. Two versions of one article
    (same address) are a correction.
    """
    placed = [(number, article) for number, group in enumerate(groups) for article in group[:_ARTICLES]][:_ARTICLES]
    newest = {article.source.url: place for place, (_, article) in enumerate(placed)}
    corrected: list[tuple[_Mention, _Mention]] = []
    disputed: list[tuple[_Mention, _Mention]] = []
    for (place, (number, one)), (other_place, (other_number, other)) in combinations(enumerate(placed), 2):
        pair = (place, one), (other_place, other)
        if len(groups) > 1 and number == other_number:
            continue
        if one.source.url is not None and one.source.url == other.source.url:
            corrected += _between(*pair, language)
        elif all(_stands(at, newest) for at in pair) and _at_one_time(one, other):
            disputed += _between(*pair, language)
    return (*_told_once(_dispute, _together(disputed)), *_told_once(_correction, _together(corrected)))


def _told_once(tell: Callable[[Sequence[_Mention]], str], found: Iterable[Sequence[_Mention]]) -> Iterator[str]:
    """Tell the figures that stand against each other, the same ones once: an article may say its own in two places."""
    told: dict[tuple[str, ...], str] = {}
    for mentions in found:
        told.setdefault(tuple(sorted({one.value for one in mentions})), tell(mentions))
    yield from told.values()


def _stands(at: Numbered, newest: Mapping[str | None, int]) -> bool:
    """Whether no later version of the article is there."""
    place, article = at
    return article.source.url is None or newest[article.source.url] == place


def _at_one_time(one: Article, other: Article) -> bool:
    """Whether two articles can be of one event: last week's match had other figures."""
    times = one.source.published, other.source.published
    return times[0] is None or times[1] is None or abs(times[0] - times[1]) <= _APART


@dataclass(frozen=True)
class _Mention:
    """A figure where it stands: its article, sentence and place there; its value; its words in English."""

    article: int
    segment: int
    start: int
    value: str
    words: str
    paper: str


def _together(pairs: Sequence[tuple[_Mention, _Mention]]) -> list[list[_Mention]]:
    """Put together the mentions of one figure, in the order in which they are met."""
    home: dict[_Mention, list[_Mention]] = {}
    for one, other in pairs:
        left, right = home.setdefault(one, [one]), home.setdefault(other, [other])
        if left is not right:
            left += right
            home.update((mention, left) for mention in right)
    return list({id(mentions): mentions for mentions in home.values()}.values())


def _dispute(mentions: Sequence[_Mention]) -> str:
    values = _by_value(mentions)
    sides = (f"{held[0].words} ({', '.join(dict.fromkeys(one.paper for one in held))})" for held in values)
    return f"sources disagree: {' / '.join(sides)}"


def _correction(mentions: Sequence[_Mention]) -> str:
    return f"corrected by {mentions[-1].paper}: {' became '.join(held[0].words for held in _by_value(mentions))}"


def _by_value(mentions: Sequence[_Mention]) -> list[list[_Mention]]:
    values: dict[str, list[_Mention]] = {}
    for mention in sorted(mentions, key=lambda one: (one.article, one.segment, one.start)):
        values.setdefault(mention.value, []).append(mention)
    return list(values.values())


def _between(one: Numbered, other: Numbered, language: str) -> Iterator[tuple[_Mention, _Mention]]:
    theirs = list(pairs(other[1]))[:_SENTENCES]
    words = [words_of(pair[1]) for pair in theirs]
    for mine in list(pairs(one[1]))[:_SENTENCES]:
        place = nearest(words_of(mine[1]), words)
        if place is not None and mine[1] != theirs[place][1]:
            yield from _differences(one, mine, other, theirs[place], language)


def _differences(
    one: Numbered, mine: Pair, other: Numbered, theirs: Pair, language: str
) -> Iterator[tuple[_Mention, _Mention]]:
    codes = [code(at[1].document.segments[pair[0]], at[1]) for at, pair in ((one, mine), (other, theirs))]
    for ours, other_place in changed(mine[1], codes[0], theirs[1], codes[1]):
        first = _mention(ours, one, mine, codes[0], language)
        yield first, _mention(other_place, other, theirs, codes[1], language)


def _mention(place: Place, at: Numbered, pair: Pair, original: str, language: str) -> _Mention:
    """The figure in English where the translation has it, else as the original writes it."""
    words, value = place.text, fold(place.text)
    native = quantity_at(place, pair[1], original)
    if native is not None:  # no date
        value = f"{native.unit} {native.value}"
        english = next((q for q in assertions(pair[2], language).quantities if q.readings & native.readings), None)
        told = _told(english, pair[2], language) if english is not None else ""
        # English that does not say what a figure counts may be wrong in it: "killing sixteen" for sixteen injured.
        words = told or f"« {counted(native, pair[1], original)} »"
    number, article = at
    return _Mention(number, pair[0], place.start, value, words, article.source.name)
