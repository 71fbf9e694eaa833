"""Pictures of a part for generators of images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from studio_product.room.part.orbit import first_look
from studio_product.room.part.pictures import DEPTH, NORMALS, SHADED, TAG, Sight, add_pictures, draw_pictures

from studio.core.kind import Kind
from studio.errors import ProjectReadOnly
from studio.project.store import Project
from studio.ui.context import WindowContext
from studio.ui.shell.room_access import Items
from tests.studio_product.room.part_making import item, solid

SIGHT = Sight(item("one"), solid(), first_look(3))


def test_near_is_bright_and_the_background_black() -> None:
    drawn = draw_pictures(SIGHT, 96)
    depth = drawn[DEPTH].astype(int)
    assert (depth[0, 0] == 0).all()
    there = depth[..., 0] > 0
    assert depth.max() == 255
    assert depth[there].min() >= 20  # the farthest place still stands out
    # The corner towards the eye, lower than the middle of the picture, is nearer than the upper edge.
    rows = np.flatnonzero(there.any(axis=1))
    assert depth[rows[-1] - 4][there[rows[-1] - 4]].mean() > depth[rows[0] + 4][there[rows[0] + 4]].mean()


def test_normals_are_colors_of_directions() -> None:
    normals = draw_pictures(SIGHT, 96)[NORMALS].astype(float) / 255 * 2 - 1
    assert normals[0, 0] == pytest.approx((0, 0, 1), abs=0.01)
    middle = normals[40:56, 40:56].reshape(-1, 3)
    assert np.linalg.norm(middle, axis=1) == pytest.approx(np.ones(len(middle)), abs=0.05)
    assert (middle[:, 2] > 0).all()


def test_the_shaded_one_has_a_light_background() -> None:
    shaded = draw_pictures(SIGHT, 96)[SHADED]
    assert shaded.shape == (96, 96, 3)
    assert shaded[0, 0].min() > 220
    assert shaded[48, 48].min() < 220


def test_they_come_into_the_project_with_their_tag(project: Project, access: Items, monkeypatch) -> None:
    monkeypatch.setattr("studio_product.room.part.pictures.SIDE", 64)
    told: list[tuple[float, float]] = []
    added = add_pictures(access, SIGHT, lambda done, total: told.append((done, total)))
    assert [one.kind for one in added.values()] == [Kind.IMAGE] * 3
    kept = [project.item(one.uid) for one in added.values()]
    assert all(one.tags == (TAG,) for one in kept)
    assert all("appearance only" in one.name for one in kept)
    assert told
    with Image.open(project.blob_path(kept[0].digest)) as opened:
        assert opened.size[0] == opened.size[1]
    assert not any((project.folder / "tmp").iterdir())


def test_a_project_that_cannot_be_written_says_so(project: Project, desk: WindowContext) -> None:
    folder = project.folder
    project.close()
    with Project.open(Path(folder), read_only=True) as closed, pytest.raises(ProjectReadOnly):
        desk.project = closed
        add_pictures(Items(desk), SIGHT, lambda done, total: None)
