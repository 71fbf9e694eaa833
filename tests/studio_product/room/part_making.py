"""Small parts for tests: a block whose fields and numbers are made up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from studio_product.core.files.partfile import write_part
from studio_product.core.mesh import Mesh
from studio_product.core.part import Part
from studio_product.core.part_numbers import Figure, PartNumber, PartNumbers
from studio_product.core.studies.study import Face, Load, LoadCase, Material, Space, Study, Support
from studio_product.core.view.body import body_of
from studio_product.room.part.frames import Done, Frames, Work
from studio_product.room.part.looking import Case, Solid
from studio_product.room.variants.variant import Variant

from studio.core.item import Item, Origin

STEEL = Material(name="Steel", youngs_modulus=210e3, poissons_ratio=0.3, density=7.85, yield_strength=235)
STUDY = Study(
    name="Block",
    space=Space(size=(60.0, 20.0, 30.0)),
    material=STEEL,
    supports=(Support(name="Wall", shape=Face(side="x-")),),
    cases=(
        LoadCase(name="Down", loads=(Load(name="Tip", shape=Face(side="x+"), force=(0, 0, -100)),)),
        LoadCase(name="Across", loads=(Load(name="Side", shape=Face(side="x+"), force=(0, 50, 0)),)),
    ),
)
_QUADS = ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5))


def block(size: tuple[float, float, float] = (60.0, 20.0, 30.0)) -> Mesh:
    """From the origin; 12 triangles that face outward."""
    corners = np.array([(x, y, z) for z in (0, 1) for y in (0, 1) for x in (0, 1)], np.float64)
    faces = [tri for a, b, c, d in _QUADS for tri in ((a, b, c), (a, c, d))]
    return Mesh(corners * size, np.array(faces, np.int32))


def numbers(mass: float = 100.0, compliance: float = 40.0, safety: float = 2.0) -> PartNumbers:
    cases = Figure(compliance, 1.0, "Down"), Figure(compliance / 2, 0.5, "Across")
    return PartNumbers(
        (
            PartNumber(name="mass", title="Mass", unit="g", better="less", worst=Figure(mass)),
            PartNumber(
                name="compliance",
                title="Compliance",
                unit="N·mm",
                better="less",
                worst=cases[0],
                cases=cases,
            ),
            PartNumber(name="safety", title="Safety factor", better="more", worst=Figure(safety, 0.1)),
        )
    )


def part(mesh: Mesh | None = None, known: PartNumbers | None = None) -> Part:
    mesh = mesh or block()
    x = mesh.vertices[:, 0] / 60
    stresses = np.stack([30 * (1 - x), 10 * (1 - x)]).astype(np.float32)
    bent = np.stack([np.stack([0 * x, 0 * x, -0.2 * k * x], axis=1) for k in (1, 2)]).astype(np.float32)
    return Part(mesh, STUDY, known or numbers(), stresses, bent)


def part_file(path: Path, made: Part | None = None) -> Path:
    write_part(path, made or part())
    return path


def solid(made: Part | None = None) -> Solid:
    made = made or part()
    cases = tuple(
        Case(case.name, made.stresses[n], made.displacements[n]) for n, case in enumerate(made.study.cases)
    )
    return Solid(made.mesh, body_of(made.mesh), cases, made.numbers, made.study)


def item(uid: str, **changes: object) -> Item:
    values: dict[str, object] = {"job": "job", **changes}
    return Item(uid, f"Block {uid}", "part", Origin.ARTIFACT, uid, ".glb", 1, 0.0, **values)  # type: ignore[arg-type]


def variants(figures: Sequence[tuple[float, float]]) -> list[Variant]:
    """(mass, compliance) of each; their uids are "0", "1", …"""
    return [
        Variant(item(str(number)), number + 1, numbers(mass, compliance))
        for number, (mass, compliance) in enumerate(figures)
    ]


def ask_at_once(
    asked: Item, done: Callable[[Solid], object], failed: Callable[[BaseException], object]
) -> None:
    """In place of `PartFiles.ask`: a block for whatever is asked for."""
    done(solid())


class Still(Frames):
    """Draws nothing: for tests that look at everything but the picture."""

    def ask(self, view: int, work: Work, done: Done, *, first: bool = False) -> None:
        """Forgotten at once."""
