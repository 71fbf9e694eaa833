"""Smoothed Heaviside projection: pushes filtered densities towards 0 and 1.

Wang, Lazarov and Sigmund 2011, equation 9:
    p(x) = (tanh(b h) + tanh(b (x - h))) / (tanh(b h) + tanh(b (1 - h)))
with the sharpness b and the threshold h. What is narrower than about the filter's radius stays below the
threshold, and disappears.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

THRESHOLD = 0.5


def project(x: Tensor, sharpness: float) -> Tensor:
    """Densities in [0, 1] -> [0, 1]. Sharpness 0 is the identity."""
    if sharpness == 0:
        return x
    low, span = _ends(sharpness)
    return torch.tanh(sharpness * (x - THRESHOLD)).add_(low).div_(span)


def slope(x: Tensor, sharpness: float) -> Tensor:
    """dp/dx."""
    if sharpness == 0:
        return torch.ones_like(x)
    _, span = _ends(sharpness)
    return torch.tanh(sharpness * (x - THRESHOLD)).square_().neg_().add_(1).mul_(sharpness / span)


def _ends(sharpness: float) -> tuple[float, float]:
    low = math.tanh(sharpness * THRESHOLD)
    return low, low + math.tanh(sharpness * (1 - THRESHOLD))
