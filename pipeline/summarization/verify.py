"""No summary sentence stands that its support does not bear out: tried again, then replaced by a supported one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.document import Origin, SummarySentence, Verdict
from pipeline.facts.compare import unsupported
from pipeline.guards.hypothesis import repeats
from pipeline.seq2seq import Decoding, Hypothesis, Seq2Seq
from pipeline.summarization.article import Draft
from pipeline.summarization.support import content_words

COVERED = 0.5  # least share of a sentence's content words that its support must hold


@dataclass(frozen=True, slots=True)
class Claim:
    """A drafted sentence with the words of the sentences that it rests on."""

    draft: Draft
    support: tuple[str, ...]


def verified(model: Seq2Seq, claims: Sequence[Claim], decoding: Decoding, prefix: str = "") -> list[SummarySentence]:
    """Return a sentence for each claim: as drafted, or regenerated from its support, or its best support itself."""
    verdicts = [_problems(claim.draft.text, claim.support) for claim in claims]
    doubted = [index for index, found in enumerate(verdicts) if found and claims[index].support]
    retried = dict(zip(doubted, _regenerated(model, [claims[i] for i in doubted], decoding, prefix), strict=True))
    return [_settled(claim, verdicts[index], retried.get(index)) for index, claim in enumerate(claims)]


def _problems(text: str, support: Sequence[str]) -> tuple[str, ...]:
    """Return what is wrong with a summary sentence, seen from its support."""
    words = content_words(text)
    if not words:
        return ("empty",)
    found = {difference.kind for difference in unsupported(text, support)}
    if repeats(text) > 2:
        found.add("repetition")
    held = words & frozenset().union(*(content_words(sentence) for sentence in support))
    if len(held) < COVERED * len(words):
        found.add("unsupported")
    if not text.rstrip("\"')»” ").endswith((".", "!", "?", "…")):
        found.add("unfinished")
    return tuple(sorted(found))


def _regenerated(model: Seq2Seq, claims: Sequence[Claim], decoding: Decoding, prefix: str) -> list[Hypothesis]:
    """Write each claim again from its support alone, eight ways; sources that are too long are not tried."""
    wider = replace(decoding, beam_size=max(8, decoding.beam_size), hypotheses=8, min_new_tokens=0)
    sources = [prefix + " ".join(claim.support) for claim in claims]
    short = [
        source
        for source, size in zip(sources, model.count_tokens(sources), strict=True)
        if size <= model.max_source_tokens
    ]
    answers = dict(zip(short, model.generate(short, wider), strict=True))
    return [answers.get(source, Hypothesis("", 0.0)) for source in sources]


def _settled(claim: Claim, found: tuple[str, ...], retried: Hypothesis | None) -> SummarySentence:
    if not found:
        return _sentence(claim.draft.text, claim, "model", Verdict("first", (), True))
    first = Verdict("first", found, False)
    if retried is None:
        return _extracted(claim, first)
    tries = [(h.text, _problems(h.text, claim.support)) for h in (retried, *retried.alternatives)]
    for text, problems in tries:
        if not problems:
            return _sentence(text, claim, "regenerated", first, Verdict("regenerated", (), True))
    return _extracted(claim, first, Verdict("regenerated", tries[0][1], False))


def _extracted(claim: Claim, *verdicts: Verdict) -> SummarySentence:
    """The support sentence that shares most with the draft stands in for it, and is then the only support."""
    if not claim.support:
        return _sentence(claim.draft.text, claim, "model", *verdicts[:-1], replace(verdicts[-1], kept=True))
    wanted = content_words(claim.draft.text)
    best = max(range(len(claim.support)), key=lambda index: (len(wanted & content_words(claim.support[index])), -index))
    alone = Claim(Draft(claim.support[best], (claim.draft.support[best],)), (claim.support[best],))
    return _sentence(claim.support[best], alone, "extracted", *verdicts, Verdict("extracted", (), True))


def _sentence(text: str, claim: Claim, origin: Origin, *verdicts: Verdict) -> SummarySentence:
    return SummarySentence(text, claim.draft.support, origin, verdicts)
