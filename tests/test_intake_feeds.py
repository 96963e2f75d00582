"""Feeds: bytes to entries, entries to articles, whatever the bytes are."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DocumentError
from pipeline.intake import FeedSource, Page
from pipeline.intake.feeds import parse
from pipeline.intake.markup import plain_text
from pipeline.intake.reading import read_feed

NOW = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)
SOURCE = FeedSource("https://journal.example/rss.xml?cle=secret")


def rss(*items: str, title: str = "Le Journal de Brest", head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'{head}<rss version="2.0"><channel><title>{title}</title>{body}</channel></rss>'.encode()


def item(number: int, text: str = "Une phrase.", **changes: str) -> str:
    fields = {
        "title": f"Titre {number}",
        "link": f"https://journal.example/a/{number}?xtor=RSS-1",
        "guid": str(number),
        "description": text,
        "pubDate": "Sat, 21 Nov 2026 23:59:00 +0100",
    } | changes
    return "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value)


def articles(data: bytes, source: FeedSource = SOURCE, **headers: str):  # type: ignore[no-untyped-def]
    return read_feed(source, Page(source.url, 200, headers, data), NOW).articles


def test_an_entry_becomes_an_article_with_what_the_digest_needs() -> None:
    (found,) = articles(rss(item(1, "&lt;p&gt;Le port&lt;/p&gt;&lt;p&gt;est fermé.&lt;/p&gt;")))
    assert found.document.text == "Titre 1\n\nLe port\n\nest fermé."
    assert found.document.meta == {
        "title": "Titre 1",
        "source": "Le Journal de Brest",
        "url": "https://journal.example/a/1",
        "published": "2026-11-21T22:59:00+00:00",
        "feed": "https://journal.example/rss.xml",  # without the subscriber's key
    }
    assert found.names == ("url:journal.example/a/1", "id:journal.example/rss.xml?cle=secret:1")
    assert found.document.id.startswith("journal.example/")


def test_atom_with_contents_dates_and_relative_links() -> None:
    atom = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://journal.example/sport/">
    <title>Sport</title><entry><title type="html">Brest &lt;b&gt;gagne&lt;/b&gt;</title><id>tag:1</id><link href="finale"/>
    <published>2026-11-21T20:00:00Z</published><updated>2026-11-21T21:00:00+01:00</updated><summary>Court.</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Un texte bien plus long.</p></div></content></entry>
    <entry><title>Relu</title><id>tag:2</id><link href="/b"/><published>2026-11-21T20:00:00Z</published>
    <updated>2026-11-21T22:00:00Z</updated></entry></feed>"""
    first, second = articles(atom)
    assert first.document.text == "Brest gagne\n\nUn texte bien plus long."
    assert first.document.meta["url"] == "https://journal.example/sport/finale" and "updated" not in first.document.meta
    assert second.document.text == "Relu" and second.document.meta["updated"] == "2026-11-21T22:00:00+00:00"


def test_ids_stay_when_everything_else_changes() -> None:
    one, *_ = articles(rss(item(1)))
    two, *_ = articles(rss(item(2), item(1, "Corrigé.", title="Autre", pubDate="")))[1:]
    assert one.document.id == two.document.id and one.listing != two.listing


@pytest.mark.parametrize("date", ["", "hier", "Thu, 01 Jan 1970 00:00:00 GMT", "Sat, 21 Nov 2099 00:00:00 GMT"])
def test_a_date_that_is_no_date_is_the_time_of_fetching_and_says_so(date: str) -> None:
    (found,) = articles(rss(item(1, pubDate=date)))
    assert found.document.meta["published"] == "2026-11-22T04:30:00+00:00"
    assert found.document.meta["published_unknown"] is True


def test_links_are_http_only_and_an_entry_without_one_is_known_by_its_id() -> None:
    for bad in ("javascript:alert(1)", "data:text/html,x", "https://a@b.example/", ""):
        (found,) = articles(rss(item(1, link=bad)))
        assert "url" not in found.document.meta and found.names == ("id:journal.example/rss.xml?cle=secret:1",)


def test_an_id_that_is_an_address_is_the_link_where_there_is_none() -> None:
    (found,) = articles(rss(item(1, link="", guid="https://journal.example/a/1")))
    assert found.document.meta["url"] == "https://journal.example/a/1"
    (found,) = articles(rss(item(1, link="/a/2#haut")))
    assert found.document.meta["url"] == "https://journal.example/a/2"


