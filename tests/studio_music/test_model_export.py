"""The exported graph says what the network says; and the model that ships composes, fast and alike each
time."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from studio_music.core.compose.engine import fill
from studio_music.core.compose.model import MOST_ROWS, SHIPPED, MusicModel, shipped_facts
from studio_music.core.compose.request import FillRequest, Voice
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.tokens import vocabulary as v

from studio.api.values import BadInput

if TYPE_CHECKING:
    from studio_music.training.network import Network


def _network() -> Network:
    torch = pytest.importorskip("torch")
    from studio_music.training.network import Network, Shape

    torch.manual_seed(0)
    network = Network(Shape(width=64, layers=2, heads=2, hidden=96)).eval()
    for parameter in network.parameters():
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=0.08)
    return network


def _rows(count: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.stack([rng.integers(0, size, count) for size in v.FEATURE_SIZES], -1)


@pytest.mark.slow
@pytest.mark.parametrize(("half", "off"), [(False, 1e-4), (True, 0.02)])
def test_the_graph_agrees_with_the_network(tmp_path: Path, half: bool, off: float) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    from studio_music.training.export import export

    network = _network()
    path = tmp_path / "model.onnx"
    export(network, path, half=half)
    rows = _rows(40)
    with torch.no_grad():
        wanted = network(torch.from_numpy(rows)[None])[0].numpy()
    model = MusicModel.load(path)
    model.start()
    found = [model.feed(rows[:30]), *(model.feed(rows[place : place + 1]) for place in range(30, 40))]
    assert np.abs(np.array(found) - wanted[29:]).max() < off
    model.start()
    assert np.abs(model.feed(rows) - wanted[-1]).max() < off


@pytest.mark.slow
def test_long_music_is_read_in_parts(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    from studio_music.training.export import export

    network = _network()
    path = tmp_path / "model.onnx"
    export(network, path, half=False)
    rows = _rows(1300)
    with torch.no_grad():
        wanted = network(torch.from_numpy(rows)[None])[0].numpy()
        cached, past = network.step(torch.from_numpy(rows[None, :1290]), network.nothing())
        stepped, _ = network.step(torch.from_numpy(rows[None, 1290:]), past)
    assert np.abs(np.array([cached, stepped]) - wanted[[1289, 1299]]).max() < 1e-4
    model = MusicModel.load(path)
    for _ in range(2):
        model.start()
        found = [model.feed(rows[:1290]), model.feed(rows[1290:])]
        assert np.abs(np.array(found) - wanted[[1289, 1299]]).max() < 1e-4
    with pytest.raises(BadInput, match="too many notes"):
        model.feed(_rows(MOST_ROWS - 1299))


def test_a_file_that_is_no_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no music model at"):
        MusicModel.load(tmp_path / "missing.onnx")
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"nothing of the kind")
    with pytest.raises(BadInput, match=r"broken\.onnx is no music model"):
        MusicModel.load(broken)


@pytest.fixture(scope="module")
def shipped() -> MusicModel:
    return MusicModel.load()


def test_the_shipped_model_is_what_was_pinned() -> None:
    content = SHIPPED.read_bytes()
    facts = shipped_facts()
    assert hashlib.sha256(content).hexdigest() == facts["sha256"]
    assert len(content) == facts["bytes"] <= 25 * 2**20
    assert facts["vocabulary"] == v.SIZE
    assert SHIPPED.with_name("card.md").exists()
    assert SHIPPED.with_name("history.csv").exists()


def test_the_shipped_model_composes_the_same_again(shipped: MusicModel) -> None:
    request = FillRequest(
        "solo",
        (Voice("melody", 57, 84),),
        Key(2),
        Meter(6, 8),
        4,
        FillRequest.everything(4, 1),
        cadence="full",
    )
    bars: list[int] = []
    once = [
        fill_.notes[0]
        for fill_ in fill(shipped, request, np.random.default_rng(1), lambda done, _: bars.append(done))
    ]
    again = [filled.notes[0] for filled in fill(shipped, request, np.random.default_rng(1))]
    assert once == again
    assert bars == [1, 2, 3, 4]
    assert all(once)
    assert once[-1][-1].pitch % 12 == 2


def test_the_first_bar_is_there_within_a_second(shipped: MusicModel) -> None:
    request = FillRequest(
        "choir",
        (Voice("soprano", 60, 81), Voice("alto", 53, 74), Voice("tenor", 48, 69), Voice("bass", 36, 64)),
        Key(0),
        Meter(4, 4),
        8,
        FillRequest.everything(8, 4),
    )
    began = time.monotonic()
    next(fill(shipped, request, np.random.default_rng(0)))
    assert time.monotonic() - began < 1.0
