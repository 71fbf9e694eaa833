"""Kinds of items: what a file in a project is, for the gallery, the rooms and export.

The studio has six stock kinds of its own. Plugins declare further ones in their manifest (`medium.toml`). A
kind is known by its id, a plain word, so a project can hold items of kinds that no installed plugin declares:
they are kept, shown by name and exported as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated

from msgspec import Meta, Struct

from studio.words import mark

KIND_ID = re.compile(r"^[a-z][a-z0-9-]{0,31}\Z")
"""What the id of a kind may look like."""

KindId = Annotated[str, Meta(pattern=KIND_ID.pattern)]
"""A kind's id that comes from outside: msgspec refuses what does not look like one."""


class Kind:
    """Ids of the stock kinds."""

    IMAGE = "image"
    MASK = "mask"
    TEXT = "text"
    AUDIO = "audio"
    TABLE = "table"
    FILE = "file"


class KindInfo(Struct, frozen=True, kw_only=True):
    """What the studio knows of one kind of item."""

    id: str
    title: str
    """Singular, in English: "Picture". Translated with `tr` where it is shown."""
    plural: str
    """In English: "Pictures"."""
    icon: str
    """Name of one of the studio's icons, or the absolute path of an SVG file of the plugin."""
    extensions: tuple[str, ...] = ()
    """Of files that are usually of this kind: lower case, with the dot. The first is the usual one."""
    magic: tuple[bytes, ...] = ()
    """How such files may begin; empty where that says nothing."""
    room: str = ""
    """Id of the room that opens items of this kind; "" for the studio's plain viewer."""
    plugin: str = ""
    """Name of the plugin that declares the kind; "" for a stock kind."""


STOCK: tuple[KindInfo, ...] = (
    KindInfo(
        id=Kind.IMAGE,
        title=mark("Picture"),
        plural=mark("Pictures"),
        icon="photo",
        extensions=(".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif", ".bmp"),
    ),
    KindInfo(id=Kind.MASK, title=mark("Mask"), plural=mark("Masks"), icon="mask"),
    KindInfo(
        id=Kind.TEXT,
        title=mark("Text"),
        plural=mark("Texts"),
        icon="text",
        extensions=(".md", ".txt", ".rtf", ".doc", ".docx", ".odt", ".json", ".html", ".pdf"),
    ),
    KindInfo(
        id=Kind.AUDIO,
        title=mark("Sound"),
        plural=mark("Sounds"),
        icon="sound",
        extensions=(".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aif", ".aiff"),
    ),
    KindInfo(
        id=Kind.TABLE, title=mark("Table"), plural=mark("Tables"), icon="table", extensions=(".csv", ".tsv")
    ),
    KindInfo(id=Kind.FILE, title=mark("File"), plural=mark("Files"), icon="file"),
)


class Kinds:
    """The stock kinds and those of the installed plugins, by id."""

    def __init__(self, declared: Iterable[KindInfo] = ()) -> None:
        """`declared`: of plugins, in order of precedence. An id that is taken already is passed over."""
        self._known: dict[str, KindInfo] = {}
        for info in (*STOCK, *declared):
            self._known.setdefault(info.id, info)
        self._by_extension: dict[str, str] = {}
        for info in self._known.values():
            for extension in info.extensions:
                self._by_extension.setdefault(extension, info.id)

    def __iter__(self) -> Iterator[KindInfo]:
        return iter(self._known.values())

    def __contains__(self, id: str) -> bool:
        return id in self._known

    def get(self, id: str) -> KindInfo:
        """A kind that nothing installed declares is called by its id and has the icon of a plain file."""
        return self._known.get(id) or KindInfo(id=id, title=id, plural=id, icon="file")

    def several(self, ids: Iterable[str]) -> list[KindInfo]:
        """Each of these once: those that are known in their order, then the others by id."""
        wanted = set(ids)
        known = [info for info in self if info.id in wanted]
        return known + [self.get(id) for id in sorted(wanted.difference(self._known))]

    def of_extension(self, extension: str) -> str:
        """The kind that files with this extension (with its dot, any case) usually are, else `Kind.FILE`."""
        return self._by_extension.get(extension.lower(), Kind.FILE)


STOCK_KINDS = Kinds()
"""What is known where no plugin is asked."""