def test_a_link_or_an_id_that_several_entries_share_is_no_identity() -> None:
    same = "https://journal.example/direct"
    found = articles(
        rss(
            item(1, "Un.", link=same),
            item(2, "Deux.", link=same),
            item(3, "Trois.", guid="9"),
            item(4, "Quatre.", guid="9"),
        )
    )
    assert len({one.document.id for one in found}) == 4
    assert [len(one.names) for one in found] == [1, 1, 1, 1]
    assert all(
        one.names == ("id:journal.example/rss.xml?cle=secret:1",)
        for one in articles(rss(item(1, link="https://journal.example/")))
    )
    assert len(articles(rss(item(1), item(1)))) == 1


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        (rss(item(1, "L’été à Brest, 5 €")), {"content-type": "text/xml; charset=iso-8859-1"}),  # the server is wrong
        (rss(item(1, "L’été à Brest, 5 €"), head='<?xml version="1.0" encoding="ISO-8859-1"?>'), {}),  # the feed is wrong
        (rss(item(1, "L’été à Brest, 5 €")).decode().encode("windows-1252"), {}),  # and here too
        (rss(item(1, "L’été à Brest, 5 €")).decode().encode("windows-1252"), {"content-type": "text/xml; charset=windows-1252"}),
        (rss(item(1, "L’été à Brest, 5 €"), head='<?xml version="1.0" encoding="windows-1252"?>').decode().encode("windows-1252"), {}),
        (rss(item(1, "L’été à Brest, 5 €"), head="").decode().encode("utf-16"), {}),
        (b"\xef\xbb\xbf" + rss(item(1, "L’été à Brest, 5 €")), {"content-type": "text/html; charset=x-unknown"}),
    ],
)  # fmt: skip
def test_encodings_declared_wrongly_are_read_rightly(data: bytes, headers: dict[str, str]) -> None:
    (found,) = articles(data, **headers)
    assert found.document.text == "Titre 1\n\nL’été à Brest, 5 €"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"<!DOCTYPE html><html><body><p>Bonjour</p></body></html>", "web page"),
        (b"\x00\xff\xfe\x01" * 500, "neither"),
        (b"%PDF-1.7 ...", "neither"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "neither"),
        (b"<" * 1_000_000, "tags"),
        (b"<rss>" * 300_000, "tags"),
        (rss(item(1, "&" * 9_000_000)), "entities"),
        (rss(item(1, "<a " + "a=1 " * 100_000 + ">")), "attributes"),
        (b'<?xml version="1.0"?><note><to>Vous</to></note>', "neither"),
    ],
)
def test_what_is_no_feed_is_one_clear_error(data: bytes, word: str) -> None:
    with pytest.raises(DocumentError, match=word):
        parse(data)


def test_xml_bombs_and_outside_files_go_off_unheard() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "boum" * 10}">' for n in range(10))
    outside = '<!ENTITY f SYSTEM "file:///etc/passwd">'
    for declared, used in ((lol, "&l9;"), (outside, "&f;")):
        data = rss(item(1, f"Avant {used} après."), head=f'<?xml version="1.0"?><!DOCTYPE rss [{declared}]>')
        started = time.monotonic()
        text = "".join(entry.text for entry in parse(data).entries)
        assert time.monotonic() - started < 2 and len(text) < 1_000 and "root:" not in text


def test_a_feed_cut_short_is_read_as_far_as_it_goes_and_says_so() -> None:
    whole = rss(item(1), item(2), item(3))
    feed = parse(whole[: whole.index(b"Titre 3")])
    assert feed.is_damaged and [entry.title for entry in feed.entries][:2] == ["Titre 1", "Titre 2"]
    assert not parse(whole).is_damaged


def test_an_empty_feed_is_a_feed_and_entries_of_no_use_are_counted() -> None:
    assert parse(rss()).entries == ()
    feed = parse(rss(item(1), item(2, "", title=""), item(3, "long " * 300_000)))
    assert len(feed.entries) == 1 and feed.unusable == 2


@given(
    st.binary(max_size=300)
    | st.binary(max_size=80).map(lambda junk: rss(item(1), item(2)).replace(b"Une phrase.", junk))
)
def test_any_bytes_are_a_feed_or_an_error(data: bytes) -> None:
    try:
        found = articles(data)
    except DocumentError as error:
        assert "\n" not in str(error)
        return
    for one in found:
        one.document.text.encode()
        assert one.document.text.strip() and one.document.id


# Fragments of HTML


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("Simple &amp; sans &eacute;clat", "Simple & sans éclat"),
        ("5 < 7 et 9 > 8", "5 < 7 et 9 > 8"),
        ("<p>Un</p><p>Deux<br/>lignes</p>", "Un\n\nDeux\nlignes"),
        ("<ul><li>a</li><li><p>b</p></li></ul>après", "- a\n\n- b\n\naprès"),
        ("<p>Vu<!-- caché -->\u00a0: <b>gras</b><i>italique</i></p>", "Vu\u00a0: grasitalique"),
        ("<script>alert(1)</script>reste<style>p{}</style> ici", "reste ici"),
        ("<img src=x onerror=alert(1)>Légende", "Légende"),
        ("<p>non fermé <b>du tout", "non fermé du tout"),
        ("<p>nul\x00 et \x08bip</p>", "nul et bip"),
        ("<p>&#xD800;moitié</p>", None),
        ("", ""),
        ("<p></p>", ""),
    ],
)  # fmt: skip
def test_fragments_become_what_a_reader_sees(fragment: str, text: str | None) -> None:
    found = plain_text(fragment)
    assert found == text or (text is None and found.endswith("moitié"))
    found.encode()


def test_deep_nesting_and_endless_attributes_neither_crash_nor_take_long() -> None:
    started = time.monotonic()
    assert plain_text("<div>" * 5_000 + "le fond &amp; la forme") == "le fond & la forme"
    assert time.monotonic() - started < 2


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<br>",
                "<li>",
                "<ul>",
                "</ul>",
                "<b>",
                "a",
                " ",
                "\n",
                "é",
                "&amp;",
                "<",
                ">",
                "<!--",
                "-->",
                "\x00",
                "\ud800",
            ]
        )
    ).map("".join)
)
def test_any_fragment_gives_tidy_text(fragment: str) -> None:
    found = plain_text(fragment)
    found.encode()
    assert found == found.strip("\n") and "\n\n\n" not in found and "\x00" not in found
