"""A language model, loaded by whatever can run it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.api import Run, tr

if TYPE_CHECKING:
    from studio_text.generators.engines.engine import Engine

_CONVERTED = "text.json"


def load_engine(run: Run, params: Any) -> Engine:
    """The model that the params name, kept for the next jobs.

    Raises:
        ModelRefused: it is missing, changed, or cannot be loaded.
    """
    path = run.model("model")
    run.progress(0, 1, tr("Loading the model"))
    plan = run.plan
    digest = params.model or str(path)
    key = f"text {digest} {plan.device} {plan.precision} {plan.offload} {run.threads}"
    return run.warm(key, lambda: _load(path, run))


def _load(path: Path, run: Run) -> Engine:
    if (path / _CONVERTED).is_file():
        from studio_text.generators.engines.onnx_engine import OnnxEngine
        from studio_text.generators.engines.tokenizer import load_tokenizer

        return OnnxEngine(path, load_tokenizer(path), run.threads)
    from studio_text.generators.engines.torch_engine import load_torch_engine

    return load_torch_engine(path, run.plan, run.threads)
