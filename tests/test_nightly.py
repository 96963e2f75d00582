"""Nights as they are lived: feeds that break, mail that does not go, processes that are killed. Nothing is lost."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("feedparser")
pytest.importorskip("aiosmtpd")

import nights
from pipeline import config
from pipeline.errors import ConfigError, OutputError
from pipeline.nightly import Asked, Told, command, digest_night
from pipeline.nightly.room import Room
from pipeline.stopping import Stop
from test_delivery import Box, started
from test_intake_fetching import Site, plain, to

SEEDS = Path(__file__).parent.parent / "seeds" / "nightly"
DAYS = [f"2026-11-{day}" for day in range(16, 23)]
PARIS = ZoneInfo("Europe/Paris")
ARTICLE = "Le conseil municipal de {place} a voté jeudi un budget de {n},5 millions d'euros. Le maire, Paul Zadkine, a promis {n} écoles."


def night_of(day: str) -> datetime:
    """The morning after a day, when the timer starts."""
    return datetime.fromisoformat(f"{day}T05:30").replace(tzinfo=PARIS) + timedelta(days=1)


def made(tmp_path: Path, **changes: Any) -> config.Config:
    quick = {"timeout_s": 0.5, "deadline_s": 1.0, "delay_s": 0.0, "allow_networks": ["127.0.0.1/32"]}
    sections: dict[str, dict[str, Any]] = {
        "digest": {"folder": str(tmp_path / "nightly")},
        "intake": quick,
        "run": {},
        "detect": {},
        "mail": {},
        "watch": {},
    }
    for section, values in changes.items():
        sections[section] |= values
    lines = ['base = "embedded"']
    for section, values in sections.items():
        lines += [f"[{section}]", *(f"{name} = {json.dumps(value)}" for name, value in values.items())]
    path = tmp_path / "own.toml"
    path.write_text("\n".join(lines).replace('"url":', "url =").replace("{url", "{ url"), encoding="utf-8")
    return config.load(path)


def drop(folder: Path, name: str, **articles: str) -> None:
    folder.mkdir(exist_ok=True)
    rows = [
        {"id": identity, "text": text, "published": "2026-11-16T08:00:00+01:00"} for identity, text in articles.items()
    ]
    (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")


def in_digest(folder: Path) -> list[tuple[str, bool]]:
    """The articles of a digest's stories: what each is known by, and whether it is an update."""
    found = json.loads((folder / "digest.json").read_text(encoding="utf-8"))
    stories = [*(story for topic in found["topics"] for story in topic["stories"]), *found["brief"]]
    return [
        (source["url"] or source["document"], source["updated"]) for story in stories for source in story["sources"]
    ]


def mails(box: Box) -> list[EmailMessage]:
    return [BytesParser(policy=policy.default).parsebytes(content) for _, _, content in box.mails]  # type: ignore[misc]


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[Any]:
    server = started(box)
    yield server
    server.stop()


def mail_to(server: Any) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": server.port, "security": "none", "to": ["analyst@example.org"], "retries": 0}


def rss(articles: Sequence[dict[str, str]]) -> bytes:
    """A feed as a paper writes it, with the full text."""
    items = "".join(
        f"<item><title>{escape(one['title'])}</title><link>{escape(one['url'])}</link><guid>{escape(one['url'])}</guid>"
        f"<pubDate>{datetime.fromisoformat(one['published']).strftime('%a, %d %b %Y %H:%M:%S %z')}</pubDate>"
        f"<content:encoded>{escape(''.join(f'<p>{escape(part)}</p>' for part in one['text'].split(chr(10) * 2)))}"
        "</content:encoded></item>"
        for one in articles
    )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    return f"{head}<channel><title>Presse</title><link>https://presse.example/</link>{items}</channel></rss>".encode()


