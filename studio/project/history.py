"""Undo and redo, kept in the project: over restarts, crashes and copies.

A step is a title and the edits it is made of: which rows had which values, and have which now. Doing, undoing
and doing again are one function with the two exchanged. It touches a row only where that is still as the step
left it, so nothing that happened since (a job has started, an item is gone for good) is ever overwritten.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import string
import time
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from studio.errors import ProjectError, StudioError
from studio.project import rows, watch
from studio.project.database import Database, damaged
from studio.words import mark, tr, trn

KEEP = 100
"""Steps."""
MOST_BYTES = 32_000_000
"""Of all steps together; the oldest go first, but never the newest."""

Values = Mapping[str, Any]


class Changed(Struct, frozen=True):
    """What a change has touched, for everyone who shows it."""

    items: frozenset[str] = frozenset()
    """uids."""
    collections: bool = False
    """Collections came, went or have other names, or hold other items."""
    order: bool = False
    """`Project.order` may give something else now."""
    jobs: frozenset[str] = frozenset()
    """Ids."""
    fields: frozenset[str] = frozenset()
    """Columns of items that changed: name, stars, label, rejected, tags, collections, trashed, top, fresh."""


class Title(Struct, frozen=True):
    """What a step did, in English, to be translated whenever it is shown."""

    one: str
    many: str = ""
    """For a `count` other than 1, where that matters."""
    count: int = 1
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        if self.many:
            return trn(self.one, self.many, self.count, **self.values)
        return tr(self.one, **self.values)


class Edit(Struct, frozen=True):
    """Rows of one table that change in the same way.

    `before` and `after` hold the columns that change; None where the row is not there. An item's `trashed` is
    0 or 1 here: each time that it goes to the trash is a new one.
    """

    table: str
    keys: Sequence[str]
    before: Values | None
    after: Values | None


class PartlyDoneError(ProjectError):
    """A step was undone or done again as far as possible; `changed` tells what it touched all the same."""

    def __init__(self, message: str, hint: str, changed: Changed) -> None:
        super().__init__(message, hint)
        self.changed = changed


_KEY = {"item": "uid", "job": "id", "collection": "id"}
_COLUMNS = {
    "item": frozenset(("name", "stars", "trashed", "rejected", "label", "tags", "collections", "top")),
    "job": frozenset(("state", "position", "error", "started", "finished", "seconds", "peak_memory")),
    "collection": frozenset(("name", "created")),
}
_LIST = "(SELECT value FROM json_each(?))"


class History:
    """The steps of one project. All of it may be called from any thread."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def undo_title(self) -> str | None:
        """What `undo` would take back, in the current language; None if there is nothing.

        Raises ProjectDamaged.
        """
        return self._title(undone=False)

    @property
    def redo_title(self) -> str | None:
        """What `redo` would do again. Raises ProjectDamaged."""
        return self._title(undone=True)

    def size(self, *, undone: bool) -> int:
        """Bytes of the step that `undo` takes back, or of the one that `redo` does again; 0 if there is none.

        A large one takes seconds. Raises ProjectDamaged.
        """
        row = self._next(undone=undone, columns=f"{_SEALED}, length(edits) AS size")
        return int(row["size"]) if row is not None else 0

    def do(self, title: Title, edits: Sequence[Edit]) -> Changed:
        """Makes a change and remembers it, both or neither; where nothing changes there is no step."""
        edits = [edit for edit in edits if edit.keys and edit.before != edit.after]
        with self._db.transaction() as connection:
            with watch.part(0, 0.95):
                changed, _ = _apply(connection, edits, back=False)
            if edits:
                self.record(connection, title, edits)
        return changed

    def record(self, connection: sqlite3.Connection, title: Title, edits: Sequence[Edit]) -> None:
        """Remembers a change that this transaction has made. What was undone cannot be done again then."""
        packed = zlib.compress(json.dumps([_plain(edit) for edit in edits]).encode(), 1)
        text = json.dumps([title.one, title.many, title.count, dict(title.values)], ensure_ascii=False)
        connection.execute("DELETE FROM step WHERE undone")
        newest = connection.execute("SELECT coalesce(max(id), 0) FROM step").fetchone()[0]
        self._write(connection, newest + 1, text, packed)
        sizes = connection.execute("SELECT id, length(edits) FROM step ORDER BY id DESC").fetchall()
        total = 0
        for number, (id, size) in enumerate(sizes):
            total += size
            if number and (number >= KEEP or total > MOST_BYTES):
                connection.execute("DELETE FROM step WHERE id <= ?", (id,))
                break

    def undo(self) -> Changed:
        """Takes the last step back.

        Raises:
            StudioError: there is none. PartlyDoneError: see there. ProjectDamaged: it was altered.
        """
        return self._turn(back=True)

    def redo(self) -> Changed:
        """Does the step again that was undone last. Raises as `undo` does."""
        return self._turn(back=False)

    def _turn(self, *, back: bool) -> Changed:
        with self._db.transaction() as connection:
            row = self._next(undone=not back, columns="*")
            if row is None:
                raise StudioError(
                    tr("There is nothing to undo.") if back else tr("There is nothing to do again."),
                    tr("Every change to this project is listed here once it was made."),
                )
            if not is_sealed(row):
                raise damaged(f"step {row['id']} does not fit its digest")
            edits = _edits(row["edits"])
            changed, missed = _apply(connection, edits, back=back)
            connection.execute("UPDATE step SET undone = ? WHERE id = ?", (int(back), row["id"]))
            _seal(connection, row["id"])
        if missed:
            raise PartlyDoneError(*_told(missed, _title_of(row), back=back), changed)
        return changed

    def _title(self, *, undone: bool) -> str | None:
        row = self._next(undone=undone, columns=_SEALED)
        return None if row is None else str(_title_of(row))

    def _next(self, *, undone: bool, columns: str) -> sqlite3.Row | None:
        order = "id" if undone else "id DESC"
        found = self._db.read(
            f"SELECT {columns} FROM step WHERE undone = ? ORDER BY {order} LIMIT 1", (int(undone),)
        )
        if found and _sha(found[0]) != found[0]["row_sha"]:
            raise damaged(f"step {found[0]['id']} does not fit its digest")
        return found[0] if found else None

    def _write(self, connection: sqlite3.Connection, id: int, title: str, packed: bytes) -> None:
        connection.execute(
            "INSERT INTO step(id, title, edits, edits_sha, created, row_sha) VALUES (?, ?, ?, ?, ?, '')",
            (id, title, packed, hashlib.sha256(packed).hexdigest(), time.time()),
        )
        _seal(connection, id)


