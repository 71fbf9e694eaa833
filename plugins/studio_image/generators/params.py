"""What `image/inpaint` can be asked: its params."""

from __future__ import annotations

from typing import Annotated, Literal

from studio.api import Field, Params, Ui, mark

Method = Literal["fill", "onnx", "diffusion"]
Scheduler = Literal["ddim", "euler", "euler_a", "dpmpp_2m", "unipc", "lcm"]
_ONNX = ("method", ("onnx",))
_DIFFUSION = ("method", ("diffusion",))


class InpaintParams(Params):
    """What `image/inpaint` is asked to do."""

    method: Annotated[
        Method,
        Ui(
            hint="choice",
            labels=(
                ("fill", mark("Content-aware fill")),
                ("onnx", mark("Inpainting model (ONNX)")),
                ("diffusion", mark("Stable Diffusion")),
            ),
        ),
        Field(
            title=mark("Method"),
            description=mark("Fill copies from the rest of the photo. The others need a model file."),
        ),
    ] = "fill"
    onnx_model: Annotated[
        str,
        Ui(model=("onnx",), when=_ONNX),
        Field(
            title=mark("Model"),
            description=mark("An inpainting model such as LaMa, as an .onnx file."),
            max_length=4096,
        ),
    ] = ""
    diffusion_model: Annotated[
        str,
        Ui(model=("diffusers", "safetensors"), when=_DIFFUSION),
        Field(
            title=mark("Model"),
            description=mark("Stable Diffusion 1.5, 2 or XL: a diffusers folder or a .safetensors file."),
            max_length=4096,
        ),
    ] = ""
    prompt: Annotated[
        str,
        Ui(hint="prompt", when=_DIFFUSION),
        Field(title=mark("Prompt"), description=mark("What should be there instead."), max_length=4000),
    ] = ""
    negative_prompt: Annotated[
        str,
        Ui(hint="prompt", when=_DIFFUSION, advanced=True),
        Field(title=mark("Negative prompt"), description=mark("What should not be there."), max_length=4000),
    ] = ""
    steps: Annotated[
        int,
        Ui(group=mark("Quality"), unit=mark("steps"), hint="slider", when=_DIFFUSION),
        Field(
            title=mark("Steps"),
            description=mark("More steps take longer and look more finished."),
            ge=1,
            le=500,
        ),
    ] = 30
    guidance_scale: Annotated[
        float,
        Ui(group=mark("Quality"), hint="slider", when=_DIFFUSION),
        Field(
            title=mark("Guidance scale"), description=mark("How closely the prompt is followed."), ge=0, le=50
        ),
    ] = 7.5
    strength: Annotated[
        float,
        Ui(group=mark("Quality"), hint="slider", when=_DIFFUSION),
        Field(
            title=mark("Strength"),
            description=mark("How much of the old content is replaced; 1 is all of it."),
            ge=0.01,
            le=1,
        ),
    ] = 1.0
    scheduler: Annotated[
        Scheduler,
        Ui(
            group=mark("Quality"),
            hint="choice",
            advanced=True,
            when=_DIFFUSION,
            labels=(
                ("ddim", "DDIM"),
                ("euler", "Euler"),
                ("euler_a", mark("Euler ancestral")),
                ("dpmpp_2m", "DPM++ 2M"),
                ("unipc", "UniPC"),
                ("lcm", mark("LCM (for LCM models, 4 to 8 steps)")),
            ),
        ),
        Field(title=mark("Scheduler"), description=mark("How noise becomes a picture, step by step.")),
    ] = "dpmpp_2m"
    feather: Annotated[
        int,
        Ui(group=mark("Edge"), unit=mark("px"), hint="slider", advanced=True),
        Field(
            title=mark("Feather"),
            description=mark("Softens the edge of the mask inwards. Pixels outside the mask never change."),
            ge=0,
            le=256,
        ),
    ] = 0
