"""What is checked before a project's database is used."""

from __future__ import annotations

from pathlib import Path

from studio.errors import ProjectReadOnly
from studio.project import backups, layout, schema
from studio.project.database import Database, damaged
from studio.project.items import Items
from studio.project.query import Query

PROVE_UP_TO = 8_000_000
"""Bytes of a database that is proven whole while it opens."""


def connect(folder: Path, *, read_only: bool, prove: bool) -> Database:
    """The database, in our format, with everything checked that opening checks."""
    path = folder / layout.DATABASE
    if not path.is_file():
        raise damaged("project.db is missing")
    database = Database(path, read_only=read_only)
    try:
        found = schema.format_of(database)
        if found < schema.version():
            if read_only:
                raise ProjectReadOnly(
                    "This project has an older format, which has to be updated first.",
                    "Open it normally once; a backup is made before that.",
                )
            backups.back_up(path, folder)
            schema.migrate(database, found)
        if not read_only:
            # It is the default; this only undoes what another program may have set for good.
            database.read("PRAGMA journal_mode=DELETE")
        schema.check_objects(database)
        backups.check_count(*database.read(backups.COUNTS)[0])
        Items(database).find(Query(), limit=200, offset=0)
        if prove and path.stat().st_size <= PROVE_UP_TO:
            backups.prove(path)
        return database
    except BaseException:
        database.close()
        raise


def uuid_of(database: Database) -> str:
    found = database.read("SELECT value FROM meta WHERE key = 'uuid'")
    if not found:
        raise damaged("it has no uuid")
    return str(found[0][0])
