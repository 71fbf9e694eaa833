"""Parts as files: glTF 2.0 binaries that every viewer opens, with all that the studio knows of a part.

One mesh of one primitive, in meters, with y up. Attributes of each vertex: `_STRESS_0` (von Mises, MPa) and
`_DISPLACEMENT_0` (mm, in the study's axes) for the first load case, and so on; names with an underscore are
an application's own. `asset.extras.studio` holds study, numbers, settings, seed, note and a plate's contours.
Source: Khronos glTF 2.0 specification, 3.6 (geometry), 3.7 (meshes) and 4 (GLB).
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, NoReturn

import msgspec
import numpy as np
from numpy.typing import NDArray

from studio.api.values import BadInput, tr
from studio_product.core.files import part_gltf as gltf
from studio_product.core.mesh import Mesh
from studio_product.core.part import Part, PartFacts
from studio_product.core.part_numbers import MOST
from studio_product.core.studies.study import Study

MAX_BYTES = 1 << 30
MAX_JSON = 32 << 20
_HEADER, _CHUNK = struct.Struct("<4sII"), struct.Struct("<II")
_JSON, _BIN = 0x4E4F534A, 0x004E4942
_MM = 1000.0


def write_part(path: Path, part: Part) -> None:
    """Write a part's file. Positions are kept in single precision: 1 part in 16 million.

    Raises:
        ValueError: Fields that are not finite or do not fit the mesh and the study: a defect of the caller.
    """
    path.write_bytes(part_bytes(part))


def part_bytes(part: Part) -> bytes:
    """What `write_part` writes; the same part gives the same bytes."""
    _require_fitting(part)
    positions = _to_gltf(part.mesh.vertices / _MM, part.study).astype("<f4")
    blocks: dict[str, NDArray[Any]] = {"POSITION": positions}
    for number, stress in enumerate(part.stresses):
        blocks[f"_STRESS_{number}"] = stress.astype("<f4")
    for number, displacement in enumerate(part.displacements):
        blocks[f"_DISPLACEMENT_{number}"] = displacement.astype("<f4")
    blocks["indices"] = part.mesh.faces.astype("<u4").ravel()
    binary = b"".join(block.tobytes() for block in blocks.values())
    document = _describe(part, blocks)
    json = msgspec.json.encode(document)
    json += b" " * (-len(json) % 4)
    total = _HEADER.size + 2 * _CHUNK.size + len(json) + len(binary)
    return b"".join(
        [
            _HEADER.pack(b"glTF", 2, total),
            _CHUNK.pack(len(json), _JSON),
            json,
            _CHUNK.pack(len(binary), _BIN),
            binary,
        ]
    )


def _require_fitting(part: Part) -> None:
    count, cases = len(part.mesh.vertices), len(part.study.cases)
    if not count or not len(part.mesh.faces):
        raise ValueError("a part without a face")
    if part.stresses.shape not in ((0, 0), (cases, count)):
        raise ValueError(f"stresses {part.stresses.shape} for {cases} cases and {count} vertices")
    if part.displacements.shape not in ((0, 0, 3), (cases, count, 3)):
        raise ValueError(f"displacements {part.displacements.shape} for {cases} cases and {count} vertices")
    arrays: list[NDArray[Any]] = [part.mesh.vertices, part.stresses, part.displacements, *part.contours]
    for values in arrays:
        if not np.isfinite(values).all():
            raise ValueError("a part with a coordinate or a field that is not finite")
    for number in part.numbers.numbers:
        for figure in (number.worst, *number.cases):
            if not (abs(figure.value) <= MOST and 0 <= (figure.error or 0.0) <= MOST):
                raise ValueError(f"a part with a {number.name} of {figure}")


def _describe(part: Part, blocks: dict[str, NDArray[Any]]) -> gltf.Document:
    views, accessors, offset = [], [], 0
    for name, block in blocks.items():
        target = gltf.INDICES if name == "indices" else gltf.VERTICES
        views.append(gltf.View(0, offset, block.nbytes, target))
        offset += block.nbytes
        low = high = None
        if name == "POSITION":
            low, high = _vector(block.min(axis=0)), _vector(block.max(axis=0))
        accessors.append(
            gltf.Accessor(
                len(views) - 1,
                gltf.UNSIGNED if name == "indices" else gltf.FLOAT,
                len(block),
                "VEC3" if block.ndim == 2 else "SCALAR",
                low,
                high,
            )
        )
    attributes = {name: number for number, name in enumerate(blocks) if name != "indices"}
    extras = gltf.Extras(
        study=part.study,
        numbers=part.numbers,
        contours=tuple(tuple((float(x), float(y)) for x, y in loop) for loop in part.contours),
        seed=part.seed,
        settings=part.settings,
        note=part.note,
    )
    return gltf.Document(
        asset=gltf.Asset("2.0", "Studio", gltf.Studio(extras)),
        meshes=(gltf.Mesh((gltf.Primitive(attributes, len(blocks) - 1),)),),
        accessors=accessors,
        bufferViews=views,
        buffers=(gltf.Buffer(offset),),
    )


def read_part(source: bytes | Path) -> Part:
    """The part in a file or in its bytes, exactly as it was written.

    Raises:
        BadInput: It is no part of the studio, or a damaged one.
        OSError: It cannot be read.
    """
    if isinstance(source, Path):
        if source.stat().st_size > MAX_BYTES:
            _refuse(tr("it is larger than {most} MB", most=MAX_BYTES >> 20))
        source = source.read_bytes()
    document, begin = _decode(source)
    blocks = _blocks(document, source[begin:])
    extras = document.asset.extras.studio
    positions = _block(blocks, "POSITION", "f", (-1, 3))
    count, cases = len(positions), len(extras.study.cases)
    faces = _block(blocks, "indices", "u", (-1,))
    if len(faces) % 3 or faces.max() >= count:
        _refuse(tr("a face in it names a vertex that is not there"))
    return Part(
        mesh=Mesh(
            _from_gltf(positions.astype(np.float64), extras.study) * _MM,
            faces.reshape(-1, 3).astype(np.int32),
        ),
        study=extras.study,
        numbers=extras.numbers,
        stresses=_fields(blocks, "_STRESS_", cases, (count,)),
        displacements=_fields(blocks, "_DISPLACEMENT_", cases, (count, 3)),
        contours=tuple(np.array(loop, np.float64).reshape(-1, 2) for loop in extras.contours),
        seed=extras.seed,
        settings=extras.settings,
        note=extras.note,
    )


def read_part_facts(path: Path) -> PartFacts:
    """Read a part's description alone: its mesh stays on the disk.

    Raises:
        BadInput: It is no part of the studio, or a damaged one.
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEADER.size + _CHUNK.size)
        size = _CHUNK.unpack_from(head, _HEADER.size)[0] if len(head) == _HEADER.size + _CHUNK.size else 0
        document, _ = _decode(head + file.read(min(size, MAX_JSON)), path.stat().st_size)
    extras, primitive = document.asset.extras.studio, document.meshes[0].primitives[0]
    accessors = document.accessors
    numbers = primitive.attributes.get("POSITION", len(accessors)), primitive.indices
    if max(numbers) >= len(accessors):
        _refuse(tr("its description does not fit its data"))
    positions, indices = (accessors[number] for number in numbers)
    if positions.min is None or positions.max is None:
        _refuse(tr("its description does not fit its data"))
    corners = _from_gltf(np.array([positions.min, positions.max]), extras.study) * _MM
    return PartFacts(
        study=extras.study,
        numbers=extras.numbers,
        seed=extras.seed,
        settings=extras.settings,
        note=extras.note,
        vertices=positions.count,
        faces=indices.count // 3,
        bounds=(_vector(corners.min(axis=0)), _vector(corners.max(axis=0))),
    )


