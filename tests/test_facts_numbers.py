"""Numbers, dates and links of one text: what is read, where it stands; and the laws of comparing them."""

from __future__ import annotations

import datetime
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.facts.compare import compare, unfounded, unsupported
from pipeline.facts.dates import dates
from pipeline.facts.links import links
from pipeline.facts.numbers import numbers


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("2,5 milliards d'euros", "fr", [("2500000000", "EUR")]),
        ("1 200,50 € et 1.200,50", "fr", [("2401/2", "EUR"), ("2401/2", "plain")]),
        ("quatre-vingt-dix-sept", "fr", [("97", "plain")]),
        ("mille neuf cent quatre-vingt-quatre", "fr", [("1984", "plain")]),
        ("deux cent un mille trois cents", "fr", [("201300", "plain")]),
        ("trois milliards deux cents millions", "fr", [("3200000000", "plain")]),
        ("soixante-quinze, nonante-neuf, huitante", "fr", [("75", "plain"), ("99", "plain"), ("80", "plain")]),
        ("entre 20 et 30 %", "fr", [("20", "percent"), ("30", "percent")]),
        ("de 2 à 3 millions d'euros", "fr", [("2000000", "EUR"), ("3000000", "EUR")]),
        ("le XXe siècle, la 2e place", "fr", [("20", "ordinal"), ("2", "ordinal")]),
        ("à 14 h 30", "fr", [("870", "time")]),
        ("3-1", "fr", [("3", "score")]),
        ("en 2024", "fr", [("2024", "year")]),
        ("dans les années 1990", "fr", [("1990", "decade")]),
        ("-3 °C", "fr", [("-3", "temperature")]),
        ("le A320", "fr", [("320", "code")]),
        ("two hundred and one thousand", "en", [("201000", "plain")]),
        ("$1,200.50, US$3m, £2.5bn", "en", [("2401/2", "USD"), ("3000000", "USD"), ("2500000000", "GBP")]),
        ("two and a half million", "en", [("2500000", "plain")]),
        ("2:30 p.m., noon", "en", [("870", "time")]),
        ("twenty-first, 22nd", "en", [("21", "ordinal"), ("22", "ordinal")]),
        ("three percentage points", "en", [("3", "percent")]),
        ("the 1990s", "en", [("1990", "decade")]),
        ("1,200 and 2.5", "xx", [("1200", "plain"), ("5/2", "plain")]),
    ],
)
def test_numbers_reads_value_and_unit(text: str, code: str, expected: list[tuple[str, str]]) -> None:
    found = [(str(quantity.value), quantity.unit) for quantity in numbers(text, code) if quantity.firm]
    assert found == expected


VAGUE = ["un homme et une femme", "des milliers de gens", "Trois-Rivières", "le premier", "tout neuf"]


@pytest.mark.parametrize("text", VAGUE)
def test_articles_and_vague_words_assert_no_number(text: str) -> None:
    assert [quantity.text for quantity in numbers(text, "fr") if quantity.firm] == []


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("le 17/01/2025", "fr", [(17, 1, 2025, None)]),
        ("01/17/2025 and 02/03/2025", "en", [(17, 1, 2025, None), (3, 2, 2025, None)]),
        ("lundi 17 janvier", "fr", [(None, None, None, 0), (17, 1, None, None)]),
        ("les 17 et 18 mars 2024", "fr", [(17, 3, 2024, None), (18, 3, 2024, None)]),
        ("1er janv. 2024, 2024-01-31", "fr", [(1, 1, 2024, None), (31, 1, 2024, None)]),
        ("January 17th, 2025; 17 Jan. 2025", "en", [(17, 1, 2025, None), (17, 1, 2025, None)]),
        ("en août 2023", "fr", [(None, 8, 2023, None)]),
        ("mais 31/31/2025", "fr", []),
    ],
)
def test_dates_reads_what_is_given(text: str, code: str, expected: list[tuple[int | None, ...]]) -> None:
    found = dates(text, code)
    assert [(date.day, date.month, date.year, date.weekday) for date in found] == expected
    assert all(text[date.start : date.end] == date.text for date in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Voir https://exemple.fr/a?b=1&c=(d).", ["https://exemple.fr/a?b=1&c=(d)"]),
        ("Écrire à jean.dupuis@exemple.fr, merci.", ["jean.dupuis@exemple.fr"]),
        ("www.exemple.org/x; lemonde.fr", ["www.exemple.org/x", "lemonde.fr"]),
        ("Rien. Encore rien.Fin de 2.5", []),
    ],
)
def test_links_leaves_the_punctuation_of_the_sentence(text: str, expected: list[str]) -> None:
    assert [link.text for link in links(text)] == expected


