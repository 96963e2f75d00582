"""What the pictures need of all the stories of a run, and no more than that."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipeline.document import Document
from pipeline.view.stories import probability


@dataclass(slots=True)
class Tally:
    """Token probabilities of the sentences, words of the stories that were translated, findings by kind."""

    scores: list[float] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    findings: Counter[str] = field(default_factory=Counter)

    def add(self, document: Document) -> None:
        """Count one document."""
        self.findings.update(finding.kind for finding in document.findings)
        pairs = [segment for _, segment in document.pairs]
        self.scores += [probability(segment.score) for segment in pairs if segment.score is not None]
        if pairs:
            self.words.append(sum(len(segment.source.split()) for segment in pairs))

    def kinds(self) -> list[tuple[str, int]]:
        """Return the kinds of finding with their counts, the most frequent first, those of one frequency by name."""
        return sorted(self.findings.items(), key=lambda item: (-item[1], item[0]))
