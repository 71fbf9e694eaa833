"""Which kinds of items go out in which formats: the studio's own for pictures, the others of plugins."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from studio.core.item import Item
from studio.core.kind import Kind
from studio.export import convert as pictures
from studio.plugins.manifest_rows import ExporterRow, OptionRow
from studio.plugins.media import Media
from studio.words import mark

_PICTURES = (Kind.IMAGE, Kind.MASK)
_TITLES = {"png": mark("PNG"), "jpeg": mark("JPEG"), "webp": mark("WebP"), "tiff": mark("TIFF")}


class Format(Struct, frozen=True, kw_only=True):
    """One format that items of a kind can be written in."""

    id: str
    title: str
    """In English."""
    extension: str
    """Of its files, with the dot."""
    aliases: tuple[str, ...] = ()
    """Further extensions of such files."""
    options: tuple[OptionRow, ...] = ()
    has_files_beside: bool = False
    """Whether other files go along also where an item has this format already."""
    plugin: str = ""
    """Name of the plugin that writes it; "" for the studio's own."""

    def is_of(self, extension: str) -> bool:
        """Whether a file with this extension has the format."""
        return extension.lower() in (self.extension.lower(), *self.aliases)


class Formats:
    """The formats of the studio and of all installed plugins."""

    def __init__(self, media: Media) -> None:
        self.kinds = media.kinds
        self._media = media

    def of_kind(self, kind: str) -> tuple[Format, ...]:
        """The formats that items of this kind can be converted to; none: they go out as they are."""
        found = {format.id: format for format in _stock_formats()} if kind in _PICTURES else {}
        for row in self._media.exporters(kind):
            found.setdefault(row.id, _format(row))
        return tuple(found.values())

    def of_file(self, kind: str, extension: str) -> Format | None:
        """The format that a file with this extension has, for items of this kind."""
        return next((format for format in self.of_kind(kind) if format.is_of(extension)), None)

    def ids(self) -> tuple[str, ...]:
        """Every format that can be asked for, of whatever kind."""
        return tuple(dict.fromkeys(format.id for info in self.kinds for format in self.of_kind(info.id)))

    def options(self) -> tuple[OptionRow, ...]:
        """The options of all formats; of those of one name the first."""
        every = [format.options for info in self.kinds for format in self.of_kind(info.id)]
        found: dict[str, OptionRow] = {}
        for option in (option for options in every for option in options):
            found.setdefault(option.id, option)
        return tuple(found.values())

    def everywhere(self, id: str | None) -> dict[str, str]:
        """This format for each kind that has one of that name."""
        kinds = [info.id for info in self.kinds]
        return {kind: id for kind in kinds if id and any(format.id == id for format in self.of_kind(kind))}

    def wanted(self, item: Item, chosen: Mapping[str, str]) -> Format | None:
        """What this item must be converted to, of the formats that are chosen by kind; None: its own bytes go
        out."""
        id = chosen.get(item.kind)
        format = next((format for format in self.of_kind(item.kind) if format.id == id), None)
        return None if format is None or format.is_of(item.extension) else format


def _stock_formats() -> tuple[Format, ...]:
    return tuple(
        Format(id=id, title=_TITLES[id], extension=extension, aliases=pictures.ALIASES.get(id, ()))
        for id, extension in pictures.EXTENSIONS.items()
    )


def _format(row: ExporterRow) -> Format:
    return Format(
        id=row.id,
        title=row.title,
        extension=row.extension,
        aliases=row.aliases,
        options=row.options,
        has_files_beside=row.beside,
        plugin=row.plugin,
    )
