"""What a strategy is given and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.seq2seq import Hypothesis


@dataclass(frozen=True, slots=True)
class Article:
    """The English sentences of one document's body, in order, and its headline where it has one."""

    sentences: tuple[str, ...]
    headline: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A summary sentence as a model wrote it, and the indexes of the article's sentences that it rests on.

    `others` are the next best that the model wrote; `score` is its mean log-probability of a token; `weight` says how
    much the sentence matters beside the others of the article.
    """

    text: str
    support: tuple[int, ...]
    others: tuple[Hypothesis, ...] = ()
    score: float = 0.0
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Length:
    """How long a summary is asked to be: so many sentences, and no more words than that where it is set."""

    sentences: int = 3
    words: int | None = None

    @property
    def count(self) -> int:
        """Sentences to write: English news sentences have about 20 words."""
        return self.sentences if self.words is None else max(1, round(self.words / 20))

    @property
    def most(self) -> int:
        """Sentences to draft where words are asked for: the shortest have about a dozen."""
        return self.count if self.words is None else -(-self.words // 12)

    def holds(self, article: Article) -> bool:
        """Say whether the article is no longer than the summary would be."""
        words = sum(len(sentence.split()) for sentence in article.sentences)
        return words <= self.words if self.words is not None else len(article.sentences) <= self.sentences
