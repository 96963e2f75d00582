"""Segment: each block becomes its sentences, and each sentence knows where it stands in the original."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise

from pipeline.document import Document, Segment
from pipeline.errors import DocumentError
from pipeline.languages.identify import identify
from pipeline.languages.normalize import normalize
from pipeline.languages.sentences import split

MOST_SENTENCES = 100_000
"""Sentences that a document may have, twice those of the longest novels."""

LONGEST_SENTENCE = 100_000
"""Characters of a sentence; an hour of speech written down without a full stop has half as many. What is compared of
one sentence is in memory at once, so that more could fill it."""

SURE_SENTENCE = 0.95
"""From this confidence on a sentence may be in another language than its block. Of 23,900 French and English news
sentences none reaches it for a wrong language."""

MIN_WORDS = 5
"""Words that a sentence needs for that: a title or a slogan is no change of language."""


@dataclass
class SegmentSentences:
    """The stage. A sentence inside a block in one of `languages` may be found to be in another one of them.

    No languages: sentences always have that of their block.
    """

    languages: tuple[str, ...] = ("fr", "en")
    name: str = "segment"

    def setup(self) -> None:
        """Load the model that identifies languages, where it is needed."""
        if self.languages:
            identify("un texte pour charger le modèle")

    def process(self, batch: Sequence[Document]) -> list[Document]:
        """Replace the blocks of each document, noise excepted, by their sentences.

        Raises:
            DocumentError: one has more than `MOST_SENTENCES` of them, or one longer than `LONGEST_SENTENCE`.
        """
        return [segment(document, self.languages) for document in batch]


def segment(document: Document, languages: Sequence[str] = ("fr", "en")) -> Document:
    """Return the document with each block, noise excepted, replaced by its sentences in order.

    All of a block but the white space around its sentences lies in one of them. They have its role, its number and
    its language, except those in another one of `languages` beyond doubt.
    """
    pieces = (_sentences(document, block, languages) for block in document.segments)
    segments = tuple(islice(chain.from_iterable(pieces), MOST_SENTENCES + 1))
    if len(segments) > MOST_SENTENCES:
        raise DocumentError(f"the text has more than {MOST_SENTENCES:,} sentences, the most of one document: split it")
    for sentence in segments:
        if sentence.role != "noise" and len(sentence.source) > LONGEST_SENTENCE:
            raise DocumentError(
                f"{len(sentence.source):,} characters from {sentence.start:,} on have no end of a sentence in them;"
                f" the most is {LONGEST_SENTENCE:,}: break the text into lines"
            )
    return replace(document, segments=segments)


def _sentences(document: Document, block: Segment, languages: Sequence[str]) -> Iterator[Segment]:
    if block.role == "noise":
        yield block
        return
    original = document.text[block.start : block.end]
    normalized = normalize(original)
    places = split(normalized.text, block.language or document.language or "fr")
    if not places:
        yield block
        return
    # Cut where each sentence begins: what normalising dropped between two of them falls to the first.
    cuts = [0, *(normalized.offsets[begin] for begin, _ in places[1:]), len(original)]
    for (begin, end), (start, stop) in zip(places, pairwise(cuts), strict=True):
        source = normalized.text[begin:end]
        start, stop = _stripped(original, start, stop)
        place = replace(block, start=block.start + start, end=block.start + stop, source=source)
        yield _in_own_language(place, languages)


def _stripped(text: str, start: int, stop: int) -> tuple[int, int]:
    piece = text[start:stop]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _in_own_language(sentence: Segment, languages: Sequence[str]) -> Segment:
    if sentence.language not in languages or len(sentence.source.split()) < MIN_WORDS:
        return sentence
    found = identify(sentence.source)
    if found.language == sentence.language or found.language not in languages or found.confidence < SURE_SENTENCE:
        return sentence
    return replace(sentence, language=found.language, confidence=found.confidence)
