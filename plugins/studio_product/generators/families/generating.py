"""Makes a generator of a family."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import create_model

from studio.api import Action, Field, Generator, NewArtifact, Params, Run, Ui, mark
from studio_product.core.kind import PART
from studio_product.core.studies.catalog import materials
from studio_product.generators.families.family import Family, Parameter

Effort = Literal["quick", "thorough"]


class FamilyParams(Params):
    """What every family can be told; a field with a range for each of its parameters is added to these."""

    variants: Annotated[
        int, Field(ge=1, le=12, title=mark("Variants")), Ui(group=mark("Search for variants"))
    ] = 6
    effort: Annotated[
        Effort,
        Field(title=mark("Effort"), description=mark("How many shapes are tried.")),
        Ui(
            group=mark("Search for variants"),
            hint="choice",
            labels=(("quick", mark("Quick (64 shapes)")), ("thorough", mark("Thorough (256 shapes)"))),
        ),
    ] = "quick"
    load: Annotated[
        float,
        Field(ge=0.1, le=10, title=mark("Load"), description=mark("Times the usual forces.")),
        Ui(group=mark("What it must do"), unit="×"),
    ] = 1.0


def generator_of(family: type[Family]) -> type[Generator]:
    """A generator whose form has a range for each parameter, and that makes variants none of which is beaten
    by another in mass, stiffness and (where it stands on a floor) stability.
    """
    fields: dict[str, Any] = {
        parameter.name: (_range_of(parameter), parameter.usual) for parameter in family.parameters
    }
    names: list[Any] = [material.name for material in materials()]
    described = Field(title=mark("Material"), json_schema_extra={"enum": names})
    fields["material"] = (Annotated[str, described, Ui(group=mark("What it must do"))], family.material)
    params = create_model(f"{family.__name__}Params", __base__=FamilyParams, **fields)

    class FamilyGenerator(Generator):
        name = family.name
        title = family.title
        kind = PART
        Params = params
        actions = (
            Action(words=mark("Design {count} variants"), one=mark("Design one variant"), count="variants"),
        )

        def generate(self, params: Any, run: Run) -> Iterator[NewArtifact]:
            from studio_product.generators.families.making import make

            return make(family(), params, run)

    FamilyGenerator.__doc__ = family.__doc__
    FamilyGenerator.__name__ = FamilyGenerator.__qualname__ = family.__name__
    return FamilyGenerator


def _range_of(parameter: Parameter) -> Any:
    """The type of a field that holds from where to where a parameter may go."""
    end = Annotated[float, Field(ge=parameter.least, le=parameter.most)]
    return Annotated[
        tuple[end, end],
        Field(
            title=parameter.title,
            description=mark("From where to where it is searched; the same number twice holds it there."),
        ),
        Ui(group=mark("Shape"), unit=parameter.unit, hint="range"),
    ]
