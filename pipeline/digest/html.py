"""The digest as a page that can be a mail: tables and styles in the tags, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from pipeline.digest import phrases
from pipeline.digest.record import Digest, Missed, Quote, Sentence, Source, Story, Topic
from pipeline.digest.styles import INLINE, sheet
from pipeline.digest.watching import WatchList, watch_list
from pipeline.view.wording import capital, counted

_MOST_LISTED = 60  # articles of a list at the end: a mail that is too long is cut by its readers' programs


def html(digest: Digest, note: str = "") -> str:
    """Return the page, with a note below its title if there is one.

    Every text is escaped; the only links are the http(s) addresses of the articles.
    """
    return "".join(_Page(digest, watch_list(digest.watch), note).parts()) + "\n"


def _tag(name: str, kind: str, inside: str, attributes: str = "") -> str:
    return f'<{name} class="{kind}" style="{INLINE[kind]}"{attributes}>{inside}</{name}>'


def _row(kind: str, inside: str) -> str:
    return f"<tr>{_tag('td', kind, inside)}</tr>\n" if inside else ""


def linked(source: Source, text: str) -> str:
    """Return a text as a link to its article, where there is an address; the text is mark-up already."""
    if source.url is None:
        return text
    return _tag("a", "link", text, f' href="{escape(source.url)}" target="_blank" rel="noopener noreferrer"')


@dataclass(frozen=True)
class _Page:
    digest: Digest
    watch: WatchList
    note: str = ""

    def parts(self) -> Iterator[str]:
        digest = self.digest
        title, language = escape(phrases.subject(digest)), escape(digest.languages[1])
        yield f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        yield '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        yield f'<style>{sheet()}</style>\n</head>\n<body class="page" style="{INLINE["page"]}">\n'
        rows = "".join(self.rows())
        inner = _tag("table", "inner", f"\n{rows}", ' role="presentation" width="680" align="center"')
        edge = _tag("td", "edge", inner, ' align="center"')
        outer = f"<tr>{edge}</tr>"
        yield _tag("table", "outer", outer, ' role="presentation" width="100%"')
        yield "\n</body>\n</html>"

    def rows(self) -> Iterator[str]:
        yield _row("masthead", self.masthead())
        failed = list(phrases.failures(self.digest))
        if failed:
            told = "".join(f'<div style="padding:2px 0">{escape(capital(line))}</div>' for line in failed)
            yield _row("gap", _tag("div", "trouble", _tag("p", "why", "What failed") + told))
        if self.digest.is_empty:
            yield _row("nothing", escape(phrases.nothing(self.digest)))
        for topic in self.digest.topics:
            yield from self.topic(topic)
        yield self.brief()
        yield self.missed("Failed", self.digest.failed)
        yield self.missed("Left out", self.digest.skipped)
        yield _row("colophon", escape(phrases.COLOPHON))

    def masthead(self) -> str:
        digest = self.digest
        return (
            _tag("h1", "title", escape(digest.title))
            + _tag("p", "day", escape(f"{phrases.day(digest)}: {phrases.counts(digest)}"))
            + _tag("p", "span", escape(phrases.span(digest)))
            + (_tag("p", "span", escape(self.note)) if self.note else "")
        )

    def topic(self, topic: Topic) -> Iterator[str]:
        if topic.heading is None:
            for story in topic.stories:
                yield _row("story", self.story(story))
            return
        count = counted(len(topic.stories), "story", "stories")
        kicker = _tag("p", "kicker", escape(f"Topic: {count}"))
        heading = _tag("h2", "heading", self.marked(topic.heading))
        yield _row("topic", kicker + heading + self.summary(topic.overview) + self.doubts(topic.findings))
        yield _row("gap", "&#160;")
        for story in topic.stories:
            yield _row("part", self.story(story, within=True))
        yield _row("end", "&#160;")

    def story(self, story: Story, within: bool = False) -> str:
        """One story; within a topic, whose overview says the most of it, its summary opens with the French."""
        level, kind = ("h3", "small") if within else ("h2", "heading")
        summary, quotes = self.summary(story.sentences), self.quotes(story)
        folded = self.fold(story, (summary if within else "") + quotes, within)
        return (
            self.labels(story)
            + _tag(level, kind, self.marked(story.headline))
            + self.original(story)
            + self.credits(story.sources)
            + ("" if within else summary)
            + self.figures(story.figures)
            + self.doubts(story.findings)
            + folded
        )

    def labels(self, story: Story) -> str:
        told = " ".join(_tag("span", kind, escape(text)) for kind, text in phrases.labels(story))
        return _tag("p", "labels", told) if told else ""

    def original(self, story: Story) -> str:
        language = f' lang="{escape(story.sources[0].language)}"'
        return _tag("p", "original", self.marked(story.original), language) if story.original else ""

    def credits(self, sources: Sequence[Source]) -> str:
        return _tag("p", "credit", _dotted(map(self.credit, sources)))

    def summary(self, sentences: Sequence[Sentence]) -> str:
        told = " ".join(self.marked(one.text) + self.cite(one.citations) for one in sentences)
        return _tag("p", "summary", told) if told else ""

    def cite(self, numbers: Sequence[int]) -> str:
        return "&#8239;" + _tag("span", "cite", ",".join(map(str, numbers))) if numbers else ""

    def figures(self, figures: Sequence[str]) -> str:
        told = _tag("span", "dot", "Key figures: ") + _dotted(map(self.marked, figures))
        return _tag("p", "figures", told) if figures else ""

    def doubts(self, findings: Sequence[str]) -> str:
        told = "".join(f'<div style="padding:2px 0">{self.marked(capital(one))}</div>' for one in findings)
        return _tag("div", "doubts", told) if told else ""

    def quotes(self, story: Story) -> str:
        return "".join(self.quote(quote, story) for quote in story.quotes)

    def quote(self, quote: Quote, story: Story) -> str:
        of = escape(f" ({story.sources[quote.source].name})") if len(story.sources) > 1 else ""
        number = _tag("span", "cite", str(quote.number)) + "&#8239;"
        text = f'<span lang="{escape(quote.language)}">{self.marked(quote.text)}</span>'
        return _tag("p", "quote", number + text + (_tag("span", "note", of) if of else ""))

    def fold(self, story: Story, inside: str, within: bool) -> str:
        language = phrases.language(story.sources[0].language)
        quoted = f"the {counted(len(story.quotes), f'{language} sentence')}" if story.quotes else ""
        told = ", and ".join(filter(None, ["summary" if within else "", quoted]))
        opener = _tag("summary", "opener", escape(capital(told)))
        return _tag("details", "fold", opener + inside) if inside else ""

    def brief(self) -> str:
        stories = self.digest.brief[:_MOST_LISTED]
        told = "".join(
            _tag("p", "line", self.marked(story.headline) + " " + _tag("span", "note", self.credit(story.sources[0])))
            for story in stories
        )
        return _row("story", _tag("h2", "section", "In brief") + told + _more(self.digest.brief)) if told else ""

    def credit(self, source: Source) -> str:
        time = escape(phrases.time(source.published, self.digest)).replace(" ", "&#160;")  # not broken over two lines
        return f"{linked(source, escape(source.name))}, {time}"

    def missed(self, title: str, missed: Sequence[Missed]) -> str:
        told = "".join(_tag("p", "line", self.missing(one)) for one in missed[:_MOST_LISTED])
        return _row("story", _tag("h2", "section", escape(title)) + told + _more(missed)) if told else ""

    def missing(self, one: Missed) -> str:
        named = f'<span lang="{escape(one.source.language)}">{escape(one.source.title or one.source.document)}</span>'
        return f"{named} {_tag('span', 'note', self.credit(one.source) + '<br>' + escape(capital(one.reason)))}"

    def marked(self, text: str) -> str:
        """The text escaped, the words of the watch list highlighted."""
        pieces = self.watch.marked(text)
        return "".join(_tag("mark", "mark", escape(piece)) if hit else escape(piece) for piece, hit in pieces)


def _dotted(pieces: Iterable[str]) -> str:
    return f" {_tag('span', 'dot', '&#183;')} ".join(pieces)


def _more(listed: Sequence[object]) -> str:
    left = len(listed) - _MOST_LISTED
    return _tag("p", "line", _tag("span", "note", f"and {left:,} more, in digest.json")) if left > 0 else ""
