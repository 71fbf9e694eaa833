"""What generators are: as data for the shell, and what one is given to work with.

The class that a plugin's author subclasses is in `studio.core.authoring`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from studio.core.kind import KindId
from studio.core.model import Number, Plan
from studio.core.params import JsonObject, hint_of
from studio.words import tr

if TYPE_CHECKING:
    from studio.core.params_base import Params

T = TypeVar("T")

NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")
"""What a plugin's and a generator's name may look like: both appear in ids, file names and commands."""

MAX_DRAFTS = 64
"""Texts that one job may stream at once."""

ENTRY_POINTS = "studio.plugins"
"""The group of entry points in which a distribution declares its plugins."""


class Cancelled(Exception):
    """Raised by `Run` inside a generator once the user has cancelled. Let it pass."""


class Input(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that a generator works from. The first one of a generator is what the designer drops on it."""

    name: str
    title: str
    kind: KindId
    required: bool = True
    fed_by: str = ""
    """The field whose value names this file (a study its shapes), so that no form asks for it."""


class NewArtifact(msgspec.Struct, frozen=True):
    """A file that a generator has just made, inside `Run.scratch`. The studio moves it into the project."""

    path: Path
    kind: str
    """The id of its kind, such as `Kind.IMAGE`, or of one that the plugin declares."""
    name: str = ""
    """For people; empty lets the studio name it after its input."""


class Run(Protocol):
    """A generator's only window to the studio, for the length of one job."""

    params: Params
    seed: int
    device: str
    """"cpu", "cuda:0", "mps": where to compute; the plan's."""
    plan: Plan
    """Device, precision and offload that fit this machine; a smaller one after running out of memory."""
    threads: int
    scratch: Path
    """An empty folder that is removed after the job."""
    kept: Path
    """A folder for how far it has come. A job with the same recipe finds it as this one left it, also after
    being cancelled and after a crash; it is removed once the job is done. Write whole files only."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """What the person has set for the plugin, by key (`[[settings]]` of its manifest).

        It is no part of the recipe: the bytes of a result must not depend on it.
        """

    def input(self, name: str) -> Path | None:
        """The file given for this input, read-only; None where an optional one is absent."""

    def model(self, field: str) -> Path:
        """The file or folder of the model that this params field names, with its digest verified.

        Raises:
            ModelRefused: it is missing, or not the bytes that the recipe names.
        """

    def warm(self, key: str, make: Callable[[], T]) -> T:
        """An expensive object (a loaded model) kept for the next jobs: made once per worker and key."""

    def progress(self, done: float, total: float, message: str = "") -> None:
        """Tells the user how far it is. Raises `Cancelled` when the user has cancelled: call it often."""

    def preview(self, image: bytes) -> None:
        """Shows an unfinished picture (PNG or JPEG, at most about 512 pixels a side). May be dropped."""

    def text(self, delta: str, draft: int = 0) -> None:
        """The next words of an unfinished text; `draft` counts from 0 where several are written at once."""

    def numbers(self, *numbers: Number) -> None:
        """Measured numbers to show while it works. The last of each name are kept with the job."""

    def check(self) -> None:
        """Raises `Cancelled` when the user has cancelled."""

    def note(self, message: str) -> None:
        """A line in the job's log, which the command line shows too."""


class ConvertRun(Protocol):
    """A converter's only window to the studio."""

    threads: int

    def progress(self, done: float, total: float, message: str = "") -> None:
        """Tells the user how far it is. Raises `Cancelled` when the user has cancelled: call it often."""

    def check(self) -> None:
        """Raises `Cancelled` when the user has cancelled."""

    def note(self, message: str) -> None:
        """A line in the log."""


class Action(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What pressing the button of a form does, as an order: "Remove", "Write 3 drafts"."""

    words: str
    """With `{count}` where `count` names a field."""
    one: str = ""
    """Where that count is 1."""
    count: str = ""
    """The params field that says how many results there will be."""
    when: tuple[str, tuple[str, ...]] | None = None
    """A field, and the values of it for which this is the action; None for all."""


class GeneratorDescription(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the shell knows of a generator: data, since it imports no plugin."""

    id: str
    """plugin/name"""
    title: str
    kind: KindId
    version: str
    summary: str
    inputs: tuple[Input, ...]
    params_schema: JsonObject
    listed: bool = True
    """Whether people choose it themselves; others are run by the window on its own."""
    actions: tuple[Action, ...] = ()
    """What the button says: the first one that fits the form's values."""

    def action(self, values: JsonObject) -> str:
        """What generating with these values does, in the current language: "Write 3 drafts"."""
        for action in self.actions:
            if action.when is None or values.get(action.when[0]) in action.when[1]:
                count = values.get(action.count)
                if count == 1 and action.one:
                    return tr(action.one)
                return tr(action.words, count=count)
        return tr("Generate")

    def hinted(self, hint: str) -> str:
        """The name of its first field with this hint; "" if it has none."""
        fields = self.params_schema.get("properties", {})
        return next((name for name, spec in fields.items() if hint_of(spec) == hint), "")

    @property
    def fed_slots(self) -> tuple[str, ...]:
        """The inputs that a field's value names and the user does not choose."""
        return tuple(slot.name for slot in self.inputs if slot.fed_by)
