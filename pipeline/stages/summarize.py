"""Write an English summary whose every sentence names the segments that it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.document import Document, Finding, Segment, Summary, SummarySentence, Verdict
from pipeline.seq2seq import Decoding, Seq2Seq
from pipeline.summarization import map_reduce, select_rewrite
from pipeline.summarization.arrangement import fitting
from pipeline.summarization.article import Article, Draft, Length
from pipeline.summarization.headline import headlines
from pipeline.summarization.selection import Weights
from pipeline.summarization.verify import Claim, verified

_BODY = ("standfirst", "paragraph", "list")


@dataclass(frozen=True, slots=True)
class _Body:
    """One document's readable sentences and where they stand among its segments."""

    indexes: tuple[int, ...]
    article: Article


@dataclass
class Summarize:
    """The stage. `load` returns the model and is called in the worker.

    With the weights of a `selector` the sentences that matter are picked and rewritten; without, the model reads the
    whole article in pieces.
    """

    load: Callable[[], Seq2Seq]
    decoding: Decoding = field(default_factory=lambda: Decoding(max_new_tokens=142, no_repeat_ngram_size=3))
    length: Length = field(default_factory=Length)
    headline: bool = True
    selector: Weights | None = None
    name: str = "summarize"
    _model: Seq2Seq | None = field(default=None, init=False, repr=False)

    def setup(self) -> None:
        """Load the model, once."""
        self._model = self._model or self.load()

    @property
    def model(self) -> Seq2Seq:
        """The loaded model."""
        if self._model is None:
            self.setup()
        assert self._model is not None
        return self._model

    def process(self, batch: Sequence[Document]) -> list[Document]:
        """Fill `summary`; documents without English text pass by."""
        bodies = [_body(document) for document in batch]
        long = [body for body in bodies if body is not None and not self.length.holds(body.article)]
        summaries = iter(self._summaries(long))
        return [self._finished(body, document, summaries) for body, document in zip(bodies, batch, strict=True)]

    def _finished(self, body: _Body | None, document: Document, summaries: Iterator[Summary]) -> Document:
        if body is None:
            return _without(document)
        return _whole(body, document) if self.length.holds(body.article) else self._with(next(summaries), document)

    def _summaries(self, bodies: Sequence[_Body]) -> list[Summary]:
        if not bodies:
            return []
        articles = [body.article for body in bodies]
        drafts = self._drafts(articles)
        claims = [claim for found, a in zip(drafts, articles, strict=True) for claim in _claims(found, a)]
        prefix = self._prefix(select_rewrite.SUMMARY)
        sentences = iter(verified(self.model, claims, self.decoding, prefix, closely=bool(prefix)))
        titles = headlines(self.model, articles, self.decoding, self._prefix(select_rewrite.HEADLINE), self.headline)
        return [
            Summary(title, fitting([_placed(next(sentences), body.indexes) for _ in found], found, self.length))
            for title, found, body in zip(titles, drafts, bodies, strict=True)
        ]

    def _drafts(self, articles: Sequence[Article]) -> list[list[Draft]]:
        if self.selector is not None:
            return select_rewrite.draft(self.model, articles, self.length, self.decoding, self.selector)
        return map_reduce.draft(self.model, articles, self.length, self.decoding)

    def _prefix(self, control: str) -> str:
        return control if self.selector is not None else ""

    def _with(self, summary: Summary, document: Document) -> Document:
        if self.length.words is None or len(summary.text.split()) <= self.length.words:
            return replace(document, summary=summary)
        message = f"one sentence alone is longer than the {self.length.words} words asked for; it was not cut"
        long = Finding("summary-long", "target-summary", message)
        return replace(document, summary=summary, findings=(*document.findings, long))


def _body(document: Document) -> _Body | None:
    """Return what there is to summarise: body sentences in English, or everything else if that is all there is."""
    readable = [(index, segment) for index, segment in document.pairs if segment.is_english]
    body = [(index, segment) for index, segment in readable if segment.role in _BODY] or readable
    if not body:
        return None
    sentences = tuple(segment.target or "" for _, segment in body)
    return _Body(tuple(index for index, _ in body), Article(sentences, _headline([s for _, s in readable])))


def _headline(segments: Sequence[Segment]) -> str | None:
    return " ".join(s.target or "" for s in segments if s.role == "headline") or None


def _claims(drafts: Sequence[Draft], article: Article) -> Iterator[Claim]:
    """A sentence that leans on the last one of the claim before may begin with a pronoun; the first one may not."""
    last: int | None = None
    for draft in drafts:
        follows = bool(draft.support) and last is not None and draft.support[0] == last + 1
        yield Claim(draft, tuple(article.sentences[index] for index in draft.support), anchored=follows)
        last = draft.support[-1] if draft.support else None


def _placed(sentence: SummarySentence, indexes: Sequence[int]) -> SummarySentence:
    """Turn indexes of the article's sentences into indexes of the document's segments."""
    return replace(sentence, support=tuple(indexes[index] for index in sentence.support))


def _without(document: Document) -> Document:
    """Say so where every translation was given up; what was left or kept in its language was never to be summarised."""
    if all(segment.is_kept for _, segment in document.pairs):
        return document
    message = "no sentence has an English that can stand: there is nothing to summarise"
    finding = Finding("summary-missing", "target-summary", message)
    return replace(document, findings=(*document.findings, finding))


def _whole(body: _Body, document: Document) -> Document:
    """An article that is as short as the summary asked for is its own summary, and says so."""
    verdicts = (Verdict("whole", (), True),)
    pairs = zip(body.article.sentences, body.indexes, strict=True)
    sentences = tuple(SummarySentence(text, (index,), "whole", verdicts) for text, index in pairs)
    message = f"the article has {len(sentences)} sentences, no more than the summary asked for: returned as it is"
    finding = Finding("summary-whole", "target-summary", message)
    return replace(document, summary=Summary(body.article.headline, sentences), findings=(*document.findings, finding))
