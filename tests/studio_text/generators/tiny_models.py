"""Language models of all families at a tiny size, of random weights: transformers folders and GGUF files."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import gguf
import numpy as np
import torch
from studio_text.generators.convert import TextToOnnx
from studio_text.generators.engines.onnx_engine import OnnxEngine
from studio_text.generators.engines.tokenizer import load_tokenizer
from studio_text.generators.weights.safetensors_source import _slowed
from studio_text.generators.weights.weights import rotary

from studio.api import Cancelled

from . import tiny_tokenizers

if TYPE_CHECKING:
    from transformers import PreTrainedModel

FAMILIES = ["gemma3", "llama", "mistral", "qwen2", "qwen3"]
WINDOW = 12
_COMMON = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
    "initializer_range": 0.25,
    "rms_norm_eps": 1e-6,
}
"""Weights so large that attention looks at some tokens and not at others: only so does a wrong angle show."""
_LOCAL, _FULL = "sliding_attention", "full_attention"
_LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 10000.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}


@cache
def model(family: str) -> PreTrainedModel:
    import transformers as t

    kind = tokenizer_kind(family)
    size = (
        tiny_tokenizers.sentencepiece() if kind == "gemma" else tiny_tokenizers.byte_level()
    ).get_vocab_size()
    common = {**_COMMON, "vocab_size": size}
    configs = {
        "gemma3": lambda: t.Gemma3TextConfig(
            **common, head_dim=32, query_pre_attn_scalar=32, sliding_window=WINDOW,
            layer_types=[_LOCAL, _FULL, _LOCAL],
        ),
        "llama": lambda: t.LlamaConfig(**common, tie_word_embeddings=False, rope_parameters=_LLAMA3),
        "mistral": lambda: t.MistralConfig(**common, sliding_window=WINDOW, tie_word_embeddings=False),
        "qwen2": lambda: t.Qwen2Config(**common, tie_word_embeddings=True),
        "qwen3": lambda: t.Qwen3Config(**common, head_dim=32, tie_word_embeddings=False),
    }  # fmt: skip
    torch.manual_seed(FAMILIES.index(family))
    config = configs[family]()
    made = t.AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            if name.endswith(("norm.weight", "bias")):
                parameter.add_(torch.randn_like(parameter) * 0.3)
    return made


def tokenizer_kind(family: str) -> str:
    return "gemma" if family == "gemma3" else "qwen"


def folder(at: Path, family: str, dtype: torch.dtype = torch.float32) -> Path:
    tiny_tokenizers.folder(at, tokenizer_kind(family))
    copy.deepcopy(model(family)).to(dtype).save_pretrained(at)
    return at


def gguf_file(path: Path, family: str, kind: gguf.GGMLQuantizationType) -> Path:
    """As llama.cpp's converter writes them. Matrices are stored as `kind`."""
    made = model(family)
    config = made.config
    writer = gguf.GGUFWriter(path, "llama" if family == "mistral" else family)
    heads, kv_heads = config.num_attention_heads, config.num_key_value_heads
    size = getattr(config, "head_dim", None) or config.hidden_size // heads
    rope = config.rope_parameters
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_key_length(size)
    writer.add_value_length(size)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(rope.get(_FULL, rope)["rope_theta"])
    if family in ("gemma3", "mistral"):
        writer.add_sliding_window(WINDOW)
    if family == "gemma3":
        writer.add_sliding_window_pattern([True, False, True])
    tiny_tokenizers.write_gguf(writer, tokenizer_kind(family))
    names = gguf.get_tensor_name_map(
        getattr(gguf.MODEL_ARCH, "LLAMA" if family == "mistral" else family.upper()), config.num_hidden_layers
    )
    for name, parameter in made.state_dict().items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        values = parameter.numpy()
        if family == "gemma3" and name.endswith("norm.weight"):
            values = values + 1
        if family in ("llama", "mistral") and name.endswith(("q_proj.weight", "k_proj.weight")):
            values = _interleaved(values, heads if "q_proj" in name else kv_heads)
        stored = kind if values.ndim == 2 else gguf.GGMLQuantizationType.F32
        writer.add_tensor(
            names.get_name(name, try_suffixes=(".weight", ".bias")),
            gguf.quants.quantize(values, stored),
            raw_dtype=stored,
        )
    if family == "llama":
        plain = np.array(rotary(rope["rope_theta"], size))
        factors = plain / np.array(_slowed(tuple(plain), rope))
        writer.add_tensor("rope_freqs.weight", factors.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _interleaved(weights: np.ndarray, heads: int) -> np.ndarray:
    """Rotary pairs beside each other, as llama.cpp wants them for this family, not halves apart."""
    apart = weights.reshape(heads, 2, -1, *weights.shape[1:])
    return np.ascontiguousarray(apart.swapaxes(1, 2).reshape(weights.shape))


class Converting:
    """A `ConvertRun` that hears everything."""

    threads = 1

    def __init__(self, cancel_at: float = 2.0) -> None:
        self.heard: list[float] = []
        self._cancel_at = cancel_at

    def progress(self, done: float, total: float, message: str = "") -> None:
        self.heard.append(done / total)
        if self.heard[-1] >= self._cancel_at:
            raise Cancelled

    def check(self) -> None:
        pass

    def note(self, message: str) -> None:
        pass


def converted(source: Path, at: Path, precision: str) -> Path:
    at.mkdir(parents=True)
    TextToOnnx().convert(source, at, precision, Converting())
    return at


def engine(folder: Path) -> OnnxEngine:
    return OnnxEngine(folder, load_tokenizer(folder), 1)
