"""Signatures and versions: what makes two runs comparable."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.writers import signature
from strategies import texts


def test_a_signature_is_one_line_in_the_order_given() -> None:
    parts = {"depeche": "0.1", "schema": 1, "model": "opus mt|fr:en\n"}
    assert signature(parts) == "depeche:0.1|schema:1|model:opus_mt_fr_en_"


@given(st.lists(st.tuples(texts, texts), max_size=4, unique_by=lambda pair: pair[0]))
def test_a_signature_can_always_be_taken_apart_again(parts: list[tuple[str, str]]) -> None:
    line = signature(dict(parts))
    assert len(f"{line}.".splitlines()) == 1
    if parts:
        assert [part.count(":") for part in line.split("|")] == [1] * len(parts)
