"""How fast the music model composes: 32 bars for a choir, against the time that they last.

Run on request: `pytest -m benchmark tests/benchmarks/bench_music_model.py -s`, on a quiet machine. The time
of this process counts, which busy neighbors lengthen less; only the first bar counts as a person waits for
it. torch computes a network of the same shape, whose weights do not matter for its speed.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from studio_music.core.compose.engine import fill
from studio_music.core.compose.model import MusicModel, shipped_facts
from studio_music.core.compose.request import FillRequest, Voice
from studio_music.core.ensembles import ENSEMBLES
from studio_music.core.keys import Key
from studio_music.core.meter import Meter

from tests.benchmarks.sizes import at_least, at_most, size

if TYPE_CHECKING:
    from studio_music.training.network import Network

BARS = size(32, 2)
BPM = 120.0
SEEDS = size(5, 1)
STEPS = size(128, 4)
ROUNDS = size(5, 1)
TIMES = at_least(20.0)
"""How often faster than it plays: the goal."""
FIRST_BAR_SECONDS = at_most(1.0)
TORCH_TIMES = at_least(2.0)


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_a_choir() -> None:
    began = time.perf_counter()
    model = MusicModel.load()
    loaded = time.perf_counter() - began
    meter = Meter(4, 4)
    voices = tuple(Voice(part.track.role, part.low, part.high) for part in ENSEMBLES["choir"].voices)
    request = FillRequest(
        "choir",
        voices,
        Key(0),
        meter,
        BARS,
        FillRequest.everything(BARS, len(voices)),
        tempo=BPM,
        cadence="full",
    )
    lasting = BARS * meter.beats * 60 / BPM
    firsts, times = [], []
    for seed in range(SEEDS):
        began, start = time.perf_counter(), time.process_time()
        writing = fill(model, request, np.random.default_rng(seed))
        next(writing)
        firsts.append(loaded + time.perf_counter() - began)
        assert sum(1 for _ in writing) == BARS - 1
        times.append(lasting / (time.process_time() - start))
    print(
        f"\n{BARS} bars of four voices: {min(times):.0f} to {max(times):.0f} times as fast as they play; "
        f"the first bar after {max(firsts):.2f} s, of which loading takes {loaded:.2f} s"
    )
    assert min(times) >= TIMES
    assert max(firsts) <= FIRST_BAR_SECONDS


def network_like_ours() -> Network:
    from studio_music.training.network import Network, Shape

    facts = shipped_facts()
    return Network(Shape(facts["heads"] * facts["head_size"], facts["layers"], facts["heads"])).eval()


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_beside_torch() -> None:
    pytest.importorskip("torch")
    from studio_music.training.evaluate import speed

    network = network_like_ours()
    assert sum(one.numel() for one in network.parameters()) == shipped_facts()["parameters"]
    model = MusicModel.load()
    rounds = [speed(network, model, STEPS) for _ in range(ROUNDS)]
    ours, eager = (min(one[name] for one in rounds) for name in rounds[0])
    print(f"\na token takes ONNX Runtime {ours:.2f} ms, torch {eager:.2f} ms: {eager / ours:.1f} times")
    assert eager / ours >= TORCH_TIMES