def hangs(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    import time

    time.sleep(3)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(60):
        handler.wfile.write(b"<rss>" * 200_000)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    site.pages |= {
        "/garbage": plain(bytes(range(256)) * 40),
        "/hangs": hangs,
        "/private": to("http://169.254.169.254/latest/meta-data/"),
        "/huge": endless,
    }
    yield site
    site.close()


def press(day: str) -> list[dict[str, str]]:
    """What the papers list on a day: the articles of the last three, as they stand by now."""
    known: dict[str, dict[str, str]] = {}
    for one in (
        json.loads(line) for past in DAYS if past <= day for line in (SEEDS / f"{past}.jsonl").open(encoding="utf-8")
    ):
        known[one["url"]] = one
    since = (datetime.fromisoformat(day) - timedelta(days=2)).date().isoformat()
    return [one for one in known.values() if one["published"][:10] >= since]


def test_seven_nights_with_broken_feeds_tell_each_article_once(
    site: Site, box: Box, server: Any, tmp_path: Path
) -> None:
    feeds = [{"url": site.url(path)} for path in ("/press", "/garbage", "/hangs", "/private", "/huge")]
    own = made(tmp_path, intake={"feeds": feeds, "max_mb": 1.0}, mail=mail_to(server))
    seen: Counter[tuple[str, bool]] = Counter()
    for day in DAYS:
        site.pages["/press"] = plain(rss(press(day)))
        (told,) = nights.at(own, night_of(day))
        assert told.state == "delivered" and told.exit_code == 1 and told.failed == 0
        assert len(told.troubles) == 4, told.troubles
        assert told.folder is not None
        seen.update(in_digest(told.folder))
    versions = Counter(
        json.loads(line)["url"] for day in DAYS for line in (SEEDS / f"{day}.jsonl").open(encoding="utf-8")
    )
    skipped = {url for url in versions if (url, False) not in seen}
    assert set(seen.values()) == {1}
    assert len(skipped) == 1  # the article in English
    assert {url for url, updated in seen if updated} == {url for url, count in versions.items() if count > 1}
    assert len(box.mails) == 7 and len({mail["Message-ID"] for mail in mails(box)}) == 7


def test_a_night_without_news_sends_no_mail_and_one_with_a_broken_feed_does(
    site: Site, box: Box, server: Any, tmp_path: Path
) -> None:
    site.pages["/press"] = plain(rss([]))
    own = made(tmp_path, intake={"feeds": [{"url": site.url("/press")}]}, mail=mail_to(server))
    (told,) = nights.at(own, night_of(DAYS[0]))
    assert (told.state, told.exit_code, box.mails) == ("empty", 0, [])
    site.pages["/press"] = plain(b"", 500)
    (told,) = nights.at(own, night_of(DAYS[1]))
    assert told.exit_code == 1 and len(box.mails) == 1
    assert "500" in (mails(box)[0].get_body(("plain",)) or EmailMessage()).get_content()


def test_an_empty_night_is_one_line_where_that_is_asked_for(box: Box, server: Any, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    digest = {"folder": str(tmp_path / "n"), "when_empty": "line"}
    own = made(tmp_path, intake={"folders": [str(tmp_path / "in")]}, digest=digest, mail=mail_to(server))
    assert nights.at(own, night_of(DAYS[0]))[0].state == "empty"
    assert len(box.mails) == 1


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", list(nights.STEPS))
def test_a_night_that_is_killed_at_any_step_is_brought_to_its_end(
    step: str, when: str, box: Box, server: Any, tmp_path: Path
) -> None:
    """The next call comes a day later, with another article; each article is in one digest, and no mail is another."""
    drop(tmp_path / "in", "a", one=ARTICLE.format(place="Marly", n=12), two="Il pleut sur la côte depuis trois jours.")
    own = made(tmp_path, intake={"folders": [str(tmp_path / "in")]}, mail=mail_to(server))
    child = [sys.executable, str(Path(nights.__file__)), str(tmp_path / "own.toml")]
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([*child, night_of(DAYS[0]).isoformat(), step, when], env=surroundings, capture_output=True)
    assert done.returncode == -9, done.stderr.decode()
    drop(tmp_path / "in", "b", three=ARTICLE.format(place="Vernelle", n=7))
    told = nights.at(own, night_of(DAYS[1]))
    assert all(one.exit_code == 0 for one in told), told
    digests = sorted((tmp_path / "nightly/nights").glob("*/digest"))
    found = Counter(name for folder in digests for name, _ in in_digest(folder))
    assert {name.rpartition("/")[2]: count for name, count in found.items()} == {"one": 1, "two": 1, "three": 1}
    sent = {mail["Message-ID"]: content for mail, (_, _, content) in zip(mails(box), box.mails, strict=True)}
    assert all(content == sent[mail["Message-ID"]] for mail, (_, _, content) in zip(mails(box), box.mails, strict=True))
    assert len(sent) == sum(1 for folder in digests if in_digest(folder))


def test_a_mail_that_does_not_go_out_goes_with_the_next_call_before_anything_new(box: Box, tmp_path: Path) -> None:
    drop(tmp_path / "in", "a", one=ARTICLE.format(place="Marly", n=12))
    server = started(box)
    port, settings = server.port, mail_to(server)
    server.stop()
    own = made(tmp_path, intake={"folders": [str(tmp_path / "in")]}, mail=settings)
    (told,) = nights.at(own, night_of(DAYS[0]))
    assert told.state == "undelivered" and told.exit_code == 1 and str(port) in told.troubles[0]
    written = (told.folder or tmp_path, (told.folder or tmp_path).joinpath("digest.html").read_bytes())
    drop(tmp_path / "in", "b", two=ARTICLE.format(place="Vernelle", n=7))
    server = started(box, port=port)
    first, second = nights.at(own, night_of(DAYS[1]))
    server.stop()
    assert (first.state, second.state) == ("delivered", "delivered")
    assert first.folder == written[0] and written[0].joinpath("digest.html").read_bytes() == written[1]
    assert [name.rpartition("/")[2] for told in (first, second) for name, _ in in_digest(told.folder or tmp_path)] == [
        "one",
        "two",
    ]


def test_a_missing_model_is_said_in_the_digest_and_the_articles_come_the_next_night(tmp_path: Path) -> None:
    drop(tmp_path / "in", "a", one=ARTICLE.format(place="Marly", n=12))
    own = made(tmp_path, intake={"folders": [str(tmp_path / "in")]})
    broken = own.overridden(translator__model=str(tmp_path / "nowhere"))
    (told,) = nights.at(broken, night_of(DAYS[0]))
    assert told.state == "failed" and told.exit_code == 1 and told.folder is not None
    assert "nowhere" in (told.folder / "digest.md").read_text(encoding="utf-8").replace("\\", "")
    (told,) = nights.at(own, night_of(DAYS[1]))
    assert told.state == "delivered" and len(in_digest(told.folder or tmp_path)) == 1


def test_an_article_that_fails_is_listed_each_night_until_it_is_given_up(tmp_path: Path) -> None:
    drop(
        tmp_path / "in",
        "a",
        english="The council of Marly voted its budget on Thursday, and the mayor promised twelve schools.",
    )
    folders = {"folders": [str(tmp_path / "in")]}
    own = made(
        tmp_path, intake=folders, detect={"other": "fail"}, digest={"folder": str(tmp_path / "n"), "attempts": 2}
    )
    counts = [nights.at(own, night_of(day))[0] for day in DAYS[:3]]
    assert [told.failed for told in counts] == [1, 1, 0]
    assert [told.exit_code for told in counts] == [1, 1, 0]


def test_the_hour_that_comes_twice_in_autumn_loses_and_repeats_nothing(tmp_path: Path) -> None:
    """Articles come in at 02:30 summer time and at 02:30 winter time; a digest is made at each."""
    own = made(tmp_path, intake={"folders": [str(tmp_path / "in")]})
    found = []
    for number, moment in enumerate(("2026-10-25T00:40+00:00", "2026-10-25T01:40+00:00", "2026-10-25T04:30+00:00")):
        drop(tmp_path / "in", str(number), **{f"a{number}": ARTICLE.format(place="Marly", n=number + 3)})
        (told,) = nights.at(own, datetime.fromisoformat(moment))
        found.append([name.rpartition("/")[2] for name, _ in in_digest(told.folder or tmp_path)])
    assert found == [["a0"], ["a1"], ["a2"]]


def test_two_nights_never_overlap(tmp_path: Path) -> None:
    own = made(tmp_path, intake={"folders": [str(tmp_path)]})
    with Room(tmp_path / "nightly").locked(), pytest.raises(OutputError, match=rf"process {os.getpid()}\)"):
        nights.at(own, night_of(DAYS[0]))


@pytest.mark.parametrize("room_on_disk", [0, 30_000, 100_000])
def test_a_full_disk_is_said_by_mail_and_the_next_night_has_everything(
    room_on_disk: int, box: Box, server: Any, tmp_path: Path
) -> None:
    """No file may grow beyond some bytes: the folder, the state or the run cannot be written."""
    drop(tmp_path / "in", "a", one=ARTICLE.format(place="Marly", n=12), two="Il pleut sur la côte depuis trois jours.")
    own = made(tmp_path, intake={"folders": [str(tmp_path / "in")]}, mail=mail_to(server))
    command = [sys.executable, str(Path(nights.__file__)), str(tmp_path / "own.toml"), night_of(DAYS[0]).isoformat()]
    full = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (room_on_disk, room_on_disk))
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=surroundings, capture_output=True, preexec_fn=full)
    assert done.returncode != 0
    (mail,) = mails(box)
    said = (mail.get_body(("plain",)) or EmailMessage()).get_content()
    assert "not all went well" in mail["Subject"]
    assert "there is no digest" in said or "could not be translated" in said, said
    told = nights.at(own, night_of(DAYS[1]))
    found = Counter(name.rpartition("/")[2] for one in told for name, _ in in_digest(one.folder or tmp_path))
    assert found == {"one": 1, "two": 1}


