"""What a run's documents add up to besides its scores: findings, verdicts of the guards, noise by reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields

from pipeline.document import Document
from pipeline.evaluation.reference_free import guard_verdicts


@dataclass(slots=True)
class Breakdown:
    """Counts by name. `noise` counts characters by the reason why they were left out, `rungs` sentences by the attempt
    whose text stands, `problems` what the guards still hold against sentences that stand, `origins` summary sentences.
    """

    findings: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    noise: Counter[str] = field(default_factory=Counter)
    rungs: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    origins: Counter[str] = field(default_factory=Counter)
    skipped: int = 0

    def add(self, document: Document, target: str) -> None:
        """Count one document."""
        self.skipped += document.is_skipped
        self.findings.update(finding.kind for finding in document.findings)
        if document.failure is not None:
            self.failures[document.failure.kind] += 1
            return
        for segment in document.segments:
            if segment.role == "noise":
                self.noise[segment.reason or "unknown"] += segment.end - segment.start
        for rung, problems in guard_verdicts(document, target):
            self.rungs[rung] += 1
            self.problems.update(problem for problem in problems.split(", ") if problem)
        if document.summary is not None:
            self.origins.update(sentence.origin for sentence in document.summary.sentences)

    def to_dict(self) -> dict[str, dict[str, int]]:
        """Return the counts as plain values, the most frequent first, those of one frequency by name."""
        groups = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "skipped"}
        return {name: dict(sorted(c.items(), key=lambda item: (-item[1], item[0]))) for name, c in groups.items()}
