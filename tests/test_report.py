"""The reading page as values and bytes: what is said of a story, what answers what, what nothing in a text can do."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import cli, report
from pipeline.document import Document, Failure, Finding, Segment, Span, Summary, SummarySentence, Verdict
from pipeline.errors import ConfigError, OutputError
from pipeline.evaluation import evaluate
from pipeline.report.page import block, escaped
from pipeline.report.plots import plots
from pipeline.view.matches import matched, same_name
from pipeline.view.stories import confidence, entry, runs, status, story, title
from pipeline.view.wording import tried, weight, written
from scored_runs import article, failed, stories, write
from strategies import documents, unhurried

pytest.importorskip("matplotlib")

HOSTILE = "</script><img src=x onerror=alert(1)><!-- {{data}} \u2028 &"


def joined(pieces: list[Any]) -> str:
    return "".join(piece if isinstance(piece, str) else piece["t"] for piece in pieces)


def marked(pieces: list[Any], name: str) -> dict[int, list[str]]:
    """Return the texts that bear a mark, by the number of the fact or finding."""
    found: dict[int, list[str]] = {}
    for piece in pieces:
        if not isinstance(piece, str):
            for number in piece.get(name, ()):
                found.setdefault(number, []).append(piece["t"])
    return found


def blocks(page: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/json" id="([\w-]+)">(.*?)</script>', page, re.DOTALL)
    return {name: json.loads(text) for name, text in found}


# Runs of text


marks = st.lists(st.tuples(st.integers(-3, 30), st.integers(-3, 30), st.integers(0, 3)), max_size=5)


@given(st.text(max_size=20), marks, marks)
def test_a_text_cut_into_runs_is_the_same_text(text: str, facts: Any, findings: Any) -> None:
    pieces = runs(text, facts, findings)
    assert joined(pieces) == text
    assert all(piece if isinstance(piece, str) else piece["t"] for piece in pieces)


def test_marks_may_lie_over_each_other() -> None:
    assert runs("abcdef", [(0, 4, 7)], [(2, 6, 1)]) == [
        {"t": "ab", "f": [7]},
        {"t": "cd", "f": [7], "d": [1]},
        {"t": "ef", "d": [1]},
    ]


def test_marks_stand_where_they_should_behind_characters_outside_the_first_plane() -> None:
    """A browser counts 😀 twice where Python counts it once: no offset may cross over."""
    document = article("a", [("😀 Il a 12 ans.", "😀 He is 12.")], findings=[number_finding("source", 0, 7, 9, "12")])
    row = story(document, "fr", "en")["rows"][0]
    assert marked(row["fr"], "d") == {0: ["12"]}
    assert marked(row["fr"], "f") == {0: ["12"]}


def number_finding(side: Any, index: int, start: int, end: int, text: str) -> Finding:
    return Finding("number-missing", "source-target", f"{text} is missing", (Span(side, start, end, text, index),))


# What answers what


def test_figures_and_names_are_one_fact_over_the_three_hops() -> None:
    document = article(
        "a",
        [
            ("Le maire de Londres, Paul Zadkine, a promis 2,5 milliards d'euros le 17 janvier 2025.",
             "The mayor of London, Paul Zadkine, promised €2.5 billion on January 17, 2025."),
            ("Il pleut sur Marly.", "It is raining in Marly."),
        ],
        [("Paul Zadkine promised 2.5 billion euros for London on 17 January.", (0,))],
    )  # fmt: skip
    shown = story(document, "fr", "en")
    french, english = marked(shown["rows"][0]["fr"], "f"), marked(shown["rows"][0]["en"], "f")
    summary = marked(shown["summary"]["sentences"][0]["runs"], "f")
    together = {tuple(french[n]): (english[n], summary[n]) for n in french}
    assert together[("Paul Zadkine",)] == (["Paul Zadkine"], ["Paul Zadkine"])
    assert together[("Londres",)] == (["London"], ["London"])
    assert together[("2,5 milliards d'euros",)] == (["€2.5 billion"], ["2.5 billion euros"])
    assert together[("17 janvier 2025",)] == (["January 17, 2025"], ["17 January"])


def test_a_fact_without_an_answer_is_none() -> None:
    document = article("a", [("Il a vendu 1 200 voitures à Lyon.", "He sold 1,300 cars in Lyon.")])
    row = story(document, "fr", "en")["rows"][0]
    assert marked(row["fr"], "f") == {0: ["Lyon"]}
    assert marked(row["en"], "f") == {0: ["Lyon"]}


def test_facts_of_one_sentence_do_not_answer_those_of_another() -> None:
    document = article("a", [("Il a 12 ans.", "He is young."), ("Elle est là.", "She was there for 12 days.")])
    assert matched(document, "fr", "en") == {}


def test_an_amount_answers_its_number_without_the_unit_and_no_other() -> None:
    document = article("a", [("Un plan de 2,5 milliards d'euros.", "A plan of 2.5 billion, not €2.4 billion.")])
    row = story(document, "fr", "en")["rows"][0]
    assert list(marked(row["fr"], "f").values()) == [["2,5 milliards d'euros"]]
    assert list(marked(row["en"], "f").values()) == [["2.5 billion"]]


def test_names_are_the_same_by_a_word_or_by_their_form_in_the_other_language() -> None:
    assert same_name("Mme Ornella Sartori", "fr", "Sartori", "en")
    assert same_name("Allemagne", "fr", "Germany", "en")
    assert not same_name("Allemagne", "fr", "Austria", "en")
    assert not same_name("Conseil de Montbrelle", "fr", "Council of Varelle", "en")


@given(documents())
@unhurried
def test_any_record_can_be_shown(document: Document) -> None:
    """Whatever a record holds: spans beyond their texts, support that is not there, marks of every alphabet."""
    shown = json.loads(escaped(story(document, "fr", "en")))
    assert [joined(row["fr"]) for row in shown["rows"]] == [segment.source for segment in document.segments]
    size = len(document.segments)
    rests = [number for s in (shown["summary"] or {"sentences": []})["sentences"] for number in s["support"]]
    assert all(0 <= number < size for number in rests)
    assert entry(document)["status"] == status(document)


# What is said of a story


def test_a_finding_marks_its_place_and_leads_to_its_row() -> None:
    whole = Span("target", 0, 22, "The village is silent.", 1)
    lost = Finding("name-missing", "source-target", "Marly is missing", (Span("source", 11, 16, "Marly", 1), whole))
    document = article(
        "a", [("Il pleut.", "It rains."), ("Le bourg, «Marly», se tait.", "The village is silent.")], (), [lost]
    )
    shown = story(document, "fr", "en")
    assert marked(shown["rows"][1]["fr"], "d") == {0: ["Marly"]}
    assert marked(shown["rows"][1]["en"], "d") == {}, "a whole sentence is no place"
    assert shown["findings"][0] == {
        "kind": "name-missing", "name": "Name missing", "weight": "doubt", "hop": "French → English",
        "message": "Marly is missing", "precise": True, "rows": [1], "sentences": [],
    }  # fmt: skip


def test_noise_says_why_it_was_left_out_and_has_no_english() -> None:
    segment = Segment(0, 12, "noise", "Par Ana Ruiz", 0, "byline")
    row = story(Document("a", "Par Ana Ruiz", segments=(segment,)), "fr", "en")["rows"][0]
    assert (row["noise"], "en" in row) == ("byline", False)


def test_what_could_not_be_translated_is_not_shown_as_english() -> None:
    verdicts = (Verdict("first", ("repetition",)), Verdict("source", ("untranslated",), True))
    document = replace_verdicts(article("a", [("Ah, ah, ah.", "Ah, ah, ah.")]), verdicts)
    row = story(document, "fr", "en")["rows"][0]
    assert row["own"] is True
    assert row["note"] == "No translation could stand: the source is kept."


def replace_verdicts(document: Document, verdicts: tuple[Verdict, ...]) -> Document:
    return replace(document, segments=tuple(replace(segment, verdicts=verdicts) for segment in document.segments))


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ((Verdict("first", (), True),), ""),
        ((Verdict("kept-english", (), True),), ""),
        ((Verdict("first", ("number-changed",)), Verdict("figures-given", (), True)), "Taken from the second try: with the English of its figures given."),
        ((Verdict("first", ("number-changed",), True), Verdict("split", ("number-added",))), "Tried once more, none better."),
        ((Verdict("first", (), True), Verdict("names-given")), ""),
        ((Verdict("split-long", (), True),), "Translated in pieces."),
        ((Verdict("first", ("repetition",)), Verdict("source", ("untranslated",), True)), "No translation could stand: the source is kept."),
    ],
)  # fmt: skip
def test_verdicts_in_words(verdicts: tuple[Verdict, ...], words: str) -> None:
    assert tried(verdicts) == words


def test_a_summary_sentence_says_how_it_came_about() -> None:
    first = Verdict("first", ("invented-word",))
    assert written("model", (Verdict("first", (), True),)) == ""
    assert written("regenerated", (first, Verdict("regenerated", (), True))) == (
        "Written again from its support; at first it had a word that its support lacks."
    )
    assert written("model", (first, Verdict("next-best", (), True))).startswith("The next best wording")


def test_every_kind_has_a_weight_and_those_unknown_are_doubts() -> None:
    assert [weight(kind) for kind in ("number-changed", "figure-repaired", "name-missing", "never-heard-of")] == [
        "wrong", "note", "doubt", "doubt",
    ]  # fmt: skip


def test_failed_and_skipped_stories_say_why() -> None:
    broken = story(failed("a"), "fr", "en")
    assert (broken["status"], broken["why"]) == ("failed", "Too short (LanguageError in the stage detect).")
    other = Document("b", "Hola.", findings=(Finding("language-skipped", "document", "the document is in Spanish"),))
    assert (status(other), story(other, "fr", "en")["why"]) == ("skipped", "The document is in Spanish.")
    assert story(Document("c", ""), "fr", "en")["why"] == "There was nothing to translate."


def test_a_title_is_the_english_headline_else_what_there_is() -> None:
    plain = article("a.txt", [("Il neige.", "It snows.")])
    assert title(plain) == "a.txt"
    assert title(replace(plain, meta={"title": "  Neige\n à Lyon "})) == "Neige à Lyon"
    headline = replace(plain, segments=(replace(plain.segments[0], role="headline"),))
    assert title(headline) == "It snows."
    assert title(replace(headline, summary=Summary("Snow", (SummarySentence("It snows.", (0,)),)))) == "Snow"


def test_confidence_weighs_sentences_by_their_length() -> None:
    document = article("a", [("a", "x" * 10), ("b", "y" * 30)])
    segments = (replace(document.segments[0], score=-1.0), replace(document.segments[1], score=0.0))
    assert confidence(replace(document, segments=segments)) == round(2.718281828459045**-0.25, 4)
    assert confidence(failed("b")) is None


# The page


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "tonight"
    hostile = article(HOSTILE, [(HOSTILE, HOSTILE)], [(HOSTILE, (0,))])
    return write(folder, [*stories(), failed("broken.txt"), replace(hostile, meta={"title": HOSTILE, "by": HOSTILE})])


@pytest.fixture(scope="module")
def page(run: Path) -> str:
    return report.page(evaluate(run))


def test_the_page_holds_every_story_of_the_run(page: str) -> None:
    found = blocks(page)
    index = found["index"]["stories"]
    assert [one["id"] for one in index][:4] == ["ponts.txt", "neige.txt", "port.txt", "broken.txt"]
    assert [found[f"story-{place}"]["id"] for place in range(len(index))] == [one["id"] for one in index]
    assert joined(found["story-1"]["rows"][2]["en"]) == "The mayor asks for patience."


def test_nothing_in_a_story_can_end_its_block_or_become_an_element(page: str) -> None:
    assert "<img src=x" not in page
    assert blocks(page)["index"]["stories"][4]["title"] == " ".join(HOSTILE.split())
    assert joined(blocks(page)["story-4"]["rows"][0]["en"]) == HOSTILE
    assert Counter(re.findall(r"<script\b[^>]*>", page))["<script>"] == 1


@given(st.text(max_size=40))
def test_escaped_json_reads_back_as_it_was(text: str) -> None:
    shown = escaped({"text": text})
    assert json.loads(shown) == {"text": text}
    assert not set("<>&\u2028\u2029") & set(shown)
    shown.encode("utf-8")


def test_a_lone_surrogate_is_escaped_as_utf_8_has_no_bytes_for_it() -> None:
    assert block("x", ["\ud800"]).encode("utf-8") == b'<script type="application/json" id="x">["\\ud800"]</script>'


def test_the_policy_allows_this_script_and_this_style_and_nothing_else(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    for tag, name in (("style", "style-src"), ("script", "script-src")):
        text = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text[0].encode()).digest()).decode()
        assert (len(text), f"{name} 'sha256-{digest}'" in policy[1]) == (1, True)
    assert policy[1].startswith("default-src 'none'; ")
    assert "unsafe" not in policy[1]
    assert "http" not in policy[1]


def test_the_page_asks_for_nothing_from_elsewhere(page: str) -> None:
    assert not re.findall(r'(?:src|srcset|href)="(?!#|data:)[^"]*"', page)
    assert " style=" not in page
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)[0]
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|fetch\(", script)


def test_equal_runs_give_equal_bytes(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / run.name
    shutil.copytree(run, copy)
    first, second = report.write(evaluate(run)), report.write(evaluate(copy))
    assert first == run.parent / "tonight-report.html"
    assert first.read_bytes() == second.read_bytes()


def test_the_folder_of_the_run_stays_as_it_is(run: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    report.write(evaluate(run), tmp_path / "page.html")
    with pytest.raises(OutputError, match="choose another place"):
        report.write(evaluate(run), run / "documents.jsonl")
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before


def test_a_page_that_cannot_be_written_is_one_clear_line(run: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        report.write(evaluate(run), tmp_path)
    with pytest.raises(OutputError, match="cannot write to"):
        report.write(evaluate(run), tmp_path / "nowhere" / "page.html")


def test_a_run_without_any_story_has_a_page(tmp_path: Path) -> None:
    found = blocks(report.page(evaluate(write(tmp_path / "none", []))))
    assert found["index"] == {"stories": [], "kinds": {}}


def test_speed_is_told_where_one_session_made_the_run(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    for timing, told in (({"seconds": 2.0, "done_before": 0}, True), ({"seconds": 2.0, "done_before": 3}, False), ([], False)):  # fmt: skip
        (copy / "timing.json").write_text(json.dumps(timing), encoding="utf-8")
        assert ("words a second" in report.page(evaluate(copy))) is told


def test_pictures_are_drawn_in_two_appearances_and_equal_figures_give_equal_bytes() -> None:
    given = [0.2, 0.7, 0.9], [("Figure missing", "wrong", 3)], [120, 400]
    first = plots(*given)
    assert first == plots(*given)
    assert [plot.title for plot in first] == [
        "Findings by kind",
        "How sure the translator was",
        "Length of the stories",
    ]
    assert all(plot.light != plot.dark for plot in first)
    svg = base64.b64decode(first[0].light.partition(",")[2]).decode()
    assert "Figure missing" in svg, "text stays text"
    assert "<dc:date>" not in svg
    assert plots([], [], []) == []


def test_the_command_writes_the_page_beside_the_run(run: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(sys, "argv", ["depeche", "report", str(run)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code in (0, None)
    assert capsys.readouterr().err == f"wrote {run.parent / 'tonight-report.html'}\n"


def test_without_matplotlib_the_command_says_what_to_install(run: Path, tmp_path: Path) -> None:
    """The library is hidden from a real process; nothing is written."""
    hidden = "import sys; sys.modules['matplotlib'] = None; from pipeline import cli; cli.main()"
    done = subprocess.run(
        [sys.executable, "-c", hidden, "report", str(run), "--out", str(tmp_path / "page.html")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "depeche: the reading page needs matplotlib: pip install 'depeche[report]'\n"
    assert list(tmp_path.iterdir()) == []


def test_an_unfinished_run_is_one_clear_line(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(sys, "argv", ["depeche", "report", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "holds no finished run" in capsys.readouterr().err


def test_config_error_is_what_a_missing_library_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ConfigError, match=re.escape("pip install 'depeche[report]'")):
        report.needed()


def test_a_failure_in_words_names_stage_and_kind() -> None:
    document = Document("a", "", failure=Failure("read", "DecodingError", "the bytes are no text"))
    assert story(document, "fr", "en")["why"] == "The bytes are no text (DecodingError in the stage read)."


def test_a_summary_sentence_says_what_is_doubtful_in_the_translation_that_it_rests_on() -> None:
    lost = Finding("name-missing", "source-target", "Gironde is missing", (Span("source", 0, 3, "x", 0),))
    pairs = [("La Gironde est en vigilance.", "Venezuela is on alert."), ("Il pleut.", "It rains.")]
    document = article("a", pairs, [("Venezuela is on alert.", (0,)), ("It rains.", (1,))], [lost])
    shown = story(document, "fr", "en")["summary"]["sentences"]
    assert [one["note"] for one in shown] == ["Its translation is in doubt: Gironde is missing.", ""]
