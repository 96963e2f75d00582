"""Summarise by picking the sentences that matter and having a small model rewrite each group of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.seq2seq import Decoding, Hypothesis, Seq2Seq
from pipeline.summarization.article import Article, Draft, Length
from pipeline.summarization.compression import compress
from pipeline.summarization.selection import Group, Weights, choose

SUMMARY = "summary: "  # what the rewriter was taught to see before the sentences it fuses into one
HEADLINE = "headline: "


def draft(
    model: Seq2Seq, articles: Sequence[Article], length: Length, decoding: Decoding, weights: Weights
) -> list[list[Draft]]:
    """Return the drafted summary sentences of each article; all groups go through the model together.

    Where words are asked for there are more drafts than will fit, so that short ones still fill the room.
    """
    groups = [
        [_readable(model, article, group) for group in choose(article.sentences, article.headline, count, weights)]
        for article in articles
        for count in [length.count if length.words is None else length.most]
    ]
    sources = [source(article, group) for article, found in zip(articles, groups, strict=True) for group in found]
    answers = iter(_rewritten(model, sources, replace(decoding, hypotheses=decoding.beam_size)))
    return [[_draft(next(answers), group) for group in found] for found in groups]


def source(article: Article, group: Group) -> str:
    """Return what the rewriter reads: the sentences of a group without what a rule may leave out."""
    return SUMMARY + " ".join(compress(article.sentences[index]) for index in group.indexes)


def _draft(answer: Hypothesis, group: Group) -> Draft:
    return Draft(answer.text, group.indexes, answer.alternatives, answer.score, group.score)


def _rewritten(model: Seq2Seq, sources: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
    """A single sentence over the model's limit is not cut: it has no draft, and then stands in the summary itself."""
    sizes = model.count_tokens(sources)
    readable = [source for source, size in zip(sources, sizes, strict=True) if size <= model.max_source_tokens]
    answers = dict(zip(readable, model.generate(readable, decoding), strict=True))
    return [answers.get(source, Hypothesis("", 0.0)) for source in sources]


def _readable(model: Seq2Seq, article: Article, group: Group) -> Group:
    """Drop the last sentences of a group until the model can read it; one sentence always stays."""
    while len(group.indexes) > 1 and model.count_tokens([source(article, group)])[0] > model.max_source_tokens:
        group = replace(group, indexes=group.indexes[:-1])
    return group
