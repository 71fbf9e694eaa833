"""The settings as a file: read value by value, so that a bad one costs nothing but itself."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from studio import paths, user_files
from studio.core.kind import Kind
from studio.errors import StudioError
from studio.settings.sections import DEFAULTS, Appearance, Exporting, Section, Settings
from studio.words import tr

FILE = "settings.json"
FORMAT = 2
"""1: without this number. 2: more sections."""

MAX_BYTES = 16 * 2**20
_ENTRIES = {"keys": str, "plugins": dict[str, Any]}
"""The type of every entry of a section whose names are not the studio's."""

MAX_TOLD = 3
"""How many bad values a notice names."""


def load(folder: Path) -> tuple[Settings, str]:
    """The settings in this folder, and a notice for the user where it could not be read ("" otherwise).

    A file that is no settings file is kept beside it as `settings.json.broken`, and the defaults take its
    place. Where only single values are wrong, their defaults do, and a copy of the file is kept.
    """
    file = folder / FILE
    try:
        document = _parse(file)
    except FileNotFoundError:
        return Settings(), ""
    except OSError as error:
        why = error.strerror or ""
        return Settings(), tr(
            "Your settings could not be read ({reason}). The defaults are used.", reason=why
        )
    except ValueError:
        return Settings(), _told_damage(user_files.put_aside(file))
    wrong: list[str] = []
    settings = _read(document, wrong)
    notices = []
    if _is_newer(document):
        notices.append(
            tr(
                "Your settings are from a newer version of Studio; what this version knows of them is used. "
                "The file is kept as {file} before anything is written.",
                file=f"{FILE}.newer",
            )
        )
    if wrong:
        notices.append(_told(wrong, _keep(file, "broken")))
    return settings, " ".join(notices)


def current() -> Settings:
    """What is set now, for who has no window to ask: defaults where nothing can be read. Changes nothing."""
    try:
        return _read(_parse(paths.config_folder() / FILE), [])
    except (OSError, ValueError, StudioError):
        return Settings()


def language(folder: Path) -> str:
    """The language that is set, for those who need no more ("" where none is). Changes nothing."""
    try:
        section = _parse(folder / FILE).get("appearance")
    except (OSError, ValueError):
        return ""
    given = section if isinstance(section, dict) else {}
    return Appearance(**_fitting("appearance", given, _types(Appearance), [])).language


def save(settings: Settings, folder: Path) -> None:
    """Writes the file whole or not at all; one of a newer version is kept as a copy first. Raises OSError."""
    file = folder / FILE
    with suppress(FileNotFoundError, ValueError):
        if _is_newer(_parse(file)):
            shutil.copyfile(file, file.with_name(f"{FILE}.newer"))
    # As ASCII, because the path of a project need not be text in UTF-8.
    text = json.dumps({"format": FORMAT, **msgspec.to_builtins(settings)}, indent=2)
    user_files.write(file, text.encode("ascii"))


def _parse(file: Path) -> dict[str, Any]:
    """Raises OSError, or ValueError where the file holds no JSON object."""
    data = user_files.read(file, MAX_BYTES)
    if len(data) > MAX_BYTES:
        raise ValueError("too long")
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_float=_finite, parse_constant=str)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(document, dict) or not isinstance(document.get("format", 1), int):
        raise ValueError("not a settings file")
    return document


def _finite(text: str) -> float | str:
    """A number that no float can hold stays a text, so that its field falls back alone."""
    number = float(text)
    return number if math.isfinite(number) else text


def _is_newer(document: Mapping[str, Any]) -> bool:
    return int(document.get("format", 1)) > FORMAT


def _read(document: Mapping[str, Any], wrong: list[str]) -> Settings:
    """Every value that fits its type; the names of the others are added to `wrong`."""
    sections: dict[str, Any] = {}
    for name in Settings.__struct_fields__:
        if name not in document:
            continue
        given, kind = document[name], type(getattr(DEFAULTS, name))
        if not isinstance(given, dict):
            wrong.append(name)
        elif kind is Exporting:
            sections[name] = kind(**_fitting(name, _by_kind(given), _types(kind), wrong))
        elif issubclass(kind, Section):
            sections[name] = kind(**_fitting(name, given, _types(kind), wrong))
        else:
            sections[name] = _fitting(name, given, dict.fromkeys(given, _ENTRIES[name]), wrong)
    return Settings(**sections)


def _by_kind(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The section on exports with its formats by kind, of which version 0.1 had one field each: `format` for
    pictures and masks, `text_format` and so on for others."""
    if "formats" in given:
        return given
    older = {name.removesuffix("_format"): value for name, value in given.items() if name.endswith("_format")}
    older |= dict.fromkeys((Kind.IMAGE, Kind.MASK), given.get("format"))
    return {**given, "formats": {kind: value for kind, value in older.items() if isinstance(value, str)}}


def _types(kind: type[Section]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(kind)}


def _fitting(
    section: str, given: Mapping[str, Any], types: Mapping[str, Any], wrong: list[str]
) -> dict[str, Any]:
    fit = {}
    for name, kind in types.items():
        if name in given:
            try:
                fit[name] = msgspec.convert(given[name], kind)
            except msgspec.ValidationError:
                wrong.append(f"{section}.{name}")
    return fit


def _told_damage(kept: Path | None) -> str:
    if kept is None:
        return tr("Your settings are damaged. The defaults are used.")
    return tr(
        "Your settings were damaged. The defaults are used; the old file is kept as {file}.", file=kept.name
    )


def _keep(file: Path, suffix: str) -> str:
    """The name of a copy; empty where there can be none."""
    kept = file.with_name(f"{FILE}.{suffix}")
    try:
        shutil.copyfile(file, kept)
    except OSError:
        return ""
    return kept.name


def _told(wrong: list[str], kept: str) -> str:
    listed = ", ".join(wrong[:MAX_TOLD])
    if len(wrong) > MAX_TOLD:
        listed = tr("{names} and {count} more", names=listed, count=len(wrong) - MAX_TOLD)
    if not kept:
        return tr("Some settings were not right and are back at their defaults: {names}.", names=listed)
    return tr(
        "Some settings were not right and are back at their defaults: {names}. "
        "A copy of the file is kept as {file}.",
        names=listed,
        file=kept,
    )
