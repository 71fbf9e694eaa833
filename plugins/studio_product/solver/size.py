"""How much memory a solution takes. Light: nothing here needs torch."""

from __future__ import annotations

_BASE = 22_000_000
"""Bytes of buffers that do not grow with the grid."""
_FIELDS = 12
"""float64 fields per load case at the peak, those of half the precision counted as halves."""


def solver_bytes(cells: int, dimensions: int, cases: int) -> int:
    """Of `Elasticity` at its peak, without torch itself; measured to be within a third above 20,000 cells.

    Args:
        cells: of the grid, in all.
        dimensions: 2 or 3.
        cases: load cases that are solved together.
    """
    fields = _FIELDS * cells * dimensions * cases * 8
    masks_and_sums = cells * (dimensions * 64 + 40)
    # On coarse levels, in float32: a matrix per pair of neighbors, and those of a corner while they fill.
    corners, neighbors = {2: (4, 9), 3: (8, 27)}[dimensions]
    matrices = cells / (corners - 1) * (neighbors + 2 * corners) * dimensions**2 * 4
    return _BASE + round(fields + masks_and_sums + matrices)
