"""How a job could be computed on this computer, the best way first: device, precision, what waits in the main
memory; with how much memory and time each is expected to take. Pure: it only calculates.

Memory is what a model's numbers take, and what it computes with besides. The second is a table, measured on
the processor with networks of the real size (`_PER_PIXEL`) or counted from the model's shape (text).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from studio.backends.calibration import Calibration
from studio.backends.device import Memory, kind_of
from studio.backends.plan_words import device_words, duration_words, gb_words
from studio.core.model import Format, Need, Plan
from studio.errors import OutOfMemory
from studio.words import tr

_MB = 1 << 20

BYTES = {"fp32": 4.0, "bf16": 2.0, "fp16": 2.0, "int8": 1.06, "int4": 0.6}
"""Of one number. Quantized ones come in blocks that have a scale of their own."""

_TORCH: frozenset[Format] = frozenset({"safetensors", "diffusers", "transformers", "gguf"})
"""Computed by torch, in a precision that the plan says; ONNX models are computed as they are stored."""

_BASE = {"torch": 500 * _MB, "onnx": 120 * _MB}
"""What a worker takes before any model. Measured: 440 MB with torch, diffusers and transformers, 66 MB with
ONNX Runtime and OpenCV, and 35 MB for the worker itself."""
_CONTEXT = 500 * _MB
"""What a graphics card needs for a program that uses it at all."""
_USABLE = 0.95
"""Of a graphics card's memory: the screen takes the rest."""

_DECODING = {"fp32": 4096, "bf16": 2560, "fp16": 2560}
_STEPPING = {"fp32": 2048, "bf16": 1024, "fp16": 1024}
"""Bytes that Stable Diffusion computes with for each pixel, while it decodes and in a step with guidance.
Measured on the processor: version 1 at 512² in fp32 3,880 and 1,730, XL at 1024² in bf16 2,040 and 480."""
_ONNX_PER_PIXEL = 4096
_ONNX_SIDE = 512
_LARGE_SIDE = 1024

_PROMPT = 512
"""Tokens that are read at once."""
_USUAL_TOKENS = 2048
_SCORES = 4
"""Copies of a token's scores that are there while the next one is drawn."""
_CACHE_BYTES = {"fp32": 4, "bf16": 2, "fp16": 2}

_STEP_PER_PIXEL = {512: 2 * 2.6e6, 1024: 2 * 5.7e6}
"""Operations of a step for each pixel, with guidance, by the side that the model was trained at."""
_DECODE_PER_PIXEL = 14e6
_EFFICIENCY = 0.5
"""Of the speed of large matrix products, what whole networks reach."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """A model, as far as its cost depends on it."""

    format: Format
    size: int
    """Bytes of its files."""
    parameters: int
    """How many numbers it has, counted or estimated."""
    stored: str = ""
    """How they are stored, if that is how they are computed: "int4"."""
    largest: float = 1.0
    """The share of them in its largest network."""
    cache: int = 0
    """Numbers that a language model remembers for each token."""
    context: int = 0
    vocabulary: int = 0
    side: int = 0
    """Pixels: of the pictures that it was trained on."""
    needs: tuple[Need, ...] = ()
    """What its plugin says that it needs; counts before our own table."""


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """A job, as far as its cost depends on it."""

    device: str
    precision: str = "auto"
    """What the recipe insists on."""
    weights: tuple[Weights, ...] = ()
    steps: float = 0
    tokens: int = 0
    rows: int = 1
    """Texts that are written at once."""
    seconds: float | None = None
    """What the last such jobs took on this device."""
    memory: int | None = None
    """Bytes that a worker held at most during such a job: it needs no more than that."""


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way to compute a job, and what it is expected to take."""

    plan: Plan
    memory: int = 0
    """Bytes of the plan's device at the highest; 0 where nobody knows."""
    host_memory: int = 0
    """Bytes of the main memory besides."""
    total: int = 0
    """Bytes that the plan's device has; 0 where nobody knows."""
    seconds: float | None = None
    reason: str = ""
    """Why not in a better way, in the user's language; empty for the best."""
    stored: str = ""
    """How the weights are stored, where they are computed so."""

    def words(self) -> str:
        """ "Processor, int4, about 12 s, 0.6 of 24 GB" """
        parts = [device_words(self.plan.device)]
        precision = self.stored or self.plan.precision
        if precision == "auto" and self.memory and kind_of(self.plan.device) in ("cuda", "mps"):
            parts.append(tr("16 bit"))
        elif precision != "auto":
            parts.append(precision)
        if self.plan.offload != "none":
            parts.append(tr("part by part"))
        if self.seconds is not None:
            parts.append(duration_words(self.seconds))
        if self.memory and self.total:
            parts.append(
                tr("{memory} of {total} GB", memory=gb_words(self.memory), total=gb_words(self.total))
            )
        return ", ".join(parts)


