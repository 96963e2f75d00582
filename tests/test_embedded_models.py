"""The models in the repository on the seeds, as shipped: what comes out can be traced, and is not below its floors.

The floors stand in `floors.toml`, a little under what the shipped models were measured at: a new model may not land below.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import sacrebleu

from pipeline import config, run
from pipeline.document import Document, uncovered
from pipeline.facts.compare import compare, compare_figures, unsupported
from pipeline.readers import ReadOptions, read

SEEDS = Path(__file__).parents[1] / "seeds"
FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text(encoding="utf-8"))
FIGURES = ("number-", "date-", "currency-", "percent-")


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    """All seed articles through the main job, by id."""
    return {d.id: d for d in run.documents(config.load(), read(str(SEEDS), ReadOptions()))}


@pytest.fixture(scope="module")
def business(documents: dict[str, Document]) -> Document:
    return documents["business.txt"]


def test_every_seed_comes_through_whole(documents: dict[str, Document]) -> None:
    assert len(documents) == 44
    for document in documents.values():
        assert document.failure is None
        assert uncovered(document) == ()


def test_nothing_depends_on_the_batch(documents: dict[str, Document]) -> None:
    """Nor on how many workers there are."""
    alone = config.load().overridden(run__batch_size=1, run__in_flight=4, run__threads=4)
    for document in run.documents(
        alone, read([str(SEEDS / "business.txt"), str(SEEDS / "interview.txt")], ReadOptions())
    ):
        assert document == documents[document.id]


def test_the_noise_of_the_business_story_is_marked_with_its_reasons(business: Document) -> None:
    noise = [segment.reason for segment in business.segments if segment.role == "noise"]
    assert noise == ["byline", "date-line", "see-also", "photo-credit", *["related-headline"] * 3]


def test_the_english_of_the_business_story_has_its_paragraphs(business: Document) -> None:
    reference = (SEEDS / "references" / "business.translation.en").read_text(encoding="utf-8")
    assert len(business.translation.split("\n\n")) == len(reference.strip().split("\n\n"))


def test_every_summary_sentence_cites_segments_that_bear_out_its_figures_and_names(
    documents: dict[str, Document],
) -> None:
    for document in documents.values():
        for sentence in document.summary.sentences if document.summary else ():
            assert sentence.support
            texts = [document.segments[index].target or "" for index in sentence.support]
            assert unsupported(sentence.text, texts) == []


def test_documents_in_other_languages_are_skipped_with_their_reason(documents: dict[str, Document]) -> None:
    skipped = {d.language for d in documents.values() if any(f.kind == "language-skipped" for f in d.findings)}
    assert skipped == {"es", "en"}


def test_english_passages_of_the_mixed_story_are_kept_to_the_letter(documents: dict[str, Document]) -> None:
    kept = [s for s in documents["mixed.txt"].segments if s.language == "en"]
    assert len(kept) >= 3
    assert all(segment.target == segment.source for segment in kept)


def test_figures_are_kept_or_reported(documents: dict[str, Document]) -> None:
    """A figure that changed on its way is never without a finding, and no more sentences have one than the floor says."""
    total = wrong = 0
    for document in documents.values():
        for index, segment in document.pairs:
            if segment.language != "fr" or not any(map(str.isdigit, segment.source)):
                continue
            total += 1
            doubts = [
                d for d in compare(segment.source, "fr", segment.target or "", "en") if d.kind.startswith(FIGURES)
            ]
            wrong += bool(doubts)
            reported = [f for f in document.findings if f.spans and f.spans[0].index == index]
            assert not doubts or reported
    assert 1 - wrong / total >= FLOORS["figures_kept"]


def test_the_translation_of_the_seeds_is_not_below_its_floor(documents: dict[str, Document]) -> None:
    hypotheses, references = [], []
    for name in ("business", "court", "feature", "flash", "interview"):
        document = next(d for key, d in documents.items() if Path(key).stem == name)
        hypotheses.append(document.translation)
        references.append((SEEDS / "references" / f"{name}.translation.en").read_text(encoding="utf-8"))
    assert sacrebleu.corpus_bleu(hypotheses, [references]).score >= FLOORS["seeds_bleu"]
    assert sacrebleu.corpus_chrf(hypotheses, [references]).score >= FLOORS["seeds_chrf"]


def test_summaries_are_mostly_written_and_not_picked(documents: dict[str, Document]) -> None:
    sentences = [sentence for d in documents.values() if d.summary for sentence in d.summary.sentences]
    assert sum(sentence.origin != "extracted" for sentence in sentences) / len(sentences) >= FLOORS["written"]


def test_every_amount_and_date_of_the_business_story_is_right_and_its_names_stand(business: Document) -> None:
    for segment in business.segments:
        if segment.role != "noise":
            assert compare_figures(segment.source, "fr", segment.target or "", "en") == []
    assert all(name in business.translation for name in ("Valombrel", "Cartessa", "Kherbache", "Lauzerte", "Brescia"))


def test_the_shipped_models_are_what_any_library_loads() -> None:
    import transformers

    for name in ("translator", "summarizer"):
        folder = config.EMBEDDED / name
        model = transformers.AutoModelForSeq2SeqLM.from_pretrained(folder, use_safetensors=True)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        answer = model.generate(**tokenizer(["Il pleut à Lyon."], return_tensors="pt"), max_new_tokens=20)
        assert tokenizer.batch_decode(answer, skip_special_tokens=True)[0]
