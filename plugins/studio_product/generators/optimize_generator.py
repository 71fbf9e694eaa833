"""`product/optimize`: several different parts that do a study's job, each with its numbers."""

from __future__ import annotations

from collections.abc import Iterator

from studio.api import Action, Generator, Input, NewArtifact, Run, mark
from studio_product.core.kind import PART
from studio_product.generators.optimize_params import OptimizeParams

SHAPES = ("shape_1", "shape_2", "shape_3", "shape_4")
"""Inputs: the closed meshes that a study may name."""
_TITLES = (mark("Shape 1"), mark("Shape 2"), mark("Shape 3"), mark("Shape 4"))


class Optimize(Generator):
    """Designs different parts that do the same job, as light as asked, with numbers to compare them by."""

    name, title, kind = "optimize", mark("Part variants"), PART
    inputs = tuple(
        Input(name=name, title=title, kind=PART, required=False, fed_by="study")
        for name, title in zip(SHAPES, _TITLES, strict=True)
    )
    Params = OptimizeParams
    actions = (
        Action(words=mark("Design {count} variants"), one=mark("Design one variant"), count="variants"),
    )

    def generate(self, params: OptimizeParams, run: Run) -> Iterator[NewArtifact]:
        from studio_product.generators.designing import design

        yield from design(params, run)
