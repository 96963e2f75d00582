"""The digest as an Atom feed (RFC 4287), one entry a story."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pipeline.digest import phrases
from pipeline.digest.digest import NAMESPACE
from pipeline.digest.html import linked
from pipeline.digest.record import Digest, Source, Story

_ATOM = "http://www.w3.org/2005/Atom"


def atom(digest: Digest) -> bytes:
    """Return the feed. Its id is made of the title of the digest, those of its entries of their first articles."""
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": digest.languages[1]})
    _add(feed, "id", uuid.uuid5(NAMESPACE, f"feed:{digest.title}").urn)
    _add(feed, "title", digest.title)
    _add(feed, "subtitle", f"{phrases.day(digest)}: {phrases.counts(digest)}")
    _add(feed, "updated", _time(digest.window.end))
    _add(SubElement(feed, "author"), "name", digest.title)
    _add(feed, "generator", "Dépêche")
    for story in digest.stories:
        _entry(SubElement(feed, "entry"), story, digest)
    indent(feed, " ")
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(entry: Element, story: Story, digest: Digest) -> None:
    _add(entry, "id", story.id)
    _add(entry, "title", story.headline)
    _add(entry, "updated", _time(_updated(story, digest)))
    if story.published is not None:
        _add(entry, "published", _time(min(story.published, digest.window.end)))
    for name in dict.fromkeys(source.name for source in story.sources):
        _add(SubElement(entry, "author"), "name", name)
    for url, rel in _links(story):
        SubElement(entry, "link", {"rel": rel, "href": url})
    _add(entry, "content", "".join(_content(story, digest)), type="html")


def _updated(story: Story, digest: Digest) -> datetime:
    """When the entry changed: the time of its newest article; an article that came again is as new as the digest."""
    end = digest.window.end
    return end if story.is_updated or story.published is None else min(story.published, end)


def _links(story: Story) -> Iterator[tuple[str, str]]:
    """The first address is the story's own, of which an entry may have one only."""
    urls = list(dict.fromkeys(source.url for source in story.sources if source.url is not None))
    for place, url in enumerate(urls):
        yield url, "related" if place else "alternate"


def _content(story: Story, digest: Digest) -> Iterator[str]:
    if story.original:
        yield f'<p lang="{escape(story.sources[0].language)}"><i>{escape(story.original)}</i></p>'
    told = " ".join(f"{escape(one.text)} [{', '.join(map(str, one.citations))}]" for one in story.sentences)
    yield f"<p>{told}</p>"
    if story.figures:
        yield f"<p><b>{escape(' · '.join(story.figures))}</b></p>"
    yield "".join(f"<p>{escape(one)}</p>" for one in story.findings)
    quotes = (f'<br>[{q.number}] <span lang="{escape(q.language)}">{escape(q.text)}</span>' for q in story.quotes)
    yield f"<blockquote>{''.join(quotes).removeprefix('<br>')}</blockquote>"
    yield f"<p>{' · '.join(_credit(source, digest) for source in story.sources)}</p>"


def _credit(source: Source, digest: Digest) -> str:
    return linked(source, escape(source.name)) + escape(f", {phrases.time(source.published, digest)}")


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
