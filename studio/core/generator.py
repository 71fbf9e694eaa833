"""The contract between a generator and the studio."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from studio.core.item import Kind
from studio.core.params import JsonObject, Params, json_schema

T = TypeVar("T")

NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")
"""What a plugin's and a generator's name may look like: both appear in ids, file names and commands."""


class Cancelled(Exception):
    """Raised by `Run` inside a generator once the user has cancelled. Let it pass."""


class Input(BaseModel):
    """A file that a generator works from. The first one of a generator is what the designer drops on it."""

    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")

    name: str
    title: str
    kind: Kind
    required: bool = True


@dataclass(frozen=True)
class NewArtifact:
    """A file that a generator has just made, inside `Run.scratch`. The studio moves it into the project."""

    path: Path
    kind: Kind
    name: str = ""
    """For people; empty lets the studio name it after its input."""


class Run(Protocol):
    """A generator's only window to the studio, for the length of one job."""

    params: Params
    seed: int
    device: str
    """"cpu", "cuda:0", "mps": where to compute."""
    threads: int
    scratch: Path
    """An empty folder that is removed after the job."""

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

    def check(self) -> None:
        """Raises `Cancelled` when the user has cancelled."""

    def note(self, message: str) -> None:
        """A line in the job's log."""


class Generator:
    """Subclass this. The docstring's first line is what the gallery of generators says about it."""

    name: ClassVar[str]
    title: ClassVar[str]
    kind: ClassVar[Kind]
    version: ClassVar[str] = "1"
    """Change it whenever the same recipe would give other bytes."""
    inputs: ClassVar[tuple[Input, ...]] = ()
    Params: ClassVar[type[Params]] = Params

    def generate(self, params: Any, run: Run) -> Iterator[NewArtifact]:
        """Makes the artifacts, yielding each as soon as it is whole."""
        raise NotImplementedError


class GeneratorDescription(BaseModel):
    """What the shell knows of a generator: data, since it imports no plugin."""

    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")

    id: str
    """plugin/name"""
    title: str
    kind: Kind
    version: str
    summary: str
    inputs: tuple[Input, ...]
    params_schema: JsonObject


def describe(plugin: str, generator: type[Generator]) -> GeneratorDescription:
    """A generator as data.

    Raises:
        ValueError: the class breaks the contract; the text says how.
    """
    name = getattr(generator, "name", None)
    if not isinstance(name, str) or not NAME.match(name):
        raise ValueError(f"{generator.__name__}.name must be lower-case letters, digits, - and _: {name!r}")
    if not getattr(generator, "title", ""):
        raise ValueError(f"{generator.__name__}.title is missing")
    if not (isinstance(generator.Params, type) and issubclass(generator.Params, Params)):
        raise ValueError(f"{generator.__name__}.Params must be a subclass of studio.api.Params")
    names = [slot.name for slot in generator.inputs]
    if len(set(names)) != len(names):
        raise ValueError(f"{generator.__name__}.inputs names one input twice: {names}")
    schema = json_schema(generator.Params)
    _check_defaults(generator.__name__, schema)
    return GeneratorDescription(
        id=f"{plugin}/{name}",
        title=generator.title,
        kind=Kind(generator.kind),
        version=str(generator.version),
        summary=(generator.__doc__ or "").strip().split("\n", 1)[0],
        inputs=generator.inputs,
        params_schema=schema,
    )


def _check_defaults(owner: str, schema: Mapping[str, Any]) -> None:
    """A form must be able to start from the defaults, so every field needs one that its own rule admits."""
    from studio.core.params import validate
    from studio.errors import InvalidParams

    missing = [name for name, spec in schema.get("properties", {}).items() if "default" not in spec]
    if missing:
        raise ValueError(f"{owner}.Params needs a default for: {', '.join(missing)}")
    try:
        validate(dict(schema), {})
    except InvalidParams as error:
        raise ValueError(f"{owner}.Params has defaults that break its own rules: {error.message}") from error
