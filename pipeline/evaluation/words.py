"""The words of a text as the overlap scores count them, and their n-grams."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

TOKENS = "words"  # as signatures name it
_WORD = re.compile(r"\w+(?:['’.,-]\w+)*")


def words(text: str) -> list[str]:
    """Return the words in lower case, without punctuation: runs of letters and digits, with an apostrophe, a hyphen,
    a point or a comma between two of them ("2.5", "don't", "vice-president").

    Grusky et al. take the tokens of spaCy, which count punctuation too; only figures of one signature compare.
    """
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def ngrams(tokens: Sequence[str], n: int) -> list[tuple[str, ...]]:
    """Return the n-grams in order, with repetitions."""
    return [tuple(tokens[index : index + n]) for index in range(len(tokens) - n + 1)]


def repeated(texts: Iterable[Sequence[str]], n: int) -> tuple[int, int]:
    """Return how many n-grams stood before in the same text, and how many there are.

    With one text and as a share, this is seq-rep-n of Welleck et al. (2020, "Neural text generation with unlikelihood
    training"): 1 - unique n-grams / n-grams.
    """
    found = [ngrams(tokens, n) for tokens in texts]
    return sum(len(grams) - len(set(grams)) for grams in found), sum(map(len, found))


def novel(summary: Sequence[str], article: Sequence[str], n: int) -> tuple[int, int]:
    """Return how many n-grams of a summary are nowhere in its article, and how many it has.

    Novel n-grams as in See et al. (2017, "Get to the point"), repetitions counted.
    """
    known = set(ngrams(article, n))
    found = ngrams(summary, n)
    return sum(gram not in known for gram in found), len(found)
