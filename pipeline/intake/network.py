"""Connections: only to public addresses, checked at the moment of connecting, and never beyond a deadline.

A name is looked up once, every answer is checked, and the connection goes to the very address that was checked, so
that a name cannot lead elsewhere between the check and the use. TLS still verifies the name.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import httpcore2 as httpcore

from pipeline.errors import DepecheError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]
"""A host and a port to the numeric addresses of it; OSError when there are none."""

# IANA special-purpose address registries (RFC 6890 and its successors), written out: what `ipaddress` calls global
# has changed between versions of Python, and some that carry an IPv4 address inside (NAT64, 6to4, Teredo) are global.
_SPECIAL = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
    "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 "
    "203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32 "  # the last: the platform's own address in Azure
    "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20"
)
_REFUSED = tuple(ip_network(text) for text in _SPECIAL.split())
_UNICAST = ip_network("2000::/3")  # all of IPv6 that is given out; loopback, mapped, NAT64, local lie outside


class FetchError(DepecheError):
    """Something could not be fetched; the next night tries again.

    `kind` is one of "refused" (not allowed), "network", "timeout", "status" (with `status`), "size", "form",
    "unasked" (its host was given up before).
    `retry_after`: seconds to wait, as the server asks.
    """

    def __init__(self, message: str, kind: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind, self.status, self.retry_after = kind, status, retry_after


class Deadline:
    """A moment that nothing may go beyond, however slowly bytes drip."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, timeout: float | None = None) -> float:
        """Return the seconds left, `timeout` at most.

        Raises:
            FetchError: none are.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError("it took too long in all", "timeout")
        return left if timeout is None else min(left, timeout)


def is_public(address: Address, allow: Sequence[Network] = ()) -> bool:
    """Say whether an address may be connected to: it is a public one, or lies in a network of `allow`."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in network for network in allow):
        return True
    outside = isinstance(address, IPv6Address) and address not in _UNICAST
    return not outside and address.is_global and not any(address in network for network in _REFUSED)


def look_up(host: str, port: int) -> list[str]:
    """Return the numeric addresses of a host, as the system's resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore.NetworkBackend):
    """Opens the connections of one request."""

    def __init__(self, deadline: Deadline, allow: Sequence[Network] = (), resolver: Resolver = look_up) -> None:
        self._deadline, self._allow, self._resolver = deadline, allow, resolver
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that is allowed and answers.

        Raises:
            FetchError: none is allowed, the name is unknown, or the time is over.
        """
        failure: Exception | None = None
        for address in self._checked(host, port):
            try:
                stream = self._backend.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.NetworkError, httpcore.TimeoutException) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure or FetchError(f"{host} has no address", "network")

    def _checked(self, host: str, port: int) -> list[str]:
        addresses = [ip_address(text) for text in self._looked_up(host, port)]
        allowed = [str(address) for address in addresses if is_public(address, self._allow)]
        if addresses and not allowed:
            raise FetchError(
                f"{host} is refused: {addresses[0]} is not a public address; the settings can allow it", "refused"
            )
        return allowed

    def _looked_up(self, host: str, port: int) -> Sequence[str]:
        """Ask the resolver in a thread of its own: it keeps no time, and cannot be interrupted."""
        answers: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolver(host, port))
            except (OSError, UnicodeError) as error:  # UnicodeError: a label that is empty or too long
                answers.put(error)

        Thread(target=ask, daemon=True, name=f"look up {host}").start()
        try:
            answer = answers.get(timeout=self._deadline.left())
        except Empty:
            raise FetchError(f"the address of {host} could not be found in time", "timeout") from None
        if isinstance(answer, Exception):
            raise FetchError(f"the address of {host} could not be found", "network") from answer
        return answer


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every wait ends at the deadline: the head of an answer may drip as well as its body."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
