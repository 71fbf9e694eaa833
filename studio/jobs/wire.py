"""The language between a host and its worker: JSON lines, strictly validated, of bounded length.

No pickle, no bytes: pictures travel as files in the job's staging folder.
"""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from studio.backends.plan import Choice
from studio.core.generator import MAX_DRAFTS
from studio.core.kind import KindId
from studio.core.model import Number
from studio.core.recipe import Recipe
from studio.errors import StudioError, error_from_json
from studio.plugins.catalog import PluginDescription

PROTOCOL = 2
MAX_LINE = 4 * 1024 * 1024
"""Bytes, with the line's end. The longest honest message is the description of a plugin."""

MAX_TEXT = 64 * 1024
"""Characters of a message for people; what is longer is cut."""


class WireError(Exception):
    """What came over the wire is no message."""


Seconds = Annotated[float, Meta(ge=0)]
Bytes = Annotated[int, Meta(ge=0)]


class _Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    TEXTS: ClassVar[tuple[str, ...]] = ()
    """Fields with words from plugins: cut where too long, and lone surrogates replaced."""

    def __post_init__(self) -> None:
        for name in self.TEXTS:
            text = getattr(self, name)
            if not isinstance(text, str):
                raise ValueError(f"{name} must be a text")
            msgspec.structs.force_setattr(self, name, text[:MAX_TEXT].encode("utf-8", "replace").decode())


# --- to the worker ------------------------------------------------------------------------------------------


class Describe(_Message, frozen=True, tag="describe"):
    skip: tuple[str, ...] = ()
    """Keys of plugins that are described already, or cannot be."""


class RunJob(_Message, frozen=True, tag="run"):
    job: str
    recipe: Recipe
    inputs: dict[str, Path]
    models: dict[str, Path]
    staging: Path
    """A folder of this job's own. Its subfolder `work` is the generator's scratch."""
    kept: Path
    """A folder of this recipe's own, which outlives the job."""
    language: str
    """What its errors and messages are told in: the window may have changed it since the worker started."""
    choices: Annotated[tuple[Choice, ...], Meta(min_length=1)]
    """How it may be computed, from the best to the smallest (`studio.jobs.admission.admit`)."""


class Convert(_Message, frozen=True, tag="convert"):
    """Makes a model of another format. Answered as a job is, at last by `Converted`."""

    job: str
    converter: str
    """plugin/name"""
    source: Path
    target: Path
    """An empty folder."""
    precision: str
    threads: int
    language: str


class Control(_Message, frozen=True, tag="control"):
    """About the job that runs or is about to."""

    job: str
    what: Literal["cancel", "pause", "resume"]


# --- from the worker ----------------------------------------------------------------------------------------


class Ready(_Message, frozen=True, tag="ready"):
    protocol: int


class Found(_Message, frozen=True, tag="found"):
    plugins: tuple[PluginDescription, ...]
    """In their order, with nothing but what their metadata says."""


class Loading(_Message, frozen=True, tag="loading"):
    """Sent before a plugin is imported, or ("") before the devices are probed: what to blame for silence."""

    plugin: str
    """Its key."""


class Described(_Message, frozen=True, tag="described"):
    plugin: PluginDescription


class AllDescribed(_Message, frozen=True, tag="all-described"):
    devices: tuple[str, ...]
    libraries: dict[str, str]
    device_memory: dict[str, int] = {}
    providers: tuple[str, ...] = ()


class Progress(_Message, frozen=True, tag="progress"):
    TEXTS = ("message",)

    job: str
    fraction: Annotated[float, Meta(ge=0, le=1)]
    message: str


class Preview(_Message, frozen=True, tag="preview"):
    job: str
    file: Annotated[str, Meta(pattern=r"^preview-[01]\Z")]
    """Its name in the staging folder."""


class Planned(_Message, frozen=True, tag="planned"):
    """The job begins, or begins again in a smaller way: what it told before does not count."""

    job: str
    choice: Choice


class Text(_Message, frozen=True, tag="text"):
    TEXTS = ("text",)

    job: str
    draft: Annotated[int, Meta(ge=0, lt=MAX_DRAFTS)]
    text: str


class Numbers(_Message, frozen=True, tag="numbers"):
    job: str
    numbers: Annotated[tuple[Number, ...], Meta(max_length=32)]


class Made(_Message, frozen=True, tag="made"):
    TEXTS = ("name",)

    path: Path
    kind: KindId
    name: str


class ErrorText(_Message, frozen=True, tag="error"):
    TEXTS = ("message", "hint", "detail")

    code: str
    message: str
    hint: str
    detail: str

    @classmethod
    def of(cls, error: StudioError) -> ErrorText:
        return cls(**error.to_json())

    def error(self) -> StudioError:
        return error_from_json(msgspec.structs.asdict(self))


class Done(_Message, frozen=True, tag="done"):
    job: str
    artifacts: tuple[Made, ...]
    seconds: Seconds
    peak_memory: Bytes
    memory: Bytes
    """Bytes that the worker holds now."""
    loaded: bool
    """Whether it loaded something (a plugin, a model) that it keeps: then it may be bigger than before."""
    env: dict[str, Any]


class Converted(_Message, frozen=True, tag="converted"):
    job: str
    seconds: Seconds
    peak_memory: Bytes


class Failed(_Message, frozen=True, tag="failed"):
    job: str
    error: ErrorText
    seconds: Seconds
    peak_memory: Bytes
    poisoned: bool = False
    """The device is in a state that only a new process gets out of."""


class Stopped(_Message, frozen=True, tag="stopped"):
    """The job was cancelled and has let go."""

    job: str


ToWorker = Describe | RunJob | Convert | Control
Outcome = Done | Converted | Failed | Stopped
Told = Planned | Progress | Preview | Text | Numbers
"""What a job tells on its way."""
FromWorker = Ready | Found | Loading | Described | AllDescribed | Told | Outcome


# Built when the first message comes, not on the way to the window.
@functools.cache
def _decoder(kinds: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kinds, dec_hook=_path_from_the_wire)


def encode(message: ToWorker | FromWorker) -> bytes:
    """One line. Raises `WireError` where it would be too long or holds what is no text or number."""
    kind = message.__struct_config__.tag
    try:
        plain = msgspec.to_builtins(message, enc_hook=_path_on_the_wire)
        # Not msgspec's own: it would write null for an infinity.
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        line = text.encode() + b"\n"
    except (ValueError, TypeError, RecursionError) as error:
        raise WireError(f"a {kind} message cannot be written: {error}") from error
    if len(line) > MAX_LINE:
        raise WireError(f"a {kind} message of {len(line)} bytes is too long")
    return line


def to_worker(line: bytes) -> ToWorker:
    return _decode(ToWorker, line)  # type: ignore[no-any-return]


def from_worker(line: bytes) -> FromWorker:
    return _decode(FromWorker, line)  # type: ignore[no-any-return]


def _decode(kinds: Any, line: bytes) -> Any:
    if len(line) > MAX_LINE:
        raise WireError(f"a line of over {MAX_LINE} bytes")
    try:
        return _decoder(kinds).decode(line)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise WireError(f"no message: {line[:200]!a}") from error


def _path_on_the_wire(value: object) -> str:
    """Without loss: a path is bytes, and may be no text."""
    if isinstance(value, Path):
        return os.fsencode(value).decode("latin-1")
    raise TypeError(f"nothing for the wire: {type(value).__name__}")


def _path_from_the_wire(kind: type, value: object) -> Path:
    if kind is not Path or not isinstance(value, str):
        raise ValueError("not a path")
    return Path(os.fsdecode(value.encode("latin-1")))
