from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from studio.backends.calibration import Calibration, Speed, load_calibration, save_calibration


def test_it_is_kept(tmp_path: Path) -> None:
    assert load_calibration(tmp_path) == Calibration()
    measured = Calibration({"cpu": Speed(2e10, {"fp32": 2e11, "bf16": 1e11})})
    save_calibration(tmp_path / "new", measured)
    assert load_calibration(tmp_path / "new") == measured
    assert measured.operations("cpu", "fp32") == 2e11
    assert measured.operations("cpu", "fp16") == 1e11
    assert measured.operations("cuda:0", "fp32") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[" * 100_000,
        b'{"devices": 3}',
        b'{"format": 2}',
        b'{"devices": {"cpu": {"bandwidth": 0, "operations": {}}}}',
        b'{"devices": {"cpu": {"bandwidth": 1, "operations": {"fp32": -1}}}}',
    ],
)
def test_a_damaged_file_is_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "calibration.json").write_bytes(content)
    assert load_calibration(tmp_path) == Calibration()


@pytest.mark.slow
def test_it_is_measured() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "studio.backends.calibrate"], capture_output=True, check=True
    ).stdout
    cpu = msgspec.json.decode(told, type=Calibration).devices["cpu"]
    assert cpu.bandwidth > 1e8
    assert cpu.operations["fp32"] > 1e8
