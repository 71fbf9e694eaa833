"""Opens Stable Diffusion inpainting models from a diffusers folder or a single .safetensors file, offline."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studio.api import ModelRefused, mark, tr

Config = dict[str, Any]

_UNET_PREFIX = "model.diffusion_model."
_FIRST_CONV = _UNET_PREFIX + "input_blocks.0.0.weight"
_WHICH = mark("Stable Diffusion 1.5, 2 and XL models work, as a diffusers folder or a .safetensors file.")
_TOKENIZER_FILES = (("vocab.json", "merges.txt"), ("tokenizer.json",))

_SCHEDULER: Config = {
    "_class_name": "DDIMScheduler",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "num_train_timesteps": 1000,
    "prediction_type": "epsilon",
    "clip_sample": False,
    "set_alpha_to_one": False,
    "steps_offset": 1,
}
_CLIP_L: Config = {
    "architectures": ["CLIPTextModel"],
    "model_type": "clip_text_model",
    "vocab_size": 49408,
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "max_position_embeddings": 77,
    "hidden_act": "quick_gelu",
    "projection_dim": 768,
}
_CLIP_H: Config = _CLIP_L | {
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 23,
    "num_attention_heads": 16,
    "hidden_act": "gelu",
    "projection_dim": 512,
}
_CLIP_G: Config = _CLIP_L | {
    "architectures": ["CLIPTextModelWithProjection"],
    "hidden_size": 1280,
    "intermediate_size": 5120,
    "num_hidden_layers": 32,
    "num_attention_heads": 20,
    "hidden_act": "gelu",
    "projection_dim": 1280,
}
_VAE: Config = {
    "_class_name": "AutoencoderKL",
    "block_out_channels": [128, 256, 512, 512],
    "down_block_types": ["DownEncoderBlock2D"] * 4,
    "up_block_types": ["UpDecoderBlock2D"] * 4,
    "layers_per_block": 2,
    "latent_channels": 4,
    "sample_size": 512,
    "scaling_factor": 0.18215,
}
_UNET: Config = {
    "_class_name": "UNet2DConditionModel",
    "sample_size": 64,
    "block_out_channels": [320, 640, 1280, 1280],
    "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
    "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3,
    "attention_head_dim": 8,
    "cross_attention_dim": 768,
}
FAMILIES: dict[str, dict[str, Config]] = {
    "sd1": {"unet": _UNET, "vae": _VAE, "text_encoder": _CLIP_L, "scheduler": _SCHEDULER},
    "sd2": {
        "unet": _UNET
        | {"attention_head_dim": [5, 10, 20, 20], "cross_attention_dim": 1024, "use_linear_projection": True},
        "vae": _VAE,
        "text_encoder": _CLIP_H,
        "scheduler": _SCHEDULER,
    },
    "sdxl": {
        "unet": _UNET
        | {
            "sample_size": 128,
            "block_out_channels": [320, 640, 1280],
            "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
            "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
            "attention_head_dim": [5, 10, 20],
            "transformer_layers_per_block": [1, 2, 10],
            "cross_attention_dim": 2048,
            "use_linear_projection": True,
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": 256,
            "projection_class_embeddings_input_dim": 2816,
        },
        "vae": _VAE | {"sample_size": 1024, "scaling_factor": 0.13025, "force_upcast": True},
        "text_encoder": _CLIP_L,
        "text_encoder_2": _CLIP_G,
        "scheduler": _SCHEDULER,
    },
}
"""The parts' configurations of each family, as the published models describe themselves."""

