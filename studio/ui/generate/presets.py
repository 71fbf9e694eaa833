"""Presets: the values of a form under a name, kept as files that people can share.

`presets/PLUGIN/GENERATOR/NAME.json` in the configuration folder; the file's name is the preset's name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from studio import user_files
from studio.core.params import unfit
from studio.errors import BadInput
from studio.words import tr

FORMAT = 1
MAX_BYTES = 1_000_000
ENDING = ".json"


class Preset(Struct, frozen=True):
    generator: str
    """plugin/name"""
    version: str
    """Of the generator that it was made with."""
    values: Mapping[str, Any]
    note: str = ""


class NewerPreset(BadInput):
    """Made by a newer studio: it is not damaged, we just cannot read it."""


def dump(preset: Preset) -> bytes:
    """A preset as its file: JSON in UTF-8, indented, ends with a line break."""
    data = {
        "studio_preset": FORMAT,
        "generator": preset.generator,
        "generator_version": preset.version,
        "note": preset.note,
        "values": dict(preset.values),
    }
    return (json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def parse(data: bytes, name: str) -> Preset:
    """A preset from a file's bytes; unknown members are left alone.

    Raises:
        NewerPreset: of a later format.
        BadInput: no preset at all, or a damaged one.
    """
    broken = BadInput(
        tr("“{name}” is not a preset, or it is damaged.", name=name),
        tr("Ask for the file again, or save the settings as a new preset."),
    )
    if len(data) > MAX_BYTES:
        raise broken
    try:
        read = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise broken from error
    if not isinstance(read, dict):
        raise broken
    number = read.get("studio_preset")
    if type(number) is not int or number < 1:
        raise broken
    if number > FORMAT:
        raise NewerPreset(
            tr("The preset “{name}” was made by a newer version of Studio.", name=name),
            tr("Update Studio to use it. The file was left as it is."),
        )
    texts = [read.get(key, "") for key in ("generator", "generator_version", "note")]
    values = read.get("values")
    if not all(isinstance(text, str) for text in texts) or not texts[0] or not isinstance(values, dict):
        raise broken
    if any(unfit(part) for part in (*texts, values)):
        raise broken
    return Preset(texts[0], texts[1], values, texts[2])


class Outcome(Struct, frozen=True):
    """What reading a preset gave, and what the user should know of it ("" if all is well)."""

    preset: Preset | None
    notice: str = ""


class PresetStore(Struct, frozen=True):
    """The presets of all generators. Names are compared as the file system does."""

    folder: Path

    def names(self, generator: str) -> list[str]:
        """Sorted as people sort."""
        try:
            found = [path.stem for path in self._folder(generator).glob(f"*{ENDING}")]
        except OSError:
            return []
        return sorted(found, key=str.casefold)

    def read(self, generator: str, name: str) -> Outcome:
        """A preset of this generator. One that is damaged is put aside as `NAME.json.broken`."""
        file = self._file(generator, name)
        try:
            preset = parse(user_files.read(file, MAX_BYTES), name)
        except NewerPreset as error:
            return Outcome(None, str(error))
        except BadInput:
            kept = user_files.put_aside(file) or file
            return Outcome(
                None,
                tr("The preset “{name}” is damaged. A copy is kept as {file}.", name=name, file=kept.name),
            )
        except OSError as error:
            reason = error.strerror or type(error).__name__
            return Outcome(
                None, tr("The preset “{name}” could not be read: {reason}.", name=name, reason=reason)
            )
        if preset.generator != generator:
            return Outcome(
                None,
                tr("The preset “{name}” is for another generator ({id}).", name=name, id=preset.generator),
            )
        return Outcome(preset)

    def write(self, name: str, preset: Preset, *, keep: bool = False) -> str:
        """Writes a preset whole or not at all; returns its name as it can be a file's.

        What lies there already is replaced, but a copy is kept if it cannot be read, or if `keep` says so.
        Raises OSError.
        """
        name = self.clean(name)
        file = self._file(preset.generator, name)
        if file.exists() and (keep or not _readable(file)):
            user_files.put_aside(file)
        user_files.write(file, dump(preset))
        return name

    def rename(self, generator: str, old: str, new: str) -> str:
        """Raises BadInput where the new name is taken, OSError."""
        new = self.clean(new)
        target = self._file(generator, new)
        if new == old:
            return new
        if target.exists() and not target.samefile(self._file(generator, old)):
            raise BadInput(
                tr("There is a preset “{name}” already.", name=new), tr("Choose another name for this one.")
            )
        self._file(generator, old).rename(target)
        return new

    def remove(self, generator: str, name: str) -> None:
        """Raises OSError."""
        self._file(generator, name).unlink(missing_ok=True)

    def take_in(self, file: Path) -> tuple[str, Preset]:
        """Reads a preset file from elsewhere and keeps it under a free name: (name, preset).

        Raises BadInput, OSError.
        """
        preset = parse(user_files.read(file, MAX_BYTES), file.name)
        if not _is_id(preset.generator):
            raise BadInput(
                tr(
                    "“{name}” names no generator that could exist: “{id}”.",
                    name=file.name,
                    id=preset.generator,
                ),
                tr("Ask for the file again."),
            )
        stem = self.clean(file.name.removesuffix(ENDING))
        name, number = stem, 2
        while self._file(preset.generator, name).exists():
            name, number = f"{stem} {number}", number + 1
        return self.write(name, preset), preset

    def has(self, generator: str, name: str) -> bool:
        return self._file(generator, self.clean(name)).exists()

    @staticmethod
    def clean(name: str) -> str:
        """A name that every file system takes."""
        from studio.core.file_names import safe_name

        return safe_name(name)

    def _folder(self, generator: str) -> Path:
        return self.folder.joinpath(*generator.split("/"))

    def _file(self, generator: str, name: str) -> Path:
        return self._folder(generator) / f"{name}{ENDING}"


def _is_id(generator: str) -> bool:
    from studio.core.generator import NAME

    parts = generator.split("/")
    return len(parts) == 2 and all(NAME.match(part) for part in parts)


def _readable(file: Path) -> bool:
    try:
        parse(user_files.read(file, MAX_BYTES), file.stem)
    except (BadInput, OSError):
        return False
    return True
