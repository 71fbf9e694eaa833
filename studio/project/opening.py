"""What is checked before a project's database is used."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from studio.project import backups, files, layout, schema
from studio.project.database import Database, damaged, reading, uri
from studio.project.items import Items
from studio.project.query import Query
from studio.words import tr

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
        schema.check_objects(database, found)
        if found < schema.version():
            if read_only:
                database.close()
                database = _updated_copy(path, found)
                path = database.path
            else:
                backups.back_up(path, folder)
                schema.migrate(database, found)
            schema.check_objects(database, schema.version())
        if not read_only:
            # It is the default; this only undoes what another program may have set for good.
            database.read("PRAGMA journal_mode=DELETE")
        backups.check_count(*database.read(backups.COUNTS)[0])
        Items(database).find(Query(), limit=200, offset=0)
        if prove and path.stat().st_size <= PROVE_UP_TO:
            backups.prove(path)
        return database
    except BaseException:
        database.close()
        raise


def _updated_copy(path: Path, found: int) -> Database:
    """A copy in our format, in this system's folder for such, of an older database that must stay as it is.

    Raises DiskFull, or as `Database` does.
    """
    try:
        scratch = TemporaryDirectory(prefix="studio-", ignore_cleanup_errors=True)
    except OSError as error:
        raise files.as_studio_error(error, Path(gettempdir()), tr("a copy of this older project")) from error
    try:
        copy = Path(scratch.name) / layout.DATABASE
        with reading(path) as connection:
            connection.execute("VACUUM INTO ?", (uri(copy, "rwc"),))
        database = Database(copy)
        try:
            schema.migrate(database, found)
        finally:
            database.close()
        return Database(copy, read_only=True, scratch=scratch)
    except BaseException:
        scratch.cleanup()
        raise


def uuid_of(database: Database) -> str:
    found = database.read("SELECT value FROM meta WHERE key = 'uuid'")
    if not found:
        raise damaged("it has no uuid")
    return str(found[0][0])
