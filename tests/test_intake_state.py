"""The state: what is new, what is delivered, and that no crash loses or repeats an article."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document, Finding
from pipeline.intake import Article, FeedState, State, StateError, Window, key
from pipeline.intake.schema import MARK, MIGRATIONS, prepare

NIGHT = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # no disk to wait for where the power goes only in play
ALL = Window(datetime(2099, 1, 1, tzinfo=UTC))


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "digest.sqlite") as state:
        yield state


def article(identity: str, text: str, source: str = "journal", *names: str, **meta: object) -> Article:
    return Article(Document(identity, text, meta), source, names or (f"id:{source}:{identity}",))


def counts(known) -> tuple[int, int, int]:  # type: ignore[no-untyped-def]
    return len(known.new), len(known.updated), len(known.same)


def texts(state: State, window: Window = ALL) -> list[str]:
    return [noted.document.text for noted in state.pending(window)]


def deliver(state: State, digest: str, when: datetime = NIGHT) -> list[str]:
    noted = state.pending(ALL)
    state.mark_delivered(digest, [one.key for one in noted], when)
    return [one.document.text for one in noted]


# What is new


def test_an_article_is_new_once_and_comes_back_when_its_text_changes(state: State) -> None:
    first, second = article("a", "Le maire a démissionné."), article("a", "Le maire a été suspendu.")
    assert counts(state.note([first], NIGHT)) == (1, 0, 0)
    assert counts(state.note([first], NIGHT)) == (0, 0, 1)
    assert deliver(state, "1") == [first.document.text]
    assert counts(state.note([second], NIGHT)) == (0, 1, 0)
    noted = state.pending(ALL)
    assert [one.document.text for one in noted] == [second.document.text]
    assert noted[0].is_update and noted[0].document.meta["is_update"] is True
    assert noted[0].document.id == "a"


def test_to_ask_notes_nothing(state: State) -> None:
    assert counts(state.known([article("a", "Un"), article("a", "Deux")])) == (1, 1, 0)
    assert state.pending(ALL) == () and counts(state.note([article("a", "Un")], NIGHT)) == (1, 0, 0)


def test_white_space_and_unicode_forms_are_no_correction(state: State) -> None:
    state.note([article("a", "L'été à Brest.\n\nFin.")], NIGHT)
    other = article("a", "L'e\u0301te\u0301 à\u00a0Brest. Fin.\n")
    assert counts(state.note([other], NIGHT)) == (0, 0, 1)


def test_a_text_that_comes_back_is_no_news(state: State) -> None:
    """Sites that try two headlines go to and fro."""
    one, two = article("a", "Titre un"), article("a", "Titre deux")
    for text in (one, two):
        state.note([text], NIGHT)
        deliver(state, text.document.text)
    assert counts(state.note([one, two, one], NIGHT)) == (0, 0, 3) and texts(state) == []


def test_the_same_address_or_the_same_id_is_the_same_article(state: State) -> None:
    state.note([article("a", "Un", "journal", "url:j.example/a", "id:journal:17")], NIGHT)
    moved = article("b", "Un", "journal", "url:j.example/nouveau", "id:journal:17")
    assert counts(state.note([moved], NIGHT)) == (0, 0, 1)
    renumbered = article("c", "Deux", "journal", "url:j.example/nouveau", "id:journal:99")
    known = state.note([renumbered], NIGHT)
    assert counts(known) == (0, 1, 0) and known.updated[0].document.id == "a"


def test_two_sources_may_count_from_one(state: State) -> None:
    known = state.note([article("1", "Un", "est"), article("1", "Deux", "ouest")], NIGHT)
    ids = [one.document.id for one in known.new]
    assert len(set(ids)) == 2 and ids[0] == "1"
    assert texts(state) == ["Un", "Deux"] or texts(state) == ["Deux", "Un"]


def test_the_same_agency_text_in_two_papers_is_two_articles(state: State) -> None:
    papers = [article(name, "Dépêche d'agence.", name, f"url:{name}.example/a") for name in ("est", "ouest")]
    assert counts(state.note(papers, NIGHT)) == (2, 0, 0)


def test_two_feeds_of_one_paper_may_show_two_teasers_for_ever(state: State) -> None:
    """The second teaser is no correction, whichever comes first; a change of either one is."""
    front = article("a", "Court.", "une", "url:j.example/a")
    section = article("a", "Un peu plus long.", "politique", "url:j.example/a")
    assert counts(state.note([front], NIGHT)) == (1, 0, 0)
    assert counts(state.note([section], NIGHT)) == (0, 0, 1)
    assert deliver(state, "1") == ["Court."]
    assert counts(state.note([section, front], NIGHT)) == (0, 0, 2)
    changed = replace(section, document=replace(section.document, text="Un peu plus long, et corrigé."))
    assert counts(state.note([changed], NIGHT)) == (0, 1, 0)


def test_titles_that_return_under_another_address_are_new(state: State) -> None:
    """A forecast called the same every day."""
    days = [article(str(day), "La météo du jour", "j", f"url:j.example/meteo/{day}") for day in (1, 2)]
    assert counts(state.note(days[:1], NIGHT)) == counts(state.note(days[1:], NIGHT)) == (1, 0, 0)


def test_an_article_without_a_name_is_known_by_its_words(state: State) -> None:
    bare = Article(Document("x", "Sans adresse."), "j")
    state.note([bare], NIGHT)
    assert counts(state.note([replace(bare, document=Document("y", "Sans  adresse."))], NIGHT)) == (0, 0, 1)
    assert counts(state.note([replace(bare, document=Document("x", "Autre."))], NIGHT)) == (1, 0, 0)


def test_a_number_that_goes_to_another_known_text_is_no_correction(state: State) -> None:
    """Rows counted anew every day: the text is known under its words."""
    state.note([article("1", "Lundi"), Article(Document("w", "Mardi"), "journal")], NIGHT)
    assert counts(state.note([article("1", "Mardi")], NIGHT)) == (0, 0, 1)


def test_an_entry_that_was_listed_before_is_not_compared_again(state: State) -> None:
    """Its page was read then; now there is only the teaser."""
    full = replace(article("a", "Le texte entier de la page."), listing="L1")
    state.note([full], NIGHT)
    assert state.is_listed("journal", "L1") and not state.is_listed("autre", "L1")
    assert counts(state.note([replace(article("a", "Le texte…"), listing="L1")], NIGHT)) == (0, 0, 1)
    assert counts(state.note([replace(article("a", "Le texte corrigé."), listing="L2")], NIGHT)) == (0, 1, 0)


# What is pending, what is delivered


def test_pending_keeps_the_whole_article_and_its_order_means_something(state: State) -> None:
    finding = Finding("encoding", "document", "read as windows-1252")
    late = article("a", "Après", published="2026-11-21T20:00:00+00:00", note={"x": [1, None, "é"]})
    early = article("b", "Avant", published="2026-11-21T08:00:00+00:00")
    late = replace(late, document=replace(late.document, findings=(finding,)))
    state.note([late, early], NIGHT)
    noted = state.pending(ALL)
    assert [one.document for one in noted] == [early.document, late.document]
    assert noted[1].key == key(late.document) and noted[1].seen == noted[1].first_seen == NIGHT


def test_a_window_holds_its_end_and_not_its_start(state: State) -> None:
    hours = [NIGHT + timedelta(hours=n) for n in range(3)]
    for number, hour in enumerate(hours):
        state.note([article(str(number), f"Texte {number}")], hour)
    assert texts(state, Window(hours[1])) == ["Texte 0", "Texte 1"]
    assert texts(state, Window(hours[2], hours[0])) == ["Texte 1", "Texte 2"]


def test_times_are_moments_whatever_their_zone(state: State) -> None:
    paris = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Paris"))  # comes twice that night
    state.note([article("a", "Un")], paris)
    state.note([article("b", "Deux")], paris.replace(fold=1))
    assert texts(state, Window(paris.astimezone(timezone(timedelta(hours=-8))))) == ["Un"]
    with pytest.raises(ValueError, match="zone"):
        state.note([article("c", "Trois")], datetime(2026, 11, 22))
    assert len(texts(state)) == 2


def test_a_correction_before_the_delivery_takes_the_place_of_the_first_text(state: State) -> None:
    state.note([article("a", "Faux")], NIGHT)
    state.note([article("a", "Juste")], NIGHT)
    assert texts(state) == ["Juste"] and not state.pending(ALL)[0].is_update


def test_a_correction_during_the_night_is_not_taken_for_delivered(state: State) -> None:
    """The digest holds the text that was pending when it began; the correction comes the next night."""
    state.note([article("a", "Faux")], NIGHT)
    keys = [one.key for one in state.pending(ALL)]
    state.note([article("a", "Juste")], NIGHT)
    state.mark_delivered("1", keys, NIGHT)
    noted = state.pending(ALL)
    assert [one.document.text for one in noted] == ["Juste"] and noted[0].is_update


def test_marking_is_one_step_idempotent_and_refuses_what_was_never_noted(state: State) -> None:
    state.note([article("a", "Un"), article("b", "Deux")], NIGHT)
    keys = [one.key for one in state.pending(ALL)]
    with pytest.raises(StateError, match="never noted"):
        state.mark_delivered("1", [keys[0], "inconnu@0"], NIGHT)
    assert len(texts(state)) == 2 and state.last_delivered() is None
    for hour in (0, 5):
        state.mark_delivered("1", keys, NIGHT + timedelta(hours=hour))
    assert texts(state) == [] and state.last_delivered() == state.delivered_at("1") == NIGHT
    state.mark_delivered("2", keys, NIGHT + timedelta(days=1))  # what is delivered stays in its digest
    assert [one.document.text for one in state.delivered("1")] == ["Un", "Deux"] and state.delivered("2") == ()


def test_an_empty_night_is_a_delivery(state: State) -> None:
    state.mark_delivered("1", [], NIGHT)
    assert state.last_delivered() == NIGHT and state.delivered_at("2") is None


def test_a_delivered_digest_can_be_written_again_the_same(state: State) -> None:
    state.note([article("a", "Un")], NIGHT)
    deliver(state, "1")
    state.note([article("a", "Deux"), article("b", "Trois")], NIGHT)
    before = state.pending(ALL)
    deliver(state, "2")
    state.note([article("a", "Quatre")], NIGHT)
    deliver(state, "3")
    assert state.delivered("2") == before


def test_forgetting_keeps_what_waits_and_does_not_make_old_articles_new(state: State) -> None:
    state.note([article("a", "Vieux")], NIGHT)
    deliver(state, "1")
    state.note([article("b", "En attente")], NIGHT)
    assert state.forget_texts(NIGHT + timedelta(days=9)) == 1
    assert state.delivered("1") == () and texts(state) == ["En attente"]
    assert counts(state.note([article("a", "Vieux")], NIGHT)) == (0, 0, 1)


def test_feeds_are_remembered_with_their_articles_or_not_at_all(state: State) -> None:
    feed = FeedState("https://j.example/rss", '"e"', None, NIGHT, NIGHT)

    def broken() -> Iterator[Article]:
        yield article("a", "Un")
        raise RuntimeError("crash")

    with pytest.raises(RuntimeError):
        state.note(broken(), NIGHT, feed)
    assert state.feed(feed.url) == FeedState(feed.url) and texts(state) == []
    state.note([article("a", "Un")], NIGHT, feed)
    assert state.feed(feed.url) == feed


# The file


def test_everything_is_there_after_closing_and_opening(tmp_path: Path) -> None:
    path = tmp_path / "neuf" / "digest.sqlite"
    with State(path) as state:
        state.note([article("a", "Un")], NIGHT)
    with State(path) as state:
        assert texts(state) == ["Un"]
    with sqlite3.connect(path) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert file.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_files_that_are_not_ours_are_one_clear_error_and_left_alone(tmp_path: Path) -> None:
    other, text, newer = tmp_path / "other.sqlite", tmp_path / "text.txt", tmp_path / "newer.sqlite"
    with sqlite3.connect(other) as file:
        file.execute("CREATE TABLE theirs (a)")
    text.write_text("Bonjour. " * 500)
    State(newer).close()
    with sqlite3.connect(newer) as file:
        file.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    for path, word in (
        (other, "another program"),
        (text, "not a database"),
        (newer, "newer version"),
        (tmp_path, "cannot use"),
    ):
        before = path.read_bytes() if path.is_file() else b""
        with pytest.raises(StateError, match=word) as caught:
            State(path)
        assert str(path) in str(caught.value) and "\n" not in str(caught.value)
        assert path.is_dir() or path is newer or path.read_bytes() == before


def test_a_file_of_an_earlier_version_is_brought_up_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "digest.sqlite"
    with State(path) as state:
        state.note([article("a", "Un")], NIGHT)
    file = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(sqlite3.Error):
        prepare(file, (*MIGRATIONS, ("CREATE TABLE more (a)", "NO SQL")))
    assert file.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    prepare(file, (*MIGRATIONS, ("CREATE TABLE more (a)",)))
    assert file.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    assert file.execute("PRAGMA application_id").fetchone() == (MARK,)
    assert file.execute("SELECT count(*) FROM articles, (SELECT count(*) FROM more)").fetchone() == (1,)
    file.close()


def test_a_state_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    path = tmp_path / "digest.sqlite"
    with State(path) as state:
        state._connection.execute("PRAGMA query_only = 1")
        with pytest.raises(StateError, match="cannot use"):
            state.note([article("a", "Un")], NIGHT)


_KILLED = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from pipeline.document import Document
from pipeline.intake import Article, FeedState, State, Window
step, now = sys.argv[2], datetime(2026, 11, 22, tzinfo=UTC)

class Hanging(list):
    def __iter__(self):
        for number, item in enumerate(list.__iter__(self)):
            if number == 150:
                print("in the middle", flush=True)
                time.sleep(60)
            yield item

state = State(Path(sys.argv[1]))
articles = [Article(Document(f"a{n}", f"Texte {n}"), "j", (f"id:j:{n}",)) for n in range(200)]
feed = FeedState("https://j.example/rss", "etag")
state.note(articles if step == "mark" else Hanging(articles), now, feed)
state.mark_delivered("1", Hanging(noted.key for noted in state.pending(Window(now))), now)
"""


