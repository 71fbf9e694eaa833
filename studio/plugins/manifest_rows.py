"""The entries of a manifest (`studio.plugins.manifest`), as `medium.toml` writes them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from studio.core.kind import KindInfo

Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,31}\Z")]
FormatId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,31}\Z")]
Dotted = Annotated[str, Meta(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*\Z", max_length=200)]
"""Names something in a module: "studio_product.formats.thumbnail:thumbnail"."""
Extension = Annotated[str, Meta(pattern=r"^\.[A-Za-z0-9][A-Za-z0-9+_.-]{0,15}\Z")]
Ids = Annotated[tuple[Id, ...], Meta(max_length=64)]
Words = Annotated[tuple[str, ...], Meta(max_length=64)]


class Row(Struct, frozen=True, kw_only=True):
    """One entry of a manifest."""

    KEY: ClassVar[tuple[str, ...]] = ()
    """Fields that no two entries of a manifest have in common."""
    TITLES: ClassVar[tuple[str, ...]] = ()
    """Fields that people read."""
    DOTTED: ClassVar[tuple[str, ...]] = ()
    """Fields that name something in the plugin's package."""

    plugin: str = ""
    """Name of the plugin that declares it; not written in the file."""
    place: str = ""
    """Where it stands in the file, for messages: "kinds[1]"; not written in the file."""


class KindRow(Row, frozen=True, kw_only=True):
    """A kind of item that the plugin declares."""

    KEY = ("id",)
    TITLES = ("title", "plural")

    id: Id
    title: str
    plural: str
    icon: str = "file"
    """Name of one of the studio's icons, or the absolute path of an SVG file in the plugin's package."""
    extensions: Words = ()
    """Lower case, with the dot."""
    magic: Words = ()
    """How its files may begin, in hexadecimal."""
    room: str = ""
    """Id of a room of the same plugin; "" for the plain viewer."""
    thumbnail: str = ""
    """Dotted name of `thumbnail(source: Path, side: int) -> Thumbnail`; "" where there is none."""

    def info(self) -> KindInfo:
        """The kind for the studio's registry of kinds."""
        return KindInfo(
            id=self.id,
            title=self.title,
            plural=self.plural,
            icon=self.icon,
            extensions=self.extensions,
            magic=tuple(bytes.fromhex(start) for start in self.magic),
            room=self.room,
            plugin=self.plugin,
        )


class RoomRow(Row, frozen=True, kw_only=True):
    """A place in the window where items are worked on."""

    KEY = ("id",)
    TITLES = ("title", "begin", "about")
    DOTTED = ("room",)

    id: Id
    title: str
    icon: str = "file"
    room: Dotted
    """Names a `Room` class."""
    kinds: Ids = ()
    """Kinds that are opened here, the plugin's own or stock ones."""
    generators: Words = ()
    """Patterns (fnmatch) of ids of the plugin's generators whose form belongs to this room."""
    hints: Ids = ()
    """Hints of form fields whose editor this room brings."""
    begin: str | None = None
    """What the card of the first page says that begins in this room: "Design a part"."""
    about: str | None = None
    """What comes then, in a sentence."""
    picture: str = ""
    """Absolute path of the picture for that button, in the plugin's package; "" for a drawn one."""


class ImporterRow(Row, frozen=True, kw_only=True):
    """Turns a file of the user's own into files of items."""

    DOTTED = ("load",)

    extensions: Words
    kind: Id
    load: Dotted


class OptionRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number that a person may set for a format. It is left out where nobody sets it."""

    id: Id
    """Its key in `ExportRequest.options`."""
    title: Annotated[str, Meta(min_length=1, max_length=80)]
    help: Annotated[str, Meta(max_length=200)] = ""
    unit: Annotated[str, Meta(max_length=16)] = ""
    minimum: float
    maximum: float
    step: Annotated[float, Meta(gt=0)] = 1.0
    usual: Annotated[str, Meta(max_length=80)] = ""
    """What holds where nobody sets it, in words."""


class ExporterRow(Row, frozen=True, kw_only=True):
    """Writes items of a kind in one format."""

    KEY = ("kind", "id")
    TITLES = ("title",)
    DOTTED = ("export",)

    id: FormatId
    """What `--format` says; unique among the formats of a kind."""
    kind: Id
    title: str
    extension: Extension
    aliases: Words = ()
    """Further extensions of files in this format: lower case, with the dot."""
    export: Dotted
    """Names `export(source: Path, target: Path, request: ExportRequest) -> list[Path]`."""
    options: Annotated[tuple[OptionRow, ...], Meta(max_length=8)] = ()
    beside: bool = False
    """Whether other files go along also with items that have this format already and are copied."""


class CommandRow(Row, frozen=True, kw_only=True):
    """A command of the command line."""

    KEY = ("name",)
    TITLES = ("help",)
    DOTTED = ("main",)

    name: Id
    help: str
    main: Dotted
    """Names `main(argv: list[str]) -> int`."""


class ReaderRow(Row, frozen=True, kw_only=True):
    """Reads the value of a form field from a file, for the command line."""

    KEY = ("hint",)
    DOTTED = ("read", "check")

    hint: Id
    read: Dotted
    """Names what turns a file into the value and the inputs that it names."""
    check: Dotted | None = None
    """Names what checks such a value, and the names of its inputs, before a job is queued."""
