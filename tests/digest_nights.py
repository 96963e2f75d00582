"""A night made by hand: one fire in three papers, what follows from it, and what else there was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.digest import Digest, Item, Settings, Window, build
from pipeline.document import Document, Failure, Finding, Segment, Summary, SummarySentence

END = datetime(2026, 11, 22, 5, 30, tzinfo=ZoneInfo("Europe/Paris"))
WINDOW = Window(datetime(2026, 11, 21, 5, 30, tzinfo=ZoneInfo("Europe/Paris")), END)
SETTINGS = Settings(companies=("Orsatex",), keywords=("éolien",))
Rows = Sequence[tuple[str, str]]


def article(
    name: str, rows: Rows, headline: str | None = None, paper: str = "Le Courrier", said: Sequence[int] | None = None, **meta: Any
) -> Document:  # fmt: skip
    """A translated article of sentences; `said` are the ones that its summary takes over, all unless it says so."""
    text, segments = "", []
    for block, (source, target) in enumerate(rows):
        segments.append(Segment(len(text), len(text) + len(source), "paragraph", source, block, target=target))
        text += source + "\n\n"
    places = range(len(rows)) if said is None else said
    sentences = tuple(SummarySentence(rows[place][1], (place,)) for place in places)
    return Document(name, text, {"source": paper, **meta}, "fr", 1.0, tuple(segments), Summary(headline, sentences))


def failed(name: str) -> Document:
    return Document(
        name, "Texte.", {"source": "Le Courrier"}, failure=Failure("translate", "ResourceError", "no memory was left")
    )


def _fire(name: str, paper: str, count: tuple[str, str], hour: int, headline: str) -> Item:
    rows = [
        (f"Un incendie a fait {count[0]} blessés dans la nuit à la verrerie Sainte-Aude, à Port-Vernelle, selon la préfecture.",
         f"A fire left {count[1]} people injured at the Sainte-Aude glassworks in Port-Vernelle."),
        ("La direction évalue les dégâts à 9 millions d’euros et emploie 310 personnes sur ce site.",
         "The management puts the damage at €9 million."),
        ("Le site, fondé en 1887, emploie 310 personnes et fabrique des flacons de parfum.", "The site employs 310 people."),
    ]  # fmt: skip
    url = f"https://{name}.example/feu"
    published = f"2026-11-21T{hour:02}:00:00+01:00"
    return Item(
        article(
            name, rows, headline, paper, (0, 1), url=url, published=published, title=f"Le feu à Sainte-Aude ({paper})"
        )
    )


NIGHT = (
    _fire("am-1", "Agence Méridienne", ("douze", "twelve"), 7, "Fire injures twelve at the Sainte-Aude glassworks"),
    _fire("courrier-1", "Le Courrier", ("douze", "twelve"), 8, "Twelve injured in fire"),
    _fire("echo-1", "L’Écho", ("quatorze", "fourteen"), 9, "Fourteen injured in fire"),
    Item(
        article(
            "matin-1",
            [
                ("Le parquet de Port-Vernelle a ouvert une enquête après l’incendie de la verrerie Sainte-Aude.",
                 "Prosecutors in Port-Vernelle opened an inquiry after the fire at the Sainte-Aude glassworks."),
                ("Les enquêteurs examinent une vanne de gaz de la société Ternay.", "Investigators are looking at a gas valve of the firm Ternay."),
            ],
            "Inquiry opened into the fire at the glassworks", "Le Matin", url="https://matin.example/enquete", published="2026-11-21T15:00:00+01:00",
        )
    ),
    Item(
        article(
            "matin-2",
            [
                ("Le groupe Orsatex a remporté un parc éolien de 214 millions d’euros au large de Corbre.",
                 "The Orsatex group won a wind farm worth €214 million off Corbre."),
                ("Les travaux dureront trente mois.", "The work will last 30 months."),
            ],
            "Orsatex wins a wind farm for €214 million", "Le Matin", url="https://matin.example/eolien", published="2026-11-21T11:00:00+01:00",
        )
    ),
    Item(
        article(
            "courrier-2", [("Le musée de la Dentelle rouvre ses portes samedi.", "The lace museum reopens its doors on Saturday.")],
            "Lace museum reopens", url="https://courrier.example/musee", published="2026-11-21T06:00:00+01:00",
        )
    ),
    Item(failed("broken-1")),
    Item(Document("es-1", "Hola.", language="es", findings=(Finding("language-skipped", "document", "the document is in Spanish"),))),
)  # fmt: skip


def night() -> Digest:
    return build(NIGHT, WINDOW, SETTINGS, ["the feed “Le Phare” did not answer"])
