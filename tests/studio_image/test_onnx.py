"""ONNX inpainting, with small models that are made here."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from studio.api import BadInput, Cancelled, ModelRefused, Picture

from .helpers import FakeRun, Repainter, assert_kept, blob, textured


def mean_fill(
    path: Path,
    *,
    inputs: Literal["two", "one"] = "two",
    size: tuple[int, int] | None = None,
    top: int = 1,
    half: bool = False,
    metadata: dict[str, str] | None = None,
) -> Path:
    """A model that paints the hole in the mean color of the known pixels: LaMa's shape, without its wits."""
    kind, dtype = (TensorProto.FLOAT16, np.float16) if half else (TensorProto.FLOAT, np.float32)
    height, width = size or ("height", "width")
    constants = [numpy_helper.from_array(np.array(v, dtype), n) for v, n in ((1, "white"), (top, "top"))]
    constants.append(numpy_helper.from_array(np.array([2, 3], np.int64), "axes"))
    nodes: list[Any] = []
    if inputs == "one":
        given = [helper.make_tensor_value_info("x", kind, [1, 4, height, width])]
        constants.append(numpy_helper.from_array(np.array([3, 1], np.int64), "parts"))
        nodes.append(helper.make_node("Split", ["x", "parts"], ["image", "mask"], axis=1))
    else:
        given = [
            helper.make_tensor_value_info("mask", kind, [1, 1, height, width]),
            helper.make_tensor_value_info("image", kind, [1, 3, height, width]),
        ]
    nodes += [
        helper.make_node("Sub", ["white", "mask"], ["known"]),
        helper.make_node("Mul", ["image", "known"], ["kept"]),
        helper.make_node("ReduceMean", ["kept", "axes"], ["sum"]),
        helper.make_node("ReduceMean", ["known", "axes"], ["share"]),
        helper.make_node("Div", ["sum", "share"], ["mean"]),
        helper.make_node("Mul", ["mean", "mask"], ["painted"]),
        helper.make_node("Add", ["kept", "painted"], ["both"]),
        helper.make_node("Mul", ["both", "top"], ["output"]),
    ]
    out = helper.make_tensor_value_info("output", kind, [1, 3, height, width])
    model = helper.make_model(
        helper.make_graph(nodes, "mean", given, [out], constants), opset_imports=[helper.make_opsetid("", 18)]
    )
    model.ir_version = 9
    if metadata:
        helper.set_model_props(model, metadata)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return path


@pytest.mark.parametrize("inputs", ["one", "two"])
@pytest.mark.parametrize("size", [None, (64, 64), (48, 96)])
@pytest.mark.parametrize("top", [1, 255])
def test_every_shape_and_range(
    repaint: Repainter, tmp_path: Path, inputs: Literal["one", "two"], size: tuple[int, int] | None, top: int
) -> None:
    model = mean_fill(tmp_path / "model.onnx", inputs=inputs, size=size, top=top)
    photo, mask = Picture(np.full((90, 131, 3), (200, 120, 40), np.uint8)), blob(90, 131)
    photo.pixels[mask > 0] = 0
    after = repaint(photo, mask, models={"onnx_model": model}, method="onnx")
    assert_kept(photo, after, mask)
    assert np.abs(after.pixels[mask > 0].astype(int) - (200, 120, 40)).max() <= 1


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_deep_pictures_stay_deep(repaint: Repainter, tmp_path: Path, half: bool, channels: int) -> None:
    model = mean_fill(tmp_path / "model.onnx", half=half)
    pixels = np.random.default_rng(0).integers(20_000, 40_000, (60, 50, channels)).astype(np.uint16)
    photo, mask = Picture(pixels), blob(60, 50)
    after = repaint(photo, mask, models={"onnx_model": model}, method="onnx")
    assert_kept(photo, after, mask)
    assert not np.array_equal(after.pixels[mask > 0], photo.pixels[mask > 0])


def test_no_seam_where_the_model_misses_the_color(repaint: Repainter, tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(40, 220, 200).astype(np.uint8), (160, 1))
    photo, mask = Picture(np.repeat(ramp[..., None], 3, axis=2)), blob(160, 200, size=0.2)
    after = repaint(photo, mask, models={"onnx_model": mean_fill(tmp_path / "m.onnx")}, method="onnx")
    steps = np.abs(np.diff(after.pixels[..., 0].astype(int), axis=1))
    assert steps.max() <= 40  # the mean alone would jump by up to 60 at the edge
    assert np.abs(after.pixels[mask > 0].astype(int) - photo.pixels[mask > 0]).mean() < 12


