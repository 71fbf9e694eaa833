"""The recipe: everything that a generation depends on, and nothing else."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from studio.core.params import unfit

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of some bytes, in lower-case hexadecimal."""

MAX_SEED = 2**32 - 1


class ModelUse(BaseModel):
    """A model as a recipe names it: by digest. `name` is for people and may change."""

    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")

    name: str
    digest: Digest
    licence: str = ""


class Numerics(BaseModel):
    """What else changes the bits that come out; installed versions are recorded in a job's `env`."""

    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")

    threads: Annotated[int, Field(ge=1, le=1024)] = 1
    precision: str = "auto"


class Recipe(BaseModel):
    """All that is needed to make an artifact again. The same recipe on the same machine gives the same bytes.

    Stored as canonical JSON (`to_json`): sorted keys, no spaces, UTF-8; `digest` is the SHA-256 of that text.
    """

    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid", allow_inf_nan=False)

    generator: Annotated[str, Field(pattern=r"^[a-z0-9_-]+/[a-z0-9_-]+$")]
    generator_version: str
    params: dict[str, Any]
    inputs: dict[str, Digest] = {}
    models: dict[str, ModelUse] = {}
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    device: str = "cpu"
    numerics: Numerics = Numerics()

    @field_validator("params")
    @classmethod
    def _fit(cls, params: dict[str, Any]) -> dict[str, Any]:
        if why := unfit(params):
            raise ValueError(f"a value in params {why}")
        return params

    def to_json(self) -> str:
        return json.dumps(
            self.model_dump(mode="json"),
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
            allow_nan=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        return cls.model_validate_json(text)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()
