"""What people do to items and collections. Each is one step that can be undone (see history.py)."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from studio.core.item import Item, Label
from studio.errors import BadInput, StudioError
from studio.project import rows, watch
from studio.project.database import Database, damaged
from studio.project.history import Changed, Edit, History, Title, Values
from studio.project.items import Items, clean_name, clean_tag
from studio.words import mark, mark_many, tr

_LIST = "(SELECT value FROM json_each(?))"


class Collection(Struct, frozen=True):
    """Items that a person put together under a name."""

    id: str
    name: str
    count: int
    """Items in it that are not in the trash."""


class NewAsset(Struct, frozen=True):
    """A file to bring in; without a name it gets the file's."""

    source: Path
    kind: str
    name: str = ""


class Added(Changed, frozen=True):
    """What became of files that were brought in."""

    assets: tuple[Item, ...] = ()
    """In the order of the files, also those that were there before."""
    refused: tuple[tuple[NewAsset, StudioError], ...] = ()


class Changes:
    """Raises, wherever it writes: ProjectReadOnly, DiskFull, ProjectDamaged. Unknown uids are left out."""

    def __init__(self, database: Database, items: Items, history: History) -> None:
        self.db = database
        self.history = history
        self._items = items

    def rename(self, uid: str, name: str) -> Changed:
        """Raises BadInput for an empty name."""
        name = clean_name(name)
        if not name:
            raise BadInput(tr("An item needs a name."), tr("Type at least one character."))
        title = Title(mark("Rename “{name}” to “{new}”"), values={"new": name})
        return self._each([uid], title, lambda item: {"name": name}, "name")

    def set_stars(self, uids: Sequence[str], stars: int) -> Changed:
        """0 to 5."""
        if not 0 <= stars <= 5:
            raise BadInput(tr("{stars} stars cannot be given.", stars=stars), tr("Give 0 to 5 stars."))
        return self._each(uids, _titled(_RATE), lambda item: {"stars": stars}, "stars")

    def set_label(self, uids: Sequence[str], label: Label) -> Changed:
        return self._each(uids, _titled(_LABEL), lambda item: {"label": str(label)}, "label")

    def set_rejected(self, uids: Sequence[str], rejected: bool) -> Changed:
        title = _titled(_REJECT if rejected else _ACCEPT)
        return self._each(uids, title, lambda item: {"rejected": int(rejected)}, "rejected")

    def add_tags(self, uids: Sequence[str], tags: Sequence[str]) -> Changed:
        """A tag is the same whatever its case, and keeps the spelling that it first had in the project.

        Raises BadInput for an empty tag.
        """
        with self.db.transaction():
            spelled = [(self._items.tags_like(tag) or [tag])[0] for tag in map(_clean_tag, tags)]

            def tagged(item: Item) -> Values:
                found = list(item.tags)
                for tag in spelled:
                    if tag.casefold() not in {there.casefold() for there in found}:
                        found.append(tag)
                return {"tags": ",".join(found)}

            return self._each(uids, _titled(_TAG), tagged, "tags")

    def remove_tags(self, uids: Sequence[str], tags: Sequence[str]) -> Changed:
        gone = {_clean_tag(tag).casefold() for tag in tags}

        def untagged(item: Item) -> Values:
            return {"tags": ",".join(tag for tag in item.tags if tag.casefold() not in gone)}

        return self._each(uids, _titled(_UNTAG), untagged, "tags")

    def put_on_top(self, uid: str) -> Changed:
        """Lets a result lie on top of its stack; nothing changes where it has none."""
        with self.db.transaction():
            edits = self._on_top(uid)
            name = self._items.get(uid).name if edits else ""
            return self.history.do(Title(mark("Put “{name}” on top"), values={"name": name}), edits)

    def pick(self, uids: Sequence[str]) -> Changed:
        """No longer rejected, and at least one star; one alone lies on top of its stack then. One step."""
        with self.db.transaction():
            items = list(self._items.named(uids))
            unrated = [item.uid for item in items if not item.stars]
            with watch.part(0, 0.4):
                edits = [
                    *self._edits(uids, lambda item: {"rejected": 0}, "rejected"),
                    *self._edits(unrated, lambda item: {"stars": 1}, "stars"),
                    *(self._on_top(items[0].uid) if len(items) == 1 else ()),
                ]
            name = items[0].name if items else ""
            with watch.part(0.4, 1):
                return self.history.do(Title(*_PICK, len(items), {"name": name}), edits)

    def _on_top(self, uid: str) -> list[Edit]:
        """None where it lies there already, or alone."""
        beside = (
            "SELECT other.uid, other.top FROM item JOIN item AS other ON other.stack = item.stack"
            " WHERE item.uid = ?"
        )
        top = {row[0]: row[1] for row in self.db.read(beside, (uid,))}
        if len(top) < 2 or top[uid]:
            return []
        above = [other for other, is_on_top in top.items() if is_on_top]
        return [Edit("item", above, {"top": 1}, {"top": 0}), Edit("item", [uid], {"top": 0}, {"top": 1})]

    def seen(self, uids: Sequence[str]) -> Changed:
        """These results are new no longer. It is no step that can be undone."""
        with self.db.transaction() as connection:
            fresh = f"SELECT uid FROM item WHERE fresh AND uid IN {_LIST}"
            found = [row[0] for row in connection.execute(fresh, (json.dumps(list(uids)),))]
            connection.execute(f"UPDATE item SET fresh = 0 WHERE uid IN {_LIST}", (json.dumps(found),))
        return Changed(items=frozenset(found), fields=frozenset(("fresh",)))

    def trash(self, uids: Sequence[str]) -> Changed:
        return self._each(uids, _titled(_TRASH), lambda item: {"trashed": 1}, "trashed")

    def restore(self, uids: Sequence[str]) -> Changed:
        return self._each(uids, _titled(_RESTORE), lambda item: {"trashed": 0}, "trashed")

    def added(self, items: Sequence[Item]) -> Changed:
        """Remembers items that were just brought in: undoing moves them to the trash."""
        if not items:
            return Changed()
        uids = [item.uid for item in items]
        title = Title(*_ADD, len(items), {"name": items[0].name})
        with self.db.transaction() as connection:
            self.history.record(connection, title, [Edit("item", uids, {"trashed": 1}, {"trashed": 0})])
        return Changed(items=frozenset(uids), order=True)

    # --- collections ----------------------------------------------------------------------------------------

    def collections(self) -> list[Collection]:
        """In the order of their names."""
        found = self.db.read(
            "SELECT id, name, created, row_sha, (SELECT count(*) FROM item_collection CROSS JOIN item"
            " ON item.id = item_collection.item WHERE item_collection.collection = collection.id"
            " AND item.trashed IS NULL) AS count FROM collection"
        )
        for row in found:
            if rows.seal_collection(row["id"], row["name"], row["created"]) != row["row_sha"]:
                raise damaged(f"the row of collection {row['id']!a} does not fit its digest")
        every = [
            Collection(row["id"], rows.collection_name(row["id"], row["name"]), row["count"]) for row in found
        ]
        return sorted(every, key=lambda collection: (rows.sort_key(collection.name), collection.id))

    def collections_of(self, uid: str) -> list[str]:
        """The names of the collections that an item is in, in their order."""
        found = self.db.read(
            "SELECT collection.id, collection.name FROM item"
            " JOIN item_collection ON item_collection.item = item.id"
            " JOIN collection ON collection.id = item_collection.collection WHERE item.uid = ?",
            (uid,),
        )
        return sorted((rows.collection_name(*row) for row in found), key=rows.sort_key)

    def make_collection(self, name: str, uids: Sequence[str] = ()) -> tuple[Changed, str]:
        """Makes a collection, with these items in it. Also returns its id.

        Raises BadInput for an empty name, or one that another collection has.
        """
        with self.db.transaction():
            name = self._free_name(name)
            id = uuid.uuid4().hex
            edits = [Edit("collection", [id], None, {"name": name, "created": time.time()})]
            with watch.part(0, 0.4):
                edits += self._edits(uids, lambda item: _put_into(item, id), "collections")
            title = Title(mark("New collection “{name}”"), values={"name": name})
            with watch.part(0.4, 1):
                return self.history.do(title, edits), id

    def rename_collection(self, id: str, name: str) -> Changed:
        """Raises BadInput as `make_collection` does, or if there is no such collection."""
        with self.db.transaction():
            old = self._collection(id)
            name = self._free_name(name, but=id)
            title = Title(
                mark("Rename collection “{name}” to “{new}”"), values={"name": old.name, "new": name}
            )
            before = self.db.read("SELECT name FROM collection WHERE id = ?", (id,))[0][0]
            return self.history.do(title, [Edit("collection", [id], {"name": before}, {"name": name})])

    def remove_collection(self, id: str) -> Changed:
        """Its items stay in the project. Raises BadInput if there is no such collection."""
        with self.db.transaction():
            old = self._collection(id)
            row = dict(self.db.read("SELECT name, created FROM collection WHERE id = ?", (id,))[0])
            with watch.part(0, 0.4):
                edits = self._edits(self._members(id), lambda item: _taken_from(item, id), "collections")
            edits.append(Edit("collection", [id], row, None))
            title = Title(mark("Remove collection “{name}”"), values={"name": old.name})
            with watch.part(0.4, 1):
                return self.history.do(title, edits)

    def add_to_collection(self, id: str, uids: Sequence[str]) -> Changed:
        """Raises BadInput if there is no such collection."""
        with self.db.transaction():
            title = _titled(_COLLECT, collection=self._collection(id).name)
            return self._each(uids, title, lambda item: _put_into(item, id), "collections")

    def remove_from_collection(self, id: str, uids: Sequence[str]) -> Changed:
        """Raises BadInput if there is no such collection."""
        with self.db.transaction():
            title = _titled(_UNCOLLECT, collection=self._collection(id).name)
            return self._each(uids, title, lambda item: _taken_from(item, id), "collections")

    # --- within ---------------------------------------------------------------------------------------------

    def _each(
        self, uids: Sequence[str], title: Title, change: Callable[[Item], Values], column: str
    ) -> Changed:
        """One step for all items that the change makes different; the title tells their number."""
        with self.db.transaction():
            with watch.part(0, 0.4):
                edits = self._edits(uids, change, column)
            count = sum(len(edit.keys) for edit in edits)
            first = self._items.get(edits[0].keys[0]).name if edits else ""
            named = Title(title.one, title.many, count, {"name": first, **title.values})
            with watch.part(0.4, 1):
                return self.history.do(named, edits)

    def _edits(self, uids: Sequence[str], change: Callable[[Item], Values], column: str) -> list[Edit]:
        alike: dict[tuple[object, object], list[str]] = {}
        for item in self._items.named(uids):
            before, after = _value(item, column), change(item)[column]
            if before != after:
                alike.setdefault((before, after), []).append(item.uid)
        return [Edit("item", keys, {column: b}, {column: a}) for (b, a), keys in alike.items()]

    def _collection(self, id: str) -> Collection:
        for collection in self.collections():
            if collection.id == id:
                return collection
        raise BadInput(
            tr("This collection is no longer in the project."), tr("Choose another one, or make a new one.")
        )

    def _members(self, id: str) -> list[str]:
        return [
            row[0]
            for row in self.db.read(
                "SELECT uid FROM item_collection CROSS JOIN item ON item.id = item_collection.item"
                " WHERE collection = ?",
                (id,),
            )
        ]

    def _free_name(self, name: str, but: str = "") -> str:
        name = clean_name(name)
        if not name:
            raise BadInput(tr("A collection needs a name."), tr("Type at least one character."))
        for other in self.collections():
            if other.name.casefold() == name.casefold() and other.id != but:
                raise BadInput(
                    tr("There is a collection “{name}” already.", name=other.name), tr("Choose another name.")
                )
        return name


