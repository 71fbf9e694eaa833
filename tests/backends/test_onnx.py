from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from studio.backends.device import onnx_providers
from studio.backends.onnx import onnx_session, providers_for
from studio.errors import ModelRefused

ALL = (
    "CUDAExecutionProvider",
    "MIGraphXExecutionProvider",
    "DmlExecutionProvider",
    "CoreMLExecutionProvider",
    "OpenVINOExecutionProvider",
    "CPUExecutionProvider",
)


@pytest.mark.parametrize(
    ("device", "first", "options"),
    [
        ("cuda:1", "CUDAExecutionProvider", {"device_id": "1"}),
        ("mps", "CoreMLExecutionProvider", {}),
        ("dml", "DmlExecutionProvider", {"device_id": "0"}),
        ("openvino", "OpenVINOExecutionProvider", {"device_type": "AUTO"}),
    ],
)
def test_the_best_provider_of_the_build_comes_first(device: str, first: str, options: dict[str, str]) -> None:
    assert providers_for(device, ALL) == [(first, options), ("CPUExecutionProvider", {})]
    usual = ("AzureExecutionProvider", "CPUExecutionProvider")
    assert providers_for(device, usual) == [("CPUExecutionProvider", {})]


def test_the_processor_is_the_processor() -> None:
    assert providers_for("cpu", ALL) == [("CPUExecutionProvider", {})]


def test_amd_cards_where_there_is_no_cuda() -> None:
    assert providers_for("cuda:0", ALL[1:])[0][0] == "MIGraphXExecutionProvider"


def test_a_session_computes(tmp_path: Path) -> None:
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [2]) for name in "xy")
    graph = helper.make_graph([helper.make_node("Neg", ["x"], ["y"])], "g", [x], [y])
    path = tmp_path / "m.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10), path)
    session = onnx_session(path, device="cpu", threads=1, config={"session.intra_op.allow_spinning": "0"})
    assert session.run(None, {"x": np.array([1, 2], np.float32)})[0].tolist() == [-1, -2]
    assert "CPUExecutionProvider" in onnx_providers()


def test_what_does_not_load_is_said(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(b"nothing")
    with pytest.raises(ModelRefused, match=r"“m.onnx” cannot be loaded"):
        onnx_session(path, device="cpu", threads=1)
