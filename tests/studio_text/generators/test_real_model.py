"""The starter model, where it is at hand: a GGUF file of a real language model, converted and put to work."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from studio_text.generators.decoding.decode import Numbers, write
from studio_text.generators.decoding.sampling import Sampling
from studio_text.generators.engines.onnx_engine import OnnxEngine
from studio_text.generators.weights.gguf_source import gguf_source

from . import tiny_models

FILE = "gemma-3-270m-q4_k_m.gguf"
THE_CAPITAL_OF_FRANCE_IS = [2, 818, 5279, 529, 7001, 563]
LIKELIEST = [506, 496]
"""The next token, by transformers in float32 on the same file: “ the”, then “ a”."""

pytestmark = [pytest.mark.download, pytest.mark.slow]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> OnnxEngine:
    folder = os.environ.get("STUDIO_TEST_MODELS")
    if not folder or not (Path(folder) / FILE).is_file():
        pytest.skip(f"STUDIO_TEST_MODELS names no folder with {FILE}")
    target = tmp_path_factory.mktemp("real") / "made"
    return tiny_models.engine(tiny_models.converted(Path(folder) / FILE, target, "int4"))


def test_the_tokenizer_and_the_likeliest_tokens_are_right(engine):
    prompt = engine.tokenizer.encode_prompt("The capital of France is")
    assert prompt == THE_CAPITAL_OF_FRANCE_IS
    logits = engine.begin(prompt, 1, 1, lambda: None).logits[0]
    assert np.argsort(-logits)[:2].tolist() == LIKELIEST


def test_drafts_are_texts_that_differ_and_come_again(engine):
    def drafts() -> list[str]:
        shown = ["", ""]

        def show(draft: int, delta: str) -> None:
            shown[draft] += delta

        heard: list[Numbers] = []
        made = write(
            engine, engine.tokenizer.encode_prompt("Our new oak chair is"), Sampling(0.8, top_k=40, seed=1),
            drafts=2, most_tokens=40, avoid=("the", "chair"), on_text=show, on_numbers=heard.append,
            check=lambda: None,
        )  # fmt: skip
        assert [draft.text for draft in made] == shown
        assert heard[-1].tokens_per_second > 0
        return shown

    first = drafts()
    assert first == drafts()
    assert first[0] != first[1]
    for text in first:
        words = text.lower().replace(",", " ").replace(".", " ").split()
        assert len(words) > 10
        assert not {"the", "chair"} & set(words)


def test_its_shape(engine):
    shape = gguf_source(Path(os.environ["STUDIO_TEST_MODELS"]) / FILE).shape
    assert (shape.layers, shape.hidden, shape.vocabulary, shape.window) == (18, 640, 262144, 512)
    assert [layer for layer in range(shape.layers) if not shape.is_local(layer)] == [5, 11, 17]
