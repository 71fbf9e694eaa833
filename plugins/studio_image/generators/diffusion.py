"""Inpainting with Stable Diffusion 1.5, 2 or XL through diffusers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from studio.api import BadInput, OutOfMemory, Picture, Plan, Run, encode_png, torch_device, torch_dtype, tr
from studio_image.core.region import color, edge_weight, match_edge, paste, pieces

if TYPE_CHECKING:
    from studio_image.core.region import Bools, Floats, Mask
    from studio_image.generators.params import InpaintParams

_MULTIPLE = 8
_CONTEXT_RATIO = 0.5
_PREVIEW_SIDE = 512
_SCHEDULERS: dict[str, tuple[str, dict[str, Any]]] = {
    "ddim": ("DDIMScheduler", {}),
    "euler": ("EulerDiscreteScheduler", {}),
    "euler_a": ("EulerAncestralDiscreteScheduler", {}),
    "dpmpp_2m": ("DPMSolverMultistepScheduler", {"algorithm_type": "dpmsolver++"}),
    "unipc": ("UniPCMultistepScheduler", {}),
    "lcm": ("LCMScheduler", {}),
}


def repaint(picture: Picture, mask: Mask, params: InpaintParams, run: Run) -> None:
    """Paints what the prompt says into the mask's part of the picture, in place."""
    if not params.diffusion_model:
        raise BadInput(
            tr("No Stable Diffusion model is chosen."),
            tr("Choose a folder or a .safetensors file under Model."),
        )
    if int(params.steps * params.strength) < 1:
        raise BadInput(
            tr(
                "With {steps} steps, a strength of {strength:g} leaves no step to do.",
                steps=params.steps,
                strength=params.strength,
            ),
            tr("Raise the strength or the steps."),
        )
    import diffusers

    path = run.model("diffusion_model")
    run.progress(0, 1, tr("Loading the model"))
    try:
        plan = run.plan
        key = f"diffusion:{params.diffusion_model}:{plan.device}:{plan.precision}:{plan.offload}"
        pipe, config = run.warm(key, lambda: _loaded(path, plan))
        name, options = _SCHEDULERS[params.scheduler]
        pipe.scheduler = getattr(diffusers, name).from_config(config, **options)
        _repaint_with(pipe, picture, mask, params, run)
    except Exception as error:
        if _is_out_of_memory(error):
            raise OutOfMemory(
                tr("The memory of “{device}” is not enough for this model.", device=run.device),
                tr("Close other programs, paint a smaller area, or choose a smaller model."),
                str(error),
            ) from error
        raise


def _loaded(path: Path, plan: Plan) -> tuple[Any, dict[str, Any]]:
    """The pipeline as the plan says, and its own scheduler's configuration.

    Every scheduler starts from that one, whatever ran before. Left to diffusers, values that were defaults of
    the last scheduler would become defaults of the next, and a job would depend on its predecessor.
    """
    from studio_image.generators.diffusion_files import open_pipeline

    pipe, device = open_pipeline(path, torch_dtype(plan)), torch_device(plan)
    if plan.offload == "model":
        pipe.enable_model_cpu_offload(device=device)
    elif plan.offload == "sequential":
        pipe.enable_sequential_cpu_offload(device=device)
    else:
        pipe.to(device)
    return pipe, {key: value for key, value in pipe.scheduler.config.items() if key != "_use_default_values"}


def _is_out_of_memory(error: Exception) -> bool:
    return type(error).__name__ == "OutOfMemoryError" or "can't allocate memory" in str(error)