def test_a_changed_link_is_caught_with_both_places() -> None:
    (found,) = compare("Voir www.exemple.fr/a1.", "fr", "See www.exemple.fr/a2.", "en")
    assert (found.kind, found.source and found.source.text, found.target and found.target.text) == (
        "link-changed", "www.exemple.fr/a1", "www.exemple.fr/a2",
    )  # fmt: skip


def test_a_difference_says_in_words_what_became_of_what_and_where() -> None:
    french, english = "Il a levé 2,5 milliards.", "It raised 2.5 million."
    (found,) = compare(french, "fr", english, "en")
    assert found.message == "2,5 milliards (2500000000) became 2.5 million (2500000)"
    assert found.source is not None and french[found.source.start : found.source.end] == found.source.text
    assert found.target is not None and english[found.target.start : found.target.end] == found.target.text


def test_a_number_said_twice_may_be_said_once() -> None:
    assert compare("Les 12 élus, oui, ces 12 élus.", "fr", "The 12 members.", "en") == []


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Valdor lost more than 2 billion euros.", "number-added"),
        ("Valdor lost $2.13 billion.", "currency-changed"),
        ("Valdor lost 2.13 million euros.", "number-changed"),
        ("Valdor lost 2.13 billion euros on May 4.", "date-changed"),
        ("Valdor lost 2.13 billion euros on June 9.", "date-added"),
    ],
)
def test_a_summary_must_have_its_figures_from_its_support(sentence: str, kind: str) -> None:
    support = ["Valdor sank.", "It lost 2.13 billion euros on May 3."]
    (found,) = unsupported(sentence, support)
    assert found.kind == kind
    assert found.source is None or (found.source.index == 1 and found.source.text in support[1])


def test_an_english_sentence_can_be_held_against_french_ones() -> None:
    support = [("Valdor a perdu 2,13 milliards d'euros le 3 mai.", "fr"), ("It has 12 sites.", "en")]
    assert unfounded("On May 3 Valdor, with 12 sites, lost €2.13 billion.", "en", support) == []
    assert [d.kind for d in unfounded("Valdor lost €2.31 billion.", "en", support)] == ["number-added"]


def _french(value: int, space: str) -> str:
    return f"{value:,}".replace(",", space)


@given(value=st.integers(2, 10**14), space=st.sampled_from([" ", "\u00a0", "\u202f", "."]))
def test_any_integer_is_the_same_in_french_and_english_conventions(value: int, space: str) -> None:
    assert compare(f"Il y a {_french(value, space)} pages.", "fr", f"There are {value:,} pages.", "en") == []


@given(value=st.integers(2, 10**9), cents=st.integers(1, 99))
def test_any_amount_is_the_same_in_french_and_english_conventions(value: int, cents: int) -> None:
    french, english = f"{_french(value, ' ')},{cents:02} €", f"€{value:,}.{cents:02}"
    assert compare(f"Il doit {french}.", "fr", f"He owes {english}.", "en") == []


@given(value=st.integers(10, 10**12), place=st.integers(0, 12), shift=st.integers(1, 9))
def test_one_changed_digit_is_caught(value: int, place: int, shift: int) -> None:
    digits = str(value)
    place %= len(digits)
    other = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    found = compare(f"Il y a {_french(value, ' ')} pages.", "fr", f"There are {int(other):,} pages.", "en")
    assert [difference.kind for difference in found] == ["number-changed"] or int(other) in (0, 1)


