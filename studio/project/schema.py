"""The database's tables, and the way from every older format to this one.

`MIGRATIONS[n]` takes format n to n + 1; a new project runs all of them. A step is never changed once a
version with it was released: append the next one.
"""

from __future__ import annotations

import functools
import sqlite3
from pathlib import Path

from studio.errors import ProjectNewer, StudioError
from studio.project import rows, seals, stacks
from studio.project.database import Database, damaged
from studio.words import tr

APPLICATION_ID = 0x53746431
""""Std1", in the file's header: tells our database from anybody else's."""

# Indexes and triggers of the item table that stand in several formats.
_FOUND = (
    "CREATE INDEX item_digest ON item(digest)",
    "CREATE INDEX item_parent ON item(parent) WHERE parent IS NOT NULL",
)
_SEARCHED = (
    """CREATE TRIGGER item_added AFTER INSERT ON item BEGIN
        INSERT INTO search(rowid, name, prompt) VALUES (new.id, new.name, new.prompt);
        UPDATE meta SET value = value + 1 WHERE key = 'item_count';
    END""",
    """CREATE TRIGGER item_renamed AFTER UPDATE OF name, prompt ON item BEGIN
        INSERT INTO search(search, rowid, name, prompt) VALUES ('delete', old.id, old.name, old.prompt);
        INSERT INTO search(rowid, name, prompt) VALUES (new.id, new.name, new.prompt);
    END""",
    """CREATE TRIGGER item_removed AFTER DELETE ON item BEGIN
        INSERT INTO search(search, rowid, name, prompt) VALUES ('delete', old.id, old.name, old.prompt);
        UPDATE meta SET value = value - 1 WHERE key = 'item_count';
    END""",
)

