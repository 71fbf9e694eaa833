"""Back to a good project from a damaged one: newest good backup, plus everything newer that can be proven.

Nothing is overwritten: the damaged database is kept in `trash/`, and the new one takes its place only when it
is whole. Recovering never starts by itself, so it cannot loop.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from studio.core.item import Origin
from studio.core.kind import STOCK_KINDS, Kinds
from studio.project import (
    backups,
    dump,
    files,
    history,
    layout,
    recovered_jobs,
    rows,
    salvage,
    schema,
    stacks,
)
from studio.project.blobs import NAME, Blobs, digest_of
from studio.project.database import Database, reading
from studio.project.dump import Entry, Shelf
from studio.project.items import clean_name
from studio.project.search import clean_text
from studio.words import tr

_BATCH = "recovered"


@dataclass(frozen=True)
class Plan:
    """What `recover` would go back to."""

    backup: Path | None
    """None: no backup is good, so the project is put together from its text list and its files."""
    made: float | None
    """When the backup's state was current: seconds since 1970-01-01, UTC."""


@dataclass
class Recovery:
    """What came of it."""

    plan: Plan
    aside: Path | None = None
    """The folder with the damaged database."""
    items: int = 0
    from_damaged: int = 0
    """Items newer than the backup whose rows in the damaged database were provably whole."""
    from_list: int = 0
    """Items that only the text list knew."""
    from_files: int = 0
    """Files that nothing knew, now assets."""


def plan(folder: Path) -> Plan:
    """Finds the newest good backup. Reads only."""
    for path in backups.list_backups(folder):
        if backups.is_good(path):
            return Plan(path, path.stat().st_mtime)
    return Plan(None, None)


def recover(folder: Path, kinds: Kinds = STOCK_KINDS) -> Recovery:
    """Replaces a damaged (or missing) database; open the project afterwards.

    `kinds` tells, by their extensions, what files are that nothing else tells of.

    Raises:
        ProjectInUse, ProjectReadOnly, DiskFull: nothing was changed.
    """
    folder = folder.absolute()
    layout.check(folder)
    lock = layout.take_lock(folder)
    try:
        layout.empty(folder / "tmp")
        return _recover(folder, kinds)
    except OSError as error:
        raise files.as_studio_error(error, folder, tr("the recovered project")) from error
    finally:
        layout.empty(folder / "tmp")
        lock.release()


def _recover(folder: Path, kinds: Kinds) -> Recovery:
    recovery = Recovery(plan(folder))
    damaged, part = folder / layout.DATABASE, folder / "tmp" / "recovered.db"
    if recovery.plan.backup:
        shutil.copyfile(recovery.plan.backup, part)
    else:
        schema.make(part, layout.uuid_on_card(folder) or str(uuid.uuid4()))
    database = Database(part)
    try:
        older = schema.format_of(database)
        if older < schema.version():
            schema.migrate(database, older)
        with database.transaction() as connection:
            saved = salvage.Salvage()
            if damaged.is_file():
                saved = salvage.salvage(damaged, folder / "tmp", partial(_recipe_of, connection))
                _add_collections(connection, saved.collections)
                recovered_jobs.bring_back(connection, saved.jobs)
                recovery.from_damaged = _add(connection, sorted(saved.items, key=_age), update=True)
                history.replace(connection, saved.steps)
            if (folder / dump.NAME).is_file():
                listed = list(dump.read(folder / dump.NAME))
                _add_collections(connection, (line for line in listed if isinstance(line, Shelf)))
                recovery.from_list = _add(connection, (line for line in listed if isinstance(line, Entry)))
            recovered_jobs.tell_of_changed(connection, saved.jobs, _BATCH)
            _name_collections(connection)
            unknown = sorted(_unknown_files(connection, Blobs(folder), kinds), key=_age)
            recovery.from_files = _add(connection, unknown)
            recovery.items = connection.execute("SELECT count(*) FROM item").fetchone()[0]
    finally:
        database.close()
    backups.prove(part)
    with part.open("r+b") as file:
        files.sync_file(file.fileno())
    recovery.aside = _set_aside(folder)
    part.replace(damaged)
    files.sync_folder(folder)
    _bring_back_blobs(folder)
    return recovery


def _recipe_of(connection: sqlite3.Connection, job: str) -> str | None:
    row = connection.execute("SELECT recipe FROM job WHERE id = ?", (job,)).fetchone()
    return row["recipe"] if row else None


def _age(entry: Entry) -> tuple[float, int]:
    return entry.created, entry.position


def _unknown_files(connection: sqlite3.Connection, blobs: Blobs, kinds: Kinds) -> Iterator[Entry]:
    """Whole blobs that no item names."""
    named = set(map(tuple, connection.execute("SELECT digest, extension FROM item")))
    for path in blobs.all():
        match = NAME.fullmatch(path.name)
        if match and match.groups() not in named and not path.is_symlink() and digest_of(path) == match[1]:
            status = path.stat()
            yield Entry(
                uid=uuid.uuid4().hex,
                name=tr("Recovered {file}", file=match[1][:8]),
                kind=kinds.of_extension(match[2]),
                origin=Origin.ASSET,
                digest=match[1],
                extension=match[2],
                size=status.st_size,
                created=status.st_mtime,
            )


