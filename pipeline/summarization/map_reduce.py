"""Summarise an article of any length with a model that reads a bounded one: pieces, then the summary of summaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.guards.clauses import fitting
from pipeline.languages import sentences as splitting
from pipeline.seq2seq import Decoding, Seq2Seq
from pipeline.summarization.article import Article, Draft, Length
from pipeline.summarization.support import content_words, find


def draft(model: Seq2Seq, articles: Sequence[Article], length: Length, decoding: Decoding) -> list[list[Draft]]:
    """Return the drafted summary sentences of each article; all articles go through the model together.

    An article in several pieces is summarised again until it fits in one, or no longer gets shorter.
    """
    texts = {index: list(article.sentences) for index, article in enumerate(articles)}
    finished: dict[int, list[str]] = {}
    while texts:
        pieces = {index: _pieces(model, sentences) for index, sentences in texts.items()}
        shorter = dict(zip(pieces, _summaries(model, list(pieces.values()), decoding), strict=True))
        for index, summary in shorter.items():
            if len(pieces[index]) == 1 or _words(summary) >= _words(texts[index]):
                finished[index] = summary
        texts = {index: summary for index, summary in shorter.items() if index not in finished}
    return [_drafts(finished[index], article, length) for index, article in enumerate(articles)]


def _words(sentences: Sequence[str]) -> int:
    return sum(len(sentence.split()) for sentence in sentences)


def _pieces(model: Seq2Seq, sentences: Sequence[str]) -> list[str]:
    """Join whole sentences into as few and as equal pieces as fit the model; a sentence that does not fit is cut."""
    parts = [part for sentence in sentences for part in fitting(model, sentence)]
    lengths = model.count_tokens(parts)
    room = max(1, model.max_source_tokens - 2)
    target = min(room, -(-sum(lengths) // max(1, -(-sum(lengths) // room))) + max(lengths, default=0))
    pieces: list[list[str]] = []
    used = room + 1
    for part, size in zip(parts, lengths, strict=True):
        if used + size > target:
            pieces.append([])
            used = 0
        pieces[-1].append(part)
        used += size
    return [" ".join(piece) for piece in pieces]


def _summaries(model: Seq2Seq, pieces: Sequence[Sequence[str]], decoding: Decoding) -> list[list[str]]:
    answers = iter(model.generate([piece for group in pieces for piece in group], decoding))
    return [[s for _ in group for s in _sentences(next(answers).text)] for group in pieces]


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in splitting.split(text, "en")]


def _drafts(summary: Sequence[str], article: Article, length: Length) -> list[Draft]:
    """A sentence that shares nothing with the article is set against its opening, and fails the check there."""
    chosen = _central(summary, article, length.count)
    return [Draft(sentence, find(sentence, article.sentences) or (0,)) for sentence in chosen]


def _central(summary: Sequence[str], article: Article, count: int) -> list[str]:
    """Return the sentences that say most of what the article says often, in their order: from every piece of it."""
    spread = Counter(word for sentence in article.sentences for word in content_words(sentence))
    weights = [sum(spread[word] for word in content_words(sentence)) for sentence in summary]
    best = sorted(range(len(summary)), key=lambda index: (-weights[index], index))[:count]
    return [summary[index] for index in sorted(best)]