_SEALED = "id, title, edits_sha, undone, created, row_sha"


ROW = ("id", "title", "edits", "edits_sha", "undone", "created", "row_sha")


def is_sealed(row: sqlite3.Row) -> bool:
    """Whether a whole row of the table step is as we wrote it."""
    edits = row["edits"]
    whole = isinstance(edits, bytes) and hashlib.sha256(edits).hexdigest() == row["edits_sha"]
    return whole and _sha(row) == row["row_sha"]


def replace(connection: sqlite3.Connection, steps: Sequence[tuple[object, ...]]) -> None:
    """Puts the rows of another database's history (`ROW`) in the place of this one's, if there are any."""
    if steps:
        connection.execute("DELETE FROM step")
        marks = ", ".join("?" * len(ROW))
        connection.executemany(f"INSERT INTO step({', '.join(ROW)}) VALUES ({marks})", steps)


def _sha(row: sqlite3.Row) -> str:
    values = (row["id"], row["title"], row["edits_sha"], row["undone"], row["created"])
    return hashlib.sha256("\0".join(map(str, values)).encode()).hexdigest()


def _seal(connection: sqlite3.Connection, id: int) -> None:
    row = connection.execute(f"SELECT {_SEALED} FROM step WHERE id = ?", (id,)).fetchone()
    connection.execute("UPDATE step SET row_sha = ? WHERE id = ?", (_sha(row), id))


def _title_of(row: sqlite3.Row) -> Title:
    try:
        one, many, count, values = json.loads(row["title"])
        # Names only: a stranger's project must not make us look into objects, or write a billion blanks.
        names = {*values, *(["count"] if many else [])}
        for text in (one, many):
            for _, name, form, conversion in string.Formatter().parse(text):
                if name is not None and (form or conversion or name not in names):
                    raise ValueError("it has places that nothing fills")
        return Title(one, many, int(count), {str(name): value for name, value in values.items()})
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(f"the title of step {row['id']}") from error


def _plain(edit: Edit) -> list[Any]:
    return [edit.table, list(edit.keys), edit.before, edit.after]


def _edits(packed: bytes) -> list[Edit]:
    """Raises ProjectDamaged for what we would not have written: names in it become SQL."""
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, 20 * MOST_BYTES)
        edits = [Edit(table, list(map(str, keys)), b, a) for table, keys, b, a in json.loads(text)]
        for edit in edits:
            for values in (edit.before, edit.after):
                if values is not None and not _COLUMNS[edit.table].issuperset(values):
                    raise ValueError("a column that no step changes")
            if edit.before is not None and edit.after is not None and edit.before.keys() != edit.after.keys():
                raise ValueError("other columns before than after")
        return edits
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, zlib.error) as error:
        raise damaged(f"the edits of a step: {error!a}") from error


