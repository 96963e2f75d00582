"""What a notebook shows of a result, a document and an evaluation; and the notebook that comes with the project."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from pipeline.desk import Result
from pipeline.document import Document, Failure, Finding, Segment, Span
from pipeline.evaluation import evaluate
from scored_runs import article, stories, write
from strategies import documents, unhurried

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "scripts" / "tour.ipynb"


class Parsed(HTMLParser):
    """The tags and the text of a piece of HTML; `open` are those that were not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(value: Any) -> Parsed:
    return Parsed(value._repr_html_())


def finding() -> Finding:
    return Finding("number-changed", "source-target", "12 became 13", (Span("target", 7, 9, "13", 0),))


def test_a_document_shows_summary_support_findings_and_both_languages() -> None:
    document = article("a", [("Il a 12 ans.", "He is 13.")], [("He is 13 years old.", (0,))], [finding()])
    page = shown(document)
    assert {"table", "details", "ul"} <= page.tags
    for text in ("Il a 12 ans.", "He is 13.", "He is 13 years old.", "[1]", "12 became 13", "Figure changed"):
        assert text in page.text
    assert page.open == []


def test_a_result_is_shown_as_its_document() -> None:
    document = article("a", [("Il pleut.", "It is raining.")])
    assert Result(document)._repr_html_() == document._repr_html_()


def test_what_a_finding_points_at_is_underlined() -> None:
    document = article(
        "a", [("Il a 12 ans.", "He is 13.")], findings=[replace(finding(), spans=(Span("target", 6, 8, "13", 0),))]
    )
    assert re.search(r"<u [^>]*>13</u>", document._repr_html_())


def test_a_failed_document_says_why() -> None:
    document = Document("a", "Il pleut.", failure=Failure("translate", "ModelError", "the model broke"))
    assert "The model broke (ModelError in the stage translate)." in shown(document).text


@given(documents())
@unhurried
def test_nothing_in_a_document_becomes_mark_up(document: Document) -> None:
    page = shown(document)
    assert page.tags <= {
        "div",
        "h3",
        "p",
        "span",
        "ul",
        "li",
        "b",
        "i",
        "u",
        "details",
        "summary",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert page.attributes <= {"style", "lang"}
    assert page.open == []
    document._repr_html_().encode()


def test_hostile_text_stays_text() -> None:
    hostile = "</td><script>alert(1)</script>"
    given = Segment(0, len(hostile), "paragraph", hostile, 0, target=hostile)
    page = shown(Document(hostile, hostile, segments=(given,), language='fr" onclick="x'))
    assert "script" not in page.tags and "onclick" not in page.attributes
    assert page.text.count("alert(1)") >= 2


def test_a_long_document_is_cut_with_the_count_of_what_is_left() -> None:
    page = shown(article("a", [(f"Phrase {n}.", f"Sentence {n}.") for n in range(75)]))
    assert "75 sentences" in page.text and "15 sentences more" in page.text
    assert "Sentence 59." in page.text and "Sentence 60." not in page.text


def test_an_evaluation_shows_scores_intervals_gates_and_signatures(tmp_path: Path) -> None:
    gates = {"numbers_kept_fr_en": 1.0, "documents_finished": 0.1}
    scored = evaluate(write(tmp_path / "run", stories()), gates=gates)
    page = shown(scored)
    interval = next(one for one in scored.scores if one.low is not None and one.high is not None)
    assert f"[{interval.low:.4f}, {interval.high:.4f}]" in page.text
    assert scored.failures and all(line in page.text for line in scored.failures)
    assert "documents_finished holds" in page.text
    assert "score:NAME" in page.text and page.open == []


def test_the_tour_runs_from_top_to_bottom_and_shows_a_story_a_table_and_a_plot(tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    pytest.importorskip("matplotlib")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    environment = {"env": os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": ""}}
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(ROOT)}})
    client.execute(**environment)
    kinds = [kind for cell in notebook.cells for out in cell.get("outputs", ()) for kind in out.get("data", {})]
    assert kinds.count("text/html") >= 3 and "image/png" in kinds


def test_the_tour_is_kept_with_what_it_shows_and_nothing_of_the_machine_that_ran_it() -> None:
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    outputs = [out for cell in notebook["cells"] for out in cell.get("outputs", ())]
    assert any("image/png" in out.get("data", {}) for out in outputs)
    assert not re.search(r"/(home|root|tmp|work|Users)/", json.dumps(notebook))
