"""The ladder: a hypothesis that the guards doubt is tried again with other decoding, and the best is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipeline.document import Verdict
from pipeline.facts.compare import FIGURES
from pipeline.facts.hinting import facts_hinted, figure_hints
from pipeline.facts.naming import missing
from pipeline.guards.clauses import clause, cut, fitting
from pipeline.guards.hypothesis import FATAL, problems, severity
from pipeline.guards.repair import repaired
from pipeline.hints import Hint, marked
from pipeline.seq2seq import Decoding, Hypothesis, Seq2Seq, takes_hints

Text = tuple[str, str]  # a sentence and its language

_LOOPS = frozenset({"repetition", "unfinished", "too-long"})
_WORTH_SPLITTING = 8  # words; a clause of fewer has lost the context that it needs


@dataclass(frozen=True, slots=True)
class Attempt:
    """The best text so far, what is wrong with it, and the verdict of every rung that was tried."""

    text: str
    score: float
    problems: tuple[str, ...]
    verdicts: tuple[Verdict, ...]


Search = Callable[[list[Text], list[Attempt]], list[list[Hypothesis]]]
"""Gives new hypotheses for sentences whose best so far is doubted; none where it has nothing better."""


def climb(model: Seq2Seq, texts: Sequence[Text], decoding: Decoding, target_language: str) -> list[Attempt]:
    """Translate sentences; each goes up the rungs until the guards pass it or no rung is left.

    Rungs: "first" as configured, "figures-given" with the English of its figures behind them where the model takes
    hints, "repair" with the one wrong figure put right, "wider-beam" the best of eight hypotheses, "no-repeat" without
    repeated trigrams where it loops, "split" by clauses, "repair" again, "names-given" with the names that were lost
    behind themselves. A sentence over the model's limit is split at once ("split-long").
    """
    best = _first(model, texts, decoding, target_language)
    for rung, search in _rungs(model, decoding, target_language):
        doubted = [index for index, attempt in enumerate(best) if _worth(rung, attempt)]
        tried = search([texts[index] for index in doubted], [best[index] for index in doubted]) if doubted else []
        for index, hypotheses in zip(doubted, tried, strict=True):
            best[index] = _better(best[index], rung, hypotheses, texts[index], target_language)
    return _with_names(model, texts, best, decoding, target_language) if takes_hints(model) else best


def _with_names(
    model: Seq2Seq, texts: Sequence[Text], best: Sequence[Attempt], decoding: Decoding, target_language: str
) -> list[Attempt]:
    """Try again where a name was lost, with the name behind itself; taken where fewer are lost and nothing is worse."""
    lost = [_lost_names(attempt, text, target_language) for attempt, text in zip(best, texts, strict=True)]
    doubted = [index for index, names in enumerate(lost) if names and not FATAL.intersection(best[index].problems)]
    hinted = [marked(texts[index][0], lost[index] + _given_figures(best[index], texts[index])) for index in doubted]
    answers = dict(zip(doubted, _generate(model, hinted, decoding), strict=True))
    return [
        _named(attempt, answers[index], text, len(lost[index]), target_language) if index in answers else attempt
        for index, (attempt, text) in enumerate(zip(best, texts, strict=True))
    ]


def _lost_names(attempt: Attempt, text: Text, target_language: str) -> list[Hint]:
    return [(name.end, name.text) for name, _ in missing(*text, attempt.text, target_language, exact=True)]


def _given_figures(attempt: Attempt, text: Text) -> list[Hint]:
    """What mended the figures must not be taken away."""
    return figure_hints(*text) if any(v.rung == "figures-given" and v.kept for v in attempt.verdicts) else []


def _named(before: Attempt, hypothesis: Hypothesis, text: Text, lost: int, target_language: str) -> Attempt:
    tried = _judged("names-given", hypothesis, text, target_language)
    if severity(tried.problems) <= severity(before.problems) and len(_lost_names(tried, text, target_language)) < lost:
        return replace(tried, verdicts=(*(replace(v, kept=False) for v in before.verdicts), *tried.verdicts))
    return replace(before, verdicts=(*before.verdicts, replace(tried.verdicts[0], kept=False)))


def _worth(rung: str, attempt: Attempt) -> bool:
    """Say whether a rung can mend what is wrong: forbidding repetition is for what loops or does not end."""
    if rung == "figures-given":
        return any(problem.startswith(FIGURES) for problem in attempt.problems)
    return bool(attempt.problems if rung != "no-repeat" else _LOOPS.intersection(attempt.problems))


def _rungs(model: Seq2Seq, decoding: Decoding, target_language: str) -> list[tuple[str, Search]]:
    """Return the rungs, cheap ones first: what is mended by rule is not searched for."""
    wider = replace(decoding, beam_size=max(8, 2 * decoding.beam_size), hypotheses=8)
    trigram = replace(decoding, no_repeat_ngram_size=3)

    def repair(texts: Sequence[Text], best: Sequence[Attempt]) -> list[list[Hypothesis]]:
        mended = [repaired(*text, attempt.text, target_language) for text, attempt in zip(texts, best, strict=True)]
        return [[Hypothesis(m, a.score)] if m is not None else [] for m, a in zip(mended, best, strict=True)]

    rungs: list[tuple[str, Search]] = [
        ("repair", repair),
        ("wider-beam", lambda texts, _: [[h, *h.alternatives] for h in _generate(model, _bare(texts), wider)]),
        ("no-repeat", lambda texts, _: [[h] for h in _generate(model, _bare(texts), trigram)]),
        ("split", lambda texts, _: [[h] for h in _in_clauses(model, _bare(texts), decoding)]),
        ("repair", repair),
    ]
    given: Search = lambda texts, _: [[h] for h in _generate(model, _with_figures(texts), decoding)]  # noqa: E731
    return [("figures-given", given), *rungs] if takes_hints(model) else rungs


def _bare(texts: Sequence[Text]) -> list[str]:
    return [text for text, _ in texts]


def _with_figures(texts: Sequence[Text]) -> list[str]:
    return [facts_hinted(text, language) for text, language in texts]


def _first(model: Seq2Seq, texts: Sequence[Text], decoding: Decoding, target_language: str) -> list[Attempt]:
    lengths = model.count_tokens(_bare(texts))
    answers = _generate(model, _bare(texts), decoding)
    return [
        _judged("split-long" if length > model.max_source_tokens else "first", answer, text, target_language)
        for text, answer, length in zip(texts, answers, lengths, strict=True)
    ]


def _judged(rung: str, hypothesis: Hypothesis, text: Text, target_language: str) -> Attempt:
    found = problems(text[0], hypothesis, text[1], target_language)
    return Attempt(hypothesis.text, hypothesis.score, found, (Verdict(rung, found, kept=True),))


def _better(before: Attempt, rung: str, hypotheses: Sequence[Hypothesis], text: Text, target_language: str) -> Attempt:
    """Return the least bad of what stood before and a rung's hypotheses; a tie goes to the earlier one."""
    if not hypotheses:
        return before
    tried = min(
        (_judged(rung, h, text, target_language) for h in hypotheses), key=lambda a: (severity(a.problems), -a.score)
    )
    if severity(tried.problems) < severity(before.problems):
        return replace(tried, verdicts=(*(replace(v, kept=False) for v in before.verdicts), *tried.verdicts))
    return replace(before, verdicts=(*before.verdicts, replace(tried.verdicts[0], kept=False)))


def _generate(model: Seq2Seq, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
    """Translate texts of any length: what is over the model's limit goes through in pieces, joined again."""
    lengths = model.count_tokens(texts)  # all at once: nearly every text fits
    fits = model.max_source_tokens
    pieces = [[t] if length <= fits else fitting(model, t) for t, length in zip(texts, lengths, strict=True)]
    answers = iter(model.generate([piece for group in pieces for piece in group], decoding))
    return [_joined([next(answers) for _ in group]) for group in pieces]


def _joined(parts: Sequence[Hypothesis]) -> Hypothesis:
    if len(parts) == 1:
        return parts[0]
    score = round(sum(part.score for part in parts) / len(parts), 4)
    return Hypothesis(" ".join(part.text for part in parts), score, all(part.finished for part in parts))


def _in_clauses(model: Seq2Seq, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
    groups = [cut(text, clause(text) if len(text.split()) >= _WORTH_SPLITTING else None) for text in texts]
    answers = iter(_generate(model, [clause for group in groups for clause in group], decoding))
    return [_joined([next(answers) for _ in group]) for group in groups]
