"""The sources and the limits of the network, as the configuration has them."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

from pipeline.config import Config
from pipeline.intake import DropSource, FeedSource, Limits, Source, Web
from pipeline.readers import ReadOptions

_MEGABYTE = 1_000_000


def sources(config: Config) -> list[Source]:
    """Return what a night reads, in the order of the configuration: folders first.

    Raises:
        ConfigError: the address of a feed cannot be meant.
    """
    intake = config.intake
    options = ReadOptions(intake.text_field, intake.id_field, max_bytes=config.run.max_document_bytes)
    drops = [DropSource(Path(folder), options=options) for folder in intake.folders]
    feeds = [FeedSource(feed.url, feed.name, feed.full_text, config.digest.timezone) for feed in intake.feeds]
    return [*drops, *feeds]


def web(config: Config) -> Web | None:
    """Return the way to the network; None where no feed is asked for, and then nothing uses it."""
    intake = config.intake
    if not intake.feeds:
        return None
    limits = Limits(
        connect=intake.timeout_s,
        total=intake.deadline_s,
        most_bytes=round(intake.max_mb * _MEGABYTE),
        pause=intake.delay_s,
        allow=tuple(ip_network(network) for network in intake.allow_networks),
    )
    return Web(limits)
