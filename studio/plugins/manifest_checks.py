"""What is checked in a manifest beyond the types of its entries, with a note for all that is left out."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from studio.core.kind import STOCK
from studio.paths import resource
from studio.plugins.manifest_rows import KindRow, OptionRow, Row
from studio.plugins.setting_rows import SettingRow
from studio.words import tr

MOST_ROWS = 64
"""Of each table of a manifest."""
MAX_ICON = 1024 * 1024
"""Bytes, of pictures too."""
PICTURES = (".webp", ".png", ".jpg")
MAX_TITLE = 80
MAX_MAGIC = 64
"""Hexadecimal digits."""

_EXTENSION = re.compile(r"\.[a-z0-9][a-z0-9+_.-]{0,15}")
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)
_ICON = re.compile(r"[a-z][a-z0-9-]{0,63}")
_STOCK_IDS = frozenset(info.id for info in STOCK)

AnyRow = TypeVar("AnyRow", bound=Row)


class _WrongError(Exception):
    """An entry breaks a rule; the text says which."""


def is_title(text: str) -> bool:
    """Whether this can stand in a menu: one short line without invisible characters."""
    return 0 < len(text) <= MAX_TITLE and text.isprintable() and text.strip() == text


class Checks:
    """Reads the tables of one manifest and collects notes on what is wrong in them."""

    def __init__(self, plugin: str, folder: Path) -> None:
        """`folder` is the plugin's package, whose name is the package's."""
        self._plugin = plugin
        self._folder = folder
        self.notes: list[str] = []

    def note(self, place: str, why: str, hint: str) -> None:
        """Notes where in the manifest something is wrong, why, and what comes of it or what to do."""
        self.notes.append(note(self._plugin, place, why, hint))

    def unknown(self, name: str) -> None:
        """Notes a setting that no manifest has."""
        self.note(_shown(name), tr("there is no such setting"), tr("It is ignored; check how it is spelled."))

    def rows(self, table: Any, name: str, type: type[AnyRow]) -> tuple[AnyRow, ...]:
        """The usable entries of the table `name`; of two that are called the same the first counts."""
        if not isinstance(table, list):
            self.note(name, tr("it is no list of tables ([[{name}]])", name=name), left_out())
            return ()
        if len(table) > MOST_ROWS:
            self.note(
                name,
                tr("it has {count} entries, and {most} are read", count=len(table), most=MOST_ROWS),
                tr("The others are left out."),
            )
        found: dict[object, AnyRow] = {}
        for number, values in enumerate(table[:MOST_ROWS], 1):
            place = f"{name}[{number}]"
            try:
                row = self._row(values, place, type)
                key = tuple(getattr(row, field) for field in type.KEY) or place
                if key in found:
                    raise _WrongError(tr("“{id}” is declared twice", id=key[-1]))
            except _WrongError as error:
                self.note(place, str(error), left_out())
                continue
            found[key] = row
        return tuple(found.values())

    def _row(self, values: Any, place: str, type: type[AnyRow]) -> AnyRow:
        if not isinstance(values, dict):
            raise _WrongError(tr("it is no table"))
        fields = [field for field in type.__struct_fields__ if field not in Row.__struct_fields__]
        for name in values:
            if name not in fields:
                self.unknown(f"{place}.{name}")
        known = {name: value for name, value in values.items() if name in fields}
        try:
            row = msgspec.convert({**known, "plugin": self._plugin, "place": place}, type)
        except msgspec.ValidationError as error:
            raise _WrongError(tr("it is not as the studio reads it ({reason})", reason=error)) from error
        for field in type.TITLES:
            if getattr(row, field) is not None and not is_title(getattr(row, field)):
                raise _WrongError(
                    tr("“{field}” is no text of one line with 1 to {most} signs", field=field, most=MAX_TITLE)
                )
        for field in type.DOTTED:
            if getattr(row, field) is not None:
                self._check_dotted(getattr(row, field))
        if isinstance(row, KindRow) and row.id in _STOCK_IDS:
            raise _WrongError(tr("the kind “{id}” is the studio's own", id=row.id))
        return row

    def _check_dotted(self, name: str) -> None:
        """Raises `_WrongError` unless the name is of a module of the plugin's package that is there."""
        if not _DOTTED.fullmatch(name):
            raise _WrongError(tr("“{name}” is not like “package.module:name”", name=_shown(name)))
        top, *below = name.partition(":")[0].split(".")
        if top != self._folder.name:
            raise _WrongError(
                tr(
                    "“{name}” is not in the plugin's own package {package}",
                    name=name,
                    package=self._folder.name,
                )
            )
        module = self._folder.joinpath(*below)
        folder = module.parent if below else self._folder
        there = (
            (module / "__init__.py").is_file()
            or module.with_name(f"{module.name}.py").is_file()
            or any(folder.glob(f"{module.name}.*.so"))
            or any(folder.glob(f"{module.name}.*.pyd"))
        )
        if not there:
            raise _WrongError(tr("there is no module for “{name}”", name=name))

    # --- fields without which an entry is still of use ------------------------------------------------------

    def icon(self, icon: str, place: str) -> str:
        """The icon as the window can use it: the studio's name for it, or the absolute path of a file."""
        try:
            if _ICON.fullmatch(icon):
                if not resource("icons", f"{icon}.svg").is_file():
                    raise _WrongError(tr("the studio has no icon “{icon}”", icon=icon))
                return icon
            return str(self._icon_file(icon))
        except _WrongError as error:
            self.note(place, str(error), tr("The icon of a plain file is shown."))
            return "file"

    def _icon_file(self, icon: str) -> Path:
        shown = _shown(icon)
        if "\0" in icon or not icon.endswith(".svg"):
            raise _WrongError(tr("the icon “{icon}” is no SVG file", icon=shown))
        path, size = self._own_file(icon)
        if size is None:
            raise _WrongError(tr("there is no icon “{icon}”", icon=shown))
        if size > MAX_ICON:
            raise _WrongError(
                tr("the icon “{icon}” has more than {most} MB", icon=shown, most=MAX_ICON // 2**20)
            )
        return path

    def _own_file(self, name: str) -> tuple[Path, int | None]:
        """A file in the plugin's package by its name there, and its bytes; None where there is none."""
        shown = _shown(name)
        folder = self._folder.resolve()
        path = folder / name
        try:
            # A link to itself resolves to itself from Python 3.13 on, and raises before.
            if path.is_symlink() or path.resolve() != path or not path.is_relative_to(folder):
                raise _WrongError(
                    tr("“{file}” lies outside of the plugin's package or is a link", file=shown)
                )
            return path, path.stat().st_size if path.is_file() else None
        except (OSError, RuntimeError) as error:  # too long a name, folders linked in a circle
            raise _WrongError(tr("“{file}” cannot be read", file=shown)) from error

    def picture(self, name: str, place: str) -> str:
        """The absolute path of a picture in the plugin's package, or "" where none can be shown."""
        if not name:
            return ""
        shown = _shown(name)
        try:
            if "\0" in name or not name.endswith(PICTURES):
                raise _WrongError(tr("the picture “{file}” is no WebP, PNG or JPEG file", file=shown))
            path, size = self._own_file(name)
            if size is None:
                raise _WrongError(tr("there is no picture “{file}”", file=shown))
            if size > MAX_ICON:
                raise _WrongError(
                    tr("the picture “{file}” has more than {most} MB", file=shown, most=MAX_ICON // 2**20)
                )
            return str(path)
        except _WrongError as error:
            self.note(place, str(error), tr("A picture is drawn from the room's icon."))
            return ""

    def extensions(self, extensions: tuple[str, ...], place: str) -> tuple[str, ...]:
        """In lower case, without what is no extension."""
        found = []
        for extension in dict.fromkeys(extension.lower() for extension in extensions):
            if _EXTENSION.fullmatch(extension):
                found.append(extension)
            else:
                self.note(
                    place, tr("“{extension}” is not like “.abc”", extension=_shown(extension)), left_out()
                )
        return tuple(found)

    def options(self, options: tuple[OptionRow, ...], place: str) -> tuple[OptionRow, ...]:
        """Those that a form can show: named once, in words of one line, with a range."""
        found: dict[str, OptionRow] = {}
        for option in options:
            words = (option.title, option.help or " ", option.unit or " ", option.usual or " ")
            bounds = (option.minimum, option.maximum, option.step)
            has_range = all(map(math.isfinite, bounds)) and option.minimum < option.maximum
            if has_range and option.id not in found and all(text.isprintable() for text in words):
                found[option.id] = option
            else:
                self.note(place, tr("the option “{id}” cannot be shown in a form", id=option.id), left_out())
        return tuple(found.values())

    def settings(self, rows: tuple[SettingRow, ...]) -> tuple[SettingRow, ...]:
        """Those that a form can show, with a default that fits."""
        for row in rows:
            if why := row.trouble():
                self.note(row.place, tr("the setting “{id}”: {reason}", id=row.key, reason=why), left_out())
        return tuple(row for row in rows if not row.trouble())

    def magic(self, magic: tuple[str, ...], place: str) -> tuple[str, ...]:
        """Without what is no hexadecimal number of whole bytes."""
        found = []
        for start in magic:
            try:
                usable = 0 < len(start) <= MAX_MAGIC and bool(bytes.fromhex(start))
            except ValueError:
                usable = False
            if usable:
                found.append(start)
            else:
                self.note(place, tr("“{start}” is not like “89504e47”", start=_shown(start)), left_out())
        return tuple(found)

    def thumbnail(self, name: str, place: str) -> str:
        """The dotted name, or "" where it names nothing."""
        try:
            if name:
                self._check_dotted(name)
        except _WrongError as error:
            self.note(place, str(error), tr("Items of this kind have no thumbnail."))
            return ""
        return name

    def own_ids(self, patterns: tuple[str, ...], place: str) -> tuple[str, ...]:
        """Patterns of ids of the plugin's own generators."""
        own = tuple(pattern for pattern in patterns if pattern.startswith(f"{self._plugin}/"))
        for pattern in patterns:
            if pattern not in own:
                self.note(
                    place,
                    tr(
                        "“{pattern}” does not begin with “{start}”",
                        pattern=_shown(pattern),
                        start=f"{self._plugin}/",
                    ),
                    left_out(),
                )
        return own

    def translations(self, table: Any) -> Path | None:
        """The folder of catalogs that the table [i18n] names."""
        if table == {}:
            return None
        named = table.get("folder") if isinstance(table, dict) else None
        folder = self._folder.resolve()
        try:
            if not isinstance(named, str) or not named or "\0" in named:
                raise _WrongError(tr("it has no line “folder = …”"))
            path = folder / named
            if path == folder or path.resolve() != path or not path.is_relative_to(folder):
                raise _WrongError(
                    tr("“{folder}” lies outside of the plugin's package or is a link", folder=_shown(named))
                )
            if not path.is_dir():
                raise _WrongError(tr("there is no folder “{folder}”", folder=_shown(named)))
        except (_WrongError, OSError, RuntimeError) as error:
            self.note("i18n", str(error), tr("The plugin is shown in English."))
            return None
        return path


def note(plugin: str, place: str, why: str, hint: str) -> str:
    """A note on a manifest: which plugin, where, why, and what comes of it or what to do."""
    return tr(
        "The manifest of the plugin “{plugin}”, {place}: {why}. {hint}",
        plugin=plugin,
        place=place,
        why=why,
        hint=hint,
    )


def left_out() -> str:
    return tr("That is left out; tell the plugin's author, or update the plugin.")


def _shown(text: str) -> str:
    """A stranger's text, fit for a message."""
    short = text[:60] + ("…" if len(text) > 60 else "")
    return short if short.isprintable() else ascii(short)
