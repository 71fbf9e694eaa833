"""Real diffusers pipelines at a tiny size, made from nothing, and their single-file twins."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from studio_image.generators import diffusion_files

SIDE = 64
"""What the tiny models work at, in pixels."""
_WIDTH = 32


def tokenizer(folder: Path) -> Path:
    """A CLIP tokenizer that knows single letters."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True)
    (folder / "vocab.json").write_text(json.dumps({word: i for i, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "pad_token": "<|endoftext|>"})
    )
    return folder


def families() -> dict[str, dict[str, dict[str, Any]]]:
    """`diffusion_files.FAMILIES` at a tiny size."""
    text = {
        "vocab_size": 54,
        "hidden_size": _WIDTH,
        "intermediate_size": 37,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "projection_dim": _WIDTH,
        "bos_token_id": 52,
        "eos_token_id": 53,
    }
    unet = {"sample_size": SIDE // 2, "block_out_channels": [32, 64], "layers_per_block": 1}
    vae = {
        "block_out_channels": [32, 64],
        "down_block_types": ["DownEncoderBlock2D"] * 2,
        "up_block_types": ["UpDecoderBlock2D"] * 2,
        "layers_per_block": 1,
        "sample_size": SIDE,
    }
    real = diffusion_files.FAMILIES
    return {
        "sd1": {
            "unet": real["sd1"]["unet"]
            | unet
            | {
                "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
                "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"],
                "attention_head_dim": 4,
                "cross_attention_dim": _WIDTH,
            },
            "vae": real["sd1"]["vae"] | vae,
            "text_encoder": real["sd1"]["text_encoder"] | text,
            "scheduler": real["sd1"]["scheduler"],
        },
        "sdxl": {
            "unet": real["sdxl"]["unet"]
            | unet
            | {
                "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D"],
                "up_block_types": ["CrossAttnUpBlock2D", "UpBlock2D"],
                "attention_head_dim": [2, 4],
                "transformer_layers_per_block": [1, 2],
                "cross_attention_dim": 2 * _WIDTH,
                "addition_time_embed_dim": 8,
                "projection_class_embeddings_input_dim": 6 * 8 + _WIDTH,
            },
            "vae": real["sdxl"]["vae"] | vae,
            "text_encoder": real["sdxl"]["text_encoder"] | text,
            "text_encoder_2": real["sdxl"]["text_encoder_2"] | text,
            "scheduler": real["sdxl"]["scheduler"],
        },
    }


def pipeline(family: str, scratch: Path, *, channels: int = 9) -> Any:
    """An inpainting pipeline with random weights."""
    import diffusers
    import torch
    import transformers

    torch.manual_seed(0)
    parts = families()[family]
    made: dict[str, Any] = {
        "unet": diffusers.UNet2DConditionModel.from_config(parts["unet"] | {"in_channels": channels}),
        "vae": diffusers.AutoencoderKL.from_config(parts["vae"]),
        "scheduler": diffusers.DDIMScheduler.from_config(parts["scheduler"]),
        "text_encoder": transformers.CLIPTextModel(_text_config(parts["text_encoder"])),
        "tokenizer": transformers.CLIPTokenizer.from_pretrained(
            str(tokenizer(scratch / "made" / "tokenizer"))
        ),
    }
    if family == "sdxl":
        made["text_encoder_2"] = transformers.CLIPTextModelWithProjection(
            _text_config(parts["text_encoder_2"])
        )
        made["tokenizer_2"] = made["tokenizer"]
        return diffusers.StableDiffusionXLInpaintPipeline(**made)
    return diffusers.StableDiffusionInpaintPipeline(
        **made, safety_checker=None, feature_extractor=None, requires_safety_checker=False
    )


def _text_config(config: dict[str, Any]) -> Any:
    import transformers

    return transformers.CLIPTextConfig(
        **{k: v for k, v in config.items() if k not in ("model_type", "architectures")}
    )