@pytest.mark.parametrize(("step", "expected"), [("note", 0), ("mark", 200)])
def test_a_kill_in_the_middle_of_a_change_leaves_the_state_before_it(tmp_path: Path, step: str, expected: int) -> None:
    path = tmp_path / "digest.sqlite"
    command = [sys.executable, "-c", _KILLED, str(path), step]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": "."}) as child:
        assert child.stdout is not None and child.stdout.readline() == b"in the middle\n"
        child.send_signal(signal.SIGKILL)
    with State(path) as state:
        assert state._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert len(texts(state)) == expected and state.last_delivered() is None
        assert (state.feed("https://j.example/rss").etag is None) is (step == "note")
        state.note([article("a", "Encore", "j")], NIGHT)  # no lock is left behind


# The law of the nights


class PowerCutError(Exception):
    """The power goes."""


class Cut(list[str]):
    """Keys that are read no further than the second."""

    def __iter__(self) -> Iterator[str]:
        for number, item in enumerate(super().__iter__()):
            if number == 1:
                raise PowerCutError
            yield item


def cut(articles: Iterable[Article]) -> Iterator[Article]:
    for number, one in enumerate(articles):
        if number == 1:
            raise PowerCutError
        yield one
    raise PowerCutError


CRASHES = ("in note", "after note", "after write", "in mark", "after mark")


