"""A night put together: what is one story, what comes first, what it rests on; and nothing is lost on the way."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest_nights import END, NIGHT, WINDOW, article, failed, night
from pipeline.digest import Digest, Item, Settings, Window, build, files
from pipeline.digest.cleaning import line
from pipeline.document import Document, Finding, Segment, Span, Summary, SummarySentence
from strategies import documents, texts, unhurried

SETTINGS = Settings(companies=("Orsatex",), keywords=("éolien",))
hostile_urls = st.sampled_from([
    "https://a.example/x", "javascript:alert(1)", "http://", "https://a.example/\"onload=x", " https://a.example", "data:text/html,x",
    "https://a.example/é?q=(1)", "https://user@evil.example/", "//a.example", "HTTPS://A.example", "http://[::1", "https://a.example/<b>", 7, None,
])  # fmt: skip
times = st.sampled_from(
    [
        "2026-11-21T23:59:00+01:00",
        "2026-11-21",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
        "soon",
        None,
        3,
        "2026-11-22T04:00",
    ]
)
metas = st.fixed_dictionaries({}, optional={
    "url": hostile_urls, "published": times, "title": texts | st.just("<b>Titre</b>\r\nBcc: x@y.example"), "source": texts, "feed": texts,
    "published_unknown": st.booleans(),
})  # fmt: skip


@st.composite
def items(draw: st.DrawFn) -> Item:
    document = draw(documents())
    return Item(replace(document, meta={**document.meta, **draw(metas)}), draw(st.booleans()))


def everyone(digest: Digest) -> list[str]:
    shown = [source.document for story in digest.stories for source in story.sources]
    return shown + [missed.source.document for missed in (*digest.failed, *digest.skipped)]


def made(*given: Item | Document, **changes: Any) -> Digest:
    told = [one if isinstance(one, Item) else Item(one) for one in given]
    return build(told, WINDOW, replace(SETTINGS, **changes))


def test_a_night_is_put_together_as_an_editor_would() -> None:
    """The fire of three papers is one story under one topic with its inquiry; what is watched comes first."""
    digest = night()
    told = [(topic.heading, [story.headline for story in topic.stories]) for topic in digest.topics]
    assert told == [
        (None, ["Orsatex wins a wind farm for €214 million"]),
        ("Sainte-Aude, Port-Vernelle", ["Fire injures twelve at the Sainte-Aude glassworks", "Inquiry opened into the fire at the glassworks"]),
        (None, ["Lace museum reopens"]),
    ]  # fmt: skip
    fire = digest.topics[1].stories[0]
    assert [source.name for source in fire.sources] == ["Agence Méridienne", "Le Courrier", "L’Écho"]
    assert [source.document for source in fire.sources] == ["am-1", "courrier-1", "echo-1"]
    assert fire.findings == (
        "sources disagree: twelve people injured (Agence Méridienne, Le Courrier) / fourteen people injured (L’Écho)",
    )
    assert fire.figures == ("€9 million", "310 people")
    assert digest.topics[0].stories[0].watched == ("Orsatex", "éolien")
    assert [(one.source.document, one.reason) for one in digest.failed] == [
        ("broken-1", "no memory was left (ResourceError in the stage translate)")
    ]
    assert [one.source.document for one in digest.skipped] == ["es-1"]
    assert digest.troubles == ("the feed “Le Phare” did not answer",)


def test_the_overview_of_a_topic_speaks_of_several_stories_and_cites_their_french() -> None:
    topic = night().topics[1]
    assert {sentence.story for sentence in topic.overview} == {0, 1}
    assert len({sentence.text for sentence in topic.overview}) == len(topic.overview) <= SETTINGS.sentences
    for sentence in topic.overview:
        numbers = {quote.number for quote in topic.stories[sentence.story].quotes}
        assert sentence.citations and set(sentence.citations) <= numbers


def test_key_figures_say_what_they_count() -> None:
    rows = [("La préfecture a fait évacuer 240 salariés dans un périmètre de 800 mètres, contre 500 avant.",
             "The prefecture evacuated 240 employees within a 800-metre perimeter, compared with 500 before."),
            ("La toile de 92 centimètres sur 73 a fait 2,4 millions d'euros.", "The painting, 92 centimetres by 73, made €2.4 million.")]  # fmt: skip
    (story,) = build([Item(article("a", rows))], WINDOW, SETTINGS).stories
    assert story.figures == ("240 employees", "800-metre perimeter", "92 centimetres", "€2.4 million")


def test_matches_of_two_weeks_do_not_disagree() -> None:
    def match(name: str, day: int, score: str, crowd: str) -> Item:
        rows = [(f"Bressac a battu Vaurelle {score} devant {crowd} spectateurs au stade municipal de Bressac samedi soir.",
                 f"Bressac beat Vaurelle {score} before {crowd} spectators at the Bressac municipal stadium on Saturday evening.")]  # fmt: skip
        return Item(
            article(name, rows, paper=name, published=f"2026-11-{day}T20:00:00+01:00", url=f"https://{name}.example/m")
        )

    def told(day: int) -> str:
        digest = build([match("a", day, "31-10", "7150"), match("b", 21, "24-17", "9300")], WINDOW, SETTINGS)
        return " ".join(f for topic in digest.topics for f in (*topic.findings, *topic.stories[0].findings))

    assert "disagree" in told(20) and "disagree" not in told(14)


def test_a_disagreement_whose_english_says_nothing_is_told_in_french() -> None:
    def fire(name: str, french: str, english: str) -> Item:
        rows = [
            (
                f"Le feu de l'école Jean-Moulin de Bressac a fait {french} samedi matin, selon les pompiers du canton.",
                english,
            )
        ]
        return Item(
            article(name, rows, paper=name, published="2026-11-21T20:00:00+01:00", url=f"https://{name}.example/m")
        )

    one = fire("A", "treize blessés", "The fire at the Jean-Moulin school in Bressac injured thirteen.")
    other = fire("B", "seize blessés", "The fire at the Jean-Moulin school in Bressac, killing sixteen.")
    digest = build([one, other], WINDOW, SETTINGS)
    findings = [f for topic in digest.topics for f in (*topic.findings, *topic.stories[0].findings)]
    assert findings == ["sources disagree: « treize blessés samedi » (A) / « seize blessés samedi » (B)"]


def test_a_correction_says_which_figures_are_others_than_in_the_digest_before() -> None:
    rows = [("L'explosion de l'usine Chimalor a fait onze blessés, selon les pompiers.", "The blast at the Chimalor plant injured eleven."),
            ("Une aide de 120 000 euros est promise aux riverains.", "Neighbours were promised €120,000.")]  # fmt: skip
    before = "L'explosion de l'usine Chimalor a fait neuf blessés, selon les pompiers.\n\nUne aide de 120 000 euros est promise aux riverains."
    (story,) = build([Item(article("a", rows), updated=True, before=before)], WINDOW, SETTINGS).stories
    assert story.findings == ("changed by Le Courrier since the last digest: « neuf blessés » became « onze blessés »",)
    (same,) = build([Item(article("a", rows), updated=True, before=article("a", rows).text)], WINDOW, SETTINGS).stories
    assert same.findings == ()


def test_an_article_of_which_only_the_teaser_could_be_read_says_so() -> None:
    rows = [("Le maire a démissionné.", "The mayor resigned.")]
    (story,) = build([Item(article("a", rows, teaser=True))], WINDOW, SETTINGS).stories
    assert story.findings[0].startswith("Only the teaser of Le Courrier is here")


def test_quotes_are_numbered_once_through_a_topic() -> None:
    for topic in night().topics:
        numbers = [quote.number for story in topic.stories for quote in story.quotes]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_the_summary_of_near_duplicates_says_nothing_twice() -> None:
    fire = night().topics[1].stories[0]
    assert [sentence.text for sentence in fire.sentences] == [
        "A fire left twelve people injured at the Sainte-Aude glassworks in Port-Vernelle.",
        "The management puts the damage at €9 million.",
    ]


def test_a_short_version_of_an_article_is_the_same_story() -> None:
    long = NIGHT[0].document
    brief = replace(long, id="brief", segments=long.segments[:2], summary=None)
    assert [len(story.sources) for story in made(long, brief).stories] == [2]


def test_a_page_of_briefs_ties_no_two_stories_together() -> None:
    """It holds both texts whole, yet they are two pieces of news."""
    fire, farm = NIGHT[0].document, NIGHT[4].document
    rows = [(s.source, s.target or "") for s in (*fire.segments, *farm.segments)]
    digest = made(fire, farm, article("briefs", rows, paper="Brèves"))
    homes = {source.document: story.id for story in digest.stories for source in story.sources}
    assert homes[fire.id] != homes[farm.id]


def test_two_versions_of_one_article_are_a_correction_and_the_later_one_is_told() -> None:
    first = article("a", [("Le séisme de Corbre a fait douze morts dans la nuit, selon la préfecture.", "The earthquake in Corbre left twelve dead overnight.")],
                    url="https://a.example/1", published="2026-11-21T20:00:00+01:00")  # fmt: skip
    later = article("a-2", [("Le séisme de Corbre a fait quinze morts dans la nuit, selon la préfecture.", "The earthquake in Corbre left fifteen dead overnight.")],
                    url="https://a.example/1", published="2026-11-21T22:00:00+01:00")  # fmt: skip
    (story,) = made(first, Item(later, updated=True)).stories
    assert story.findings == ("corrected by Le Courrier: twelve dead overnight became fifteen dead overnight",)
    assert [sentence.text for sentence in story.sentences] == ["The earthquake in Corbre left fifteen dead overnight."]
    assert story.is_updated


def test_a_doubt_names_the_sentence_that_the_reader_sees() -> None:
    doubted = article(
        "a", [("Il y a 30 navires.", "There are 40 ships."), ("Tout va bien au port.", "All is well in the port.")]
    )
    finding = Finding(
        "number-changed",
        "source-target",
        "30 became 40",
        (Span("source", 7, 9, "30", 0), Span("target", 10, 12, "40", 0)),
    )
    elsewhere = Finding("number-added", "source-summary", "9 is not in the support", (Span("summary", 0, 1, "9", 7),))
    note = Finding("sentence-split", "source-target", "in pieces", (Span("source", 0, 9, "", 0),))
    (story,) = made(replace(doubted, findings=(finding, elsewhere, note))).stories
    assert story.findings == ("A figure in sentence 1 may be wrong: 30 became 40",)
    assert "40 ships" not in story.figures, "a figure in doubt is no key figure"


def test_a_headline_with_a_figure_that_is_nowhere_gives_way_or_is_doubted() -> None:
    rows = [
        (
            "Les salaires montent de 3 % chez Ysandre, dit la direction du groupe.",
            "Wages rise by 3% at Ysandre, management says.",
        )
    ]
    wrong, right = article("a", rows, headline="Wages rise by 8%"), article("b", rows, headline="Wages rise by 3%")
    (both,) = made(wrong, right).stories
    assert both.headline == "Wages rise by 3%"
    (alone,) = made(wrong).stories
    assert alone.headline == "Wages rise by 8%"
    assert alone.findings[0].startswith("a figure in the headline could not be confirmed: ")


def test_a_sentence_without_support_is_left_out_and_that_is_said() -> None:
    base = article("a", [("Le port rouvre.", "The port reopens.")])
    summary = Summary(
        "H",
        (SummarySentence("The port reopens.", (0,)), SummarySentence("Invented.", (9,)), SummarySentence("Bare.", ())),
    )
    (story,) = made(replace(base, summary=summary)).stories
    assert [sentence.text for sentence in story.sentences] == ["The port reopens."]
    assert story.findings == ("2 summary sentences were left out: they name nothing that they rest on",)


def test_without_a_summary_the_translation_speaks() -> None:
    (story,) = made(replace(article("a", [("Le port rouvre.", "The port reopens.")]), summary=None)).stories
    assert [(one.text, one.origin, one.citations) for one in story.sentences] == [
        ("The port reopens.", "extracted", (1,))
    ]


@pytest.mark.parametrize("text", ["EOLIEN en mer", "un parc éolien.", "(Éolien)", "L’ÉOLIEN"])
def test_watch_words_are_found_whatever_their_accents_and_capitals(text: str) -> None:
    (story,) = made(article("a", [(text, "Wind.")])).stories
    assert story.watched == ("éolien",)


@pytest.mark.parametrize("text", ["Les éoliennes tournent", "Orsatexa", "éolien_ne"])
def test_watch_words_are_whole_words(text: str) -> None:
    (story,) = made(article("a", [(text, "Wind.")])).stories
    assert story.watched == ()


def test_stories_beyond_the_most_come_as_headlines() -> None:
    digest = made(*NIGHT, most_stories=1)
    assert [len(topic.stories) for topic in digest.topics] == [1]
    assert len(digest.brief) == night().story_count - 1
    assert Counter(everyone(digest)) == Counter(everyone(night()))


def test_more_papers_lift_a_story_and_age_sinks_it() -> None:
    rows = [("Une nouvelle toute simple de la ville de Corbre ce soir.", "Plain news.")]
    old = article("old", [("Hier matin, rien.", "Old news.")], published="2026-11-21T06:00:00+01:00")
    new = article("new", [("Ce soir, tout.", "New news.")], published="2026-11-22T04:00:00+01:00")
    two = [article(f"two-{n}", rows, paper=f"P{n}", published="2026-11-21T06:00:00+01:00") for n in range(2)]
    assert [story.headline for story in made(old, new, *two).stories] == ["Plain news.", "New news.", "Old news."]


def test_the_zone_of_a_time_is_kept_and_one_without_a_zone_is_local() -> None:
    rows = [("Une phrase.", "A sentence.")]
    (one,) = made(article("a", rows, published="2026-11-21T23:59:00")).stories
    assert one.published == datetime(2026, 11, 21, 22, 59, tzinfo=UTC)


@unhurried
@given(st.lists(items(), max_size=5), st.randoms(use_true_random=False))
def test_each_article_is_in_one_place_and_their_order_does_not_matter(given: list[Item], random: Any) -> None:
    digest = build(given, WINDOW, SETTINGS)
    assert digest.article_count == len(given)
    shuffled = list(given)
    random.shuffle(shuffled)
    assert files(build(shuffled, WINDOW, SETTINGS)) == files(digest)


@unhurried
@given(st.lists(items(), max_size=4))
def test_every_sentence_cites_french_that_exists(given: list[Item]) -> None:
    french = {line(segment.source) for item in given for segment in item.document.segments}
    for topic in build(given, WINDOW, SETTINGS).topics:
        for story in topic.stories:
            quotes = {quote.number: quote for quote in story.quotes}
            for sentence in (*story.sentences, *(one for one in topic.overview if topic.stories[one.story] is story)):
                assert sentence.citations and {quotes[number].source for number in sentence.citations} == {
                    sentence.source
                }
            assert all(quote.text in french and 0 <= quote.source < len(story.sources) for quote in story.quotes)


def test_the_same_night_gives_the_same_bytes_and_json_tells_it_all() -> None:
    assert files(night()) == files(night())
    data = json.loads(files(night())["digest.json"])
    assert (data["format"], data["format_version"]) == ("depeche-digest", 1)
    assert data["counts"] == {"stories": 4, "articles": 8, "failed": 1, "skipped": 1}
    assert data["window"]["end"] == END.isoformat()
    assert data["topics"][1]["stories"][0]["quotes"][0]["text"].startswith("Un incendie a fait douze blessés")


def test_a_thousand_articles_take_seconds() -> None:
    """And a hundred of one text are one story."""
    rows = [f"Le numéro {n} de la série {n * n} concerne Nom{n} et Lieu{n % 97} ce matin." for n in range(900)]
    many = [article(f"a{n}", [(row, f"Row {n}.")]) for n, row in enumerate(rows)]
    same = [
        article(f"s{n}", [("Le texte que tous les journaux de la région ont repris ce soir.", "Same.")], paper=f"P{n}")
        for n in range(100)
    ]
    digest = build([Item(one) for one in (*many, *same)], WINDOW, SETTINGS)
    assert digest.article_count == 1000
    assert max(len(story.sources) for story in digest.stories) == 100


def test_a_window_without_a_start_is_one() -> None:
    digest = build([], Window(None, END + timedelta(days=1)), SETTINGS)
    assert digest.is_empty
    assert b"Nothing new: until 23 Nov, 05:30 (Europe/Paris)" in files(digest)["digest.html"]


def test_failed_documents_keep_their_place_among_the_failed() -> None:
    assert [one.source.document for one in made(failed("x")).failed] == ["x"]


def test_text_that_is_noise_is_never_quoted() -> None:
    base = article("a", [("Partager sur les réseaux", "Share"), ("Le port rouvre.", "The port reopens.")])
    noise = replace(base.segments[0], role="noise", reason="share")
    summary = Summary(None, (SummarySentence("The port reopens.", (0, 1)),))
    segments: tuple[Segment, ...] = (noise, base.segments[1])
    (story,) = made(replace(base, segments=segments, summary=summary)).stories
    assert [quote.text for quote in story.quotes] == ["Le port rouvre."]
