"""What a small rewriter gets wrong with every figure and name in place is seen; what grammar lets go may go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.summarization.compression import compress
from pipeline.summarization.path import Path
from pipeline.summarization.wording import faults, is_fragment, leans

WARNING = "The maker Lahnwerk issued a warning on Tuesday, its third this year, citing anaemic demand for glue."
PEOPLE = "Thirty-seven people, fifteen of them children, slept in a hotel in the old town."
MANAGER = "The manager of the building had been sent four letters by the health department."
COURT = 'The court did not accept the plea, and the judge called it "a late invention" on Friday.'
SENTENCES = (WARNING, PEOPLE, MANAGER, COURT)


@pytest.mark.parametrize(
    ("text", "support", "fault"),
    [
        ("The maker Lahnwerk issued anaemic demand for glue.", (WARNING,), "broken"),
        ("Thirty-seven people had been sent four letters.", (PEOPLE, MANAGER), "broken"),
        ("The maker Lahnwerk issued a wearning on Tuesday.", (WARNING,), "invented-word"),
        ("The manager of the old building.", (MANAGER, PEOPLE), "fragment"),
        ("In a hotel in the old town.", (PEOPLE,), "fragment"),
        ("The manager had been sent four letters by the.", (MANAGER,), "fragment"),
        ("The court did accept the plea.", (COURT,), "negation"),
        ("Thirty-seven people never slept in a hotel.", (PEOPLE,), "negation"),
        ('The judge called it "an early invention" on Friday.', (COURT,), "quotation"),
        ('The judge called it "a late invention on Friday.', (COURT,), "quotation"),
    ],
)
def test_each_kind_of_bad_wording_is_named(text: str, support: tuple[str, ...], fault: str) -> None:
    assert fault in faults(text, support)


@pytest.mark.parametrize(
    ("text", "support"),
    [
        ("The maker Lahnwerk issued a warning, citing anaemic demand for glue.", (WARNING,)),
        ("The maker Lahnwerk issued a warning on Tuesday.", (WARNING,)),
        ("Thirty-seven people slept in a hotel.", (PEOPLE,)),
        (
            "Thirty-seven people slept in a hotel, and the manager of the building had been sent four letters by the health department.",
            (PEOPLE, MANAGER),
        ),
        ("The court did not accept the plea.", (COURT,)),
        ('The judge called it "a late invention" on Friday.', (COURT,)),
    ],
)
def test_what_is_left_out_between_commas_or_joined_by_and_may_stand(text: str, support: tuple[str, ...]) -> None:
    assert list(faults(text, support)) == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_has_no_fault_beside_itself(sentence: str) -> None:
    assert list(faults(sentence, (sentence,))) == []


def test_a_sure_model_may_word_a_little_more_freely() -> None:
    text = "Thirty-seven people slept at a hotel in the ancient town, fifteen of them children."
    assert "broken" in faults(text, (PEOPLE,))
    assert "broken" not in faults(text, (PEOPLE,), loosely=True)


@given(st.lists(st.text(max_size=40), max_size=3), st.text(max_size=60))
def test_any_text_can_be_held_against_any_support(support: list[str], text: str) -> None:
    assert set(faults(text, support)) <= {"invented-word", "broken", "fragment", "quotation", "negation"}


@given(st.text(max_size=80))
def test_a_text_is_a_path_through_itself_without_a_break(text: str) -> None:
    assert Path([text]).breaks(text) == 0


@pytest.mark.parametrize("text", ["He has left.", "But the plan stands.", "This is new.", "Its owner is gone."])
def test_a_pronoun_or_a_connective_at_the_head_leans(text: str) -> None:
    assert leans(text) and not leans(f"The mayor said: {text}")


def test_a_dependent_clause_alone_is_a_fragment_and_with_its_main_clause_is_none() -> None:
    assert is_fragment("Although the workshop was closed for years.")
    assert not is_fragment("Although the workshop was closed for years, it has kept its name.")


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        ("However, the workshop has kept its forty workers.", "The workshop has kept its forty workers."),
        ("The firm, which makes glue, has sold its site in town.", "The firm has sold its site in town."),
        ("The council voted on Monday to close the shipyard.", "The council voted to close the shipyard."),
        ("Ms Roe, 41, a welder, has written to the mayor of the town.", "Ms Roe has written to the mayor of the town."),
        ("Lorvic won the last match of the season (79-85).", "Lorvic won the last match of the season (79-85)."),
        ("They kept eleven goats, a mare and a camel.", "They kept eleven goats, a mare and a camel."),
        ("The strike that began on Monday, has closed it.", "The strike that began on Monday, has closed it."),
    ],
)
def test_compression_takes_out_asides_and_no_fact_that_the_rest_needs(sentence: str, short: str) -> None:
    assert compress(sentence) == short


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_compression_leaves_has_no_fault(sentence: str) -> None:
    assert list(faults(compress(sentence), (sentence,))) == []
