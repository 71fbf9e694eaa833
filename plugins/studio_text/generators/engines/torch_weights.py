"""Language models for torch: from transformers folders, and from GGUF files.

Weights of GGUF files are read by our own reader, which the conversion for the CPU uses as well: it holds what
a file says against the file before anything is read (`gguf_source.py`), and both ways compute with the same
numbers. The loader in transformers does neither, and changes from release to release.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.api import ModelRefused, Plan, torch_dtype, tr

if TYPE_CHECKING:
    import torch

    from studio_text.generators.engines.engine import Tokenizer
    from studio_text.generators.weights.weights import Role, Shape, Source, Weight

_FAMILIES = frozenset(
    {"gemma", "gemma2", "gemma3_text", "gpt2", "gpt_neox", "granite", "llama", "mistral", "olmo2", "phi3"}
    | {"qwen2", "qwen3", "smollm3", "stablelm"}
)
"""Those that a test computes with rows, pieces and rewinds; all see by masks that we make."""
_PART = 1 << 24
"""Numbers of a weight that are read at once."""

_NAMES: dict[Role, str] = {
    "embedding": "model.embed_tokens.weight",
    "head": "lm_head.weight",
    "norm": "model.norm.weight",
    "attention_norm": "model.layers.{}.input_layernorm.weight",
    "q": "model.layers.{}.self_attn.q_proj.weight",
    "k": "model.layers.{}.self_attn.k_proj.weight",
    "v": "model.layers.{}.self_attn.v_proj.weight",
    "o": "model.layers.{}.self_attn.o_proj.weight",
    "q_bias": "model.layers.{}.self_attn.q_proj.bias",
    "k_bias": "model.layers.{}.self_attn.k_proj.bias",
    "v_bias": "model.layers.{}.self_attn.v_proj.bias",
    "o_bias": "model.layers.{}.self_attn.o_proj.bias",
    "q_norm": "model.layers.{}.self_attn.q_norm.weight",
    "k_norm": "model.layers.{}.self_attn.k_norm.weight",
    "mlp_norm": "model.layers.{}.post_attention_layernorm.weight",
    "gate": "model.layers.{}.mlp.gate_proj.weight",
    "up": "model.layers.{}.mlp.up_proj.weight",
    "down": "model.layers.{}.mlp.down_proj.weight",
}
_GEMMA_NAMES: dict[Role, str] = {
    "post_attention_norm": "model.layers.{}.post_attention_layernorm.weight",
    "mlp_norm": "model.layers.{}.pre_feedforward_layernorm.weight",
    "post_mlp_norm": "model.layers.{}.post_feedforward_layernorm.weight",
}
_WHOLE: tuple[Role, ...] = ("embedding", "head", "norm")


def load_model(path: Path, plan: Plan, tokenizer: Tokenizer) -> Any:
    """A causal language model of transformers on the plan's device, ready to compute.

    Raises:
        ModelRefused: it is damaged, or of a family that is not known here.
    """
    model = _from_gguf(path, plan) if path.is_file() else _from_folder(path, plan)
    head = model.get_output_embeddings().weight.shape[0]
    if head != tokenizer.vocabulary:
        raise _damaged(f"{tokenizer.vocabulary} tokens, of which the model knows {head}")
    if plan.offload != "none":
        import accelerate

        accelerate.cpu_offload(model, plan.device)
    else:
        model.to(plan.device)
    return model.eval()


def is_out_of_memory(error: Exception) -> bool:
    words = ("can't allocate memory", "out of memory")
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or any(word in str(error) for word in words)
    )


def _damaged(detail: str) -> ModelRefused:
    return ModelRefused(
        tr("The model's description and its weights do not fit each other."),
        tr("Fetch the model again: its download may have been cut off."),
        detail,
    )


def _dtype(plan: Plan, family: str) -> torch.dtype:
    # Gemma's sums are larger than 16-bit floats with five bits for the exponent can be.
    dtype: torch.dtype = torch_dtype(plan, overflows=family.startswith("gemma"))
    return dtype


def _from_folder(path: Path, plan: Plan) -> Any:
    import transformers

    try:
        config = transformers.AutoConfig.from_pretrained(path, local_files_only=True, trust_remote_code=False)
        family = config.model_type
        if family not in _FAMILIES or getattr(config, "quantization_config", None):
            raise ModelRefused(
                tr("A model of the family “{name}” cannot be used yet.", name=str(family)[:40]),
                tr("Choose another model: Gemma 3, Qwen 2.5, Qwen 3, Llama and Mistral can be used."),
            )
        model, found = transformers.AutoModelForCausalLM.from_pretrained(
            path,
            config=config,
            dtype=_dtype(plan, family),
            attn_implementation="eager" if getattr(config, "attn_logit_softcapping", None) else "sdpa",
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
    except ModelRefused:
        raise
    except Exception as error:  # each of the libraries that read it has errors of its own
        if is_out_of_memory(error):
            raise
        raise _damaged(f"{type(error).__name__}: {error}") from error
    lost = sorted(found["missing_keys"]) + sorted(map(str, found["mismatched_keys"]))
    if lost:
        raise _damaged(", ".join(lost[:10]))
    return model


def _from_gguf(path: Path, plan: Plan) -> Any:
    import torch
    import transformers

    from studio_text.generators.weights.gguf_source import gguf_source

    source = gguf_source(path)
    shape = source.shape
    config = _config(source)
    options = {"dtype": _dtype(plan, shape.family), "attn_implementation": "sdpa"}
    with torch.device("meta"):
        model = transformers.AutoModelForCausalLM.from_config(config, **options)
    state = {
        name: _tensor(source, role, layer, weight, options["dtype"])
        for role, layer, name in _names(shape)
        if (weight := source.find(role, layer)) is not None
    }
    found = model.load_state_dict(state, strict=False, assign=True)
    if config.tie_word_embeddings:
        model.tie_weights()
    lost = [name for name, weight in model.named_parameters() if weight.is_meta] + found.unexpected_keys
    if lost:
        raise _damaged(", ".join(lost[:10]))
    _fill_buffers(model, config, options, shape)
    return model


def _names(shape: Shape) -> list[tuple[Role, int, str]]:
    names = _NAMES | (_GEMMA_NAMES if shape.family == "gemma3" else {})
    return [
        (role, layer, name.format(layer))
        for role, name in names.items()
        for layer in range(1 if role in _WHOLE else shape.layers)
    ]


def _config(source: Source) -> Any:
    import transformers

    shape = source.shape
    common: dict[str, Any] = {
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.context,
        "num_hidden_layers": shape.layers,
        "hidden_size": shape.hidden,
        "intermediate_size": shape.inner,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head_size,
        "rms_norm_eps": shape.norm_epsilon,
        "tie_word_embeddings": source.find("head") is None,
        "pad_token_id": None,
        "bos_token_id": None,
        "eos_token_id": None,
    }
    if shape.family == "gemma3":
        local = [shape.is_local(layer) for layer in range(shape.layers)]
        return transformers.Gemma3TextConfig(
            **common,
            layer_types=["sliding_attention" if one else "full_attention" for one in local],
            sliding_window=shape.window or shape.context,
            query_pre_attn_scalar=round(shape.attention_scale**-2),
            hidden_activation="gelu_pytorch_tanh",
        )
    if shape.family == "llama" and shape.window:
        return transformers.MistralConfig(**common, sliding_window=shape.window)
    if shape.family == "llama":
        return transformers.LlamaConfig(**common, attention_bias=source.find("q_bias") is not None)
    kind = transformers.Qwen2Config if shape.family == "qwen2" else transformers.Qwen3Config
    return kind(**common, use_sliding_window=False)


def _tensor(source: Source, role: Role, layer: int, weight: Weight, dtype: torch.dtype) -> torch.Tensor:
    import torch

    shape = source.shape
    whole = torch.empty(weight.shape, dtype=dtype)
    count = weight.shape[0]
    step = count if len(weight.shape) == 1 else max(1, _PART // weight.shape[1])
    for start in range(0, count, step):
        stop = min(count, start + step)
        whole[start:stop] = torch.from_numpy(np.ascontiguousarray(weight.rows(start, stop)))
    if shape.interleaved and role in ("q", "k", "q_bias", "k_bias"):
        # llama.cpp has the two numbers that turn together side by side, transformers half a head apart.
        heads = shape.heads if role.startswith("q") else shape.kv_heads
        pairs = whole.reshape(heads, shape.head_size // 2, 2, -1)
        whole = pairs.transpose(1, 2).reshape(whole.shape).contiguous()
    if shape.family == "gemma3" and role.endswith("norm"):
        whole -= 1  # files hold what is multiplied by, transformers adds the one
    return whole


def _fill_buffers(model: Any, config: Any, options: dict[str, Any], shape: Shape) -> None:
    """What a model without memory could not calculate: from a small one, and the file's rotary angles."""
    import copy

    import torch
    import transformers

    small = copy.deepcopy(config)
    kinds = sorted(set(getattr(config, "layer_types", None) or ())) or [""]
    small.num_hidden_layers, small.vocab_size, small.intermediate_size = len(kinds), 8, 8
    if kinds[0]:
        small.layer_types = kinds
    known = dict(transformers.AutoModelForCausalLM.from_config(small, **options).named_buffers())
    for name, _ in list(model.named_buffers()):
        owner = model.get_submodule(name.rpartition(".")[0])
        value = known[name]
        if name.endswith("inv_freq"):
            angles = shape.local_frequencies if "sliding" in name else shape.frequencies
            value = torch.tensor(angles, dtype=torch.float32)
        owner.register_buffer(name.rpartition(".")[2], value, persistent=False)
