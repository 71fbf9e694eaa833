"""What the tests of the room share: a canvas with a photo, and the rules of the window's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from studio_image.room.canvas import MaskCanvas

from tests.studio_image.room.canvas_driving import show, write_photo
from tests.ui.conftest import (  # noqa: F401
    _collector,
    _empty_clipboard,
    _left_by_others,
    _nothing_in_front,
    dressed,
    home,
    until,
)


@pytest.fixture
def empty(qtbot) -> MaskCanvas:
    made = MaskCanvas()
    qtbot.addWidget(made)
    made.resize(640, 480)
    made.show()
    return made


@pytest.fixture
def canvas(empty: MaskCanvas, qtbot, tmp_path: Path) -> MaskCanvas:
    show(empty, qtbot, write_photo(tmp_path / "photo.png"))
    empty.brush_size = 20
    return empty
