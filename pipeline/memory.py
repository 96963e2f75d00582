"""What was answered once in a run is not asked again: a bounded memory that several batches share."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Protocol

Key = tuple[str, str]  # a sentence and its language


class Store(Protocol):
    """A memory that outlives the run; it holds answers as text."""

    def recall(self, keys: Sequence[Key]) -> dict[Key, str]: ...

    def keep(self, answers: Mapping[Key, str]) -> None: ...


class Memory:
    """Answers by sentence and language, the least used forgotten first.

    About `most` bytes are held; with 0 nothing but what is being asked. Where a `store` is given, what is not known is
    looked for there, and what is new is kept there.
    """

    def __init__(self, most: int = 0, store: Store | None = None) -> None:
        self._most, self._store = most, store
        self._known: OrderedDict[Key, str] = OrderedDict()
        self._size = 0
        self._pending: dict[Key, Future[str]] = {}
        self._lock = Lock()

    def answers(self, wanted: Iterable[Key], ask: Callable[[list[Key]], Sequence[str]]) -> dict[Key, str]:
        """Return the answer to each key; `ask` is called, once at most, with those that nobody knows or is asking.

        Batches that want the same sentence at the same time ask once: the second waits, after its own are done.
        Where the first fails, the second asks itself.
        """
        wanted = dict.fromkeys(wanted)
        found: dict[Key, str] = {}
        while missing := [key for key in wanted if key not in found]:
            known, mine, others = self._claim(missing)
            found.update(known)
            found.update(self._asked(mine, ask))
            for key, future in others.items():
                if future.exception() is None:
                    found[key] = future.result()
        return found

    def _claim(self, keys: Sequence[Key]) -> tuple[dict[Key, str], dict[Key, Future[str]], dict[Key, Future[str]]]:
        """Part the keys: known, now ours to ask, and asked by another batch already."""
        known: dict[Key, str] = {}
        mine: dict[Key, Future[str]] = {}
        others: dict[Key, Future[str]] = {}
        with self._lock:
            for key in keys:
                if key in self._known:
                    self._known.move_to_end(key)
                    known[key] = self._known[key]
                elif key in self._pending:
                    others[key] = self._pending[key]
                else:
                    mine[key] = self._pending[key] = Future()
        return known, mine, others

    def _asked(self, mine: Mapping[Key, Future[str]], ask: Callable[[list[Key]], Sequence[str]]) -> dict[Key, str]:
        if not mine:
            return {}
        try:
            found = self._store.recall(list(mine)) if self._store else {}
            rest = [key for key in mine if key not in found]
            fresh = dict(zip(rest, ask(rest) if rest else (), strict=True))
        except BaseException as error:
            self._settle(mine, {}, error)
            raise
        self._settle(mine, found | fresh, None)
        if self._store and fresh:
            self._store.keep(fresh)
        return found | fresh

    def _settle(self, mine: Mapping[Key, Future[str]], found: Mapping[Key, str], error: BaseException | None) -> None:
        with self._lock:
            for key in mine:
                del self._pending[key]
                if error is None:
                    self._remember(key, found[key])
        for key, future in mine.items():
            if error is None:
                future.set_result(found[key])
            else:
                future.set_exception(error)

    def _remember(self, key: Key, answer: str) -> None:
        self._known[key] = answer
        self._size += _cost(key, answer)
        while self._size > self._most:
            forgotten, old = self._known.popitem(last=False)
            self._size -= _cost(forgotten, old)


def _cost(key: Key, answer: str) -> int:
    """Two strings, a pair and a place in the table, in bytes, nearly: letters beyond Latin take more."""
    return len(key[0]) + len(answer) + 400
