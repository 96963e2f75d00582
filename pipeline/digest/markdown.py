"""The digest in Markdown (CommonMark), where nothing that an article says is mark-up or a link."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.digest import phrases
from pipeline.digest.record import Digest, Missed, Quote, Sentence, Source, Story, Topic
from pipeline.digest.watching import WatchList, watch_list

# All ASCII punctuation may be escaped (CommonMark 0.31, 2.4); what can be mark-up nowhere in a line is not. The colon
# and the dot are escaped so that no "www.", "http://" or mail address becomes a link where bare addresses do (GitHub).
_ACTIVE = re.compile(
    r"([\\`*_{}\[\]<>#+!|~&@=$^]|(?<!\w)-|-(?!\w)|:(?![\s\d])|(?<=\d)[.)](?!\d)|(?<=www)\.)", re.IGNORECASE
)


def escaped(text: str) -> str:
    """Return a clean line so that Markdown shows it as it is."""
    return _ACTIVE.sub(r"\\\1", text)


def markdown(digest: Digest) -> str:
    """Return the digest as Markdown, with the French sentences as block quotations."""
    return "\n\n".join(filter(None, _Text(digest, watch_list(digest.watch)).blocks())) + "\n"


@dataclass(frozen=True)
class _Text:
    digest: Digest
    watch: WatchList

    def blocks(self) -> Iterator[str]:
        digest = self.digest
        yield f"# {escaped(digest.title)}"
        yield f"{escaped(phrases.day(digest))}: {escaped(phrases.counts(digest))}  \n{escaped(phrases.span(digest))}"
        failed = list(phrases.failures(digest))
        if failed:
            yield "**What failed**"
            yield "\n".join(f"- {escaped(line)}" for line in failed)
        if digest.is_empty:
            yield escaped(phrases.nothing(digest))
        for topic in digest.topics:
            yield from self.topic(topic)
        yield from self.brief()
        yield from self.missed("Failed", digest.failed)
        yield from self.missed("Left out", digest.skipped)
        yield f"---\n\n{escaped(phrases.COLOPHON)}"

    def topic(self, topic: Topic) -> Iterator[str]:
        if topic.heading is not None:
            yield f"## {self.marked(topic.heading)}"
            yield self.summary(topic.overview)
            yield self.findings(topic.findings)
        for story in topic.stories:
            yield from self.story(story, "##" if topic.heading is None else "###")

    def story(self, story: Story, level: str) -> Iterator[str]:
        yield f"{level} {self.marked(story.headline)}"
        labels = " · ".join(escaped(text) for _, text in phrases.labels(story))
        yield "  \n".join(
            filter(None, [labels, story.original and f"*{escaped(story.original)}*", self.credits(story)])
        )
        yield self.summary(story.sentences)
        yield f"**Key figures:** {' · '.join(map(self.marked, story.figures))}" if story.figures else ""
        yield self.findings(story.findings)
        yield "\n".join(self.quote(quote, story) for quote in story.quotes)

    def credits(self, story: Story) -> str:
        return " · ".join(map(self.credit, story.sources))

    def credit(self, source: Source) -> str:
        name = escaped(source.name)
        linked = name if source.url is None else f"[{name}](<{source.url}>)"
        return f"{linked}, {escaped(phrases.time(source.published, self.digest))}"

    def summary(self, sentences: Sequence[Sentence]) -> str:
        return " ".join(f"{self.marked(one.text)}{_cite(one.citations)}" for one in sentences)

    def findings(self, findings: Sequence[str]) -> str:
        return "\n".join(f"- ⚠ {self.marked(one)}" for one in findings)

    def quote(self, quote: Quote, story: Story) -> str:
        of = f" ({escaped(story.sources[quote.source].name)})" if len(story.sources) > 1 else ""
        return f"> \\[{quote.number}\\] {self.marked(quote.text)}{of}  "

    def brief(self) -> Iterator[str]:
        if self.digest.brief:
            yield "## In brief"
            brief = self.digest.brief
            yield "\n".join(f"- {self.marked(one.headline)} ({self.credit(one.sources[0])})" for one in brief)

    def missed(self, title: str, missed: Sequence[Missed]) -> Iterator[str]:
        if missed:
            yield f"## {title}"
            yield "\n".join(self.missing(one) for one in missed)

    def missing(self, one: Missed) -> str:
        return (
            f"- {escaped(one.source.title or one.source.document)} ({self.credit(one.source)}): {escaped(one.reason)}"
        )

    def marked(self, text: str) -> str:
        """The text escaped, the words of the watch list strong."""
        return "".join(f"**{escaped(piece)}**" if hit else escaped(piece) for piece, hit in self.watch.marked(text))


def _cite(numbers: Sequence[int]) -> str:
    return f" \\[{', '.join(map(str, numbers))}\\]" if numbers else ""
