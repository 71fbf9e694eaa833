"""From a field of densities to the surface of a part: closed, smooth, and exact where the study is exact."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from studio_product.core.mesh import Mesh
from studio_product.core.studies.domain import Domain
from studio_product.core.studies.study import Study
from studio_product.generators.surface.plate import plate
from studio_product.generators.surface.result import Surface
from studio_product.generators.surface.solid import solid


def surface(
    density: NDArray[np.float64], domain: Domain, study: Study, meshes: Mapping[str, Mesh], volume: float
) -> Surface:
    """The surface at the density level that encloses a volume.

    The level set of the slightly blurred field is smoothed, and then cut and joined exactly: what lies
    outside the space and in keep-outs is cut off, keep-ins and the pads under loads are added, so that flat
    contacts are flat and holes are round. What hangs together with nothing is left out.

    Args:
        density: (*cells), 0 to 1.
        domain: of the study on the grid of the densities.
        meshes: those that the study names, by file.
        volume: mm^3; met where the level can be chosen so.

    Raises:
        BadInput: Nothing is left of the part, or a shape of the study is not closed.
    """
    return (plate if domain.grid.dimensions == 2 else solid)(density, domain, study, meshes, volume)
