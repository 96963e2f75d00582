"""Translate sentence by sentence, and put every hypothesis that the guards doubt through the ladder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.document import Document, Segment, Verdict
from pipeline.guards.hypothesis import FATAL
from pipeline.guards.ladder import Attempt, climb
from pipeline.memory import Key, Memory
from pipeline.seq2seq import Decoding, Seq2Seq


@dataclass
class Translate:
    """The stage. `load` returns the model and is called in the worker; `languages` are those that it translates.

    `remember` returns the memory in which sentences are looked up before the model is asked.
    """

    load: Callable[[], Seq2Seq]
    decoding: Decoding = field(default_factory=Decoding)
    languages: tuple[str, ...] = ("fr",)
    target_language: str = "en"
    remember: Callable[[], Memory] = Memory
    name: str = "translate"
    _model: Seq2Seq | None = field(default=None, init=False, repr=False)
    _memory: Memory | None = field(default=None, init=False, repr=False)

    def setup(self) -> None:
        """Load the model and open the memory, once."""
        self._model = self._model or self.load()
        self._memory = self._memory or self.remember()

    def process(self, batch: Sequence[Document]) -> list[Document]:
        """Fill `target`, `score` and `verdicts` of every segment that is to be read in English."""
        if self._model is None or self._memory is None:
            self.setup()
        assert self._memory is not None
        wanted = sorted({(s.source, s.language or "") for d in batch for s in d.segments if self._to_translate(d, s)})
        found = self._memory.answers(wanted, self._translated)
        answers = {key: _unpacked(answer) for key, answer in found.items()}
        return [replace(d, segments=tuple(self._filled(d, s, answers) for s in d.segments)) for d in batch]

    def _translated(self, wanted: list[Key]) -> list[str]:
        assert self._model is not None
        return [_packed(attempt) for attempt in climb(self._model, wanted, self.decoding, self.target_language)]

    def _to_translate(self, document: Document, segment: Segment) -> bool:
        return (
            not document.is_skipped
            and segment.role != "noise"
            and segment.language in self.languages
            and _has_words(segment.source)
        )

    def _filled(self, document: Document, segment: Segment, answers: dict[Key, Attempt]) -> Segment:
        if self._to_translate(document, segment):
            return _with(segment, answers[segment.source, segment.language or ""])
        if segment.role == "noise" or document.is_skipped or not segment.source:
            return segment
        rung = "kept-english" if segment.language == self.target_language else "kept-source"
        verdict = Verdict(rung if _has_words(segment.source) else "symbols", (), True)
        return replace(segment, target=segment.source, verdicts=(verdict,))


def _packed(attempt: Attempt) -> str:
    """An attempt as text, whole: what comes out of a memory is what the model and the guards gave."""
    verdicts = [[verdict.rung, verdict.problems, verdict.kept] for verdict in attempt.verdicts]
    return json.dumps([attempt.text, attempt.score, attempt.problems, verdicts], separators=(",", ":"))


def _unpacked(answer: str) -> Attempt:
    text, score, problems, verdicts = json.loads(answer)
    return Attempt(text, score, tuple(problems), tuple(Verdict(r, tuple(p), kept) for r, p, kept in verdicts))


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _with(segment: Segment, attempt: Attempt) -> Segment:
    """A text that cannot stand at all is worse than the French: the source is kept, and the verdict says so."""
    if FATAL.intersection(attempt.problems):
        verdicts = tuple(replace(verdict, kept=False) for verdict in attempt.verdicts)
        return replace(segment, target=segment.source, verdicts=(*verdicts, Verdict("source", ("untranslated",), True)))
    return replace(segment, target=attempt.text, score=attempt.score, verdicts=attempt.verdicts)
