"""Fetching, against real servers on this machine: what is refused, what is bounded, what is asked how often."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from itertools import pairwise

import pytest

from pipeline.intake import FetchError, Limits, Web
from pipeline.intake.network import is_public
from pipeline.intake.robots import Robots

LOOPBACK = (ip_network("127.0.0.1/32"),)
Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A real HTTP server on the loopback address. `pages` maps paths to answers; `asked` lists what was asked for."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        site = self
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                with suppress(OSError):
                    site.pages.get(self.path, plain(b"", 404))(self)
                self.close_connection = True

            def log_message(self, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def plain(body: bytes, status: int = 200, **headers: str) -> Answer:
    """An answer in one piece; underscores in header names stand for hyphens."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def to(location: str, status: int = 302) -> Answer:
    return plain(b"", status, Location=location)


def in_turn(*answers: Answer) -> Answer:
    rest = iter(answers)
    return lambda handler: next(rest)(handler)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


QUICK = Limits(connect=1, read=0.5, total=1.2, pause=0, patience=1, most_bytes=100_000, allow=LOOPBACK)


def web(**changes: object) -> Web:
    return Web(replace(QUICK, **changes), resolver=names())


def names(**more: str) -> Callable[[str, int], Sequence[str]]:
    """A resolver of a few names, which needs no network."""
    known = {"127.0.0.1": "127.0.0.1", "journal.test": "127.0.0.1", "interne.test": "10.0.0.5"} | more

    def resolver(host: str, port: int) -> list[str]:
        if host.replace(".", "").isdigit() or ":" in host:
            return [host]
        if host not in known:
            raise socket.gaierror("unknown")
        return [known[host]]

    return resolver


def failure(web: Web, url: str, **options: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        web.get(url, **options)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return caught.value


# Which addresses


NOT_PUBLIC = """
127.0.0.1 127.8.9.1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 100.127.255.254 0.0.0.0
224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 192.0.0.8 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9 192.88.99.1
168.63.129.16 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::7f00:1 fe80::1 fe80::1%1 fec0::1 fc00::1
fd00:ec2::254 ff02::1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 2002:7f00:1:: 2001::1 2001:db8::1 3fff::1 5f00::1
100::1 4000::1
"""


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "192.0.1.1", "100.63.255.255", "172.32.0.1", "2a00:1450::1", "::ffff:8.8.8.8"]
)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_public(ip_address(address))


def test_allowed_networks_hold_mapped_addresses_too_and_nothing_else() -> None:
    assert is_public(ip_address("::ffff:127.0.0.1"), LOOPBACK)
    assert not is_public(ip_address("127.0.0.2"), LOOPBACK)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_loopback_is_refused_in_every_notation(site: Site, host: str) -> None:
    """With the system's own resolver, which reads the odd ones."""
    error = failure(Web(Limits(connect=1, total=2)), site.url(host=host))
    assert error.kind in ("refused", "network")  # network: a machine whose resolver does not know localhost
    assert site.asked == []


def test_a_redirect_to_a_private_address_is_refused_at_the_second_hop(site: Site) -> None:
    for target in (
        "http://169.254.169.254/latest/meta-data/",
        "http://interne.test/",
        "http://[fd00::1]/",
        "//10.0.0.1/",
    ):
        site.pages["/"] = to(target)
        assert failure(web(), site.url()).kind == "refused"


def test_a_redirect_to_another_scheme_is_refused(site: Site) -> None:
    for target in ("file:///etc/passwd", "ftp://journal.test/", "gopher://journal.test/", "data:text/plain,a"):
        site.pages["/"] = to(target)
        assert failure(web(), site.url()).kind == "refused"


def test_the_connection_goes_to_the_address_that_was_checked(site: Site) -> None:
    """A name that is public for the check and private for the use: it is looked up once for a connection."""
    answers = iter(["127.0.0.1", "10.0.0.5", "10.0.0.5"])
    site.pages["/"] = plain(b"ici")
    fetcher = Web(QUICK, resolver=lambda host, port: [next(answers)])
    assert fetcher.get(site.url(host="journal.test")).body == b"ici"
    assert site.asked[0][1]["host"] == f"journal.test:{site.port}"
    assert failure(fetcher, site.url(host="journal.test")).kind == "refused"


def test_of_several_addresses_only_the_allowed_ones_are_tried(site: Site) -> None:
    site.pages["/"] = plain(b"ici")
    fetcher = Web(QUICK, resolver=lambda host, port: ["10.0.0.5", "127.0.0.1"])
    assert fetcher.get(site.url(host="journal.test")).body == b"ici"


