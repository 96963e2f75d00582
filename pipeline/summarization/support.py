"""Which sentences of an article a summary sentence rests on, by the content words that they share."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.summarization.words import words

MOST = 3  # sentences that one summary sentence may rest on


def content_words(text: str) -> frozenset[str]:
    """Return the stems of the English words that carry meaning."""
    return frozenset(words(text).stems)


def find(summary_sentence: str, sentences: Sequence[str]) -> tuple[int, ...]:
    """Return the indexes of up to three sentences that together hold most content words of the summary sentence.

    Greedy: each step takes the sentence that adds most, the earlier one on a tie, while it adds a tenth.
    """
    missing = set(content_words(summary_sentence))
    bags = [content_words(sentence) for sentence in sentences]
    chosen: list[int] = []
    enough = max(1, len(missing) // 10)
    while missing and len(chosen) < MOST:
        best = max(range(len(bags)), key=lambda index: (len(missing & bags[index]), -index))
        gain = len(missing & bags[best])
        if gain < enough:
            break
        chosen.append(best)
        missing -= bags[best]
    return tuple(sorted(chosen))
