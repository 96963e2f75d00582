"""Translation scores: BLEU and chrF2 by sacreBLEU (Post 2018), and how many sentences keep all their figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sacrebleu

from pipeline import run
from pipeline.config import Config
from pipeline.facts.compare import FIGURES, compare

_EXAMPLES = 8
_WHOLE = 6  # words


@dataclass(frozen=True, slots=True)
class Row:
    """The scores of one test set with their signatures; `kept` is the share of sentences with digits that keep all
    their figures, `worst` are some of the lines with the lowest chrF2: French, what was written, reference."""

    name: str
    lines: int
    bleu: float
    chrf: float
    kept: float
    bleu_signature: str
    chrf_signature: str
    worst: list[tuple[str, str, str]]

    def __str__(self) -> str:
        scores = f"BLEU {self.bleu:.1f}, chrF2 {self.chrf:.1f}"
        share = f"figures kept in {self.kept:.1%} of the sentences that have any"
        return f"{self.name}: {self.lines} lines, {scores}, {share} [{self.bleu_signature}] [{self.chrf_signature}]"


def bitext_row(testset: Path, config: Config, most: int = 0) -> Row:
    """Translate `testset`.fr line by line and score it against `testset`.en; 0 takes all lines.

    Raises:
        SystemExit: the two files have not the same number of lines.
    """
    french, english = (_read(Path(f"{testset}.{language}"), most) for language in ("fr", "en"))
    if len(french) != len(english):
        raise SystemExit(f"{testset}: {len(french)} lines of French, {len(english)} of English; they must be aligned")
    return _row(testset.name, french, english, config)


def seeds_bitext(seeds: Path, config: Config) -> Row:
    """Score the sentences of all seed articles; those that are English in both columns are left out."""
    french: list[str] = []
    english: list[str] = []
    for path in sorted((seeds / "references").glob("*.fr")):
        pairs = zip(_read(path), _read(path.with_suffix(".en")), strict=True)
        kept = [(source, target) for source, target in pairs if source != target]
        french += [source for source, _ in kept]
        english += [target for _, target in kept]
    return _row("seeds", french, english, config, _EXAMPLES)


def _read(path: Path, most: int = 0) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")[: most or None]


def _row(name: str, french: Sequence[str], english: Sequence[str], config: Config, examples: int = 0) -> Row:
    hypotheses = [line.text for line in run.lines(french, config)]
    bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()
    b, c = (metric.corpus_score(hypotheses, [english]).score for metric in (bleu, chrf))
    signatures = str(bleu.get_signature()), str(chrf.get_signature())
    triples = list(zip(french, hypotheses, english, strict=True))
    return Row(name, len(french), b, c, _kept(french, hypotheses), *signatures, _worst(triples, examples))


def _worst(triples: Sequence[tuple[str, str, str]], count: int) -> list[tuple[str, str, str]]:
    """Return the whole sentences (not headings of a few words) whose English is farthest from its reference."""
    chrf = sacrebleu.CHRF()
    whole = [triple for triple in triples if len(triple[0].split()) >= _WHOLE] if count else []
    return sorted(whole, key=lambda triple: chrf.sentence_score(triple[1], [triple[2]]).score)[:count]


def _kept(french: Sequence[str], hypotheses: Sequence[str]) -> float:
    """Return the share of sentences with digits in which no number, date or amount was lost, changed or added."""
    rows = [(f, h) for f, h in zip(french, hypotheses, strict=True) if any(c.isdigit() for c in f)]
    good = sum(not any(d.kind.startswith(FIGURES) for d in compare(f, "fr", h, "en")) for f, h in rows)
    return good / max(1, len(rows))
