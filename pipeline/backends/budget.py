"""How many tokens a forward pass may hold: as many as asked for until memory runs out, then half, and so on."""

from __future__ import annotations

from threading import Lock

_LEAST = 64


class TokenBudget:
    """The bound on the padded source tokens of a batch, found by trying; what did not fit is not tried again."""

    def __init__(self, tokens: int) -> None:
        self.tokens = tokens
        self._lock = Lock()

    def halve(self, tried: int) -> bool:
        """Take half of what was tried for the bound, and say whether that leaves room for less than was tried."""
        with self._lock:
            self.tokens = min(self.tokens, max(_LEAST, tried // 2))
            return self.tokens < tried


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether a library means by an error that memory ran out; each has words of its own for it."""
    words = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in words or "alloc_failed" in words or "bad_alloc" in words