def _add(connection: sqlite3.Connection, entries: Iterable[Entry], *, update: bool = False) -> int:
    """Adds the entries that are not there, in their order.

    Args:
        update: also take over what changed in those that are there.
    """
    changed = 0
    for entry in entries:
        there = connection.execute(f"{rows.SELECT} WHERE item.uid = ?", (entry.uid,)).fetchone()
        if there is None:
            changed += _insert(connection, entry)
        elif update and (values := _said(entry)) != tuple(there[name] for name in _SAID):
            connection.execute(
                f"UPDATE item SET {', '.join(f'{name} = ?' for name in _SAID)}, sort_name = ? WHERE uid = ?",
                (*values, rows.sort_key(entry.name), entry.uid),
            )
            connection.execute(f"UPDATE item SET row_sha = {rows.SEAL} WHERE uid = ?", (entry.uid,))
            changed += 1
    return changed


_SAID = ("name", "stars", "trashed", "rejected", "label", "tags", "collections")
"""What people say about an item, and may say differently later."""


def _said(entry: Entry) -> tuple[object, ...]:
    item = entry.item()
    return (
        item.name, item.stars, item.trashed, int(item.rejected), item.label, ",".join(item.tags),
        ",".join(item.collections),
    )  # fmt: skip


def _add_collections(connection: sqlite3.Connection, shelves: Iterable[Shelf]) -> None:
    """Adds the collections that are not there."""
    for shelf in shelves:
        name = clean_name(shelf.name)
        seal = rows.seal_collection(shelf.collection, name, shelf.created)
        connection.execute(
            "INSERT OR IGNORE INTO collection(id, name, created, row_sha) VALUES (?, ?, ?, ?)",
            (shelf.collection, name, shelf.created, seal),
        )


def _name_collections(connection: sqlite3.Connection) -> None:
    """Adds the collections that items are in, but that nothing tells of any more: without a name."""
    lost = connection.execute(
        "SELECT DISTINCT collection FROM item_collection WHERE collection NOT IN (SELECT id FROM collection)"
    ).fetchall()
    now = time.time()
    for (id,) in lost:
        _add_collections(connection, [Shelf(collection=id, name="", created=now)])


def _insert(connection: sqlite3.Connection, entry: Entry) -> bool:
    """False for an entry that contradicts what is there; its file will be found as an asset."""
    recipe = entry.recipe.to_json() if entry.recipe else None
    if (entry.origin is Origin.ARTIFACT) != (entry.job is not None and recipe is not None):
        return False
    if entry.job is not None and recipe is not None and not _have_job(connection, entry, entry.job, recipe):
        return False
    position = entry.position if entry.job is not None else None
    values = rows.values_of(
        entry.item(), position, clean_text(entry.prompt), recipe, name=clean_name(entry.name)
    )
    try:
        connection.execute(rows.INSERT, values)
    except sqlite3.IntegrityError:
        return False
    stacks.place(connection, entry.uid)
    return True


def _have_job(connection: sqlite3.Connection, entry: Entry, job: str, recipe: str) -> bool:
    """Whether the artifact's job is there, done, with this recipe; adds it where it is missing."""
    there = connection.execute("SELECT recipe FROM job WHERE id = ?", (job,)).fetchone()
    if there is None:
        ran, now = entry.ran, time.time()
        connection.execute(
            "INSERT OR IGNORE INTO batch(id, title, created) VALUES (?, ?, ?)", (_BATCH, tr("Recovered"), now)
        )
        connection.execute(
            "INSERT INTO job(id, batch, position, state, title, recipe, env, created, finished, seconds,"
            " peak_memory, attempts) VALUES (?, ?, 0, 'done', ?, ?, ?, ?, ?, ?, ?, 1)",
            (job, _BATCH, ran.title or entry.name, recipe, ran.env, ran.created or entry.created,
             ran.finished or entry.created, ran.seconds, ran.peak_memory),
        )  # fmt: skip
        return True
    if there["recipe"] != recipe:
        return False
    # In the backup it may still be waiting; it must not run a second time.
    connection.execute(
        "UPDATE job SET state = 'done', finished = coalesce(finished, ?) WHERE id = ? AND state <> 'done'",
        (entry.created, job),
    )
    return True


def _set_aside(folder: Path) -> Path | None:
    """Copies the damaged database into `trash/` and removes its journal, which must not meet the new one."""
    damaged = folder / layout.DATABASE
    journal = damaged.with_name(damaged.name + "-journal")
    found = [path for path in (damaged, journal) if path.is_file()]
    if not found:
        return None
    aside = folder / "trash" / f"damaged-{time.strftime('%Y-%m-%dT%H-%M-%S')}-{uuid.uuid4().hex[:4]}"
    aside.mkdir()
    for path in found:
        shutil.copyfile(path, aside / path.name)
        with (aside / path.name).open("r+b") as file:
            files.sync_file(file.fileno())
    files.sync_folder(aside)
    files.sync_folder(aside.parent)
    journal.unlink(missing_ok=True)
    return aside


def _bring_back_blobs(folder: Path) -> None:
    """A blob may have gone to the trash since the backup was made."""
    blobs = Blobs(folder)
    with reading(folder / layout.DATABASE) as connection:
        for path in list((folder / "trash").iterdir()):
            match = NAME.fullmatch(path.name)
            query = "SELECT 1 FROM item WHERE digest = ? AND extension = ?"
            if match and connection.execute(query, match.groups()).fetchone():
                blobs.bring_back(match[1], match[2])