_FORMAT_1 = (
    "CREATE TABLE meta(key TEXT PRIMARY KEY NOT NULL, value NOT NULL) WITHOUT ROWID",
    """CREATE TABLE batch(
        id TEXT PRIMARY KEY NOT NULL,
        title TEXT NOT NULL,
        created REAL NOT NULL,
        paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1))
    )""",
    """CREATE TABLE job(
        id TEXT PRIMARY KEY NOT NULL,
        batch TEXT NOT NULL REFERENCES batch(id),
        position REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
        title TEXT NOT NULL,
        recipe TEXT NOT NULL,
        env TEXT,
        error TEXT,
        created REAL NOT NULL,
        started REAL,
        finished REAL,
        seconds REAL,
        peak_memory INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX job_state ON job(state, position)",
    "CREATE INDEX job_batch ON job(batch)",
    # `parent` is no foreign key: when a parent leaves the trash for good, its children keep its uid.
    """CREATE TABLE item(
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('image', 'mask', 'text', 'music', 'part')),
        origin TEXT NOT NULL CHECK (origin IN ('asset', 'artifact')),
        digest TEXT NOT NULL CHECK (length(digest) = 64),
        extension TEXT NOT NULL,
        size INTEGER NOT NULL CHECK (size >= 0),
        created REAL NOT NULL,
        job TEXT REFERENCES job(id),
        parent TEXT,
        position INTEGER,
        stars INTEGER NOT NULL DEFAULT 0 CHECK (stars BETWEEN 0 AND 5),
        trashed REAL,
        prompt TEXT NOT NULL DEFAULT '',
        row_sha TEXT NOT NULL,
        UNIQUE (job, position),
        CHECK ((origin = 'artifact') = (job IS NOT NULL AND position IS NOT NULL))
    )""",
    # The two lists that the gallery pages through, newest first, without touching the rows it skips.
    "CREATE INDEX item_live ON item(id, kind, origin, stars) WHERE trashed IS NULL",
    "CREATE INDEX item_trash ON item(id, kind, origin, stars) WHERE trashed IS NOT NULL",
    *_FOUND,
    """CREATE VIRTUAL TABLE search USING fts5(
        name, prompt, content='item', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
    )""",
    *_SEARCHED,
    "INSERT INTO meta(key, value) VALUES ('item_count', 0)",
)

_FACTS = """UPDATE item SET (batch, generator, seed, models) = (
        SELECT batch, json_extract(recipe, '$.generator'), json_extract(recipe, '$.seed'),
            (SELECT group_concat(json_extract(value, '$.name'), char(10)) FROM json_each(recipe, '$.models'))
        FROM job WHERE job.id = item.job AND json_valid(recipe)
    ) WHERE job IS NOT NULL"""
_TAGS = """INSERT OR IGNORE INTO item_tag(item, tag)
        SELECT new.id, value FROM json_each('[' || replace(json_quote(new.tags), ',', '","') || ']')
        WHERE value <> ''"""
_COLLECTIONS = """INSERT OR IGNORE INTO item_collection(item, collection)
        SELECT new.id, value FROM json_each('[' || replace(json_quote(new.collections), ',', '","') || ']')
        WHERE value <> ''"""
# All that a query may ask for, so that a gallery of 100,000 items is filtered and sorted from one index.
_ASKED = "kind, origin, stars, rejected, label, created, batch, generator, seed, models"

_SORTED = (
    f"CREATE INDEX item_live ON item(id, {_ASKED}) WHERE trashed IS NULL",
    f"CREATE INDEX item_trash ON item(id, {_ASKED}) WHERE trashed IS NOT NULL",
    f"CREATE INDEX item_name ON item(sort_name, id, {_ASKED}) WHERE trashed IS NULL",
    f"CREATE INDEX item_size ON item(size, id, {_ASKED}) WHERE trashed IS NULL",
    "CREATE INDEX item_created ON item(created)",
)
_LISTED = (
    f"""CREATE TRIGGER item_indexed AFTER INSERT ON item BEGIN
        {_FACTS} AND id = new.id;
        {_TAGS};
        {_COLLECTIONS};
    END""",
    f"""CREATE TRIGGER item_tagged AFTER UPDATE OF tags ON item BEGIN
        DELETE FROM item_tag WHERE item = old.id;
        {_TAGS};
    END""",
    f"""CREATE TRIGGER item_collected AFTER UPDATE OF collections ON item BEGIN
        DELETE FROM item_collection WHERE item = old.id;
        {_COLLECTIONS};
    END""",
    """CREATE TRIGGER item_forgotten AFTER DELETE ON item BEGIN
        DELETE FROM item_tag WHERE item = old.id;
        DELETE FROM item_collection WHERE item = old.id;
    END""",
)

_FORMAT_2 = (
    # What a person says about an item. `tags` and `collections` are lists with commas: the sealed truth;
    # the tables item_tag and item_collection are an index of them.
    "ALTER TABLE item ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected IN (0, 1))",
    """ALTER TABLE item ADD COLUMN label TEXT NOT NULL DEFAULT 'none'
        CHECK (label IN ('none', 'red', 'orange', 'yellow', 'green', 'blue', 'purple'))""",
    "ALTER TABLE item ADD COLUMN tags TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE item ADD COLUMN collections TEXT NOT NULL DEFAULT ''",
    # Copies that make sorting and searching fast: of the name, and of the job that made an artifact.
    "ALTER TABLE item ADD COLUMN sort_name TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE item ADD COLUMN batch TEXT",
    "ALTER TABLE item ADD COLUMN generator TEXT",
    "ALTER TABLE item ADD COLUMN seed INTEGER",
    "ALTER TABLE item ADD COLUMN models TEXT",
    _FACTS,
    "UPDATE item SET sort_name = sort_key(name)",
    "DROP INDEX item_live",
    "DROP INDEX item_trash",
    *_SORTED,
    """CREATE TABLE item_tag(
        item INTEGER NOT NULL,
        tag TEXT NOT NULL,
        PRIMARY KEY (item, tag)
    ) WITHOUT ROWID""",
    "CREATE INDEX tag_item ON item_tag(tag, item)",
    """CREATE TABLE item_collection(
        item INTEGER NOT NULL,
        collection TEXT NOT NULL,
        PRIMARY KEY (item, collection)
    ) WITHOUT ROWID""",
    "CREATE INDEX collection_item ON item_collection(collection, item)",
    """CREATE TABLE collection(
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        created REAL NOT NULL,
        row_sha TEXT NOT NULL
    )""",
    *_LISTED,
    # What can be undone, and what can be done again (undone = 1). See history.py.
    """CREATE TABLE step(
        id INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        edits BLOB NOT NULL,
        edits_sha TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
        created REAL NOT NULL,
        row_sha TEXT NOT NULL
    )""",
)

_COLUMNS = (
    "id, uid, name, kind, origin, digest, extension, size, created, job, parent, position, stars, trashed,"
    " prompt, row_sha, rejected, label, tags, collections, sort_name, batch, generator, seed, models"
)
_INDEXES_2 = ("live", "trash", "name", "size", "created", "digest", "parent")
_FORMAT_3 = (
    # A kind is any word that looks like the id of one, since plugins declare their own. SQLite cannot drop a
    # CHECK, so the table is built again, with the same ids: the search, item_tag and item_collection refer to
    # them. Indexes go first and come last, which is faster, and the copy takes their place in the file. The
    # old table keeps its triggers until it is dropped, so that copying fires none.
    *(f"DROP INDEX item_{name}" for name in _INDEXES_2),
    "ALTER TABLE item RENAME TO item_before",
    """CREATE TABLE item(
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind GLOB '[a-z]*' AND kind NOT GLOB '*[^a-z0-9-]*' AND length(kind) <= 32),
        origin TEXT NOT NULL CHECK (origin IN ('asset', 'artifact')),
        digest TEXT NOT NULL CHECK (length(digest) = 64),
        extension TEXT NOT NULL,
        size INTEGER NOT NULL CHECK (size >= 0),
        created REAL NOT NULL,
        job TEXT REFERENCES job(id),
        parent TEXT,
        position INTEGER,
        stars INTEGER NOT NULL DEFAULT 0 CHECK (stars BETWEEN 0 AND 5),
        trashed REAL,
        prompt TEXT NOT NULL DEFAULT '',
        row_sha TEXT NOT NULL,
        rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected IN (0, 1)),
        label TEXT NOT NULL DEFAULT 'none'
            CHECK (label IN ('none', 'red', 'orange', 'yellow', 'green', 'blue', 'purple')),
        tags TEXT NOT NULL DEFAULT '',
        collections TEXT NOT NULL DEFAULT '',
        sort_name TEXT NOT NULL DEFAULT '',
        batch TEXT,
        generator TEXT,
        seed INTEGER,
        models TEXT,
        CHECK ((origin = 'artifact') = (job IS NOT NULL AND position IS NOT NULL))
    )""",
    f"INSERT INTO item({_COLUMNS}) SELECT {_COLUMNS} FROM item_before ORDER BY id",
    "DROP TABLE item_before",
    "CREATE UNIQUE INDEX item_uid ON item(uid)",
    "CREATE UNIQUE INDEX item_job ON item(job, position)",
    *_FOUND,
    *_SORTED,
    *_SEARCHED,
    *_LISTED,
)

_FORMAT_4 = tuple(
    statement
    for table in seals.COLUMNS
    for statement in (
        f"ALTER TABLE {table} ADD COLUMN row_sha TEXT NOT NULL DEFAULT ''",
        f"UPDATE {table} SET row_sha = {seals.sealing(table)}",
    )
)

_ASKED_5 = f"{_ASKED}, stack, top"

_FORMAT_5 = (
    # See stacks.py.
    "ALTER TABLE item ADD COLUMN siblings INTEGER",
    "ALTER TABLE item ADD COLUMN variation INTEGER",
    # The row id of the result that the stack began with, whatever has become of that one.
    "ALTER TABLE item ADD COLUMN stack INTEGER",
    # What a person says, but not under the seal: a wrong one costs a look, not an item.
    "ALTER TABLE item ADD COLUMN top INTEGER NOT NULL DEFAULT 0 CHECK (top IN (0, 1))",
    "ALTER TABLE item ADD COLUMN fresh INTEGER NOT NULL DEFAULT 0 CHECK (fresh IN (0, 1))",
    *stacks.ALL,
    "CREATE INDEX item_siblings ON item(siblings, stack) WHERE siblings IS NOT NULL",
    "CREATE INDEX item_variation ON item(variation, stack) WHERE variation IS NOT NULL",
    "CREATE INDEX item_stack ON item(stack) WHERE stack IS NOT NULL",
    "CREATE INDEX item_fresh ON item(id) WHERE fresh",
    *(f"DROP INDEX item_{name}" for name in ("live", "trash", "name", "size")),
    f"CREATE INDEX item_live ON item(id, {_ASKED_5}) WHERE trashed IS NULL",
    f"CREATE INDEX item_trash ON item(id, {_ASKED_5}) WHERE trashed IS NOT NULL",
    f"CREATE INDEX item_name ON item(sort_name, id, {_ASKED_5}) WHERE trashed IS NULL",
    f"CREATE INDEX item_size ON item(size, id, {_ASKED_5}) WHERE trashed IS NULL",
)

REINDEX = (
    "UPDATE item SET batch = NULL, generator = NULL, seed = NULL, models = NULL",
    _FACTS,
    "UPDATE item SET sort_name = sort_key(name)",
    "DELETE FROM item_tag",
    "DELETE FROM item_collection",
    "UPDATE item SET tags = tags WHERE tags <> ''",
    "UPDATE item SET collections = collections WHERE collections <> ''",
    *stacks.ALL,
)
"""Makes everything anew that only repeats what is elsewhere, so that it can be searched and sorted by."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FORMAT_1, _FORMAT_2, _FORMAT_3, _FORMAT_4, _FORMAT_5)


