"""Which pairs teach the rewriter to stay with what it reads: those that the check of the program itself would pass."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.facts.compare import unsupported
from pipeline.summarization.path import Path
from pipeline.summarization.wording import faults

_ALLOWED = frozenset({"broken"})  # measured by `rewording` instead
_OF_A_HEADLINE = frozenset({"broken", "fragment"})  # headlines leave out their verbs


def is_faithful(target: str, sources: Sequence[str], rewording: float, *, is_headline: bool = False) -> bool:
    """Say whether `target` says only what its sources say: every figure and name, no word made up, no "not" lost.

    `rewording` bounds the unsafe gaps of the path through the sources (`pipeline.summarization.path`), a word of the
    target: published standfirsts have 0.6 of them on average, sentences shortened by deletion none. What is worded
    more freely teaches a small model to invent.
    """
    if Path(sources).breaks(target) > rewording * len(target.split()):
        return False
    wrong = set(faults(target, sources)) - (_OF_A_HEADLINE if is_headline else _ALLOWED)
    return not wrong and not unsupported(target, sources)
