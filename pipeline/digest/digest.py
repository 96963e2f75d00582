"""A night's records put together: grouped, ranked, summarised across articles, with all that failed said.

A function of its arguments: it reads no clock and no file but the word lists and the table of time zones that are
installed with the program. The same items in any order give the same digest.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from pipeline.digest import ranking
from pipeline.digest.articles import Article, code, read
from pipeline.digest.changes import changes
from pipeline.digest.cleaning import line
from pipeline.digest.doubts import doubts
from pipeline.digest.figures import disagreements, key_figures
from pipeline.digest.grouping import stories, topics
from pipeline.digest.merging import Chosen, merged
from pipeline.digest.record import Digest, Item, Missed, Quote, Sentence, Settings, Story, Topic, Window
from pipeline.digest.watching import WatchList, watch_list
from pipeline.facts.compare import Difference, unfounded
from pipeline.facts.lexicon import fold, lexicon
from pipeline.facts.names import names

NAMESPACE = uuid.UUID("6a1f3c52-9a55-5c0e-8d1e-3f1b6a0d2c47")  # of the URNs of stories, mails and feeds (RFC 9562)
_HEADING_NAMES = 2  # that make the heading of a topic


@dataclass(frozen=True)
class _Drafted:
    """A story that is not numbered yet: its articles, its sentences, and the rest of it."""

    group: Sequence[Article]
    chosen: Sequence[Chosen]
    story: Story


def build(items: Iterable[Item], window: Window, settings: Settings, troubles: Iterable[str] = ()) -> Digest:
    """Return the digest of a night: each item stands in exactly one story, or among the failed or the skipped.

    `troubles` are lines on what failed beside the articles; they stand at the top.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: the time zone of the settings is not known.
    """
    articles = read(items, settings, ZoneInfo(settings.timezone))
    watch = watch_list((*settings.companies, *settings.keywords))
    told = [article for article in articles if article.reason is None]
    drafted = _drafted(stories(told, settings.near_duplicate), watch, window, settings)
    shown, brief = _ranked(drafted, settings)
    return Digest(
        title=line(settings.title) or "Digest",
        window=window,
        timezone=settings.timezone,
        topics=tuple(shown),
        brief=tuple(brief),
        failed=tuple(_missed(articles, failed=True)),
        skipped=tuple(_missed(articles, failed=False)),
        troubles=tuple(filter(None, map(line, troubles))),
        watch=watch.terms,
        languages=(settings.source_language, settings.target_language),
    )


def _missed(articles: Sequence[Article], failed: bool) -> Iterator[Missed]:
    for article in articles:
        if article.reason is not None and (article.document.failure is not None) == failed:
            yield Missed(article.source, article.reason or "no reason is known")


def _drafted(
    groups: Sequence[Sequence[Article]], watch: WatchList, window: Window, settings: Settings
) -> list[_Drafted]:
    taken: Counter[str] = Counter()
    return [_draft(group, watch, window, settings, taken) for group in groups]


def _draft(
    group: Sequence[Article], watch: WatchList, window: Window, settings: Settings, taken: Counter[str]
) -> _Drafted:
    """One story; its first article, the earliest, gives it its id and its French headline."""
    lead, chosen = group[0], merged([group], settings.sentences)
    watched = watch.found(text for article in group for text in _texts(article))
    language = settings.target_language
    headline, doubt = _headline(group, language)
    story = Story(
        id=_urn(lead, taken),
        headline=headline,
        original=lead.source.title if fold(lead.source.title) != fold(headline) else "",
        sentences=(),
        sources=tuple(article.source for article in group),
        figures=_figures(group, chosen, language),
        findings=(*disagreements([group], language), *changes(group), *doubt, *doubts(group, chosen)),
        watched=watched,
        score=ranking.score(group, watched, window),
    )
    return _Drafted(group, chosen, story)


def _headline(group: Sequence[Article], language: str) -> tuple[str, tuple[str, ...]]:
    """The first headline whose figures all stand in its article; else the first, and what is doubtful in it."""
    found: list[Difference] = []
    for article in group:
        there = [(text, language) for text in article.english.values()]
        there += [(segment.source, code(segment, article)) for _, segment in article.content]
        here = unfounded(article.headline, language, there)
        if not here:
            return article.headline, ()
        found = found or here
    return group[0].headline, tuple(
        line(f"a figure in the headline could not be confirmed: {d.message}") for d in found
    )


def _texts(article: Article) -> Iterator[str]:
    yield article.source.title
    yield article.headline
    for index, segment in article.content:
        yield segment.source
        yield article.english.get(index, "")
    yield from (sentence.text for sentence in article.sentences)


def _figures(group: Sequence[Article], chosen: Sequence[Chosen], language: str) -> tuple[str, ...]:
    """Those of the articles that speak in the summary, so that every one of them is borne out on the page."""
    lead = group[chosen[0].article] if chosen else group[0]
    return tuple(map(line, key_figures(lead, [one.sentence.text for one in chosen], language)))


def _urn(lead: Article, taken: Counter[str]) -> str:
    """An id that stays as long as the story has the same first article; ids that come twice are told apart."""
    name = lead.document.id.encode("utf-8", "backslashreplace").decode()
    taken[name] += 1
    again = f"\0{taken[name]}" if taken[name] > 1 else ""
    return uuid.uuid5(NAMESPACE, f"story:{name}{again}").urn


def _ranked(drafted: Sequence[_Drafted], settings: Settings) -> tuple[list[Topic], list[Story]]:
    """The topics in order while there is room for all the stories of one; the other stories one by one."""
    together = topics([one.group for one in drafted], settings.source_language)
    grouped = [sorted((drafted[place] for place in places), key=_rank) for places in together]
    grouped.sort(key=lambda topic: _rank(topic[0]))
    shown: list[Topic] = []
    brief: list[_Drafted] = []
    left = settings.most_stories
    for group in grouped:
        part, rest = group[:left], group[left:]
        left -= len(part)
        brief += rest
        if part:
            shown.append(_topic(part, settings))
    return shown, [_numbered(one, 1) for one in sorted(brief, key=_rank)]


def _rank(one: _Drafted) -> tuple[float, float, str]:
    published = one.story.published
    return -one.story.score, -(published.timestamp() if published is not None else 0.0), one.story.id


def _topic(group: Sequence[_Drafted], settings: Settings) -> Topic:
    first, told = 1, []
    for one in group:
        story = _numbered(one, first)
        first += len(story.quotes)
        told.append(story)
    if len(told) == 1:
        return Topic(tuple(told))
    groups = [one.group for one in group]
    chosen = merged(groups, settings.sentences)
    told, overview = _overview(told, groups, chosen, first)
    return Topic(tuple(told), _heading(groups, settings), overview, disagreements(groups, settings.target_language))


def _numbered(one: _Drafted, first: int) -> Story:
    """The story with its sentences and the French that they rest on, numbered from `first`."""
    quotes: dict[tuple[int, int], Quote] = {}
    sentences = tuple(
        Sentence(c.sentence.text, _cite(quotes, one.group, c, first), c.sentence.origin, c.article) for c in one.chosen
    )
    return replace(one.story, sentences=sentences, quotes=tuple(quotes.values()))


def _cite(
    quotes: dict[tuple[int, int], Quote], group: Sequence[Article], chosen: Chosen, first: int
) -> tuple[int, ...]:
    article = group[chosen.article]
    for index in chosen.sentence.support:
        if (chosen.article, index) not in quotes:
            segment, number = article.document.segments[index], first + len(quotes)
            text, english, language = line(segment.source), article.english.get(index), code(segment, article)
            quotes[chosen.article, index] = Quote(number, chosen.article, index, text, english, language)
    return tuple(quotes[chosen.article, index].number for index in chosen.sentence.support)


def _overview(
    told: Sequence[Story], groups: Sequence[Sequence[Article]], chosen: Sequence[Chosen], first: int
) -> tuple[list[Story], tuple[Sentence, ...]]:
    """The summary over the stories of a topic; French that no story has cited yet is added to its story's."""
    quotes = [{(quote.source, quote.segment): quote for quote in story.quotes} for story in told]
    overview: list[Sentence] = []
    for one in chosen:
        there = quotes[one.group]
        before = len(there)
        numbers = _cite(there, groups[one.group], one, first - before)
        first += len(there) - before
        overview.append(Sentence(one.sentence.text, numbers, one.sentence.origin, one.article, one.group))
    return [replace(s, quotes=tuple(q.values())) for s, q in zip(told, quotes, strict=True)], tuple(overview)


def _heading(groups: Sequence[Sequence[Article]], settings: Settings) -> str:
    """The one or two names that most of the stories share, if English has them too; else the headline of the first.

    They are read from the original, whose names no translation has touched.
    """
    leads, rules = [group[0] for group in groups], lexicon(settings.source_language)
    english = "\n".join(text for lead in leads for text in (lead.headline, *lead.english.values()))
    spread: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for lead in leads:
        text = "\n".join((lead.source.title, *(line(segment.source) for _, segment in lead.content)))
        found = [name.text for name in names(text, settings.source_language) if not rules.is_ordinary(fold(name.text))]
        spread.update(set(found))
        total.update(found)
    shared = [name for name, count in spread.items() if count > 1 and name in english]
    kept: list[str] = []
    for name in sorted(shared, key=lambda name: (-spread[name], -total[name], name)):
        apart = not any(set(name.split()) & set(other.split()) for other in kept)
        if apart and spread[name] == spread[kept[0] if kept else name]:
            kept.append(name)
    return line(", ".join(kept[:_HEADING_NAMES])) or leads[0].headline
