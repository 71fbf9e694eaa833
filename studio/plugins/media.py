"""What the installed plugins add to the studio by their manifests: kinds, rooms, formats and commands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from studio.core.generator import ENTRY_POINTS, NAME
from studio.core.kind import STOCK, Kinds
from studio.errors import PluginError
from studio.plugins.entry_points import EntryPoint, entry_points, package_folders
from studio.plugins.manifest import FILE, Manifest, read_manifest
from studio.plugins.manifest_checks import left_out, note
from studio.plugins.manifest_rows import (
    CommandRow,
    ExporterRow,
    ImporterRow,
    KindRow,
    ReaderRow,
    RoomRow,
    Row,
)
from studio.plugins.setting_rows import SettingRow, setting_values, unfit_settings
from studio.words import tr

_OURS = "studio"


class Plugin(Struct, frozen=True, kw_only=True):
    """An installed plugin, as far as is known without importing it."""

    name: str
    distribution: str
    version: str
    package: str = ""
    """Name of its top package."""
    folder: Path | None = None
    """Of its package; None where it is not found."""
    manifest: Manifest | None = None
    """None for a plugin that only brings generators, or whose manifest cannot be used."""
    notes: tuple[str, ...] = ()
    """Why its manifest cannot be used."""

    @property
    def bundled(self) -> bool:
        """Whether it is one of the studio's own."""
        return self.distribution == _OURS

    def is_of(self, distribution: str) -> bool:
        """Whether it came with this distribution, however that is spelled."""
        return _plain(self.distribution) == _plain(distribution)


def _plain(distribution: str) -> str:
    return re.sub("[-_.]+", "-", distribution).lower()


class Note(Struct, frozen=True):
    """Something that is wrong in a plugin's manifest, in words."""

    plugin: str
    text: str


