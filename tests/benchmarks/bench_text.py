"""How fast a language model writes on the CPU: our engine, llama.cpp, transformers, on the same weights.

Run with `STUDIO_TEST_MODELS=<folder> pytest -m benchmark tests/benchmarks/bench_text.py -s`, on a quiet
machine. The folder holds GGUF files; llama.cpp is the package `xllamacpp`, no dependency of the studio.
Each engine runs in a process of its own, in turns, and the best of its rounds counts: that is what the engine
can do, and the rest is what else the machine did. Memory is what the process had at its peak, beyond what it
had before it loaded the model.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from studio_text.generators.engines.engine import Tokenizer

MODELS = ["gemma-3-270m-q4_k_m.gguf", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"]
PROMPT = [2, *range(1000, 1255)]
WRITTEN = 64
ROUNDS = 3
THREADS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
LLAMA_SHARE, TRANSFORMERS_TIMES, MEMORY_TIMES = 0.9, 2.0, 1.5
"""The goals. The second model misses the first one: docs/measurements.md says why."""

Measured = dict[str, float]
"""first: seconds to the first token; prompt, one, four: tokens per second; peak, whole: bytes."""


def ours(model: Path) -> Measured:
    import onnxruntime  # noqa: F401  (its own memory is not the model's)
    from studio_text.generators.engines.onnx_engine import OnnxEngine
    from studio_text.generators.engines.tokenizer import load_tokenizer

    before = peak_memory()
    engine = OnnxEngine(model, cast("Tokenizer", None), THREADS)

    def write(rows: int) -> tuple[float, float]:
        start = time.perf_counter()
        decoding = engine.begin(PROMPT, rows, WRITTEN, lambda: None)
        first = time.perf_counter() - start
        start = time.perf_counter()
        for _ in range(WRITTEN):
            decoding.advance(decoding.logits.argmax(1).tolist())
        return first, rows * WRITTEN / (time.perf_counter() - start)

    first, one = write(1)
    peak = peak_memory() - before
    four = write(4)[1]
    load_tokenizer(model)
    whole = peak_memory()
    return {
        "first": first,
        "prompt": len(PROMPT) / first,
        "one": one,
        "four": four,
        "peak": peak,
        "whole": whole,
    }


def llama(model: Path) -> Measured:
    import xllamacpp

    before = peak_memory()
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.n_ctx = 1024
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = THREADS
    server = xllamacpp.Server(params)
    found = server.handle_completions(
        {"prompt": PROMPT, "n_predict": WRITTEN, "temperature": 0, "ignore_eos": True, "cache_prompt": False}
    )
    timings = (json.loads(found) if isinstance(found, str | bytes) else found)["timings"]
    return {
        "first": timings["prompt_ms"] / 1000,
        "prompt": timings["prompt_per_second"],
        "one": timings["predicted_per_second"],
        "peak": peak_memory() - before,
    }


def transformers(model: Path, dtype: str) -> Measured:
    import torch
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(THREADS)
    before = peak_memory()
    loaded = AutoModelForCausalLM.from_pretrained(
        str(model.parent), gguf_file=model.name, dtype=getattr(torch, dtype)
    )
    ids = torch.tensor([PROMPT])

    def seconds(count: int) -> float:
        start = time.perf_counter()
        loaded.generate(ids, max_new_tokens=count, min_new_tokens=count, do_sample=False)
        return time.perf_counter() - start

    seconds(1)
    first = min(seconds(1), seconds(1))
    one = max(WRITTEN / 2 / (seconds(WRITTEN // 2 + 1) - first) for _ in range(ROUNDS))
    return {"first": first, "prompt": len(PROMPT) / first, "one": one, "peak": peak_memory() - before}


def peak_memory() -> float:
    """Bytes that this process held at most. Linux counts what its parent held before it, but not in /proc."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return float(peak if sys.platform == "darwin" else peak * 1024)
    return next(float(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


ENGINES: dict[str, Callable[[Path], Measured]] = {
    "ours": ours,
    "llama.cpp": llama,
    "transformers float32": lambda model: transformers(model, "float32"),
    "transformers bfloat16": lambda model: transformers(model, "bfloat16"),
}


def apart(engine: str, model: Path) -> Measured:
    """One measurement, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, engine, str(model)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    measured: Measured = json.loads(done.stdout.splitlines()[-1])
    return measured


def best(rounds: list[Measured]) -> Measured:
    lower = ("first", "peak", "whole")
    return {key: (min if key in lower else max)(one[key] for one in rounds) for key in rounds[0]}


@pytest.mark.benchmark
@pytest.mark.download
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", MODELS)
def test_writing_is_as_fast_as_llama_cpp_and_twice_as_fast_as_transformers(name: str) -> None:
    folder = os.environ.get("STUDIO_TEST_MODELS")
    if not folder or not (Path(folder) / name).is_file():
        pytest.skip(f"STUDIO_TEST_MODELS names no folder with {name}")
    source = Path(folder) / name
    with tempfile.TemporaryDirectory() as made:
        converted = Path(made)
        seconds = converting(source, converted)
        weights = (converted / "text.onnx.data").stat().st_size
        rounds: dict[str, list[Measured]] = {}
        for turn in range(ROUNDS):
            for engine in ENGINES:
                plain = engine.startswith("transformers")
                if (engine == "llama.cpp" and not find_spec("xllamacpp")) or (plain and turn):
                    continue
                model = converted if engine == "ours" else source
                rounds.setdefault(engine, []).append(apart(engine, model))
    found = {engine: best(measured) for engine, measured in rounds.items()}
    print(f"\n{name}, {THREADS} threads, {len(PROMPT)} tokens read, {WRITTEN} written")
    print(f"  converted in {seconds:.0f} s")
    for engine, one in found.items():
        print(
            f"  {engine:22} {one['one']:6.1f} tokens/s, four drafts {one.get('four', 0):6.1f}, prompt "
            f"{one['prompt']:6.0f} tokens/s, first token {one['first']:.2f} s, "
            f"memory {one['peak'] / 1e6:.0f} MB"
        )
    mine = found["ours"]
    print(f"  our process with tokenizer, Python and libraries: {mine['whole'] / 1e6:.0f} MB")
    print(f"  our memory is {mine['peak'] / weights:.2f} of the weights ({weights / 1e6:.0f} MB)")
    plain_one = max(one["one"] for engine, one in found.items() if engine.startswith("transformers"))
    assert mine["one"] >= TRANSFORMERS_TIMES * plain_one
    assert mine["peak"] <= MEMORY_TIMES * weights
    if "llama.cpp" in found:
        print(f"  ours is {mine['one'] / found['llama.cpp']['one']:.2f} of llama.cpp")
        assert mine["one"] >= LLAMA_SHARE * found["llama.cpp"]["one"]
    else:
        pytest.skip("xllamacpp is not installed: nothing was held against llama.cpp")


def converting(source: Path, target: Path) -> float:
    from studio_text.generators.convert import TextToOnnx

    class Run:
        threads = THREADS

        def progress(self, *told: Any) -> None: ...
        def check(self) -> None: ...
        def note(self, message: str) -> None: ...

    start = time.perf_counter()
    TextToOnnx().convert(source, target, "int4", Run())
    return time.perf_counter() - start


if __name__ == "__main__":
    print(json.dumps(ENGINES[sys.argv[1]](Path(sys.argv[2]))))
