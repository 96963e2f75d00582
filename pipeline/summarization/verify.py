"""No summary sentence stands that its support does not bear out: tried again, then replaced by a supported one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.document import Origin, SummarySentence, Verdict
from pipeline.facts.compare import unsupported
from pipeline.guards.hypothesis import repeats
from pipeline.seq2seq import Decoding, Hypothesis, Seq2Seq
from pipeline.summarization.article import Draft
from pipeline.summarization.compression import compress, untied
from pipeline.summarization.support import content_words
from pipeline.summarization.wording import faults, leans

COVERED = 0.5  # least share of a sentence's content words that its support must hold
CLOSELY = 0.8  # the same where a small model rewrites
# A small model's mean log-probability of a token: below the one it is guessing, above the other it may word freely.
# Read off 100 sentences of the first release by eye.
UNSURE, SURE = -0.75, -0.3


@dataclass(frozen=True, slots=True)
class Claim:
    """A drafted sentence with the words of the sentences that it rests on.

    `anchored` says that a pronoun at its head finds its noun in the summary sentence before.
    """

    draft: Draft
    support: tuple[str, ...]
    anchored: bool = True


def verified(
    model: Seq2Seq, claims: Sequence[Claim], decoding: Decoding, prefix: str = "", *, closely: bool = False
) -> list[SummarySentence]:
    """Return a sentence for each claim: as drafted, or regenerated from its support, or its best support itself.

    `closely` is for small models that fuse and shorten: the wording is checked too, and the support sentence that
    stands in is shortened by rule.
    """
    check = Check(closely)
    first = [check.pick(claim, _drafted(claim.draft)) for claim in claims]
    doubted = [index for index, (picked, _) in enumerate(first) if picked is None and claims[index].support]
    again = _regenerated(model, [claims[index] for index in doubted], decoding, prefix, closely)
    retried = dict(zip(doubted, again, strict=True))
    return [check.settled(claim, first[index], retried.get(index)) for index, claim in enumerate(claims)]


def _drafted(draft: Draft) -> tuple[Hypothesis, ...]:
    return (Hypothesis(draft.text, draft.score), *draft.others)


def _regenerated(
    model: Seq2Seq, claims: Sequence[Claim], decoding: Decoding, prefix: str, closely: bool
) -> list[Hypothesis]:
    """Write each claim again from its support alone, eight ways; sources that are too long are not tried."""
    wider = replace(decoding, beam_size=max(8, decoding.beam_size), hypotheses=8, min_new_tokens=0)
    sources = [prefix + (compress(_nearest(claim)) if closely else " ".join(claim.support)) for claim in claims]
    short = [
        source
        for source, size in zip(sources, model.count_tokens(sources), strict=True)
        if size <= model.max_source_tokens
    ]
    answers = dict(zip(short, model.generate(short, wider), strict=True))
    return [answers.get(source, Hypothesis("", 0.0)) for source in sources]


def _nearest(claim: Claim) -> str:
    return claim.support[_best(claim)]


def _best(claim: Claim) -> int:
    """The support sentence that can stand alone and shares most with the draft, the earlier on a tie."""
    wanted = content_words(claim.draft.text)
    return max(
        range(len(claim.support)),
        key=lambda i: (
            claim.anchored or not leans(untied(claim.support[i])),
            len(wanted & content_words(claim.support[i])),
            -i,
        ),
    )


Picked = tuple[Hypothesis | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Check:
    """What a summary sentence must be, and what becomes of one that is not."""

    closely: bool = False

    def pick(self, claim: Claim, tries: Sequence[Hypothesis]) -> Picked:
        """Return the first of several texts that may stand, and what is wrong with the first of all."""
        found = self.problems(tries[0], claim)
        if not found:
            return tries[0], ()
        return next((other for other in tries[1:] if not self.problems(other, claim)), None), found

    def problems(self, hypothesis: Hypothesis, claim: Claim) -> tuple[str, ...]:
        """Return what is wrong with a summary sentence, seen from its support, sorted."""
        text, support = hypothesis.text, claim.support
        words = content_words(text)
        if not words:
            return ("empty",)
        found = {difference.kind for difference in unsupported(text, support)}
        if repeats(text) > (1 if self.closely else 2):
            found.add("repetition")
        held = words & frozenset().union(*(content_words(sentence) for sentence in support))
        if len(held) < (CLOSELY if self.closely else COVERED) * len(words):
            found.add("unsupported")
        if not text.rstrip("\"')»” ").endswith((".", "!", "?", "…")):
            found.add("unfinished")
        if self.closely:
            found.update(faults(text, support, loosely=SURE <= hypothesis.score < 0))
            found.update(self._doubts(hypothesis, claim))
        return tuple(sorted(found))

    def _doubts(self, hypothesis: Hypothesis, claim: Claim) -> set[str]:
        doubts = set()
        if hypothesis.score < UNSURE:
            doubts.add("unsure")
        if not claim.anchored and leans(hypothesis.text):
            doubts.add("leaning")
        return doubts

    def settled(self, claim: Claim, first: Picked, retried: Hypothesis | None) -> SummarySentence:
        """Return the sentence that stands for a claim, with the verdict on every try."""
        picked, found = first
        if picked is not None and not found:
            return self._sentence(picked, claim, "model", Verdict("first", (), True))
        doubt = Verdict("first", found, False)
        if picked is not None:
            return self._sentence(picked, claim, "model", doubt, Verdict("next-best", (), True))
        if retried is None:
            return self._extracted(claim, doubt)
        again, problems = self.pick(claim, (retried, *retried.alternatives))
        if again is not None:
            return self._sentence(again, claim, "regenerated", doubt, Verdict("regenerated", (), True))
        return self._extracted(claim, doubt, Verdict("regenerated", problems, False))

    def _extracted(self, claim: Claim, *verdicts: Verdict) -> SummarySentence:
        """The support sentence that shares most with the draft stands in for it, and is then the only support."""
        if not claim.support:
            last = replace(verdicts[-1], kept=True)
            return SummarySentence(claim.draft.text, claim.draft.support, "model", (*verdicts[:-1], last))
        best = _best(claim)
        text = claim.support[best]
        standing = (*verdicts, Verdict("extracted", (), True))
        shown = compress(text) if self.closely else text
        if shown != text and unsupported(shown, (text,)):
            shown = text
        return SummarySentence(shown, (claim.draft.support[best],), "extracted", standing)

    def _sentence(self, picked: Hypothesis, claim: Claim, origin: Origin, *verdicts: Verdict) -> SummarySentence:
        """Cite no sentence that the text can do without."""
        support = dict(zip(claim.draft.support, claim.support, strict=True))
        for index in reversed(claim.draft.support if self.closely else ()):
            fewer = {i: sentence for i, sentence in support.items() if i != index}
            if fewer and self._holds(picked, tuple(fewer.values()), claim):
                support = fewer
        return SummarySentence(picked.text, tuple(support), origin, verdicts)

    def _holds(self, picked: Hypothesis, support: tuple[str, ...], claim: Claim) -> bool:
        words = content_words(picked.text)
        held = [words & frozenset().union(*(content_words(s) for s in some)) for some in (support, claim.support)]
        return held[0] == held[1] and not self.problems(picked, replace(claim, support=support))