_INDEX_CLASSES = {
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "text_encoder_2": ["transformers", "CLIPTextModelWithProjection"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "tokenizer_2": ["transformers", "CLIPTokenizer"],
    "scheduler": ["diffusers", "DDIMScheduler"],
}


def open_pipeline(path: Path, dtype: Any) -> Any:
    """An inpainting pipeline on the CPU, from a folder or a file, in this torch dtype.

    Raises:
        ModelRefused: it is no Stable Diffusion model, is damaged, or a part of it is missing.
    """
    import diffusers

    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    try:
        pipeline = _from_folder(path, dtype) if path.is_dir() else _from_file(path, dtype)
    except ModelRefused:
        raise
    except Exception as error:
        raise ModelRefused(
            tr("The model “{name}” cannot be loaded: a part of it is missing or damaged.", name=path.name),
            tr("Get it again, or choose another one.") + " " + tr(_WHICH),
            str(error),
        ) from error
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _from_folder(path: Path, dtype: Any) -> Any:
    import diffusers

    try:
        index = json.loads((path / "model_index.json").read_text(encoding="utf-8"))
        named = str(index["_class_name"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelRefused(
            tr("“{name}” is not a diffusers model: it has no model_index.json.", name=path.name), tr(_WHICH)
        ) from error
    if not named.startswith("StableDiffusion") or "3" in named:
        raise ModelRefused(
            tr("“{name}” is a {named}, not a Stable Diffusion model.", name=path.name, named=named),
            tr(_WHICH),
        )
    xl = "XL" in named
    kind = diffusers.StableDiffusionXLInpaintPipeline if xl else diffusers.StableDiffusionInpaintPipeline
    # Folders with half-precision weights only have "*.fp16.safetensors" files.
    weights = list((path / "unet").glob("*.safetensors"))
    half = bool(weights) and all(".fp16" in file.name for file in weights)
    extra: dict[str, Any] = {} if xl else {"safety_checker": None, "requires_safety_checker": False}
    return kind.from_pretrained(
        str(path.resolve()),
        torch_dtype=dtype,
        local_files_only=True,
        use_safetensors=True,
        variant="fp16" if half else None,
        **extra,
    )


def _from_file(path: Path, dtype: Any) -> Any:
    import diffusers

    family, channels = _family(path)
    xl = family == "sdxl"
    kind = diffusers.StableDiffusionXLInpaintPipeline if xl else diffusers.StableDiffusionInpaintPipeline
    with tempfile.TemporaryDirectory(prefix="studio-model-") as folder:
        _write_configs(Path(folder), FAMILIES[family], channels, xl=xl)
        for name in ("tokenizer", "tokenizer_2") if xl else ("tokenizer",):
            shutil.copytree(_tokenizer(path, name), Path(folder, name))
        extra: dict[str, Any] = {} if xl else {"safety_checker": None, "requires_safety_checker": False}
        return kind.from_single_file(
            str(path.resolve()), config=folder, torch_dtype=dtype, local_files_only=True, **extra
        )


def _family(path: Path) -> tuple[str, int]:
    """(family, input channels of its UNet), from the tensors' names and shapes alone."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="numpy") as file:
            names = set(file.keys())
            if _FIRST_CONV not in names:
                raise ModelRefused(
                    tr("“{name}” is not a Stable Diffusion model.", name=path.name), tr(_WHICH)
                )
            channels = int(file.get_slice(_FIRST_CONV).get_shape()[1])
            crossing = next((n for n in sorted(names) if n.endswith("attn2.to_k.weight")), "")
            width = int(file.get_slice(crossing).get_shape()[1]) if crossing else 0
    except (SafetensorError, OSError) as error:
        raise ModelRefused(
            tr("“{name}” is damaged or cut off.", name=path.name), tr("Get the file again."), str(error)
        ) from error
    for family, parts in FAMILIES.items():
        if parts["unet"]["cross_attention_dim"] == width:
            return family, channels
    raise ModelRefused(tr("“{name}” is of a kind that is not known here.", name=path.name), tr(_WHICH))


def _write_configs(folder: Path, parts: Mapping[str, Config], channels: int, *, xl: bool) -> None:
    index: Config = {"_class_name": f"StableDiffusion{'XL' if xl else ''}InpaintPipeline"}
    for name, classes in _INDEX_CLASSES.items():
        if name in parts or name == "tokenizer" or (name == "tokenizer_2" and xl):
            index[name] = classes
    (folder / "model_index.json").write_text(json.dumps(index), encoding="utf-8")
    for name, config in parts.items():
        (folder / name).mkdir()
        file = "scheduler_config.json" if name == "scheduler" else "config.json"
        complete = config | {"in_channels": channels} if name == "unet" else config
        (folder / name / file).write_text(json.dumps(complete), encoding="utf-8")


def _tokenizer(path: Path, name: str) -> Path:
    """The tokenizer's folder beside a single-file model. A second one may share the first one's files."""
    for folder in (path.with_suffix("") / name, path.parent / name, path.parent / "tokenizer"):
        if any(all((folder / file).is_file() for file in files) for files in _TOKENIZER_FILES):
            return folder
    raise ModelRefused(
        tr(
            "“{name}” has no tokenizer: a single file does not hold the words that the model knows.",
            name=path.name,
        ),
        tr(
            "Put a folder “tokenizer” with vocab.json and merges.txt of a Stable Diffusion "
            "model beside the file and add the model again, or use the model's diffusers folder."
        ),
    )
