"""The recipe: everything that a generation depends on, and nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated, Any, Self

import msgspec
from msgspec import Meta

from studio.core.params import unfit

Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
"""SHA-256 of some bytes, in lower-case hexadecimal."""

MAX_SEED = 2**32 - 1
MAX_THREADS = 1024

_DIGEST = re.compile(r"[0-9a-f]{64}")
_GENERATOR = re.compile(r"[a-z0-9_-]+/[a-z0-9_-]+")


def _check_digest(name: str, value: object) -> None:
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise ValueError(f"{name} must be a SHA-256 in lower-case hexadecimal")


def _check_range(name: str, value: object, least: int, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most}")


def _check_mapping(name: str, value: object) -> None:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise ValueError(f"{name} must be a dictionary with texts as keys")
    if why := unfit(value):
        raise ValueError(f"a value in {name} {why}")


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Checked however it is made: by its constructor, by `changed`, or from JSON."""

    def changed(self, **values: Any) -> Self:
        """The same with other values. Raises ValueError where one breaks its rule."""
        return msgspec.structs.replace(self, **values)

    def _texts(self, *names: str) -> None:
        for name in names:
            value = getattr(self, name)
            if not isinstance(value, str) or unfit(value):
                raise ValueError(f"{name} must be a text")


class ModelUse(_Value, frozen=True):
    """A model as a recipe names it: by digest. `name` is for people and may change."""

    name: str
    digest: Digest
    licence: str = ""

    def __post_init__(self) -> None:
        self._texts("name", "digest", "licence")
        _check_digest("digest", self.digest)


class Numerics(_Value, frozen=True):
    """What else changes the bits that come out; installed versions are recorded in a job's `env`."""

    threads: Annotated[int, Meta(ge=1, le=MAX_THREADS)] = 1
    precision: str = "auto"

    def __post_init__(self) -> None:
        self._texts("precision")
        _check_range("threads", self.threads, 1, MAX_THREADS)


class Recipe(_Value, frozen=True):
    """All that is needed to make an artifact again. The same recipe on the same machine gives the same bytes.

    Stored as canonical JSON (`to_json`): sorted keys, no spaces, UTF-8; `digest` is the SHA-256 of that text.
    Raises ValueError where a value breaks its rule.
    """

    generator: str
    generator_version: str
    params: dict[str, Any]
    inputs: dict[str, Digest] = {}
    models: dict[str, ModelUse] = {}
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 0
    device: str = "cpu"
    numerics: Numerics = Numerics()

    def __post_init__(self) -> None:
        self._texts("generator", "generator_version", "device")
        if not _GENERATOR.fullmatch(self.generator):
            raise ValueError(f"no generator's id: {self.generator!r}")
        _check_range("seed", self.seed, 0, MAX_SEED)
        for name in ("params", "inputs", "models"):
            _check_mapping(name, getattr(self, name))
        for name, digest in self.inputs.items():
            _check_digest(name, digest)
        if not all(isinstance(model, ModelUse) for model in self.models.values()):
            raise ValueError("models must be ModelUse values")
        if not isinstance(self.numerics, Numerics):
            raise ValueError("numerics must be a Numerics value")

    def to_json(self) -> str:
        return json.dumps(
            self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )

    def to_dict(self) -> dict[str, Any]:
        """As JSON values: what `to_json` writes."""
        made: dict[str, Any] = msgspec.to_builtins(self)
        return made

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Raises ValueError where the text is not a recipe's."""
        try:
            return msgspec.json.decode(text, type=cls)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ValueError(f"not a recipe: {error}") from error

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()
