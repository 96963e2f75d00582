"""Summarise an article of any length with a model that reads a bounded one: pieces, then the summary of summaries."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.guards.ladder import fitting
from pipeline.languages import sentences as splitting
from pipeline.seq2seq import Decoding, Seq2Seq
from pipeline.summarization.article import Article, Draft, Length
from pipeline.summarization.support import find


def draft(model: Seq2Seq, articles: Sequence[Article], length: Length, decoding: Decoding) -> list[list[Draft]]:
    """Return the drafted summary sentences of each article; all articles go through the model together."""
    texts = [list(article.sentences) for article in articles]
    while True:
        pieces = [_pieces(model, sentences) for sentences in texts]
        shorter = _summaries(model, pieces, decoding)
        open_ = [index for index, group in enumerate(pieces) if len(group) > 1]
        if not [index for index in open_ if _words(shorter[index]) < _words(texts[index])]:
            break
        texts = [shorter[i] if i in open_ else texts[i] for i in range(len(texts))]
    return [_drafts(summary, article, length) for summary, article in zip(shorter, articles, strict=True)]


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
    return [Draft(sentence, find(sentence, article.sentences) or (0,)) for sentence in summary[: length.count]]
