"""An article as the digest needs it: its names, its time, its English sentences with what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cached_property

from pipeline.digest.cleaning import line, link, moment
from pipeline.digest.record import Item, Settings, Source
from pipeline.document import Document, Segment, SummarySentence

_LONGEST_TITLE = 300  # characters
_LONGEST_NAME = 80
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Article:
    """A document of the night and what is shown of it."""

    document: Document
    source: Source
    target_language: str = "en"
    before: str | None = None

    @cached_property
    def order(self) -> tuple[datetime, str, str, str]:
        """What sorts the articles of a night, whatever the order in which they came: time, id, text, and the rest."""
        document = self.document
        return self.source.published or _EARLIEST, document.id, document.text, repr(document)

    @cached_property
    def content(self) -> tuple[tuple[int, Segment], ...]:
        """The segments that are the article, with their indexes: no noise, no empty ones."""
        kept = ((index, one) for index, one in enumerate(self.document.segments) if one.role != "noise")
        return tuple((index, one) for index, one in kept if line(one.source))

    @cached_property
    def english(self) -> dict[int, str]:
        """The English of the segments that have one, by their index."""
        return {index: line(one.target) for index, one in self.content if one.is_english and line(one.target)}

    @cached_property
    def sentences(self) -> tuple[SummarySentence, ...]:
        """The summary sentences that name a sentence of the article; without one, the translation in its order.

        A citation of noise, of an empty segment or of one that does not exist is none.
        """
        summary = self.document.summary
        there = {index for index, _ in self.content}
        found = [_clean(sentence, there) for sentence in summary.sentences] if summary is not None else []
        supported = tuple(sentence for sentence in found if sentence.text and sentence.support)
        return supported or self._translation

    @cached_property
    def dropped(self) -> int:
        """How many summary sentences could not be shown, for they name nothing that they rest on."""
        summary = self.document.summary
        if summary is None:
            return 0
        there = {index for index, _ in self.content}
        return sum(bool(line(one.text)) and not there.intersection(one.support) for one in summary.sentences)

    @property
    def _translation(self) -> tuple[SummarySentence, ...]:
        body = [
            index for index, one in self.content if index in self.english and one.role not in ("headline", "heading")
        ]
        return tuple(SummarySentence(self.english[i], (i,), "extracted") for i in body or self.english)

    @cached_property
    def headline(self) -> str:
        """The English headline: of the summary, of the translation, else the first sentence; else the French one."""
        summary = self.document.summary
        given = line(summary.headline, _LONGEST_TITLE) if summary is not None else ""
        translated = (self.english.get(index, "") for index, one in self.content if one.role == "headline")
        first = self.sentences[0].text if self.sentences else ""
        return line(given or next(translated, "") or first or self.source.title or self.document.id, _LONGEST_TITLE)

    @property
    def language(self) -> str:
        """The language of the original."""
        return self.source.language

    @property
    def reason(self) -> str | None:
        """Why the article is in no story; None where it is in one."""
        failure = self.document.failure
        if failure is not None:
            return line(f"{failure.reason} ({failure.kind} in the stage {failure.stage})")
        if self.document.is_skipped:
            return line(next(f.message for f in self.document.findings if f.kind == "language-skipped")) or "skipped"
        return None if self.sentences else "there was nothing to translate"


def read(items: Iterable[Item], settings: Settings, zone: tzinfo) -> list[Article]:
    """Return the articles of a night, the oldest first; the same list for every order of the items."""
    language = settings.target_language
    found = (Article(item.document, _source(item, settings, zone), language, item.before) for item in items)
    return sorted(found, key=lambda article: (*article.order, article.source.updated))


def _source(item: Item, settings: Settings, zone: tzinfo) -> Source:
    document = item.document
    meta, url = document.meta, link(document.meta.get("url"))
    unknown = bool(meta.get("published_unknown"))
    return Source(
        document=line(document.id) or "?",
        name=_name(document, url),
        title=_title(document),
        url=url,
        published=None if unknown else moment(meta.get("published"), zone),
        updated=item.updated,
        language=_code(document.language) or settings.source_language,
    )


def _name(document: Document, url: str | None) -> str:
    """The paper: as the caller names it, else the host of the address, else its feed."""
    given = line(document.meta.get("source"), _LONGEST_NAME)
    host = url.split("/")[2].removeprefix("www.") if url else ""
    return given or line(host, _LONGEST_NAME) or line(document.meta.get("feed"), _LONGEST_NAME) or "Source unknown"


def _title(document: Document) -> str:
    """The headline of the original: its segment, else the title that came with it."""
    headlines = (line(one.source, _LONGEST_TITLE) for one in document.segments if one.role == "headline")
    return next(filter(None, headlines), "") or line(document.meta.get("title"), _LONGEST_TITLE)


def _code(language: str | None) -> str:
    return language if language and language.isascii() and language.isalpha() and len(language) < 9 else ""


def _clean(sentence: SummarySentence, there: set[int]) -> SummarySentence:
    support = tuple(dict.fromkeys(index for index in sentence.support if index in there))
    return SummarySentence(line(sentence.text), support, sentence.origin, sentence.verdicts)


def code(segment: Segment, article: Article) -> str:
    """Return the language of a segment: its own, else that of its article."""
    return _code(segment.language) or article.language


def pairs(article: Article) -> Iterator[tuple[int, str, str]]:
    """Yield the sentences of an article with their index: French and English."""
    for index, segment in article.content:
        yield index, line(segment.source), article.english.get(index, "")


__all__ = ["Article", "code", "pairs", "read"]
