"""What the image plugin's tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from .helpers import Repainter


@pytest.fixture
def repaint(tmp_path: Path) -> Repainter:
    return Repainter(tmp_path)