def test_a_digest_that_cannot_be_written_is_said_by_mail_and_in_the_status(
    box: Box, server: Any, tmp_path: Path
) -> None:
    drop(tmp_path / "in", "a", one=ARTICLE.format(place="Marly", n=12))
    own = made(tmp_path, intake={"folders": [str(tmp_path / "in")]}, mail=mail_to(server))
    obstacle = tmp_path / "nightly/nights" / night_of(DAYS[0]).date().isoformat() / "digest"
    obstacle.parent.mkdir(parents=True)
    obstacle.write_text("in the way", encoding="ascii")
    with pytest.raises(OutputError):
        nights.at(own, night_of(DAYS[0]))
    (mail,) = mails(box)
    status = json.loads((tmp_path / "nightly/status.json").read_text(encoding="utf-8"))
    said = (mail.get_body(("plain",)) or EmailMessage()).get_content()
    assert status["exit_code"] == 2 and status["error"] in " ".join(said.split())
    obstacle.unlink()
    first, second = nights.at(own, night_of(DAYS[1]))
    assert (first.state, second.state) == ("delivered", "empty") and len(in_digest(first.folder or tmp_path)) == 1


def test_a_correction_of_the_next_night_says_what_it_changed(tmp_path: Path) -> None:
    drop(tmp_path / "in", "a", one=ARTICLE.format(place="Marly", n=12))
    own = made(tmp_path, intake={"folders": [str(tmp_path / "in")]})
    nights.at(own, night_of(DAYS[0]))
    drop(tmp_path / "in", "a", one=ARTICLE.format(place="Marly", n=17))
    (told,) = nights.at(own, night_of(DAYS[1]))
    text = ((told.folder or tmp_path) / "digest.html").read_text(encoding="utf-8")
    assert "« 12,5 millions d’euros » became « 17,5 millions d’euros »" in text.replace("'", "’").replace("&#x27;", "’")


