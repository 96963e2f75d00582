"""Write an English summary whose every sentence names the segments that it rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.document import Document, Finding, Segment, Summary, SummarySentence, Verdict
from pipeline.seq2seq import Decoding, Seq2Seq
from pipeline.summarization import map_reduce, select_rewrite
from pipeline.summarization.article import Article, Draft, Length
from pipeline.summarization.headline import headlines
from pipeline.summarization.selection import Weights
from pipeline.summarization.verify import Claim, verified

_BODY = ("standfirst", "paragraph", "list")


@dataclass(frozen=True, slots=True)
class _Body:
    """One document's readable sentences and where they stand among its segments."""

    document: Document
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
        """Load the model."""
        self._model = self.load()

    @property
    def model(self) -> Seq2Seq:
        """The loaded model."""
        if self._model is None:
            self.setup()
        assert self._model is not None
        return self._model

    def process(self, batch: Sequence[Document]) -> list[Document]:
        """Fill `summary`; documents without English text pass by."""
        bodies = {document.id: body for document in batch if (body := _body(document)) is not None}
        long = [body for body in bodies.values() if not self.length.holds(body.article)]
        summaries = dict(zip([b.document.id for b in long], self._summaries(long), strict=True))
        return [self._with(bodies.get(d.id), summaries.get(d.id), d) for d in batch]

    def _summaries(self, bodies: Sequence[_Body]) -> list[Summary]:
        if not bodies:
            return []
        articles = [body.article for body in bodies]
        drafts = self._drafts(articles)
        claims = [_claim(d, a) for found, a in zip(drafts, articles, strict=True) for d in found]
        sentences = iter(verified(self.model, claims, self.decoding, self._prefix(select_rewrite.SUMMARY)))
        titles = headlines(self.model, articles, self.decoding, self._prefix(select_rewrite.HEADLINE), self.headline)
        return [
            Summary(title, _distinct([_placed(next(sentences), body.indexes) for _ in found], self.length))
            for title, found, body in zip(titles, drafts, bodies, strict=True)
        ]

    def _drafts(self, articles: Sequence[Article]) -> list[list[Draft]]:
        if self.selector is not None:
            return select_rewrite.draft(self.model, articles, self.length, self.decoding, self.selector)
        return map_reduce.draft(self.model, articles, self.length, self.decoding)

    def _prefix(self, control: str) -> str:
        return control if self.selector is not None else ""

    def _with(self, body: _Body | None, summary: Summary | None, document: Document) -> Document:
        if body is None:
            return document
        if summary is not None:
            return replace(document, summary=summary)
        return _whole(body)


def _body(document: Document) -> _Body | None:
    """Return what there is to summarise: body sentences in English, or everything else if that is all there is."""
    readable = [(index, segment) for index, segment in document.pairs if segment.target and not _kept_foreign(segment)]
    body = [(index, segment) for index, segment in readable if segment.role in _BODY] or readable
    if not body:
        return None
    sentences = tuple(segment.target or "" for _, segment in body)
    return _Body(document, tuple(index for index, _ in body), Article(sentences, _headline([s for _, s in readable])))


def _kept_foreign(segment: Segment) -> bool:
    """Say whether the text was kept in a language that nobody translated: it is no English to summarise."""
    return any(v.kept and v.rung.startswith("kept-") and v.rung != "kept-en" for v in segment.verdicts)


def _headline(segments: Sequence[Segment]) -> str | None:
    return " ".join(s.target or "" for s in segments if s.role == "headline") or None


def _claim(draft: Draft, article: Article) -> Claim:
    return Claim(draft, tuple(article.sentences[index] for index in draft.support))


def _placed(sentence: SummarySentence, indexes: Sequence[int]) -> SummarySentence:
    """Turn indexes of the article's sentences into indexes of the document's segments."""
    return replace(sentence, support=tuple(indexes[index] for index in sentence.support))


def _distinct(sentences: Sequence[SummarySentence], length: Length) -> tuple[SummarySentence, ...]:
    """Drop a sentence that says the same as an earlier one, and what is over the words asked for."""
    kept: dict[str, SummarySentence] = {}
    words = 0
    for sentence in sentences:
        words += len(sentence.text.split())
        if length.words is None or words <= length.words or not kept:
            kept.setdefault(sentence.text, sentence)
    return tuple(kept.values())


def _whole(body: _Body) -> Document:
    """An article that is as short as the summary asked for is its own summary, and says so."""
    verdicts = (Verdict("whole", (), True),)
    pairs = zip(body.article.sentences, body.indexes, strict=True)
    sentences = tuple(SummarySentence(text, (index,), "whole", verdicts) for text, index in pairs)
    message = f"the article has {len(sentences)} sentences, no more than the summary asked for: returned as it is"
    finding = Finding("summary-whole", "target-summary", message)
    document = body.document
    return replace(document, summary=Summary(body.article.headline, sentences), findings=(*document.findings, finding))
