"""Intake: what comes in, and what of it is new.

`take` reads the sources and notes their articles in the `State`; `State.pending` gives what no delivered digest holds
yet; `State.mark_delivered` is called when the digest is safely written. `Web` is the only way to the network.
"""

from __future__ import annotations

from pipeline.intake.address import canonical, link
from pipeline.intake.articles import Article, content_hash, key
from pipeline.intake.fetching import Limits, Page, Web
from pipeline.intake.network import FetchError
from pipeline.intake.remembered import FeedState, Known, Noted, Window
from pipeline.intake.sources import DropSource, FeedSource, Source, SourceReport
from pipeline.intake.state import State, StateError
from pipeline.intake.taking import Intake, take

__all__ = [
    "Article",
    "DropSource",
    "FeedSource",
    "FeedState",
    "FetchError",
    "Intake",
    "Known",
    "Limits",
    "Noted",
    "Page",
    "Source",
    "SourceReport",
    "State",
    "StateError",
    "Web",
    "Window",
    "canonical",
    "content_hash",
    "key",
    "link",
    "take",
]
