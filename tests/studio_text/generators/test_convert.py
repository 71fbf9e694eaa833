from __future__ import annotations

import hashlib
import shutil
from collections import namedtuple
from pathlib import Path

import gguf
import numpy as np
import onnx
import pytest
from studio_text.generators.convert import TextToOnnx
from studio_text.generators.engines.onnx_engine import read_description
from studio_text.generators.weights.quantize import Blocks, numbers

from studio.api import Cancelled, StudioError
from studio.models.safety import inspect

from . import tiny_models
from .tiny_models import Converting

Q8_0 = gguf.GGMLQuantizationType.Q8_0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tiny_models.gguf_file(tmp_path / "a.gguf", "qwen2", Q8_0)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("precision", TextToOnnx.precisions)
def test_the_same_source_gives_the_same_bytes(precision, file, tmp_path):
    first = digests(tiny_models.converted(file, tmp_path / "first", precision))
    again = digests(tiny_models.converted(file, tmp_path / "again", precision))
    assert first == again
    assert list(first) == ["text.json", "text.onnx", "text.onnx.data", "tokenizer.json"]


def test_what_comes_out_is_let_in_and_says_what_it_is(file, tmp_path):
    made = tiny_models.converted(file, tmp_path / "made", "int4")
    assert inspect(made).format == "onnx-text"
    described = read_description(made)
    assert described.source_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (described.family, described.precision, described.layers) == ("qwen2", "int4", 3)
    assert described.eos


def test_a_folder_is_converted_with_its_tokenizer(tmp_path):
    source = tiny_models.folder(tmp_path / "a", "gemma3")
    made = tiny_models.converted(source, tmp_path / "made", "int8")
    assert inspect(made).format == "onnx-text"
    engine = tiny_models.engine(made)
    assert engine.tokenizer.has_chat_template
    assert engine.tokenizer.encode_prompt("The dog")[0] == engine.tokenizer.bos == 2


def test_progress_goes_up_to_the_end(file, tmp_path):
    run = Converting()
    (tmp_path / "made").mkdir()
    TextToOnnx().convert(file, tmp_path / "made", "int8", run)
    assert run.heard == sorted(run.heard)
    assert run.heard[-1] == 1.0


def test_cancel(file, tmp_path):
    (tmp_path / "made").mkdir()
    with pytest.raises(Cancelled):
        TextToOnnx().convert(file, tmp_path / "made", "int8", Converting(cancel_at=0.3))


def test_a_full_disk_is_told_before_anything_is_written(file, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1 << 40, 1 << 40, 1_000_000))
    (tmp_path / "made").mkdir()
    with pytest.raises(StudioError, match="1 MB are free"):
        TextToOnnx().convert(file, tmp_path / "made", "int8", Converting())
    assert not list((tmp_path / "made").iterdir())


def test_embedding_and_head_are_stored_once(file, tmp_path, monkeypatch):
    monkeypatch.setattr("studio_text.generators.weights.onnx_graph._HEAD_PART", 64 * 100)
    made = tiny_models.converted(file, tmp_path / "made", "int4")
    model = onnx.load(made / "text.onnx")
    known = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    vocabulary = tiny_models.model("qwen2").config.vocab_size
    parts = [known[f"embedding.from.{start}"] for start in range(0, vocabulary, 100)]
    head = np.concatenate(parts)
    assert np.array_equal(head.reshape(vocabulary, -1), known["embedding"])
    matrices = sum(value.nbytes for name, value in known.items() if not name.startswith("embedding.from"))
    assert (made / "text.onnx.data").stat().st_size < matrices + 4096 * len(known)


def test_8_bit_weights_of_the_source_are_kept_exactly(file, tmp_path):
    made = tiny_models.converted(file, tmp_path / "made", "int8")
    model = onnx.load(made / "text.onnx")
    known = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    original = next(t for t in gguf.GGUFReader(file).tensors if t.name == "blk.1.ffn_up.weight")
    kept = numbers(Blocks(known["1.up"], known["1.up.scales"], None), 64)
    assert np.array_equal(kept, gguf.quants.dequantize(original.data, Q8_0))
