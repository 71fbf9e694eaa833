"""What is painted in a whole window is there again when its project is opened in the next one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from studio.ui.shell.studio_window import StudioWindow
from tests.studio_image.room.canvas_driving import drag, write_photo
from tests.ui.conftest import another  # noqa: F401
from tests.ui.pictures import canvas_of, photo_of


def test_a_mask_is_back_after_a_restart(
    another: Callable[[], StudioWindow],  # noqa: F811
    tmp_path: Path,
    until,
) -> None:
    first = another()
    first.window.show()
    first.projects.create(tmp_path / "Trip.studio")
    until(lambda: first.context.project is not None)
    first.items.bring_in([write_photo(tmp_path / "lake.png"), write_photo(tmp_path / "sea.png", (90, 60))])
    until(lambda: photo_of(first) is not None and canvas_of(first).mask_model is not None)
    until(lambda: first.context.project.count() == 2 and not first.context.tasks.running)
    _, other = first.context.project.items()
    first.items.open([other])  # not what a project begins with
    until(lambda: photo_of(first) == other and canvas_of(first).mask_model is not None)
    drag(canvas_of(first), (20, 20), (40, 30))
    painted = canvas_of(first).mask_model.pixels.copy()
    first.window.close()
    first.end()

    second = another()
    second.window.show()
    second.projects.open(tmp_path / "Trip.studio")
    until(lambda: second.context.project is not None and canvas_of(second).mask_model is not None)
    assert photo_of(second) == other
    until(lambda: second.gallery.selected() == [other])
    assert np.array_equal(canvas_of(second).mask_model.pixels, painted) and painted.any()
