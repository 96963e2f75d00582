"""The tables of the state, and the way from each version of them to the next."""

from __future__ import annotations

import sqlite3

MARK = 0x44455053  # "DEPS", where SQLite keeps the mark of the program that a file belongs to

# One entry a version; an entry that was published is never changed, another is added.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE articles (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,"
        " source TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL)",
        # What an article is known by: address, publisher's id, words.
        "CREATE TABLE names (name TEXT PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles) WITHOUT ROWID",
        "CREATE TABLE digests (id TEXT PRIMARY KEY, delivered_at TEXT NOT NULL)",
        # A text of an article. It is wanted until it is delivered, or another takes its place.
        "CREATE TABLE versions (number INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles,"
        " hash TEXT NOT NULL, key TEXT NOT NULL UNIQUE, source TEXT NOT NULL, seen TEXT NOT NULL, record TEXT,"
        " wanted INTEGER NOT NULL, digest TEXT REFERENCES digests, UNIQUE (article, hash))",
        "CREATE INDEX undelivered ON versions (seen) WHERE wanted AND digest IS NULL",
        "CREATE INDEX of_digest ON versions (digest) WHERE digest IS NOT NULL",
        # Which sources have given an article: a correction is a change within one of them.
        "CREATE TABLE sightings (article INTEGER NOT NULL REFERENCES articles, source TEXT NOT NULL,"
        " PRIMARY KEY (article, source)) WITHOUT ROWID",
        # Entries of feeds as they stood there.
        "CREATE TABLE listings (source TEXT NOT NULL, listing TEXT NOT NULL, article INTEGER NOT NULL"
        " REFERENCES articles, PRIMARY KEY (source, listing)) WITHOUT ROWID",
        "CREATE TABLE feeds (url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, not_before TEXT,"
        " failing_since TEXT) WITHOUT ROWID",
    ),
)


def prepare(connection: sqlite3.Connection, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS) -> None:
    """Bring a file to the newest version, or make it; two processes may do so at once.

    Raises:
        sqlite3.Error: the file is another program's, newer than this program, or cannot be written.
    """
    connection.execute("PRAGMA synchronous = FULL")  # what was noted or delivered survives a power cut
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN IMMEDIATE")
    try:
        _migrate(connection, migrations)
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
    connection.execute("PRAGMA journal_mode = WAL")  # readers do not wait for a writer; the file is ours by now


def _migrate(connection: sqlite3.Connection, migrations: tuple[tuple[str, ...], ...]) -> None:
    mark, version = (connection.execute(f"PRAGMA {n}").fetchone()[0] for n in ("application_id", "user_version"))
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if mark != MARK and (mark or tables):
        raise sqlite3.DatabaseError("it belongs to another program")
    if version > len(migrations):
        raise sqlite3.DatabaseError(
            f"a newer version of this program made it: format {version}, this one knows {len(migrations)}"
        )
    for migration in migrations[version:]:
        for statement in migration:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {MARK}")
    connection.execute(f"PRAGMA user_version = {len(migrations)}")
