"""Normalisation: what changes, what stays, and that every character can be traced back."""

from __future__ import annotations

import sys
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.languages.normalize import normalize

TRICKY = "«» \u00a0\u202f\u200b\u00adé\u0301\u0323e-\n\r’“ﬁ\ud800aB1"
ANY = st.text(st.characters(exclude_categories=())) | st.text(TRICKY)
MARKS = ["**", "*", "_", "[", "](/u)", "!", " ", "a", "«", "»", ".", "(", ")", "\n", "e\u0301"]
MARKED = st.lists(st.sampled_from(MARKS)).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2\u202f500\u00a0€,\u2009soit 12\u00a0%", "2 500 €, soit 12 %"),
        ("L’État d‘urgence", "L'État d'urgence"),
        ("“oui” „non”", '"oui" "non"'),
        ("«Oui», dit-elle. «\u00a0Non\u202f».", "« Oui », dit-elle. « Non »."),
        ("«\u200b»", "« »"),
        ("«« imbriqué »»", "« « imbriqué » »"),
        ("e\u0301te\u0301 a\u0300 Noe\u0308l", "été à Noël"),
        ("\ufeffpro\u00adgrès\u200b \u202afin\u202c", "progrès fin"),
        ("œuvre Œdipe æ", "œuvre Œdipe æ"),
        ("oﬃciel, ﬁn, ﬂeuve", "officiel, fin, fleuve"),
        ("ＡＦＰ", "ＡＦＰ"),
        ("a\x07b\x00c", "a b c"),
        ("\t une ligne\r\n  coupée \u2028ici \n", "une ligne coupée ici"),
        ("48\u2011heures, \u22123 °C – et — et …", "48-heures, -3 °C – et — et …"),
        ("l\u00b4eau, d\u1ffdune", "l'eau, d'une"),
        ("a\ud800b", "a\ufffdb"),
        ("", ""),
        (" \n\u200b\u00ad\ufeff ", ""),
    ],
)
def test_typesetting_gives_way_to_plain_words(text: str, expected: str) -> None:
    assert normalize(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'informa-\ntion circule", "l'information circule"),
        ("le déve-\r\nloppement durable", "le développement durable"),
        ("le déve\u00ad\n  lopper ici", "le développer ici"),
        ("peut-\nêtre", "peut-être"),
        ("le vice-\n  président", "le vice-président"),
        ("Saint-\nDenis", "Saint-Denis"),
        ("la non-\ndiscrimination", "la non-discrimination"),
        ("un état-\nnation", "un état-nation"),
        ("la saison 2020-\n2021", "la saison 2020-2021"),
        ("pro-\net anti-européens", "pro- et anti-européens"),
        ("un va-\net-vient", "un va-et-vient"),
        ("une pause -\nensuite", "une pause - ensuite"),
        ("fin-\n\ntion", "fin- tion"),
        ("- un\n- deux", "- un - deux"),
    ],
)
def test_a_hyphen_at_a_line_end_goes_only_where_it_was_the_lines_own(text: str, expected: str) -> None:
    assert normalize(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("un **grand** jour, *très* _beau_.", "un grand jour, très beau."),
        ("***Urgent*** : voir [le rapport](https://exemple.fr/a_b).", "Urgent : voir le rapport."),
        ("[**Le titre**](/article) suit", "Le titre suit"),
        ("![La **mairie**](https://exemple.fr/m.jpg)", "La mairie"),
        ("les partants* sont connus (*sous réserve)", "les partants* sont connus (*sous réserve)"),
        ("mon_fichier_final et 3 * 4 * 5 [sic] (voir)", "mon_fichier_final et 3 * 4 * 5 [sic] (voir)"),
        ("a " + "**b " * 9 + "c" + "** d" * 9, "a " + "**b " * 9 + "c" + "** d" * 9),
    ],
)
def test_markdown_leaves_its_words(text: str, expected: str) -> None:
    assert normalize(text).text == expected


def test_every_character_points_to_where_it_began() -> None:
    text = "\ufeff«E\u0301té»\u00a0: ﬁn\n\nd’an"
    result = normalize(text)
    assert result.text == "« Été » : fin d'an"
    assert result.offsets == (1, 2, 2, 4, 5, 6, 6, 7, 8, 9, 10, 10, 11, 12, 14, 15, 16, 17, 18)


@settings(deadline=None)
@given(ANY | MARKED)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalize(text).text
    assert normalize(once).text == once


@settings(deadline=None)
@given(ANY | MARKED)
def test_offsets_are_one_a_character_and_one_more_and_never_go_back(text: str) -> None:
    result = normalize(text)
    assert len(result.offsets) == len(result.text) + 1
    assert result.offsets[-1] == len(text)
    assert list(result.offsets) == sorted(result.offsets)
    assert result.offsets[0] >= 0


@settings(deadline=None)
@given(ANY)
def test_a_character_that_stays_is_found_at_its_offset(text: str) -> None:
    result = normalize(text)
    for character, offset in zip(result.text, result.offsets, strict=False):
        if character.isascii() and character.isalnum() and text[offset].isascii() and text[offset].isalnum():
            assert text[offset] == character


@settings(deadline=None)
@given(ANY)
def test_no_letter_or_digit_is_lost(text: str) -> None:
    # A hyphenated fragment loses its hyphen and nothing else.
    kept = [c for c in unicodedata.normalize("NFKC", normalize(text).text) if c.isascii() and c.isalnum()]
    assert kept == [c for c in unicodedata.normalize("NFKC", _visible(text)) if c.isascii() and c.isalnum()]


def _visible(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn") or unicodedata.combining(c))


@settings(deadline=None)
@given(ANY | MARKED)
def test_white_space_is_single_plain_and_inside(text: str) -> None:
    result = normalize(text).text
    assert result == " ".join(result.split())
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in result)


def test_every_code_point_is_composed_and_stable() -> None:
    characters = [chr(code) for code in range(sys.maxunicode + 1)]
    decomposable = [c for c in characters if unicodedata.decomposition(c)]
    text = " ".join(unicodedata.normalize("NFD", c) for c in decomposable)
    result = normalize(text).text
    assert unicodedata.is_normalized("NFC", result)
    assert normalize(result).text == result


LETTERS = ["a", "é", "e\u0301", "\u0301\u0323", " \u00a0", "mot-\n", "a\u00ad ", "«»", "l’été ", "字", "-", "\n", "- "]
MARKDOWN = ["**a ", "**a** ", "[a](/u) ", "[[", "(*", "_"]


@pytest.mark.parametrize("unit", LETTERS + MARKDOWN)
def test_half_a_million_characters_take_seconds_at_most(unit: str) -> None:
    text = unit * (500_000 // len(unit))
    start = time.process_time()
    normalize(text)
    assert time.process_time() - start < 6


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\x1b[1mQuatre\x1b[0m départements", "Quatre départements"),
        ("\x1b]0;titre\x07Il neige", "Il neige"),
        ("\x1b]8;;https://x.example\x1b\\lien\x1b]8;;\x1b\\", "lien"),
        ("\U0001f6b2 Plus de vélos à Nantes \U0001f389", "Plus de vélos à Nantes"),
        ("Soleil \u2600\ufe0f sur la côte", "Soleil sur la côte"),
        ("les 2\ufe0f\u20e3 équipes", "les 2 équipes"),
    ],
)
def test_what_steers_a_terminal_and_emoji_are_no_words(text: str, plain: str) -> None:
    assert normalize(text).text == plain
