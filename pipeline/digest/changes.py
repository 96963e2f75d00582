"""What a corrected article says otherwise than the text that an earlier digest had of it: its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.digest.articles import Article, code, pairs
from pipeline.digest.cleaning import line
from pipeline.digest.figures import ALIKE, CHANGED, counted, shared, words_of
from pipeline.facts.assertions import assertions
from pipeline.facts.compare import Place, compare_figures
from pipeline.languages.sentences import split

_MOST = 60  # sentences that are held against each other


def changes(group: Sequence[Article]) -> tuple[str, ...]:
    """Return in words the figures that articles changed since a digest had them, in the words of the original: of the
    earlier text there is no English any more."""
    return tuple(dict.fromkeys(told for article in group for told in _changes(article)))


def _changes(article: Article) -> Iterator[str]:
    if article.before is None:
        return
    before = [line(article.before[start:end]) for start, end in split(article.before, article.language)][:_MOST]
    words = [words_of(sentence) for sentence in before]
    for index, sentence, _ in list(pairs(article))[:_MOST]:
        mine = words_of(sentence)
        best = max(range(len(before)), key=lambda place: shared(mine, words[place]), default=None)
        if best is not None and before[best] != sentence and shared(mine, words[best]) >= ALIKE:
            language = code(article.document.segments[index], article)
            yield from _between(before[best], sentence, language, article.source.name)


def _between(before: str, now: str, language: str, paper: str) -> Iterator[str]:
    for difference in compare_figures(before, language, now, language):
        if difference.kind in CHANGED and difference.source is not None and difference.target is not None:
            old, new = (_told(p, t, language) for p, t in ((difference.source, before), (difference.target, now)))
            yield f"changed by {paper} since the last digest: « {old} » became « {new} »"


def _told(place: Place, text: str, language: str) -> str:
    quantities = assertions(text, language).quantities
    found = next((one for one in quantities if (one.start, one.end) == (place.start, place.end)), None)
    return place.text if found is None else counted(found, text, language)
