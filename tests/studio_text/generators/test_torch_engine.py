from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from studio_text.generators.decoding.decode import write
from studio_text.generators.decoding.sampling import Sampling
from studio_text.generators.engines import torch_engine, torch_weights
from studio_text.generators.engines.tokenizer import load_tokenizer
from studio_text.generators.engines.torch_engine import TorchEngine, load_torch_engine
from studio_text.generators.weights.gguf_source import gguf_source

from studio.api import Cancelled, ModelRefused, OutOfMemory, Plan

from . import tiny_models, tiny_tokenizers

pytestmark = pytest.mark.slow

OTHERS = ["gemma", "gemma2", "gpt2", "gpt_neox", "granite", "olmo2", "phi3", "smollm3", "stablelm"]
FAMILIES = [*tiny_models.FAMILIES, *OTHERS]
STEPS = ["advance", "rewind", "finish"]
PROMPT = [2, *range(20, 57)]
"""Longer than a window, and than three pieces."""
TOLERANCE = 2e-3


@cache
def plain(family: str) -> Any:
    """A tiny model of transformers, of random weights."""
    if family not in OTHERS:
        return tiny_models.model(family)
    import transformers

    config = transformers.AutoConfig.for_model(
        family, hidden_size=64, intermediate_size=96, num_hidden_layers=4, num_attention_heads=4,
        num_key_value_heads=2, head_dim=16, max_position_embeddings=512, vocab_size=300,
        initializer_range=0.25, pad_token_id=None, bos_token_id=None, eos_token_id=None,
        **({"sliding_window": tiny_models.WINDOW} if family in ("gemma2", "phi3") else {}),
    )  # fmt: skip
    torch.manual_seed(1)
    kind = "eager" if family == "gemma2" else "sdpa"
    return transformers.AutoModelForCausalLM.from_config(
        config, dtype=torch.float32, attn_implementation=kind
    ).eval()


class Words:
    """As little of a tokenizer as computing needs."""

    def __init__(self, vocabulary: int) -> None:
        self.vocabulary = vocabulary
        self.eos = frozenset({1})


@cache
def engine(family: str) -> TorchEngine:
    model = plain(family)
    return TorchEngine(model, Words(model.config.vocab_size), "cpu")  # type: ignore[arg-type]


def logits(model: Any, tokens: Sequence[int]) -> NDArray[np.float32]:
    """Of the last token, with all of them computed at once and without a cache."""
    with torch.inference_mode():
        ids = torch.tensor([tokens])
        found = model(input_ids=ids, use_cache=False, logits_to_keep=1).logits[0, -1]
    numbers: NDArray[np.float32] = found.float().numpy()
    return numbers


