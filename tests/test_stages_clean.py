"""Cleaning: nothing lost, every block with its role, every noise with its reason."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document, Segment, uncovered
from pipeline.languages.normalize import normalize
from pipeline.stage import Stage, apply
from pipeline.stages.clean import Clean, clean

DATA = Path(__file__).parent / "data" / "furniture"
LINES = [
    *(DATA / "ordinary.txt").read_text(encoding="utf-8").splitlines(),
    *(row.split("\t")[2] for row in (DATA / "furniture.tsv").read_text(encoding="utf-8").splitlines()),
    "# Titre", "## Partie", "> cité", "- point", "• point", "1. un", "", " ", "\u200b", "\ufeff# Titre", "- \u200b",
    "> - # x",
    "**gras**",
]  # fmt: skip
PAGE = st.lists(st.sampled_from(LINES)).map("\n".join)

BODY = (
    "Le conseil municipal a voté mardi soir le budget de la ville, après trois heures de débats. La hausse de la taxe "
    "a été écartée au dernier moment, au grand soulagement des commerçants du centre, qui avaient fermé boutique."
)
MORE = "« Nous avons été entendus », s'est réjouie Claire Fontaine, qui tient la librairie de la place depuis onze ans."


def found(text: str) -> list[tuple[str, str | None, str]]:
    return [(segment.role, segment.reason, segment.source) for segment in clean(text)]


def roles(text: str) -> list[str]:
    return [segment.role for segment in clean(text)]


@settings(deadline=None)
@given(st.text() | PAGE | st.text(st.sampled_from("aÉ .-–#>•*«»\n\r\u2028\u200b\u00ad\ufeff1)_[]")))
def test_every_character_lies_in_exactly_one_segment(text: str) -> None:
    assert uncovered(Document("a", text, segments=tuple(clean(text)))) == ()


@settings(deadline=None)
@given(st.text() | PAGE)
def test_the_source_of_a_block_is_its_text_normalised(text: str) -> None:
    segments = list(clean(text))
    assert all(segment.source == normalize(text[segment.start : segment.end]).text for segment in segments)
    assert [segment.block for segment in segments] == list(range(len(segments)))


@settings(deadline=None)
@given(st.text() | PAGE)
def test_noise_and_only_noise_has_a_reason_and_only_empty_noise_has_no_words(text: str) -> None:
    for segment in clean(text):
        assert (segment.role == "noise") == (segment.reason is not None)
        assert bool(segment.source) == (segment.reason != "empty")


@settings(deadline=None)
@given(st.lists(PAGE, max_size=4))
def test_the_stage_changes_segments_only_and_the_size_of_a_batch_changes_nothing(texts: list[str]) -> None:
    stage: Stage = Clean()
    documents = [Document(str(k), text, {"k": k}, "fr", 0.5) for k, text in enumerate(texts)]
    together = apply(stage, documents)
    assert [(d.id, d.text, d.meta, d.language, d.confidence) for d in together] == [
        (d.id, d.text, d.meta, d.language, d.confidence) for d in documents
    ]
    assert together == [apply(stage, [document])[0] for document in documents]


def test_a_business_story_as_a_reader_sees_it() -> None:
    text = f"""Valombrel rachète l'italien Cartessa pour 610 millions d'euros

Par Solène Cadiou, à Lyon
Publié le 21/01/2025 à 18 h 05

Le groupe lyonnais d'emballage devient le numéro trois européen du carton recyclé.

{BODY}

Lire aussi : Pourquoi le carton résiste

Une usine en sursis

{MORE}

Les engagements du groupe :

- garder 84 emplois ;
- moderniser les deux fours.

