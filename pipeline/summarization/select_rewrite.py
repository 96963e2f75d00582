"""Summarise by picking the sentences that matter and having a small model rewrite each group of them."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.seq2seq import Decoding, Seq2Seq
from pipeline.summarization.article import Article, Draft, Length
from pipeline.summarization.selection import Weights, select

SUMMARY = "summary: "  # what the rewriter was taught to see before the sentences it fuses into one
HEADLINE = "headline: "


def draft(
    model: Seq2Seq, articles: Sequence[Article], length: Length, decoding: Decoding, weights: Weights
) -> list[list[Draft]]:
    """Return the drafted summary sentences of each article; all groups go through the model together."""
    groups = [
        [
            _readable(model, article, group)
            for group in select(article.sentences, article.headline, length.count, weights)
        ]
        for article in articles
    ]
    sources = [
        SUMMARY + _joined(article, group) for article, found in zip(articles, groups, strict=True) for group in found
    ]
    answers = iter(_rewritten(model, sources, decoding))
    return [[Draft(next(answers), group) for group in found] for found in groups]


def _rewritten(model: Seq2Seq, sources: Sequence[str], decoding: Decoding) -> list[str]:
    """A single sentence over the model's limit is not cut: it has no draft, and then stands in the summary itself."""
    sizes = model.count_tokens(sources)
    readable = [source for source, size in zip(sources, sizes, strict=True) if size <= model.max_source_tokens]
    answers = dict(zip(readable, model.generate(readable, decoding), strict=True))
    return [answers[source].text if source in answers else "" for source in sources]


def _joined(article: Article, group: Sequence[int]) -> str:
    return " ".join(article.sentences[index] for index in group)


def _readable(model: Seq2Seq, article: Article, group: tuple[int, ...]) -> tuple[int, ...]:
    """Drop the last sentences of a group until the model can read it; one sentence always stays."""
    while len(group) > 1 and model.count_tokens([SUMMARY + _joined(article, group)])[0] > model.max_source_tokens:
        group = group[:-1]
    return group
