"""The converted models against the ones they were made of, as transformers computes them."""

from __future__ import annotations

import copy
import itertools
from pathlib import Path

import gguf
import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from studio_text.generators.engines import onnx_engine
from studio_text.generators.engines.onnx_engine import OnnxEngine
from studio_text.generators.engines.tokenizer import load_tokenizer
from studio_text.generators.weights.quantize import BLOCK, large_block, numbers, to_4_bits, to_8_bits

from studio.api import Cancelled, ModelRefused

from . import tiny_models
from .tiny_models import FAMILIES

Floats = NDArray[np.float32]
PROMPT = [int(token) for token in np.random.default_rng(5).integers(10, 256, 40)]
"""Longer than three windows."""
MATRICES = ("proj.weight", "lm_head.weight", "embed_tokens.weight")


def nothing() -> None:
    pass


def rounded(family: str, bits: int) -> torch.nn.Module:
    """The original, its weights as the conversion rounds them."""
    model = copy.deepcopy(tiny_models.model(family))
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith(MATRICES):
                if bits == 4 and "proj" in name:
                    blocks = to_4_bits(weight.numpy())
                else:
                    blocks = to_8_bits(weight.numpy(), BLOCK if bits == 8 else large_block(weight.shape[1]))
                weight.copy_(torch.from_numpy(numbers(blocks, weight.shape[1])))
    return model


def truth(model: torch.nn.Module, tokens: list[int]) -> Floats:
    """(tokens, vocabulary)"""
    with torch.no_grad():
        return model(torch.tensor([tokens])).logits[0].numpy()


def distance(found: Floats, true: Floats) -> float:
    """As a part of the spread of the true ones."""
    return float(np.sqrt(np.mean((found - true) ** 2)) / np.std(true))


def exact(folder: Path) -> OnnxEngine:
    """The model with what it multiplies by in full, where it otherwise rounds it to 8 bits."""
    model = onnx.load(folder / "text.onnx", load_external_data=False)
    for node in model.graph.node:
        for attribute in node.attribute:
            if attribute.name == "accuracy_level":
                attribute.i = 1
    onnx.save(model, folder / "text.onnx")
    return tiny_models.engine(folder)


def along(engine: OnnxEngine, tokens: list[int], prompt: int, rows: int = 1) -> Floats:
    """The logits after the first `prompt` tokens and after each one more: (tokens, rows, vocabulary)."""
    decoding = engine.begin(tokens[:prompt], rows, len(tokens), nothing)
    found = [decoding.logits.copy()]
    for token in tokens[prompt:]:
        decoding.advance([token] * rows)
        found.append(decoding.logits.copy())
    return np.array(found)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> OnnxEngine:
    root = tmp_path_factory.mktemp("made")
    return tiny_models.engine(
        tiny_models.converted(tiny_models.folder(root / "a", "gemma3"), root / "b", "int8")
    )


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["int4", "int8"])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_converted_folder_computes_what_transformers_computes_of_its_rounded_weights(
    family, precision, tmp_path
):
    made = tiny_models.converted(tiny_models.folder(tmp_path / "a", family), tmp_path / "b", precision)
    found = along(exact(made), PROMPT, 25)[:, 0]
    true = truth(rounded(family, int(precision[3:])), PROMPT)[24:]
    assert distance(found, true) < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["F32", "Q8_0"])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_gguf_file_gives_what_the_folder_gives(family, kind, tmp_path):
    source = tiny_models.gguf_file(tmp_path / "a.gguf", family, gguf.GGMLQuantizationType[kind])
    found = along(exact(tiny_models.converted(source, tmp_path / "b", "int8")), PROMPT, 25)[:, 0]
    true = truth(rounded(family, 8), PROMPT)[24:]
    assert distance(found, true) < {"F32": 1e-3, "Q8_0": 0.01}[kind]


def test_rounding_what_is_multiplied_changes_little(engine):
    found = along(engine, PROMPT, 25)[:, 0]
    assert distance(found, truth(tiny_models.model("gemma3"), PROMPT)[24:]) < 0.05


