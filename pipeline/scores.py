"""The scores that an evaluation can give: their names, what each says, and which way is better.

A name is made of what is scored and where: over a hop ("numbers_kept_fr_en", "coverage_en_summary"), in one text
("noise_fr", "repeated_4grams_summary"), or against references ("bleu"). How each is computed stands in the room
`evaluation`; this list is apart from it so that settings can be checked without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower"]
Topic = Literal["documents", "translation", "facts", "summary", "references"]

FACTS = ("numbers", "dates", "currencies", "names", "links")
IN_SUMMARIES = FACTS[:4]
IN_SOURCES = FACTS[:3]  # names are spelt otherwise in another language, so that a summary is held against the English
NGRAMS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Score:
    """A score: its name, what it says, which way is better (None: neither), the most that it can be.

    `of` is what its denominator counts.
    """

    name: str
    says: str
    topic: Topic
    of: str
    better: Better | None = "higher"
    most: float | None = 1.0


def catalogue(source: str = "fr", target: str = "en") -> dict[str, Score]:
    """Return every score by its name for a pair of languages, in the order in which they are shown."""
    groups = (_documents(source, target), _facts(source, target), _summaries(source, target), _references())
    return {score.name: score for group in groups for score in group}


def _documents(s: str, t: str) -> Iterator[Score]:
    sentences = "sentences to translate"
    yield Score("documents_finished", "documents that did not fail", "documents", "documents")
    yield Score(f"noise_{s}", "characters left out as page furniture", "documents", "characters", None)
    yield Score(f"untranslated_{s}_{t}", "no English that can stand", "translation", sentences, "lower")
    yield Score(f"passed_first_{s}_{t}", "first hypothesis passed the guards", "translation", sentences)
    yield Score(f"doubted_{s}_{t}", "stand although the guards doubt them", "translation", sentences, "lower")
    yield Score(f"length_ratio_{s}_{t}", "characters for one of the source", "translation", "characters", None, None)
    yield Score(f"repeated_4grams_{t}", "word 4-grams seen before in the sentence", "translation", "4-grams", "lower")
    yield Score(f"language_{t}", "translations in the language asked for", "translation", "documents")


def _facts(s: str, t: str) -> Iterator[Score]:
    for fact in FACTS:
        yield Score(f"{fact}_kept_{s}_{t}", f"{fact} of the source that the translation has", "facts", fact)
        yield Score(f"{fact}_supported_{s}_{t}", f"{fact} of the translation that the source has", "facts", fact)


def _summaries(s: str, t: str) -> Iterator[Score]:
    hop, sentences, documents = f"{t}_summary", "summary sentences", "summaries"
    yield Score(f"supported_{hop}", "sentences that their support bears out", "summary", sentences)
    for fact in IN_SUMMARIES:
        yield Score(f"{fact}_supported_{hop}", f"{fact} of the summary that its support has", "summary", fact)
        yield Score(f"{fact}_kept_{hop}", f"{fact} of the translation that the summary has", "summary", fact, None)
    for fact in IN_SOURCES:
        says = f"{fact} of the summary that the source of its support has"
        yield Score(f"{fact}_supported_{s}_summary", says, "summary", fact)
    yield Score("written_summary", "written by the model, not taken from the translation", "summary", sentences)
    yield Score("language_summary", "summaries in the language asked for", "summary", documents)
    yield Score("repeated_4grams_summary", "word 4-grams seen before in the summary", "summary", "4-grams", "lower")
    for name, says in _GRUSKY.items():
        most = 1.0 if name == "coverage" else None
        yield Score(f"{name}_{hop}", says, "summary", documents, None, most)
    for n in NGRAMS:
        says = f"word {n}-grams of the summary that the translation lacks"
        yield Score(f"novel_{n}grams_{hop}", says, "summary", f"{n}-grams", None)


_GRUSKY = {
    "compression": "words of the translation for one of the summary",
    "coverage": "words in fragments copied from the translation",
    "density": "mean length of the fragment that a word is in",
}

LABELS = {
    "bleu": "BLEU",
    "chrf2": "chrF2",
    "chrf2pp": "chrF2++",
    "ter": "TER",
    "comet": "COMET",
    "bertscore": "BERTScore F1",
    "rouge1": "ROUGE-1",
    "rouge2": "ROUGE-2",
    "rougeL": "ROUGE-L",
    "rougeLsum": "ROUGE-Lsum",
    "bertscore_summary": "BERTScore F1 of summaries",
}


def _references() -> Iterator[Score]:
    for name, label in LABELS.items():
        neural = name.startswith(("comet", "bertscore"))
        of = "summaries" if name.startswith("rouge") or name.endswith("summary") else "texts"
        better: Better = "lower" if name == "ter" else "higher"
        yield Score(name, label, "references", of, better, None if neural or name == "ter" else 100.0)


def names(source: str = "fr", target: str = "en") -> Iterable[str]:
    """Return the names of all scores for a pair of languages."""
    return catalogue(source, target).keys()
