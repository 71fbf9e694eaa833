"""Tokenizers that are trained here, of the two kinds that language models have."""

from __future__ import annotations

import json
from pathlib import Path

import gguf
import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

CORPUS = [
    "The quick brown fox jumps over the lazy dog, and the dog sleeps on.",
    "A chair of oak and wool: made to last, easy to love. 1234567890",
    "Die Grüße aus München sind schön. Über allen Gipfeln ist Ruh'.",
    "Der Stuhl kostet 249 €; er wiegt 4,5 kg. 你好,世界。 Привет, мир! 🙂",
    '{"title": "An oak chair", "price": 249, "tags": ["oak", "wool"], "new": true}\n- one\n- two\n',
] * 4
SPECIALS = ["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"]
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def sentencepiece(size: int = 700) -> tokenizers.Tokenizer:
    """As Gemma's: spaces as “▁”, bytes for what is not known, "<bos>" before a prompt."""
    backend = tokenizers.Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    backend.normalizer = normalizers.Replace(" ", "▁")
    backend.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=SPECIALS + BYTES, limit_alphabet=80, max_token_length=12
    )
    backend.train_from_iterator(CORPUS, trainer)
    document = json.loads(backend.to_str())
    document["added_tokens"] = [t for t in document["added_tokens"] if t["content"] not in BYTES]
    special = {"SpecialToken": {"id": "<bos>", "type_id": 0}}
    document["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [special, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [special, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {"<bos>": {"id": "<bos>", "ids": [2], "tokens": ["<bos>"]}},
    }
    return tokenizers.Tokenizer.from_str(json.dumps(document))


def byte_token(byte: int) -> int:
    """Of `sentencepiece`."""
    return len(SPECIALS) + byte


def byte_level(size: int = 500) -> tokenizers.Tokenizer:
    """As Qwen's: bytes as visible characters, nothing before a prompt."""
    backend = tokenizers.Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    backend.train_from_iterator(CORPUS, trainer)
    return backend


CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] }}"
    "{{ '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
GEMMA = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    "{{ '<start_of_turn>' + ('model' if message['role'] == 'assistant' else message['role']) + '\n' "
    "+ message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)


def folder(at: Path, kind: str, **settings: object) -> Path:
    """A transformers folder with a tokenizer alone: kind "gemma" or "qwen"."""
    at.mkdir(parents=True, exist_ok=True)
    gemma = kind == "gemma"
    backend = sentencepiece() if gemma else byte_level()
    backend.save(str(at / "tokenizer.json"))
    known = {
        "bos_token": "<bos>" if gemma else None,
        "eos_token": "<eos>" if gemma else "<|im_end|>",
        "chat_template": GEMMA if gemma else CHATML,
        **settings,
    }
    (at / "tokenizer_config.json").write_text(json.dumps(known), encoding="utf-8")
    return at


def write_gguf(writer: gguf.GGUFWriter, kind: str) -> None:
    """Such a tokenizer in a GGUF file's metadata, as llama.cpp's converter writes it."""
    backend = byte_level() if kind == "qwen" else sentencepiece()
    vocab = sorted(backend.get_vocab(with_added_tokens=True).items(), key=lambda entry: entry[1])
    tokens = [token for token, _ in vocab]
    specials = {added.content for added in backend.get_added_tokens_decoder().values()}
    control, normal, byte = (
        gguf.TokenType.CONTROL, gguf.TokenType.NORMAL, gguf.TokenType.BYTE
    )  # fmt: skip
    types = [control if t in specials else byte if t in BYTES else normal for t in tokens]
    writer.add_tokenizer_model("gpt2" if kind == "qwen" else "llama")
    writer.add_tokenizer_pre("qwen2" if kind == "qwen" else "default")
    if kind == "gemma":  # whose runs of spaces are not written as “▁”
        tokens = [" " * len(t) if len(t) > 1 and not t.strip("▁") else t for t in tokens]
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    if kind == "qwen":
        writer.add_token_merges([" ".join(pair) for pair in json.loads(backend.to_str())["model"]["merges"]])
        writer.add_eos_token_id(2)
    else:
        writer.add_token_scores([-float(index) for index in range(len(tokens))])
        writer.add_bos_token_id(2)
        writer.add_eos_token_id(1)
        writer.add_unk_token_id(3)
        writer.add_add_bos_token(True)
        writer.add_add_space_prefix(kind != "gemma")
