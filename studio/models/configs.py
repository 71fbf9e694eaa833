"""Which JSON files and chat templates of a model's folder are let in: none may ask a library for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studio.errors import ModelRefused
from studio.models.plain_files import GET_AGAIN, ONLY_SAFE, is_plain_name, read_json
from studio.words import tr

MAX_JSON = 16 * 1024 * 1024
MAX_WORDS = 64 * 1024 * 1024
"""Bytes of files that hold all words of a tokenizer."""
MAX_TEMPLATE = 64 * 1024
"""Bytes of a chat template. It is a program of a kind, run in jinja's sandbox; honest ones take 20 kB."""

_REFUSED_KEYS = re.compile(r"auto_map|trust_remote_code|custom_(pipeline|generate)|.*_internal")
_ATTENTION = re.compile(r"_?attn_implementation.*")
_KNOWN_ATTENTION = {"eager", "sdpa", "flash_attention_2", "flash_attention_3", "flex_attention"}
"""Any other is the name of a program that is fetched from a hub."""
_WORD_LISTS = {"vocab", "merges", "added_tokens"}
"""Parts of a tokenizer whose keys are words, which may look like anything."""
_LISTS_OF_WORDS = ("vocab.json", "added_tokens.json")
_FILES_OF_WORDS = ("tokenizer.json", "vocab.json")
_TEMPLATE_KEYS = {"chat_template", "template"}

_LIBRARIES = {"diffusers", "transformers", "stable_diffusion", "stable_diffusion_xl"}
"""What a model_index.json may take classes from; the last two are diffusers' own."""
_PARTS = re.compile(
    r"CLIP(TextModel|TextModelWithProjection|Tokenizer|TokenizerFast|ImageProcessor|ImageProcessorPil"
    r"|FeatureExtractor|VisionModel|VisionModelWithProjection)|T5(EncoderModel|Tokenizer|TokenizerFast)"
    r"|UNet2DConditionModel|Autoencoder(KL|Tiny)|ControlNetModel|StableDiffusionSafetyChecker"
    r"|[A-Z][A-Za-z0-9]*Scheduler"
)
"""The classes that Stable Diffusion is made of."""

TEXT_MODELS = {
    "gemma": "GemmaForCausalLM",
    "gemma2": "Gemma2ForCausalLM",
    "gemma3_text": "Gemma3ForCausalLM",
    "gpt2": "GPT2LMHeadModel",
    "gpt_neox": "GPTNeoXForCausalLM",
    "granite": "GraniteForCausalLM",
    "llama": "LlamaForCausalLM",
    "mistral": "MistralForCausalLM",
    "olmo2": "Olmo2ForCausalLM",
    "phi3": "Phi3ForCausalLM",
    "qwen2": "Qwen2ForCausalLM",
    "qwen3": "Qwen3ForCausalLM",
    "smollm3": "SmolLM3ForCausalLM",
    "stablelm": "StableLmForCausalLM",
}
"""Language models that transformers itself knows: what a config.json calls them, and their class."""

_MOST = {
    "vocab_size": 1 << 22,
    "hidden_size": 1 << 16,
    "intermediate_size": 1 << 20,
    "num_hidden_layers": 1 << 10,
    "num_attention_heads": 1 << 12,
    "num_key_value_heads": 1 << 12,
    "head_dim": 1 << 12,
    "max_position_embeddings": 1 << 27,
}
"""Sizes that no honest model goes beyond. A larger one would only be a way to fill the memory."""

_TEXT_SIZES = {"context": 1 << 27, "vocabulary": 1 << 22, "layers": 1 << 10, "kv_heads": 1 << 12,
               "head_size": 1 << 12}  # fmt: skip
_MOST_ENDS = 64
_LONGEST_WORD = 200


def check_config(path: Path, name: str, size: int) -> Any:
    """The content of a JSON file in a model's folder.

    Raises:
        ModelRefused: it is damaged, or asks for programs anywhere in it.
    """
    broken = damaged(name)
    if size > (MAX_WORDS if path.name in _FILES_OF_WORDS else MAX_JSON):
        raise broken
    content = read_json(path.read_bytes(), broken)
    if path.name in _LISTS_OF_WORDS:
        return content
    for key, value in _entries(content):
        if _REFUSED_KEYS.fullmatch(key) or (_ATTENTION.fullmatch(key) and not _is_attention(value)):
            raise ModelRefused(
                tr("Refused: “{name}” asks to run programs ({key}).", name=name, key=key), tr(GET_AGAIN)
            )
        if key == "quantization_config" and value:
            raise ModelRefused(
                tr(
                    "Refused: by “{name}” the weights are stored in a way that the studio does not read.",
                    name=name,
                ),
                tr("Use a version of the model that is not quantized, or a .gguf file of it."),
                str(value)[:1000],
            )
        if key in _TEMPLATE_KEYS and isinstance(value, str):
            check_template(name, len(value.encode("utf-8", "surrogatepass")))
    if path.name.endswith(".index.json"):
        _check_shards(content, path.parent, name)
    return content