def version() -> int:
    """The format that this studio writes."""
    return len(MIGRATIONS)


def format_of(database: Database) -> int:
    """The format of a database.

    Raises:
        ProjectNewer: it is newer than we know.
        ProjectDamaged: it is no database of ours.
    """
    if database.read("PRAGMA application_id")[0][0] != APPLICATION_ID:
        raise damaged("another program's database")
    found = int(database.read("PRAGMA user_version")[0][0])
    refuse_newer(found)
    if found < 1:
        raise damaged(f"format {found}")
    return found


def refuse_newer(found: int) -> None:
    """Raises ProjectNewer for a format that we do not know."""
    if found > version():
        raise newer(found)


def newer(found: int) -> StudioError:
    return ProjectNewer(
        tr(
            "This project was made with a newer version of Studio (format {format}). Nothing was changed.",
            format=found,
        ),
        tr("Update Studio to open it."),
    )


def make(path: Path, project_uuid: str) -> None:
    """Makes an empty database."""
    database = Database(path, create=True)
    try:
        with database.transaction() as connection:
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            _apply(connection, 0)
            connection.execute("INSERT INTO meta(key, value) VALUES ('uuid', ?)", (project_uuid,))
    finally:
        database.close()


def migrate(database: Database, found: int) -> None:
    """Brings format `found` to ours, in one transaction."""
    # Every row that is copied refers to the job that it referred to before. Off only outside a transaction.
    database.read("PRAGMA foreign_keys=OFF")
    try:
        with database.transaction() as connection:
            _apply(connection, found)
    finally:
        database.read("PRAGMA foreign_keys=ON")


