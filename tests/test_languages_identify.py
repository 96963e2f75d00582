"""Language identification: right on news in the languages that a French desk meets, and silent where it cannot tell."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.languages.identify import Identification, english_name, identify

SNIPPETS = [
    ("fr", "Le maire promet une réponse avant jeudi"),
    ("fr", "Grève des trains : trafic très perturbé samedi"),
    ("fr", "Michel Barvaux à Bruxelles"),
    ("fr", "Un bénéfice en hausse de 12 %"),
    ("fr", "LA MAIRIE FERME SES PORTES"),
    ("fr", "« On ne lâchera rien »"),
    ("fr", "Ce que l'on sait de l'incendie"),
    ("fr", "Kevin Smith quitte Google pour Airbus"),
    ("fr", "Merci à tous nos lecteurs"),
    ("fr", "La société Verdanne a annoncé mardi l'achat de son concurrent allemand pour 45 millions d'euros."),
    ("fr", "LE CONSEIL A VOTÉ LUNDI SOIR UNE HAUSSE DE LA TAXE QUI FAIT GRINCER DES DENTS DANS LES VILLAGES."),
    ("fr", "Sarah Johnson, James Miller et Mark Wright ont remporté la finale devant Tom Baker, à Wimbledon."),
    ("en", "The mayor promises an answer by Thursday"),
    ("en", "Train strike: heavy disruption expected"),
    ("en", "We will never give up"),
    ("en", "TOWN HALL CLOSES ITS DOORS"),
    ("en", "Profit rises 12% on strong demand"),
    ("en", "What we know about the fire"),
    ("en", "THE COUNCIL VOTED ON MONDAY NIGHT TO RAISE TAXES, ANGERING PEOPLE IN THE VILLAGES."),
    ("en", "The company said on Tuesday that it had agreed to buy its German rival for 45 million euros."),
    ("es", "El alcalde promete una respuesta antes del jueves"),
    ("es", "Huelga de trenes: tráfico muy afectado"),
    ("es", "La empresa anunció el martes la compra de su competidor alemán por 45 millones de euros."),
    ("it", "Il sindaco promette una risposta entro giovedì"),
    ("it", "Sciopero dei treni: forti disagi sabato"),
    ("it", "La società ha annunciato martedì l'acquisizione del concorrente tedesco per 45 milioni di euro."),
    ("pt", "Greve dos comboios: fortes perturbações no sábado"),
    ("pt", "A empresa anunciou na terça-feira a compra do concorrente alemão por 45 milhões de euros."),
    ("ca", "L'alcalde promet una resposta abans de dijous"),
    ("ca", "L'empresa va anunciar dimarts la compra del seu competidor alemany per 45 milions d'euros."),
    ("oc", "Lo conse promet una responsa abans dijòus"),
    ("oc", "La societat anoncièt dimars la crompa de son concurrent alemand per 45 milions d'èuros."),
    ("de", "Der Bürgermeister verspricht eine Antwort bis Donnerstag"),
    ("de", "Bahnstreik: starke Störungen am Samstag"),
    ("de", "Das Unternehmen kündigte am Dienstag die Übernahme seines Konkurrenten für 45 Millionen Euro an."),
    ("nl", "De burgemeester belooft een antwoord voor donderdag"),
    ("nl", "Het bedrijf maakte dinsdag de overname van zijn Duitse concurrent bekend voor 45 miljoen euro."),
    ("ro", "Primarul promite un răspuns până joi"),
    ("ro", "Compania a anunțat marți achiziția concurentului său german pentru 45 de milioane de euro."),
    ("zh", "他今天去了北京"),
]


@pytest.mark.parametrize(("language", "text"), SNIPPETS)
def test_the_language_of_news_short_or_long_is_told(language: str, text: str) -> None:
    assert identify(text).language == language


@pytest.mark.parametrize("text", ["", " ", "-", "ha", "Oui, bien sûr.", "12/03/2024", "🎉" * 50, "\ud800" * 50])
def test_too_few_letters_are_said_to_be_too_few(text: str) -> None:
    assert identify(text) == Identification(None, 0.0)


def test_addresses_and_figures_tell_no_language() -> None:
    address = "https://www.the-english-newspaper.example/what-we-know-about-the-fire editor@the-english-paper.example"
    assert identify(address).language is None
    assert identify(f"Retrouvez le classement complet sur {address} 1234").language == "fr"


def test_capitals_do_not_change_the_answer() -> None:
    text = "Le conseil a voté lundi soir une hausse de la taxe"
    assert identify(text) == identify(text.upper()) == identify(text.title())


def test_words_without_sense_get_a_low_confidence() -> None:
    assert identify("ha " * 500).confidence < 0.5
    assert identify("Le conseil a voté lundi soir une hausse de la taxe.").confidence > 0.95


def test_a_long_text_is_judged_by_all_of_its_quarters() -> None:
    head = "Le maire a dit non. " * 300
    rest = " ".join(text for language, text in SNIPPETS if language == "en") * 60
    assert identify(head).language == "fr"
    assert identify(head + rest).language == "en"


def test_a_text_that_repeats_itself_is_no_less_sure_for_being_long() -> None:
    text = "Le conseil municipal a voté lundi soir une hausse de la taxe foncière. "
    assert identify(text * 1000).confidence == pytest.approx(identify(text * 60).confidence, abs=0.05)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gets_an_answer_in_range_and_the_same_one_again(text: str) -> None:
    found = identify(text)
    assert 0.0 <= found.confidence <= 1.0
    assert found.confidence == round(found.confidence, 4)
    assert found.language is not None or found.confidence == 0.0
    assert identify(text) == found


@pytest.mark.parametrize("piece", ["x", "x@", "www.", "1", "Le maire a dit oui. ", "a.-"])
def test_time_is_bounded_on_a_text_of_a_megabyte(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    started = time.perf_counter()
    identify(text)
    assert time.perf_counter() - started < 5


def test_languages_have_english_names() -> None:
    assert (english_name("es"), english_name("oc"), english_name("qq")) == ("Spanish", "Occitan", "qq")


def test_every_language_that_can_be_found_has_a_name() -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    labels = LanguageIdentifier.from_model_file(MODEL_FILE).labels
    assert {label for label in labels if english_name(label) == label} == {"zxx"}


def test_the_model_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, pipeline.languages.identify; sys.exit('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