Photo : Bastien Orhand / AFP
- Le suédois Skogvalla absorbe Pliage - 17/01/2025
- Cartessa cherche un repreneur - 14/10/2024 / Le carton au plus haut - 09/10/2024
Partager sur Facebook
© 2025 Le Courrier. Tous droits réservés"""
    assert [(role, reason) for role, reason, _ in found(text)] == [
        ("headline", None),
        ("noise", "byline"),
        ("noise", "date-line"),
        ("standfirst", None),
        ("paragraph", None),
        ("noise", "see-also"),
        ("heading", None),
        ("paragraph", None),
        ("paragraph", None),
        ("noise", "markup"),
        ("list", None),
        ("noise", "markup"),
        ("list", None),
        ("noise", "photo-credit"),
        ("noise", "related-headline"),
        ("noise", "related-headline"),
        ("noise", "share"),
        ("noise", "agency"),
    ]


def test_a_page_between_its_menu_and_its_footer() -> None:
    menu = "Accueil\nPolitique\nÉconomie\nSports\nCulture\nSe connecter"
    related = "Sur le même sujet\nLe budget en cinq questions\nLa dette, mode d'emploi"
    footer = f"{related}\nMentions légales | CGU | Contact\nAccepter"
    text = f"{menu}\nLe budget passe de justesse\nPartager\n{BODY}\n{MORE}\nPublicité\n{BODY}\nAFP\n{footer}"
    kept = [(role, source) for role, reason, source in found(text) if not reason]
    assert kept == [
        ("headline", "Le budget passe de justesse"),
        ("paragraph", normalize(BODY).text),
        ("paragraph", normalize(MORE).text),
        ("paragraph", normalize(BODY).text),
    ]


def test_markdown_marks_stand_apart_and_leave_the_words() -> None:
    top = f"\ufeff# Le **budget** passe\n\n{BODY}\n\n## Et après ?\n\n> {MORE}"
    text = f"{top}\n\n* un [rapport](https://exemple.fr)\n\n1. voter"
    assert found(text) == [
        ("noise", "markup", "#"),
        ("headline", None, "Le budget passe"),
        ("paragraph", None, BODY),
        ("noise", "markup", "##"),
        ("heading", None, "Et après ?"),
        ("noise", "markup", ">"),
        ("paragraph", None, MORE),
        ("noise", "markup", "*"),
        ("list", None, "un rapport"),
        ("list", None, "1. voter"),
    ]


@pytest.mark.parametrize("dash", ["–", "—"])
def test_speeches_are_paragraphs_and_keep_their_dash(dash: str) -> None:
    text = f"Rencontre avec une libraire\n\n{dash} Que vendez-vous ?\n{dash} Des livres, dit-elle.\n{dash} Beaucoup ?"
    assert found(text)[1:] == [
        ("paragraph", None, f"{dash} Que vendez-vous ?"),
        ("paragraph", None, f"{dash} Des livres, dit-elle."),
        ("paragraph", None, f"{dash} Beaucoup ?"),
    ]


@pytest.mark.parametrize(
    "headline",
    [
        "Le budget passe de justesse",
        "SEPT MARINS SAUVÉS AU LARGE D'OUESSANT.",
        "« Nous n'avons rien vu venir »",
        "Faut-il sauver le presbytère ?",
        "Budget : le maire dit « non »…",
    ],
)
def test_a_first_line_that_reads_like_a_title_is_the_headline(headline: str) -> None:
    assert roles(f"{headline}\n\n{BODY}\n\n{MORE}")[0] == "headline"


@pytest.mark.parametrize("first", [BODY, "– Entrez, dit-elle", "1. Voter", "Le maire a dit non.", "Le communiqué :"])
def test_a_first_line_that_is_text_is_no_headline(first: str) -> None:
    assert "headline" not in roles(f"{first}\n\n{BODY}\n\n{MORE}")


def test_the_first_paragraph_of_a_flash_is_no_standfirst() -> None:
    assert roles(f"Un titre court\n\n{MORE}\n\n{BODY}") == ["headline", "paragraph", "paragraph"]
    dateline = "PARIS, 12 mars (AFP) - Le ministre a confirmé mardi la hausse de la taxe."
    assert roles(f"Un titre court\n\n{dateline}\n\n{BODY}\n\n{MORE}")[1] == "paragraph"


def test_a_heading_stands_between_paragraphs() -> None:
    question = "Que pensez-vous de cette majorité que l'on dit fragile ?"
    text = "\n\n".join(["Un titre", BODY, "Une majorité fragile", MORE, question, BODY, "Fin"])
    assert roles(text) == ["headline", "paragraph", "heading", "paragraph", "paragraph", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("30.4 C / Yaoundé / LUNDI, 4 OCTOBRE 2021 / AFRIQUE CENTRALE / TÉLÉCOMS", "breadcrumb"),
        ("-", "symbols"),
        ("ha " * 500, "repetition"),
        ("🙂🎉 👍🏽\U0001f1eb\U0001f1f7", "empty"),
        ("\u200b\ufeff", "empty"),
    ],
)
def test_what_makes_translation_models_run_away_never_reaches_them(text: str, reason: str) -> None:
    assert [(role, why) for role, why, _ in found(text)] == [("noise", reason)]


def test_white_space_alone_has_no_segments() -> None:
    assert found("") == found(" \n\t\u00a0\u2028") == []


def test_a_wrapped_paragraph_is_one_block_on_one_line() -> None:
    wrapped = "Le conseil municipal de Montbrelle a voté mardi le budget de la\nville, après trois heures de débats."
    assert found(f"Un titre\n\n{wrapped}")[1:] == [("paragraph", None, wrapped.replace("\n", " "))]


LONG = ["mot " * 100_000, "a\n" * 8_000, "Lire aussi\n\n" * 8_000, "\u200b\n" * 8_000, "- " * 200_000]


@pytest.mark.parametrize("text", LONG)
def test_long_texts_take_seconds(text: str) -> None:
    start = time.process_time()
    segments: list[Segment] = list(clean(text))
    assert segments
    assert time.process_time() - start < 3


def test_the_settings_at_the_head_of_a_markdown_file_are_noise_and_a_rule_is_not() -> None:
    text = "---\ntitle: Le musée rouvre\ntags:\n- art\n---\n\n# Le musée rouvre\n\nIl rouvre lundi à Lyon, après des travaux.\n"
    segments = list(clean(text))
    assert [s.source for s in segments if s.reason == "front-matter"][1:3] == ["title: Le musée rouvre", "tags:"]
    assert [s.source for s in segments if s.role != "noise"] == [
        "Le musée rouvre",
        "Il rouvre lundi à Lyon, après des travaux.",
    ]
    story = list(clean("---\nIl pleut à Lyon depuis lundi matin.\n---\nIl neige à Paris depuis mardi soir.\n"))
    assert not any(segment.reason == "front-matter" for segment in story)
