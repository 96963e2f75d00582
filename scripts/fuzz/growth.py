"""Does time grow with the length, or with its square? Every step over text is timed at one length and at four times it.

A step that takes four times the text in more than `STEEP` times the time, at the larger of two tries, is reported with
the shape of the text that does it.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

from pipeline.document import Document
from pipeline.errors import DocumentError
from pipeline.facts import assertions as reading
from pipeline.facts.assertions import assertions
from pipeline.facts.compare import compare, unsupported
from pipeline.facts.naming import added, missing
from pipeline.guards.clauses import fitting
from pipeline.guards.hypothesis import problems
from pipeline.guards.repair import repaired
from pipeline.languages.identify import identify
from pipeline.languages.normalize import normalize
from pipeline.languages.sentences import split
from pipeline.readers.encoding import decode
from pipeline.seq2seq import Hypothesis
from pipeline.stages.clean import clean
from pipeline.stages.detect import detect
from pipeline.stages.segment import segment
from scripts.fuzz.capitals import Capitals
from scripts.fuzz.tokens import shape

STEEP = 8.0  # four times the text: 4 is linear, 16 is quadratic
_NOTICED = 0.08  # seconds; less is noise
_LONGEST = 20.0  # seconds that one call may take before it is given up
_ENGLISH = "The mayor said on Monday that 12 schools would open, for 2.5 million euros."

Step = Callable[[str], Any]


def _until_sentences(text: str) -> Document:
    return segment(detect(Document("a", text, segments=tuple(clean(text)))))


def _decoded(text: str) -> None:
    for data in (text.encode(), text.encode("utf-16"), text.encode("cp1252", "ignore")):
        with suppress(DocumentError):
            decode(data)


STEPS: Mapping[str, Step] = {
    "decode": _decoded,
    "normalize": normalize,
    "clean": lambda text: list(clean(text)),
    "identify": identify,
    "split": lambda text: (split(text, "fr"), split(text, "en")),
    "segment": _until_sentences,
    "assertions": lambda text: (assertions(text, "fr"), assertions(text, "en")),
    "missing": lambda text: list(missing(text, "fr", _ENGLISH, "en")),
    "added": lambda text: list(added(text, "en", _ENGLISH, "fr")),
    "compare": lambda text: (compare(text, "fr", text[:-1], "en"), compare(text, "fr", _ENGLISH, "en")),
    "unsupported": lambda text: (unsupported(text, [_ENGLISH]), unsupported(_ENGLISH, [text])),
    "problems": lambda text: problems(text, Hypothesis(text[:-1], -1.0), "fr", "en"),
    "repaired": lambda text: repaired(text, "fr", text[:-1], "en"),
    "fitting": lambda text: fitting(Capitals(), text),
}


@dataclass(frozen=True, slots=True)
class Growth:
    """What one step took for a text and for one of four times its length, in seconds of the processor."""

    step: str
    shape: str
    length: int
    once: float
    four_times: float

    @property
    def is_steep(self) -> bool:
        """Say whether the time grew faster than the text."""
        return self.four_times > _NOTICED and self.four_times > STEEP * max(self.once, 0.002)


def steep(count: int, seed: int, length: int = 4000, steps: Mapping[str, Step] = STEPS) -> Iterator[Growth]:
    """Yield each step, for `count` shapes of text, whose time grows faster than the text does."""
    for number in range(count):
        for name, step in steps.items():
            growth = measured(name, step, numbered(seed, number), length)
            if growth.is_steep and measured(name, step, numbered(seed, number), 2 * length).is_steep:
                yield growth


def numbered(seed: int, number: int) -> Callable[[int], str]:
    """Return what makes shape `number` of a seed at any length."""
    return lambda size: shape(random.Random(f"{seed}/{number}"), size)


def measured(name: str, step: Step, make: Callable[[int], str], length: int) -> Growth:
    """Time a step over a shape of text at a length and at four times that."""
    step(make(64))  # what is compiled or loaded at the first call
    return Growth(name, repr(make(48)), length, _seconds(step, make(length)), _seconds(step, make(4 * length)))


def _seconds(step: Step, text: str) -> float:
    earlier = signal.signal(signal.SIGPROF, _give_up)
    signal.setitimer(signal.ITIMER_PROF, _LONGEST)
    for kept in (reading._kept, reading._kept_long):  # what was read once would take no time the second time
        kept.cache_clear()
    start = time.process_time()
    try:
        step(text)
        return time.process_time() - start
    except TimeoutError:
        return _LONGEST
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, earlier)


def _give_up(number: int, frame: FrameType | None) -> None:
    raise TimeoutError