def same(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    return bool(np.abs(one - other).max() <= TOLERANCE * max(1.0, np.abs(other).max()))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_known_family_is_one_that_is_tested(family: str) -> None:
    assert plain(family).config.model_type in torch_weights._FAMILIES
    assert len(torch_weights._FAMILIES) == len(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_pieces_rows_and_rewinds_compute_as_the_whole_text(
    family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch_engine, "PIECE", 11)
    model = plain(family)
    decoding = engine(family).begin(PROMPT, 3, 60, lambda: None)
    texts = [list(PROMPT) for _ in range(3)]
    random = np.random.default_rng(7)
    assert all(same(row, logits(model, PROMPT)) for row in decoding.logits)
    for step in range(24):
        if step in (5, 9, 16):
            row, count = step % 3, min(step, 4)
            decoding.rewind(row, count)
            del texts[row][-count:]
        fresh = random.integers(3, 250, 3).tolist()
        decoding.advance(fresh)
        for text, token in zip(texts, fresh, strict=True):
            text.append(token)
        for row, text in zip(decoding.logits, texts, strict=True):
            assert same(row, logits(model, text))


@settings(max_examples=30)
@given(
    family=st.sampled_from(["gemma3", "llama"]),
    steps=st.lists(
        st.tuples(st.sampled_from(["advance", "rewind", "finish"]), st.integers(0, 3)), max_size=16
    ),
)
def test_any_order_of_steps_computes_as_the_whole_texts(family: str, steps: list[tuple[str, int]]) -> None:
    decoding = engine(family).begin(PROMPT[:20], 4, 20, lambda: None)
    texts = {row: list(PROMPT[:20]) for row in range(4)}
    written = dict.fromkeys(range(4), 0)
    for number, (kind, row) in enumerate(steps):
        if kind == "advance":
            fresh = [30 + number + row for row in range(4)]
            decoding.advance(fresh)
            for one in texts:
                texts[one].append(fresh[one])
                written[one] += 1
        elif kind == "rewind" and row in texts and written[row]:
            count = min(written[row], 3)
            decoding.rewind(row, count)
            written[row] -= count
            del texts[row][-count:]
        elif kind == "finish" and row in texts:
            decoding.finish(row)
            del texts[row]
    decoding.advance([99] * 4)
    for row, text in texts.items():
        assert same(decoding.logits[row], logits(plain(family), [*text, 99]))


def test_a_single_draft_ends() -> None:
    decoding = engine("llama").begin(PROMPT, 1, 3, lambda: None)
    decoding.advance([9])
    decoding.finish(0)


def test_the_last_token_that_fits_is_computed() -> None:
    decoding = engine("llama").begin(PROMPT, 2, 3, lambda: None)
    for _ in range(3):
        decoding.advance([9, 9])
    assert same(decoding.logits[1], logits(plain("llama"), [*PROMPT, 9, 9, 9]))


def test_a_prompt_is_stopped_between_its_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_engine, "PIECE", 8)
    seen = []

    def check() -> None:
        seen.append(1)
        if len(seen) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        engine("llama").begin(PROMPT, 1, 5, check)
    assert len(seen) == 3


@pytest.mark.parametrize("family", tiny_models.FAMILIES)
def test_a_folder_computes_as_its_model(tmp_path: Path, family: str) -> None:
    loaded = load_torch_engine(tiny_models.folder(tmp_path / family, family), Plan(), 1)
    assert loaded.context == 512
    assert same(loaded.begin(PROMPT, 1, 5, lambda: None).logits[0], logits(plain(family), PROMPT))


@pytest.mark.parametrize("family", tiny_models.FAMILIES)
def test_a_gguf_file_computes_as_its_model(tmp_path: Path, family: str) -> None:
    path = tiny_models.gguf_file(tmp_path / "model.gguf", family, gguf.GGMLQuantizationType.F32)
    loaded = load_torch_engine(path, Plan(), 1)
    assert loaded.context == 512
    decoding = loaded.begin(PROMPT, 2, 5, lambda: None)
    assert same(decoding.logits[1], logits(plain(family), PROMPT))
    decoding.advance([30, 31])
    assert same(decoding.logits[1], logits(plain(family), [*PROMPT, 31]))


@pytest.mark.parametrize("family", ["gemma3", "llama", "qwen2"])
def test_quantized_weights_are_what_the_file_says(tmp_path: Path, family: str) -> None:
    path = tiny_models.gguf_file(tmp_path / "model.gguf", family, gguf.GGMLQuantizationType.Q8_0)
    model = torch_weights.load_model(path, Plan(), load_tokenizer(path))
    source = gguf_source(path)
    for role in ("embedding", "gate", "down", "v"):
        weight = source.find(role)  # type: ignore[arg-type]
        assert weight is not None
        name = torch_weights._NAMES[role].format(0)  # type: ignore[index]
        stored = torch.from_numpy(weight.rows(0, weight.shape[0]))
        assert torch.equal(model.get_parameter(name), stored)


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_sixteen_bits_are_nearly_as_good(tmp_path: Path, precision: str) -> None:
    path = tiny_models.folder(tmp_path / "llama", "llama")
    loaded = load_torch_engine(path, Plan(precision=precision), 1)
    found = loaded.begin(PROMPT, 1, 5, lambda: None).logits[0]
    expected = logits(plain("llama"), PROMPT)
    assert found.dtype == np.float32
    assert np.corrcoef(found, expected)[0, 1] > 0.99


def test_gemma_is_not_computed_with_numbers_that_are_too_small(tmp_path: Path) -> None:
    path = tiny_models.folder(tmp_path / "gemma3", "gemma3")
    model = torch_weights.load_model(path, Plan(precision="fp16"), load_tokenizer(path))
    assert model.dtype == torch.float32


def test_layers_that_wait_in_the_main_memory_compute_the_same(tmp_path: Path) -> None:
    path = tiny_models.folder(tmp_path / "qwen2", "qwen2")
    loaded = load_torch_engine(path, Plan(offload="sequential"), 1)
    assert same(loaded.begin(PROMPT, 2, 5, lambda: None).logits[1], logits(plain("qwen2"), PROMPT))


def test_the_same_seed_writes_the_same_text(tmp_path: Path) -> None:
    path = tiny_models.folder(tmp_path / "gemma3", "gemma3")
    loaded = load_torch_engine(path, Plan(), 1)

    def texts(seed: int) -> list[str]:
        drafts = write(
            loaded, loaded.tokenizer.encode_prompt("The dog"), Sampling(seed=seed, temperature=8.0),
            drafts=3, most_tokens=20, on_text=lambda draft, text: None,
            on_numbers=lambda numbers: None, check=lambda: None,
        )  # fmt: skip
        return [draft.text for draft in drafts]

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)
    assert len(set(texts(1))) == 3


