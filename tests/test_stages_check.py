"""The check stage: every doubt about a translation or a summary becomes a finding that names its places."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from pipeline.codec import from_dict, to_dict
from pipeline.document import Document, Finding, Segment, Summary, SummarySentence, Verdict
from pipeline.stage import apply
from pipeline.stages.check import Check

PAIRS = [
    ("Valdor a perdu 2,5 milliards d'euros le 3 mai.", "Valdor lost €2.5 billion on May 3."),
    ("Anne Kermadec dirige 220 sites.", "Anne Kermadec runs 220 sites."),
]


def _document(pairs: list[tuple[str, str | None]], *sentences: SummarySentence, **changes: object) -> Document:
    text = "\n".join(source for source, _ in pairs)
    segments, position = [], 0
    for block, (source, target) in enumerate(pairs):
        segments.append(Segment(position, position + len(source), "paragraph", source, block, target=target))
        position += len(source) + 1
    summary = Summary(None, sentences) if sentences else None
    document = Document("d1", text, language="fr", segments=tuple(segments), summary=summary)
    return replace(document, **changes)  # type: ignore[arg-type]


def _check(document: Document) -> tuple[Finding, ...]:
    (checked,) = apply(Check(), [document])
    assert replace(checked, findings=()) == replace(document, findings=())
    assert from_dict(to_dict(checked)) == checked
    for span in (span for finding in checked.findings for span in finding.spans):
        assert _side(checked, span.side, span.index)[span.start : span.end] == span.text
    return checked.findings


def _side(document: Document, side: str, index: int | None) -> str:
    assert index is not None
    if side == "summary":
        assert document.summary is not None
        return document.summary.sentences[index].text
    return getattr(document.segments[index], side) or ""


def _kinds(document: Document) -> list[tuple[str, str]]:
    return [(finding.kind, finding.hop) for finding in _check(document)]


def test_a_faithful_translation_and_summary_have_no_findings() -> None:
    sentence = SummarySentence("Valdor, run by Anne Kermadec, lost €2.5 billion.", (0, 1))
    assert _check(_document(PAIRS, sentence)) == ()


def test_a_changed_number_names_the_french_and_the_english_place() -> None:
    (finding,) = _check(_document([(PAIRS[0][0], "Valdor lost €2.5 million on May 3."), PAIRS[1]]))
    assert (finding.kind, finding.hop) == ("number-changed", "source-target")
    assert [(span.side, span.index, span.text) for span in finding.spans] == [
        ("source", 0, "2,5 milliards d'euros"),
        ("target", 0, "€2.5 million"),
    ]


def test_a_lost_name_names_the_french_place_and_the_english_sentence() -> None:
    (finding,) = _check(_document([PAIRS[0], (PAIRS[1][0], "She runs 220 sites.")]))
    assert [(span.side, span.index, span.text) for span in finding.spans] == [
        ("source", 1, "Anne Kermadec"),
        ("target", 1, "She runs 220 sites."),
    ]


def test_a_number_that_the_summary_changes_is_a_doubt_of_the_second_hop_alone() -> None:
    document = _document(PAIRS, SummarySentence("Valdor lost $2.5 billion.", (1, 0)))
    (finding,) = _check(document)
    assert (finding.kind, finding.hop) == ("currency-changed", "target-summary")
    assert [(span.side, span.index, span.text) for span in finding.spans] == [
        ("target", 0, "€2.5 billion"),
        ("summary", 0, "$2.5 billion"),
    ]


def test_a_number_that_the_translation_changed_is_found_again_between_french_and_summary() -> None:
    pairs = [(PAIRS[0][0], "Valdor lost €2.5 million on May 3."), PAIRS[1]]
    document = _document(pairs, SummarySentence("Valdor lost €2.5 million.", (0,)))
    assert _kinds(document) == [("number-changed", "source-target"), ("number-changed", "source-summary")]
    spans = [(span.side, span.index, span.text) for span in _check(document)[1].spans]
    assert spans == [("source", 0, "2,5 milliards d'euros"), ("summary", 0, "€2.5 million")]


def test_support_counts_only_where_the_sentence_names_it() -> None:
    document = _document(PAIRS, SummarySentence("Valdor has 220 sites.", (0,)))
    assert _kinds(document) == [("number-added", "target-summary")]


@pytest.mark.parametrize("support", [(), (7,)])
def test_a_summary_sentence_without_support_is_a_finding(support: tuple[int, ...]) -> None:
    assert _kinds(_document(PAIRS, SummarySentence("Valdor lost.", support))) == [("support-missing", "target-summary")]


def test_a_segment_left_without_english_in_a_translated_document_is_a_finding() -> None:
    (finding,) = _check(_document([PAIRS[0], ("Elle part.", None), ("***", None)]))
    assert (finding.kind, [span.text for span in finding.spans]) == ("segment-untranslated", ["Elle part."])


def test_a_document_that_was_not_translated_has_no_findings() -> None:
    assert _check(_document([("Elle part.", None)])) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"role": "noise"},
        {"language": "en"},
        {"verdicts": (Verdict("kept-source", (), True),)},
        {"verdicts": (Verdict("symbols", (), True),)},
    ],
)
def test_what_is_not_meant_to_be_translated_is_not_checked(change: dict[str, object]) -> None:
    document = _document([PAIRS[0], ("Il a 12 sites.", "Twelve thousand.")])
    segment = replace(document.segments[1], **change)  # type: ignore[arg-type]
    assert _check(replace(document, segments=(document.segments[0], segment))) == ()


def _judged(target: str, *verdicts: Verdict) -> Document:
    document = _document([("Anne Kermadec dirige 220 sites.", target)])
    return replace(document, segments=(replace(document.segments[0], verdicts=verdicts),))


@pytest.mark.parametrize("problem", ["repetition", "length", "copy", "empty", "too-short", "something-new"])
def test_what_the_guards_hold_against_the_kept_text_is_a_finding_with_both_texts(problem: str) -> None:
    verdicts = Verdict("first", ("unfinished",)), Verdict("wider-beam", (problem,), True)
    (finding,) = _check(_judged("Anne Kermadec runs 220 sites.", *verdicts))
    assert (finding.kind, finding.hop, len(finding.spans)) == (problem, "source-target", 2)
    assert " " in finding.message


def test_a_number_problem_of_the_guards_is_not_said_twice() -> None:
    found = _check(_judged("Anne Kermadec runs 230 sites.", Verdict("first", ("number-changed",), True)))
    assert [finding.kind for finding in found] == ["number-changed"]


def test_where_no_translation_could_stand_the_french_is_not_compared_with_itself() -> None:
    document = _judged("Anne Kermadec dirige 220 sites.", Verdict("source", ("untranslated",), True))
    assert _kinds(document) == [("untranslated", "source-target")]


def test_findings_that_are_there_stay_and_a_second_check_adds_nothing() -> None:
    old = Finding("sentence-split", "source-target", "the sentence was split")
    document = _document([(PAIRS[1][0], "Anne Kermadec runs 230 sites.")], findings=(old,))
    (once,) = apply(Check(), [document])
    (twice,) = apply(Check(), [once])
    assert once.findings[0] == old and len(once.findings) == 2
    assert twice == once


def test_an_english_document_is_checked_from_its_own_text_to_its_summary() -> None:
    sentence = SummarySentence("It lost 13 sites.", (0,))
    document = _document([("It lost 12 sites.", None)], sentence, language="en")
    assert _kinds(document) == [("number-added", "target-summary")]


def test_the_stage_can_be_pickled_and_keeps_order_and_ids() -> None:
    stage = pickle.loads(pickle.dumps(Check()))
    stage.setup()
    batch = [_document(PAIRS, findings=()), replace(_document(PAIRS), id="d2")]
    assert stage.name == "check"
    assert [document.id for document in stage.process(batch)] == ["d1", "d2"]