def _decode(data: bytes, size: int | None = None) -> tuple[gltf.Document, int]:
    """The description, and where the binary chunk's bytes begin.

    Args:
        size: of the whole file where `data` is only its begin.
    """
    if len(data) < _HEADER.size + _CHUNK.size:
        _refuse(tr("it ends early"))
    magic, version, total = _HEADER.unpack_from(data)
    if magic != b"glTF" or version != 2:
        _refuse(tr("it is no binary glTF 2.0 file"))
    length, kind = _CHUNK.unpack_from(data, _HEADER.size)
    begin = _HEADER.size + _CHUNK.size
    if total != (len(data) if size is None else size) or begin + length + _CHUNK.size > total:
        _refuse(tr("it ends early"))
    if kind != _JSON or length % 4 or length > MAX_JSON:
        _refuse(tr("its description is not where it should be"))
    try:
        document = msgspec.json.decode(data[begin : begin + length], type=gltf.Document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        _refuse(tr("its description is not one that Studio wrote"), str(error))
    return document, begin + length


def _blocks(document: gltf.Document, rest: bytes) -> dict[str, NDArray[Any]]:
    """The arrays by the names of their attributes, and "indices".

    Args:
        rest: of the file, from the binary chunk's head on.
    """
    length, kind = _CHUNK.unpack_from(rest)
    binary = memoryview(rest)[_CHUNK.size :]
    if kind != _BIN or length != len(binary) or length != document.buffers[0].byteLength:
        _refuse(tr("it ends early"))
    primitive = document.meshes[0].primitives[0]
    blocks = {}
    for name, number in (*primitive.attributes.items(), ("indices", primitive.indices)):
        if number >= len(document.accessors):
            _refuse(tr("its description does not fit its data"))
        blocks[name] = _array(document, document.accessors[number], binary)
    return blocks


def _array(document: gltf.Document, accessor: gltf.Accessor, binary: memoryview) -> NDArray[Any]:
    if accessor.bufferView >= len(document.bufferViews):
        _refuse(tr("its description does not fit its data"))
    view = document.bufferViews[accessor.bufferView]
    width = 3 if accessor.type == "VEC3" else 1
    begin, size = view.byteOffset, view.byteLength
    if begin % 4 or size != accessor.count * width * 4 or begin + size > len(binary):
        _refuse(tr("its description does not fit its data"))
    kind = "<u4" if accessor.componentType == gltf.UNSIGNED else "<f4"
    values = np.frombuffer(binary, kind, accessor.count * width, begin)
    return values.reshape(-1, 3) if width == 3 else values


def _block(blocks: dict[str, NDArray[Any]], name: str, kind: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """One array of a kind ("f" or "u") and shape, where -1 takes any length."""
    block = blocks.get(name)
    if block is None or block.dtype.kind != kind or block.ndim != len(shape):
        _refuse(tr("its description does not fit its data"))
    if not len(block) or any(want not in (-1, have) for want, have in zip(shape, block.shape, strict=True)):
        _refuse(tr("its description does not fit its data"))
    if not np.isfinite(block).all():
        _refuse(tr("it holds numbers that are not finite"))
    return block


def _fields(
    blocks: dict[str, NDArray[Any]], prefix: str, cases: int, shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """(cases, *shape); of no case where the file has none."""
    if not cases or f"{prefix}0" not in blocks:
        return np.zeros((0, 0, *shape[1:]), np.float32)
    return np.stack([_block(blocks, f"{prefix}{number}", "f", shape) for number in range(cases)])


def _to_gltf(points: NDArray[np.float64], study: Study) -> NDArray[np.float64]:
    """With y up: a plate stands as the study sees it already."""
    if study.dimensions == 2:
        return points
    return np.stack([points[:, 0], points[:, 2], -points[:, 1]], axis=1)


def _from_gltf(points: NDArray[np.float64], study: Study) -> NDArray[np.float64]:
    if study.dimensions == 2:
        return points
    return np.stack([points[:, 0], -points[:, 2], points[:, 1]], axis=1)


def _vector(values: NDArray[Any]) -> gltf.Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z


def _refuse(why: str, detail: str = "") -> NoReturn:
    raise BadInput(
        tr("This is no part that Studio made, or it is damaged: {why}.", why=why),
        tr("Generate it again; a shape from another program can be imported as a mesh."),
        detail,
    )
