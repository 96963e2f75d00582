"""Web pages: the article and nothing else, as text with its structure."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.document import Document
from pipeline.errors import DocumentError
from pipeline.readers import ReadOptions, read
from pipeline.readers.html import extract

HEAD = "<title>Le quai de Sarlande rouvre | Le Courrier</title><script>let espion = 'traceur';</script>"
ARTICLE = """<nav><ul><li><a href="/">Accueil</a></li><li><a href="/eco">Économie</a></li></ul></nav>
<article><h1>Le quai de Sarlande rouvre</h1>
<p>Les travaux ont coûté 12,5&nbsp;millions
d’euros, selon la mairie. <b>Ils ont duré</b> deux ans de plus que prévu, après les crues.</p>
<h2>Une saison perdue</h2>
<p>Les bateliers demandent une aide.<br>La région l’étudiera en mai, a promis Maud Vireloup.</p>
<ul><li>Quai nord : 120 mètres</li><li>Quai sud : 80 mètres</li></ul>
<p>La fin du chantier est attendue pour l’été, avec une fête sur les deux rives.</p></article>
<script>envoyer(espion)</script><footer>Mentions légales</footer>"""
TEXT = """Le quai de Sarlande rouvre

Les travaux ont coûté 12,5 millions d’euros, selon la mairie. Ils ont duré deux ans de plus que prévu, après les crues.

Une saison perdue

Les bateliers demandent une aide.
La région l’étudiera en mai, a promis Maud Vireloup.

- Quai nord : 120 mètres
- Quai sud : 80 mètres

La fin du chantier est attendue pour l’été, avec une fête sur les deux rives.
"""


def _page(head: str = "", body: str = ARTICLE) -> str:
    return f'<!DOCTYPE html><html lang="fr"><head>{head}{HEAD}</head><body>{body}</body></html>'


def _read(path: Path, data: bytes, options: ReadOptions | None = None) -> Document:
    path.write_bytes(data)
    (document,) = read([path], options)
    return document


def test_a_page_becomes_headline_headings_paragraphs_and_lists_without_what_stands_around() -> None:
    assert extract(_page()) == TEXT


def test_the_same_page_gives_the_same_text_again() -> None:
    assert len({extract(_page()) for _ in range(3)}) == 1


def test_the_title_of_the_page_is_the_headline_when_the_article_has_none() -> None:
    body = ARTICLE.replace("<h1>Le quai de Sarlande rouvre</h1>", "")
    assert extract(_page(body=body)) == TEXT


def test_a_document_is_named_by_its_file_and_is_not_doubtful(tmp_path: Path) -> None:
    document = _read(tmp_path / "quai.html", _page('<meta charset="utf-8">').encode())
    assert document == Document("quai.html", TEXT)


@pytest.mark.parametrize(
    ("codec", "declared", "said"),
    [
        ("utf-8", "iso-8859-1", None),  # the bytes go before what the page says of itself
        ("utf-8", "", None),
        ("utf-16", "", "utf-16"),
        ("windows-1252", "iso-8859-1", "windows-1252"),  # as on the web
        ("windows-1252", "", "windows-1252"),
        ("windows-1252", "utf-8", "windows-1252"),
        ("windows-1252", "no-such-thing", "windows-1252"),
        ("mac-roman", "macintosh", "mac-roman"),
    ],
)
def test_the_encoding_is_told_from_mark_bytes_and_declaration(
    tmp_path: Path, codec: str, declared: str, said: str | None
) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    document = _read(tmp_path / "quai.htm", _page(head).encode(codec))
    assert (document.text, document.failure) == (TEXT, None)
    assert [finding.message for finding in document.findings] == ([f"read as {said}"] if said else [])


def test_an_xml_declaration_does_not_disturb(tmp_path: Path) -> None:
    page = '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + _page()
    assert _read(tmp_path / "quai.html", page.encode("windows-1252")).text == TEXT


def test_broken_bytes_in_a_page_are_its_failure(tmp_path: Path) -> None:
    document = _read(tmp_path / "quai.html", _page('<meta charset="utf-8">').encode().replace(b"\xc3\xa9", b"\xc3", 1))
    assert document.text == "" and document.failure is not None and document.failure.kind == "DecodingError"


@pytest.mark.parametrize("page", ["", " ", "<html><body><script>espion()</script></body></html>", "<html></html>"])
def test_a_page_without_main_text_is_a_failure_with_its_reason(page: str) -> None:
    with pytest.raises(DocumentError, match="no main text"):
        extract(page)


def test_a_fragment_is_read_as_a_page() -> None:
    assert extract("<p>Flash : le maire de Sarlande a démissionné ce matin.</p>") == (
        "Flash : le maire de Sarlande a démissionné ce matin.\n"
    )


@pytest.mark.parametrize(
    "page",
    ["<div>" * 5000 + "x" + "</div>" * 5000, "<p>" + "a" * 100_000, "<<<>>>&&&#;<p", "\x1b<table><tr>" * 500],
)
def test_a_hostile_page_gives_text_or_a_document_error(page: str) -> None:
    try:
        assert extract(f"<html><body>{page}</body></html>").strip()
    except DocumentError as error:
        assert "\n" not in str(error)


def test_nothing_of_a_page_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(DocumentError):
        extract("")
    extract(_page('<script type="application/ld+json">{"headline": "secret", broken</script>'))
    assert "secret" not in caplog.text and not caplog.records


def test_a_page_over_the_limit_is_a_failure(tmp_path: Path) -> None:
    document = _read(tmp_path / "quai.html", _page().encode(), ReadOptions(max_bytes=100))
    assert document.failure is not None and "longer than 100 bytes" in document.failure.reason


def test_a_standfirst_between_headline_and_body_is_kept() -> None:
    """The extractor takes the element that holds the body, and nothing above it."""
    body = "".join(f"<p>{sentence}</p>" for sentence in ["Le maire a ouvert la nouvelle école lundi matin. " * 6] * 4)
    page = (
        "<html><body><nav><p>Accueil</p></nav><article><header><h1>Une école ouvre</h1>"
        "<p class='chapo'>Elle accueille douze classes, et la cantine.</p><p>Par Jean Petit</p></header>"
        f"<div class='article__body'>{body}</div></article></body></html>"
    )
    assert extract(page).startswith(
        "Une école ouvre\n\nElle accueille douze classes, et la cantine.\n\nPar Jean Petit\n\nLe maire"
    )
