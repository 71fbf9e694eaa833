"""The manifest of a plugin, `medium.toml`: the kinds, rooms and formats that it brings, as data.

The file lies in the plugin's package folder and is read without importing anything of the plugin. So a plugin
whose code fails keeps its kinds, and the window knows its rooms before any of them is loaded.

A manifest is a stranger's file. One that cannot be read at all is refused with a `PluginError`. Where a
single entry is wrong, that entry is left out with a note, and the others count.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from studio import user_files
from studio.errors import PluginError
from studio.plugins.manifest_checks import Checks, is_title
from studio.plugins.manifest_rows import (
    CommandRow,
    ExporterRow,
    ImporterRow,
    KindRow,
    ReaderRow,
    RoomRow,
)
from studio.plugins.setting_rows import SettingRow
from studio.words import tr

FILE = "medium.toml"
FORMAT = 1
"""The value of `manifest = ` that this studio reads."""

MAX_BYTES = 64 * 1024


class Manifest(Struct, frozen=True, kw_only=True):
    """All that a `medium.toml` declares and that can be used."""

    plugin: str
    """Name of the plugin's entry point."""
    folder: Path
    """The plugin's package folder."""
    title: str
    kinds: tuple[KindRow, ...] = ()
    rooms: tuple[RoomRow, ...] = ()
    importers: tuple[ImporterRow, ...] = ()
    exporters: tuple[ExporterRow, ...] = ()
    commands: tuple[CommandRow, ...] = ()
    readers: tuple[ReaderRow, ...] = ()
    settings: tuple[SettingRow, ...] = ()
    translations: Path | None = None
    """Folder of the plugin's gettext catalogs."""
    notes: tuple[str, ...] = ()
    """What was left out, and why."""


def read_manifest(path: Path, plugin: str) -> Manifest:
    """The manifest in this file, which lies in the package folder of the plugin that is called `plugin`.

    Raises:
        PluginError: nothing of the file can be used.
    """
    values = _toml(path, plugin)
    title = values.pop("title", None)
    if not isinstance(title, str) or not is_title(title):
        raise _refused(plugin, tr("its title is missing or is no short text of one line"))
    checks = Checks(plugin, path.parent)
    rooms = tuple(_room(row, checks) for row in checks.rows(values.pop("rooms", []), "rooms", RoomRow))
    own_rooms = frozenset(room.id for room in rooms)
    kinds = checks.rows(values.pop("kinds", []), "kinds", KindRow)
    importers = checks.rows(values.pop("importers", []), "importers", ImporterRow)
    exporters = checks.rows(values.pop("exporters", []), "exporters", ExporterRow)
    manifest = Manifest(
        plugin=plugin,
        folder=path.parent,
        title=title,
        kinds=tuple(_kind(row, own_rooms, checks) for row in kinds),
        rooms=rooms,
        importers=tuple(
            replace(row, extensions=checks.extensions(row.extensions, row.place)) for row in importers
        ),
        exporters=tuple(
            replace(
                row,
                aliases=checks.extensions(row.aliases, row.place),
                options=checks.options(row.options, row.place),
            )
            for row in exporters
        ),
        commands=checks.rows(values.pop("commands", []), "commands", CommandRow),
        readers=checks.rows(values.pop("readers", []), "readers", ReaderRow),
        settings=checks.settings(checks.rows(values.pop("settings", []), "settings", SettingRow)),
        translations=checks.translations(values.pop("i18n", {})),
    )
    for name in values:
        checks.unknown(name)
    return replace(manifest, notes=tuple(checks.notes))


def _kind(row: KindRow, rooms: frozenset[str], checks: Checks) -> KindRow:
    """The row without what is wrong in it but leaves the kind usable."""
    room = row.room
    if room and room not in rooms:
        checks.note(
            row.place,
            tr("the plugin has no room “{room}”", room=room),
            tr("Items of this kind open in the plain viewer."),
        )
        room = ""
    return replace(
        row,
        room=room,
        icon=checks.icon(row.icon, row.place),
        extensions=checks.extensions(row.extensions, row.place),
        magic=checks.magic(row.magic, row.place),
        thumbnail=checks.thumbnail(row.thumbnail, row.place),
    )


def _room(row: RoomRow, checks: Checks) -> RoomRow:
    return replace(
        row,
        icon=checks.icon(row.icon, row.place),
        generators=checks.own_ids(row.generators, row.place),
        picture=checks.picture(row.picture, row.place),
    )


def _toml(path: Path, plugin: str) -> dict[str, Any]:
    """The file's values, of a format that is read here."""
    try:
        if not path.is_file():  # a pipe would be waited for
            raise _refused(plugin, tr("it is no file"))
        data = user_files.read(path, MAX_BYTES)
    except OSError as error:
        raise _refused(plugin, tr("it cannot be read ({reason})", reason=error.strerror)) from error
    if len(data) > MAX_BYTES:
        raise _refused(plugin, tr("it has more than {most} KB", most=MAX_BYTES // 1024))
    try:
        values = tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:  # a UnicodeDecodeError is a ValueError too
        reason = str(error) or type(error).__name__
        raise _refused(plugin, tr("it is not TOML: {reason}", reason=reason)) from error
    format = values.pop("manifest", None)
    if type(format) is not int or format < 1:
        raise _refused(plugin, tr("it has no line “manifest = {format}”", format=FORMAT))
    if format > FORMAT:
        raise PluginError(
            tr(
                "The manifest {file} of the plugin “{plugin}” was written for a newer studio.",
                file=FILE,
                plugin=plugin,
            ),
            tr("Update the studio. Until then the plugin has no kinds, rooms and formats."),
        )
    return values


def _refused(plugin: str, why: str) -> PluginError:
    return PluginError(
        tr(
            "The manifest {file} of the plugin “{plugin}” cannot be used: {reason}.",
            file=FILE,
            plugin=plugin,
            reason=why,
        ),
        tr("The plugin has no kinds, rooms and formats. Reinstall or update it, or tell its author."),
    )
