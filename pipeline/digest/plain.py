"""The digest as plain text: the other half of the mail, 72 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from pipeline.digest import phrases
from pipeline.digest.record import Digest, Missed, Sentence, Source, Story, Topic

_WIDTH = 72


def plain(digest: Digest) -> str:
    """Return the digest as text. Addresses stand on lines of their own and are not broken."""
    return "\n\n".join(filter(None, _blocks(digest))) + "\n"


def _blocks(digest: Digest) -> Iterator[str]:
    told = f"{phrases.day(digest)}: {phrases.counts(digest)}"
    yield f"{_wrapped(digest.title.upper())}\n{_wrapped(told)}\n{phrases.span(digest)}"
    failed = list(phrases.failures(digest))
    if failed:
        yield "WHAT FAILED\n" + "\n".join(_item(line) for line in failed)
    if digest.is_empty:
        yield _wrapped(phrases.nothing(digest))
    for topic in digest.topics:
        yield from _topic(topic, digest)
    if digest.brief:
        yield f"{_rule()}\nIN BRIEF"
        yield "\n".join(f"{_item(story.headline)}\n{_credit(story.sources[0], digest)}" for story in digest.brief)
    yield from _missed("FAILED", digest.failed, digest)
    yield from _missed("LEFT OUT", digest.skipped, digest)
    yield f"{_rule()}\n{_wrapped(phrases.COLOPHON)}"


def _topic(topic: Topic, digest: Digest) -> Iterator[str]:
    yield _rule()
    if topic.heading is not None:
        yield _wrapped(topic.heading.upper())
        yield _summary(topic.overview)
        yield "\n".join(_item(one, "! ") for one in topic.findings)
    for story in topic.stories:
        yield from _story(story, digest)


def _story(story: Story, digest: Digest) -> Iterator[str]:
    labels = ", ".join(text for _, text in phrases.labels(story))
    heads = [_wrapped(f"** {story.headline}"), _wrapped(story.original), _wrapped(labels and f"[{labels}]")]
    yield "\n".join(filter(None, [*heads, *(_credit(source, digest) for source in story.sources)]))
    yield _summary(story.sentences)
    yield _wrapped(f"Key figures: {'; '.join(story.figures)}") if story.figures else ""
    yield "\n".join(_item(one, "! ") for one in story.findings)
    yield "\n".join(_item(quote.text, f"  [{quote.number}] ") for quote in story.quotes)


def _summary(sentences: Sequence[Sentence]) -> str:
    return _wrapped(" ".join(f"{one.text} [{', '.join(map(str, one.citations))}]" for one in sentences))


def _credit(source: Source, digest: Digest) -> str:
    credit = _wrapped(f"  {phrases.credit(source, digest)}")
    return f"{credit}\n  {source.url}" if source.url is not None else credit


def _missed(title: str, missed: Sequence[Missed], digest: Digest) -> Iterator[str]:
    if missed:
        yield f"{_rule()}\n{title}"
        yield "\n".join(_missing(one, digest) for one in missed)


def _missing(one: Missed, digest: Digest) -> str:
    name, reason = _item(one.source.title or one.source.document), _wrapped(f"  {one.reason}")
    return f"{name}\n{reason}\n{_credit(one.source, digest)}"


def _item(text: str, bullet: str = "- ") -> str:
    return _filled(text, bullet, " " * len(bullet))


def _wrapped(text: str) -> str:
    indent = text[: len(text) - len(text.lstrip())]
    return _filled(text.strip(), indent, indent)


def _filled(text: str, first: str, others: str) -> str:
    """Break lines at spaces alone: a path or an address stays whole."""
    return textwrap.fill(
        text, _WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False, break_long_words=False
    )


def _rule() -> str:
    return "-" * _WIDTH
