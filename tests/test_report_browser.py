"""The reading page in a real browser: what lights up, what is filtered and found, and that nothing else happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from pipeline import report
from pipeline.document import Document, Finding, Segment, Span, Summary
from pipeline.evaluation import evaluate
from scored_runs import article, failed, stories, write

pytest.importorskip("playwright.sync_api")
pytest.importorskip("matplotlib")

HOSTILE = "</script><img src=x onerror=alert(1)><b>bold</b> &lt;"
MANY = 2000
DESK, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}


def harbour() -> Document:
    """A story of headline, noise and four sentences; its two summary sentences rest on the first and last, and the third."""
    document = article(
        "port.txt",
        [
            ("Le port rouvre", "The port reopens"),
            ("Par Ana Ruiz", ""),
            ("Le port de Marly a rouvert le 17 janvier.", "The port of Marly reopened on January 17."),
            ("Élise Zadkine, la préfète, attendait 1 200 bateaux.", "Elise Zadkine, the prefect, expected 1,300 boats."),
            ("Quarante navires sont entrés.", "Forty ships came in."),
            ("À Marly, on a chanté.", "In Marly, people sang."),
        ],
        [("Marly sang when its port reopened on January 17.", (2, 5)), ("Forty ships came in.", (4,))],
        [
            Finding("number-changed", "source-target", "1 200 became 1,300", (
                Span("source", 37, 42, "1 200", 3), Span("target", 37, 42, "1,300", 3))),
            Finding("figure-repaired", "source-target", "the figure of the source was set in", (
                Span("source", 0, 29, "Quarante navires sont entrés.", 4),)),
        ],
    )  # fmt: skip
    noise = Segment(15, 27, "noise", "Par Ana Ruiz", 1, "byline")
    places = [replace(s, block=min(place, 2)) for place, s in enumerate(document.segments)]
    segments = (replace(places[0], role="headline"), noise, *places[2:])
    return replace(document, segments=segments, summary=Summary("The port reopens", document.summary.sentences))  # type: ignore[union-attr]


def skipped() -> Document:
    why = Finding("language-skipped", "document", "the document is in Spanish (es, 1.00), this run translates fr")
    return Document("es.txt", "Hola.", language="es", findings=(why,))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("runs")
    hostile = replace(
        article("evil.txt", [(HOSTILE, HOSTILE)], [(HOSTILE, (0,))]), meta={"title": HOSTILE, HOSTILE: HOSTILE}
    )
    cars, snow = stories()[:2]
    summary = Span("summary", 46, 51, "1,300", 0)
    added = Finding(
        "number-added",
        "source-summary",
        "1,300 is not in the support",
        (Span("source", 0, 86, cars.segments[0].source, 0), summary),
    )
    documents = [harbour(), replace(cars, findings=(added,)), snow, failed("broken.txt"), skipped(), hostile]
    return report.write(evaluate(write(folder / "tonight", documents))).as_uri()


@pytest.fixture
def reader(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Open the page; at the end nothing was said on the console and nothing was asked for but the file itself."""
    said: list[str] = []
    asked: list[str] = []
    contexts: list[Any] = []
    opened: set[str] = set()

    def see(at: str = "", page: str = address, **options: Any) -> Any:
        context = browser.new_context(**{"viewport": DESK, "reduced_motion": "reduce", **options})
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        tab.on("request", lambda request: asked.append(request.url))
        opened.add(page)
        tab.goto(page + at)
        tab.wait_for_selector("body[data-ready]")
        return tab

    yield see
    for context in contexts:
        context.close()
    assert said == []
    elsewhere = [url for url in asked if not url.startswith("data:") and url.partition("#")[0] not in opened]
    assert elsewhere == []


def shown(tab: Any) -> list[str]:
    """The ids of the stories in the list, in its order."""
    return tab.eval_on_selector_all("#list li:not([hidden]) .id", "all => all.map(one => one.textContent)")  # type: ignore[no-any-return]


def lit(tab: Any, selector: str = ".row.lit") -> list[str]:
    return tab.eval_on_selector_all(selector, "all => all.map(one => one.dataset.row || one.dataset.claim)")  # type: ignore[no-any-return]


def same(tab: Any) -> list[str]:
    return tab.eval_on_selector_all(".same", "all => all.map(one => one.textContent)")  # type: ignore[no-any-return]


