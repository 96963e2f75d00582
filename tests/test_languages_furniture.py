"""Furniture is recognised for its reason, and no sentence of an article is taken for it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipeline.languages.furniture import reason, reasons
from pipeline.languages.normalize import normalize

DATA = Path(__file__).parent / "data" / "furniture"
ORDINARY = (DATA / "ordinary.txt").read_text(encoding="utf-8").splitlines()
FURNITURE = [line.split("\t") for line in (DATA / "furniture.tsv").read_text(encoding="utf-8").splitlines()]

HEADLINE = "Le budget de la ville passe de justesse"
LEAD = "Le conseil municipal a voté mardi soir le budget de la ville, après trois heures de débats."
BODY = "La hausse de la taxe foncière a été écartée au dernier moment, au grand soulagement des commerçants."
ARTICLE = (HEADLINE, LEAD, BODY)
PAGES = {"top": ((HEADLINE,), (LEAD, BODY)), "middle": (ARTICLE, (BODY,)), "end": (ARTICLE, ())}


def reason_at(place: str, line: str) -> str | None:
    above, below = PAGES[place]
    found = reasons([*above, normalize(line).text, *below])
    assert not any(found[: len(above)]) and not any(found[len(above) + 1 :]), "the article around it is kept"
    return found[len(above)]


def test_the_lists_are_long_enough_to_mean_something() -> None:
    assert len(set(ORDINARY)) >= 100
    assert len({tuple(row) for row in FURNITURE}) >= 130


@pytest.mark.parametrize("line", ORDINARY)
def test_an_ordinary_line_is_kept_wherever_it_stands(line: str) -> None:
    assert {place: reason_at(place, line) for place in PAGES} == dict.fromkeys(PAGES)


@pytest.mark.parametrize(("why", "place", "line"), FURNITURE)
def test_furniture_is_noise_for_its_reason(why: str, place: str, line: str) -> None:
    assert reason_at(place, line) == why


@pytest.mark.parametrize("line", ["Par Jean Dupont", "12 mars 2025", "Claire Fontaine", "Lundi 4 octobre 2021"])
def test_names_and_dates_alone_are_kept_inside_an_article(line: str) -> None:
    assert reason_at("middle", line) is None


def test_a_first_line_that_ends_in_a_date_is_a_headline() -> None:
    assert reasons(["Bulletin de la vallée - 17/01/2025", LEAD, BODY])[0] is None


def test_titles_under_a_see_also_line_go_with_it_to_the_end() -> None:
    lines = [HEADLINE, LEAD, BODY, "Sur le même sujet", "Le budget en cinq questions", "La dette, mode d'emploi"]
    assert reasons(lines)[3:] == ["see-also"] * 3


def test_the_heading_of_the_next_part_is_not_taken_for_a_related_title() -> None:
    lines = [HEADLINE, LEAD, "Lire aussi", "Le budget en cinq questions", "Une majorité fragile", BODY]
    assert reasons(lines) == [None, None, "see-also", "see-also", None, None]
    assert reasons([HEADLINE, LEAD, "Lire aussi", "Une majorité fragile", BODY])[3] is None


def test_a_menu_is_noise_and_a_list_of_names_is_not() -> None:
    menu = ["Accueil", "Politique", "Économie", "Roanne et sa région", "Sports", "Se connecter"]
    assert reasons([*menu, HEADLINE, LEAD, BODY])[:6] == ["menu"] * 5 + ["subscription"]
    names = ["Vauzelle", "Kherbache", "Tardieu", "Le Gouallec", "Serin", "Chastagnol"]
    assert reasons([HEADLINE, LEAD, *names, BODY]) == [None] * 9


def test_the_weather_the_place_and_the_day_on_lines_of_their_own_are_a_menu() -> None:
    lines = ["30.4 C", "Yaoundé", "LUNDI, 4 OCTOBRE 2021", "AFRIQUE CENTRALE", "TÉLÉCOMS", HEADLINE, LEAD, BODY]
    assert all(reasons(lines)[:5])
    assert reasons(lines)[5:] == [None] * 3


def test_a_rubric_above_the_headline_is_noise_but_a_rubric_above_the_text_is_the_headline() -> None:
    assert reasons(["ÉCONOMIE", HEADLINE, LEAD, BODY]) == ["breadcrumb", None, None, None]
    assert reasons(["ÉCONOMIE", LEAD, BODY]) == [None, None, None]


def test_page_numbers_count_up_and_other_numbers_are_kept() -> None:
    lines = [HEADLINE, LEAD, BODY, BODY, "1", LEAD, BODY, LEAD, BODY, "2", LEAD]
    assert [index for index, why in enumerate(reasons(lines)) if why == "page-number"] == [4, 9]
    assert reasons([HEADLINE, "Le chiffre du jour", "42", LEAD, BODY])[2] is None


def test_a_document_of_one_line_is_kept_though_it_is_a_name_or_a_date() -> None:
    for line in ("Claire Fontaine", "12 mars 2025", "Par Jean Dupont", "Économie"):
        assert reasons([line]) == [None]


def test_an_empty_line_says_so() -> None:
    assert reason("") == "empty"
    assert reasons([]) == []


HOSTILE = [
    "Par " + "Jean " * 55, "Par " + "Jean de la " * 24, "Photo : " + "A " * 140, "Partager " * 32,
    "Partager sur " * 22 + "!",
    "Publié le 1er mars à 1 h 1 - " * 9, "Mots-clés : " + "a b c d, " * 30, "a - 1/1/2025 / " * 18 + "a",
    "© " + "A&A / " * 45, "Nous utilisons des cookies " + "pour vous " * 110 + "«",
    "1er mars 2025, " * 19 + "!", "#a " * 95 + "a",
    "12 h " * 60, "Lire aussi " * 27, "lire " + "a " * 140, "recevez " + "votre " * 45, "A" * 299, "'" * 290 + "a",
    "le la " * 48, "https://" + "a." * 130,
]  # fmt: skip


@pytest.mark.parametrize("line", HOSTILE)
def test_a_line_made_to_backtrack_takes_milliseconds(line: str) -> None:
    reasons([HEADLINE])
    start = time.process_time()
    reasons([HEADLINE, LEAD, line, line])
    assert time.process_time() - start < 0.2


UNITS = ["ha ", "haha", "a - 17/01/2025 / ", "Accueil / ", "Partager ", "mot ", "é", "- ", "a. b "]


@pytest.mark.parametrize("unit", UNITS)
def test_a_line_of_half_a_million_characters_takes_seconds_at_most(unit: str) -> None:
    start = time.process_time()
    reason(unit * (500_000 // len(unit)))
    assert time.process_time() - start < 3


@pytest.mark.parametrize("line", ["Lire aussi", "Un titre court", "Accueil", "3", BODY, "Titre - 17/01/2025"])
def test_four_thousand_lines_take_seconds_at_most(line: str) -> None:
    start = time.process_time()
    reasons([line] * 4_000)
    assert time.process_time() - start < 5
