"""Token batches: longest first, bounded in padded tokens, answers back in the order of the questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

T = TypeVar("T")


def token_batches(lengths: Sequence[int], max_tokens: int, bucket: int = 16) -> Iterator[list[int]]:
    """Yield batches of indexes, longest texts first, of at most `max_tokens` padded tokens each.

    Lengths are in tokens. Only lengths that fall in the same multiple of `bucket` share a batch, so that
    whatever is derived from the bucket (such as a bound on the output) does not depend on a text's
    neighbours. A text longer than `max_tokens` gets a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lambda index: (-lengths[index], index))
    for _, group in groupby(order, key=lambda index: bucket_of(lengths[index], bucket)):
        members = list(group)
        while members:
            size = max(1, max_tokens // max(1, lengths[members[0]]))
            yield members[:size]
            members = members[size:]


def padding_groups(lengths: Sequence[int], padded_from: int | None, bucket: int = 16) -> list[list[int]]:
    """Return the indexes of texts that may share a padded batch, longest first, and in a group by length and index.

    From a length of `padded_from` on these are the texts of one multiple of `bucket`; shorter ones, or all where it is
    None, are only together with texts of the very same length.
    """

    def width(index: int) -> int:
        length = lengths[index]
        return bucket_of(length, bucket) if padded_from is not None and length >= padded_from else length

    order = sorted(range(len(lengths)), key=lambda index: (-width(index), -lengths[index], index))
    return [list(group) for _, group in groupby(order, key=width)]


def bucket_of(length: int, bucket: int = 16) -> int:
    """Return `length` rounded up to a multiple of `bucket`."""
    return -(-length // bucket) * bucket


def in_batches(
    lengths: Sequence[int], max_tokens: int, answer: Callable[[list[int]], Sequence[T]], bucket: int = 16
) -> list[T]:
    """Call `answer` with each token batch of indexes; return one answer an index, in index order."""
    answers: dict[int, T] = {}
    for batch in token_batches(lengths, max_tokens, bucket):
        answers.update(zip(batch, answer(batch), strict=True))
    return [answers[index] for index in range(len(lengths))]
