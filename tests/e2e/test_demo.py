"""The sample project, and the main job on it without a screen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.images import load_mask
from studio.core.kind import Kind
from studio.project.sample import create_sample, sample_pairs

from .conftest import CommandLine

pytestmark = pytest.mark.slow


def test_every_sample_photo_has_a_mask_that_fits() -> None:
    pairs = sample_pairs()
    assert len(pairs) >= 3
    for photo, mask in pairs:
        with Image.open(photo) as picture:
            assert load_mask(mask, picture.size).any()


def test_the_sample_project_shows_its_photos_first(tmp_path: Path) -> None:
    with create_sample(tmp_path / "Sample.studio") as project:
        first = project.items(limit=1)[0]
        assert first.kind == Kind.IMAGE and first.name == sample_pairs()[0][0].stem
        assert project.count(kinds=[Kind.IMAGE]) == project.count(kinds=[Kind.MASK]) == len(sample_pairs())


def test_the_demo_repairs_a_photo_and_says_where(tmp_path: Path) -> None:
    studio = CommandLine(tmp_path)
    code, said = studio.run("demo")
    assert code == 0
    before, after = (np.asarray(Image.open(path)) for path in (said["photo"], said["files"][0]))
    changed = (before != after).any(axis=2)
    painted = load_mask(sample_pairs()[0][1]) > 0
    assert changed.any() and not changed[~painted].any()
    assert studio.run("demo")[0] == 0  # a second time, in the same project
    assert studio.run("check", said["project"])[1]["ok"]
