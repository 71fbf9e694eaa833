"""How generators that compute with torch use a device: the one place that picks numbers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from studio.backends.device import kind_of

if TYPE_CHECKING:
    from studio.core.generator import Run


def torch_device(run: Run) -> str:
    """The name by which torch knows the device of this job; "dml" is none of torch's, which takes the CPU."""
    return "cpu" if kind_of(run.device) == "dml" else run.device


def torch_dtype(run: Run) -> Any:
    """The torch dtype of this job's weights.

    The plan says it; where it says "auto", it is bfloat16 on CUDA cards that compute with it and float16 on
    others (both halve memory; bfloat16 never overflows), float16 on Apple's, and float32 on the CPU: 16 bits
    are slower on most of them, and used only where the memory asks for it.
    """
    import torch

    named = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
    if run.plan.precision in named:
        return named[run.plan.precision]
    kind = kind_of(torch_device(run))
    if kind == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    return torch.float16 if kind == "mps" else torch.float32
