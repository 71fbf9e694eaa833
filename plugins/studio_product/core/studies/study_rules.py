"""What a study must obey beyond the types of its values."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from studio.api.values import tr
from studio_product.core.studies.study import Box, Cylinder, Face, Point, Shape, Study

MAX_CELLS = 20_000_000
"""Of a study that names its own grid."""

Broken = tuple[str, str]
"""The place in the study, as a path of keys, and what is wrong there."""


def broken_rule(study: Study) -> Broken | None:
    """The first rule that a study breaks, in the user's language."""
    return next(_all_broken(study), None)


def _all_broken(study: Study) -> Iterator[Broken]:
    yield from _values(study)
    yield from _names(study)
    yield from _shapes(study)
    if study.dimensions == 2:
        yield from _out_of_plane(study)


def _values(study: Study) -> Iterator[Broken]:
    if (study.target.volume is None) == (study.target.mass is None):
        yield "target", tr("either a volume or a mass is expected")
    cells = study.space.cells
    if cells is not None and len(cells) != study.dimensions:
        yield (
            "space.cells",
            tr("one number for each of the {count} dimensions is expected", count=study.dimensions),
        )
    if cells is not None and math.prod(cells) > MAX_CELLS:
        yield "space.cells", tr("there are more than {most} million cells", most=MAX_CELLS // 1_000_000)


def _names(study: Study) -> Iterator[Broken]:
    """Remarks and results are told apart by them."""
    lists = {
        "supports": [support.name for support in study.supports],
        "regions": [region.name for region in study.regions],
        "cases": [case.name for case in study.cases],
    }
    lists |= {f"cases[{at}].loads": [load.name for load in case.loads] for at, case in enumerate(study.cases)}
    for place, names in lists.items():
        for name, count in Counter(names).items():
            if count > 1:
                yield place, tr("{count} of them have the name “{name}”", count=count, name=name)


def _shapes(study: Study) -> Iterator[Broken]:
    for place, shape in _placed_shapes(study):
        if isinstance(shape, Cylinder) and study.dimensions == 3 and shape.start == shape.end:
            yield place, tr("the cylinder has no length")
    for at, region in enumerate(study.regions):
        flat = isinstance(region.shape, Box) and min(region.shape.size[: study.dimensions]) == 0
        if flat or isinstance(region.shape, Face):
            yield f"regions[{at}].shape", tr("a shape with a volume is expected, not a face or a flat box")


def _placed_shapes(study: Study) -> Iterator[tuple[str, Shape]]:
    for at, support in enumerate(study.supports):
        yield f"supports[{at}].shape", support.shape
    for at, region in enumerate(study.regions):
        yield f"regions[{at}].shape", region.shape
    for number, case in enumerate(study.cases):
        for at, load in enumerate(case.loads):
            yield f"cases[{number}].loads[{at}].shape", load.shape


def _out_of_plane(study: Study) -> Iterator[Broken]:
    for place, shape in _placed_shapes(study):
        if isinstance(shape, Face) and shape.side[0] == "z":
            yield place, tr("in two dimensions there is no side {side}", side=shape.side)
    for at, support in enumerate(study.supports):
        if set(support.fixed) == {"z"}:
            yield f"supports[{at}].fixed", tr("in two dimensions it holds nothing along z")
    for number, case in enumerate(study.cases):
        if _has_z(case.gravity):
            yield f"cases[{number}].gravity", tr("in two dimensions nothing acts along z")
        for at, load in enumerate(case.loads):
            if _has_z(load.force):
                yield f"cases[{number}].loads[{at}].force", tr("in two dimensions nothing acts along z")
            if any(load.moment[:2]):
                yield f"cases[{number}].loads[{at}].moment", tr("in two dimensions moments act about z only")
    making = study.making
    if "z" in making.symmetry or making.extrusion is not None or (making.build or "x-")[0] == "z":
        yield "making", tr("in two dimensions nothing is made along z, and nothing extruded")


def _has_z(vector: Point) -> bool:
    return vector[2] != 0
