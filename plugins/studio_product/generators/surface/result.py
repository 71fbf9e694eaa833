"""What every surface comes out as."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio_product.core.mesh import Mesh


@dataclass(frozen=True)
class Surface:
    """The shape of a part."""

    mesh: Mesh
    """Closed and manifold, mm."""
    contours: tuple[NDArray[np.float64], ...] = ()
    """Of a plate: see `Part.contours`."""