def test_the_page_opens_on_the_run_and_its_stories(reader: Any) -> None:
    tab = reader()
    assert tab.title() == "tonight · Dépêche"
    assert shown(tab) == ["port.txt", "ponts.txt", "neige.txt", "broken.txt", "es.txt", "evil.txt"]
    counts = tab.eval_on_selector_all(".counts div", "all => all.map(one => [...one.children].map(c => c.textContent))")
    assert dict(counts) == {
        "stories": "6", "translated": "4", "summarized": "4", "skipped": "1", "failed": "1", "findings": "4",
    }  # fmt: skip
    sizes = tab.eval_on_selector_all("figure img", "all => all.map(one => one.complete && one.naturalWidth > 0)")
    assert sizes == [True, True, True]


def test_hovering_a_summary_sentence_lights_the_sentences_that_it_rests_on(reader: Any) -> None:
    tab = reader("#story=port.txt")
    assert lit(tab) == []
    tab.hover("[data-claim='0']")
    assert lit(tab) == ["2", "5"]
    tab.hover("[data-claim='1']")
    assert lit(tab) == ["4"]
    tab.hover("#story-title")
    assert lit(tab) == []


def test_a_focused_summary_sentence_lights_as_a_hovered_one(reader: Any) -> None:
    tab = reader("#story=port.txt")
    tab.focus("[data-claim='0']")
    assert lit(tab) == ["2", "5"]
    tab.keyboard.press("Tab")
    assert lit(tab) == ["4"]


def test_hovering_a_sentence_lights_the_summary_sentence_that_rests_on_it(reader: Any) -> None:
    tab = reader("#story=port.txt")
    tab.hover("[data-row='5'] .en")
    assert lit(tab, ".claim.lit") == ["0"]


def test_a_tapped_summary_sentence_is_held_and_its_support_comes_into_view(reader: Any) -> None:
    tab = reader("#story=port.txt", viewport=PHONE, has_touch=True)
    tab.tap("[data-claim='1']")
    assert tab.get_attribute("[data-claim='1']", "aria-pressed") == "true"
    assert lit(tab) == ["4"]
    assert tab.evaluate("document.querySelector(\"[data-row='4']\").getBoundingClientRect().bottom < innerHeight")
    tab.tap("#story-title")
    assert lit(tab) == ["4"], "what is held stays"
    tab.tap("[data-claim='1']")
    assert tab.get_attribute("[data-claim='1']", "aria-pressed") == "false"


def test_hovering_a_figure_or_a_name_lights_it_over_the_hops(reader: Any) -> None:
    tab = reader("#story=port.txt")
    tab.hover("[data-row='2'] .fr >> text='17 janvier'")
    assert same(tab) == ["January 17", "17 janvier", "January 17"]
    tab.hover("[data-claim='1'] >> text='Forty'")
    assert same(tab) == ["Forty", "Quarante", "Forty"]
    tab.hover("[data-row='3'] .en >> text='Elise Zadkine'")
    assert same(tab) == ["Élise Zadkine", "Elise Zadkine"]


def test_findings_are_marked_with_their_reason_and_the_list_leads_to_them(reader: Any) -> None:
    tab = reader("#story=port.txt", viewport={"width": 1400, "height": 420})
    assert tab.locator("mark.wrong").all_inner_texts() == ["1 200", "1,300"]
    assert "1 200 became 1,300" in tab.inner_text("[data-row='3'] .beside")
    tab.click(".finding >> text='Figure changed'")
    assert tab.evaluate(
        "(b => b.top > 0 && b.bottom < innerHeight)(document.querySelector('.columns mark').getBoundingClientRect())"
    )
    tab.hover("[data-row='3'] mark >> nth=0")
    assert tab.locator(".finding.called").inner_text().startswith("Figure changed")


def test_a_finding_on_a_summary_sentence_stands_below_it(reader: Any) -> None:
    tab = reader("#story=ponts.txt")
    assert tab.locator(".summary .margin").all_inner_texts() == ["Figure added 1,300 is not in the support"]
    assert tab.locator(".summary mark.doubt").all_inner_texts() == ["1,300"]


