"""Summary scores on the seed stories: ROUGE (Lin 2004) beside the lead of the same stories."""

from __future__ import annotations

from pathlib import Path

from rouge_score.rouge_scorer import RougeScorer

from pipeline import run
from pipeline.config import Config
from pipeline.document import Document
from pipeline.readers import ReadOptions, documents, find

_VARIANT = "rouge-score 0.1.2, Porter stems, F1"
_BODY = ("standfirst", "paragraph", "list")


def seeds_table(seeds: Path, config: Config) -> str:
    """Run the main job over the seeds and score each summary that has a reference."""
    found = [d for d in run.documents(config, documents(find(seeds), ReadOptions())) if d.summary]
    pairs = [(document, reference) for document in found if (reference := _reference(document, seeds))]
    ours = _rouge([(document.summary.text if document.summary else "", reference) for document, reference in pairs])
    lead = _rouge([(_lead(document), reference) for document, reference in pairs])
    origins = [
        sentence.origin
        for document, _ in pairs
        for sentence in (document.summary.sentences if document.summary else ())
    ]
    shares = ", ".join(f"{origins.count(o)} {o}" for o in sorted(set(origins)))
    scores = f"ours {ours}; lead-3 of our translation {lead} [{_VARIANT}]"
    return f"seeds summaries: {len(pairs)} stories, {scores}; sentences: {shares}"


def _reference(document: Document, seeds: Path) -> str | None:
    """The first document of the wire has its reference under the name of the file."""
    stem = Path(document.id).stem if "." in document.id else "wire"
    path = seeds / "references" / f"{stem}.summary.en"
    return " ".join(path.read_text(encoding="utf-8").split("\n")) if path.is_file() else None


def _lead(document: Document) -> str:
    body = [segment.target or "" for _, segment in document.pairs if segment.role in _BODY]
    return " ".join(body[:3])


def _rouge(pairs: list[tuple[str, str]]) -> str:
    kinds = ("rouge1", "rouge2", "rougeL")
    scorer = RougeScorer(list(kinds), use_stemmer=True)
    totals = [scorer.score(reference, hypothesis) for hypothesis, reference in pairs]
    means = {kind: sum(score[kind].fmeasure for score in totals) / max(1, len(totals)) for kind in kinds}
    return " / ".join(f"{kind[5:].upper()} {100 * means[kind]:.1f}" for kind in kinds)
