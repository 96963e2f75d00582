"""What can be said of a document without any reference: for each score a numerator and a denominator.

A corpus score is the sum of the numerators over the sum of the denominators, so that a long document weighs more where
things are counted (numbers, sentences, characters), and each document weighs the same where it has one value of its
own (coverage, density, compression, language), as Grusky et al. (2018) average them.

Failed documents count in `documents_finished` alone, and documents left alone because of their language nowhere:
nothing was to be translated there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.document import FOREIGN, Document, Segment, language_of
from pipeline.evaluation import holding
from pipeline.evaluation.summaries import summary_tallies
from pipeline.evaluation.words import repeated, words
from pipeline.languages.identify import identify

Tally = tuple[float, float]
REPEATED = 4


def tallies(document: Document, source: str, target: str) -> dict[str, Tally]:
    """Return the numerator and the denominator of each score that the document has a part in.

    `source` and `target` are the languages of the run. See `scores.catalogue` for what each says.
    """
    if document.is_skipped:
        return {}
    if document.failure is not None:
        return {"documents_finished": (0, 1)}
    found: dict[str, Tally] = {"documents_finished": (1, 1), f"noise_{source}": _noise(document)}
    sentences = [segment for segment in document.segments if _is_to_translate(segment, document, target)]
    found |= _translation(document, sentences, source, target)
    found |= _facts(document, sentences, source, target)
    return found | summary_tallies(document, source, target)


def _noise(document: Document) -> Tally:
    """Characters of the original in segments that were left out, of those in any segment."""
    sizes = [(segment.end - segment.start, segment.role == "noise") for segment in document.segments]
    return sum(size for size, is_noise in sizes if is_noise), sum(size for size, _ in sizes)


def _is_to_translate(segment: Segment, document: Document, target: str) -> bool:
    """Noise, symbols, text that is in the target language already, and what was to be kept as it is, are not."""
    has_words = any(map(str.isalnum, segment.source))
    return has_words and segment.role != "noise" and not segment.is_kept and language_of(segment, document) != target


def _stands(segment: Segment) -> bool:
    """Say whether a sentence has a translation: not given up, not still in its own language."""
    standing = segment.standing
    return segment.target is not None and not (standing and FOREIGN.intersection(standing.problems))


def _translation(document: Document, sentences: Sequence[Segment], source: str, target: str) -> dict[str, Tally]:
    hop, size = f"{source}_{target}", len(sentences)
    done = [segment for segment in sentences if _stands(segment)]
    texts = [words(segment.target or "") for segment in done]
    lengths = sum(len(s.target or "") for s in done), sum(len(s.source) for s in done)
    return {
        f"untranslated_{hop}": (size - len(done), size),
        f"passed_first_{hop}": (sum(map(_passed_first, sentences)), size),
        f"doubted_{hop}": (sum(map(_is_doubted, done)), size),
        f"length_ratio_{hop}": lengths,
        f"repeated_{REPEATED}grams_{target}": repeated(texts, REPEATED),
        f"language_{target}": _language(" ".join(segment.target or "" for segment in done), target),
    }


def _passed_first(segment: Segment) -> bool:
    return bool(segment.verdicts) and not segment.verdicts[0].problems and segment.verdicts[0].kept


def _is_doubted(segment: Segment) -> bool:
    return segment.standing is not None and bool(segment.standing.problems)


def _language(text: str, target: str) -> Tally:
    """Whether a text is in the language asked for; a text that is too short to tell is not counted."""
    found = identify(text).language
    return (found == target, found is not None)


def _facts(document: Document, sentences: Sequence[Segment], source: str, target: str) -> dict[str, Tally]:
    """Recall and precision of facts over the hop; a sentence without a translation keeps none of its facts."""
    kept = holding.added(_kept(segment, document, source, target) for segment in sentences)
    done = [segment for segment in sentences if _stands(segment)]
    founded = holding.added(_founded(segment, document, source, target) for segment in done)
    hop = f"{source}_{target}"
    return {
        **{f"{fact}_kept_{hop}": counts for fact, counts in kept.items()},
        **{f"{fact}_supported_{hop}": counts for fact, counts in founded.items()},
    }


def _kept(segment: Segment, document: Document, source: str, target: str) -> holding.Counts:
    here = segment.source, language_of(segment, document, source)
    there = segment.target or "", target
    counts = {**holding.held(here, [there]), "names": holding.names_kept(here, there)}
    return counts if _stands(segment) else holding.none(counts)


def _founded(segment: Segment, document: Document, source: str, target: str) -> holding.Counts:
    here = segment.target or "", target
    there = segment.source, language_of(segment, document, source)
    return {**holding.held(here, [there]), "names": holding.names_founded(here, there)}


def guard_verdicts(document: Document, target: str) -> Iterator[tuple[str, str]]:
    """Yield, for each sentence that was to be translated, the rung on which its text stands and what is wrong with it.

    The problem is "" where nothing is.
    """
    for segment in document.segments:
        standing = segment.standing
        if standing is not None and _is_to_translate(segment, document, target):
            yield standing.rung, ", ".join(standing.problems)
