"""Web addresses: which ones are links, and when two mean one page.

w3lib (of the Scrapy project) percent-encodes, resolves dot segments and sorts the query. It leaves alone what is
done here: other schemes, names of users, default ports, the dot behind a host, tracking parameters, the last slash.
courlan, which trafilatura brings along, takes too much away: `?12345`, `?reference=12` and `?galerie=3` are gone.
"""

from __future__ import annotations

from urllib.parse import SplitResult, unquote_plus, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

_PORTS = {"http": 80, "https": 443}
_LONGEST = 4_096

# Parameters that say where a reader came from and nothing of the page. Sources: the query-stripping list of Firefox,
# the documentation of Piano Analytics (xt*, at_*: most French papers), Matomo, Adobe and Mailchimp.
_NAMES = (
    "_ga _gl _hsenc _hsmi __twitter_impression cmpid dclid fb_action_ids fb_action_types fb_ref fbclid gad_source "
    "gbraid gclid gclsrc igsh igshid li_fat_id mc_cid mc_eid mkt_tok msclkid ns_campaign ns_linkname ns_mchannel "
    "ns_source oly_anon_id oly_enc_id ref_src s_cid srsltid ttclid twclid vero_id wbraid wickedid wt.mc_id xtatc xtcr "
    "xtmc xtnp xtor xtref yclid"
)
_TRACKING = frozenset(_NAMES.split())
_TRACKING_PREFIXES = ("utm_", "at_", "pk_", "mtm_", "matomo_", "piwik_", "hsa_")


def link(url: str) -> str | None:
    """Return an address that may stand in a page: http(s), percent-encoded, without tracking and fragment.

    None: it is no such address, is longer than 4,096 characters, or holds the name of a user (a common disguise).
    """
    parts = _split(url)
    return None if parts is None else urlunsplit(parts)


def request(url: str) -> str | None:
    """Return an address to fetch: as `link`, but with the whole query; some servers redirect until they see theirs."""
    parts = _split(url, tracking=True)
    return None if parts is None else urlunsplit(parts)


def canonical(url: str) -> str | None:
    """Return the one form of all addresses that mean the same page; None where `link` is None.

    On top of `link`: the query sorted, no slash or empty parameter at the end of the path. Idempotent.
    """
    parts = _split(url)
    if parts is None:
        return None
    try:
        parts = urlsplit(canonicalize_url(urlunsplit(parts)))
    except ValueError:
        return None
    return urlunsplit(parts._replace(path=parts.path.rstrip("/;") or "/"))


def identity(url: str) -> str | None:
    """Return what an article is known by: its canonical address without the scheme, for sites that move to https."""
    address = canonical(url)
    return None if address is None else address.partition("://")[2]


def host_of(url: str) -> str:
    """Return the host of an address that `link` has let through."""
    return urlsplit(url).hostname or ""


def _split(url: str, tracking: bool = False) -> SplitResult | None:
    try:
        # The tabs and line breaks that addresses are wrapped with in feeds are no part of them (WHATWG URL, 4.4).
        parts = urlsplit(safe_url_string(url.strip()))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except (ValueError, UnicodeError):
        return None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host or "@" in parts.netloc or len(url) > _LONGEST or "%" in host:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port not in (None, _PORTS[scheme]):
        netloc += f":{port}"
    return SplitResult(scheme, netloc, parts.path or "/", parts.query if tracking else _untracked(parts.query), "")


def _untracked(query: str) -> str:
    return "&".join(field for field in query.split("&") if field and not _tracks(field))


def _tracks(field: str) -> bool:
    name = unquote_plus(field.partition("=")[0]).lower().removeprefix("amp;")  # feeds that escape twice
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)
