"""`image/inpaint`: repaints the masked part of a photo, by one of three methods."""

from __future__ import annotations

from collections.abc import Iterator

from studio.api import (
    Action,
    BadInput,
    Generator,
    Input,
    Kind,
    NewArtifact,
    Run,
    encode_png,
    load_image,
    load_mask,
    mark,
    tr,
)
from studio_image.generators.params import InpaintParams


class Inpaint(Generator):
    """Removes or replaces what you paint over, and leaves every other pixel as it is."""

    name = "inpaint"
    title = mark("Remove or replace")
    kind = Kind.IMAGE
    version = "1"
    inputs = (
        Input(name="image", title=mark("Photo"), kind=Kind.IMAGE),
        Input(name="mask", title=mark("Mask"), kind=Kind.MASK),
    )
    Params = InpaintParams
    actions = (
        Action(words=mark("Remove"), when=("method", ("fill", "onnx"))),
        Action(words=mark("Repaint")),
    )

    def generate(self, params: InpaintParams, run: Run) -> Iterator[NewArtifact]:
        image_path, mask_path = run.input("image"), run.input("mask")
        if image_path is None or mask_path is None:
            raise BadInput(
                tr("A photo and a mask are needed."), tr("Drop a photo, then paint over what must go.")
            )
        run.progress(0, 1, tr("Reading the photo"))
        picture = load_image(image_path)
        mask = load_mask(mask_path, picture.size)
        if params.method == "fill":
            from studio_image.generators.fill import repaint
        elif params.method == "onnx":
            from studio_image.generators.onnx_inpaint import repaint
        else:
            from studio_image.generators.diffusion import repaint
        repaint(picture, mask, params, run)
        run.progress(1, 1, tr("Writing the picture"))
        target = run.scratch / "inpainted.png"
        target.write_bytes(encode_png(picture))
        yield NewArtifact(target, Kind.IMAGE)
