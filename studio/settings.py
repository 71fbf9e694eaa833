"""What the studio remembers between starts: one frozen value per section, one JSON file.

An older file is read as it is, of a newer one what is known; a value that is not right falls back alone. What
could not be read whole is kept as a copy beside the file. Window geometry is not here; Qt keeps that itself.
"""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import msgspec
from msgspec import Meta

from studio.core.recipe import MAX_SEED
from studio.words import mark, tr

FILE = "settings.json"
FORMAT = 2
"""1: without this number. 2: more sections."""

MAX_RECENT = 10
MAX_BYTES = 16 * 2**20
MAX_TOLD = 3
"""How many bad values a notice names."""

THEMES = ("system", "light", "dark", "contrast")


class Section(msgspec.Struct, frozen=True, kw_only=True):
    def changed(self, **values: Any) -> Self:
        """With other values, which are not checked: they come from the program."""
        return msgspec.structs.replace(self, **values)


def _ui(group: str, **more: Any) -> dict[str, Any]:
    return {"x-ui": {"group": group, **more}}


_APPEARANCE, _PROJECTS = mark("Appearance"), mark("Projects")
_GALLERY, _NOTICES = mark("Gallery"), mark("Notices")


class Appearance(Section, frozen=True):
    theme: Annotated[
        str,
        Meta(
            pattern=r"^[^/\\\x00-\x1f\x7f]{1,80}\Z",
            title=mark("Theme"),
            description=mark("System follows the light or dark setting of the desktop."),
            extra_json_schema=_ui(
                _APPEARANCE,
                labels={
                    "system": mark("Like the system"),
                    "light": mark("Light"),
                    "dark": mark("Dark"),
                    "contrast": mark("High contrast"),
                },
            ),
        ),
    ] = "system"
    """One of `THEMES`, or the name of a file of the user's own."""
    language: Annotated[
        str,
        Meta(
            pattern=r"^([A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,2}(@[a-z]{2,16})?)?\Z",
            title=mark("Language"),
            description=mark("Takes effect at once. Numbers and dates follow it too."),
            extra_json_schema=_ui(_APPEARANCE, labels={"": mark("Like the system")}),
        ),
    ] = ""
    """ "": the system's."""
    font_scale: Annotated[
        int,
        Meta(
            ge=80,
            le=200,
            title=mark("Text size"),
            description=mark("Everything grows with the text."),
            extra_json_schema=_ui(_APPEARANCE, unit="%", hint="slider"),
        ),
    ] = 100
    reduced_motion: Annotated[
        bool,
        Meta(
            title=mark("Reduce motion"),
            description=mark("Things appear and vanish at once instead of moving."),
            extra_json_schema=_ui(_APPEARANCE),
        ),
    ] = False


class Projects(Section, frozen=True):
    restore: Annotated[
        bool,
        Meta(
            title=mark("Open the projects of the last time"),
            description=mark("At the start, each in its window."),
            extra_json_schema=_ui(_PROJECTS),
        ),
    ] = True
    open: tuple[str, ...] = ()
    """Folders of the projects that are open, or were when the program ended: one a window."""
    recent: tuple[str, ...] = ()
    """Folders, newest first; those that are pinned are never dropped."""
    pinned: tuple[str, ...] = ()
    times: dict[str, float] = {}
    """When a recent project was last opened, seconds since 1970, by its folder."""

    def opened(self, folder: Path, now: float) -> Projects:
        rest = [entry for entry in self.recent if entry != str(folder)]
        return self._with_recent([str(folder), *rest], {**self.times, str(folder): now})

    def forgotten(self, folder: Path) -> Projects:
        """Without this one, pinned or not."""
        kept = self.changed(pinned=tuple(entry for entry in self.pinned if entry != str(folder)))
        return kept._with_recent([entry for entry in self.recent if entry != str(folder)], self.times)

    def cleared(self) -> Projects:
        """Only what is pinned."""
        return self._with_recent([entry for entry in self.recent if entry in self.pinned], self.times)

    def with_pin(self, folder: Path, *, on: bool) -> Projects:
        rest = tuple(entry for entry in self.pinned if entry != str(folder))
        return self.changed(pinned=(*rest, str(folder)) if on else rest)

    def _with_recent(self, recent: list[str], times: Mapping[str, float]) -> Projects:
        loose = [entry for entry in recent if entry not in self.pinned]
        dropped = set(loose[MAX_RECENT:])
        kept = tuple(entry for entry in recent if entry not in dropped)
        return self.changed(recent=kept, times={entry: times[entry] for entry in kept if entry in times})


class Generating(Section, frozen=True):
    generator: str = ""
    """The id of the one last used."""
    values: dict[str, dict[str, Any]] = {}
    """Last used params by generator id: a suggestion, validated again before use."""
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 0
    seed_locked: bool = False
    device: str = ""
    """Empty: the first that the machine has."""
    seeds: tuple[Annotated[int, Meta(ge=0, le=MAX_SEED)], ...] = ()
    """Last used, newest first."""
    folded: dict[str, tuple[str, ...]] = {}
    """The groups that are folded away, by generator id."""
    advanced: tuple[str, ...] = ()
    """The ids of generators whose advanced settings are shown."""
    presets: dict[str, str] = {}
    """The preset last chosen, by generator id."""


class Exporting(Section, frozen=True):
    folder: str = ""
    template: str = "{name}"
    format: str = ""
    """Empty: each file as it is."""
    collision: Literal["number", "skip", "replace"] = "number"


