"""The pieces of glTF that a part's file is made of. Source: Khronos glTF 2.0 specification, 5.

Only what the writer writes is here: a file without it is not ours.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from studio_product.core.part_numbers import PartNumbers
from studio_product.core.studies.study import Study

FLOAT: Literal[5126] = 5126
UNSIGNED: Literal[5125] = 5125
VERTICES: Literal[34962] = 34962
INDICES: Literal[34963] = 34963
MAX_CASES = 256
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Vector = tuple[float, float, float]
Loop = Annotated[tuple[tuple[float, float], ...], Meta(min_length=3)]

_CLAY = {
    "name": "part",
    "pbrMetallicRoughness": {
        "baseColorFactor": [0.54, 0.57, 0.64, 1.0],
        "metallicFactor": 0.1,
        "roughnessFactor": 0.55,
    },
}


class Extras(Struct, frozen=True, kw_only=True):
    part: Literal[1] = 1
    study: Study
    numbers: PartNumbers
    contours: tuple[Loop, ...] = ()
    seed: int = 0
    settings: dict[str, Any] = {}
    note: str = ""


class Studio(Struct, frozen=True):
    studio: Extras


class Asset(Struct, frozen=True):
    version: Literal["2.0"]
    generator: str
    extras: Studio


class View(Struct, frozen=True):
    buffer: Literal[0]
    byteOffset: Count  # noqa: N815 - the format's names
    byteLength: Count  # noqa: N815
    target: Literal[34962, 34963]


class Accessor(Struct, frozen=True, omit_defaults=True):
    bufferView: Count  # noqa: N815
    componentType: Literal[5125, 5126]  # noqa: N815
    count: Count
    type: Literal["SCALAR", "VEC3"]
    min: Vector | None = None
    max: Vector | None = None


class Primitive(Struct, frozen=True):
    attributes: dict[str, Count]
    indices: Count
    material: Literal[0] = 0
    mode: Literal[4] = 4


class Mesh(Struct, frozen=True):
    primitives: tuple[Primitive]


class Buffer(Struct, frozen=True):
    byteLength: Count  # noqa: N815


class Document(Struct, frozen=True, kw_only=True):
    asset: Asset
    scene: Literal[0] = 0
    scenes: list[dict[str, list[int]]] = field(default_factory=lambda: [{"nodes": [0]}])
    nodes: list[dict[str, int]] = field(default_factory=lambda: [{"mesh": 0}])
    meshes: tuple[Mesh]
    materials: list[dict[str, Any]] = field(default_factory=lambda: [_CLAY])
    accessors: Annotated[list[Accessor], Meta(max_length=2 * MAX_CASES + 2)]
    bufferViews: Annotated[list[View], Meta(max_length=2 * MAX_CASES + 2)]  # noqa: N815
    buffers: tuple[Buffer]
