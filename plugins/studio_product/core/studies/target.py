"""How much material a study asks for."""

from __future__ import annotations

from studio.api.values import BadInput, tr
from studio_product.core.grid import Grid
from studio_product.core.studies.catalog import said
from studio_product.core.studies.study import Study


def material_fraction(study: Study, grid: Grid, cells: int, kept: int) -> float:
    """The share of material in so many cells that may be filled, of which some are kept full.

    Raises:
        BadInput: They cannot hold the mass, or more is kept than the target allows.
    """
    most = cells * grid.cell_volume * study.material.density * 1e-3
    wanted = study.target.volume or (study.target.mass or 0.0) / most
    if wanted > 1:
        raise BadInput(
            tr(
                "The part should weigh {mass:.4g} g, but the space holds only {most:.4g} g of {material}.",
                mass=study.target.mass,
                most=most,
                material=said(study.material.name),
            ),
            tr("Ask for less, enlarge the space, or choose a denser material."),
        )
    if wanted * cells < kept:
        raise BadInput(
            tr(
                "What must be kept is already {kept:.1%} of the space, more than the target of {wanted:.1%}.",
                kept=kept / cells,
                wanted=wanted,
            ),
            tr("Raise the target, or make what is kept smaller."),
        )
    return wanted
