"""Hostile model files are refused, honest ones are not."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import safetensors
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from studio.errors import ModelRefused
from studio.models.onnx_file import NotOnnx, contents
from studio.models.safety import inspect

INDEX = {"_class_name": "StableDiffusionInpaintPipeline", "unet": ["diffusers", "UNet2DConditionModel"],
         "safety_checker": [None, None], "tokenizer": ["transformers", "CLIPTokenizer"]}  # fmt: skip


def tensors(path: Path) -> Path:
    safetensors.numpy.save_file({"a": np.ones((2, 3), np.float32), "b": np.zeros(5, np.int8)}, path)
    return path


def external(location: str) -> TensorProto:
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value=location)
    tensor.external_data.add(key="offset", value="0")
    return tensor


def model(*nodes: onnx.NodeProto, initializer: list[TensorProto] | None = None) -> onnx.ModelProto:
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    return helper.make_model(helper.make_graph(list(nodes), "g", [], [out], initializer or []))


def constant(tensor: TensorProto) -> onnx.NodeProto:
    return helper.make_node("Constant", [], ["y"], value=tensor)


def places(location: str) -> dict[str, onnx.ModelProto]:
    """The same external tensor in every place where one may stand."""
    tensor = external(location)
    sparse = onnx.SparseTensorProto(values=tensor, indices=external(location), dims=[1])
    branch = helper.make_graph([constant(tensor)], "inner", [], [helper.make_tensor_value_info("y", 1, [1])])
    in_function = model()
    in_function.functions.append(helper.make_function("d", "f", [], ["y"], [constant(tensor)], []))
    in_sparse = model()
    in_sparse.graph.sparse_initializer.append(sparse)
    in_training = model()
    in_training.training_info.add().algorithm.CopyFrom(branch)
    return {
        "initializer": model(initializer=[tensor]),
        "constant": model(constant(tensor)),
        "sparse initializer": in_sparse,
        "sparse constant": model(helper.make_node("Constant", [], ["y"], sparse_value=sparse)),
        "list": model(helper.make_node("X", [], ["y"], several=[tensor, tensor])),
        "subgraph": model(helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=branch)),
        "subgraphs": model(helper.make_node("X", [], ["y"], several=[branch, branch])),
        "function": in_function,
        "training": in_training,
    }


def test_honest_files_are_known_by_their_bytes(tmp_path: Path) -> None:
    assert inspect(tensors(tmp_path / "named.bin")).format == "safetensors"
    path = tmp_path / "no suffix"
    path.write_bytes(model().SerializeToString())
    found = inspect(path)
    assert (found.format, found.files) == ("onnx", ("no suffix",))


@pytest.mark.parametrize("place", list(places("x")))
def test_external_data_is_found_wherever_it_stands(tmp_path: Path, place: str) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(places("weights.data")[place].SerializeToString())
    with pytest.raises(ModelRefused, match="cannot be read"):
        inspect(path)
    (tmp_path / "weights.data").write_bytes(b"1234")
    assert inspect(path).files == ("m.onnx", "weights.data")
    path.write_bytes(places("../secret")[place].SerializeToString())
    with pytest.raises(ModelRefused, match="outside its own folder"):
        inspect(path)


@pytest.mark.parametrize("location", ["/etc/passwd", "..", ".", "", "a/b", "a\\b", "C:x", "../x", "x\0y"])
def test_external_data_elsewhere_is_refused(tmp_path: Path, location: str) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(places(location)["initializer"].SerializeToString())
    with pytest.raises(ModelRefused):
        inspect(path)


def test_external_data_through_links_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s")
    folder = tmp_path / "model"
    folder.mkdir()
    path = folder / "m.onnx"
    path.write_bytes(places("w")["initializer"].SerializeToString())
    (folder / "w").symlink_to(secret)
    with pytest.raises(ModelRefused, match="link"):
        inspect(path)
    (folder / "w").unlink()
    os.link(secret, folder / "w")
    with pytest.raises(ModelRefused, match="link"):
        inspect(path)


def old_torch() -> bytes:
    return pickle.dumps({"a": 1}, protocol=2)


def new_torch() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(1))
    return memory.getvalue()


def objects() -> bytes:
    memory = io.BytesIO()
    np.save(memory, np.array([{}], dtype=object), allow_pickle=True)
    return memory.getvalue()


@pytest.mark.parametrize(
    "make", [old_torch, new_torch, objects, lambda: pickle.dumps(1, 4), lambda: b"\x89HDF\r\n\x1a\n"]
)
@pytest.mark.parametrize("name", ["m.pt", "m.safetensors", "m.onnx", "m"])
def test_pickles_are_refused_under_any_name(tmp_path: Path, make: Callable[[], bytes], name: str) -> None:
    path = tmp_path / name
    path.write_bytes(make())
    with pytest.raises(ModelRefused) as refused:
        inspect(path)
    assert str(refused.value) == "Refused: this model file can run programs. Use a .safetensors version."


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("text.ckpt", pickle.dumps(1, 0), "can run programs"),
        ("m.gguf", b"GGUF" + bytes(40), "GGUF"),
        ("empty.onnx", b"", "no model"),
        ("text.onnx", b"hello world, I am no model", "no model"),
        ("picture.onnx", b"\x89PNG\r\n\x1a\n" + bytes(100), "no model"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ModelRefused, match=words):
        inspect(path)


def test_links_and_devices_are_refused(tmp_path: Path) -> None:
    real = tensors(tmp_path / "real.safetensors")
    (tmp_path / "soft").symlink_to(real)
    with pytest.raises(ModelRefused, match="link"):
        inspect(tmp_path / "soft")
    os.link(real, tmp_path / "hard")
    with pytest.raises(ModelRefused, match="link"):
        inspect(real)
    with pytest.raises(ModelRefused, match="no ordinary file"):
        inspect(Path("/dev/null"))
    with pytest.raises(ModelRefused, match="cannot be read"):
        inspect(tmp_path / "absent")


def with_header(header: object, data: bytes, *, length: int | None = None) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(first: int, last: int, shape: list[int], dtype: str = "U8") -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [first, last]}


@pytest.mark.parametrize(
    "content",
    [
        with_header({"a": entry(0, 4, [4])}, b"123"),
        with_header({"a": entry(0, 4, [4])}, b"12345"),
        with_header({"a": entry(0, 4, [4]), "b": entry(2, 6, [4])}, b"123456"),
        with_header({"a": entry(0, 4, [4]), "b": entry(5, 6, [1])}, b"123456"),
        with_header({"a": entry(0, 4, [5])}, b"1234"),
        with_header({"a": entry(0, 4, [2**62, 2**62])}, b"1234"),
        with_header({"a": entry(0, 4, [-4])}, b"1234"),
        with_header({"a": entry(0, 4, [4], "OBJECT")}, b"1234"),
        with_header({"a": {"dtype": "U8"}}, b""),
        with_header({"a": 1}, b""),
        with_header({"a": entry(0, 4, [4])}, b"1234", length=2**63),
        with_header({"a": entry(0, 4, [4])}, b"1234", length=3),
        struct.pack("<Q", 100_000) + b"{" + b'"a":[' * 20_000,
    ],
)
def test_dishonest_safetensors_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelRefused):
        inspect(path)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_we_let_in_safetensors_can_load(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(tensors(tmp_path / "m.safetensors").read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(len(content) - 2, len(content)))]
    path = tmp_path / "m.safetensors"
    path.write_bytes(content)
    try:
        inspect(path)
    except ModelRefused:
        return
    header = json.loads(content[8 : 8 + struct.unpack("<Q", content[:8])[0]])
    if all(known["dtype"] in ("F32", "I8") for name, known in header.items() if name != "__metadata__"):
        safetensors.numpy.load(bytes(content))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_bytes_confuse_the_onnx_reader(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(places("w")[data.draw(st.sampled_from(list(places("w"))))].SerializeToString())
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "m.onnx"
    path.write_bytes(data.draw(st.sampled_from([bytes(content), data.draw(st.binary(max_size=60))])))
    try:
        found = contents(path).external
    except NotOnnx:
        return
    assert all(isinstance(name, str) for name in found)


def diffusers_folder(folder: Path, **index: object) -> Path:
    folder.mkdir()
    (folder / "model_index.json").write_text(json.dumps({**INDEX, **index}))
    (folder / "unet").mkdir()
    (folder / "unet" / "config.json").write_text('{"sample_size": 8}')
    tensors(folder / "unet" / "diffusion_pytorch_model.safetensors")
    (folder / "tokenizer").mkdir()
    (folder / "tokenizer" / "vocab.json").write_text('{"_internal": 1, "trust_remote_code": 2}')
    (folder / "tokenizer" / "merges.txt").write_text("#version: 0.2")
    return folder


def test_a_diffusers_folder_is_one_model(tmp_path: Path) -> None:
    found = inspect(diffusers_folder(tmp_path / "sd"))
    assert found.format == "diffusers"
    assert found.files[0] == "model_index.json"
    assert "unet/diffusion_pytorch_model.safetensors" in found.files
    assert len(found.files) == 5


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("unet/pipeline.py", b"import os", "can run programs"),
        ("unet/weights.bin", b"x", "can run programs"),
        ("unet/renamed.txt", pickle.dumps(1, 4), "can run programs"),
        ("unet/renamed.safetensors", pickle.dumps(1, 4), "can run programs"),
        ("unet/other.safetensors", b"not at all tensors", "damaged"),
        ("unet/library.so", b"\x7fELF", "does not know"),
        ("unet/config.json", b'{"a": [{"auto_map": {}}]}', "auto_map"),
        ("unet/config.json", b'{"trust_remote_code": true}', "trust_remote_code"),
        ("unet/config.json", b'{"_attn_implementation_internal": "x"}', "_attn_implementation_internal"),
        ("unet/config.json", b"{", "damaged"),
        ("unet/config.json", b"[" * 100_000, "damaged"),
        ("model_index.json", b'{"unet": ["my_module", "Evil"]}', "my_module"),
        ("model_index.json", b"[]", "damaged"),
    ],
)
def test_hostile_folders_are_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    folder = diffusers_folder(tmp_path / "sd")
    (folder / name).write_bytes(content)
    with pytest.raises(ModelRefused, match=words):
        inspect(folder)


def test_folders_with_links_are_refused(tmp_path: Path) -> None:
    folder = diffusers_folder(tmp_path / "sd")
    (folder / "vae").symlink_to(tmp_path)
    with pytest.raises(ModelRefused, match="link"):
        inspect(folder)
    (folder / "vae").unlink()
    (folder / "unet" / "link.json").symlink_to(folder / "model_index.json")
    with pytest.raises(ModelRefused, match="link"):
        inspect(folder)


def test_a_folder_without_an_index_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="no model_index"):
        inspect(tmp_path)
