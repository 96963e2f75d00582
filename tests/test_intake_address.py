"""Addresses: which are links, and which mean one page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.address import canonical, identity, link, request

PAGE = "https://journal.example/economie/usine-de-brest"


@pytest.mark.parametrize(
    "url",
    [
        "HTTPS://Journal.Example/economie/usine-de-brest",
        "https://journal.example:443/economie/usine-de-brest",
        "https://journal.example./economie/usine-de-brest",
        "https://journal.example/economie/usine-de-brest/",
        "https://journal.example/economie/usine-de-brest?",
        "https://journal.example/economie/usine-de-brest#xtor=RSS-3208",
        "https://journal.example/economie/usine-de-brest?xtor=RSS-1&utm_source=rss&utm_medium=feed",
        "https://journal.example/economie/usine-de-brest?fbclid=a&gclid=b&at_medium=c&mtm_kwd=d&amp;utm_id=e&UTM_Term=f",
        "https://journal.example/economie/usine-de-brest?utm%5Fsource=rss",
        "https://journal.example/sport/../economie/./usine-de-brest",
        "https://journal.example/economie/usine%2Dde%2dbrest",
        "  https://journal.example/economie/usine-\nde-brest\t",
    ],
)
def test_one_page_has_one_address(url: str) -> None:
    assert canonical(url) == PAGE


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("/article?12345", "/article?12346"),  # courlan drops what has no value, and these are two articles
        ("/article?id=", "/article"),
        ("/article?reference=1", "/article?reference=2"),  # courlan takes it for a referrer
        ("/a?galerie=1", "/a?galerie=2"),  # and this for Google Analytics
        ("/a?source_id=1", "/a?source_id=2"),
        ("/a?session=1", "/a?session=2"),
        ("/a//b", "/a/b"),
        ("/A", "/a"),
        ("/a%2Fb", "/a/b"),
        ("/a?x=1&x=2", "/a?x=2"),
        ("/a?page=1", "/a?page=2"),
    ],
)
def test_two_pages_have_two_addresses(left: str, right: str) -> None:
    assert canonical("https://journal.example" + left) != canonical("https://journal.example" + right)


def test_the_order_of_the_query_and_the_way_of_escaping_mean_nothing() -> None:
    assert canonical("https://j.example/a?b=2&a=1") == canonical("https://j.example/a?a=1&b=2")
    assert (
        canonical("https://j.example/été")
        == canonical("https://j.example/%c3%a9t%C3%A9")
        == "https://j.example/%C3%A9t%C3%A9"
    )
    assert canonical("https://bücher.example/") == canonical("https://xn--bcher-kva.example")


def test_an_article_is_the_same_when_its_site_moves_to_https() -> None:
    assert identity("http://j.example:80/a/") == identity("https://j.example/a") == "j.example/a"
    assert identity("http://j.example:8080/a") == "j.example:8080/a"


@pytest.mark.parametrize(
    "url",
    [
        "", "journal.example/a", "//journal.example/a", "/a", "javascript:alert(1)", "data:text/html,a", "ftp://j.example/a",
        "file:///etc/passwd", "mailto:a@j.example", "http://", "http:///a", "https://lemonde.example@evil.example/",
        "https://user:secret@j.example/", "https://j.example:99999/", "https://j.example:port/", "http://[::1", "http://[fe80::1%25eth0]/",
        "https://j.example/" + "a" * 5_000, "http://\ud800.example/", "vbscript:http://j.example",
    ],
)  # fmt: skip
def test_what_is_no_link(url: str) -> None:
    assert link(url) is None and canonical(url) is None and request(url) is None


def test_a_link_works_as_the_site_wrote_it() -> None:
    """The slash, the order and the marks of the query stay; tracking goes, unless the server is to be asked."""
    url = "https://j.example/a/?z=1&12345&utm_source=rss#commentaires"
    assert link(url) == "https://j.example/a/?z=1&12345"
    assert request(url) == "https://j.example/a/?z=1&12345&utm_source=rss"


def test_a_backslash_is_a_slash_as_in_browsers() -> None:
    assert (link("http://j.example\\@evil.example/") or "").startswith("http://j.example/")


parts = st.lists(
    st.sampled_from([*"abAB12é&=?/.;+%:@-_~ #[]\\\"'<>\u202e\n", "%2F", "utm_", "xtor=", "%C3%A9", "..", "//"]),
    max_size=14,
).map("".join)
addresses = st.builds(
    "{}://{}{}/{}?{}#{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["j.example", "J.Example.", "été.example", "[2001:DB8::1]", "192.0.2.1"]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    parts,
    parts,
    parts,
)


@given(addresses | st.text(max_size=40))
def test_the_canonical_form_is_canonical_and_safe(url: str) -> None:
    """Idempotent; a link of it or of a link is the same page; only ASCII that may stand in a page."""
    found = canonical(url)
    if found is None:
        assert link(url) is None
        return
    assert canonical(found) == found
    assert canonical(link(url) or "") == found
    assert found.startswith(("http://", "https://")) and found.isascii() and found.isprintable()
    assert not set(found) & set(' "<>\\^`{|}')


@given(
    addresses,
    st.lists(st.sampled_from(["utm_source=rss", "xtor=RSS-1", "fbclid=x", "at_medium=y", "gclid"]), max_size=3),
)
def test_tracking_changes_nothing(url: str, tracking: list[str]) -> None:
    head, _, fragment = url.partition("#")
    query = head if "?" in head else head + "?"
    assert canonical("&".join([query, *tracking]) + "#" + fragment) == canonical(url)