def _repaint_with(pipe: Any, picture: Picture, mask: Mask, params: InpaintParams, run: Run) -> None:
    native = pipe.unet.config.sample_size * pipe.vae_scale_factor
    weight = edge_weight(mask, params.feather)
    parts = list(pieces(mask, least=native // 4, ratio=_CONTEXT_RATIO))
    for index, (box, part) in enumerate(parts):
        # A small hole gets more context, up to the size that the model was trained at.
        missing = max(0, native - max(box.height, box.width)) // 2
        wide = box.grown(missing, *mask.shape)
        own = np.zeros((wide.height, wide.width), bool)
        own[box.top - wide.top : box.bottom - wide.top, box.left - wide.left : box.right - wide.left] = (
            part > 0
        )
        crop = color(picture.pixels[wide.cut])

        def report(done: float, index: int = index) -> None:
            run.progress(index + done, len(parts), tr("Painting"))

        new = _painted(pipe, crop, mask[wide.cut] > 0, native, params, run, report)
        new = match_edge(new, crop, mask[wide.cut] > 0)
        paste(picture, wide, new, np.where(own, weight[wide.cut], 0).astype(np.float32))


def _painted(
    pipe: Any,
    crop: Floats,
    hole: Bools,
    native: int,
    params: InpaintParams,
    run: Run,
    report: Callable[[float], None],
) -> Floats:
    """The crop (H, W, 3), 0 to 255, as the pipeline paints it."""
    import torch
    from PIL import Image

    height, width = hole.shape
    scale = native / max(height, width)
    w, h = (max(_MULTIPLE, round(side * scale / _MULTIPLE) * _MULTIPLE) for side in (width, height))
    shrink = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = np.clip(cv2.resize(crop, (w, h), interpolation=shrink), 0, 255)
    gap = cv2.resize(hole.astype(np.float32), (w, h), interpolation=cv2.INTER_LINEAR) > 0
    to_color = _latent_colors(pipe, small)

    def after_step(_: Any, step: int, __: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        # Raising is the way to stop: the pipeline's own interrupt only skips ahead and still decodes.
        report((step + 1) / pipe.num_timesteps)
        run.preview(_preview(tensors["latents"], to_color))
        return tensors

    try:
        result = pipe(
            prompt=params.prompt,
            negative_prompt=params.negative_prompt or None,
            image=Image.fromarray(np.rint(small).astype(np.uint8)),
            mask_image=Image.fromarray(gap.astype(np.uint8) * 255),
            width=w,
            height=h,
            num_inference_steps=params.steps,
            guidance_scale=params.guidance_scale,
            strength=params.strength,
            generator=torch.Generator("cpu").manual_seed(run.seed),
            callback_on_step_end=after_step,
            output_type="np",
        )
    finally:
        pipe.maybe_free_model_hooks()
    painted = np.asarray(result.images[0], np.float32) * 255
    return np.asarray(cv2.resize(painted, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _latent_colors(pipe: Any, image: Floats) -> Any:
    """A matrix (C + 1, 3) from a latent pixel to its color, fitted to the picture itself: a cheap decoder."""
    import torch

    vae = pipe.vae
    with torch.inference_mode():
        tensor = torch.from_numpy(image.transpose(2, 0, 1)[None] / 127.5 - 1)
        # Where the pipeline computes: the decoder itself may wait in the main memory (`Plan.offload`).
        latents = vae.encode(tensor.to(pipe._execution_device, vae.dtype)).latent_dist.mode()[0].float().cpu()
    rows = latents.flatten(1).T.numpy() * float(vae.config.scaling_factor)
    size = (latents.shape[2], latents.shape[1])
    colors = cv2.resize(image, size, interpolation=cv2.INTER_AREA).reshape(-1, 3)
    design = np.concatenate([rows, np.ones((len(rows), 1), np.float32)], axis=1)
    # A little damping keeps flat pictures from giving wild colors.
    damped = design.T @ design + 1e-3 * len(rows) * np.eye(design.shape[1])
    return np.linalg.solve(damped, design.T @ colors)


def _preview(latents: Any, to_color: Any) -> bytes:
    values = latents[0].detach().float().cpu().numpy()
    flat = values.reshape(len(values), -1).T
    colors = np.concatenate([flat, np.ones((len(flat), 1))], axis=1) @ to_color
    image = np.clip(colors, 0, 255).astype(np.uint8).reshape(*values.shape[1:], 3)
    scale = max(1, _PREVIEW_SIDE // max(image.shape[:2]))
    size = (image.shape[1] * scale, image.shape[0] * scale)
    return encode_png(Picture(cv2.resize(image, size, interpolation=cv2.INTER_CUBIC)))
