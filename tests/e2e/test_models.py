"""A model from its file to the manifest of an export."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from studio.core.images import load_image, load_mask

from .conftest import CommandLine, mask, photo

pytestmark = pytest.mark.slow
RED = np.array([1, 0, 0], np.float32).reshape(1, 3, 1, 1)


def red_model(path: Path) -> Path:
    """Paints the hole red: image and mask in, image out, as LaMa has it."""
    kind, sides = TensorProto.FLOAT, ["height", "width"]
    nodes = [
        helper.make_node("Sub", ["one", "mask"], ["known"]),
        helper.make_node("Mul", ["image", "known"], ["kept"]),
        helper.make_node("Mul", ["red", "mask"], ["painted"]),
        helper.make_node("Add", ["kept", "painted"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "red",
        [
            helper.make_tensor_value_info("image", kind, [1, 3, *sides]),
            helper.make_tensor_value_info("mask", kind, [1, 1, *sides]),
        ],
        [helper.make_tensor_value_info("output", kind, [1, 3, *sides])],
        [numpy_helper.from_array(RED, "red"), numpy_helper.from_array(np.array(1, np.float32), "one")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 9
    onnx.save(model, str(path))
    return path


def test_a_model_is_added_used_named_in_the_manifest_and_refused_once_it_changes(tmp_path: Path) -> None:
    studio = CommandLine(tmp_path / "home")
    model = red_model(tmp_path / "red.onnx")
    code, said = studio.run("models", "add", model, "--name", "painter", "--licence", "MIT")
    assert code == 0
    digest = said["model"]["sha256"]
    assert [found["name"] for found in studio.run("models")[1]["models"]] == ["painter"]

    project, picture, painted = tmp_path / "T.studio", photo(tmp_path / "p.png"), mask(tmp_path / "m.png")
    studio.run("new", project)
    words = ["--input", picture, "--mask", painted, "--project", project]
    words += ["--method", "onnx", "--onnx-model", "painter"]
    code, said = studio.run("run", "image/inpaint", *words)
    assert code == 0, said

    code, said = studio.run("export", project, "--to", tmp_path / "out")
    hole = load_mask(painted) > 0
    core = np.zeros_like(hole)
    core[28:36, 46:54] = True  # away from the edge, which is blended
    made = load_image(Path(said["files"][0])).pixels
    assert (made[core] == [255, 0, 0]).all()
    assert np.array_equal(made[~hole], load_image(picture).pixels[~hole])
    (file,) = json.loads(Path(said["manifest"]).read_text("utf-8"))["files"]
    assert file["models"] == [{"name": "painter", "digest": digest, "licence": "MIT"}]
    with Path(said["manifest"]).with_suffix(".csv").open(encoding="utf-8-sig", newline="") as table:
        assert next(csv.DictReader(table))["licences"] == "MIT"

    model.write_bytes(model.read_bytes() + b"\0")
    code, said = studio.run("run", "image/inpaint", *words)
    error = said.get("error") or said["jobs"][0]["error"]
    assert code != 0 and error["code"] == "model-refused" and error["hint"]
    assert studio.run("models", "remove", "painter")[0] == 0
    assert studio.run("models")[1]["models"] == []
    assert studio.run("models", "remove", "painter")[0] == 2
