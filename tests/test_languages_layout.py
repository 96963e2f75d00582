"""Lines are joined where they were wrapped, and only there."""

from __future__ import annotations

import textwrap
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.languages.layout import blocks

FIRST = (
    "Le conseil municipal de Montbrelle a voté mardi soir le budget de la ville, après trois heures de débats et deux "
    "suspensions de séance. M. Vidal, le maire, avait promis de ne pas augmenter la taxe foncière : il a tenu parole."
)
SECOND = (
    "L'opposition, menée par Claire Fontaine, dénonce « un budget de façade » et promet de saisir la chambre régionale "
    "des comptes. Elle juge que les 3,4 millions d'euros d'emprunt prévus ne suffiront pas à réparer le pont de Roanne."
)


def pieces(text: str) -> list[str]:
    found = blocks(text, lambda line: line.startswith("Photo"))
    return [" ".join(text[block.mark : block.end].split()) for block in found]


@pytest.mark.parametrize("width", [50, 60, 72, 80, 90])
@pytest.mark.parametrize("break_", ["\n", "\r\n"])
def test_wrapped_paragraphs_come_back_whole(width: int, break_: str) -> None:
    text = "\n\n".join(textwrap.fill(part, width) for part in (FIRST, SECOND)).replace("\n", break_)
    assert pieces(text) == [FIRST, SECOND]


@pytest.mark.parametrize("width", [60, 72, 80])
def test_a_short_last_line_ends_a_paragraph_where_no_blank_line_does(width: int) -> None:
    cuts = (FIRST[:end] + "." for end in range(150, 0, -1))
    first = next(cut for cut in cuts if len(textwrap.wrap(cut, width)[-1]) < 20)
    text = textwrap.fill(first, width) + "\n" + textwrap.fill(SECOND, width)
    assert pieces(text) == [first, SECOND]


def test_a_headline_as_long_as_the_lines_is_not_joined_to_the_text() -> None:
    headline = "Montbrelle : le conseil municipal vote le budget sans hausse"
    text = headline + "\n" + textwrap.fill(FIRST, 62)
    assert pieces(text) == [headline, FIRST]


@pytest.mark.parametrize(
    "lines",
    [
        ["Un premier titre qui tient sur une ligne de soixante signes", "Les maires saluent un effort et attendent"],
        ["La ville a trois projets pour les années qui viennent, les voici :", "la réfection du pont", "la vente"],
        ["- un premier point de la liste, assez long pour être une ligne entière", "- un second point"],
        ["La séance a été levée à minuit, après le départ de l'opposition au", "– Et maintenant ? demande un élu."],
        ["Photo du conseil municipal prise hier soir par notre correspondant local", "la suite de l'article est ici."],
        ["# Un titre de Markdown qui tient sur une ligne de soixante signes", "puis une ligne qui commence petit"],
        ["court", "et sans suite"],
    ],
)  # fmt: skip
def test_titles_lists_speeches_and_noise_are_not_joined(lines: list[str]) -> None:
    assert pieces("\n".join(lines)) == lines


def test_a_list_item_is_joined_to_its_own_second_line() -> None:
    item = "- la réfection du pont de Roanne, promise depuis onze ans par trois"
    assert pieces(f"{item}\n  maires successifs ;\n- la vente du presbytère.") == [
        f"{item} maires successifs ;",
        "- la vente du presbytère.",
    ]


def test_the_minus_of_a_number_is_no_bullet() -> None:
    text = "- 3,5 % : la baisse\n- trois communes"
    found = [text[block.start : block.end] for block in blocks(text, lambda _: False)]
    assert found == ["- 3,5 % : la baisse", "trois communes"]


@settings(deadline=None)
@given(st.text(st.sampled_from("ab É.-–#>•*«\n\r\t\u2028\u200b\ufeff1)")) | st.text())
def test_blocks_hold_every_character_that_is_not_white_space_once(text: str) -> None:
    found = blocks(text, lambda _: False)
    assert all(block.mark <= block.start < block.end for block in found)
    assert all(left.end <= right.mark for left, right in pairwise(found))
    edges = [0, *(edge for block in found for edge in (block.mark, block.end)), len(text)]
    assert not any(text[edges[k] : edges[k + 1]].strip() for k in range(0, len(edges), 2))
