"""Plans for machines that are not here: their memory is given in numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.backends.calibration import Calibration, Speed
from studio.backends.device import Memory
from studio.backends.plan import BYTES, Choice, Demand, Weights, choices, worth_trying
from studio.core.model import Need, Plan
from studio.errors import OutOfMemory

GB = 1 << 30
SD15 = Weights(format="diffusers", size=4 * GB, parameters=1_070_000_000, side=512, largest=0.8)
SDXL = Weights(format="safetensors", size=7 * GB, parameters=3_470_000_000, side=1024, largest=0.74)
LLM = Weights(
    format="transformers",
    size=15 * GB,
    parameters=7_600_000_000,
    cache=2 * 28 * 4 * 128,
    context=32768,
    vocabulary=152_064,
)
TEXT = Weights(
    format="onnx-text",
    size=450 << 20,
    parameters=270_000_000,
    stored="int4",
    cache=2 * 18 * 256,
    context=32768,
)


def machine(main: float = 32, free: float | None = None, **cards: float) -> dict[str, Memory]:
    found = {"cpu": Memory(int(main * GB), int((main if free is None else free) * GB))}
    return found | {f"{name}:0": Memory(int(size * GB), int(size * GB)) for name, size in cards.items()}


def ways(found: tuple[Choice, ...]) -> list[tuple[str, str, str]]:
    return [(choice.plan.device, choice.plan.precision, choice.plan.offload) for choice in found]


def test_a_card_with_room_computes_in_half_precision() -> None:
    found = choices(Demand(device="cuda:0", weights=(SDXL,)), machine(cuda=24))
    assert ways(found) == [
        ("cuda:0", "auto", "none"),
        ("cuda:0", "auto", "model"),
        ("cuda:0", "auto", "sequential"),
        ("cpu", "fp32", "none"),
        ("cpu", "bf16", "none"),
    ]
    assert found[0].reason == ""
    assert 9 * GB < found[0].memory < 12 * GB  # XL at 1024² is known to need about 10
    assert [choice.memory for choice in found[:3]] == sorted((c.memory for c in found[:3]), reverse=True)


@pytest.mark.parametrize(
    ("card", "first", "why"),
    [
        (12, ("cuda:0", "auto", "none"), ""),
        (10, ("cuda:0", "auto", "model"), "take turns"),
        (6, ("cuda:0", "auto", "sequential"), "layer by layer"),
        (2, ("cpu", "fp32", "none"), "graphics card's 2.0 GB"),
    ],
)
def test_smaller_cards_get_smaller_plans_and_are_told_why(
    card: int, first: tuple[str, str, str], why: str
) -> None:
    found = choices(Demand(device="cuda:0", weights=(SDXL,)), machine(cuda=card))
    assert ways(found)[0] == first
    assert why in found[0].reason
    assert bool(found[0].reason) is bool(why)


def test_stable_diffusion_fits_a_card_of_4_gb() -> None:
    assert ways(choices(Demand(device="cuda:0", weights=(SD15,)), machine(cuda=4)))[0][2] == "none"


def test_parts_that_wait_need_the_main_memory() -> None:
    with pytest.raises(OutOfMemory):
        choices(Demand(device="cuda:0", weights=(SDXL,)), machine(main=6, cuda=8))


def test_the_processor_computes_in_32_bits_while_they_fit() -> None:
    assert ways(choices(Demand(device="cpu", weights=(SD15,)), machine(16)))[0] == ("cpu", "fp32", "none")
    found = choices(Demand(device="cpu", weights=(LLM,)), machine(24))
    assert ways(found) == [("cpu", "bf16", "none")]
    assert "32-bit" in found[0].reason
    insisted = Demand(device="cpu", precision="fp32", weights=(LLM,))
    with pytest.raises(OutOfMemory):
        choices(insisted, machine(24))


def test_what_is_larger_than_the_memory_is_refused_with_numbers() -> None:
    with pytest.raises(OutOfMemory) as refused:
        choices(Demand(device="cpu", weights=(LLM,)), machine(8))
    assert "larger than the memory" in refused.value.message
    assert "8.0 GB" in refused.value.message
    assert "smaller" in refused.value.hint
    with pytest.raises(OutOfMemory) as refused:
        choices(Demand(device="cpu", weights=(LLM,)), machine(24, free=3))
    assert "3.0 of 24 GB are free" in refused.value.message
    assert "Close other programs" in refused.value.hint


@pytest.mark.parametrize(("model", "finer"), [(LLM, True), (SDXL, False), (TEXT, False)])
def test_fewer_bits_are_proposed_where_there_can_be_fewer(model: Weights, finer: bool) -> None:
    with pytest.raises(OutOfMemory) as refused:
        choices(Demand(device="cpu", weights=(model,)), machine(0.1))
    assert ("int4" in refused.value.hint) == finer
    assert "smaller model" in refused.value.hint


def test_the_words_of_the_window() -> None:
    calibrated = Calibration({"cpu": Speed(2e10, {"fp32": 2e11})})
    demand = Demand(device="cpu", weights=(TEXT,), tokens=500)
    found = choices(demand, machine(24), calibrated)
    assert ways(found) == [("cpu", "auto", "none")]
    assert found[0].words() == "Processor, int4, about 16 s, 0.7 of 24 GB"
    assert choices(demand, machine(24))[0].words() == "Processor, int4, 0.7 of 24 GB"
    card = choices(Demand(device="cuda:0", weights=(SDXL,), seconds=300), machine(cuda=10))
    assert card[0].words() == "Graphics card, 16 bit, part by part, 6.3 of 10 GB"
    assert Choice(plan=Plan(device="cuda:1", precision="fp32")).words() == "Graphics card 2, fp32"
    for seconds, words in (
        (0.2, "under 1 s"),
        (89, "about 89 s"),
        (600, "about 10 min"),
        (9000, "about 2 h"),
    ):
        assert words in Choice(plan=Plan(), seconds=seconds).words()


def test_what_was_seen_counts_before_the_table() -> None:
    demand = Demand(device="cpu", weights=(SD15,), seconds=42, memory=3 * GB)
    first = choices(demand, machine(32))[0]
    assert (first.memory, first.seconds) == (3 * GB, 42)
    on_card = choices(Demand(device="cuda:0", weights=(SD15,), seconds=4, memory=GB), machine(cuda=24))
    assert on_card[0].seconds == 4
    assert on_card[0].memory > 2 * GB  # the worker's main memory says nothing of the card
    assert on_card[-1].seconds is None


def test_what_the_plugin_says_counts_before_the_table() -> None:
    needs = (
        Need(device="cuda", precision="bf16", memory=5 * GB),
        Need(device="cpu", precision="fp32", memory=9 * GB),
    )
    said = Weights(format="gguf", size=GB, parameters=10**9, needs=needs)
    found = choices(Demand(device="cuda:0", weights=(said,)), machine(cuda=24))
    assert found[0].memory == 5 * GB + 500 * (1 << 20)
    assert 9 * GB < found[1].memory < 10 * GB


def test_without_a_model_there_is_nothing_to_refuse() -> None:
    found = choices(Demand(device="cpu", seconds=3, memory=GB), machine(0.5))
    assert [(choice.memory, choice.seconds) for choice in found] == [(GB, 3)]


def test_a_device_that_tells_nothing_is_tried() -> None:
    lama = Weights(format="onnx", size=200 << 20, parameters=50_000_000)
    found = choices(Demand(device="dml", weights=(lama,)), {**machine(16), "dml": Memory(0, 0)})
    assert ways(found) == [("dml", "auto", "none"), ("cpu", "auto", "none")]


@pytest.mark.parametrize(
    ("device", "model"), [("cuda:0", TEXT), ("mps", TEXT), ("dml", SD15), ("openvino", LLM)]
)
def test_what_a_device_cannot_compute_is_left_to_the_processor(device: str, model: Weights) -> None:
    found = choices(Demand(device=device, weights=(model,), seconds=7), machine(64, cuda=24))
    assert found[0].plan.device == "cpu"
    assert found[0].reason == "This model is computed on the processor only."
    assert found[0].seconds == 7


def test_the_worker_leaves_out_what_is_not_free_now() -> None:
    found = choices(Demand(device="cuda:0", weights=(SDXL,)), machine(cuda=24))
    assert worth_trying(found, lambda device: 24 * GB) == found
    assert ways(worth_trying(found, lambda device: 5 * GB))[0][2] == "sequential"
    only = found[:1]
    assert worth_trying(only, lambda device: 0) == only


def test_seconds_follow_the_measured_speed() -> None:
    slow = Calibration({"cpu": Speed(1e10, {"fp32": 1e11})})
    fast = Calibration({"cpu": Speed(1e11, {"fp32": 1e12})})
    for demand in (
        Demand(device="cpu", weights=(SD15,), steps=30),
        Demand(device="cpu", weights=(TEXT,), tokens=100),
    ):
        first, second = (choices(demand, machine(), speeds)[0].seconds for speeds in (slow, fast))
        assert first == pytest.approx(10 * second)
    assert choices(Demand(device="cpu", weights=(SD15,)), machine(), slow)[0].seconds is None


@given(
    st.sampled_from(["cpu", "cuda:0", "mps", "dml", "openvino"]),
    st.sampled_from(["auto", *BYTES]),
    st.lists(st.sampled_from([SD15, SDXL, LLM, TEXT]), max_size=2),
    st.floats(0.5, 200),
    st.floats(0.5, 200),
)
def test_what_is_offered_fits(
    device: str, precision: str, used: list[Weights], main: float, card: float
) -> None:
    there = {
        "cpu": Memory(int(main * GB), int(main * GB)),
        "cuda:0": Memory(int(card * GB), int(card * GB)),
        "mps": Memory(int(main * GB * 0.7), int(main * GB * 0.7)),
    }
    demand = Demand(device=device, precision=precision, weights=tuple(used), tokens=100, rows=3)
    try:
        found = choices(demand, there)
    except OutOfMemory as refused:
        assert refused.hint
        return
    assert found
    for choice in found:
        assert choice.words()
        if used:
            assert choice.host_memory <= there["cpu"].total
            assert choice.plan.device == "dml" or choice.memory <= there[choice.plan.device].total
