"""Inpainting with a LaMa-shaped ONNX model: picture and mask in, picture out."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.api import BadInput, Cancelled, ModelRefused, Picture, Run, mark, onnx_session, tr
from studio_image.core.region import Box, color, edge_weight, match_edge, paste, pieces

if TYPE_CHECKING:
    from studio_image.core.region import Bools, Floats, Mask
    from studio_image.generators.params import InpaintParams

_FREE_SIDE = 1024
"""Models of free size work on crops of at most this many pixels a side: more costs a lot of memory."""
_MULTIPLE = 8
_LEAST_CONTEXT = 64
_CONTEXT_RATIO = 0.6
_CANCEL_SECONDS = 0.1
_NOT_INPAINTING = mark("Choose a model that takes a photo and a mask and returns a photo, such as LaMa.")


def repaint(picture: Picture, mask: Mask, params: InpaintParams, run: Run) -> None:
    """Replaces the mask's part of the picture by what the model makes of it, in place."""
    if not params.onnx_model:
        raise BadInput(tr("No inpainting model is chosen."), tr("Choose an .onnx file under Model."))
    path = run.model("onnx_model")
    run.progress(0, 1, tr("Loading the model"))
    key = f"onnx:{params.onnx_model}:{run.device}:{run.threads}"
    model = run.warm(key, lambda: OnnxInpainter(path, run))
    weight = edge_weight(mask, params.feather)
    parts = list(pieces(mask, least=_LEAST_CONTEXT, ratio=_CONTEXT_RATIO))
    for index, (box, part) in enumerate(parts):
        run.progress(index, len(parts), tr("Inpainting"))
        box, part = _widened(box, part, model.size, mask.shape)
        crop, hole = color(picture.pixels[box.cut]), mask[box.cut] > 0
        new = match_edge(model.inpaint(crop, hole, run), crop, hole)
        paste(picture, box, new, np.where(part > 0, weight[box.cut], 0).astype(np.float32))


def _widened(box: Box, part: Mask, size: tuple[int, int] | None, shape: tuple[int, ...]) -> tuple[Box, Mask]:
    """The crop grown, inside the picture, to the shape that the model sees: context costs it nothing more."""
    height, width = shape[0], shape[1]
    if size is None:
        wanted_h, wanted_w = box.height, box.width
    else:
        scale = max(1.0, box.height / size[0], box.width / size[1])
        wanted_h, wanted_w = round(size[0] * scale), round(size[1] * scale)
    top, bottom = _stretched(box.top, box.bottom, wanted_h, height)
    left, right = _stretched(box.left, box.right, wanted_w, width)
    grown = Box(top, left, bottom, right)
    wider = np.zeros((grown.height, grown.width), np.uint8)
    wider[box.top - top : box.bottom - top, box.left - left : box.right - left] = part
    return grown, wider


