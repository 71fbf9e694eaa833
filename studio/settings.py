"""What the studio remembers between starts: one frozen model per section, one JSON file.

Window geometry is not here; Qt keeps that itself.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from studio.core.recipe import MAX_SEED

FILE = "settings.json"
MAX_RECENT = 10


class _Section(BaseModel):
    model_config = ConfigDict(defer_build=True, frozen=True, extra="ignore")


class Appearance(_Section):
    theme: Literal["system", "light", "dark"] = "system"


class Projects(_Section):
    recent: tuple[str, ...] = ()
    """Folders, newest first."""
    reopen: bool = True
    """Whether a start without a project opens the last one: false after the user closed it."""

    def opened(self, folder: Path) -> Projects:
        rest = [entry for entry in self.recent if entry != str(folder)]
        return Projects(recent=(str(folder), *rest)[:MAX_RECENT], reopen=True)

    def forgotten(self, folder: Path) -> Projects:
        return self.model_copy(update={"recent": tuple(e for e in self.recent if e != str(folder))})


class Generating(_Section):
    generator: str = ""
    """The id of the one last used."""
    values: dict[str, dict[str, Any]] = {}
    """Last used params by generator id: a suggestion, validated again before use."""
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    seed_locked: bool = False
    device: str = ""
    """Empty: the first that the machine has."""


class Exporting(_Section):
    folder: str = ""
    template: str = "{name}"


class Settings(_Section):
    appearance: Appearance = Appearance()
    projects: Projects = Projects()
    generating: Generating = Generating()
    exporting: Exporting = Exporting()


def load(folder: Path) -> tuple[Settings, str]:
    """The settings in this folder, and a notice for the user where they could not be read ("" if they could).

    A file that is broken is kept beside it as `settings.json.broken`, and the defaults take its place.
    """
    file = folder / FILE
    try:
        return Settings.model_validate_json(file.read_bytes()), ""
    except FileNotFoundError:
        return Settings(), ""
    except OSError as error:
        return Settings(), f"Your settings could not be read ({error.strerror}). The defaults are used."
    except ValidationError:
        kept = file.with_name(FILE + ".broken")
        file.replace(kept)
        return (
            Settings(),
            f"Your settings were damaged. The defaults are used; the old file is kept as {kept.name}.",
        )


def save(settings: Settings, folder: Path) -> None:
    """Writes the file whole or not at all. Raises OSError."""
    file = folder / FILE
    fresh = file.with_name(f"{FILE}.{os.getpid()}.new")
    fresh.write_text(settings.model_dump_json(indent=2), encoding="utf-8")
    fresh.replace(file)
