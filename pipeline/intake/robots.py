"""robots.txt (RFC 9309), asked before the page of an article is fetched.

Protego (of the Scrapy project) reads it: the longest rule wins and * and $ are understood, as the RFC wants.
`urllib.robotparser` takes the first rule that matches and knows no wildcards.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from protego import Protego

from pipeline.intake.address import host_of
from pipeline.intake.fetching import AGENT, Web
from pipeline.intake.network import FetchError

_MOST_BYTES = 512_000  # RFC 9309, 2.5: at least 500 kibibytes are read


class Robots:
    """The rules of the sites that one run has met. Threads may share it: at worst one file is fetched twice."""

    def __init__(self, web: Web, agent: str = AGENT) -> None:
        self._web, self._agent = web, agent
        self._rules: dict[str, Protego | bool] = {}

    def allows(self, url: str) -> bool:
        """Say whether the site lets us fetch an address.

        RFC 9309, 2.3.1: no such file (4xx) allows everything, one that cannot be had now (5xx, silence) nothing. So
        does 429, which asks for fewer requests, and not for more.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = self._fetched(origin)
        rules = self._rules[origin]
        return rules if isinstance(rules, bool) else bool(rules.can_fetch(url, self._agent))

    def _fetched(self, origin: str) -> Protego | bool:
        try:
            page = self._web.get(f"{origin}/robots.txt", most_bytes=_MOST_BYTES, cut=True)
        except FetchError as error:
            return error.status is not None and 400 <= error.status < 500 and error.status != 429
        rules = Protego.parse(page.body.decode("utf-8-sig", "replace"))
        delay = rules.crawl_delay(self._agent)
        if delay is not None:
            self._web.turns.slow_down(host_of(origin), delay)
        return rules
