from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from studio.api import Field, Generator, Input, NewArtifact, Params, Run, mark
from studio_palette.core.palette import KIND, MOST_COLORS, Palette
from studio_palette.generators.writing import write

Color = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


class EditedParams(Params):
    title: Annotated[str, Field(max_length=200)] = ""
    colors: Annotated[tuple[Color, ...], Field(min_length=1, max_length=MOST_COLORS)] = ("#000000",)


class Edited(Generator):
    """Writes a palette that was edited by hand: what its recipe says."""

    name, title, kind = "edited", mark("Edited palette"), KIND
    inputs = (Input(name="palette", title=mark("Palette"), kind=KIND, required=False),)
    Params = EditedParams
    listed = False

    def generate(self, params: EditedParams, run: Run) -> Iterator[NewArtifact]:
        yield write(run, Palette(params.title, params.colors))