def _apply(connection: sqlite3.Connection, found: int) -> None:
    for step in MIGRATIONS[found:]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version={version()}")
    if seals.has_seals(connection):
        seals.keep_sealed(connection)


def check_objects(database: Database, format: int) -> None:
    """Refuses a database with other tables, triggers or views than its format has: a trigger is code.

    Raises:
        ProjectDamaged
    """
    found = {(row["type"], row["name"], _own_sql(row)) for row in database.read(_OBJECTS)}
    if found != _expected(MIGRATIONS[:format]):
        raise damaged("unexpected or missing tables")


_OBJECTS = "SELECT type, name, sql FROM sqlite_master"


def _own_sql(row: sqlite3.Row) -> str:
    # FTS5 words its own inner tables as it likes, from one version of SQLite to the next.
    return "" if str(row["name"]).startswith("search_") else row["sql"] or ""


@functools.cache
def _expected(migrations: tuple[tuple[str, ...], ...]) -> frozenset[tuple[str, str, str]]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    rows.add_functions(connection)
    seals.add_functions(connection)
    try:
        for step in migrations:
            for statement in step:
                connection.execute(statement)
        return frozenset((row["type"], row["name"], _own_sql(row)) for row in connection.execute(_OBJECTS))
    finally:
        connection.close()