def original_file(pipe: Any, path: Path) -> Path:
    """The pipeline's weights as one file, named as the first programs for Stable Diffusion named them."""
    import safetensors.torch

    tensors: dict[str, Any] = {}
    for name, tensor in pipe.unet.state_dict().items():
        tensors["model.diffusion_model." + _original_unet_name(name, layers=1)] = tensor
    for name, tensor in pipe.vae.state_dict().items():
        original = _original_vae_name(name, blocks=2)
        is_linear = "mid.attn_1" in original and tensor.ndim == 2
        tensors["first_stage_model." + original] = tensor[..., None, None] if is_linear else tensor
    for name, tensor in pipe.text_encoder.state_dict().items():
        tensors["cond_stage_model.transformer.text_model." + name.removeprefix("text_model.")] = tensor
    safetensors.torch.save_file({k: v.contiguous().clone() for k, v in tensors.items()}, str(path))
    return path


def _original_unet_name(name: str, layers: int) -> str:
    per_block = layers + 1

    def place(match: re.Match[str]) -> str:
        side, block, what, index = match[1], int(match[2]), match[3], int(match[4])
        if side == "down":
            if what == "downsamplers":
                return f"input_blocks.{(block + 1) * per_block}.0.op"
            return f"input_blocks.{1 + block * per_block + index}.{int(what == 'attentions')}"
        if what == "upsamplers":
            return f"output_blocks.{block * per_block + layers}.1.conv"
        return f"output_blocks.{block * per_block + index}.{int(what == 'attentions')}"

    name = re.sub(
        r"^(down|up)_blocks\.(\d+)\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)(?:(?<=samplers\.0)\.conv)?",
        place,
        name,
    )
    for new, old in (
        ("time_embedding.linear_1", "time_embed.0"),
        ("time_embedding.linear_2", "time_embed.2"),
        ("conv_in.", "input_blocks.0.0."),
        ("conv_norm_out.", "out.0."),
        ("conv_out.", "out.2."),
        ("mid_block.resnets.0", "middle_block.0"),
        ("mid_block.attentions.0", "middle_block.1"),
        ("mid_block.resnets.1", "middle_block.2"),
    ):
        name = name.replace(new, old)
    if "transformer_blocks" in name:
        return name
    for new, old in (
        ("norm1", "in_layers.0"),
        ("conv1", "in_layers.2"),
        ("norm2", "out_layers.0"),
        ("conv2", "out_layers.3"),
        ("time_emb_proj", "emb_layers.1"),
        ("conv_shortcut", "skip_connection"),
    ):
        name = name.replace(new, old)
    return name


def _original_vae_name(name: str, blocks: int) -> str:
    name = re.sub(r"down_blocks\.(\d+)\.resnets\.(\d+)", r"down.\1.block.\2", name)
    name = re.sub(r"down_blocks\.(\d+)\.downsamplers\.0", r"down.\1.downsample", name)
    name = re.sub(
        r"up_blocks\.(\d+)\.resnets\.(\d+)", lambda m: f"up.{blocks - 1 - int(m[1])}.block.{m[2]}", name
    )
    name = re.sub(r"up_blocks\.(\d+)\.upsamplers\.0", lambda m: f"up.{blocks - 1 - int(m[1])}.upsample", name)
    name = re.sub(r"mid_block\.resnets\.(\d+)", lambda m: f"mid.block_{int(m[1]) + 1}", name)
    for new, old in (
        ("mid_block.attentions.0.group_norm", "mid.attn_1.norm"),
        ("mid_block.attentions.0.to_q", "mid.attn_1.q"),
        ("mid_block.attentions.0.to_k", "mid.attn_1.k"),
        ("mid_block.attentions.0.to_v", "mid.attn_1.v"),
        ("mid_block.attentions.0.to_out.0", "mid.attn_1.proj_out"),
        ("conv_norm_out", "norm_out"),
        ("conv_shortcut", "nin_shortcut"),
    ):
        name = name.replace(new, old)
    return name
