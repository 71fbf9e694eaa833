"""Items: adding, finding, changing, and where each came from."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence

from studio.core.item import Item, JobState
from studio.core.kind import KIND_ID
from studio.core.recipe import Recipe
from studio.errors import ProjectError
from studio.project import rows, stacks, watch
from studio.project.database import Database, damaged
from studio.project.query import Query
from studio.project.search import Search, clean_text
from studio.words import tr

LONGEST_NAME = 255

_LIST = "(SELECT value FROM json_each(?))"
_CAME_LAST = 1000
"""Items that are looked through for what was worked on lately, so that a large project takes no longer."""


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
            if item.job is not None:
                stacks.place(connection, item.uid, is_new=True)

    def search(self, query: Query) -> Search:
        """A query that knows this project's tags and collections."""
        return Search(query, self.tags_like, self._collections_like)

    def find(self, query: Query, limit: int, offset: int) -> list[Item]:
        """Newest first."""
        page, values = self.search(query).page(limit, offset)
        return self._checked(
            self._db.read(f"{rows.SELECT} WHERE item.id IN ({page}) ORDER BY item.id DESC", values)
        )

    def newest_of_stacks(self, limit: int) -> list[tuple[Item, int]]:
        """The newest item of each stack, with how many lie in it, newest first; of those that came last."""
        page, values = self.search(Query()).page(_CAME_LAST, 0)
        found = self._db.read(
            f"SELECT max(id), count(*) FROM item WHERE id IN ({page})"
            " GROUP BY ifnull(stack, -id) ORDER BY 1 DESC LIMIT ?",
            (*values, limit),
        )
        sizes = {row[0]: row[1] for row in found}
        return [(item, sizes[id]) for id in sizes for item in self.rows([id])]

    def count(self, query: Query) -> int:
        return int(self._db.read(*self.search(query).count())[0][0])

    def rows(self, ids: Sequence[int]) -> list[Item]:
        """The items with these row ids, in this order; those that are gone are left out."""
        chosen = json.dumps(list(ids))
        select = rows.SELECT.replace(" FROM ", ", item.id AS row FROM ")
        found = self._db.read(f"{select} WHERE item.id IN {_LIST}", (chosen,))
        items = dict(zip((row["row"] for row in found), self._checked(found), strict=True))
        return [items[id] for id in ids if id in items]

    def newest_id(self) -> int:
        """The highest row id, 0 without items: no fewer than there are items."""
        return int(self._db.read("SELECT ifnull(max(id), 0) FROM item")[0][0])

    def id_of(self, uid: str) -> int | None:
        """Its row id; None if there is no such item."""
        found = self._db.read("SELECT id FROM item WHERE uid = ?", (uid,))
        return found[0][0] if found else None

    def seeds(self, ids: Sequence[int]) -> dict[int, int]:
        """By row id, the seeds of those that were made with one."""
        sql = f"SELECT id, seed FROM item WHERE seed IS NOT NULL AND id IN {_LIST}"
        return {row[0]: row[1] for row in self._db.read(sql, (json.dumps(list(ids)),))}

    def fresh(self) -> frozenset[int]:
        """The row ids of the results that nobody has looked at yet."""
        return frozenset(row[0] for row in self._db.read("SELECT id FROM item WHERE fresh"))

    def uids(self, ids: Sequence[int]) -> list[str]:
        """Their uids, in this order; those that are gone are left out."""
        found = self._db.read(f"SELECT id, uid FROM item WHERE id IN {_LIST}", (json.dumps(list(ids)),))
        uids = {row[0]: row[1] for row in found}
        return [uids[id] for id in ids if id in uids]

    def looks(self, after: int, limit: int) -> list[tuple[int, str, str]]:
        """(row id, kind, digest) of the next items after a row id: what tells how each looks."""
        sql = "SELECT id, kind, digest FROM item WHERE id > ? ORDER BY id LIMIT ?"
        return [(row[0], str(row[1]), str(row[2])) for row in self._db.read(sql, (after, limit))]

    def total_size(self, ids: Sequence[int]) -> int:
        """Bytes of the items with these row ids together."""
        chosen = json.dumps(list(ids))
        return int(
            self._db.read(f"SELECT ifnull(sum(size), 0) FROM item WHERE id IN {_LIST}", (chosen,))[0][0]
        )

    def kinds(self) -> list[str]:
        """The kinds of its items outside the trash, in the order of the alphabet."""
        return [
            row[0] for row in self._db.read("SELECT DISTINCT kind FROM item WHERE trashed IS NULL ORDER BY 1")
        ]

    def tags(self) -> list[tuple[str, int]]:
        """Every tag, with how many items outside the trash have it, in the order of the alphabet."""
        found = self._db.read(
            "SELECT tag, count(*) FROM item_tag CROSS JOIN item ON item.id = item_tag.item"
            " WHERE item.trashed IS NULL GROUP BY tag"
        )
        return sorted(((row[0], row[1]) for row in found), key=lambda tag: rows.sort_key(tag[0]))

    def tags_like(self, name: str) -> list[str]:
        """How a tag is spelled here, whatever its case."""
        wanted = clean_text(name).casefold()
        found = self._db.read("SELECT DISTINCT tag FROM item_tag")
        return [row[0] for row in found if row[0].casefold() == wanted]

    def _collections_like(self, name: str) -> list[str]:
        """The ids of the collections of this name, whatever its case, or the one with this id."""
        wanted = clean_text(name).casefold()
        found = self._db.read("SELECT id, name FROM collection")
        return [row[0] for row in found if wanted in (row[0], rows.collection_name(*row).casefold())]

    def get(self, uid: str) -> Item:
        """Raises ProjectError if there is none."""
        found = self._where("item.uid = ?", uid)
        if not found:
            raise _absent(uid)
        return found[0]

    def named(self, uids: Sequence[str]) -> Iterator[Item]:
        """The items with these uids, each once, as they came in; those that are gone are left out.

        They are read in parts (see `watch`): a hundred thousand of them never exist at once.
        """
        order = f"SELECT id FROM item WHERE uid IN {_LIST} ORDER BY id"
        ids = [row[0] for row in self._db.read(order, (json.dumps(list(uids)),))]
        for some in watch.chunks(ids):
            yield from self._where(f"item.id IN {_LIST} ORDER BY item.id", json.dumps(some))

    def same(self, digest: str, name: str, kind: str) -> Item | None:
        """An item outside the trash with these bytes under this name."""
        where = "item.digest = ? AND item.name = ? AND item.kind = ? AND item.trashed IS NULL LIMIT 1"
        found = self._where(where, digest, name, kind)
        return found[0] if found else None

    def with_digest(self, digest: str) -> list[Item]:
        """All items with these bytes, those outside the trash first, then the oldest first."""
        return self._where("item.digest = ? ORDER BY item.trashed IS NOT NULL, item.id", digest)

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

    def results_of(self, batch: str) -> list[Item]:
        """What a batch has made, oldest first; nothing while one of its jobs is not final."""
        waiting = json.dumps([str(state) for state in JobState if not state.is_final])
        open_job = f"SELECT 1 FROM job WHERE batch = ? AND state IN {_LIST} LIMIT 1"
        if self._db.read(open_job, (batch, waiting)):
            return []
        jobs = "item.job IN (SELECT id FROM job WHERE batch = ?)"
        return self._where(f"{jobs} AND item.trashed IS NULL ORDER BY item.id", batch)

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
            if not KIND_ID.match(row["kind"]):
                raise damaged(f"item {row['uid']!a} is of the kind {row['kind']!a}")
        return [rows.to_item(row) for row in found]


def _absent(uid: str) -> ProjectError:
    return ProjectError(
        tr("This item is no longer in the project."), tr("It may have been removed for good."), ascii(uid)
    )


def inputs_of_waiting_jobs(connection: sqlite3.Connection) -> set[str]:
    """Digests of the files that jobs which are not final will need."""
    waiting = json.dumps([str(state) for state in JobState if not state.is_final])
    found = connection.execute(f"SELECT recipe FROM job WHERE state IN {_LIST}", (waiting,))
    return {digest for row in found for digest in Recipe.from_json(row["recipe"]).inputs.values()}


LONGEST_TAG = 60


def clean_tag(tag: str) -> str:
    """A tag as it is stored: one line, without the signs that lists of tags and searches are made of."""
    return " ".join(re.sub(r'[,"\x00-\x1f\x7f]', " ", clean_text(tag)).split())[:LONGEST_TAG].strip()


def clean_name(name: str) -> str:
    """A name as it is stored: see `clean_text`, and at most 255 characters."""
    return clean_text(name)[:LONGEST_NAME].strip()