def test_an_unknown_name_and_a_slow_resolver_are_failures_in_time() -> None:
    assert failure(web(), "http://inconnu.test/").kind == "network"
    slow = Web(QUICK, resolver=lambda host, port: time.sleep(5) or [])  # type: ignore[func-returns-value]
    started = time.monotonic()
    assert failure(slow, "http://journal.test/").kind == "timeout"
    assert time.monotonic() - started < 3


def test_tls_verifies_the_name_and_not_the_address() -> None:
    trustme = pytest.importorskip("trustme")
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("journal.test").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    asked: list[str | None] = []
    server.sni_callback = lambda sock, name, context: asked.append(name)
    site = Site(server)
    site.pages["/"] = plain(b"chiffr\xc3\xa9")
    try:
        url = f"https://journal.test:{site.port}/"
        trusting = Web(QUICK, names(), client)
        assert trusting.get(url).body == "chiffré".encode()
        assert asked == ["journal.test"]
        assert "certificate" in str(failure(trusting, url.replace("journal.test", "127.0.0.1")))
        assert "certificate" in str(failure(Web(QUICK, names()), url))
    finally:
        site.close()


# How much, how long


def test_a_redirect_loop_ends_and_five_redirects_are_followed(site: Site) -> None:
    site.pages["/loop"] = to("/loop")
    error = failure(web(), site.url("/loop"))
    assert "redirects" in str(error) and len(site.asked) == 6
    site.pages |= {f"/{n}": to(f"/{n + 1}", status) for n, status in enumerate((301, 302, 303, 307, 308))}
    site.pages["/5"] = plain(b"enfin")
    page = web().get(site.url("/0"))
    assert page.body == b"enfin" and page.url == site.url("/5")


def test_more_than_the_cap_is_refused_by_its_header_and_without_one(site: Site) -> None:
    sent = []

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while len(sent) < 60:
            handler.wfile.write(bytes(1_000_000))
            sent.append(1)

    site.pages["/said"] = plain(b"", Content_Length="60000000")
    site.pages["/unsaid"] = endless
    assert failure(web(), site.url("/said")).kind == "size"
    assert failure(web(total=10), site.url("/unsaid")).kind == "size"
    assert len(sent) < 30  # the rest of the 60 MB was not waited for


def test_a_gzip_bomb_is_refused_and_proper_gzip_is_unpacked(site: Site) -> None:
    bomb = gzip.compress(bytes(20_000_000))
    assert len(bomb) < QUICK.most_bytes
    site.pages["/bomb"] = plain(bomb, Content_Encoding="gzip")
    tracemalloc.start()
    try:
        assert failure(web(), site.url("/bomb")).kind == "size"
        assert tracemalloc.get_traced_memory()[1] < 5_000_000  # the 20 MB never lay in memory
    finally:
        tracemalloc.stop()
    site.pages["/good"] = plain(gzip.compress(b"deux ") + gzip.compress(b"parties"), Content_Encoding="gzip")
    assert web().get(site.url("/good")).body == b"deux parties"
    site.pages["/short"] = plain(gzip.compress(bytes(range(256)) * 9)[:-12], Content_Encoding="gzip")
    site.pages["/wrong"] = plain(b"not packed", Content_Encoding="gzip")
    site.pages["/other"] = plain(b"?", Content_Encoding="br")
    assert [failure(web(), site.url(path)).kind for path in ("/short", "/wrong", "/other")] == ["form"] * 3


def test_an_answer_cut_short_is_a_failure_and_tried_once_more(site: Site) -> None:
    site.pages["/"] = plain(b"abc", Content_Length="10")
    assert failure(web(), site.url()).kind == "network"
    assert len(site.asked) == 2


def test_a_server_that_is_silent_does_not_hold_up_the_night(site: Site) -> None:
    site.pages["/"] = lambda handler: time.sleep(3)
    started = time.monotonic()
    assert failure(web(), site.url()).kind == "timeout"
    assert time.monotonic() - started < 1.2 and len(site.asked) == 1