@pytest.mark.download
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("name", "sentences"),
    [("gemma-3-270m-q4_k_m.gguf", 50), ("qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", 4)],
)
def test_real_files_compute_as_transformers_reads_them(name: str, sentences: int) -> None:
    """Gemma with more than its window of 512 tokens."""
    import transformers

    place = Path(os.environ.get("STUDIO_TEST_MODELS", "nowhere"))
    if not (place / name).is_file():
        pytest.skip(f"STUDIO_TEST_MODELS has no {name}")
    loaded = load_torch_engine(place / name, Plan(), 2)
    prompt = loaded.tokenizer.encode_prompt("A chair of oak: made to last, easy to love." * sentences)
    found = loaded.begin(prompt, 1, 1, lambda: None).logits[0]
    del loaded
    theirs = transformers.AutoModelForCausalLM.from_pretrained(place, gguf_file=name, dtype=torch.float32)
    assert same(found, logits(theirs, prompt))


def _without_weights(at: Path) -> None:
    from safetensors.torch import load_file, save_file

    state = load_file(at / "model.safetensors")
    del state["model.layers.1.mlp.up_proj.weight"]
    save_file(state, at / "model.safetensors", {"format": "pt"})


def _of_another_size(at: Path) -> None:
    config = json.loads((at / "config.json").read_text(encoding="utf-8"))
    (at / "config.json").write_text(json.dumps({**config, "intermediate_size": 128}), encoding="utf-8")


def _of_another_family(at: Path) -> None:
    config = json.loads((at / "config.json").read_text(encoding="utf-8"))
    (at / "config.json").write_text(json.dumps({**config, "model_type": "mamba"}), encoding="utf-8")


def _with_another_vocabulary(at: Path) -> None:
    tiny_tokenizers.byte_level(300).save(str(at / "tokenizer.json"))
    config = json.loads((at / "config.json").read_text(encoding="utf-8"))
    del config["vocab_size"]
    (at / "config.json").write_text(json.dumps(config), encoding="utf-8")


def _with_no_numbers(at: Path) -> None:
    (at / "config.json").write_text('{"model_type": "llama", "num_hidden_layers": "x"}', encoding="utf-8")


def _with_a_pickle(at: Path) -> None:
    (at / "model.safetensors").unlink()
    torch.save(plain("llama").state_dict(), at / "pytorch_model.bin")


def _that_is_cut_off(at: Path) -> None:
    file = at / "model.safetensors"
    file.write_bytes(file.read_bytes()[:5000])


@pytest.mark.parametrize(
    "break_it",
    [
        _without_weights, _of_another_size, _of_another_family, _with_another_vocabulary, _with_no_numbers,
        _with_a_pickle, _that_is_cut_off,
    ],
)  # fmt: skip
def test_a_broken_folder_is_refused_in_words(tmp_path: Path, break_it: Callable[[Path], None]) -> None:
    at = tiny_models.folder(tmp_path / "llama", "llama")
    break_it(at)
    with pytest.raises(ModelRefused) as caught:
        load_torch_engine(at, Plan(), 1)
    assert caught.value.hint


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory."),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_a_full_memory_is_told(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(torch_engine.RowCache, "update", fail)
    with pytest.raises(OutOfMemory, match="not enough"):
        engine("llama").begin(PROMPT, 1, 5, lambda: None)


def test_an_error_that_is_none_of_memory_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("shapes")

    monkeypatch.setattr(torch_engine.RowCache, "update", fail)
    with pytest.raises(RuntimeError, match="shapes"):
        engine("llama").begin(PROMPT, 1, 5, lambda: None)
