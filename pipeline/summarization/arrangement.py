"""Which of the verified sentences make the summary: none that says what another says, no more words than asked for."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.document import SummarySentence
from pipeline.summarization.article import Draft, Length
from pipeline.summarization.support import content_words

_ALIKE = 0.8  # share of the content words of the shorter sentence that the other may not have as well


def fitting(
    sentences: Sequence[SummarySentence], drafts: Sequence[Draft], length: Length
) -> tuple[SummarySentence, ...]:
    """Return the sentences that stand, in their order; those that matter most are taken first.

    A sentence that says the same as one already taken is dropped, and so is one that would go over the words asked for;
    a shorter one may still fill the room. One sentence always stands.
    """
    order = sorted(range(len(sentences)), key=lambda index: (-drafts[index].weight, index))
    taken: list[int] = []
    words = 0
    for index in order:
        more = len(sentences[index].text.split())
        if taken and length.words is not None and words + more > length.words:
            continue
        if not any(_repeats(sentences[index].text, sentences[other].text) for other in taken):
            taken.append(index)
            words += more
    return tuple(sentences[index] for index in sorted(taken))


def _repeats(one: str, other: str) -> bool:
    left, right = content_words(one), content_words(other)
    return one == other or len(left & right) > _ALIKE * min(len(left), len(right))
