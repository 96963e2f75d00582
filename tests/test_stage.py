"""Laws 3 and 4: a stage answers for every document, and one that fails is marked, alone, and carried on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Document, Failure
from pipeline.errors import DocumentError, LanguageError, ResourceError
from pipeline.stage import apply


@dataclass
class Marking:
    """A stage that sets the language, refuses some ids, and takes batches up to a size."""

    refuse: frozenset[str] = frozenset()
    error: Callable[[str], Exception] = LanguageError
    capacity: int = 1000
    batches: list[list[str]] = field(default_factory=list)
    name: str = "marking"

    def setup(self) -> None: ...

    def process(self, batch: Sequence[Document]) -> list[Document]:
        self.batches.append([document.id for document in batch])
        if len(batch) > self.capacity:
            raise ResourceError("too much at once")
        for document in batch:
            if document.id in self.refuse:
                raise self.error("not this one")
        return [replace(document, language="fr") for document in batch]


def batch_of(size: int) -> list[Document]:
    return [Document(str(number), f"texte {number}") for number in range(size)]


@given(st.integers(0, 40).flatmap(lambda size: st.tuples(st.just(size), st.sets(st.integers(0, max(0, size - 1))))))
def test_the_failing_documents_are_marked_and_no_other(case: tuple[int, set[int]]) -> None:
    size, bad = case
    bad = {number for number in bad if number < size}
    result = apply(Marking(frozenset(map(str, bad))), batch_of(size))
    assert [document.id for document in result] == [str(number) for number in range(size)]
    for number, document in enumerate(result):
        if number in bad:
            assert document == replace(
                batch_of(size)[number], failure=Failure("marking", "LanguageError", "not this one")
            )
        else:
            assert document.failure is None and document.language == "fr"


def test_one_bad_document_costs_a_number_of_tries_that_grows_as_the_logarithm() -> None:
    stage = Marking(frozenset({"613"}))
    apply(stage, batch_of(1024))
    assert len(stage.batches) == 2 * 10 + 1


@given(st.lists(st.booleans(), max_size=12))
def test_a_document_that_failed_before_passes_by_untouched(failed: list[bool]) -> None:
    stage = Marking()
    failure = Failure("detect", "LanguageError", "no")
    documents = zip(batch_of(len(failed)), failed, strict=True)
    batch = [replace(document, failure=failure if bad else None) for document, bad in documents]
    result = apply(stage, batch)
    assert [document.id for document in result] == [document.id for document in batch]
    for before, after in zip(batch, result, strict=True):
        assert after == (before if before.failure else replace(before, language="fr"))
    assert [i for ids in stage.batches for i in ids] == [d.id for d in batch if d.failure is None]


def test_a_stage_is_not_called_when_every_document_has_failed() -> None:
    stage = Marking()
    batch = [replace(document, failure=Failure("clean", "DocumentError", "no")) for document in batch_of(3)]
    assert apply(stage, batch) == batch
    assert apply(stage, []) == []
    assert stage.batches == []


@pytest.mark.parametrize("capacity", [1, 2, 3, 7])
def test_a_batch_that_is_too_much_for_the_machine_is_halved_until_it_fits(capacity: int) -> None:
    stage = Marking(capacity=capacity)
    result = apply(stage, batch_of(20))
    assert all(document.language == "fr" and document.failure is None for document in result)
    assert [document.id for document in result] == [str(number) for number in range(20)]


def test_a_document_that_is_too_much_by_itself_is_marked() -> None:
    result = apply(Marking(capacity=0), batch_of(2))
    assert [document.failure for document in result] == [Failure("marking", "ResourceError", "too much at once")] * 2


@pytest.mark.parametrize("error", [ValueError, KeyError, MemoryError, KeyboardInterrupt])
def test_any_other_exception_is_a_defect_and_stops_the_run(error: type[BaseException]) -> None:
    stage = Marking(frozenset({"2"}), error=error)  # type: ignore[arg-type]
    with pytest.raises(error):
        apply(stage, batch_of(4))
    assert stage.batches == [["0", "1", "2", "3"]]


@dataclass
class Wrong:
    """A stage that breaks law 3 in a way of its choice."""

    change: Callable[[list[Document]], list[Document]]
    name: str = "wrong"

    def setup(self) -> None: ...

    def process(self, batch: Sequence[Document]) -> list[Document]:
        return self.change(list(batch))


@pytest.mark.parametrize(
    "change",
    [
        lambda batch: batch[1:],
        lambda batch: [*batch, batch[0]],
        lambda batch: batch[::-1],
        lambda batch: [replace(batch[0], id="other"), *batch[1:]],
        lambda batch: [],
    ],
    ids=["drops", "adds", "reorders", "renames", "empties"],
)
def test_a_stage_that_does_not_return_its_documents_in_order_is_a_defect(
    change: Callable[[list[Document]], list[Document]],
) -> None:
    with pytest.raises(RuntimeError, match="stage 'wrong'"):
        apply(Wrong(change), batch_of(3))


def test_every_kind_of_document_error_keeps_its_name_in_the_failure() -> None:
    for error in (DocumentError, LanguageError):
        (document,) = apply(Marking(frozenset({"0"}), error=error), batch_of(1))
        assert document.failure == Failure("marking", error.__name__, "not this one")
