from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter


def _listen_to_interrupts() -> None:
    """A shell starts what runs in its background with Ctrl-C ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class CommandLine:
    """The real command line in its own process, with its own home."""

    def __init__(self, home: Path) -> None:
        self.environment = {**os.environ, "STUDIO_HOME": str(home), "COLUMNS": "100"}

    def start(self, *words: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "studio", *map(str, words), "--json"],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_listen_to_interrupts,
        )

    def end(self, process: subprocess.Popen[str]) -> tuple[int, dict[str, Any]]:
        try:
            out, err = process.communicate(timeout=500)
        finally:
            process.kill()
        assert "Traceback" not in err, err
        return process.returncode, json.loads(out)

    def run(self, *words: object) -> tuple[int, dict[str, Any]]:
        return self.end(self.start(*words))


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(tmp_path_factory.mktemp("home"))


def photo(path: Path, *, seed: int = 0, size: tuple[int, int] = (96, 64), mode: str = "RGB") -> Path:
    """A picture with texture at every scale."""
    rng = np.random.default_rng(seed)
    noise = Image.fromarray(rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))
    noise.filter(ImageFilter.GaussianBlur(1.5)).convert(mode).save(path)
    return path


def mask(path: Path, *, size: tuple[int, int] = (96, 64), box: Sequence[int] = (40, 24, 60, 40)) -> Path:
    picture = Image.new("L", size, 0)
    picture.paste(255, tuple(box))
    picture.save(path)
    return path
