"""Looks at a study before it is computed, and says in plain words what cannot work."""

from __future__ import annotations

from collections.abc import Mapping

from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.studies import check_bearing, check_space, check_values
from studio_product.core.studies.placing import scene_of
from studio_product.core.studies.remark import Remark
from studio_product.core.studies.study import Study

_ORDER = ("error", "warning", "note")
_CAUSES = ("units-space", "units-mesh")
"""A space in meters leaves all else outside of it."""


def check_study(
    study: Study, meshes: Mapping[str, Mesh], grid: Grid, *, memory: int | None = None
) -> list[Remark]:
    """See `rank`. With an error the study cannot be computed.

    It never raises for a study that `study_from_json` let through, and at draft quality it takes less than a
    tenth of a second.

    Args:
        meshes: The meshes that the study's `Solid`s name, by `file`.
        memory: Bytes free on the machine; None does not ask whether the grid fits.
    """
    remarks = [*check_values.remarks(study), *check_values.mesh_remarks(study, meshes)]
    remarks += check_values.grid_remarks(study, grid, memory)
    if not any(remark.severity == "error" for remark in remarks):
        scene = scene_of(study, grid, meshes)
        remarks += check_space.remarks(study, scene, meshes)
        if scene.space.any():
            remarks += check_bearing.remarks(study, scene)
    return sorted(remarks, key=rank)


def rank(remark: Remark) -> int:
    """What explains the others comes first, then errors, warnings and notes."""
    return -1 if remark.code in _CAUSES else _ORDER.index(remark.severity)
