"""Detect: which language a document and each of its blocks are in, and what happens to one in another language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from pipeline.document import SKIPPED, Document, Finding, Segment
from pipeline.errors import ConfigError, LanguageError, nearest
from pipeline.languages.identify import Identification, english_name, identify

Other = Literal["skip", "keep", "fail"]

SURE_DOCUMENT = 0.5
"""From this confidence on a document is said to be in a language that the run does not translate. Of 11,950 sentences
of French news 3 reach it for a wrong language."""

SURE_BLOCK = 0.95
"""From this confidence on a block is said to be in another language than its document; no sentence of those reaches it
for a wrong one."""

_BODY = ("paragraph", "standfirst", "list")
"""The roles that the language is judged by: headlines are full of names, which mislead."""


@dataclass
class Detect:
    """The stage. `languages` are those that the run translates; `other` says what a document in another one meets:

    "skip" leaves it as it is, "keep" lets its own text stand in the outputs, both with a finding; "fail" marks it.
    """

    languages: tuple[str, ...] = ("fr",)
    other: Other = "skip"
    name: str = "detect"

    def __post_init__(self) -> None:
        if not self.languages:
            raise ConfigError("detect needs at least one language to translate, such as fr")
        if self.other not in get_args(Other):
            known = ", ".join(get_args(Other))
            raise ConfigError(f"other is {self.other!r}, not one of {known}{nearest(str(self.other), get_args(Other))}")

    def setup(self) -> None:
        """Load the model."""
        identify("un texte pour charger le modèle")

    def process(self, batch: Sequence[Document]) -> list[Document]:
        """Fill `language` and `confidence` of the documents and of their blocks, and add findings.

        Raises:
            LanguageError: a document is in another language and `other` is "fail".
        """
        return [detect(document, self.languages, self.other) for document in batch]


def detect(document: Document, languages: Sequence[str] = ("fr",), other: Other = "skip") -> Document:
    """Return the document with its language and that of each block, noise excepted.

    A text too short to tell, or too unsure to say that it is in another language, is taken for the first of
    `languages` with confidence 0 and a finding "language-unknown"; one without words in any block gets the finding
    "empty" and no language. A block that is short or unsure has the language of its document.

    Raises:
        LanguageError: the document is in another language and `other` is "fail".
    """
    blocks = [segment for segment in document.segments if segment.role != "noise"]
    if not any(block.source.strip() for block in blocks):
        return _found(document, Finding("empty", "document", "the document has no text besides what was left out"))
    judged = _judged(blocks)
    if judged.language in languages:
        return _with(document, judged)
    if judged.language is None or judged.confidence < SURE_DOCUMENT:
        assumed = Identification(languages[0], 0.0)
        return _found(_with(document, assumed), _unknown(judged, languages[0]))
    document = _with(document, judged)
    return _found(document, _in_other(document, languages, other))


def _judged(blocks: Sequence[Segment]) -> Identification:
    """Return the language of the body; where there is too little of it, that of all that is no noise."""
    body = identify("\n".join(block.source for block in blocks if block.role in _BODY))
    return body if body.language else identify("\n".join(block.source for block in blocks))


def _unknown(judged: Identification, assumed: str) -> Finding:
    reason = "the text is too short to tell its language"
    if judged.language:
        reason = f"the language is not sure, {_named(judged.language, judged.confidence)} at best"
    return Finding("language-unknown", "document", f"{reason}: taken for {english_name(assumed)} ({assumed})")


def _in_other(document: Document, languages: Sequence[str], other: Other) -> Finding:
    wanted = ", ".join(languages)
    reason = f"the document is in {_named(document.language or '', document.confidence or 0)}"
    if blocks := sum(segment.language in languages for segment in document.segments):
        reason += f" with {blocks} of {len(document.segments)} blocks in {wanted}"
    reason += f", this run translates {wanted}"
    if other == "fail":
        raise LanguageError(f"{reason}: use --other skip or --other keep to let it pass")
    if other == "keep":
        return Finding("language-kept", "document", f"{reason}: its own text is kept")
    return Finding(SKIPPED, "document", f"{reason}: left as it is; use --other keep to keep its own text")


def _named(language: str, confidence: float) -> str:
    return f"{english_name(language)} ({language}, {confidence:.2f})"


def _found(document: Document, finding: Finding) -> Document:
    return replace(document, findings=(*document.findings, finding))


def _with(document: Document, judged: Identification) -> Document:
    segments = tuple(_judge_block(segment, judged) for segment in document.segments)
    return replace(document, language=judged.language, confidence=judged.confidence, segments=segments)


def _judge_block(block: Segment, document: Identification) -> Segment:
    if block.role == "noise":
        return block
    found = identify(block.source)
    if found.language != document.language and (found.language is None or found.confidence < SURE_BLOCK):
        found = document
    return replace(block, language=found.language, confidence=found.confidence)
