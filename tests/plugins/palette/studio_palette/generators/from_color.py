from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from studio.api import Action, Field, Generator, NewArtifact, Params, Run, Ui, mark, tr
from studio_palette.core.harmony import harmonious
from studio_palette.core.palette import KIND, Palette
from studio_palette.generators.writing import write


class FromColorParams(Params):
    base: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$", title=mark("Base color")), Ui(hint="color")] = (
        "#3366cc"
    )
    harmony: Annotated[
        Literal["complementary", "analogous", "triadic", "tetradic"],
        Field(title=mark("Harmony")),
        Ui(
            labels=(
                ("complementary", mark("Complementary")),
                ("analogous", mark("Analogous")),
                ("triadic", mark("Triadic")),
                ("tetradic", mark("Tetradic")),
            )
        ),
    ] = "triadic"


class FromColor(Generator):
    """Finds the colors that go with one color."""

    name, title, kind = "from-color", mark("Palette from a color"), KIND
    Params = FromColorParams
    actions = (Action(words=mark("Find matching colors")),)

    def generate(self, params: FromColorParams, run: Run) -> Iterator[NewArtifact]:
        name = tr("{harmony} of {color}", harmony=tr(params.harmony.capitalize()), color=params.base)
        yield write(run, Palette(name, harmonious(params.base, params.harmony)))
