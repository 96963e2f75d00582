"""The headline of a summary: the article's own in English, or one that the model writes and its support bears out."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.facts.compare import unsupported
from pipeline.seq2seq import Decoding, Seq2Seq
from pipeline.summarization.article import Article

_READ = 3  # sentences at the head of an article that a headline is written from


def headlines(
    model: Seq2Seq, articles: Sequence[Article], decoding: Decoding, prefix: str, wanted: bool
) -> list[str | None]:
    """Return a headline for each article: its own if it has one; else a written one; None where that is not supported.

    Only a model that knows the control text `prefix` can write headlines; without one nothing is written.
    """
    bare = [article for article in articles if wanted and prefix and article.headline is None]
    sources = [prefix + " ".join(article.sentences[:_READ]) for article in bare]
    sizes = model.count_tokens(sources)
    readable = [(a, s) for a, s, size in zip(bare, sources, sizes, strict=True) if size <= model.max_source_tokens]
    answers = model.generate([source for _, source in readable], decoding)
    written = {article: answer.text for (article, _), answer in zip(readable, answers, strict=True)}
    return [article.headline or _supported(written.get(article), article) for article in articles]


def _supported(headline: str | None, article: Article) -> str | None:
    if not headline or unsupported(headline, article.sentences[:_READ]):
        return None
    return headline.rstrip(".")
