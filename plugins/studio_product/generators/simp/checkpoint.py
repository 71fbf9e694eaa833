"""How far an optimization has come, in a file."""

from __future__ import annotations

import hashlib
import os
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from studio_product.generators.problem import Problem


@dataclass(frozen=True)
class Progress:
    """All that the iterations to come depend on."""

    x: Tensor
    """(*cells), design variables."""
    displacements: Tensor | None = None
    """(cases, *nodes, d), where the next solution starts from."""
    memory: tuple[Tensor, ...] = ()
    """Of the method of moving asymptotes."""
    stage: int = 0
    """Of the continuation."""
    stage_iterations: int = 0
    """Done in this stage."""
    history: tuple[float, ...] = ()
    """Weighted sum of compliances at each iteration that is done."""


def save(path: Path, progress: Progress, fingerprint: str) -> None:
    """Replaces the file in one step, so that there is always a whole one."""
    arrays = {f"memory_{i}": part for i, part in enumerate(progress.memory)}
    if progress.displacements is not None:
        arrays["displacements"] = progress.displacements
    aside = path.with_suffix(".part")
    with aside.open("wb") as file:
        np.savez(
            file,
            allow_pickle=False,
            fingerprint=np.array(fingerprint),
            stage=np.array([progress.stage, progress.stage_iterations]),
            history=np.array(progress.history),
            x=progress.x.cpu().numpy(),
            **{name: tensor.cpu().numpy() for name, tensor in arrays.items()},
        )
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def load(path: Path, fingerprint: str, device: torch.device) -> Progress | None:
    """None where there is nothing to go on from: no file, a damaged one, or one of another optimization."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None
    if str(arrays.get("fingerprint")) != fingerprint:
        return None

    def tensor(name: str) -> Tensor | None:
        return torch.as_tensor(arrays[name], device=device) if name in arrays else None

    x = tensor("x")
    assert x is not None  # the fingerprint says that we wrote it
    memory = (tensor(f"memory_{i}") for i in range(3))
    stage, stage_iterations = arrays["stage"].tolist()
    return Progress(
        x=x,
        displacements=tensor("displacements"),
        memory=tuple(part for part in memory if part is not None),
        stage=stage,
        stage_iterations=stage_iterations,
        history=tuple(arrays["history"].tolist()),
    )


def fingerprint(problem: Problem, *others: object) -> str:
    """Of all that an optimization depends on: the problem, and other tensors and plain values."""
    digest = hashlib.sha256()
    values = [getattr(problem, part.name) for part in fields(problem) if part.name != "elasticity"]
    for value in (*values, *others):
        plain = value.cpu().numpy().tobytes() if isinstance(value, Tensor) else repr(value).encode()
        digest.update(plain)
    return digest.hexdigest()