def _stretched(start: int, end: int, wanted: int, limit: int) -> tuple[int, int]:
    extra = max(0, min(wanted, limit) - (end - start))
    start = max(0, min(start - extra // 2, limit - (end - start) - extra))
    return start, min(limit, max(end, start + min(wanted, limit)))


@dataclass(frozen=True)
class _Slot:
    name: str
    channels: int | None
    size: tuple[int, int] | None
    """(height, width) where the model fixes it."""
    dtype: type[np.float32] | type[np.float16]


class OnnxInpainter:
    """A loaded model: (image NCHW, mask N1HW) or one picture-and-mask input with 4 channels, in 0 to 1."""

    def __init__(self, path: Path, run: Run) -> None:
        """Loads the model onto the job's device.

        Raises:
            ModelRefused: it is not an inpainting model, or does not load.
            OutOfMemory: there is not enough memory for it.
        """
        self._name = path.name
        self._session = onnx_session(path, device=run.device, threads=run.threads)
        self._image, self._mask = self._slots()
        self.size = self._image.size
        """(height, width) that the model insists on, or None."""
        meta = self._session.get_modelmeta().custom_metadata_map
        self._output_top = {"0-1": 1.0, "0-255": 255.0}.get(meta.get("output_range", ""))

    def _slots(self) -> tuple[_Slot, _Slot | None]:
        slots = [_slot(value) for value in self._session.get_inputs()]
        outputs = self._session.get_outputs()
        if any(slot is None for slot in slots) or len(outputs[0].shape) != 4:
            raise self._refused(tr("it does not work on pictures of type float"))
        known = [slot for slot in slots if slot is not None]
        if len(known) == 1 and known[0].channels in (4, None):
            return known[0], None
        if len(known) == 2:
            masks = [s for s in known if s.channels == 1] or [s for s in known if "mask" in s.name.lower()]
            mask = masks[0] if masks else known[1]
            image = known[0] if mask is known[1] else known[1]
            if image.channels in (3, None) and mask.channels in (1, None):
                return image, mask
        raise self._refused(tr("its inputs are not a photo and a mask"))

    def _refused(self, why: str) -> ModelRefused:
        return ModelRefused(
            tr("“{name}” is not an inpainting model: {why}.", name=self._name, why=why), tr(_NOT_INPAINTING)
        )

    def inpaint(self, crop: Floats, hole: Bools, run: Run) -> Floats:
        """The crop (H, W, 3), 0 to 255, as the model paints it; only the hole's part is of use."""
        height, width = hole.shape
        target = self.size or (_FREE_SIDE, _FREE_SIDE)
        scale = min(1.0, target[0] / height, target[1] / width)
        h, w = max(1, round(height * scale)), max(1, round(width * scale))
        image = cv2.resize(crop, (w, h), interpolation=cv2.INTER_AREA) if scale < 1 else crop
        gap = (
            hole
            if scale == 1
            else cv2.resize(hole.astype(np.float32), (w, h), interpolation=cv2.INTER_AREA) > 0
        )
        full = self.size or (math.ceil(h / _MULTIPLE) * _MULTIPLE, math.ceil(w / _MULTIPLE) * _MULTIPLE)
        pad = ((0, full[0] - h), (0, full[1] - w))
        image = np.pad(image, (*pad, (0, 0)), mode="symmetric")
        gap = np.pad(gap, pad, mode="symmetric")
        picture = np.where(gap[..., None], 0, image / 255).transpose(2, 0, 1)[None]
        painted = self._run(picture, gap[None, None].astype(np.float32), run)
        painted *= 255 / (self._output_top or _likely_top(painted, picture, gap))
        back = painted[:h, :w]
        return back if scale == 1 else cv2.resize(back, (width, height), interpolation=cv2.INTER_CUBIC)

    def _run(self, picture: NDArray[Any], gap: Floats, run: Run) -> Floats:
        """(H, W, 3) in the model's own range. Raises `Cancelled` soon after the user has cancelled."""
        import onnxruntime

        if self._mask is None:
            both = np.concatenate([picture, gap], axis=1)
            feeds = {self._image.name: both.astype(self._image.dtype)}
        else:
            feeds = {
                self._image.name: picture.astype(self._image.dtype),
                self._mask.name: gap.astype(self._mask.dtype),
            }
        options = onnxruntime.RunOptions()
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(self._session.run, None, feeds, options)
            try:
                while True:
                    try:
                        result = future.result(_CANCEL_SECONDS)[0]
                        break
                    except TimeoutError:
                        run.check()
            except Cancelled:
                options.terminate = True
                raise
            except Exception as error:
                raise ModelRefused(
                    tr("The model “{name}” failed on this photo.", name=self._name),
                    tr(_NOT_INPAINTING),
                    str(error),
                ) from error
        if result.ndim != 4 or result.shape[1] != 3 or result.shape[2:] != picture.shape[2:]:
            raise self._refused(tr("it returned an array of shape {shape}", shape=tuple(result.shape)))
        if not np.isfinite(result).all():
            raise ModelRefused(
                tr("The model “{name}” returned no valid numbers.", name=self._name), tr(_NOT_INPAINTING)
            )
        return np.ascontiguousarray(result[0].transpose(1, 2, 0), np.float32)


def _slot(value: Any) -> _Slot | None:
    """An input as we can feed it; None where we cannot."""
    dtypes: dict[str, Any] = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
    if value.type not in dtypes or len(value.shape) != 4:
        return None
    channels, height, width = (d if isinstance(d, int) else None for d in value.shape[1:])
    size = (height, width) if height is not None and width is not None else None
    return _Slot(value.name, channels, size, dtypes[value.type])


def _likely_top(painted: Floats, picture: NDArray[Any], gap: Bools) -> float:
    """Whether white is 1 or 255 in what came back: the known pixels tell."""
    known = picture[0].transpose(1, 2, 0)[~gap]
    came = painted[~gap]
    return min((1.0, 255.0), key=lambda top: float(np.abs(came / top - known).mean()))
