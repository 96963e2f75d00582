"""Threads make room for other processes and come back when these are gone."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

pytest.importorskip("torch")

from scripts.train_translator.threads import Threads, machine_seconds


@dataclass
class Machine:
    """A machine whose clock and load the test sets; the trainer itself works at full speed on its threads."""

    cores: int
    now: float = 0.0
    busy: float | None = 0.0
    mine: float = 0.0
    used: list[int] = field(default_factory=list)

    def threads(self, most: int) -> Threads:
        return Threads(
            most,
            cores=self.cores,
            busy=lambda: self.busy,
            own=lambda: self.mine,
            clock=lambda: self.now,
            use=self.used.append,
        )

    def pass_second(self, threads: Threads, others: float) -> int:
        self.now += 1.0
        self.mine += threads.now
        self.busy = None if self.busy is None else self.busy + threads.now + others
        threads.adapt()
        return threads.now


def test_one_thread_is_left_while_another_process_uses_the_second_core() -> None:
    machine = Machine(cores=2)
    threads = machine.threads(2)
    seen = [machine.pass_second(threads, others) for others in (0.0, 0.1, 0.9, 0.9, 0.05, 0.05, 0.0)]
    assert seen == [2, 2, 1, 1, 1, 2, 2]
    assert machine.used == [1, 2]


def test_a_little_work_of_others_neither_takes_a_thread_nor_gives_one_back() -> None:
    machine = Machine(cores=2)
    threads = machine.threads(2)
    assert [machine.pass_second(threads, 0.25) for _ in range(3)] == [2, 2, 2]
    machine.pass_second(threads, 1.0)
    assert [machine.pass_second(threads, 0.25) for _ in range(3)] == [1, 1, 1]


def test_quiet_must_last_before_threads_are_added() -> None:
    machine = Machine(cores=2)
    threads = machine.threads(2)
    seen = [machine.pass_second(threads, others) for others in (1.0, 0.0, 1.0, 0.0, 1.0)]
    assert seen == [1, 1, 1, 1, 1]


def test_many_cores_lose_only_those_that_others_use() -> None:
    machine = Machine(cores=8)
    threads = machine.threads(8)
    assert [machine.pass_second(threads, others) for others in (3.1, 20.0, 6.0, 6.0)] == [5, 1, 1, 2]
    assert machine.threads(4).now == 4
    spare = machine.threads(4)
    assert machine.pass_second(spare, 3.9) == 4, "others fit on the cores that were never used"


def test_looks_are_a_second_apart() -> None:
    machine = Machine(cores=2)
    threads = machine.threads(2)
    machine.now, machine.busy = 0.9, 5.0
    threads.adapt()
    assert not machine.used


def test_where_nobody_counts_the_work_the_threads_stay() -> None:
    machine = Machine(cores=2, busy=None)
    threads = machine.threads(2)
    assert [machine.pass_second(threads, 1.0) for _ in range(3)] == [2, 2, 2]


def test_this_machine_counts_its_work_or_says_that_it_does_not() -> None:
    first = machine_seconds()
    assert first is None or machine_seconds() >= first >= 0  # type: ignore[operator]
