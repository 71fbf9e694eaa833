"""A project: one folder, opened by one studio at a time."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import threading
import time
import unicodedata
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from types import TracebackType

import studio
from studio.core.given_files import shown
from studio.core.item import Item, Origin
from studio.core.recipe import Recipe
from studio.errors import BadInput, DiskFull, ProjectClosed, StudioError
from studio.project import backups, dump, files, layout, opening, schema
from studio.project.blobs import Blobs, real_extension
from studio.project.changes import Added, Changes, NewAsset
from studio.project.database import Database, closed_error, read_only_error
from studio.project.days import DAY
from studio.project.history import History
from studio.project.items import Items, clean_name
from studio.project.lock import FolderLock
from studio.project.order import Group, Order, Orders, Sort
from studio.project.query import Query
from studio.words import tr

SUFFIX = ".studio"
TRASH_DAYS = 30


class Project(Changes):
    """Bytes as blobs, rows in the database. What a method has returned from is on the disk.

    Opening reads the whole database only while that is small (about 6,000 artifacts, 0.1 s): with 100,000 it
    takes 1.3 s of computing, was seen to take 5 s from a cold disk, and would keep the gallery waiting. Above
    that, opening checks the header, the tables, the number of rows and the newest 200; every row that is read
    later is compared with its seal, so an altered one is never shown; a backup is proven before it replaces
    an older one; and `prove` reads it all, for a thread in the background once the window is there.
    """

    def __init__(self, folder: Path, database: Database, lock: FolderLock | None) -> None:
        """Use `create` or `open`."""
        self.folder = folder
        self.name = name_of(folder)
        self.read_only = lock is None
        self.db = database
        self.blobs = Blobs(folder)
        self._lock = lock
        self._open = True
        self._bringing = threading.Lock()
        """Held while one file comes in, with its bytes and its row."""
        super().__init__(database, Items(database), History(database))
        self._orders = Orders(database)
        self.trash_days: float = TRASH_DAYS
        """So long the trash, and what broken-off jobs kept, stays before `close` clears it."""
        self.uuid = opening.uuid_of(database)

    @classmethod
    def create(cls, folder: Path) -> Project:
        """Makes a project in a folder that is absent or empty, and opens it.

        Raises:
            BadInput: something is there already, or the folder cannot be made. DiskFull.
        """
        folder = folder.absolute()
        try:
            made = not folder.exists()
            if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
                raise BadInput(
                    tr("“{name}” exists already and is not empty.", name=shown(folder.name)),
                    tr("Choose another name or place."),
                )
            folder.mkdir(parents=True, exist_ok=True)
            try:
                layout.furnish(folder)
                part = folder / "tmp" / "new.db"
                schema.make(part, str(uuid.uuid4()))
                part.replace(folder / layout.DATABASE)
                files.sync_folder(folder)
            except BaseException:
                layout.empty(folder)
                if made:
                    folder.rmdir()
                raise
        except (OSError, ValueError) as error:
            raise layout.cannot_create(folder, error) from error
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False, prove: bool = True) -> Project:
        """Opens a project, taking its lock unless read-only. Without `prove` its caller does that soon after.

        Raises:
            BadInput: this is no project. ProjectInUse: it is open elsewhere. ProjectNewer. ProjectDamaged:
            see `recovery`. ProjectReadOnly: it cannot be written, or it must be completed and cannot.
        """
        folder = folder.absolute()
        layout.check(folder)
        lock = None if read_only else layout.take_lock(folder)
        database: Database | None = None
        try:
            if lock is not None:
                layout.empty(folder / "tmp")
            database = opening.connect(folder, read_only=read_only, prove=prove)
            project = cls(folder, database, lock)
            if lock is not None:
                project._write_card()
            return project
        except BaseException:
            if database is not None:
                database.close()
            if lock is not None:
                lock.release()
            raise

    def close(self) -> None:
        """Clears the trash and what jobs kept of what is older than `trash_days`, writes `assets.jsonl` if
        need be, lets go.

        Does nothing if it was closed before. Waits for a file that just comes in on another thread.
        """
        with self._bringing:
            self._close()

    def _close(self) -> None:
        try:
            if self._open and not self.read_only:
                # All is saved already: what a full disk prevents here, the next close makes up for.
                with contextlib.suppress(DiskFull):
                    self.purge_trash(self.trash_days)
                    self.forget_kept(self.trash_days)
                    text = self.folder / dump.NAME
                    if not text.exists() or text.stat().st_mtime_ns < self.db.path.stat().st_mtime_ns:
                        dump.write(self.db.path, self.folder)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Lets go without writing anything more: for a project that turned out to be damaged."""
        if self._open:
            self._open = False
            self.db.close()
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add_asset(self, source: Path, *, kind: str, name: str = "") -> Item:
        """Copies a file in. The same bytes under the same name and kind are one item. It is no step that
        can be undone: for what jobs need.

        Raises:
            BadInput: no readable file. DiskFull. ProjectReadOnly.
        """
        return self._bring_in(NewAsset(source, kind, name))[0]

    def add_assets(
        self, assets: Iterable[NewAsset], *, on_progress: Callable[[int], None] | None = None
    ) -> Added:
        """Copies files in, as one step; undoing it moves them to the trash. Each is safe once it is told of.

        Args:
            on_progress: gets the number of files that are done.

        Raises: ProjectClosed: it was closed meanwhile; what came in before is in it.
        """
        there: list[Item] = []
        new: list[Item] = []
        refused: list[tuple[NewAsset, StudioError]] = []
        for number, asset in enumerate(assets):
            if on_progress is not None:
                on_progress(number)
            try:
                item, is_new = self._bring_in(asset)
            except ProjectClosed:
                raise
            except StudioError as error:
                refused.append((asset, error))
                continue
            there.append(item)
            new += [item] if is_new else []
        changed = self.added(new)
        return Added(changed.items, order=changed.order, assets=tuple(there), refused=tuple(refused))

    def stage_asset(self, source: Path, *, kind: str) -> Item:
        """Copies a file's bytes in, for an item that is still to be inserted (see `Intake`).

        Raises: as `add_asset`.
        """
        with self._bringing:
            if not self._open:
                raise closed_error()
            return self._stored(NewAsset(source, kind))

    def insert_asset(self, connection: sqlite3.Connection, item: Item) -> tuple[Item, bool]:
        """Adds what `stage_asset` gave inside `db.transaction()`, unless the same is there: the item, and
        whether it is new."""
        existing = self._items.same(item.digest, item.name, item.kind)
        if existing is not None:
            self.blobs.named(item.digest, item.extension)
            return existing, False
        self.insert_items(connection, [item])
        return item, True

    def staging(self) -> Path:
        """A fresh folder for a job's files, on the disk of the blobs. The caller removes it."""
        if self.read_only:
            raise read_only_error()
        folder = self.folder / "tmp" / uuid.uuid4().hex
        folder.mkdir()
        return folder

    def kept(self, digest: str) -> Path:
        """The folder in which the work on a recipe with this digest keeps how far it has come: other than
        `staging`, it outlives the job's end and the program's. It is made if it is not there.
        """
        if self.read_only:
            raise read_only_error()
        folder = self.folder / layout.KEPT / digest
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def has_kept_since(self, digest: str, when: float) -> bool:
        """Whether the work on this recipe has kept a whole file (none called `*.part`) since then, seconds
        since 1970-01-01, UTC."""
        files = (self.folder / layout.KEPT / digest).glob("**/*")
        return any(one.suffix != ".part" and one.is_file() and one.stat().st_mtime > when for one in files)

    def forget_kept(self, days: float) -> None:
        """Removes what was kept for work that nobody went on with for so many days."""
        for folder in (self.folder / layout.KEPT).glob("*"):
            if time.time() - folder.stat().st_mtime > days * DAY:
                shutil.rmtree(folder, ignore_errors=True)

    def store_blob(self, source: Path, *, extension: str, move: bool = False) -> tuple[str, int]:
        """Brings bytes in, before the rows that name them. See `Blobs.store`."""
        if self.read_only:
            raise read_only_error()
        return self.blobs.store(source, extension, move=move)

    def insert_items(
        self, connection: sqlite3.Connection, items: Sequence[Item], *, prompt: str = ""
    ) -> None:
        """Adds items inside `db.transaction()`. See `Items.insert`."""
        self._items.insert(connection, items, prompt)
        for item in items:
            self.blobs.named(item.digest, item.extension)

    def items(
        self,
        *,
        text: str = "",
        kinds: Collection[str] = (),
        origin: Origin | None = None,
        min_stars: int = 0,
        trashed: bool = False,
        job: str | None = None,
        limit: int = 200,
        offset: int = 0,
    ) -> list[Item]:
        """Newest first. `text`: each word begins a word of the name or the prompt; any text is fine."""
        wanted = Query(text, tuple(kinds), origin, min_stars, trashed=trashed, job=job)
        return self._items.find(wanted, limit, offset)

    def newest_of_stacks(self, limit: int) -> list[tuple[Item, int]]:
        """One item for each stack, newest first, with how many lie in it: what was worked on lately."""
        return self._items.newest_of_stacks(limit)

    def count(
        self,
        *,
        text: str = "",
        kinds: Collection[str] = (),
        origin: Origin | None = None,
        min_stars: int = 0,
        trashed: bool = False,
        job: str | None = None,
    ) -> int:
        """How many `items` would give without a limit."""
        return self._items.count(Query(text, tuple(kinds), origin, min_stars, trashed=trashed, job=job))

    def order(
        self,
        query: Query,
        sort: Sort = Sort.NEWEST,
        group: Group = Group.NONE,
        *,
        with_stacks: bool = False,
    ) -> Order:
        """All items that the query finds, as row ids in the order in which a gallery shows them.

        Args:
            with_stacks: also tells of each in which stack it lies; see `stacks.stacked`.
        """
        return self._orders.order(self._items.search(query), sort, group, with_stacks=with_stacks)

    def rows(self, ids: Sequence[int]) -> list[Item]:
        """The items with these row ids, in this order; those that are gone for good are left out."""
        return self._items.rows(ids)

    def newest_id(self) -> int:
        """The highest row id, 0 without items: there are no more items than that. Takes no time."""
        return self._items.newest_id()

    def id_of(self, uid: str) -> int | None:
        """Its row id; None if there is no such item."""
        return self._items.id_of(uid)

    def seeds(self, ids: Sequence[int]) -> dict[int, int]:
        """By row id, the seeds of those that were made with one."""
        return self._items.seeds(ids)

    def fresh(self) -> frozenset[int]:
        """The row ids of the results that nobody has looked at yet."""
        return self._items.fresh()

    def uids(self, ids: Sequence[int]) -> list[str]:
        """The uids of these row ids, in this order; those that are gone for good are left out."""
        return self._items.uids(ids)

    def looks(self, after: int, limit: int) -> list[tuple[int, str, str]]:
        """(row id, kind, digest) of the next items after a row id: what tells how each looks."""
        return self._items.looks(after, limit)

    def total_size(self, ids: Sequence[int]) -> int:
        """Bytes of the items with these row ids together."""
        return self._items.total_size(ids)

    def kinds(self) -> list[str]:
        """The kinds of its items outside the trash, in the order of the alphabet."""
        return self._items.kinds()

    def tags(self) -> list[tuple[str, int]]:
        """Every tag, with how many items outside the trash have it, in the order of the alphabet."""
        return self._items.tags()

    def item(self, uid: str) -> Item:
        """Raises ProjectError if there is none."""
        return self._items.get(uid)

    def with_digest(self, digest: str) -> list[Item]:
        """All items with these bytes, those outside the trash first: what an input of a recipe was."""
        return self._items.with_digest(digest)

    def blob_path(self, digest: str) -> Path:
        """The file with these bytes, to be read only. Raises MissingBlob."""
        return self.blobs.find(digest, self._items.extensions(digest))

    def recipe_of(self, uid: str) -> Recipe | None:
        """How an artifact was made; None for an asset."""
        return self._items.recipe(uid)

    def parents(self, uid: str) -> list[Item]:
        """What it was made from, and what that was made from: nearest first."""
        return self._items.parents(uid)

    def children(self, uid: str) -> list[Item]:
        """What was made directly from it, oldest first."""
        return self._items.children(uid)

    def results_of(self, batch: str) -> list[Item]:
        """What a batch has made, oldest first; nothing while one of its jobs is not final."""
        return self._items.results_of(batch)

    def purge_trash(self, older_than_days: float = TRASH_DAYS) -> int:
        """Removes items that have been in the trash for so long; returns how many.

        First a backup, then the rows, then the blobs: these move to the folder `trash/`, where they wait as
        long once more, so that going back to a backup finds them. 0 empties both at once.
        """
        before = time.time() - older_than_days * 86400
        ripe = self.db.read("SELECT count(*) FROM item WHERE trashed <= ?", (before,))[0][0]
        try:
            if ripe:
                with contextlib.suppress(DiskFull):
                    self.backup()
                gone = self._items.purge(before)
                # In a block of its own, after the rows are gone for certain: meanwhile nobody can add a row.
                with self.db.transaction() as connection:
                    for digest, extension in self._items.unneeded(connection, gone):
                        self.blobs.discard(digest, extension)
            self.blobs.empty_trash(older_than_days)
        except OSError as error:
            raise files.as_studio_error(error, self.folder, tr("the emptied trash")) from error
        return int(ripe)

    def backup(self, keep: int = backups.KEEP) -> Path | None:
        """Copies the database into `backups/`, where the newest `keep` stay; None if nothing has changed
        since the last. See `back_up`.
        """
        if self.read_only:
            raise read_only_error()
        return backups.back_up(self.db.path, self.folder, keep)

    def prove(self) -> None:
        """Reads the whole database, beside all other use of it. Raises ProjectDamaged."""
        backups.prove(self.db.path)

    def _bring_in(self, asset: NewAsset) -> tuple[Item, bool]:
        """The item, and whether it is new. Bytes never reach the folder of a project that was closed."""
        with self._bringing:
            if not self._open:
                raise closed_error()
            return self._take_in(asset)

    def _take_in(self, asset: NewAsset) -> tuple[Item, bool]:
        item = self._stored(asset)
        with self.db.transaction() as connection:
            return self.insert_asset(connection, item)

    def _stored(self, asset: NewAsset) -> Item:
        source, kind = asset.source, asset.kind
        name = clean_name(asset.name) or clean_name(shown(source.stem)) or kind
        digest, size = self.store_blob(source, extension=source.suffix)
        extension = real_extension(source.suffix)
        return Item(uuid.uuid4().hex, name, kind, Origin.ASSET, digest, extension, size, time.time())

    def _write_card(self) -> None:
        card = self.folder / "project.json"
        described = {"format": schema.version(), "uuid": self.uuid, "app": f"Studio {studio.__version__}"}
        text = json.dumps(described, indent=2) + "\n"
        try:
            unchanged = card.read_text("utf-8") == text
        except (OSError, UnicodeDecodeError):
            unchanged = False
        if not unchanged:
            files.write_atomically(card, text.encode())


def name_of(folder: Path) -> str:
    """A project's name is its folder's, so that renaming the folder renames it."""
    return unicodedata.normalize("NFC", shown(folder.name)).removesuffix(SUFFIX)
