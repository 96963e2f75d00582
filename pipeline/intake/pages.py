"""The pages of articles, where the feed has only a teaser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.errors import ConfigError, DecodingError, DocumentError
from pipeline.intake.address import host_of
from pipeline.intake.fetching import Page, Web
from pipeline.intake.network import FetchError
from pipeline.intake.patience import Patience
from pipeline.intake.robots import Robots
from pipeline.readers import ReadOptions, html
from pipeline.readers.listing import File

_MOST_BYTES = 5_000_000
_HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class _Fetched(File):
    """A page that is in memory already."""

    data: bytes = b""

    def load(self, limit: int) -> bytes:
        """Return the page; its length was checked while it came."""
        return self.data


def fetch_pages(urls: Iterable[str], web: Web, workers: int) -> dict[str, Page | FetchError]:
    """Return the pages, or why they could not be had. Hosts in parallel, each one politely."""
    robots = Robots(web)
    by_host = _by_host(dict.fromkeys(urls))
    with ThreadPoolExecutor(workers, "pages") as pool:
        answers = pool.map(lambda urls: list(_of_one_host(urls, web, robots)), by_host.values())
        return {url: page for some in answers for url, page in some}


def text_of(page: Page) -> str:
    """Return the text of the article on a page: its headline, its paragraphs.

    Raises:
        DocumentError: it is no page of HTML, its bytes are not text, or there is no article on it.
    """
    kind = page.headers.get("content-type", _HTML[0]).partition(";")[0].strip().lower()
    if kind not in _HTML:
        raise DocumentError("the link leads to no page of HTML")
    file = _Fetched(Path("page.html"), "page", data=page.body)
    try:
        return _read(file, ReadOptions())
    except DecodingError:
        return _read(file, _declared(page.headers))


def _read(file: File, options: ReadOptions) -> str:
    return "".join(document.text for _, document in html.read(file, options)).strip("\n")


def _declared(headers: Mapping[str, str]) -> ReadOptions:
    """Read by the encoding that the server names, which is wrong too often to go first."""
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", headers.get("content-type", ""), re.IGNORECASE)
    try:
        return ReadOptions(encoding=charset[1] if charset else None)
    except ConfigError as error:
        raise DecodingError("the page names an encoding that is unknown") from error


def _by_host(urls: Iterable[str]) -> dict[str, list[str]]:
    by_host: dict[str, list[str]] = {}
    for url in urls:
        by_host.setdefault(host_of(url), []).append(url)
    return by_host


def _of_one_host(urls: list[str], web: Web, robots: Robots) -> Iterator[tuple[str, Page | FetchError]]:
    patience = Patience(host_of(urls[0]))
    for url in urls:
        yield url, patience.ask(partial(web.get, url, most_bytes=_MOST_BYTES, permit=robots.allows))
