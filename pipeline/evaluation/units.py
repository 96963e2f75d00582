"""What is set beside its references: segments of the bitext, whole translations, or summaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipeline.document import Document
from pipeline.errors import InputError
from pipeline.evaluation.references import References, Texts, few, matched
from pipeline.evaluation.runs import Run
from pipeline.evaluation.summaries import is_whole
from pipeline.languages.sentences import split

Unit = Literal["segment", "document", "summary"]


@dataclass(frozen=True, slots=True)
class Units:
    """Hypotheses with their sources, their references, and the documents that they are of, in order.

    `references` are streams in the manner of sacreBLEU: the first, the second, ... reference of every unit, None where
    a unit has fewer.
    """

    unit: Unit
    ids: tuple[str, ...]
    sources: tuple[str, ...]
    hypotheses: tuple[str, ...]
    references: tuple[tuple[str | None, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, place: int) -> list[str]:
        """Return the references of one unit."""
        return [stream[place] or "" for stream in self.references if stream[place] is not None]

    def picked(self, places: Sequence[int]) -> Units:
        """Return some of the units, in the order of `places`."""
        columns = [tuple(column[place] for place in places) for column in (self.ids, self.sources, self.hypotheses)]
        streams = tuple(tuple(stream[place] for place in places) for stream in self.references)
        return Units(self.unit, columns[0], columns[1], columns[2], streams)


@dataclass(slots=True)
class Outputs:
    """What a run wrote for each document, as it is scored: gathered as the records go by."""

    keep_texts: bool
    ids: list[str] = field(default_factory=list)
    pairs: list[int] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    translations: dict[str, str] = field(default_factory=dict)
    summaries: dict[str, str] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        """Take a document; its texts only where they are asked for."""
        self.ids.append(document.id)
        self.pairs.append(len(document.pairs))
        if not self.keep_texts:
            return
        if document.pairs and document.failure is None:
            self.sources[document.id] = " ".join(segment.source for _, segment in document.pairs)
            self.translations[document.id] = " ".join(document.translation.split())
        summary = document.summary
        if summary is not None and not is_whole(summary):
            self.summaries[document.id] = "\n".join(" ".join(s.text.split()) for s in summary.sentences)

    def segment_ids(self) -> Iterator[str]:
        """Yield the id of its document for each line of the bitext."""
        for identity, count in zip(self.ids, self.pairs, strict=True):
            yield from [identity] * count


def translations(run: Run, outputs: Outputs, references: References, partial: bool = False) -> Units | None:
    """Return the translations beside their references: line by line, or as whole documents; None without references.

    Raises:
        InputError: counts differ, or ids are missing; the message names them.
    """
    if references.streams:
        return segments(run, outputs, references)
    if not references.translations:
        return None
    found = _complete(references.translations, outputs.ids, outputs.translations, partial, "translated")
    texts = {identity: tuple(" ".join(text.split()) for text in given) for identity, given in found.items()}
    return _units("document", texts, outputs.sources, outputs.translations)


def segments(run: Run, outputs: Outputs, references: References) -> Units:
    """Return the lines of the bitext, beside line-aligned references where there are any.

    Raises:
        InputError: a reference has another number of lines.
    """
    sources, hypotheses = run.bitext(run.source), run.bitext(run.target)
    ids = tuple(outputs.segment_ids())
    for number, stream in enumerate(references.streams, 1):
        if len(stream) != len(hypotheses):
            raise InputError(
                f"references: file {number} has {len(stream)} lines, bitext.{run.target} of the run has"
                f" {len(hypotheses)}; they must answer each other line by line"
            )
    return Units("segment", ids, tuple(sources), tuple(hypotheses), references.streams)


def summaries(outputs: Outputs, references: References, partial: bool = False) -> Units | None:
    """Return the summaries beside their references, a sentence a line; None without references.

    Raises:
        InputError: ids are missing; the message names them.
    """
    if not references.summaries:
        return None
    found = _complete(references.summaries, outputs.ids, outputs.summaries, partial, "summarised")
    texts = {identity: tuple(sentence_lines(text) for text in given) for identity, given in found.items()}
    return _units("summary", texts, outputs.translations, outputs.summaries)


def sentence_lines(text: str) -> str:
    """Return a text a sentence a line: as it is where it has lines, else split."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return "\n".join(lines)
    whole = lines[0] if lines else ""
    return "\n".join(whole[start:end] for start, end in split(whole, "en"))


def _complete(texts: Texts, ids: Sequence[str], outputs: Mapping[str, str], partial: bool, done: str) -> Texts:
    """Return the references by id, in the order of the run.

    A document with a reference and no output counts, as an empty hypothesis: a failure must not raise a score.
    """
    found = matched(texts, ids, partial)
    missing = [identity for identity in outputs if identity not in found]
    if missing and not partial:
        raise InputError(
            f"references: there is none for {few(missing)}, which the run has {done};"
            " add them, or give --partial to score only what has one"
        )
    if not found:
        raise InputError("references: none of them is of a document in the run")
    return {identity: found[identity] for identity in ids if identity in found}


def _units(unit: Unit, texts: Texts, sources: Mapping[str, str], hypotheses: Mapping[str, str]) -> Units:
    most = max(map(len, texts.values()))
    streams = [tuple(given[n] if n < len(given) else None for given in texts.values()) for n in range(most)]
    ids = tuple(texts)
    picked = [tuple(found.get(identity, "") for identity in ids) for found in (sources, hypotheses)]
    return Units(unit, ids, picked[0], picked[1], tuple(streams))