class Gallery(Section, frozen=True):
    zoom: Annotated[
        int,
        Meta(
            ge=96,
            le=320,
            title=mark("Size of the thumbnails"),
            extra_json_schema=_ui(_GALLERY, unit="px", hint="slider"),
        ),
    ] = 144
    """Width of a cell in logical pixels."""
    sort: Annotated[
        Literal["newest", "oldest", "name", "size", "stars"],
        Meta(
            title=mark("Sort by"),
            extra_json_schema=_ui(
                _GALLERY,
                labels={
                    "newest": mark("Newest first"),
                    "oldest": mark("Oldest first"),
                    "name": mark("Name"),
                    "size": mark("File size"),
                    "stars": mark("Stars"),
                },
            ),
        ),
    ] = "newest"
    group: Annotated[
        Literal["none", "day", "batch", "kind", "label"],
        Meta(
            title=mark("Group by"),
            extra_json_schema=_ui(
                _GALLERY,
                labels={
                    "none": mark("Nothing"),
                    "day": mark("Day"),
                    "batch": mark("Batch"),
                    "kind": mark("Kind"),
                    "label": mark("Color label"),
                },
            ),
        ),
    ] = "none"


class Notices(Section, frozen=True):
    notify: Annotated[
        bool,
        Meta(
            title=mark("Tell when a batch ends"),
            description=mark("A notification of the desktop, while another program is in front."),
            extra_json_schema=_ui(_NOTICES),
        ),
    ] = True
    tray: Annotated[
        bool,
        Meta(
            title=mark("Show progress in the tray"),
            description=mark("While something is generated, where the desktop has a tray."),
            extra_json_schema=_ui(_NOTICES),
        ),
    ] = True


class Tour(Section, frozen=True):
    done: bool = False


class Canvas(Section, frozen=True):
    mode: str = ""
    """The tool last used; empty or unknown: the first."""


class Compare(Section, frozen=True):
    mode: str = ""
    """How pictures were last compared; empty or unknown: the first way that fits."""


class Settings(Section, frozen=True):
    appearance: Appearance = Appearance()
    projects: Projects = Projects()
    generating: Generating = Generating()
    exporting: Exporting = Exporting()
    gallery: Gallery = Gallery()
    keys: dict[str, str] = {}
    """The user's own shortcuts by a command's id, as portable text; empty text: none."""
    notices: Notices = Notices()
    tour: Tour = Tour()
    canvas: Canvas = Canvas()
    compare: Compare = Compare()

    def with_section(self, section: str, values: Mapping[str, Any]) -> Settings:
        """With some values of one section changed. In `keys`, None takes a command's own shortcut away."""
        old = getattr(self, section)
        if isinstance(old, Section):
            return self.changed(**{section: old.changed(**values)})
        merged = {key: value for key, value in {**old, **values}.items() if value is not None}
        return self.changed(**{section: merged})


# --- as a form ----------------------------------------------------------------------------------------------


def schema(
    themes: Mapping[str, str] | None = None, languages: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The JSON Schema of all that preferences show, with `x-ui`, in the current language.

    The names of its fields are "section.field". `themes` are the user's own and `languages` those that can be
    chosen, besides the system's: what is stored, and the words shown.
    """
    properties = {}
    for section in Settings.__struct_fields__:
        kind = type(getattr(_DEFAULTS, section))
        if not issubclass(kind, Section):
            continue
        for name, spec in msgspec.json.schema(kind)["$defs"][kind.__name__]["properties"].items():
            if "x-ui" in spec:
                properties[f"{section}.{name}"] = _shown(spec)
    _offer(properties["appearance.theme"], dict.fromkeys(THEMES, "") | dict(themes or {}))
    _offer(properties["appearance.language"], {"": ""} | dict(languages or {}))
    return {"type": "object", "properties": properties}


def values(settings: Settings) -> dict[str, Any]:
    """The values of the fields of `schema`, by "section.field"."""
    return {name: getattr(getattr(settings, name.split(".")[0]), name.split(".")[1]) for name in _names()}


def _names() -> list[str]:
    return list(schema()["properties"])


def _shown(spec: dict[str, Any]) -> dict[str, Any]:
    ui = dict(spec["x-ui"], group=tr(spec["x-ui"]["group"]))
    if "labels" in ui:
        ui["labels"] = {value: tr(words) for value, words in ui["labels"].items()}
    told = {key: tr(spec[key]) for key in ("title", "description") if key in spec}
    return spec | told | {"x-ui": ui}


def _offer(spec: dict[str, Any], choices: Mapping[str, str]) -> None:
    del spec["pattern"]
    spec["enum"] = list(choices)
    spec["x-ui"]["labels"] = spec["x-ui"].get("labels", {}) | {
        key: text for key, text in choices.items() if text
    }


# --- as a file ----------------------------------------------------------------------------------------------


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
        return Settings(), _put_aside(file)
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
    fresh = file.with_name(f"{FILE}.{os.getpid()}.new")
    # As ASCII, because the path of a project need not be text in UTF-8.
    fresh.write_text(
        json.dumps({"format": FORMAT, **msgspec.to_builtins(settings)}, indent=2), encoding="ascii"
    )
    fresh.replace(file)


def _parse(file: Path) -> dict[str, Any]:
    """Raises OSError, or ValueError where the file holds no JSON object."""
    with file.open("rb") as opened:
        data = opened.read(MAX_BYTES + 1)
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
        given, kind = document[name], type(getattr(_DEFAULTS, name))
        if not isinstance(given, dict):
            wrong.append(name)
        elif issubclass(kind, Section):
            sections[name] = kind(**_fitting(name, given, _types(kind), wrong))
        else:
            sections[name] = _fitting(name, given, dict.fromkeys(given, str), wrong)
    return Settings(**sections)


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


def _put_aside(file: Path) -> str:
    kept = file.with_name(f"{FILE}.broken")
    try:
        file.replace(kept)
    except OSError:
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


_DEFAULTS = Settings()