def test_noise_is_there_with_its_reason(reader: Any) -> None:
    tab = reader("#story=port.txt")
    assert tab.inner_text(".row.noise .fr") == "Par Ana Ruiz"
    assert tab.inner_text(".row.noise .en") == "Left out: byline"


def test_french_and_english_stand_side_by_side_and_say_their_language(reader: Any) -> None:
    tab = reader("#story=port.txt")
    place = "document.querySelector(\"[data-row='2'] {}\").getBoundingClientRect()"
    french, english = (tab.evaluate(place.format(side)) for side in (".fr", ".en"))
    assert (french["top"], french["right"] < english["left"]) == (english["top"], True)
    assert [tab.get_attribute(f"[data-row='2'] {side}", "lang") for side in (".fr", ".en")] == ["fr", "en"]


def test_failed_and_skipped_stories_say_why(reader: Any) -> None:
    tab = reader("#story=broken.txt")
    assert tab.inner_text(".why") == "This story failed. Too short (LanguageError in the stage detect)."
    tab = reader("#story=es.txt")
    assert "is in Spanish" in tab.inner_text(".why.skipped")


def test_filters_filter(reader: Any) -> None:
    tab = reader()
    tab.click("[data-filter='failed']")
    assert shown(tab) == ["broken.txt"]
    tab.click("[data-filter='skipped']")
    assert shown(tab) == ["broken.txt", "es.txt"], "several chosen are any of them"
    assert tab.inner_text("#found") == "2 of 6 stories"
    tab.click("[data-filter='failed']")
    tab.click("[data-filter='skipped']")
    tab.click("#by-kind summary")
    tab.click("[data-filter='kind:number-changed']")
    assert shown(tab) == ["port.txt"]
    assert tab.get_attribute("[data-filter='kind:number-changed']", "aria-pressed") == "true"
    tab.click("[data-filter='kind:number-changed']")
    assert len(shown(tab)) == 6


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("NEIGE", ["neige.txt"]),
        ("prefete elise", ["port.txt"]),
        ("écoles lundi", ["neige.txt"]),
        ("ecoles reopened", []),
        ("onerror", ["evil.txt"]),
        ("nowhere", []),
    ],
)
def test_search_finds_titles_and_texts_whatever_their_accents(reader: Any, words: str, found: list[str]) -> None:
    tab = reader()
    tab.fill("#search", words)
    tab.wait_for_selector("body[data-indexed]")
    tab.wait_for_function(
        "count => document.querySelectorAll('#list li:not([hidden])').length === count", arg=len(found)
    )
    assert shown(tab) == found
    assert found or "nothing matches" in tab.inner_text("#found")


def test_the_list_is_sorted(reader: Any) -> None:
    tab = reader()
    tab.select_option("#sort", "findings")
    assert shown(tab)[0] == "port.txt"
    tab.select_option("#sort", "order")
    assert shown(tab)[:2] == ["port.txt", "ponts.txt"]


def test_hostile_text_stays_text(reader: Any) -> None:
    tab = reader("#story=evil.txt")
    assert tab.inner_text("#story-title") == HOSTILE
    assert [tab.text_content(f"[data-row='0'] {side}") for side in (".fr", ".en")] == [HOSTILE, HOSTILE]
    assert tab.text_content("[data-claim='0']") == HOSTILE
    assert tab.text_content(".list [aria-current] .title") == HOSTILE
    assert tab.locator("img:not(figure img), article b").count() == 0


def test_the_keyboard_moves_between_stories(reader: Any) -> None:
    tab = reader()
    tab.keyboard.press("j")
    assert tab.inner_text("h1#story-title") == "The port reopens"
    assert tab.evaluate("document.activeElement.id") == "story-title"
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.dataset.claim") == "0", "from the headline to the summary"
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("location.hash") == "#story=ponts.txt"
    tab.keyboard.press("k")
    assert tab.evaluate("location.hash") == "#story=port.txt"
    tab.keyboard.press("k")
    assert tab.evaluate("location.hash") == "#story=port.txt", "there is none before the first"
    tab.keyboard.press("Escape")
    assert tab.evaluate("document.body.dataset.view") == "list"


