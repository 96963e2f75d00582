"""What a corrected article says otherwise than the text that an earlier digest had of it: its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.digest.alike import changed, nearest, quantity_at, words_of
from pipeline.digest.articles import Article, code, pairs
from pipeline.digest.cleaning import line
from pipeline.digest.figures import counted
from pipeline.facts.compare import Place
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
        place = nearest(words_of(sentence), words)
        if place is not None and before[place] != sentence:
            language = code(article.document.segments[index], article)
            for old, new in changed(before[place], language, sentence, language):
                was, now = _told(old, before[place], language), _told(new, sentence, language)
                yield f"changed by {article.source.name} since the last digest: « {was} » became « {now} »"


def _told(place: Place, text: str, language: str) -> str:
    found = quantity_at(place, text, language)
    return place.text if found is None else counted(found, text, language)