def check_template(name: str, size: int) -> None:
    if size > MAX_TEMPLATE:
        raise ModelRefused(
            tr("Refused: the chat template in “{name}” is too long.", name=name),
            tr(GET_AGAIN),
            f"{size} bytes; at most {MAX_TEMPLATE} are read.",
        )


def check_template_file(path: Path, name: str, size: int) -> None:
    check_template(name, size)
    try:
        path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise damaged(name) from error


def check_diffusers_index(index: Any) -> None:
    """Raises `ModelRefused` where a model_index.json names a class that is no part of Stable Diffusion."""
    if not isinstance(index, dict):
        raise damaged("model_index.json")
    for name, value in index.items():
        if not (isinstance(value, list) and value and isinstance(value[0], str)):
            continue
        known = len(value) == 2 and isinstance(value[1], str) and _PARTS.fullmatch(value[1])
        if value[0] not in _LIBRARIES or not known:
            raise ModelRefused(
                tr(
                    "Refused: its part “{name}” comes from “{value}”, which the studio does not load.",
                    name=name,
                    value=".".join(str(part) for part in value)[:_LONGEST_WORD],
                ),
                tr("Use a Stable Diffusion model that needs only diffusers and transformers."),
            )


def check_text_model(config: Any, folder: str) -> None:
    """Raises `ModelRefused` unless a config.json is of a language model that transformers loads by itself."""
    if not isinstance(config, dict):
        raise damaged("config.json")
    kind, classes = config.get("model_type"), config.get("architectures")
    known = TEXT_MODELS.get(kind) if isinstance(kind, str) else None
    others = [value for key, value in _entries(config) if key == "model_type" and value != kind]
    if known is None or others or (classes is not None and classes != [known]):
        said = others[0] if known and others else classes or kind
        raise ModelRefused(
            tr(
                "Refused: “{name}” is no language model that the studio knows ({kind}).",
                name=folder,
                kind=str(said)[:_LONGEST_WORD],
            ),
            tr("These work: {kinds}.", kinds=", ".join(TEXT_MODELS)),
        )
    for key, most in _MOST.items():
        value = config.get(key)
        if value is not None and not (type(value) is int and 0 < value <= most):
            raise damaged("config.json", f"{key} is {value!r:.100}")


def check_text_json(text: Any) -> None:
    """Raises `ModelRefused` unless what a text.json says of a language model for ONNX Runtime can be true.

    docs/models.md says what stands in it.
    """
    name = "text.json"
    if not isinstance(text, dict):
        raise damaged(name)
    if text.get("format") != 1:
        raise ModelRefused(
            tr("This model was made by a newer version of the studio."),
            tr("Update the studio, or convert the model again."),
            f"format {text.get('format')!r:.100}",
        )
    for key, most in _TEXT_SIZES.items():
        if not (type(text.get(key)) is int and 0 < text[key] <= most):
            raise damaged(name, f"{key} is {text.get(key)!r:.100}")
    tokens = text.get("eos")
    if not isinstance(tokens, list) or len(tokens) > _MOST_ENDS:
        raise damaged(name, "eos")
    for token in (*tokens, *([] if text.get("bos") is None else [text["bos"]])):
        if not (type(token) is int and 0 <= token < text["vocabulary"]):
            raise damaged(name, f"{token!r:.100} is no token")
    for key in ("family", "precision"):
        if not (isinstance(text.get(key), str) and len(text[key]) <= _LONGEST_WORD):
            raise damaged(name, key)
    if not isinstance(text.get("chat_template"), str | None):
        raise damaged(name, "chat_template")


def shards(index: Any) -> set[str]:
    """The files that a checked *.index.json says the weights are in."""
    return set(index["weight_map"].values())


def missing(name: str) -> ModelRefused:
    return ModelRefused(
        tr("A part of the model is missing: “{name}”.", name=name),
        tr("Get the missing file as well, or the whole model again."),
    )


def damaged(name: str, why: str = "") -> ModelRefused:
    return ModelRefused(tr("Refused: “{name}” is damaged.", name=name), tr(GET_AGAIN), why)


def _check_shards(index: Any, folder: Path, name: str) -> None:
    listed = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(listed, dict) or not listed:
        raise damaged(name, "no weight_map")
    for file in set(map(str, listed.values())):
        if not is_plain_name(file):
            raise ModelRefused(
                tr("Refused: “{name}” reads files outside its own folder.", name=name),
                tr(GET_AGAIN),
                f"It names {file!a:.300}.",
            )
        if not file.endswith(".safetensors"):
            raise ModelRefused(
                tr("Refused: “{name}” in this folder can run programs.", name=file), tr(ONLY_SAFE)
            )
        if not (folder / file).is_file():
            raise missing(file)


def _is_attention(value: Any) -> bool:
    return value is None or isinstance(value, bool) or (isinstance(value, str) and value in _KNOWN_ATTENTION)


def _entries(content: Any) -> Iterator[tuple[str, Any]]:
    """All keys and values, at any depth, but not in lists of words."""
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                yield key, inner
                if key not in _WORD_LISTS:
                    waiting.append(inner)
