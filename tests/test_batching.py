"""Token batches keep every text, in bounds, and give the answers back in order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.batching import bucket_of, in_batches, token_batches

LENGTHS = st.lists(st.integers(1, 200), max_size=60)


@given(LENGTHS, st.integers(1, 400))
def test_every_index_is_in_exactly_one_batch(lengths: list[int], most: int) -> None:
    seen = [index for batch in token_batches(lengths, most) for index in batch]
    assert sorted(seen) == list(range(len(lengths)))


@given(LENGTHS, st.integers(1, 400))
def test_a_batch_holds_no_more_padded_tokens_than_asked_unless_one_text_alone_does(
    lengths: list[int], most: int
) -> None:
    for batch in token_batches(lengths, most):
        assert len(batch) == 1 or max(lengths[i] for i in batch) * len(batch) <= most


@given(LENGTHS, st.integers(1, 400))
def test_neighbours_share_a_bucket_so_that_bounds_do_not_depend_on_them(lengths: list[int], most: int) -> None:
    for batch in token_batches(lengths, most):
        assert len({bucket_of(lengths[index]) for index in batch}) == 1


def test_longest_first() -> None:
    assert list(token_batches([3, 40, 17, 39], 80)) == [[1, 3], [2], [0]]


@given(LENGTHS, st.integers(1, 400))
def test_answers_come_back_in_the_order_of_the_questions(lengths: list[int], most: int) -> None:
    assert in_batches(lengths, most, lambda batch: [lengths[i] * 2 for i in batch]) == [n * 2 for n in lengths]
