"""How generators that compute with torch use a device: the one place that picks numbers for it."""

from __future__ import annotations

from typing import Any

from studio.backends.device import kind_of
from studio.core.model import Plan


def torch_device(plan: Plan) -> str:
    """The name by which torch knows the plan's device. For devices of ONNX Runtime alone it takes the CPU."""
    return plan.device if kind_of(plan.device) in ("cpu", "cuda", "mps") else "cpu"


def torch_dtype(plan: Plan, *, overflows: bool = False) -> Any:
    """The torch dtype of a model's weights. `overflows`: its sums are beyond what float16 can hold (Gemma's).

    The plan says it; where it says "auto", it is bfloat16 on CUDA cards that compute with it and float16 on
    others (both halve memory; bfloat16 never overflows), float16 on Apple's, and float32 on the CPU: 16 bits
    are slower on most of them, and used only where the memory asks for it.
    """
    import torch

    named = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
    kind = kind_of(torch_device(plan))
    wanted = named.get(plan.precision)
    if wanted is None:
        wanted = {"cuda": torch.bfloat16, "mps": torch.float16}.get(kind, torch.float32)
    if (
        wanted is torch.bfloat16
        and kind == "cuda"
        and not torch.cuda.is_bf16_supported(including_emulation=False)
    ):
        wanted = torch.float16
    return torch.float32 if wanted is torch.float16 and overflows else wanted
