"""The numbers that every part has, from two solves of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from studio.api import mark
from studio_product.core.mesh import Mesh
from studio_product.core.part_numbers import Better, Figure, PartNumber, PartNumbers
from studio_product.core.studies.domain import specific_weight
from studio_product.core.studies.study import Side, Study
from studio_product.generators.numbers.fields import nodes_of
from studio_product.generators.numbers.overhang import unsupported_share
from studio_product.generators.numbers.solve import Solved
from studio_product.generators.numbers.stress import percentile
from studio_product.generators.numbers.thickness import thinnest_member
from studio_product.generators.variants.topology import betti

SIDES_2D: tuple[Side, ...] = ("x-", "x+", "y-", "y+")
SIDES_3D: tuple[Side, ...] = (*SIDES_2D, "z-", "z+")
LEAST_ERROR = 0.005
"""Of the value."""
_NEARLY_ALL = 0.999

PerCase = Callable[[Solved], NDArray[np.float64]]
"""(cases,)"""


def part_numbers(mesh: Mesh, study: Study, fine: Solved, coarse: Solved) -> PartNumbers:
    """All numbers of a part.

    A number's error is how much it changes from the coarse grid, whose cells are twice as long: for a method
    of first order that is as much as is still missing at the fine one (Richardson). It is at least
    `LEAST_ERROR`, since two grids can agree by chance.
    """
    forces = _forces(study, mesh.volume)
    strength = study.material.yield_strength

    def over(
        name: str, title: str, unit: str, better: Better, meaning: str, values: PerCase
    ) -> PartNumber | None:
        return _over_cases(study, name, title, unit, better, meaning, values(fine), values(coarse))

    per_case = (
        over(
            "compliance",
            mark("Compliance"),
            mark("N·mm"),
            "less",
            mark("Forces times the displacements where they act: how much the part gives way."),
            lambda solved: solved.compliances,
        ),
        over(
            "stiffness",
            mark("Stiffness"),
            mark("N/mm"),
            "more",
            mark("The sum of a case's forces over their mean displacement along themselves."),
            lambda solved: np.divide(
                forces**2, solved.compliances, out=np.full(len(forces), np.nan), where=forces > 0
            ),
        ),
        over(
            "displacement",
            mark("Maximum displacement"),
            mark("mm"),
            "less",
            mark("How far any point of the part moves."),
            _largest_displacement,
        ),
        over(
            "stress",
            mark("Maximum von Mises stress"),
            mark("MPa"),
            "less",
            mark(
                "Anywhere in the part. At sharp inner corners, point loads and the rims of supports it grows "
                "with every finer grid; then its error bar is long."
            ),
            lambda solved: solved.stresses.reshape(len(solved.stresses), -1).max(axis=1),
        ),
        over(
            "stress_999",
            mark("99.9 % von Mises stress"),
            mark("MPa"),
            "less",
            mark("99.9 % of the material stays at or below it: it leaves out single sharp points."),
            _nearly_all,
        ),
    )
    of_shape = _of_shape(mesh, study, fine)
    numbers = [number for number in per_case if number]
    safety = [
        _safety_factor(number, strength)
        for number in numbers
        if number.name == "stress" and number.worst.value
    ]
    return PartNumbers((of_shape[0], *numbers, *safety, *of_shape[1:]))


def _safety_factor(stress: PartNumber, strength: float) -> PartNumber:
    """Its relative error is that of the stress: its own would be endless where the coarse grid shows none."""

    def of(figure: Figure) -> Figure:
        value = strength / figure.value
        return Figure(value, value * (figure.error or 0.0) / figure.value, figure.case)

    return PartNumber(
        name="safety_factor",
        title=mark("Safety factor"),
        meaning=mark("Yield strength over maximum von Mises stress."),
        better="more",
        worst=of(stress.worst),
        cases=tuple(of(figure) for figure in stress.cases if figure.value),
    )


def _of_shape(mesh: Mesh, study: Study, solved: Solved) -> list[PartNumber]:
    """Numbers that depend on no load."""
    member, error = thinnest_member(solved.filled, solved.grid.spacing)
    sides = SIDES_2D if study.dimensions == 2 else SIDES_3D
    build = (study.making.build,) if study.making.build else sides
    hanging = min(unsupported_share(mesh, side) for side in build)
    return [
        PartNumber(
            name="mass",
            title=mark("Mass"),
            unit=mark("g"),
            better="less",
            meaning=mark("Volume of the part's surface times the material's density."),
            worst=Figure(mesh.volume * study.material.density * 1e-3),
        ),
        PartNumber(
            name="member",
            title=mark("Thinnest member"),
            unit=mark("mm"),
            better="more",
            meaning=mark("Measured on the part: the least diameter of the balls that fit along its middle."),
            worst=Figure(member, error),
        ),
        PartNumber(
            name="overhang",
            title=mark("Unsupported overhang"),
            unit="%",
            better="less",
            meaning=mark(
                "Of the part's undersides: what is flatter than 45 degrees and stands on nothing, printed in "
                "the study's direction, or in the best one where it names none."
            ),
            worst=Figure(100 * hanging),
        ),
        PartNumber(
            name="holes",
            title=mark("Holes"),
            meaning=mark("Ways through the part, from its Euler number."),
            worst=Figure(float(betti(solved.filled).holes)),
        ),
    ]


def _over_cases(
    study: Study,
    name: str,
    title: str,
    unit: str,
    better: Better,
    meaning: str,
    fine: NDArray[np.float64],
    coarse: NDArray[np.float64],
) -> PartNumber | None:
    """None where no case has such a number."""
    figures = tuple(
        Figure(float(value), max(abs(float(value - other)), LEAST_ERROR * abs(float(value))), case.name)
        for value, other, case in zip(fine, coarse, study.cases, strict=True)
        if np.isfinite(value) and np.isfinite(other)
    )
    if not figures:
        return None
    worst = (min if better == "more" else max)(figures, key=lambda figure: figure.value)
    return PartNumber(
        name=name, title=title, unit=unit, better=better, meaning=meaning, worst=worst, cases=figures
    )


def _forces(study: Study, volume: float) -> NDArray[np.float64]:
    """The sum of all forces' sizes in each case, with the part's own weight: (cases,), N; no moments."""
    weight = volume * specific_weight(study.material)
    return np.array(
        [
            sum(np.linalg.norm(load.force) for load in case.loads) + weight * np.linalg.norm(case.gravity)
            for case in study.cases
        ]
    )


def _largest_displacement(solved: Solved) -> NDArray[np.float64]:
    sizes = np.linalg.norm(solved.displacements, axis=-1)
    return np.asarray(sizes[:, nodes_of(solved.filled)].max(axis=1))


def _nearly_all(solved: Solved) -> NDArray[np.float64]:
    weights = solved.shares[solved.filled]
    return np.array([percentile(stress[solved.filled], weights, _NEARLY_ALL) for stress in solved.stresses])
