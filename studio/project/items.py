"""Items: adding, finding, changing, and where each came from."""

from __future__ import annotations

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence

from studio.core.item import Item, JobState
from studio.core.recipe import Recipe
from studio.errors import BadInput, ProjectError
from studio.project import rows
from studio.project.database import Database, damaged
from studio.project.search import Filter, clean_text

LONGEST_NAME = 255

_LIST = "(SELECT value FROM json_each(?))"


class Items:
    """The item table. Every row that it hands out was compared with its seal (see `rows`).

    Raises, wherever it reads: ProjectDamaged for a row that anything but us has changed.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def insert(self, connection: sqlite3.Connection, items: Sequence[Item], prompt: str) -> None:
        """Adds items. A job's items are numbered in their order, so a job cannot be stored twice.

        Raises:
            sqlite3.IntegrityError: a uid, or a job with this position, is there already.
        """
        seen: Counter[str] = Counter()
        for item in items:
            position, recipe = None, None
            if item.job is not None:
                position = seen[item.job]
                seen[item.job] += 1
                row = connection.execute("SELECT recipe FROM job WHERE id = ?", (item.job,)).fetchone()
                recipe = row["recipe"] if row else None
            values = rows.values_of(item, position, clean_text(prompt), recipe, name=clean_name(item.name))
            connection.execute(rows.INSERT, values)

    def find(self, wanted: Filter, limit: int, offset: int) -> list[Item]:
        """Newest first."""
        page, values = wanted.page(limit, offset)
        return self._checked(
            self._db.read(f"{rows.SELECT} WHERE item.id IN ({page}) ORDER BY item.id DESC", values)
        )

    def count(self, wanted: Filter) -> int:
        return int(self._db.read(*wanted.count())[0][0])

    def get(self, uid: str) -> Item:
        """Raises ProjectError if there is none."""
        found = self._where("item.uid = ?", uid)
        if not found:
            raise _absent(uid)
        return found[0]

    def same(self, digest: str, name: str, kind: str) -> Item | None:
        """An item outside the trash with these bytes under this name."""
        where = "item.digest = ? AND item.name = ? AND item.kind = ? AND item.trashed IS NULL LIMIT 1"
        found = self._where(where, digest, name, kind)
        return found[0] if found else None

    def extensions(self, digest: str) -> list[str]:
        """The extensions that items with these bytes have."""
        return [
            row[0] for row in self._db.read("SELECT DISTINCT extension FROM item WHERE digest = ?", (digest,))
        ]

    def recipe(self, uid: str) -> Recipe | None:
        """How an artifact was made; None for an asset. Raises ProjectError if there is no such item."""
        found = self._db.read(f"{rows.SELECT} WHERE item.uid = ?", (uid,))
        if not found:
            raise _absent(uid)
        self._checked(found)
        return None if found[0]["recipe"] is None else Recipe.from_json(found[0]["recipe"])

    def parents(self, uid: str) -> list[Item]:
        """What it was made from, what that was made from, and so on: nearest first."""
        chain: dict[str, Item] = {}
        above = self.get(uid).parent
        while above is not None and above != uid and above not in chain:
            found = self._where("item.uid = ?", above)
            if not found:  # left the trash for good
                break
            chain[above] = found[0]
            above = found[0].parent
        return list(chain.values())

    def children(self, uid: str) -> list[Item]:
        """What was made directly from it, oldest first."""
        return self._where("item.parent = ? ORDER BY item.id", uid)

    def rename(self, uid: str, name: str) -> None:
        """Raises BadInput for an empty name or one of over 255 characters."""
        name = clean_name(name)
        if not name:
            raise BadInput("An item needs a name.", "Type at least one character.")
        self._change([uid], "name = ?", name)

    def set_stars(self, uid: str, stars: int) -> None:
        if not 0 <= stars <= 5:
            raise BadInput(f"{stars} stars cannot be given.", "Give 0 to 5 stars.")
        self._change([uid], "stars = ?", stars)

    def trash(self, uids: Sequence[str]) -> None:
        self._change(uids, "trashed = coalesce(trashed, ?)", time.time())

    def restore(self, uids: Sequence[str]) -> None:
        self._change(uids, "trashed = ?", None)

    def _change(self, uids: Sequence[str], assignment: str, value: object) -> None:
        chosen = json.dumps(list(uids))
        with self._db.transaction() as connection:
            # A row that was damaged must not get a fresh seal.
            self._checked(
                connection.execute(f"{rows.SELECT} WHERE item.uid IN {_LIST}", (chosen,)).fetchall()
            )
            connection.execute(f"UPDATE item SET {assignment} WHERE uid IN {_LIST}", (value, chosen))
            connection.execute(f"UPDATE item SET row_sha = {rows.SEAL} WHERE uid IN {_LIST}", (chosen,))

    def purge(self, trashed_before: float) -> list[tuple[str, str]]:
        """Removes rows that were trashed before then, for good.

        Returns: (digest, extension) of their blobs.
        """
        with self._db.transaction() as connection:
            gone = connection.execute(
                "SELECT DISTINCT digest, extension FROM item WHERE trashed <= ?", (trashed_before,)
            ).fetchall()
            connection.execute("DELETE FROM item WHERE trashed <= ?", (trashed_before,))
        return [tuple(row) for row in gone]

    def unneeded(
        self, connection: sqlite3.Connection, blobs: Sequence[tuple[str, str]]
    ) -> list[tuple[str, str]]:
        """Those of the blobs that no item names, and that are no input of a job that is yet to run."""
        needed = inputs_of_waiting_jobs(connection)
        named = "SELECT 1 FROM item WHERE digest = ? AND extension = ?"
        return [
            blob for blob in blobs if blob[0] not in needed and not connection.execute(named, blob).fetchone()
        ]

    def _where(self, condition: str, *values: object) -> list[Item]:
        return self._checked(self._db.read(f"{rows.SELECT} WHERE {condition}", values))

    def _checked(self, found: list[sqlite3.Row]) -> list[Item]:
        for row in found:
            if not rows.is_sealed(row):
                raise damaged(f"the row of item {row['uid']!a} does not fit its digest")
        return [rows.to_item(row) for row in found]


def _absent(uid: str) -> ProjectError:
    return ProjectError(
        "This item is no longer in the project.", "It may have been removed for good.", ascii(uid)
    )


def inputs_of_waiting_jobs(connection: sqlite3.Connection) -> set[str]:
    """Digests of the files that jobs which are not final will need."""
    waiting = json.dumps([str(state) for state in JobState if not state.is_final])
    found = connection.execute(f"SELECT recipe FROM job WHERE state IN {_LIST}", (waiting,))
    return {digest for row in found for digest in Recipe.from_json(row["recipe"]).inputs.values()}


def clean_name(name: str) -> str:
    """A name as it is stored: see `clean_text`, and at most 255 characters."""
    return clean_text(name)[:LONGEST_NAME].strip()