def test_bytes_that_drip_end_at_the_deadline_in_the_body_and_in_the_head(site: Site) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        for _ in range(60):
            handler.wfile.write(b"x")
            time.sleep(0.1)

    def body(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        drip(handler)

    def head(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        drip(handler)

    for path, answer in (("/body", body), ("/head", head)):
        site.pages[path] = answer
        started = time.monotonic()
        assert failure(web(), site.url(path)).kind == "timeout"
        assert 1 < time.monotonic() - started < 2.5


def test_what_is_no_http_is_a_failure(site: Site) -> None:
    site.pages["/"] = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n") and None
    assert failure(web(), site.url()).kind == "network"
    site.close()
    assert failure(web(), site.url()).kind == "network"


# What is asked, and how often


def test_requests_name_the_program_and_carry_no_cookies(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.pages["/"] = plain(b"", 302, Location="/b", Set_Cookie="a=1")
    site.pages["/b"] = plain(b"ok")
    assert web().get(site.url(), {"If-None-Match": '"1"'}).status == 200
    for _, headers in site.asked:
        assert headers["user-agent"].startswith("depeche/") and "cookie" not in headers
        assert headers["if-none-match"] == '"1"'


def test_an_unchanged_page_is_an_answer(site: Site) -> None:
    site.pages["/"] = plain(b"", 304)
    assert web().get(site.url()).status == 304


def test_a_busy_server_is_asked_once_more_when_it_says_soon_and_left_alone_when_late(site: Site) -> None:
    site.pages["/soon"] = in_turn(plain(b"", 503, Retry_After="0"), plain(b"ok"))
    assert web().get(site.url("/soon")).body == b"ok"
    site.pages["/late"] = plain(b"", 429, Retry_After="3600")
    error = failure(web(), site.url("/late"))
    assert (error.status, error.retry_after) == (429, 3600)
    site.pages["/date"] = plain(b"", 503, Retry_After="Wed, 21 Oct 2099 07:28:00 GMT")
    assert (failure(web(), site.url("/date")).retry_after or 0) > 1e9
    assert site.paths().count("/late") == 1


@pytest.mark.parametrize("status", [204, 206, 300, 401, 404, 410, 500])
def test_any_other_status_is_a_failure(site: Site, status: int) -> None:
    site.pages["/"] = plain(b"", status)
    assert failure(web(), site.url()).status == status


def test_a_host_is_asked_one_at_a_time_with_a_pause(site: Site) -> None:
    running, most, times = [0], [0], []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        times.append(time.monotonic())
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.05)
        running[0] -= 1
        plain(b"ok")(handler)

    site.pages["/"] = answer
    fetcher = web(pause=0.15)
    threads = [threading.Thread(target=fetcher.get, args=(site.url(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert all(later - earlier > 0.15 for earlier, later in pairwise(times))


# robots.txt


def test_robots_rules_are_kept_longest_match_first_with_wildcards(site: Site) -> None:
    rules = (
        b"User-agent: *\nDisallow: /prive/\nAllow: /prive/ouvert\nDisallow: /*.pdf$\n\nUser-agent: autre\nDisallow: /\n"
    )
    site.pages["/robots.txt"] = plain(rules)
    robots = Robots(web())
    paths = ("/", "/prive/a", "/prive/ouvert/a", "/a.pdf", "/a.pdf?x")
    assert [robots.allows(site.url(path)) for path in paths] == [True, False, True, False, True]
    assert site.paths() == ["/robots.txt"]  # once a run


def test_robots_rules_for_this_program_go_before_those_for_all(site: Site) -> None:
    site.pages["/robots.txt"] = plain(b"User-agent: *\nAllow: /\n\nUser-agent: Depeche\nDisallow: /\n")
    assert not Robots(web()).allows(site.url("/a"))


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (410, True), (429, False), (500, False), (503, False)]
)
def test_robots_that_cannot_be_had_follow_rfc_9309(site: Site, status: int, allowed: bool) -> None:
    site.pages["/robots.txt"] = plain(b"", status)
    assert Robots(web()).allows(site.url("/a")) is allowed


def test_robots_that_are_unreachable_or_endless(site: Site) -> None:
    site.pages["/robots.txt"] = plain(b"User-agent: *\nDisallow: /a\n" + b"# ...............\n" * 60_000)
    robots = Robots(web())
    assert not robots.allows(site.url("/a")) and robots.allows(site.url("/b"))
    site.close()
    assert not Robots(web()).allows(site.url("/a"))


def test_permission_is_asked_for_every_hop(site: Site) -> None:
    site.pages["/a"] = to("/prive/b")
    site.pages["/robots.txt"] = plain(b"User-agent: *\nDisallow: /prive/\n")
    fetcher = web()
    error = failure(fetcher, site.url("/a"), permit=Robots(fetcher).allows)
    assert error.kind == "refused" and "/prive/b" not in site.paths()


def test_a_crawl_delay_slows_down_and_is_bounded(site: Site) -> None:
    site.pages["/robots.txt"] = plain(b"User-agent: *\nCrawl-delay: 86400\n")
    fetcher = web()
    Robots(fetcher).allows(site.url("/a"))
    assert fetcher.turns._turn("127.0.0.1").pause == 30
