"""Small finished runs with known English, as the writer writes them, for the tests of the evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.document import Document, Failure, Finding, Segment, Summary, SummarySentence, Verdict
from pipeline.writers import ManifestData, RunFolder

# French, English, and what an English reader would write, sentence by sentence; all invented.
STORIES: dict[str, list[tuple[str, str, str]]] = {
    "ponts.txt": [
        (
            "Le 17 janvier 2025, la société Varelle a vendu 1 200 voitures pour 3 millions d'euros.",
            "On January 17, 2025, the company Varelle sold 1,300 cars for €3 million.",
            "On 17 January 2025 the firm Varelle sold 1,200 cars for 3 million euros.",
        ),
        (
            "Le directeur, Paul Zadkine, parle d'une bonne année.",
            "The director, Paul Zadkine, speaks of a good year.",
            "Its director, Paul Zadkine, speaks of a good year.",
        ),
    ],
    "neige.txt": [
        (
            "Il neige depuis mardi sur tout le pays.",
            "It has been snowing all over the country.",
            "It has been snowing across the country since Tuesday.",
        ),
        (
            "Les écoles restent fermées jusqu'à lundi.",
            "Schools remain closed until Monday.",
            "The schools stay closed until Monday.",
        ),
        ("Le maire demande de la patience.", "The mayor asks for patience.", "The mayor asks people to be patient."),
    ],
    "port.txt": [
        (
            "Le port de la ville a rouvert hier.",
            "The city's port reopened yesterday.",
            "The port of the city opened again yesterday.",
        ),
        (
            "Quarante bateaux attendaient au large.",
            "Forty boats were waiting off the coast.",
            "Forty ships had been waiting at sea.",
        ),
    ],
}
PASSED = (Verdict("first", (), True),)


def article(
    name: str,
    pairs: Sequence[tuple[str, str]],
    summary: Sequence[tuple[str, tuple[int, ...]]] = (),
    findings: Sequence[Finding] = (),
) -> Document:
    """Return a translated document of one block: French and English sentences, summary sentences with their support."""
    segments, start = [], 0
    for french, english in pairs:
        segments.append(
            Segment(
                start,
                start + len(french),
                "paragraph",
                french,
                0,
                language="fr",
                target=english,
                score=-0.5,
                verdicts=PASSED,
            )
        )
        start += len(french) + 1
    text = " ".join(french for french, _ in pairs)
    sentences = tuple(SummarySentence(text, support, "model", PASSED) for text, support in summary)
    return Document(
        name,
        text,
        {"section": "test"},
        "fr",
        1.0,
        tuple(segments),
        Summary(None, sentences) if sentences else None,
        tuple(findings),
    )


def stories(change: dict[str, str] | None = None) -> list[Document]:
    """Return the stories as documents, each with its first English sentence as its summary; `change` replaces English."""
    change = change or {}
    found = []
    for name, rows in STORIES.items():
        pairs = [(french, change.get(english, english)) for french, english, _ in rows]
        found.append(article(name, pairs, [(pairs[0][1], (0,))]))
    return found


def failed(name: str) -> Document:
    return Document(name, "?", failure=Failure("detect", "LanguageError", "too short"))


def write(folder: Path, documents: Sequence[Document]) -> Path:
    """Write a finished run."""
    with RunFolder(folder) as run:
        for document in documents:
            run.write(document)
        run.finish(ManifestData(signature="depeche:test"))
    return folder


def reference_lines(folder: Path) -> Path:
    """Write line-aligned references of the stories."""
    path = folder / "reference.en"
    path.write_text("".join(f"{english}\n" for rows in STORIES.values() for _, _, english in rows), encoding="utf-8")
    return path


def reference_folder(folder: Path) -> Path:
    """Write references of the stories by id, and of their summaries."""
    room = folder / "references"
    room.mkdir()
    for name, rows in STORIES.items():
        stem = name.removesuffix(".txt")
        (room / f"{stem}.en").write_text("\n".join(english for _, _, english in rows) + "\n", encoding="utf-8")
        (room / f"{stem}.summary.en").write_text(rows[0][2] + "\n", encoding="utf-8")
    return room
