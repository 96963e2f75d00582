"""The engine: order, errors in their place, an early end without a thread left behind, the same for any number of batches."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.engines.local import LocalEngine
from pipeline.errors import DocumentError, MissingModelError


@dataclass
class Step:
    """A stage that does what a function says, and counts what is inside it."""

    act: Callable[[Document], Document] = lambda document: replace(document, language="fr")
    name: str = "step"
    begin: Callable[[], None] = lambda: None
    lock: threading.Lock = field(default_factory=threading.Lock)
    inside: int = 0
    most: int = 0
    done: int = 0

    def setup(self) -> None:
        self.begin()

    def process(self, batch: Sequence[Document]) -> list[Document]:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        try:
            return [self.act(document) for document in batch]
        finally:
            with self.lock:
                self.inside -= 1
                self.done += 1


def documents(count: int) -> Iterator[Document]:
    return (Document(str(number), "Il pleut.") for number in range(count))


def slow_at_first(document: Document) -> Document:
    time.sleep(0.03 if int(document.id) % 3 == 0 else 0)
    return replace(document, language="fr")


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


@given(st.integers(0, 30), st.integers(1, 7), st.integers(1, 4))
def test_documents_come_out_in_the_order_of_the_input_all_through_every_stage(
    count: int, size: int, flight: int
) -> None:
    stages = [Step(), Step(lambda document: replace(document, confidence=1.0))]
    done = list(LocalEngine(size, flight).run(stages, documents(count)))
    assert [document.id for document in done] == [str(number) for number in range(count)]
    assert {(document.language, document.confidence) for document in done} <= {("fr", 1.0)}


def test_a_slow_batch_does_not_let_a_later_one_pass() -> None:
    done = LocalEngine(1, 4).run([Step(slow_at_first)], documents(12))
    assert [document.id for document in done] == [str(number) for number in range(12)]


def test_so_many_batches_are_at_work_at_once_and_no_more() -> None:
    meeting = threading.Barrier(3)

    def meet(document: Document) -> Document:
        meeting.wait(10)  # breaks unless three are here at once
        return document

    step = Step(meet)
    assert len(list(LocalEngine(1, 3).run([step], documents(9)))) == 9
    assert step.most == 3


def test_no_more_is_read_than_the_batches_in_flight_need() -> None:
    read: list[str] = []

    def watched() -> Iterator[Document]:
        for document in documents(1000):
            read.append(document.id)
            yield document

    run = LocalEngine(4, 2).run([Step()], watched())
    for number, _ in zip(range(1, 101), run, strict=False):
        assert len(read) <= number + 4 * (2 + 2)
    run.close()  # type: ignore[attr-defined]


def test_the_input_is_read_and_the_output_taken_in_the_thread_of_the_caller() -> None:
    seen: set[int] = set()

    def watched() -> Iterator[Document]:
        for document in documents(20):
            seen.add(threading.get_ident())
            yield document

    list(LocalEngine(2, 3).run([Step()], watched()))
    assert seen == {threading.get_ident()}


def test_a_bug_in_a_stage_stops_the_run_behind_all_documents_before_it() -> None:
    def act(document: Document) -> Document:
        if document.id == "7":
            raise RuntimeError("a bug")
        return document

    done: list[str] = []
    with pytest.raises(RuntimeError, match="a bug"):
        for document in LocalEngine(2, 3).run([Step(act)], documents(40)):
            done.append(document.id)
    assert done == [str(number) for number in range(6)]


def test_a_document_that_fails_is_marked_and_the_others_go_on() -> None:
    def act(document: Document) -> Document:
        if document.id == "5":
            raise DocumentError("no good")
        return replace(document, language="fr")

    done = list(LocalEngine(4, 2).run([Step(act)], documents(12)))
    assert [document.id for document in done if document.failure] == ["5"]
    assert len(done) == 12


def test_an_error_of_the_input_comes_after_what_was_read_before_it() -> None:
    def broken() -> Iterator[Document]:
        yield from documents(8)
        raise OSError("the disk is gone")

    done: list[str] = []
    with pytest.raises(OSError, match="the disk is gone"):
        for document in LocalEngine(4, 2).run([Step(slow_at_first)], broken()):
            done.append(document.id)
    assert done == [str(number) for number in range(8)]


def test_a_run_that_is_closed_early_stops_behind_the_stage_in_hand() -> None:
    first, second = Step(slow_at_first), Step()
    run = LocalEngine(1, 2).run([first, second], (Document(str(3 * number), "x") for number in itertools.count()))
    assert next(run).id == "0"
    run.close()  # type: ignore[attr-defined]
    assert first.inside == second.inside == 0
    assert first.done < 8


def test_an_interrupt_in_the_caller_ends_the_run_without_waiting_for_the_rest() -> None:
    step = Step(slow_at_first)
    with pytest.raises(KeyboardInterrupt):
        for _ in LocalEngine(1, 2).run([step], documents(10_000)):
            raise KeyboardInterrupt
    assert step.done < 8


def test_stages_are_set_up_side_by_side() -> None:
    meeting = threading.Barrier(2)
    stages = [Step(begin=lambda: bool(meeting.wait(10))), Step(begin=lambda: bool(meeting.wait(10)))]  # type: ignore[arg-type, return-value]
    assert list(LocalEngine().run(stages, [])) == []


def test_the_first_stage_that_cannot_be_set_up_is_the_one_that_is_told() -> None:
    def missing(name: str) -> Callable[[], None]:
        def begin() -> None:
            time.sleep(0.02 if name == "first" else 0)
            raise MissingModelError(name)

        return begin

    with pytest.raises(MissingModelError, match="first"):
        list(LocalEngine().run([Step(), Step(begin=missing("first")), Step(begin=missing("second"))], documents(1)))