def choices(
    demand: Demand, machine: Mapping[str, Memory], calibration: Calibration | None = None
) -> tuple[Choice, ...]:
    """The ways that fit into the memory that is free, the best first; the others are for when it runs out.

    `machine` has the memory of the demand's device and of "cpu".

    Raises:
        OutOfMemory: none fits, in words with numbers.
    """
    calibration = calibration or Calibration()
    if not demand.weights:
        plan = Plan(device=demand.device, precision=demand.precision)
        total = machine.get(demand.device, Memory(0, 0)).total
        return (Choice(plan=plan, memory=demand.memory or 0, total=total, seconds=demand.seconds),)
    ways = list(_ways(demand))
    fitting, reason, before = [], _unasked(demand, ways[0]), None
    for plan in ways:
        choice = _choice(demand, plan, machine, calibration, as_before=plan == ways[0])
        if before is not None:
            reason = _reason(plan, before)
        if _fits(choice, machine):
            fitting.append(replace(choice, reason=reason))
        before = choice
    if not fitting:
        tried = [_choice(demand, plan, machine, calibration) for plan in ways]
        raise _too_large(demand, tried, machine)
    return tuple(fitting)


def worth_trying(found: Sequence[Choice], free: Callable[[str], int]) -> tuple[Choice, ...]:
    """Those that fit into what is free on their devices now, or at least the last one.

    For the worker, which alone can ask a graphics card.
    """
    fitting = [
        choice
        for choice in found
        if kind_of(choice.plan.device) not in ("cuda", "mps") or choice.memory <= free(choice.plan.device)
    ]
    return tuple(fitting or found[-1:])


def _ways(demand: Demand) -> Iterator[Plan]:
    device, kind = demand.device, kind_of(demand.device)
    by_torch = all(weights.format in _TORCH for weights in demand.weights)
    wanted = demand.precision
    if kind != "cpu" and not _unable(demand):
        yield Plan(device=device, precision=wanted)
        if kind == "cuda" and any(
            weights.format in ("diffusers", "safetensors") for weights in demand.weights
        ):
            yield Plan(device=device, precision=wanted, offload="model")
            yield Plan(device=device, precision=wanted, offload="sequential")
    if not by_torch or wanted != "auto":
        yield Plan(device="cpu", precision=wanted)
    else:
        yield Plan(device="cpu", precision="fp32")
        yield Plan(device="cpu", precision="bf16")


def _unable(demand: Demand) -> bool:
    """Whether a model is computed by what does not know the device at all."""
    formats = {weights.format for weights in demand.weights}
    return "onnx-text" in formats or (
        kind_of(demand.device) not in ("cpu", "cuda", "mps") and not formats.isdisjoint(_TORCH)
    )


def _unasked(demand: Demand, best: Plan) -> str:
    """Why the best plan is not on the device that was asked for; "" where it is."""
    if best.device == demand.device:
        return ""
    return tr("This model is computed on the processor only.")


def _choice(
    demand: Demand,
    plan: Plan,
    machine: Mapping[str, Memory],
    calibration: Calibration,
    *,
    as_before: bool = False,
) -> Choice:
    """`as_before`: the last such jobs were done so."""
    memory, host = _memory(demand, plan)
    if as_before and plan.device == "cpu" and demand.memory and plan.precision in ("auto", "fp32"):
        memory = min(memory, demand.memory)
    seconds = demand.seconds if as_before else None
    if seconds is None and plan.offload == "none":
        seconds = _seconds(demand, plan, calibration)
    return Choice(
        plan=plan,
        memory=memory,
        host_memory=host,
        total=machine.get(plan.device, Memory(0, 0)).total,
        seconds=seconds,
        stored=demand.weights[0].stored,
    )


def _fits(choice: Choice, machine: Mapping[str, Memory]) -> bool:
    there, main = machine.get(choice.plan.device, Memory(0, 0)), machine.get("cpu", Memory(0, 0))
    if choice.host_memory and main.total and choice.host_memory > main.free:
        return False
    if not there.total:
        return True  # nobody can tell: it is tried
    free = there.free if choice.plan.device == "cpu" else min(there.free, int(there.total * _USABLE))
    return choice.memory <= free


