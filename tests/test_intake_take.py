"""A night's intake as a whole: real servers, real folders, a real state."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.intake import DropSource, FeedSource, SourceReport, State, Web, Window, take
from test_intake_feeds import item, rss
from test_intake_fetching import QUICK, Site, names, plain, to

NIGHT = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)
WORDS = "Le conseil municipal de Brest a voté hier soir la rénovation du port de commerce, pour un montant de 12 millions d'euros. "
TEASER = "Le conseil municipal a voté."


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "state" / "digest.sqlite") as state:
        yield state


@pytest.fixture
def web() -> Web:
    return Web(QUICK, names())


def later(days: int) -> datetime:
    return NIGHT + timedelta(days=days)


def pending(state: State) -> list[str]:
    return [noted.document.text for noted in state.pending(Window(later(99)))]


def one(source: object, state: State, now: datetime, web: Web | None = None) -> SourceReport:
    (report,) = take([source], state, now, web).reports  # type: ignore[list-item]
    return report


def article_page(title: str, *paragraphs: str) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body><nav><a href=/>Accueil</a></nav><article><h1>{title}</h1>{body}</article><footer>Mentions</footer></body></html>".encode()


# Feeds


def test_a_feed_is_read_once_and_then_only_when_it_changed(site: Site, state: State, web: Web) -> None:
    site.pages["/rss"] = plain(rss(item(1), item(2)), ETag='"un"', Last_Modified="Sat, 21 Nov 2026 20:00:00 GMT")
    feed = FeedSource(site.url("/rss"))
    assert one(feed, state, NIGHT, web) == SourceReport("Le Journal de Brest", site.url("/rss"), "ok", new=2)
    site.pages["/rss"] = plain(b"", 304)
    assert one(feed, state, later(1), web).status == "unchanged"
    assert site.asked[1][1]["if-none-match"] == '"un"'
    assert site.asked[1][1]["if-modified-since"] == "Sat, 21 Nov 2026 20:00:00 GMT"
    site.pages["/rss"] = plain(rss(item(3), item(2, "Corrigé.")))
    report = one(feed, state, later(2), web)
    assert (report.new, report.updated, report.same) == (1, 1, 0)
    assert sorted(pending(state)) == ["Titre 1\n\nUne phrase.", "Titre 2\n\nCorrigé.", "Titre 3\n\nUne phrase."]


def test_every_broken_feed_is_reported_and_the_others_go_on(site: Site, state: State, web: Web) -> None:
    def endless(handler: object) -> None:
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        for _ in range(60):
            handler.wfile.write(bytes(1_000_000))  # type: ignore[attr-defined]

    site.pages |= {
        "/bon": plain(rss(item(1))),
        "/vide": plain(rss()),
        "/page": plain(b"<!doctype html><html><body>Bienvenue</body></html>", Content_Type="text/html"),
        "/octets": plain(bytes(range(256)) * 40),
        "/muet": lambda handler: time.sleep(3),
        "/boucle": to("/boucle"),
        "/prive": to("http://169.254.169.254/latest/"),
        "/interne": to("http://interne.test/"),
        "/60mo": endless,
        "/bombe": plain(gzip.compress(bytes(9_000_000)), Content_Encoding="gzip"),
        "/xml": plain(
            rss(item(9), head='<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>').replace(
                b"Une phrase.", b"&b;" * 50
            )
        ),
        "/coupe": plain(rss(item(2), item(3))[:-90]),
        "/dernier": plain(rss(item(4))),
    }
    statuses = {
        "/bon": "ok", "/vide": "empty", "/page": "failed", "/octets": "failed", "/muet": "failed", "/boucle": "failed",
        "/prive": "refused", "/interne": "refused", "/60mo": "failed", "/bombe": "failed", "/coupe": "damaged", "/dernier": "ok",
        "/404": "failed",
    }  # fmt: skip
    feeds = [FeedSource(site.url(path)) for path in [*statuses, "/xml"]] + [FeedSource("http://inconnu.test/rss")]
    intake = take(feeds, state, NIGHT, web)
    assert {report.place.removeprefix(site.url("")): report.status for report in intake.reports[:13]} == statuses
    assert intake.reports[14].status == "failed" and intake.news >= 4
    for report in intake.reports:
        assert (report.error is not None) or report.status in ("ok", "empty")
        assert report.error is None or "\n" not in report.error
    assert {"Titre 1\n\nUne phrase.", "Titre 2\n\nUne phrase.", "Titre 4\n\nUne phrase."} <= set(pending(state))
    assert intake.reports[13].status == "damaged"  # its entities are not declared any more
    assert len(intake.faults) == 12


def test_a_feed_that_fails_remembers_since_when_until_it_works_again(site: Site, state: State, web: Web) -> None:
    feed = FeedSource(site.url("/rss"), "Le Journal")
    for day in (0, 1):
        report = one(feed, state, later(day), web)
        assert (report.name, report.status, report.failing_since) == ("Le Journal", "failed", NIGHT)
    site.pages["/rss"] = plain(rss(item(1)))
    assert one(feed, state, later(2), web).failing_since is None
    del site.pages["/rss"]
    assert one(feed, state, later(3), web).failing_since == later(3)


def test_a_site_that_asks_for_time_is_left_alone_until_then(site: Site, state: State, web: Web) -> None:
    site.pages["/rss"] = plain(b"", 429, Retry_After="7200")
    feed = FeedSource(site.url("/rss"))
    assert one(feed, state, NIGHT, web).status == "failed"
    assert one(feed, state, NIGHT + timedelta(hours=1), web).status == "postponed"
    assert len(site.asked) == 1
    site.pages["/rss"] = plain(rss(item(1)))
    assert one(feed, state, later(1), web).new == 1


def test_a_damaged_feed_is_asked_for_whole_the_next_night(site: Site, state: State, web: Web) -> None:
    whole = rss(item(1), item(2))
    site.pages["/rss"] = plain(whole[: whole.index(b"Titre 2")], ETag='"un"')
    feed = FeedSource(site.url("/rss"))
    assert one(feed, state, NIGHT, web).status == "damaged"
    site.pages["/rss"] = plain(whole, ETag='"un"')
    assert one(feed, state, later(1), web).new == 1
    assert "if-none-match" not in site.asked[1][1]


def test_a_crash_before_the_articles_are_noted_forgets_the_validators_too(
    site: Site, state: State, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/rss"] = plain(rss(item(1)), ETag='"un"')
    feed = FeedSource(site.url("/rss"))

    def crash(*_: object) -> None:
        raise RuntimeError("the power goes")

    with monkeypatch.context() as patch:
        patch.setattr(State, "_keep", crash)
        with pytest.raises(RuntimeError):
            take([feed], state, NIGHT, web)
    assert pending(state) == []
    assert one(feed, state, NIGHT, web).new == 1
    assert "if-none-match" not in site.asked[1][1]


def test_one_article_in_two_feeds_of_a_paper_is_one(site: Site, state: State, web: Web) -> None:
    site.pages["/une"] = plain(rss(item(1, guid="a")))
    site.pages["/politique"] = plain(rss(item(1, "Une autre phrase.", guid="b")))
    intake = take([FeedSource(site.url("/une")), FeedSource(site.url("/politique"))], state, NIGHT, web)
    assert [(report.new, report.same) for report in intake.reports] == [(1, 0), (0, 1)]
    assert pending(state) == ["Titre 1\n\nUne phrase."]


def test_without_the_network_feeds_are_reported_and_nothing_is_asked(state: State) -> None:
    assert one(FeedSource("https://journal.example/rss"), state, NIGHT).status == "refused"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "journal.example/rss", "https://a:b@journal.example/rss", ""])
def test_an_address_that_is_none_is_an_error_of_configuration(url: str) -> None:
    with pytest.raises(ConfigError, match="address") as caught:
        FeedSource(url)
    assert "a:b" not in str(caught.value)


def test_an_unknown_zone_is_an_error_of_configuration() -> None:
    for zone in ("Europe/Brest", "../etc/passwd", ""):
        with pytest.raises(ConfigError, match="zone"):
            FeedSource("https://journal.example/rss", zone=zone)


# Full text


def teaser(site: Site, path: str, title: str = "Le port de Brest rénové", **changes: str) -> str:
    return item(1, TEASER, title=title, link=site.url(path), guid=path, **changes)


def test_where_there_is_only_a_teaser_the_page_is_read_as_robots_allow(site: Site, state: State, web: Web) -> None:
    long = "Titre 2. " + WORDS * 20
    site.pages |= {
        "/rss": plain(rss(teaser(site, "/a"), teaser(site, "/prive/b"), item(2, long, link=site.url("/c")))),
        "/robots.txt": plain(b"User-agent: *\nDisallow: /prive/\n"),
        "/a": plain(
            article_page("Le port de Brest rénové", WORDS * 3, "Les travaux commencent en mars."),
            Content_Type="text/html",
        ),
    }
    report = one(FeedSource(site.url("/rss"), full_text=True), state, NIGHT, web)
    assert (report.status, report.new, report.teasers) == ("ok", 3, 1)
    assert report.error is not None and "robots.txt" in report.error
    assert site.paths() == ["/rss", "/robots.txt", "/a"]
    noted = {noted.document.meta["url"]: noted.document for noted in state.pending(Window(NIGHT))}
    full, kept = noted[site.url("/a")], noted[site.url("/prive/b")]
    assert (
        full.text.startswith("Le port de Brest rénové\n\nLe conseil")
        and "mars" in full.text
        and "Accueil" not in full.text
    )
    assert "teaser" not in full.meta and kept.meta["teaser"] is True and kept.text.endswith(TEASER)


def test_a_page_is_read_again_only_when_its_entry_changes(site: Site, state: State, web: Web) -> None:
    feed = FeedSource(site.url("/rss"), full_text=True)
    site.pages |= {
        "/rss": plain(rss(teaser(site, "/a"))),
        "/a": plain(article_page("Le port de Brest rénové", WORDS * 3)),
    }
    assert one(feed, state, NIGHT, web).new == 1
    site.pages["/a"] = plain(article_page("Le port de Brest rénové", WORDS * 3, "Lire aussi : la météo."))
    assert one(feed, state, later(1), web).same == 1 and site.paths().count("/a") == 1
    changed = teaser(site, "/a") + "<dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>2026-11-22T10:00:00Z</dc:date>"
    site.pages["/rss"] = plain(rss(changed))
    assert one(feed, state, later(2), web).updated == 1 and site.paths().count("/a") == 2


def test_a_page_that_is_not_the_article_does_not_take_its_place(site: Site, state: State, web: Web) -> None:
    consent = article_page(
        "Vos choix de confidentialité",
        "Nous utilisons des traceurs pour mesurer notre audience et améliorer nos services. " * 8,
    )
    site.pages |= {
        "/rss": plain(rss(*(teaser(site, path) for path in ("/consent", "/paywall", "/pdf", "/vide", "/404")))),
        "/consent": plain(consent),
        "/paywall": plain(article_page("Le port de Brest rénové", "Réservé.")),
        "/pdf": plain(b"%PDF-1.7", Content_Type="application/pdf"),
        "/vide": plain(b"<html><body></body></html>"),
    }
    report = one(FeedSource(site.url("/rss"), full_text=True), state, NIGHT, web)
    assert report.new == 5 and report.teasers >= 4
    assert pending(state) == [f"Le port de Brest rénové\n\n{TEASER}"] * 5


def test_a_host_that_fails_three_times_is_left_alone_for_the_night(site: Site, state: State, web: Web) -> None:
    feed = rss(*(teaser(site, f"/{number}") for number in range(6)))
    site.pages |= {"/rss": plain(feed)} | {f"/{number}": plain(b"", 500) for number in range(6)}
    report = one(FeedSource(site.url("/rss"), full_text=True), state, NIGHT, web)
    assert report.new == report.teasers == 6
    assert [path for path in site.paths() if path[1:].isdigit()] == ["/0", "/1", "/2"]


def test_the_feeds_of_a_host_that_is_silent_do_not_take_the_whole_night(site: Site, state: State, web: Web) -> None:
    site.pages |= {f"/{number}": lambda handler: time.sleep(2) for number in range(9)}
    started = time.monotonic()
    intake = take([FeedSource(site.url(f"/{number}")) for number in range(9)], state, NIGHT, web)
    assert [report.status for report in intake.reports] == ["failed"] * 9 and len(site.asked) == 3
    assert time.monotonic() - started < 4


def test_feeds_that_failed_are_asked_behind_the_others_of_their_host(site: Site, state: State, web: Web) -> None:
    """Three that fail in a row end the patience with a host; a good one behind them had never been asked."""
    site.pages |= {f"/{number}": plain(b"", 500) for number in range(3)} | {"/good": plain(rss())}
    feeds = [FeedSource(site.url(path)) for path in ("/0", "/1", "/2", "/good")]
    first, second = take(feeds, state, NIGHT, web), take(feeds, state, later(1), web)
    assert first.reports[3].status == "failed" and second.reports[3].status == "empty"
    assert second.reports[0].name.endswith("/0")


# Folders and files


def test_drops_are_noted_with_ids_of_their_own(tmp_path: Path, state: State) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    rows = [
        {"id": "7", "text": "Un.", "url": "https://j.example/a?utm_source=x"},
        {"text": "Sans identité."},
        {"id": "8", "text": "Deux."},
    ]
    (drop / "jour.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (drop / "seul.txt").write_text("Un fichier.")
    source = DropSource(drop, "agence")
    report = one(source, state, NIGHT)
    assert (report.status, report.new) == ("ok", 4)
    documents = {noted.document.text: noted.document for noted in state.pending(Window(NIGHT))}
    assert documents["Un."].id == "agence/7" and documents["Un."].meta["url"] == "https://j.example/a"
    assert documents["Un fichier."].id == "agence/seul.txt" and documents["Un fichier."].meta["source"] == "agence"
    (drop / "seul.txt").write_text("Un fichier corrigé.")
    report = one(source, state, later(1))
    assert (report.new, report.updated, report.same) == (0, 1, 3)


def test_the_title_of_a_row_is_its_headline_unless_the_text_begins_with_it(tmp_path: Path, state: State) -> None:
    file = tmp_path / "jour.jsonl"
    rows = (
        {"title": "Le maire part", "text": "Il part lundi."},
        {"title": "Deux", "text": "Deux\n\nSuite."},
        {"title": 3, "text": "Rien."},
    )
    file.write_text("\n".join(map(json.dumps, rows)))
    one(DropSource(file), state, NIGHT)
    assert sorted(pending(state)) == ["Deux\n\nSuite.", "Le maire part\n\nIl part lundi.", "Rien."]


def test_rows_without_ids_are_known_by_their_words_wherever_they_stand(tmp_path: Path, state: State) -> None:
    """A file that is written anew every day: line 1 is another article, and not a correction."""
    file = tmp_path / "jour.jsonl"
    source = DropSource(file)
    file.write_text('{"text": "Lundi."}\n{"text": "Mardi."}')
    assert one(source, state, NIGHT).new == 2
    file.write_text('{"text": "Mercredi."}\n{"text": "Lundi."}')
    report = one(source, state, later(1))
    assert (report.new, report.updated, report.same) == (1, 0, 1)
    assert sorted(pending(state)) == ["Lundi.", "Mardi.", "Mercredi."]


def test_two_rows_with_one_id_are_both_delivered(tmp_path: Path, state: State) -> None:
    (tmp_path / "lundi.jsonl").write_text('{"id": "1", "text": "Lundi."}')
    assert one(DropSource(tmp_path / "lundi.jsonl", "drop"), state, NIGHT).new == 1
    folder = tmp_path / "tous"
    folder.mkdir()
    for day in ("Lundi", "Mardi"):
        (folder / f"{day}.jsonl").write_text(json.dumps({"id": "1", "text": f"{day}."}))
    report = one(DropSource(folder, "drop"), state, later(1))
    assert (report.new, report.same) == (1, 1)
    (folder / "Lundi.jsonl").unlink()
    assert one(DropSource(folder, "drop"), state, later(2)).same == 1


def test_what_cannot_be_read_is_reported_and_the_rest_is_noted(tmp_path: Path, state: State) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "a.jsonl").write_text('{"text": "Bon."}\n{broken\n{"id": "x"}')
    (drop / "b.txt").write_bytes(b"%PDF-1.7")
    report = one(DropSource(drop), state, NIGHT)
    assert (report.status, report.new, report.skipped) == ("damaged", 1, 3)
    assert report.error is not None and "a.jsonl" in report.error and "2 more" in report.error


def test_a_pattern_is_a_drop_as_well(tmp_path: Path, state: State) -> None:
    (tmp_path / "agence").mkdir()
    (tmp_path / "agence" / "a.jsonl").write_text('{"id": "7", "text": "Un."}')
    assert one(DropSource(tmp_path / "agence" / "*.jsonl"), state, NIGHT).new == 1
    (noted,) = state.pending(Window(NIGHT))
    assert noted.document.id == "agence/7" and noted.document.meta["source"] == "agence"


def test_an_empty_folder_is_an_empty_night_and_a_missing_one_a_failure(tmp_path: Path, state: State) -> None:
    (tmp_path / "drop").mkdir()
    intake = take([DropSource(tmp_path / "drop"), DropSource(tmp_path / "absent")], state, NIGHT)
    assert [report.status for report in intake.reports] == ["empty", "failed"]
    assert intake.reports[1] in intake.faults and "does not exist" in (intake.reports[1].error or "")


def test_a_row_and_a_feed_entry_with_one_address_are_one_article(
    site: Site, tmp_path: Path, state: State, web: Web
) -> None:
    site.pages["/rss"] = plain(rss(item(1)))
    file = tmp_path / "a.jsonl"
    file.write_text('{"id": "z", "text": "Autre forme.", "link": "http://journal.example/a/1/"}')
    intake = take([FeedSource(site.url("/rss")), DropSource(file)], state, NIGHT, web)
    assert [(report.new, report.same) for report in intake.reports] == [(1, 0), (0, 1)]


def test_the_same_night_gives_the_same_articles_in_the_same_order(site: Site, tmp_path: Path, web: Web) -> None:
    site.pages["/rss"] = plain(rss(*(item(number) for number in range(9))))
    sources = [FeedSource(site.url("/rss")), FeedSource(site.url("/rss", host="journal.test"))]
    found = []
    for name, order in (("a", sources), ("b", sources)):
        with State(tmp_path / name) as state:
            take(order, state, NIGHT, Web(replace(QUICK, pause=0), names()), workers=2)
            found.append(state.pending(Window(NIGHT)))
    assert found[0] == found[1] and len(found[0]) == 9