def test_the_range_may_be_named(repaint: Repainter, tmp_path: Path) -> None:
    model = mean_fill(tmp_path / "m.onnx", top=255, metadata={"output_range": "0-255"})
    photo, mask = Picture(np.zeros((40, 40, 3), np.uint8)), blob(40, 40)
    after = repaint(photo, mask, models={"onnx_model": model}, method="onnx")
    assert np.array_equal(after.pixels, photo.pixels)


def test_is_repeatable_and_keeps_the_session(repaint: Repainter, tmp_path: Path) -> None:
    model = mean_fill(tmp_path / "m.onnx")
    photo, mask = Picture(textured(70, 90)), blob(70, 90)
    first = repaint(photo, mask, models={"onnx_model": model}, method="onnx", threads=2)
    second = repaint(photo, mask, models={"onnx_model": model}, method="onnx", threads=2)
    assert np.array_equal(first.pixels, second.pixels)
    assert len(repaint.kept) == 1


@pytest.mark.slow
def test_cancelling_ends_a_long_computation(repaint: Repainter, tmp_path: Path) -> None:
    """A model of many convolutions, which would take minutes."""
    weight = numpy_helper.from_array(np.full((3, 3, 9, 9), 1e-3, np.float32), "w")
    nodes = [helper.make_node("Conv", [f"x{i}", "w"], [f"x{i + 1}"], pads=[4, 4, 4, 4]) for i in range(4000)]
    given = [
        helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, c, 512, 512])
        for n, c in (("x0", 3), ("mask", 1))
    ]
    out = helper.make_tensor_value_info("x4000", TensorProto.FLOAT, [1, 3, 512, 512])
    model = helper.make_model(
        helper.make_graph(nodes, "slow", given, [out], [weight]), opset_imports=[helper.make_opsetid("", 18)]
    )
    model.ir_version = 9
    onnx.save(model, str(tmp_path / "slow.onnx"))
    asked = 0

    def on_third_look(run: FakeRun) -> bool:
        nonlocal asked
        asked += any(message == "Inpainting" for _, message in run.reports)
        return asked > 3

    with pytest.raises(Cancelled):
        repaint(
            Picture(textured(64, 64)),
            blob(64, 64),
            models={"onnx_model": tmp_path / "slow.onnx"},
            method="onnx",
            cancel_when=on_third_look,
        )


def test_other_models_are_refused_with_words(repaint: Repainter, tmp_path: Path) -> None:
    photo, mask = Picture(textured(40, 40)), blob(40, 40)

    def refusal(path: Path) -> str:
        with pytest.raises(ModelRefused) as caught:
            repaint(photo, mask, models={"onnx_model": path}, method="onnx")
        assert caught.value.hint
        return caught.value.message

    junk = tmp_path / "junk.onnx"
    junk.write_bytes(b"not a model")
    assert "cannot be loaded" in refusal(junk)

    def identity(name: str, shape: list[Any], kind: int = TensorProto.FLOAT) -> Path:
        graph = helper.make_graph(
            [helper.make_node("Identity", ["a"], ["b"])],
            "identity",
            [helper.make_tensor_value_info("a", kind, shape)],
            [helper.make_tensor_value_info("b", kind, shape)],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
        model.ir_version = 9
        onnx.save(model, str(tmp_path / name))
        return tmp_path / name

    assert "not a photo and a mask" in refusal(identity("rgb.onnx", [1, 3, 32, 32]))
    assert "type float" in refusal(identity("int.onnx", [1, 4, 32, 32], TensorProto.INT64))
    assert "type float" in refusal(identity("flat.onnx", [1, 4]))
    assert "shape (1, 4, 32, 32)" in refusal(identity("four.onnx", [1, 4, 32, 32]))


def test_a_model_must_be_chosen(repaint: Repainter) -> None:
    with pytest.raises(BadInput, match="No inpainting model"):
        repaint(Picture(textured(40, 40)), blob(40, 40), method="onnx")
