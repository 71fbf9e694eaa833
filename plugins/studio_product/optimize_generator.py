"""`product/optimize`: several different parts that do a study's job, each with its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from studio.api import Field, Generator, Input, NewArtifact, Params, Run, Ui, mark
from studio_product.kind import PART

SHAPES = ("shape_1", "shape_2", "shape_3", "shape_4")
"""Inputs: the closed meshes that a study may name."""
_TITLES = (mark("Shape 1"), mark("Shape 2"), mark("Shape 3"), mark("Shape 4"))


class OptimizeParams(Params):
    """What `product/optimize` is asked to do."""

    study: Annotated[
        dict[str, Any],
        Ui(hint="study"),
        Field(
            title=mark("Study"),
            description=mark("What the part must do: space, supports, loads, material and target."),
        ),
    ] = {}
    variants: Annotated[
        int,
        Ui(hint="slider"),
        Field(title=mark("Variants"), description=mark("How many different parts."), ge=1, le=12),
    ] = 6
    difference: Annotated[
        float,
        Ui(hint="slider", unit="%"),
        Field(
            title=mark("How different"),
            description=mark(
                "At 50 two variants share at most 70 % of their material. More is rarer: there may be fewer "
                "variants that are stiff enough."
            ),
            ge=0,
            le=100,
        ),
    ] = 50.0
    tolerance: Annotated[
        float,
        Ui(hint="slider", unit="%"),
        Field(
            title=mark("Tolerance"),
            description=mark(
                "How much more than the stiffest one a variant may give way at most. More than half of it is "
                "only used where there are too few variants."
            ),
            ge=1,
            le=100,
        ),
    ] = 20.0
    quality: Annotated[
        Literal["draft", "normal", "fine"],
        Ui(
            hint="choice",
            labels=(("draft", mark("Draft")), ("normal", mark("Normal")), ("fine", mark("Fine"))),
        ),
        Field(
            title=mark("Quality"),
            description=mark("How fine the cells are. It says nothing where the study names its cells."),
        ),
    ] = "draft"


class Optimize(Generator):
    """Designs different parts that do the same job, as light as asked, with numbers to compare them by."""

    name, title, kind = "optimize", mark("Part variants"), PART
    inputs = tuple(
        Input(name=name, title=title, kind=PART, required=False)
        for name, title in zip(SHAPES, _TITLES, strict=True)
    )
    Params = OptimizeParams

    def generate(self, params: OptimizeParams, run: Run) -> Iterator[NewArtifact]:
        from studio_product.designing import design

        yield from design(params, run)