def _apply(
    connection: sqlite3.Connection, edits: Sequence[Edit], *, back: bool
) -> tuple[Changed, dict[str, int]]:
    """Takes rows from `before` to `after`, or `back`. Returns what changed, and per table what could not."""
    items: set[str] = set()
    jobs: set[str] = set()
    fields: set[str] = set()
    collections = False
    missed: dict[str, int] = {}
    whole, so_far = max(1, sum(len(edit.keys) for edit in edits)), 0
    for edit in reversed(edits) if back else edits:
        now, then = (edit.after, edit.before) if back else (edit.before, edit.after)
        done: list[str] = []
        try:
            with watch.part(so_far / whole, (so_far + len(edit.keys)) / whole):
                for keys in watch.chunks(edit.keys):
                    done += _change(connection, edit.table, keys, now, then)
            so_far += len(edit.keys)
        except sqlite3.IntegrityError as error:
            raise damaged(f"a step has a value that cannot be: {error!a}") from error
        if len(done) < len(edit.keys):
            missed[edit.table] = missed.get(edit.table, 0) + len(edit.keys) - len(done)
        if edit.table == "item" and done:
            items.update(done)
            fields.update(edit.after or ())
        jobs.update(done if edit.table == "job" else ())
        collections |= bool(done) and (edit.table == "collection" or "collections" in (edit.after or ()))
    changed = Changed(frozenset(items), collections, bool(items), frozenset(jobs), frozenset(fields))
    return changed, missed


def _change(
    connection: sqlite3.Connection, table: str, keys: Sequence[str], now: Values | None, then: Values | None
) -> list[str]:
    """Brings the rows that are as `now` says to what `then` says; returns their keys."""
    key = _KEY[table]
    if now is None:
        assert then is not None
        return [id for id in keys if _insert(connection, table, id, then)]
    fitting = "".join(f" AND {_state(table, name)} IS ?" for name in now)
    chosen = (json.dumps(list(keys)), *now.values())
    where = f"{table}.{key} IN {_LIST}{fitting}"
    if table == "item":
        found = connection.execute(f"{rows.SELECT} WHERE {where}", chosen).fetchall()
        for row in found:
            if not rows.is_sealed(row):  # a row that was damaged must not get a fresh seal
                raise damaged(f"the row of item {row['uid']!a} does not fit its digest")
    else:
        found = connection.execute(f"SELECT {key} FROM {table} WHERE {where}", chosen).fetchall()
    done = [row[key] for row in found]
    if not done:
        return []
    these = f"{key} IN {_LIST}"
    if then is None:
        connection.execute(f"DELETE FROM {table} WHERE {these}", (json.dumps(done),))
        return done
    sets = ", ".join(f"{name} = ?" for name in then)
    values = [_stored(table, name, value) for name, value in then.items()]
    connection.execute(f"UPDATE {table} SET {sets} WHERE {these}", (*values, json.dumps(done)))
    if table == "item":
        if "name" in then:
            connection.execute(
                f"UPDATE item SET sort_name = sort_key(name) WHERE {these}", (json.dumps(done),)
            )
        connection.execute(f"UPDATE item SET row_sha = {rows.SEAL} WHERE {these}", (json.dumps(done),))
    elif table == "collection":
        connection.execute(
            f"UPDATE collection SET row_sha = {rows.COLLECTION_SEAL} WHERE {these}", (json.dumps(done),)
        )
    return done


def _insert(connection: sqlite3.Connection, table: str, id: str, values: Values) -> bool:
    if table != "collection":
        raise damaged(f"a step adds a row to {table}")
    cursor = connection.execute(
        "INSERT OR IGNORE INTO collection(id, name, created, row_sha) VALUES (?, ?, ?, ?)",
        (id, values["name"], values["created"], rows.seal_collection(id, values["name"], values["created"])),
    )
    return cursor.rowcount == 1


def _state(table: str, name: str) -> str:
    """In SQL: a column as edits tell it."""
    return "(item.trashed IS NOT NULL)" if (table, name) == ("item", "trashed") else f"{table}.{name}"


def _stored(table: str, name: str, value: object) -> object:
    if (table, name) == ("item", "trashed"):
        return time.time() if value else None
    return value


def _told(missed: Mapping[str, int], title: Title, *, back: bool) -> tuple[str, str]:
    what = (
        tr("“{title}” was undone, but not everywhere.", title=title)
        if back
        else tr("“{title}” was done again, but not everywhere.", title=title)
    )
    why = _WHY["job"] if missed.get("job") else _WHY["item"]
    return what, tr(why)


_WHY = {
    "item": mark("Some of its items or collections are no longer in this project, or have changed since."),
    "job": mark("Some of its jobs have started, ended or moved since."),
}
