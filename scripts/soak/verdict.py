"""Is it flat? The rule by which a soak passes, stated once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import linear_regression, median

from scripts.soak.sample import Sample

WARM_UP = 0.2  # of the time: models load, caches fill
GROWTH = 0.05  # of the memory after the warm-up, that may be added from there to the end
SLACK_MB = 8.0  # and what a short soak may add in any case
MORE = 2  # files or threads that may be open more at the end
SPEED = 0.75  # of the first half's documents a second of processor, that the second half must reach
FEWEST = 4  # samples after the warm-up, to say anything

RULE = (
    f"flat: after the first {WARM_UP:.0%} of the time, and once documents come out, the trend of the memory"
    f" (least squares) adds at most {GROWTH:.0%}"
    f" or {SLACK_MB:.0f} MB until the end; no more than {MORE} files or threads more; the second half does at least"
    f" {SPEED:.0%} of the first half's documents a second of processor"
)


def warm(samples: Sequence[Sample]) -> list[Sample]:
    """Return the samples after the warm-up, which lasts at least until the first documents are finished."""
    end = samples[-1].seconds if samples else 0.0
    return [sample for sample in samples if sample.seconds > WARM_UP * end and sample.documents]


def slope(samples: Sequence[Sample]) -> float:
    """Return the trend of the memory in MB an hour."""
    if len(samples) < 2:
        return 0.0
    return 3600 * linear_regression([s.seconds for s in samples], [s.rss_mb for s in samples]).slope


def faults(samples: Sequence[Sample]) -> Iterator[str]:
    """Yield what is not flat; nothing when the soak passes."""
    found = warm(samples)
    if len(found) < FEWEST:
        yield f"only {len(found)} samples after the warm-up with documents finished: soak for longer"
        return
    first, last = found[0], found[-1]
    added = slope(found) * (last.seconds - first.seconds) / 3600
    allowed = max(GROWTH * median(s.rss_mb for s in found[: len(found) // 2]), SLACK_MB)
    if added > allowed:
        yield f"memory: the trend adds {added:.1f} MB, more than {allowed:.1f}"
    for name, values in (("files", [s.files for s in found]), ("threads", [s.threads for s in found])):
        half = len(values) // 2
        if median(values[half:]) > median(values[:half]) + MORE:
            yield f"{name}: {median(values[:half])} in the first half, {median(values[half:])} in the second"
    middle = found[len(found) // 2]
    before, after = _speed(first, middle), _speed(middle, last)
    if after < SPEED * before:
        yield f"speed: {before:.2f} documents a second of processor in the first half, {after:.2f} in the second"


def _speed(start: Sample, end: Sample) -> float:
    return (end.documents - start.documents) / max(end.cpu_seconds - start.cpu_seconds, 1e-6)
