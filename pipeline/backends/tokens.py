"""Texts as tokens, each text once: it is counted, counted again where it may be cut, and then given to the model."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

_MOST = 4096  # texts: some more than the batches in hand have


class Tokens(Generic[T]):
    """The tokens of texts by an `encode` that takes many at once; the latest are kept.

    Threads take turns: not every tokenizer can be asked by two at a time.
    """

    def __init__(self, encode: Callable[[list[str]], list[list[T]]], most: int = _MOST) -> None:
        self._encode, self._most = encode, most
        self._kept: OrderedDict[str, list[T]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, texts: Sequence[str]) -> list[list[T]]:
        """Return the tokens of each text; they are shared, and not to be changed."""
        with self._lock:
            fresh = [text for text in dict.fromkeys(texts) if text not in self._kept]
            found = dict(zip(fresh, self._encode(fresh), strict=True)) if fresh else {}
            rows = [found[text] if text in found else self._kept[text] for text in texts]
            self._kept.update(found)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return rows
