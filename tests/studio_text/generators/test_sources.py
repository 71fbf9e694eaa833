"""Weights and shapes from GGUF files and transformers folders; and files that lie, which are refused."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_text.generators.weights.gguf_source import _q4_0, _q4_1, _q4_k, gguf_source
from studio_text.generators.weights.safetensors_source import safetensors_source
from studio_text.generators.weights.weights import Role, Shape, Source

from studio.api import ModelRefused

from . import tiny_models
from .tiny_models import FAMILIES, WINDOW

MATRICES: tuple[Role, ...] = ("embedding", "q", "k", "v", "o", "gate", "up", "down")
VECTORS: tuple[Role, ...] = ("norm", "attention_norm", "mlp_norm")


def both(at: Path, family: str, kind: str = "F32") -> tuple[Source, Source]:
    folder = safetensors_source(tiny_models.folder(at / "folder", family))
    stored = gguf.GGMLQuantizationType[kind]
    return folder, gguf_source(tiny_models.gguf_file(at / "a.gguf", family, stored))


@pytest.mark.parametrize("family", FAMILIES)
def test_both_formats_tell_the_same_shape(family, tmp_path):
    folder, file = (source.shape for source in both(tmp_path, family))
    close = ("frequencies", "local_frequencies", "norm_epsilon", "attention_scale", "embedding_scale")
    for name in Shape.__dataclass_fields__:
        ours, theirs = getattr(folder, name), getattr(file, name)
        if name in close:
            assert np.allclose(ours, theirs, rtol=1e-5), name
        elif name != "interleaved":
            assert ours == theirs, name
    assert file.interleaved == (family in ("llama", "mistral"))
    assert bool(folder.window) == (family in ("gemma3", "mistral"))
    assert folder.window in (0, WINDOW)


@pytest.mark.parametrize("family", ["gemma3", "qwen2"])
def test_both_formats_give_the_same_weights(family, tmp_path):
    folder, file = both(tmp_path, family)
    for role in (*MATRICES, *VECTORS, "q_norm", "q_bias", "head", "post_mlp_norm"):
        ours, theirs = folder.find(role, 1), file.find(role, 1)
        assert (ours is None) == (theirs is None), role
        if ours is not None and theirs is not None:
            assert ours.shape == theirs.shape
            assert np.allclose(ours.rows(0, ours.shape[0]), theirs.rows(0, theirs.shape[0]), atol=1e-6), role
            assert np.array_equal(ours.rows(5, 9), ours.rows(0, 20)[5:9])


@pytest.mark.parametrize(("dtype", "exactness"), [(torch.float16, 1e-3), (torch.bfloat16, 1e-2)])
def test_half_precision_is_read(dtype, exactness, tmp_path):
    half = safetensors_source(tiny_models.folder(tmp_path / "half", "qwen2", dtype)).find("gate", 1)
    full = safetensors_source(tiny_models.folder(tmp_path / "full", "qwen2")).find("gate", 1)
    assert half is not None and full is not None
    assert np.allclose(half.rows(2, 50), full.rows(2, 50), rtol=exactness)


@pytest.mark.parametrize("kind", ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q5_1"])
def test_rows_are_those_of_the_gguf_package(kind, tmp_path):
    path = tiny_models.gguf_file(tmp_path / "a.gguf", "qwen2", gguf.GGMLQuantizationType[kind])
    weight = gguf_source(path).find("down", 2)
    theirs = next(t for t in gguf.GGUFReader(path).tensors if t.name == "blk.2.ffn_down.weight")
    assert weight is not None
    assert np.array_equal(weight.rows(7, 30), gguf.quants.dequantize(theirs.data, theirs.tensor_type)[7:30])
    assert (weight.in_8_bits(0, 1) is None) == (kind != "Q8_0")


def test_8_bit_blocks_are_what_is_stored(tmp_path):
    weight = both(tmp_path, "qwen2", "Q8_0")[1].find("down", 2)
    assert weight is not None
    blocks = weight.in_8_bits(3, 9)
    assert blocks is not None
    values, scales = blocks
    assert np.array_equal((values * scales[..., None]).reshape(6, -1), weight.rows(3, 9))


@pytest.mark.parametrize("kind", ["Q4_0", "Q4_1", "Q4_K"])
def test_4_bit_blocks_are_what_is_stored(kind):
    stored_as = gguf.GGMLQuantizationType[kind]
    block, size = gguf.GGML_QUANT_SIZES[stored_as]
    stored = np.random.default_rng(1).integers(0, 256, (5, 2 * size), np.uint8)
    parts = stored.reshape(10, size)
    parts[:, :4].view(np.float16)[:] = np.random.default_rng(2).uniform(0.1, 1, (10, 2))  # no infinite scales
    found = {"Q4_0": _q4_0, "Q4_1": _q4_1, "Q4_K": _q4_k}[kind](stored)
    values, scales, lowest = found
    assert values.shape == (5, 2 * block // 32, 32) and values.max() == 15
    numbers = (values * scales[..., None] + lowest[..., None]).reshape(5, -1)
    assert np.allclose(numbers, gguf.quants.dequantize(stored, stored_as), rtol=1e-5, atol=1e-5)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("honest") / "a.gguf"
    return tiny_models.gguf_file(path, "qwen2", gguf.GGMLQuantizationType.Q8_0).read_bytes()


def number(key: str, value: int, kind: str = "I") -> Callable[[bytes], bytes]:
    """Changes a number of the metadata."""

    def change(content: bytes) -> bytes:
        name = key.encode()
        at = content.index(struct.pack("<Q", len(name)) + name) + 8 + len(name) + 4
        return content[:at] + struct.pack(f"<{kind}", value) + content[at + struct.calcsize(kind) :]

    return change


def tensor(
    name: str, *, shape: tuple[int, int] | None = None, kind: int | None = None, offset: int | None = None
):
    """Changes what is said of a matrix."""

    def change(content: bytes) -> bytes:
        at = content.index(struct.pack("<Q", len(name)) + name.encode()) + 8 + len(name)
        found = struct.unpack_from("<IQQIQ", content, at)
        made = struct.pack(
            "<IQQIQ",
            found[0],
            *(found[1:3] if shape is None else shape),
            found[3] if kind is None else kind,
            found[4] if offset is None else offset,
        )
        return content[:at] + made + content[at + len(made) :]

    return change


def header(version: int = 3, tensors: int | None = None, keys: int | None = None) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        _, found_tensors, found_keys = struct.unpack_from("<IQQ", content, 4)
        return (
            content[:4]
            + struct.pack("<IQQ", version, tensors or found_tensors, keys or found_keys)
            + content[24:]
        )

    return change


Q8_0 = int(gguf.GGMLQuantizationType.Q8_0)
K = "blk.1.attn_k.weight"
LIES: dict[str, Callable[[bytes], bytes]] = {
    "cut off in the weights": lambda content: content[:-40],
    "cut off in the description": lambda content: content[:300],
    "empty": lambda content: b"",
    "magic alone": lambda content: b"GGUF",
    "another version": header(version=9),
    "the other byte order": lambda content: content[:4] + struct.pack(">I", 3) + content[8:],
    "2^60 tensors": header(tensors=1 << 60),
    "2^63 keys": header(keys=(1 << 63) - 1),
    "a string of 2^64 - 1 bytes": lambda content: content[:24] + b"\xff" * 8 + content[32:],
    "rows that overflow 64 bits": tensor(K, shape=(1 << 32, 1 << 32)),
    "rows of nothing": tensor(K, shape=(64, 0)),
    "more rows than the file has": tensor(K, shape=(64, 1 << 24)),
    "fewer inputs": tensor(K, shape=(32, 64)),
    "rows that are no whole blocks": tensor(K, shape=(63, 32)),
    "a kind that is not known": tensor(K, kind=250),
    "a kind of another size": tensor(K, kind=int(gguf.GGMLQuantizationType.F32)),
    "an offset behind the file": tensor(K, offset=1 << 40),
    "an offset that overflows": tensor(K, offset=(1 << 64) - 32),
    "an offset between the steps": tensor(K, offset=33),
    "two tensors at one place": tensor(K, offset=0),
    "no layers": number("qwen2.block_count", 0),
    "a layer more": number("qwen2.block_count", 4),
    "2^31 layers": number("qwen2.block_count", 1 << 31),
    "no heads": number("qwen2.attention.head_count", 0),
    "heads that do not divide": number("qwen2.attention.head_count_kv", 3),
    "no context": number("qwen2.context_length", 0),
    "another width": number("qwen2.embedding_length", 128),
    "another inner width": number("qwen2.feed_forward_length", 1 << 20),
    "an endless angle": number("qwen2.rope.freq_base", 0x7F800000),
    "no epsilon": number("qwen2.attention.layer_norm_rms_epsilon", 0),
    "a family that is not known": lambda content: content.replace(b"qwen2", b"mamba"),
}


@pytest.mark.parametrize("lie", list(LIES))
def test_a_file_that_lies_is_refused_in_words(lie, honest, tmp_path):
    path = tmp_path / "a.gguf"
    path.write_bytes(honest)
    gguf_source(path)
    path.write_bytes(LIES[lie](honest))
    with pytest.raises(ModelRefused) as refused:
        gguf_source(path)
    assert refused.value.message and refused.value.hint


@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=4), st.data())
@settings(deadline=None, max_examples=200)
def test_any_bytes_are_read_or_refused(honest, tmp_path_factory, changes, data):
    content = bytearray(honest)
    described = content.index(b"output_norm.weight") + 200
    for at, value in changes:
        content[at % described] = value
    path = tmp_path_factory.getbasetemp() / "changed.gguf"
    path.write_bytes(content)
    try:
        source = gguf_source(path)
    except ModelRefused:
        return
    weight = source.find("q", source.shape.layers - 1)
    assert weight is not None
    with np.errstate(all="ignore"):
        assert weight.rows(0, weight.shape[0]).shape == weight.shape


def edit(**changes: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**config, **changes}))

    return change


def tensors(change: Callable[[dict], None]) -> Callable[[Path], None]:
    """Changes the description of a safetensors file."""

    def apply(folder: Path) -> None:
        path = folder / "model.safetensors"
        content = path.read_bytes()
        length = int.from_bytes(content[:8], "little")
        described = json.loads(content[8 : 8 + length])
        change(described)
        made = json.dumps(described).encode()
        path.write_bytes(len(made).to_bytes(8, "little") + made + content[8 + length :])

    return apply


Q = "model.layers.0.self_attn.q_proj.weight"
FOLDER_LIES: dict[str, Callable[[Path], None]] = {
    "no description": lambda folder: (folder / "config.json").write_text("[]"),
    "no JSON": lambda folder: (folder / "config.json").write_text("{"),
    "a family that is not known": edit(model_type="mamba"),
    "an activation that is not known": edit(hidden_act="relu"),
    "an angle rule that is not known": edit(rope_parameters={"rope_type": "yarn", "rope_theta": 1e4}),
    "layers as words": edit(num_hidden_layers="3"),
    "a layer more": edit(num_hidden_layers=4),
    "another width": edit(hidden_size=128),
    "no heads": edit(num_attention_heads=0),
    "a file cut off": lambda folder: (folder / "model.safetensors").write_bytes(
        (folder / "model.safetensors").read_bytes()[:-9]
    ),
    "a description of 2^63 bytes": lambda folder: (folder / "model.safetensors").write_bytes(
        b"\xff" * 8 + b"{}"
    ),
    "a weight that is not there": tensors(lambda described: described.pop(Q)),
    "a weight of no size": tensors(lambda described: described[Q].update(shape=[0, 64])),
    "a weight of another size": tensors(lambda described: described[Q].update(shape=[64, 32])),
    "a weight outside the file": tensors(
        lambda described: described[Q].update(data_offsets=[1 << 40, 1 << 41])
    ),
    "a weight that ends before it starts": tensors(
        lambda described: described[Q].update(data_offsets=[64, 0])
    ),
    "offsets that are words": tensors(lambda described: described[Q].update(data_offsets="ab")),
}


@pytest.mark.parametrize("lie", list(FOLDER_LIES))
def test_a_folder_that_lies_is_refused_in_words(lie, tmp_path):
    folder = tiny_models.folder(tmp_path / "a", "qwen2")
    safetensors_source(folder)
    FOLDER_LIES[lie](folder)
    with pytest.raises(ModelRefused) as refused:
        safetensors_source(folder)
    assert refused.value.message and refused.value.hint