def test_the_last_digest_lies_where_a_feed_reader_finds_it(tmp_path: Path) -> None:
    drop(tmp_path / "in", "a", one=ARTICLE.format(place="Marly", n=12))
    own = made(tmp_path, intake={"folders": [str(tmp_path / "in")]})
    (first,), (second,) = nights.at(own, night_of(DAYS[0])), nights.at(own, night_of(DAYS[1]))
    assert first.folder is not None and second.state == "empty"
    latest = {path.name: path.read_bytes() for path in (tmp_path / "nightly/latest").iterdir()}
    assert latest == {path.name: path.read_bytes() for path in first.folder.iterdir()}


def test_a_day_of_the_past_has_what_came_in_on_it_and_leaves_the_rest(tmp_path: Path) -> None:
    drop(tmp_path / "in", "a", one=ARTICLE.format(place="Marly", n=12))
    own = made(tmp_path, intake={"folders": [str(tmp_path / "in")]})
    end = night_of(DAYS[0]).replace(hour=0, minute=0)
    (past,) = digest_night(own, night_of(DAYS[0]), Asked(end - timedelta(days=1), end), True, Stop())
    assert (past.night, past.articles) == (DAYS[0], 0)
    (whole,) = nights.at(own, night_of(DAYS[1]))
    assert whole.articles == 1


def test_a_night_into_which_nothing_comes_is_a_mistake_of_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="folders or feeds"):
        nights.at(made(tmp_path), night_of(DAYS[0]))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"day": "2026-02-30"}, "2026-11-22"),
        ({"day": "9999-12-31"}, "no news yet"),
        ({"window": "0h"}, "24h or 7d"),
        ({"since": "2999-01-01"}, "behind the end"),
        ({"since": "2026-11-01", "window": "2d"}, "give one of them"),
    ],
)
def test_a_window_that_cannot_be_meant_is_one_line(words: dict[str, str], says: str, tmp_path: Path) -> None:
    asked = {"day": None, "since": None, "window": None, **words}
    own = made(tmp_path, intake={"folders": [str(tmp_path)]})
    with pytest.raises(ConfigError, match=says):
        command.digest([], own, None, quiet=True, stop=Stop(), **asked)