def night(path: Path, number: int, listed: Sequence[Article], written: dict[int, list[str]], crash: str | None) -> None:
    """One run as the digest makes it: note, read what is pending, write the digest, mark."""
    now = NIGHT + timedelta(days=number)
    with State(path) as state:
        if state.delivered_at(str(number)) is not None:
            return
        state.note(cut(listed) if crash == "in note" else listed, now)
        if crash == "after note":
            raise PowerCutError
        noted = state.pending(Window(now))
        written[number] = [one.document.text for one in noted]
        if crash == "after write":
            raise PowerCutError
        keys = [one.key for one in noted]
        state.mark_delivered(str(number), Cut(keys) if crash == "in mark" else keys, now)
        if crash == "after mark":
            raise PowerCutError


nights = st.lists(
    st.tuples(
        st.dictionaries(
            st.integers(0, 3), st.integers(0, 2), max_size=4
        ),  # which articles are listed, in which version
        st.lists(st.sampled_from(CRASHES), max_size=2),
        st.booleans(),  # whether the feed still lists them when the night runs again
    ),
    min_size=1,
    max_size=5,
)


@given(nights)
@settings(max_examples=60, deadline=None)
def test_every_version_is_delivered_exactly_once_over_any_nights(
    plan: list[tuple[dict[int, int], list[str], bool]],
) -> None:
    written: dict[int, list[str]] = {}
    expected = set()
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        path = Path(folder) / "digest.sqlite"
        for number, (listing, crashes, stays) in enumerate(plan):
            listed = [article(str(one), f"Article {one}, version {version}") for one, version in listing.items()]
            expected |= {one.document.text for one in listed}
            for crash in [*crashes, None]:
                try:
                    night(path, number, listed, written, crash)
                except PowerCutError:
                    if crash != "in note" and not stays:
                        listed = []
    delivered = Counter(text for digest in written.values() for text in digest)
    assert delivered == Counter(expected)
