"""A sentence is asked once, whoever wants it and however often; the memory stays small."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ResourceError
from pipeline.memory import Key, Memory

MOST = 1_000_000


class Asked:
    """Answers in capitals and keeps what it was asked."""

    def __init__(self) -> None:
        self.keys: list[Key] = []

    def __call__(self, keys: Sequence[Key]) -> list[str]:
        self.keys += keys
        return [text.upper() + language for text, language in keys]


KEYS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["fr", "de"])), max_size=12)


@given(st.lists(KEYS, max_size=8), st.sampled_from([0, 900, MOST]))
def test_answers_are_those_of_the_model_whatever_was_asked_before(batches: list[list[Key]], most: int) -> None:
    memory = Memory(most)
    for wanted in batches:
        assert memory.answers(wanted, Asked()) == {key: key[0].upper() + key[1] for key in wanted}


@given(st.lists(KEYS, max_size=8))
def test_no_sentence_is_asked_twice_while_there_is_room(batches: list[list[Key]]) -> None:
    memory, asked = Memory(MOST), Asked()
    for wanted in batches:
        memory.answers(wanted, asked)
    assert len(asked.keys) == len(set(asked.keys))


def test_the_same_words_in_another_language_are_another_sentence() -> None:
    asked = Asked()
    Memory(MOST).answers([("pain", "fr"), ("pain", "en")], asked)
    assert len(asked.keys) == 2


def test_the_least_used_is_forgotten_first_and_the_size_is_bounded() -> None:
    memory, asked = Memory(10_000), Asked()
    often = ("une phrase qui revient", "fr")
    for number in range(2000):
        memory.answers([often, (f"phrase {number}", "fr")], asked)
    assert asked.keys.count(often) == 1
    assert memory._size <= 10_000
    memory.answers([("phrase 0", "fr")], asked)
    assert asked.keys.count(("phrase 0", "fr")) == 2


def test_two_batches_that_want_the_same_at_once_ask_once_and_never_wait_for_each_other() -> None:
    """Each holds what the other wants: both do their own work before they wait."""
    memory, asked, meeting = Memory(MOST), Asked(), threading.Barrier(2)
    answers: list[dict[Key, str]] = []

    def ask(keys: list[Key]) -> list[str]:
        meeting.wait(10)  # both have claimed
        return asked(keys)

    first, second, both = ("a", "fr"), ("b", "fr"), ("c", "fr")
    wants = [[first, both, second], [second, both, first]]
    claimed = threading.Event()

    def run(wanted: list[Key]) -> None:
        claimed.set()
        answers.append(memory.answers(wanted, ask))

    # the second batch has one sentence more, so that it always has something of its own to ask
    threads = [threading.Thread(target=run, args=([*wanted, (str(n), "fr")],)) for n, wanted in enumerate(wants)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(answers) == 2
    assert sorted(asked.keys) == sorted({first, second, both, ("0", "fr"), ("1", "fr")})


def test_a_batch_that_fails_leaves_its_sentences_to_the_one_that_waits() -> None:
    memory, asked = Memory(MOST), Asked()
    begun, waiting = threading.Event(), threading.Event()
    found: list[dict[Key, str]] = []

    def fail(keys: list[Key]) -> list[str]:
        begun.set()
        waiting.wait(10)
        raise ResourceError("out of memory")

    def first() -> None:
        with pytest.raises(ResourceError):
            memory.answers([("a", "fr")], fail)

    def second() -> None:
        begun.wait(10)
        threading.Timer(0.05, waiting.set).start()
        found.append(memory.answers([("a", "fr")], asked))

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert found == [{("a", "fr"): "Afr"}]
    assert asked.keys == [("a", "fr")]
