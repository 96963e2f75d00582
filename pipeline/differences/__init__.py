"""What differs between two finished runs: settings first, then documents.

`compare` returns it as data, `report` says it in lines for people. Runs may be large: both `documents.jsonl` are read
as streams, and what is remembered of a document is a digest of its id and where it stands.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pipeline.differences.documents import DocumentChange, Pairing
from pipeline.differences.record import Aspect
from pipeline.differences.settings import Change, settings
from pipeline.errors import InputError
from pipeline.writers import read_manifest

__all__ = ["Aspect", "Change", "DocumentChange", "RunDifferences", "compare"]


@dataclass(frozen=True, slots=True)
class RunDifferences:
    """All that differs between run A and run B.

    `documents` come in the order of A, those of B alone after them; `same` counts the documents without a
    difference; `reordered` says that documents of both runs stand in another order.
    """

    a: Path
    b: Path
    settings: tuple[Change, ...]
    documents: tuple[DocumentChange, ...]
    same: int
    reordered: bool

    @property
    def is_empty(self) -> bool:
        """Say whether the two runs are the same."""
        return not (self.settings or self.documents or self.reordered)

    @property
    def counts(self) -> dict[str, int]:
        """How many documents stand only in A, only in B, and differ in what, the most frequent first."""
        alone = Counter(f"only in {change.only.upper()}" for change in self.documents if change.only)
        aspects = Counter(aspect.name for change in self.documents for aspect in change.aspects)
        return dict(sorted(alone.items())) | dict(aspects.most_common())


def compare(a: str | Path, b: str | Path) -> RunDifferences:
    """Return what differs between two finished runs, given by their output folders.

    Raises:
        InputError: a folder holds no finished run, or its `documents.jsonl` is not what a run wrote.
    """
    a, b = Path(a), Path(b)
    pairing = Pairing(a, b)
    try:
        changed = settings(read_manifest(a), read_manifest(b))
        documents = tuple(pairing.changes())
    except (AttributeError, KeyError, TypeError) as error:
        raise InputError(f"{str(a)!r} or {str(b)!r} was changed after its run: a record lacks its fields") from error
    return RunDifferences(a, b, changed, documents, pairing.same, pairing.reordered)
