"""`assets.jsonl`: every item in plain text, for diff and for the day when no database is left.

First the collections, then the items as they came in, so that a new one is a new last line.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from studio.core.item import Item, Label, Origin
from studio.core.kind import KindId
from studio.core.recipe import Digest, Recipe
from studio.project import files, rows
from studio.project.database import damaged, reading
from studio.project.items import clean_tag
from studio.words import tr

NAME = "assets.jsonl"
_RAN = ("title", "env", "created", "finished", "seconds", "peak_memory")
_ID = re.compile(r"[0-9a-f]{1,64}")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """One line: a collection."""

    collection: Annotated[str, Meta(pattern=r"^[0-9a-f]{1,64}\Z")]
    """Its id."""
    name: str
    created: float = 0.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.created):
            raise ValueError("a time must be finite")


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """What is worth keeping of an artifact's job, besides its recipe."""

    title: str = ""
    env: str | None = None
    created: float = 0.0
    finished: float | None = None
    seconds: float | None = None
    peak_memory: int | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line: an item."""

    uid: Annotated[str, Meta(min_length=1, max_length=64)]
    name: str = ""
    kind: KindId
    origin: Origin
    digest: Digest
    extension: Annotated[str, Meta(pattern=r"^\.[a-z0-9]{1,10}\Z")]
    size: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    created: float = 0.0
    job: str | None = None
    parent: str | None = None
    position: Annotated[int, Meta(ge=0, lt=2**31)] = 0
    stars: Annotated[int, Meta(ge=0, le=5)] = 0
    trashed: float | None = None
    prompt: str = ""
    rejected: bool = False
    label: Label = Label.NONE
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    recipe: Recipe | None = None
    ran: Ran = Ran()

    def __post_init__(self) -> None:
        if not (math.isfinite(self.created) and math.isfinite(self.trashed or 0.0)):
            raise ValueError("a time must be finite")

    @classmethod
    def of(cls, values: dict[str, Any]) -> Entry:
        """From the values of a row. Raises ValueError where one breaks its rule."""
        try:
            return msgspec.convert(values, cls)
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from error

    def item(self) -> Item:
        return Item(
            uid=self.uid,
            name=self.name,
            kind=self.kind,
            origin=self.origin,
            digest=self.digest,
            extension=self.extension,
            size=self.size,
            created=self.created,
            job=self.job,
            parent=self.parent,
            stars=self.stars,
            trashed=self.trashed,
            rejected=self.rejected,
            label=self.label,
            tags=tuple(dict.fromkeys(filter(None, map(clean_tag, self.tags)))),
            collections=tuple(dict.fromkeys(filter(_ID.fullmatch, self.collections))),
        )


def write(database: Path, folder: Path) -> None:
    """Replaces a project's dump: a JSON object a line, an artifact's recipe in it.

    Raises:
        DiskFull, ProjectDamaged: the dump is as it was.
    """
    part = folder / "tmp" / f"{uuid.uuid4().hex}.jsonl"
    try:
        write_file(database, part)
        part.replace(folder / NAME)
        files.sync_folder(folder)
    except OSError as error:
        raise files.as_studio_error(error, folder, tr("the list of items as text")) from error
    finally:
        part.unlink(missing_ok=True)


def write_file(database: Path, target: Path) -> None:
    """Writes a dump as a new file."""
    with target.open("x", encoding="utf-8", newline="\n") as file:
        for line in lines(database):
            file.write(line + "\n")
        file.flush()
        files.sync_file(file.fileno())


def lines(database: Path) -> Iterator[str]:
    """The lines of a database's dump, without their line feeds."""
    ran = ", ".join(f"job.{name} AS job_{name}" for name in _RAN)
    with reading(database) as connection:
        for row in connection.execute("SELECT * FROM collection ORDER BY created, id"):
            yield _encode({"collection": row["id"], "name": row["name"], "created": row["created"]})
        for row in connection.execute(f"{rows.SELECT.replace(' FROM ', f', {ran} FROM ')} ORDER BY item.id"):
            if not rows.is_sealed(row):
                raise damaged(f"the row of item {row['uid']!a} does not fit its digest")
            yield _line(row)


def _line(row: sqlite3.Row) -> str:
    told = rows.told(row)
    if told["label"] == Label.NONE:
        del told["label"]
    line = _encode({name: value for name, value in told.items() if value not in (None, "", 0, ())})
    if row["recipe"] is None:
        return line
    ran = _encode({name: row[f"job_{name}"] for name in _RAN if row[f"job_{name}"] is not None})
    return f'{line[:-1]},"ran":{ran},"recipe":{row["recipe"]}}}'


def read(path: Path) -> Iterator[Entry | Shelf | None]:
    """The lines of a dump; None for one that is not as we write them."""
    with path.open("rb") as file:
        for line in file:
            is_shelf = line.startswith(b'{"collection":')
            try:
                if is_shelf:
                    yield msgspec.json.decode(line, type=Shelf)
                else:
                    yield msgspec.json.decode(line, type=Entry)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                yield None
