from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from studio.api import (
    Action,
    Field,
    Generator,
    Input,
    Kind,
    NewArtifact,
    Params,
    Run,
    Ui,
    load_image,
    mark,
    tr,
)
from studio_palette.core.clusters import main_colors
from studio_palette.core.palette import KIND, Palette
from studio_palette.generators.writing import write


class FromPictureParams(Params):
    colors: Annotated[int, Field(ge=2, le=16, title=mark("Colors")), Ui(hint="slider")] = 5


class FromPicture(Generator):
    """Finds the main colors of a picture."""

    name, title, kind = "from-picture", mark("Palette from a picture"), KIND
    inputs = (Input(name="image", title=mark("Picture"), kind=Kind.IMAGE),)
    Params = FromPictureParams
    actions = (Action(words=mark("Find {count} colors"), count="colors"),)

    def generate(self, params: FromPictureParams, run: Run) -> Iterator[NewArtifact]:
        image = run.input("image")
        assert image is not None
        picture = load_image(image)
        run.progress(1, 2, tr("Looking for the main colors"))
        colors = main_colors(picture.pixels, params.colors, run.seed)
        yield write(run, Palette(tr("Main colors"), colors))