def test_a_batch_computes_what_each_row_alone_does(engine):
    rows = [[int(token) for token in np.random.default_rng(n).integers(10, 256, 20)] for n in range(3)]
    together = engine.begin(PROMPT, 3, 20, nothing)
    found = []
    for tokens in zip(*rows, strict=True):
        together.advance(tokens)
        found.append(together.logits.copy())
    for number, row in enumerate(rows):
        alone = along(engine, PROMPT + row, len(PROMPT))[1:, 0]
        assert distance(np.array(found)[:, number], alone) < 0.02


def test_a_prompt_in_pieces_is_the_same_prompt(engine, monkeypatch):
    whole = engine.begin(PROMPT, 1, 1, nothing).logits
    monkeypatch.setattr(onnx_engine, "PIECE", 7)
    checks = []
    pieces = engine.begin(PROMPT, 1, 1, lambda: checks.append(1)).logits
    assert len(checks) == 6
    assert distance(pieces, whole) < 0.02


def test_rewound_rows_go_on_as_if_nothing_had_been(engine):
    decoding = engine.begin(PROMPT, 2, 20, nothing)
    for token in (11, 12, 13, 14):
        decoding.advance([token, token + 50])
    before = decoding.logits.copy()
    decoding.rewind(0, 3)
    assert np.array_equal(decoding.logits, before)
    for token in (21, 22):
        decoding.advance([token, token])
    alone = along(engine, [*PROMPT, 11, 21, 22], len(PROMPT))[-1, 0]
    other = along(engine, [*PROMPT, 61, 62, 63, 64, 21, 22], len(PROMPT))[-1, 0]
    assert distance(decoding.logits[0], alone) < 0.02
    assert distance(decoding.logits[1], other) < 0.02


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_finished_rows_leave_the_others_as_they_are(engine, order):
    texts = [[30, 31, 32, 33], [40, 41, 42, 43], [50, 51, 52, 53]]
    decoding = engine.begin(PROMPT, 3, 20, nothing)
    for step, done in enumerate(order):
        decoding.advance([row[step] for row in texts])
        for row in order[step:]:
            alone = along(engine, PROMPT + texts[row][: step + 1], len(PROMPT))[-1, 0]
            assert distance(decoding.logits[row], alone) < 0.02
        decoding.finish(done)
    decoding.advance([1, 1, 1])


def test_a_cache_that_grows_loses_nothing(engine, monkeypatch):
    tokens = [*PROMPT, *range(20, 60)]
    whole = along(engine, tokens, len(PROMPT), rows=2)
    monkeypatch.setattr(onnx_engine, "_ROOM", 7)
    assert np.array_equal(along(engine, tokens, len(PROMPT), rows=2), whole)
    decoding = engine.begin(PROMPT, 3, 40, nothing)
    decoding.finish(1)
    for token in tokens[len(PROMPT) :]:
        decoding.advance([token] * 3)
    assert distance(decoding.logits[2], whole[-1, 0]) < 0.02


def test_the_same_tokens_give_the_same_numbers(engine):
    assert np.array_equal(along(engine, PROMPT, 20, rows=3), along(engine, PROMPT, 20, rows=3))


def test_a_cancelled_prompt_stops(engine):
    def cancel() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        engine.begin(PROMPT, 1, 1, cancel)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "text.json").unlink(),
        lambda folder: (folder / "text.json").write_text("{}"),
        lambda folder: (folder / "text.json").write_bytes(b"\xff"),
        lambda folder: (folder / "text.onnx").write_bytes(b"no graph"),
        lambda folder: (folder / "text.onnx.data").write_bytes(b"too short"),
    ],
)
def test_a_damaged_model_is_refused(spoil, tmp_path):
    folder = tiny_models.converted(tiny_models.folder(tmp_path / "a", "qwen2"), tmp_path / "b", "int4")
    tokenizer = load_tokenizer(folder)
    spoil(folder)
    with pytest.raises(ModelRefused):
        OnnxEngine(folder, tokenizer, 1)
