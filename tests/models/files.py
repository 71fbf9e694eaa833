"""Model files and folders for tests: honest ones, and what programs are hidden in."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import safetensors.numpy
from onnx import TensorProto, helper


class Payload:
    """Writes the marker as soon as somebody unpickles it."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.marker),)


def pickled(marker: Path, protocol: int) -> bytes:
    return pickle.dumps(Payload(marker), protocol)


def zipped(marker: Path) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("archive/data.pkl", pickled(marker, 2))
        archive.writestr("archive/version", "3")
    return memory.getvalue()


def tarred(marker: Path) -> bytes:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w") as archive:
        for name in ("sys_info", "pickle", "storages", "tensors"):
            content = pickled(marker, 2)
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return memory.getvalue()


def numpy_objects(marker: Path) -> bytes:
    memory = io.BytesIO()
    np.save(memory, np.array([Payload(marker)], dtype=object), allow_pickle=True)
    return memory.getvalue()


def tensors(path: Path) -> Path:
    safetensors.numpy.save_file({"a": np.ones((2, 3), np.float32)}, path)
    return path


def write(path: Path, content: object) -> Path:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    path.write_bytes(raw)
    return path


CONFIG = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 32, "hidden_size": 8}


def transformers_folder(folder: Path, **config: object) -> Path:
    folder = folder / "llm"
    folder.mkdir()
    write(folder / "config.json", {**CONFIG, **config})
    write(folder / "tokenizer.json", {"model": {"vocab": {"auto_map": 1, "a": 0}}})
    write(folder / "tokenizer_config.json", {"chat_template": "{{ messages }}"})
    write(folder / "generation_config.json", {"eos_token_id": 1})
    (folder / "chat_template.jinja").write_text("{{ messages }}")
    (folder / "tokenizer.model").write_bytes(b"\n\x0e\n\x05<unk>")
    (folder / ".gitattributes").write_text("*.safetensors filter=lfs")
    tensors(folder / "model.safetensors")
    return folder


def sharded_folder(folder: Path, *names: str) -> Path:
    folder = transformers_folder(folder)
    (folder / "model.safetensors").rename(folder / "model-00001-of-00001.safetensors")
    listed = {f"w{n}": name for n, name in enumerate(names)}
    write(folder / "model.safetensors.index.json", {"metadata": {}, "weight_map": listed})
    return folder


def diffusers_folder(folder: Path, **index: object) -> Path:
    folder = folder / "sd"
    (folder / "unet").mkdir(parents=True)
    classes = {"_class_name": "StableDiffusionInpaintPipeline", "unet": ["diffusers", "UNet2DConditionModel"]}
    write(folder / "model_index.json", {**classes, **index})
    write(folder / "unet" / "config.json", {"sample_size": 8})
    tensors(folder / "unet" / "diffusion_pytorch_model.safetensors")
    return folder


def weights_elsewhere(location: str) -> TensorProto:
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value=location)
    return tensor


def graph(*nodes: onnx.NodeProto, location: str = "") -> onnx.ModelProto:
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    tensors = [weights_elsewhere(location)] if location else []
    return helper.make_model(helper.make_graph(list(nodes), "g", [], [out], tensors))


TEXT = {
    "format": 1, "family": "gemma3", "context": 2048, "vocabulary": 100, "layers": 2, "kv_heads": 1,
    "head_size": 64, "bos": 2, "eos": [1], "chat_template": None, "precision": "int4",
    "source_sha256": "0" * 64, "converter": "text/onnx",
}  # fmt: skip


def text_folder(folder: Path, **text: object) -> Path:
    folder = folder / "text"
    folder.mkdir()
    write(folder / "text.json", {**TEXT, **text})
    write(folder / "text.onnx", graph(location="text.onnx.data").SerializeToString())
    (folder / "text.onnx.data").write_bytes(b"\x80\x02 weights may look like anything")
    write(folder / "tokenizer.json", {"model": {"vocab": {}}})
    return folder


def gguf(version: int = 3, tensors: int = 1, notes: int = 1, size: int = 200) -> bytes:
    return struct.pack("<4sIQQ", b"GGUF", version, tensors, notes).ljust(size, b"\0")