@given(value=st.integers(0, 999_999))
def test_every_french_number_in_words_has_its_value(value: int) -> None:
    found = numbers(f"les {_spelled(value)} pages", "fr")
    assert [quantity.value for quantity in found] == [value]


def _spelled(value: int) -> str:
    units = [
        "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
        "treize", "quatorze", "quinze", "seize"
    ]  # fmt: skip
    tens = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}
    if value < 17:
        return units[value]
    if value < 20:
        return f"dix-{units[value - 10]}"
    if value < 100:
        base = max(ten for ten in tens if ten <= value)
        if value == 80:
            return "quatre-vingts"
        rest = value - base
        joint = " et " if rest in (1, 11) and base != 80 else "-"
        return tens[base] + (joint + _spelled(rest) if rest else "")
    if value < 1000:
        hundreds, rest = divmod(value, 100)
        head = "cent" if hundreds == 1 else f"{units[hundreds]} cent" + ("" if rest else "s")
        return head + (f" {_spelled(rest)}" if rest else "")
    thousands, rest = divmod(value, 1000)
    many = _spelled(thousands)
    head = "mille" if thousands == 1 else f"{many.removesuffix('s') if thousands % 100 in (0, 80) else many} mille"
    return head + (f" {_spelled(rest)}" if rest else "")


@given(day=st.dates(datetime.date(1000, 1, 1), datetime.date(2999, 12, 31)), other=st.integers(1, 28))
def test_every_date_is_the_same_in_french_and_english_and_no_other_day_is(day: datetime.date, other: int) -> None:
    french, month = f"Le {day.day:02}/{day.month:02}/{day.year}.", _MONTHS[day.month - 1]
    assert compare(french, "fr", f"On {month} {day.day}, {day.year}.", "en") == []
    found = compare(french, "fr", f"On {month} {other}, {day.year}.", "en")
    assert [difference.kind for difference in found] == ([] if other == day.day else ["date-changed"])


_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December"
]  # fmt: skip


@given(text=st.text(), code=st.sampled_from(["fr", "en", "de"]))
def test_any_text_can_be_read_and_every_fact_stands_where_it_says(text: str, code: str) -> None:
    for fact in [*numbers(text, code), *dates(text, code), *links(text)]:
        assert text[fact.start : fact.end] == fact.text


@given(text=st.text(alphabet="0123456789.,- /:hXVIeé%€$milodxtre ’'", max_size=60))
def test_what_looks_like_numbers_can_always_be_read(text: str) -> None:
    for code in ("fr", "en"):
        for quantity in numbers(text, code):
            assert text[quantity.start : quantity.end] == quantity.text
            assert isinstance(quantity.value, Fraction)
    compare(text, "fr", text, "en")


HOSTILE = [
    "1 ", "12 345 ", "a-", "A", "Aa ", "1.", "deux ", "cent ", "mille ", "1/",
    "www.", "a@", "A.", "3-", "d'", "« ", "le 3 mai ", "$1 ", "1 à ", "5 % ",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_line_is_read_in_time_that_grows_with_its_length(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    start = time.process_time()
    compare(text, "fr", "No.", "en")
    compare("Non.", "fr", text, "en")
    assert time.process_time() - start < 4


@given(
    groups=st.lists(st.text("0123456789", min_size=1, max_size=4), min_size=1, max_size=5), mark=st.sampled_from(" .,")
)
def test_any_groups_of_digits_can_be_read(groups: list[str], mark: str) -> None:
    """Free telephone numbers begin with a lone zero: 0 800 10 20 30."""
    for code in ("fr", "en"):
        numbers(f"Appelez le {mark.join(groups)}.", code)


def test_a_free_telephone_number_must_be_kept_as_it_is() -> None:
    french = "Appelez le 0 800 123 456."
    assert compare(french, "fr", "Call 0 800 123 456.", "en") == []
    assert [d.kind for d in compare(french, "fr", "Call 0 800 124 456.", "en")] == ["number-changed"]
