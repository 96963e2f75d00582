"""What can be said of a summary from the record alone: whether it is borne out, and how far it is worded anew."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.document import Document, Summary, SummarySentence
from pipeline.evaluation import holding
from pipeline.evaluation.fragments import extractiveness
from pipeline.evaluation.words import novel, repeated, words
from pipeline.facts.compare import unfounded, unsupported
from pipeline.languages.identify import identify
from pipeline.scores import IN_SOURCES, NGRAMS

Tally = tuple[float, float]
_REPEATED = 4
_WRITTEN = ("model", "regenerated")


def summary_tallies(document: Document, source: str, target: str) -> dict[str, Tally]:
    """Return the numerator and the denominator of each score of a document's summary; nothing without one.

    A summary that is its whole article, because that is no longer than the summary asked for, says nothing of
    summarising and is left out.
    """
    summary = document.summary
    if summary is None or not summary.sentences or is_whole(summary):
        return {}
    hop = f"{target}_summary"
    sentences = summary.sentences
    language = identify(summary.text).language
    found: dict[str, Tally] = {
        f"supported_{hop}": (sum(is_supported(s, document, source, target) for s in sentences), len(sentences)),
        "written_summary": (sum(s.origin in _WRITTEN for s in sentences), len(sentences)),
        "language_summary": (language == target, language is not None),
    }
    return found | _facts(summary, document, source, target) | _overlap(summary, document, hop)


def is_whole(summary: Summary) -> bool:
    """Say whether a summary is its article."""
    return all(sentence.origin == "whole" for sentence in summary.sentences)


def is_supported(sentence: SummarySentence, document: Document, source: str, target: str) -> bool:
    """Say whether a summary sentence is borne out in full.

    It names segments that it rests on; each of its numbers, dates, amounts, links and names is in their English, and
    each number, date, amount and link in their source; and the guards hold nothing against it.
    """
    english, original = _support(sentence, document, source, target)
    if not english or any(verdict.kept and verdict.problems for verdict in sentence.verdicts):
        return False
    return not unsupported(sentence.text, english, target) and not unfounded(sentence.text, target, original)


def _support(
    sentence: SummarySentence, document: Document, source: str, target: str
) -> tuple[list[str], list[holding.Text]]:
    """Return the English and the source of the segments that a sentence rests on; nothing for an index out of range."""
    places = [place for place in sentence.support if 0 <= place < len(document.segments)]
    segments = [document.segments[place] for place in places] if len(places) == len(sentence.support) else []
    english = [segment.target if segment.target is not None else segment.source for segment in segments]
    return english, [(s.source, s.language or document.language or source) for s in segments]


def _facts(summary: Summary, document: Document, source: str, target: str) -> dict[str, Tally]:
    english: list[holding.Counts] = []
    original: list[holding.Counts] = []
    for sentence in summary.sentences:
        support, sources = _support(sentence, document, source, target)
        here = sentence.text, target
        english.append(holding.held(here, [(text, target) for text in support]))
        english.append({"names": holding.names_supported(here, "\n".join(support))})
        original.append(holding.held(here, sources))
    borne, founded = holding.added(english), holding.added(original)
    kept = holding.added(_kept(segment, summary.text, target) for segment in _article(document))
    return {
        **{f"{fact}_supported_{target}_summary": borne[fact] for fact in (*IN_SOURCES, "names")},
        **{f"{fact}_supported_{source}_summary": founded[fact] for fact in IN_SOURCES},
        **{f"{fact}_kept_{target}_summary": kept[fact] for fact in (*IN_SOURCES, "names") if fact in kept},
    }


def _kept(text: str, summary: str, target: str) -> holding.Counts:
    here = text, target
    return {**holding.held(here, [(summary, target)]), "names": holding.names_supported(here, summary)}


def _article(document: Document) -> Sequence[str]:
    """The English that a summary is made from: every sentence that can be read as English."""
    return [segment.target or "" for _, segment in document.pairs if segment.is_english]


def _overlap(summary: Summary, document: Document, hop: str) -> dict[str, Tally]:
    """Coverage, density and compression (Grusky et al. 2018), novel n-grams, repeated n-grams.

    The article is the English translation, headings included; the summary its sentences without the headline.
    """
    article, tokens = words(" ".join(_article(document))), words(summary.text)
    sizes = extractiveness(article, tokens)
    found: dict[str, Tally] = {f"repeated_{_REPEATED}grams_summary": repeated([tokens], _REPEATED)}
    for n in NGRAMS:
        found[f"novel_{n}grams_{hop}"] = novel(tokens, article, n)
    if sizes is not None:
        found |= {f"{name}_{hop}": (getattr(sizes, name), 1) for name in ("compression", "coverage", "density")}
    return found
