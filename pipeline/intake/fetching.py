"""Fetching: the one place of this program that uses the network, and only when feeds are asked for.

httpcore lets the program open the connections itself (its network backend), so that every hop is checked where it
connects. It follows no redirects, keeps no cookies, reads no proxies from the environment and unpacks nothing;
redirects and gzip are dealt with here, within the caps.
"""

from __future__ import annotations

import re
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import httpcore2 as httpcore

from pipeline.intake.address import host_of, request
from pipeline.intake.network import Deadline, FetchError, GuardedBackend, Network, Resolver, look_up
from pipeline.intake.turns import Turns
from pipeline.version import __version__

AGENT = "depeche"  # the product token, which robots.txt addresses
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
_GZIP = 16 + zlib.MAX_WBITS
_CHUNK = 1 << 16
_CONTENT_LENGTH = re.compile(r"\d{1,18}")


@dataclass(frozen=True, slots=True)
class Limits:
    """What fetching may take. Times in seconds; `total` is for one address with all its redirects.

    `pause`: between two requests to a host. `patience`: the longest wait for one more try that a busy server asks
    for; a longer one is left to the next night. `allow`: networks that are not public and may be connected to.
    """

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    most_bytes: int = 10_000_000
    redirects: int = 5
    pause: float = 1.0
    patience: float = 10.0
    allow: tuple[Network, ...] = ()
    user_agent: str = f"{AGENT}/{__version__} (news digest)"


@dataclass(frozen=True, slots=True)
class Page:
    """What came: the address in the end, the status (200 or 304), the headers in lower case, the bytes unpacked."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Web:
    """Fetches within limits. Threads may share one.

    `resolver` finds the addresses of a name; `tls` verifies servers (None: the certificates of the system).
    """

    def __init__(
        self, limits: Limits | None = None, resolver: Resolver = look_up, tls: ssl.SSLContext | None = None
    ) -> None:
        self.limits = limits or Limits()
        self.turns = Turns(self.limits.pause)
        self._resolver, self._tls = resolver, tls or httpcore.default_ssl_context()

    def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        most_bytes: int | None = None,
        cut: bool = False,
        permit: Callable[[str], bool] | None = None,
    ) -> Page:
        """Return the page at an address, or that it has not changed (304).

        `headers` are added (validators). `cut`: leave off what is over `most_bytes`, rather than refuse. `permit` is
        asked before every hop.

        Raises:
            FetchError: it could not be had; the message names hosts, never whole addresses.
        """
        left = self.limits.total
        cap = most_bytes or self.limits.most_bytes
        for _ in range(self.limits.redirects + 1):
            address = request(url)
            if address is None:
                raise FetchError("not an address of http or https without a user's name", "refused")
            if permit is not None and not permit(address):
                raise FetchError(f"robots.txt of {host_of(address)} does not allow it", "refused")
            page, spent = self._hop(address, headers or {}, cap, cut, left)
            left -= spent
            if page.status not in _REDIRECTS:
                return page
            url = urljoin(page.url, page.headers.get("location", ""))
        raise FetchError(f"more than {self.limits.redirects} redirects", "status")

    def _hop(self, url: str, headers: Mapping[str, str], cap: int, cut: bool, left: float) -> tuple[Page, float]:
        """Ask once, and once more where that may help; return the time spent too, without the waiting for a turn."""
        spent, again = 0.0, True
        while True:
            with self.turns.at(host_of(url)):
                started = time.monotonic()
                try:
                    return self._ask(url, headers, cap, cut, left - spent), spent + time.monotonic() - started
                except FetchError as error:
                    spent += time.monotonic() - started
                    pause = self._worth_waiting(error) if again else None
                    if pause is None or spent + pause >= left:
                        raise
            again = False
            time.sleep(pause)

    def _worth_waiting(self, error: FetchError) -> float | None:
        """Return how long to wait for one more try; None: there is none. A server that was silent is left alone."""
        if error.kind == "network":
            return 0.0
        if error.status in _BUSY and error.retry_after is not None and error.retry_after <= self.limits.patience:
            return error.retry_after
        return None

    def _ask(self, url: str, headers: Mapping[str, str], cap: int, cut: bool, seconds: float) -> Page:
        host = host_of(url)
        backend = GuardedBackend(Deadline(seconds), self.limits.allow, self._resolver)
        sent = {"Host": _host_header(url), "User-Agent": self.limits.user_agent, "Accept-Encoding": "gzip", **headers}
        times = {"connect": self.limits.connect, "read": self.limits.read, "write": self.limits.read}
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
                pool.stream("GET", url, headers=list(sent.items()), extensions={"timeout": times}) as response,
            ):
                got = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                body = _body(response.iter_stream(), response.status, got, cap, cut, host)
                return Page(url, response.status, got, body)
        except httpcore.TimeoutException as error:
            raise FetchError(f"{host} did not answer in time", "timeout") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            raise FetchError(f"{host} could not be reached, or broke off ({_reason(error)})", "network") from error
        except ValueError as error:  # a host that is no name, a header that is none
            raise FetchError(f"{host} cannot be asked ({type(error).__name__})", "form") from error


def _host_header(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition("?")[0]


def _reason(error: Exception) -> str:
    cause: object = error
    while isinstance(cause, Exception) and cause.args and isinstance(cause.args[0], Exception):
        cause = cause.args[0]  # the library wraps what the system says
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"certificate: {cause.verify_message}"
    return type(cause).__name__


def _body(stream: Iterator[bytes], status: int, headers: Mapping[str, str], cap: int, cut: bool, host: str) -> bytes:
    if status in _REDIRECTS or status == 304:
        return b""
    if status != 200:
        raise FetchError(f"{host} answered {status}", "status", status, _retry_after(headers))
    length = headers.get("content-length", "")
    if not cut and _CONTENT_LENGTH.fullmatch(length) and int(length) > cap:
        raise _too_long(host, cap)
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "", "gzip", "x-gzip"):
        raise FetchError(f"{host} packed its answer in a way that was not asked for", "form")
    pieces = _unpacked(stream, host) if packing.endswith("gzip") else stream
    return _capped(pieces, cap, cut, host)


def _capped(pieces: Iterator[bytes], cap: int, cut: bool, host: str) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > cap:
            if not cut:
                raise _too_long(host, cap)
            return bytes(body[:cap])
    return bytes(body)


def _too_long(host: str, cap: int) -> FetchError:
    return FetchError(f"the answer of {host} is longer than {cap:,} bytes", "size")


def _unpacked(stream: Iterator[bytes], host: str) -> Iterator[bytes]:
    """Unpack gzip in small pieces: a bomb never lies in memory as a whole."""
    unpacker = zlib.decompressobj(_GZIP)
    packed = False
    try:
        for chunk in stream:
            packed = packed or bool(chunk)
            while chunk:
                if unpacker.eof:  # gzip may hold several members, one behind the other
                    unpacker = zlib.decompressobj(_GZIP)
                yield unpacker.decompress(chunk, _CHUNK)
                chunk = unpacker.unconsumed_tail or unpacker.unused_data
    except zlib.error as error:
        raise FetchError(f"the answer of {host} is no proper gzip", "form") from error
    if packed and not unpacker.eof:
        raise FetchError(f"the answer of {host} is cut short", "form")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a server asks to wait; a date counts from the server's own (RFC 9110, 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return max(0.0, wait.total_seconds())
