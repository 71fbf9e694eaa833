"""The language between a host and its worker: JSON lines, strictly validated, of bounded length.

No pickle, no bytes: pictures travel as files in the job's staging folder.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    ValidationError,
)

from studio.core.item import Kind
from studio.core.recipe import Recipe
from studio.errors import StudioError, error_from_json
from studio.plugins.catalog import PluginDescription

_T = TypeVar("_T")

PROTOCOL = 1
MAX_LINE = 4 * 1024 * 1024
"""Bytes, with the line's end. The longest honest message is the description of a plugin."""

MAX_TEXT = 64 * 1024
"""Characters of a message for people; what is longer is cut."""


class WireError(Exception):
    """What came over the wire is no message."""


def _clean(value: object) -> object:
    """Texts come from plugins: lone surrogates (of odd file names) would be refused further on."""
    if isinstance(value, str):
        return value[:MAX_TEXT].encode("utf-8", "replace").decode()
    return value


def _path_on_the_wire(path: Path) -> str:
    """Without loss: a path is bytes, and may be no text."""
    return os.fsencode(path).decode("latin-1")


def _path_from_the_wire(value: object) -> Path:
    if isinstance(value, Path):
        return value
    if not isinstance(value, str):
        raise ValueError("not a path")
    return Path(os.fsdecode(value.encode("latin-1")))


Text = Annotated[str, BeforeValidator(_clean)]
FilePath = Annotated[Path, PlainValidator(_path_from_the_wire), PlainSerializer(_path_on_the_wire)]


class _Message(BaseModel):
    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


# --- to the worker ------------------------------------------------------------------------------------------


class Describe(_Message):
    type: Literal["describe"] = "describe"
    skip: tuple[str, ...] = ()
    """Keys of plugins that are described already, or cannot be."""


class RunJob(_Message):
    type: Literal["run"] = "run"
    job: str
    recipe: Recipe
    inputs: dict[str, FilePath]
    models: dict[str, FilePath]
    staging: FilePath
    """A folder of this job's own. Its subfolder `work` is the generator's scratch."""


class Control(_Message):
    """About the job that runs or is about to."""

    type: Literal["control"] = "control"
    job: str
    what: Literal["cancel", "pause", "resume"]


# --- from the worker ----------------------------------------------------------------------------------------


class Ready(_Message):
    type: Literal["ready"] = "ready"
    protocol: int


class Found(_Message):
    type: Literal["found"] = "found"
    plugins: tuple[PluginDescription, ...]
    """In their order, with nothing but what their metadata says."""


class Loading(_Message):
    """Sent before a plugin is imported, or ("") before the devices are probed: what to blame for silence."""

    type: Literal["loading"] = "loading"
    plugin: str
    """Its key."""


class Described(_Message):
    type: Literal["described"] = "described"
    plugin: PluginDescription


class AllDescribed(_Message):
    type: Literal["all-described"] = "all-described"
    devices: tuple[str, ...]
    libraries: dict[str, str]


class Progress(_Message):
    type: Literal["progress"] = "progress"
    job: str
    fraction: Annotated[float, Field(ge=0, le=1)]
    message: Text


class Preview(_Message):
    type: Literal["preview"] = "preview"
    job: str
    file: Annotated[str, Field(pattern=r"^preview-[01]$")]
    """Its name in the staging folder."""


class Made(_Message):
    path: FilePath
    kind: Kind
    name: Text


class Done(_Message):
    type: Literal["done"] = "done"
    job: str
    artifacts: tuple[Made, ...]
    seconds: Annotated[float, Field(ge=0)]
    peak_memory: Annotated[int, Field(ge=0)]
    memory: Annotated[int, Field(ge=0)]
    """Bytes that the worker holds now."""
    loaded: bool
    """Whether it loaded something (a plugin, a model) that it keeps: then it may be bigger than before."""
    env: dict[str, Any]


class ErrorText(_Message):
    code: str
    message: Text
    hint: Text
    detail: Text

    @classmethod
    def of(cls, error: StudioError) -> ErrorText:
        return cls(**error.to_json())

    def error(self) -> StudioError:
        return error_from_json(self.model_dump())


class Failed(_Message):
    type: Literal["failed"] = "failed"
    job: str
    error: ErrorText
    seconds: Annotated[float, Field(ge=0)]
    peak_memory: Annotated[int, Field(ge=0)]
    poisoned: bool = False
    """The device is in a state that only a new process gets out of."""


class Stopped(_Message):
    """The job was cancelled and has let go."""

    type: Literal["stopped"] = "stopped"
    job: str


ToWorker = Describe | RunJob | Control
FromWorker = Ready | Found | Loading | Described | AllDescribed | Progress | Preview | Done | Failed | Stopped
Outcome = Done | Failed | Stopped


# Built when the first message comes, not on the way to the window: it takes some 20 ms.
@functools.cache
def _to_worker_adapter() -> TypeAdapter[ToWorker]:
    return TypeAdapter(Annotated[ToWorker, Field(discriminator="type")])


@functools.cache
def _from_worker_adapter() -> TypeAdapter[FromWorker]:
    return TypeAdapter(Annotated[FromWorker, Field(discriminator="type")])


def encode(message: ToWorker | FromWorker) -> bytes:
    """One line. Raises `WireError` where it would be too long or holds what is no text."""
    try:
        line = message.model_dump_json().encode() + b"\n"
    except ValueError as error:
        raise WireError(f"a {message.type} message cannot be written: {error}") from error
    if len(line) > MAX_LINE:
        raise WireError(f"a {message.type} message of {len(line)} bytes is too long")
    return line


def to_worker(line: bytes) -> ToWorker:
    return _decode(_to_worker_adapter(), line)


def from_worker(line: bytes) -> FromWorker:
    return _decode(_from_worker_adapter(), line)


def _decode(adapter: TypeAdapter[_T], line: bytes) -> _T:
    if len(line) > MAX_LINE:
        raise WireError(f"a line of over {MAX_LINE} bytes")
    try:
        return adapter.validate_json(line)
    except ValidationError as error:
        raise WireError(f"no message: {line[:200]!a}") from error
