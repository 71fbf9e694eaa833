"""The project's SQLite connection: settings that survive a power cut, and errors in words.

Never open() and close() a project.db that is connected, not even to read it: closing any descriptor of a file
drops all of the process's POSIX locks on it, and with them SQLite's.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from studio.errors import (
    ProjectClosed,
    ProjectDamaged,
    ProjectError,
    ProjectInUse,
    ProjectReadOnly,
    StudioError,
)
from studio.project import files, rows, seals, watch
from studio.words import tr

SETTINGS = (
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
    "synchronous=EXTRA",
    "fullfsync=ON",
    "temp_store=MEMORY",
    "cache_size=-16000",
    "cache_spill=OFF",
)
BUSY_SECONDS = 30.0
"""How long a commit waits for a backup, which reads through a connection of its own, on a slow disk."""

SqliteError = sqlite3.Error | UnicodeDecodeError
ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What a damaged file may raise: SQLite quotes its bytes in error texts, and Python fails to decode them."""

Parameters = Sequence[object] | Mapping[str, object]


class Database:
    """One connection, guarded by one lock, usable from several threads; and one for reading meanwhile.

    A change of 100,000 items takes seconds. Who reads while another thread is at it is not kept waiting, but
    sees what was committed before (the change does not spill to the file before its end, so only that end is
    waited for).
    """

    def __init__(
        self,
        path: Path,
        *,
        read_only: bool = False,
        create: bool = False,
        scratch: TemporaryDirectory[str] | None = None,
    ) -> None:
        """Connects. `scratch` is a folder that goes when it is closed.

        Raises ProjectDamaged, ProjectReadOnly or ProjectInUse.
        """
        self.path = path
        self._scratch = scratch
        self.read_only = read_only
        self._lock = threading.RLock()
        self._depth = 0
        self._open = True
        self._beside: sqlite3.Connection | None = None
        self._beside_lock = threading.Lock()
        mode = "ro" if read_only else "rwc" if create else "rw"
        try:
            self._connection = connect(path, mode)
        except ERRORS as error:
            raise self._in_words(error) from error

    def close(self) -> None:
        with self._lock, self._beside_lock:
            self._open = False
            self._connection.close()
            if self._beside is not None:
                self._beside.close()
            if self._scratch is not None:
                self._scratch.cleanup()

    @property
    def changes(self) -> int:
        """Grows with every row that this connection writes; nobody else writes to an open project."""
        with self._lock:
            self._check_open()
            return self._connection.total_changes

    def read(self, sql: str, params: Parameters = ()) -> list[sqlite3.Row]:
        """All rows of a query. Raises as `transaction` does."""
        if not self._lock.acquire(blocking=False):
            found = self._read_beside(sql, params)
            if found is not None:
                return found
            self._lock.acquire()
        try:
            self._check_open()
            return self._connection.execute(sql, params).fetchall()
        except ERRORS as error:
            raise self._in_words(error) from error
        finally:
            self._lock.release()

    def _read_beside(self, sql: str, params: Parameters) -> list[sqlite3.Row] | None:
        """While another thread has the connection; None where that cannot be: then it is waited for."""
        with self._beside_lock:
            self._check_open()
            try:
                if self._beside is None:
                    self._beside = connect(self.path, "ro" if self.read_only else "rw")
                    self._beside.execute("PRAGMA query_only=ON")
                return self._beside.execute(sql, params).fetchall()
            except ERRORS:
                return None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside is written at once or not at all; it is on the disk when the block has ended.

        Nests: an inner block that fails takes back only its own part, and the outer one commits.

        Raises:
            DiskFull, ProjectDamaged, ProjectReadOnly, ProjectInUse, ProjectClosed: nothing of the block was
                written.
        """
        if self.read_only:
            raise read_only_error()
        with self._lock:
            self._check_open()
            nested = f"nested_{self._depth}" if self._depth else ""
            try:
                self._connection.execute(f"SAVEPOINT {nested}" if nested else "BEGIN IMMEDIATE")
                self._depth += 1
                try:
                    yield self._connection
                    self._connection.execute(f"RELEASE {nested}" if nested else "COMMIT")
                finally:
                    self._depth -= 1
            except BaseException as error:
                # SQLite has already rolled back by itself after a full disk or an I/O error.
                if self._connection.in_transaction:
                    self._connection.execute(f"ROLLBACK TO {nested}" if nested else "ROLLBACK")
                    if nested:
                        self._connection.execute(f"RELEASE {nested}")
                if isinstance(error, ERRORS) and not _is_refused(error):
                    raise self._in_words(error) from error
                raise

    def _check_open(self) -> None:
        if not self._open:
            raise closed_error()

    def _in_words(self, error: SqliteError) -> Exception:
        return in_words(error, self.path, read_only=self.read_only)


def _is_refused(error: SqliteError) -> bool:
    """Whether a value breaks a rule of its table, which whoever wrote it answers for."""
    return isinstance(error, sqlite3.IntegrityError) and str(error) != seals.DAMAGED


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection with our settings; `mode` is SQLite's: ro, rw or rwc."""
    connection = sqlite3.connect(
        uri(path, mode), uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    try:
        for setting in SETTINGS:
            connection.execute(f"PRAGMA {setting}").fetchall()
        rows.add_functions(connection)
        seals.add_functions(connection)
        if mode != "ro" and seals.has_seals(connection):
            seals.keep_sealed(connection)
    except ERRORS:
        connection.close()
        raise
    return connection


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of its own for a long read. Raises as `Database` does."""
    try:
        connection = connect(path, "ro")
        try:
            with watch.stoppable(connection):
                yield connection
        finally:
            connection.close()
    except ERRORS as error:
        raise in_words(error, path, read_only=True) from error


def uri(path: Path, mode: str) -> str:
    """A file as SQLite may be told of it, whatever its name: to connect to, or to write a copy to."""
    # Percent-encoded bytes: names with "?", "%", "#", newlines, or that are no valid text at all. Three
    # slashes start a local path for SQLite, also in front of a drive letter or of a network share's two.
    name = path.absolute().as_posix()
    return f"file://{'' if name.startswith('/') else '/'}{quote(os.fsencode(name))}?mode={mode}"


_OF_DAMAGE = ("fts5", "file format", "SQL logic error", "vtable constructor failed")


def in_words(error: SqliteError, path: Path, *, read_only: bool = False) -> Exception:
    """The StudioError for what SQLite reports; the error itself where it is a defect of ours.

    SQLite quotes bytes of the file in its texts, so they are kept as ASCII only.
    """
    code = getattr(error, "sqlite_errorcode", None)
    detail = f"{getattr(error, 'sqlite_errorname', type(error).__name__)}: {str(error)!a}"
    # For a value that is not UTF-8, Python itself raises OperationalError without a code.
    if isinstance(error, sqlite3.OperationalError | UnicodeDecodeError) and code is None:
        return damaged(detail)
    # The same value, handed to one of our functions; or a trigger of ours found a row that was changed.
    if "user-defined function raised exception" in str(error) or str(error) == seals.DAMAGED:
        return damaged(detail)
    if code is None:
        return error
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return files.disk_full(path, tr("the last change"))
    if primary == sqlite3.SQLITE_ERROR and any(word in str(error) for word in _OF_DAMAGE):
        return damaged(detail)  # SQLite has no better code for some damages, in the header and in FTS5
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT):
        return damaged(detail)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ProjectInUse(
            tr("Another program is using this project's database."),
            tr("Close it there and try again."),
            detail,
        )
    if path.with_name(path.name + "-journal").exists() and read_only:
        return unfinished(detail)
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return ProjectError(
            tr("The folder of this project was moved away; the last change was not saved."),
            tr("Bring it back to where it was, or open the project from where it is now."),
            detail,
        )
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return read_only_error(detail)
    if primary == sqlite3.SQLITE_CANTOPEN:
        return read_only_error(detail) if path.exists() else damaged(detail)
    if primary in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOLFS):
        return ProjectError(
            tr("The disk that this project is on reported an error; the last change was not saved."),
            tr("Check that the disk is connected, has space and is healthy, then open the project again."),
            f"{detail} ({os.strerror(errno.EIO)})",
        )
    return error


def damaged(detail: str = "") -> StudioError:
    return ProjectDamaged(
        tr("This project is damaged (list of items). Nothing was changed."),
        tr("Open its newest backup; items that are newer will be found again."),
        detail,
    )


def unfinished(detail: str = "") -> StudioError:
    """A hot journal that we may not roll back."""
    return ProjectReadOnly(
        tr("This project was not closed properly and can only be completed where it can be written."),
        tr("Open it normally once, or copy its folder to a disk that you can write to and open the copy."),
        detail,
    )


def closed_error() -> StudioError:
    return ProjectClosed(tr("This project was closed meanwhile."), tr("Open it again and try again."))


def read_only_error(detail: str = "") -> StudioError:
    return ProjectReadOnly(
        tr("This project is open read-only; nothing can be changed in it."),
        tr("Copy its folder to a place that you can write to, and open the copy."),
        detail,
    )
