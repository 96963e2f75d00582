"""The headline of a summary: the article's own in English, or one that the model writes and its support bears out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.facts.compare import unsupported
from pipeline.guards.hypothesis import repeats
from pipeline.seq2seq import Decoding, Hypothesis, Seq2Seq
from pipeline.summarization.article import Article
from pipeline.summarization.compression import compress
from pipeline.summarization.support import content_words
from pipeline.summarization.wording import dangles, invented, misquotes, negates

_READ = 3  # sentences at the head of an article that a headline is written from
_SHORTEST, _LONGEST = 4, 18  # words
_HELD = 0.8  # least share of its content words that the sentences must hold


def headlines(
    model: Seq2Seq, articles: Sequence[Article], decoding: Decoding, prefix: str, wanted: bool
) -> list[str | None]:
    """Return a headline for each article: its own if it has one; else a written one; None where that is not supported.

    Only a model that knows the control text `prefix` can write headlines; without one nothing is written.
    """
    bare = [article for article in articles if wanted and prefix and article.headline is None]
    sources = [prefix + " ".join(map(compress, article.sentences[:_READ])) for article in bare]
    sizes = model.count_tokens(sources)
    readable = [(a, s) for a, s, size in zip(bare, sources, sizes, strict=True) if size <= model.max_source_tokens]
    wider = replace(decoding, beam_size=max(8, decoding.beam_size), hypotheses=8)
    answers = model.generate([source for _, source in readable], wider)
    written = {article: _supported(answer, article) for (article, _), answer in zip(readable, answers, strict=True)}
    return [article.headline or written.get(article) for article in articles]


def _supported(answer: Hypothesis, article: Article) -> str | None:
    texts = [one.text.strip().rstrip(".") for one in (answer, *answer.alternatives)]
    return next((text for text in texts if _may_stand(text, article.sentences[:_READ])), None)


def _may_stand(text: str, support: Sequence[str]) -> bool:
    words = content_words(text)
    held = words & frozenset().union(*(content_words(sentence) for sentence in support))
    return (
        _SHORTEST <= len(text.split()) <= _LONGEST
        and len(held) >= _HELD * len(words)
        and repeats(text) < 2
        and not dangles(text)
        and not any(invented(text, support))
        and not misquotes(text, support)
        and not negates(text, support)
        and not unsupported(text, support)
    )