def test_the_keyboard_holds_and_lets_go(reader: Any) -> None:
    tab = reader("#story=port.txt")
    tab.focus("[data-claim='1']")
    tab.keyboard.press("Enter")
    assert tab.get_attribute("[data-claim='1']", "aria-pressed") == "true"
    tab.keyboard.press("Escape")
    assert tab.get_attribute("[data-claim='1']", "aria-pressed") == "false"
    assert tab.evaluate("location.hash") == "#story=port.txt"


def test_slash_searches_and_escape_clears(reader: Any) -> None:
    tab = reader("#story=port.txt")
    tab.keyboard.press("/")
    tab.keyboard.type("neige")
    assert tab.input_value("#search") == "neige"
    tab.wait_for_function("() => document.querySelectorAll('#list li:not([hidden])').length === 1")
    tab.keyboard.press("Escape")
    assert (tab.input_value("#search"), len(shown(tab))) == ("", 6)
    tab.keyboard.type("neige")
    tab.wait_for_function("() => document.querySelectorAll('#list li:not([hidden])').length === 1")
    tab.keyboard.press("Enter")
    assert tab.evaluate("location.hash") == "#story=neige.txt"


def test_a_permalink_opens_its_story_and_one_that_leads_nowhere_the_list(reader: Any) -> None:
    assert reader("#story=neige.txt").inner_text(".list [aria-current] .id") == "neige.txt"
    assert reader("#story=%E0%A4%A").evaluate("document.body.dataset.view") == "list"
    assert reader("#story=gone.txt").evaluate("document.body.dataset.view") == "list"


def test_on_a_phone_the_list_is_the_first_screen_and_nothing_runs_over_the_edge(reader: Any) -> None:
    tab = reader(viewport=PHONE, has_touch=True)
    assert (tab.is_visible("#list"), tab.is_visible("main")) == (True, False)
    tab.tap("#list a >> nth=0")
    tab.wait_for_selector("#story-title")
    assert (tab.is_visible("#list"), tab.is_visible("#story")) == (False, True)
    for at in ("#story=port.txt", "#story=evil.txt", "#run", ""):
        tab.evaluate("at => { location.hash = at }", at)
        tab.wait_for_timeout(50)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), at
    tab.evaluate("location.hash = '#story=port.txt'")
    tab.tap(".story .back a")
    tab.wait_for_selector("#list")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast_in_both_appearances(reader: Any, scheme: str) -> None:
    """AA for small text: 4.5 to 1 against what lies behind it."""
    tab = reader("#story=port.txt", color_scheme=scheme)
    tab.hover("[data-claim='0']")
    low = tab.evaluate(CONTRAST)
    assert low == []


CONTRAST = """() => {
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const found = numbers(getComputedStyle(e).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest('script, style, noscript, option, .hidden, .skip')) continue;
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push([element.className, element.textContent.slice(0, 20), ratio.toFixed(2)]);
  }
  return low;
}"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A run of 2,000 stories, every hundredth of them failed."""
    rows = [(f"Phrase {n} de la dépêche.", f"Sentence {n} of the story.") for n in range(12)]
    documents = [
        failed(f"{place:04}.txt") if place % 100 == 99
        else article(f"{place:04}.txt", [(f"Numéro {place}, l'été.", f"Number {place}, summer."), *rows], [(f"Number {place}.", (0,))])
        for place in range(MANY)
    ]  # fmt: skip
    return report.write(evaluate(write(tmp_path_factory.mktemp("many") / "many", documents))).as_uri()


def test_two_thousand_stories_open_filter_and_are_searched(reader: Any, many: str) -> None:
    tab = reader(page=many)
    assert tab.locator("#list li").count() == MANY
    tab.click("[data-filter='failed']")
    assert len(shown(tab)) == MANY // 100
    tab.click("[data-filter='failed']")
    tab.fill("#search", "numero 1234 ete")
    tab.wait_for_selector("body[data-indexed]", timeout=60_000)
    assert shown(tab) == ["1234.txt"]
    tab.keyboard.press("Enter")
    assert "Number 1234, summer." in tab.inner_text("[data-row='0']")
    took = tab.evaluate(
        "() => { const start = performance.now(); document.querySelector('#sort').value = 'score';"
        " document.querySelector('#sort').dispatchEvent(new Event('change', {bubbles: true}));"
        " document.body.offsetHeight; return performance.now() - start }"
    )
    assert took < 2000, "a reader does not wait"
