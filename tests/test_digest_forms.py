"""The page, the feed, the Markdown and the mail: well formed, the same bytes, and nothing in them that an article brought."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from digest_nights import END, SETTINGS, WINDOW, article, failed, night
from pipeline.digest import Digest, Item, Window, build, files
from pipeline.digest.cleaning import line, link
from pipeline.digest.watching import watch_list
from strategies import unhurried
from test_digest_build import items

ATOM = "{http://www.w3.org/2005/Atom}"
VOID = {"meta", "br", "img", "link", "input", "hr"}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "table", "tr", "td", "h1", "h2", "h3", "p", "div", "span", "a", "mark",
    "details", "summary", "br", "i", "b", "blockquote",
}  # fmt: skip
EVIL = "</style><script>alert(1)</script><img src=x onerror=alert(2)> **x** [y](javascript:z) http://evil.example www.evil.example a@evil.example"


class Balanced(HTMLParser):
    """Reads a page; its tags must close in order, be of those that we use, and bring nothing from elsewhere."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        names = {name for name, _ in attrs}
        assert not any(name.startswith("on") or name in ("src", "srcset", "background") for name in names)
        assert all("url(" not in (value or "") for _, value in attrs)
        if tag == "a":
            found = dict(attrs)
            assert found["rel"] == "noopener noreferrer"
            self.links.append(str(found["href"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: bytes) -> Balanced:
    parser = Balanced()
    parser.feed(page.decode())
    parser.close()
    assert parser.open == []
    return parser


def mailed(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def addresses(digest: Digest) -> set[str]:
    missed = [one.source for one in (*digest.failed, *digest.skipped)]
    shown = [source for story in digest.stories for source in story.sources]
    return {source.url for source in (*shown, *missed) if source.url is not None}


@unhurried
@given(st.lists(items(), max_size=4), st.lists(st.text(max_size=30) | st.just(EVIL), max_size=2))
def test_whatever_the_articles_say_every_form_is_well_formed(given: list[Item], troubles: list[str]) -> None:
    digest = build(given, WINDOW, SETTINGS, troubles)
    written, known = files(digest), addresses(digest)
    page = read(written["digest.html"])
    assert set(page.links) <= known

    feed = ElementTree.fromstring(written["feed.xml"])
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(entries) == digest.story_count == len(set(ids))
    assert all(entry.findtext(f"{ATOM}updated") and entry.find(f"{ATOM}author") is not None for entry in entries)
    for entry in entries:
        assert set(read((entry.findtext(f"{ATOM}content") or "").encode()).links) <= known
    assert {one.get("href") for one in feed.iter(f"{ATOM}link")} <= known

    message = mailed(written["digest.eml"])
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    body = message.get_body(("html",))
    assert body is not None and body.get_content().replace("\r\n", "\n") == written["digest.html"].decode()
    assert set(message.keys()) == {
        "Subject",
        "From",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    }
    assert all(len(row) <= 998 for row in written["digest.eml"].split(b"\r\n"))


@unhurried
@given(st.lists(items(), max_size=3))
def test_markdown_has_no_link_but_those_of_the_articles_and_no_html(given: list[Item]) -> None:
    digest = build(given, WINDOW, SETTINGS)
    tokens = MarkdownIt("commonmark").parse(files(digest)["digest.md"].decode())
    inner = [token for block in tokens for token in (block, *(block.children or []))]
    assert not [
        token for token in inner if token.type in ("html_block", "html_inline", "image", "code_inline", "fence")
    ]
    assert {str(token.attrs["href"]) for token in inner if token.type == "link_open"} <= addresses(digest)


def evil() -> Digest:
    hostile = article(
        "evil\r\nBcc: x@evil.example", [(EVIL, EVIL)], EVIL, paper=EVIL, url="javascript:alert(1)", title=EVIL
    )
    settings = replace(SETTINGS, title="Press\r\nBcc: x@evil.example", keywords=(EVIL, "<b>"))
    return build([Item(hostile), Item(replace(failed("f"), meta={"title": EVIL}))], WINDOW, settings, [EVIL])


def test_hostile_texts_are_shown_as_they_are_and_do_nothing() -> None:
    written = files(evil())
    page = read(written["digest.html"])
    assert page.links == []
    assert "<script>alert(1)</script>" in "".join(page.text)
    shown = written["digest.md"].decode()
    assert not re.search(r"https?://|www\.|(?<!\\)@", shown), "no bare address that GitHub would make a link of"
    rendered = MarkdownIt("commonmark").render(shown)
    assert "<script>" not in rendered and "<img" not in rendered and "<a " not in rendered
    assert "[y](javascript:z)" in unescape(re.sub("<[^>]+>", "", rendered))


def test_a_title_with_a_line_break_adds_no_header() -> None:
    message = mailed(files(evil())["digest.eml"])
    assert message["Bcc"] is None
    assert message["Subject"].startswith("Press Bcc: x@evil.example, Sunday 22 November 2026: 1 story from 2 articles")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://a.example/x?y=1&z=(2)", "https://a.example/x?y=1&z=%282%29"),
        ("HTTP://a.example/été", "HTTP://a.example/%C3%A9t%C3%A9"),
        ("javascript:alert(1)", None),
        (" https://a.example/", None),
        ("https://bank.example@evil.example/", None),
        ("https://a.example/\nBcc:", None),
        ('https://a.example/"onclick="x', None),
        ("https:a.example", None),
        ("//a.example/x", None),
        ("http://[::1", None),
        ("https://a.example:99999/", None),
        ("https://a.example/" + "x" * 3000, None),
        (None, None),
    ],
)
def test_only_plain_web_addresses_become_links(given: Any, shown: str | None) -> None:
    assert link(given) == shown


def test_a_line_is_one_line_without_what_hides_or_reorders_text() -> None:
    assert line("a\r\n\u2028b\x00\u202ec\ud800  d\u2066") == "a b c d"
    assert line("é" * 50, 10) == "é" * 9 + "…"
    assert line(12) == ""


@given(st.text(), st.lists(st.text(max_size=8), max_size=3))
def test_highlighting_changes_no_letter(text: str, terms: list[str]) -> None:
    assert "".join(piece for piece, _ in watch_list(terms).marked(text)) == text


def test_highlighted_is_the_word_as_the_article_writes_it() -> None:
    assert watch_list(["marvanne energie"]).marked("Le groupe Marvanne-Énergie gagne") == [
        ("Le groupe ", False),
        ("Marvanne-Énergie", True),
        (" gagne", False),
    ]


def test_watched_words_are_marked_in_the_page_and_strong_in_markdown() -> None:
    written = files(night())
    assert re.search(r"<mark [^>]*>Orsatex</mark> wins", written["digest.html"].decode())
    assert "**Orsatex** wins" in written["digest.md"].decode()


def test_an_empty_night_is_one_line_in_every_form() -> None:
    written = files(build([], WINDOW, SETTINGS))
    told = "Nothing new: 21 Nov, 05:30 to 22 Nov, 05:30 (Europe/Paris)."
    assert told in "".join(read(written["digest.html"]).text)
    assert ElementTree.fromstring(written["feed.xml"]).findall(f"{ATOM}entry") == []
    plain = mailed(written["digest.eml"]).get_body(("plain",))
    assert plain is not None and told in plain.get_content()


def test_a_night_that_failed_says_so_before_anything_else() -> None:
    written = files(build([Item(failed("x"))], WINDOW, SETTINGS, ["the model could not be loaded"]))
    text = "".join(read(written["digest.html"]).text)
    assert text.index("What failed") < text.index("The model could not be loaded") < text.index("Nothing to show")
    assert "1 article could not be translated; it is listed at the end" in text
    assert "No memory was left (ResourceError in the stage translate)" in text
    message = mailed(written["digest.eml"])
    assert message["Subject"].endswith("(not all went well)")
    plain = message.get_body(("plain",))
    assert plain is not None and plain.get_content().index("WHAT FAILED") < plain.get_content().index("Nothing to show")


def test_ids_in_the_feed_stay_from_night_to_night() -> None:
    """The fire comes again the next night, corrected: the same entry, with a later time."""
    tonight = night()
    (fire,) = (story for story in tonight.stories if len(story.sources) == 3)
    again = [
        Item(
            article("am-1", [("Un autre texte du même article.", "Another text.")], paper="Agence Méridienne"),
            updated=True,
        )
    ]
    (later,) = build(again, Window(END, END.replace(day=23)), SETTINGS).stories
    assert later.id == fire.id and later.id.startswith("urn:uuid:")
    feed = ElementTree.fromstring(files(build(again, Window(END, END.replace(day=23)), SETTINGS))["feed.xml"])
    assert feed.findtext(f"{ATOM}entry/{ATOM}updated") == "2026-11-23T04:30:00Z"
    assert feed.findtext(f"{ATOM}id") == ElementTree.fromstring(files(tonight)["feed.xml"]).findtext(f"{ATOM}id")


def test_a_feed_reader_reads_the_feed() -> None:
    feedparser = pytest.importorskip("feedparser")
    digest = night()
    read_feed = feedparser.parse(files(digest)["feed.xml"])
    assert not read_feed.bozo
    assert [entry.id for entry in read_feed.entries] == [story.id for story in digest.stories]
    fire = next(entry for entry in read_feed.entries if entry.title.startswith("Fire"))
    assert fire.link == "https://am-1.example/feu"
    assert "Un incendie a fait douze blessés" in fire.content[0].value


def test_a_mail_of_the_same_window_is_the_same_mail_and_of_another_is_another() -> None:
    one, same = mailed(files(night())["digest.eml"]), mailed(files(night())["digest.eml"])
    other = mailed(files(build([], Window(END, END.replace(day=23)), SETTINGS))["digest.eml"])
    assert one["Message-ID"] == same["Message-ID"] != other["Message-ID"]
    assert one["Date"] == "Sun, 22 Nov 2026 05:30:00 +0100"
    assert one.get_boundary() == same.get_boundary()


def test_the_page_of_a_full_night_is_not_cut_by_mail_programs() -> None:
    """Gmail cuts a message at 102 KB; forty stories of three sentences may be longer, twenty may not."""
    name = "Sentence number {} of the story, about as long as such a sentence is in a newspaper, with its {} details."
    many = [
        article(f"a{n}", [(f"{name.format(k, n)} Nom{n}x{k}", name.format(k, n)) for k in range(3)], f"Headline {n}", url=f"https://a.example/{n}")
        for n in range(20)
    ]  # fmt: skip
    written = files(build(map(Item, many), WINDOW, SETTINGS))
    assert len(written["digest.html"]) < 102_000
    assert [part.get_content_type() for part in mailed(written["digest.eml"]).iter_parts()] == [
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize(("stories", "length", "is_french_told"), [(40, 30, True), (40, 200, False)])
def test_a_mail_too_long_for_mail_programs_is_shortened_and_has_the_whole_digest_with_it(
    stories: int, length: int, is_french_told: bool
) -> None:
    """The first stories keep their French where there is room, all keep their headline, and the page says so."""
    many = [
        article(f"a{n}", [(f"Phrase {n} {k} " + "mot " * length, f"Sentence {n} {k} " + "word " * length) for k in range(3)], f"Headline {n}.")
        for n in range(stories)
    ]  # fmt: skip
    digest = build(map(Item, many), WINDOW, SETTINGS)
    written = files(digest)
    message = mailed(written["digest.eml"])
    body = message.get_body(("html",))
    assert body is not None
    page = body.get_content()
    text = "".join(read(page.encode()).text)
    assert len(page.encode()) <= 102_000 < len(written["digest.html"])
    assert all(f"Headline {n}." in text for n in range(stories)) and "attached" in text
    assert ("Phrase" in text) == is_french_told
    (whole,) = message.iter_attachments()
    assert (whole.get_filename(), whole.get_payload(decode=True)) == ("digest.html", written["digest.html"])
    assert written["digest.eml"] == files(digest)["digest.eml"]