class Media:
    """The manifests of all plugins together. Where two claim one thing, the earlier plugin has it."""

    def __init__(self, plugins: Iterable[Plugin] = ()) -> None:
        """`plugins`: in order of precedence."""
        self.plugins: dict[str, Plugin] = {plugin.name: plugin for plugin in plugins}
        """By name."""
        self.notes: tuple[Note, ...] = ()
        self.rooms: dict[str, RoomRow] = {}
        """By id, in order of precedence."""
        self.commands: dict[str, CommandRow] = {}
        """By name."""
        self._kinds: dict[str, KindRow] = {}
        self._extensions = {extension: info.id for info in STOCK for extension in info.extensions}
        self._importers: dict[str, ImporterRow] = {}
        self._exporters: dict[tuple[str, str], ExporterRow] = {}
        self._readers: dict[str, ReaderRow] = {}
        found = [plugin.manifest for plugin in self.plugins.values() if plugin.manifest]
        for plugin in self.plugins.values():
            for text in (*plugin.notes, *(plugin.manifest.notes if plugin.manifest else ())):
                self.notes += (Note(plugin.name, text),)
        for manifest in found:
            self._add_rooms(manifest)
        for manifest in found:
            self._add_kinds(manifest)
        self.kinds = Kinds(row.info() for row in self._kinds.values())
        self._check_rooms()
        for manifest in found:
            self._add_formats(manifest)

    # --- questions ------------------------------------------------------------------------------------------

    def room_of(self, kind: str) -> RoomRow | None:
        """The room that opens items of this kind; None for the plain viewer."""
        named = self.rooms.get(self.kinds.get(kind).room)
        return named or next((room for room in self.rooms.values() if kind in room.kinds), None)

    def room_of_hint(self, hint: str) -> RoomRow | None:
        """The room that brings the editor of form fields with this hint."""
        return next((room for room in self.rooms.values() if hint in room.hints), None)

    def thumbnail_of(self, kind: str) -> str:
        """Dotted name of the function that makes thumbnails of a plugin's kind; "" where there is none."""
        row = self._kinds.get(kind)
        return row.thumbnail if row else ""

    def exporters(self, kind: str) -> tuple[ExporterRow, ...]:
        """The formats that plugins write items of this kind in."""
        return tuple(row for (of, _), row in self._exporters.items() if of == kind)

    @property
    def importable(self) -> tuple[str, ...]:
        """Extensions of the files that plugins bring in."""
        return tuple(sorted(self._importers))

    def importer_of(self, extension: str) -> ImporterRow | None:
        """What reads files with this extension (with its dot, any case)."""
        return self._importers.get(extension.lower())

    def reader_of(self, hint: str) -> ReaderRow | None:
        """What reads the value of a form field with this hint from a file."""
        return self._readers.get(hint)

    def settings_of(self, plugin: str) -> tuple[SettingRow, ...]:
        """What a person may set for a plugin, in its order."""
        known = self.plugins.get(plugin)
        return known.manifest.settings if known is not None and known.manifest is not None else ()

    def setting_values(self, plugin: str, given: Mapping[str, Mapping[str, object]]) -> dict[str, Any]:
        """The value of each setting of a plugin; `given`: what was set, by plugin and key."""
        return setting_values(self.settings_of(plugin), given.get(plugin, {}))

    def unfit_settings(self, given: Mapping[str, Mapping[str, object]]) -> list[str]:
        """What was set and does not fit, as "plugin.key". Of plugins that are not there nothing is said."""
        return [
            f"{plugin}.{key}"
            for plugin, values in given.items()
            for key in unfit_settings(self.settings_of(plugin), values)
        ]

    @property
    def translations(self) -> tuple[Path, ...]:
        """The folders of all plugins' catalogs."""
        manifests = (plugin.manifest for plugin in self.plugins.values())
        return tuple(one.translations for one in manifests if one and one.translations)

    # --- merging --------------------------------------------------------------------------------------------

    def _note(self, row: Row, why: str, hint: str = "") -> None:
        self.notes += (Note(row.plugin, note(row.plugin, row.place, why, hint or left_out())),)

    def _add_rooms(self, manifest: Manifest) -> None:
        for row in manifest.rooms:
            other = self.rooms.setdefault(row.id, row)
            if other is not row:
                self._note(
                    row, tr("the room “{id}” is of the plugin “{other}”", id=row.id, other=other.plugin)
                )

    def _add_kinds(self, manifest: Manifest) -> None:
        for row in manifest.kinds:
            other = self._kinds.get(row.id)
            if other is not None:
                self._note(
                    row, tr("the kind “{id}” is of the plugin “{other}”", id=row.id, other=other.plugin)
                )
                continue
            room = self.rooms.get(row.room)
            free = tuple(one for one in row.extensions if self._extensions.setdefault(one, row.id) == row.id)
            self._kinds[row.id] = replace(
                row, extensions=free, room=row.room if room and room.plugin == row.plugin else ""
            )
            for extension in row.extensions:
                if extension not in free:
                    self._note_taken(row, extension)

    def _check_rooms(self) -> None:
        """Drops kinds from rooms that nobody has, or that another plugin has."""
        for row in self.rooms.values():
            known = tuple(kind for kind in row.kinds if self._may_serve(row, kind))
            for kind in row.kinds:
                if kind not in known:
                    self._note(row, tr("it has no kind “{kind}” and the studio neither", kind=kind))
            self.rooms[row.id] = replace(row, kinds=known)

    def _add_formats(self, manifest: Manifest) -> None:
        for importer in manifest.importers:
            if self._is_known(importer, importer.kind):
                self._add_importer(importer)
        for exporter in manifest.exporters:
            if self._is_known(exporter, exporter.kind):
                self._claim(self._exporters, (exporter.kind, exporter.id), exporter, exporter.id)
        for command in manifest.commands:
            self._claim(self.commands, command.name, command, command.name)
        for reader in manifest.readers:
            self._claim(self._readers, reader.hint, reader, reader.hint)

    def _add_importer(self, row: ImporterRow) -> None:
        for extension in row.extensions:
            owner = self._extensions.get(extension, row.kind)
            if owner != row.kind:
                self._note_taken(row, extension)
                continue
            self._claim(self._importers, extension, row, extension)

    def _claim(self, table: dict, key: object, row: Row, shown: str) -> None:  # type: ignore[type-arg]
        other = table.setdefault(key, row)
        if other is not row:
            self._note(row, tr("“{id}” is of the plugin “{other}”", id=shown, other=other.plugin))

    def _note_taken(self, row: Row, extension: str) -> None:
        kind = self._extensions[extension]
        self._note(row, tr("files “{extension}” are of the kind “{kind}”", extension=extension, kind=kind))

    def _is_known(self, row: Row, kind: str) -> bool:
        if not self._may_serve(row, kind):
            self._note(row, tr("it has no kind “{kind}” and the studio neither", kind=kind))
            return False
        return True

    def _may_serve(self, row: Row, kind: str) -> bool:
        """Whether this is a stock kind or one that the row's plugin has declared and has got."""
        declared = self._kinds.get(kind)
        return declared.plugin == row.plugin if declared else kind in self.kinds


def installed_media() -> Media:
    """The manifests of all installed plugins, the studio's own first. Nothing of a plugin is imported."""
    return Media(installed_plugins())


def installed_plugins() -> Iterator[Plugin]:
    """Every plugin that has its name, in the order of `studio.plugins.discover.find`."""
    points = sorted(entry_points(ENTRY_POINTS), key=_order)
    names: set[str] = set()
    for point in points:
        if point.name not in names and NAME.match(point.name):
            names.add(point.name)
            yield _plugin(point)


def _order(point: EntryPoint) -> tuple[bool, str]:
    return point.distribution != _OURS, f"{point.name} {point.distribution}".lower()


def _plugin(point: EntryPoint) -> Plugin:
    folders = package_folders(point.value)
    plugin = Plugin(
        name=point.name,
        distribution=point.distribution,
        version=point.version,
        package=point.value.partition(":")[0].partition(".")[0],
        folder=folders[0] if folders else None,
    )
    path = folders[0] / FILE if folders else None
    if path is None or not path.exists():
        return plugin
    try:
        return replace(plugin, manifest=read_manifest(path, point.name))
    except PluginError as error:
        return replace(plugin, notes=(str(error),))