def test_the_day_of_a_digest_of_runs_is_the_day_that_was_asked_for(tmp_path: Path) -> None:
    """A window counts back from its end, and a digest that ends at midnight is of the day before."""
    drop(tmp_path / "in", "a", one=ARTICLE.format(place="Marly", n=12))
    own = made(tmp_path, intake={"folders": [str(tmp_path / "in")]})
    (told,) = nights.at(own, night_of(DAYS[0]))
    run = (told.folder or tmp_path).parent / "run"
    for window, count in (("24h", 1), ("15h", 0), (None, 1)):
        command.digest([run], own, tmp_path / "out", "2026-11-16", None, window, True, Stop())
        found = json.loads((tmp_path / "out/digest.json").read_text(encoding="utf-8"))
        assert found["counts"]["articles"] == count, window
        assert "Monday 16 November 2026" in (tmp_path / "out/digest.md").read_text(encoding="utf-8")


def test_mail_settings_that_cannot_be_meant_stop_the_night_before_it_begins(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="receiver"):
        nights.at(made(tmp_path, mail={"host": "mail.example.org"}), night_of(DAYS[0]))
    with pytest.raises(ConfigError, match="host"):
        nights.at(made(tmp_path, mail={"to": ["analyst@example.org"]}), night_of(DAYS[0]))
    assert not (tmp_path / "nightly").exists()


def test_articles_beyond_the_most_wait_for_the_next_night_and_that_is_said(tmp_path: Path) -> None:
    drop(tmp_path / "in", "a", **{f"a{n}": ARTICLE.format(place="Marly", n=n + 3) for n in range(3)})
    own = made(
        tmp_path,
        intake={"folders": [str(tmp_path / "in")]},
        digest={"folder": str(tmp_path / "n"), "most_articles": 2},
    )
    (first,) = nights.at(own, night_of(DAYS[0]))
    assert (first.articles, first.exit_code) == (2, 1) and "1 of 3 articles" in first.troubles[0]
    drop(tmp_path / "in", "b", b0=ARTICLE.format(place="Vernelle", n=9), b1=ARTICLE.format(place="Corbre", n=8))
    (second,) = nights.at(own, night_of(DAYS[1]))
    (third,) = nights.at(own, night_of(DAYS[2]))
    found = [
        name.rpartition("/")[2] for told in (first, second, third) for name, _ in in_digest(told.folder or tmp_path)
    ]
    assert sorted(found) == ["a0", "a1", "a2", "b0", "b1"] and (second.articles, third.articles) == (2, 1)
    assert any(name.endswith("a2") for name, _ in in_digest(second.folder or tmp_path))


def test_old_nights_are_removed_and_their_articles_stay_known(tmp_path: Path) -> None:
    drop(tmp_path / "in", "a", one=ARTICLE.format(place="Marly", n=12))
    digest = {"folder": str(tmp_path / "n"), "keep_days": 2}
    own = made(tmp_path, intake={"folders": [str(tmp_path / "in")]}, digest=digest)
    told: list[Told] = []
    for day in DAYS[:5]:
        told += nights.at(own, night_of(day))
    assert [one.state for one in told] == ["delivered", "empty", "empty", "empty", "empty"]
    assert [path.name for path in sorted((tmp_path / "n/nights").iterdir())] == [
        "2026-11-19",
        "2026-11-20",
        "2026-11-21",
    ]


def test_the_status_says_how_the_night_went_without_any_text(tmp_path: Path) -> None:
    drop(tmp_path / "in", "a", one=ARTICLE.format(place="Marly", n=12))
    own = made(tmp_path, intake={"folders": [str(tmp_path / "in"), str(tmp_path / "gone")]})
    nights.at(own, night_of(DAYS[0]))
    text = (tmp_path / "nightly/status.json").read_text(encoding="utf-8")
    status = json.loads(text)
    assert status["exit_code"] == 1 and [one["status"] for one in status["sources"]] == ["ok", "failed"]
    assert datetime.fromisoformat(status["started"]) == night_of(DAYS[0]).astimezone(UTC)
    assert "Zadkine" not in text