def _memory(demand: Demand, plan: Plan) -> tuple[int, int]:
    """(bytes of the plan's device, bytes of the main memory besides)"""
    kind, precision = kind_of(plan.device), _precision(plan)
    weights = sum(_bytes(one, precision) for one in demand.weights)
    work = max(_working(one, precision, demand) for one in demand.weights)
    base = _BASE["torch" if any(one.format in _TORCH for one in demand.weights) else "onnx"]
    said = _said(demand, kind, precision)
    if plan.offload == "none" and said:
        weights, work = said, 0
    if kind == "cpu":
        return weights + work + base, 0
    if plan.offload == "model":
        # What decodes is small, and comes when the largest network has left.
        parts = [
            int(_bytes(one, precision) * one.largest) + _stepping(one, precision) for one in demand.weights
        ]
        return max(*parts, work + weights // 20) + _CONTEXT, weights + base
    if plan.offload == "sequential":
        return work + _CONTEXT, weights + base
    # On its way to the graphics card a model passes through the main memory, in pieces.
    return weights + work + (_CONTEXT if kind == "cuda" else 0), base


def _said(demand: Demand, kind: str, precision: str) -> int:
    """What the model's plugin says that it needs on such a device, for one model; else 0."""
    if len(demand.weights) != 1:
        return 0
    one = demand.weights[0]
    wanted = {one.stored} if one.stored else {"bf16", "fp16"} if precision == "bf16" else {precision}
    return next((need.memory for need in one.needs if need.device == kind and need.precision in wanted), 0)


def _precision(plan: Plan) -> str:
    if plan.precision != "auto":
        return plan.precision
    return "bf16" if kind_of(plan.device) in ("cuda", "mps") else "fp32"


def _bytes(weights: Weights, precision: str) -> int:
    if weights.format not in _TORCH:
        return int(
            weights.size * 1.1
        )  # weights are packed anew for the processor, one matrix after the other
    return int(weights.parameters * BYTES.get(precision, 4.0))


def _working(weights: Weights, precision: str, demand: Demand) -> int:
    if weights.format == "onnx":
        return _ONNX_PER_PIXEL * _ONNX_SIDE**2
    if weights.side:
        # Large models decode in 32 bits whatever the rest computes in.
        precision = "fp32" if weights.side >= _LARGE_SIDE else precision
        return _DECODING.get(precision, 4096) * weights.side**2
    return _text_memory(weights, precision, demand)


def _stepping(weights: Weights, precision: str) -> int:
    return _STEPPING.get(precision, 2048) * weights.side**2


def _text_memory(weights: Weights, precision: str, demand: Demand) -> int:
    """What a language model remembers of its tokens, and the scores of the next one."""
    tokens = min(demand.tokens + _PROMPT if demand.tokens else _USUAL_TOKENS, weights.context or 1 << 30)
    number = 4 if weights.stored else _CACHE_BYTES.get(precision, 4)
    remembered = weights.cache * number * tokens * demand.rows
    scores = weights.vocabulary * 4 * _SCORES * demand.rows
    return remembered + scores + 64 * _MB


def _seconds(demand: Demand, plan: Plan, calibration: Calibration) -> float | None:
    """What the table and the measured speed of the device come to; None where it was not measured."""
    speed = calibration.devices.get(plan.device)
    operations = calibration.operations(plan.device, _precision(plan))
    if speed is None or operations is None:
        return None
    one = demand.weights[0]
    operations *= _EFFICIENCY
    if one.side and demand.steps:
        each = _STEP_PER_PIXEL[_LARGE_SIDE if one.side >= _LARGE_SIDE else 512]
        return (each * demand.steps + _DECODE_PER_PIXEL) * one.side**2 / operations
    if demand.tokens:
        if one.stored:  # quantized matrices are multiplied in 8 bits, at least as fast as the fastest
            operations = max(speed.operations.values()) * _EFFICIENCY
        reading = 2 * one.parameters * _PROMPT / operations
        each = max(
            _bytes(one, _precision(plan)) / speed.bandwidth, 2 * one.parameters * demand.rows / operations
        )
        return reading + demand.tokens * each
    return None


def _reason(plan: Plan, before: Choice) -> str:
    """Why this plan and not the better one before it."""
    need, has = gb_words(before.memory), gb_words(before.total)
    if plan.device == "cpu" and before.plan.device == "cpu":
        return tr("With 32-bit numbers it would need {need} GB, so it computes with 16 bits.", need=need)
    if plan.device == "cpu":
        return tr("It may need {need} GB of the graphics card's {has} GB.", need=need, has=has)
    if plan.offload == "model":
        return tr(
            "The whole model would need {need} GB of the graphics card's {has} GB, so its parts take turns.",
            need=need, has=has,
        )  # fmt: skip
    return tr(
        "Its largest part would need {need} GB of the graphics card's {has} GB, so it computes layer by "
        "layer, which is slow.",
        need=need, has=has,
    )  # fmt: skip


def _too_large(demand: Demand, found: Sequence[Choice], machine: Mapping[str, Memory]) -> OutOfMemory:
    least = min((choice for choice in found if choice.plan.device == "cpu"), key=lambda choice: choice.memory)
    main = machine.get("cpu", Memory(0, 0))
    detail = "\n".join(
        f"{choice.plan}: {choice.memory} bytes, {choice.host_memory} besides" for choice in found
    )
    if least.memory > main.total:
        finer = any(one.format in ("gguf", "transformers") for one in demand.weights)
        return OutOfMemory(
            tr(
                "This model is larger than the memory: it needs about {need} GB, this computer has {has} GB.",
                need=gb_words(least.memory),
                has=gb_words(main.total),
            ),
            tr("Choose a smaller model, or the same one with fewer bits (int4).")
            if finer
            else tr("Choose a smaller model."),
            detail,
        )
    return OutOfMemory(
        tr(
            "There is not enough free memory: this needs about {need} GB, and {free} of {has} GB are free.",
            need=gb_words(least.memory),
            free=gb_words(main.free),
            has=gb_words(main.total),
        ),
        tr("Close other programs, or choose a smaller model."),
        detail,
    )