_RATE = mark_many("Rate “{name}”", "Rate {count} items")
_PICK = mark_many("Pick “{name}”", "Pick {count} items")
_LABEL = mark_many("Label “{name}”", "Label {count} items")
_REJECT = mark_many("Reject “{name}”", "Reject {count} items")
_ACCEPT = mark_many("No longer reject “{name}”", "No longer reject {count} items")
_TAG = mark_many("Tag “{name}”", "Tag {count} items")
_UNTAG = mark_many("Remove tags from “{name}”", "Remove tags from {count} items")
_TRASH = mark_many("Move “{name}” to the trash", "Move {count} items to the trash")
_RESTORE = mark_many("Restore “{name}”", "Restore {count} items")
_ADD = mark_many("Add “{name}”", "Add {count} items")
_COLLECT = mark_many("Add “{name}” to “{collection}”", "Add {count} items to “{collection}”")
_UNCOLLECT = mark_many("Remove “{name}” from “{collection}”", "Remove {count} items from “{collection}”")


def trash_title(count: int, name: str) -> str:
    """The `History.undo_title` after so many items went to the trash; `name` is that of a single one."""
    return str(Title(*_TRASH, count, {"name": name}))


def _titled(pair: tuple[str, str], **values: object) -> Title:
    return Title(*pair, values=values)


def _value(item: Item, column: str) -> object:
    """A column of an item as edits tell it."""
    if column == "trashed":
        return int(item.trashed is not None)
    value = getattr(item, column)
    return ",".join(value) if isinstance(value, tuple) else int(value) if isinstance(value, bool) else value


def _put_into(item: Item, id: str) -> Values:
    return {"collections": ",".join(item.collections if id in item.collections else (*item.collections, id))}


def _taken_from(item: Item, id: str) -> Values:
    return {"collections": ",".join(other for other in item.collections if other != id)}


def _clean_tag(tag: str) -> str:
    cleaned = clean_tag(tag)
    if not cleaned:
        raise BadInput(tr("A tag needs at least one letter or digit."), tr("Type a word."))
    return cleaned
