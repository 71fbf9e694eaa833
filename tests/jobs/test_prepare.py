"""From a form or a command line to a recipe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pytest
import safetensors.numpy

from studio.api import Field, Generator, Input, Kind, Params, Ui
from studio.core.authoring import describe
from studio.core.generator import GeneratorDescription
from studio.core.recipe import ModelUse, Numerics, Recipe
from studio.errors import BadInput, InvalidParams, ModelRefused
from studio.jobs.prepare import make_recipe, pair_folders
from studio.models.store import ModelStore
from studio.project.store import Project


class PaintParams(Params):
    method: Literal["plain", "model"] = "plain"
    net: Annotated[str, Ui(model=("safetensors",), when=("method", ("model",)))] = ""
    steps: Annotated[int, Field(ge=1, le=50)] = 20


class Paint(Generator):
    name, title, kind, version = "paint", "Paint", Kind.IMAGE, "3"
    inputs = (
        Input(name="image", title="Photo", kind=Kind.IMAGE),
        Input(name="hint", title="Hint", kind=Kind.TEXT, required=False),
    )
    Params = PaintParams


@pytest.fixture
def paint() -> GeneratorDescription:
    return describe("test", Paint)


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


Make = Callable[..., Recipe]


@pytest.fixture
def make(project: Project, paint: GeneratorDescription, store: ModelStore) -> Make:
    def make(values: dict[str, Any], **inputs: Any) -> Recipe:
        return make_recipe(project, paint, values, inputs, seed=5, device="cpu", threads=2, models=store)

    return make


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    path.write_bytes(b"not looked at here")
    return path


def test_a_file_becomes_an_asset_and_a_digest(make: Make, project: Project, photo: Path) -> None:
    recipe = make({"steps": 30}, image=photo)
    (asset,) = project.items()
    assert (asset.name, asset.kind) == ("photo", Kind.IMAGE)
    assert recipe == Recipe(
        generator="test/paint",
        generator_version="3",
        params={"method": "plain", "net": "", "steps": 30},
        inputs={"image": asset.digest},
        seed=5,
        numerics=Numerics(threads=2),
    )
    assert make({"steps": 30}, image=asset) == recipe
    assert project.count() == 1


def test_what_is_wrong_is_said_and_nothing_is_brought_in(make: Make, project: Project, photo: Path) -> None:
    with pytest.raises(InvalidParams, match="steps must be at most 50"):
        make({"steps": 99}, image=photo)
    with pytest.raises(BadInput, match="no input “picture”"):
        make({}, picture=photo)
    with pytest.raises(BadInput, match="Photo: nothing is chosen"):
        make({}, hint=photo)
    with pytest.raises(ModelRefused, match="There is no model"):
        make({"method": "model", "net": "nothing"}, image=photo)
    with pytest.raises(BadInput, match=r"“none\.png” cannot be read"):
        make({}, image=photo, hint=photo.with_name("none.png"))
    assert project.count() == 0


def test_models_are_named_by_digest(make: Make, store: ModelStore, photo: Path, tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    safetensors.numpy.save_file({"a": np.ones(2)}, path)
    model = store.add(path, licence="MIT")
    recipe = make({"method": "model", "net": "net"}, image=photo)
    assert recipe.params["net"] == model.digest
    assert recipe.models["net"] == ModelUse(name="net", digest=model.digest, licence="MIT")
    assert make({"method": "model", "net": str(path)}, image=photo) == recipe
    assert make({"method": "model", "net": model.digest}, image=photo) == recipe


def test_a_model_that_does_not_matter_is_left_out(make: Make, photo: Path) -> None:
    recipe = make({"method": "plain", "net": "/home/me/secret.onnx"}, image=photo)
    assert recipe.params["net"] == ""
    assert recipe.models == {}


@pytest.mark.parametrize("suffix", ["png", "JPG", "jpeg", "jfif", "webp", "tif", "TIFF", "bmp", "gif"])
def test_no_photo_of_a_folder_is_passed_over_for_its_suffix(tmp_path: Path, suffix: str) -> None:
    photos = files(tmp_path / "photos", f"a.{suffix}", "notes.txt")
    mask = tmp_path / "m.png"
    mask.touch()
    assert pair_folders(photos, mask) == [(photos / f"a.{suffix}", mask)]


def files(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(b"x")
    return folder


def test_photos_and_masks_are_paired_by_name(tmp_path: Path) -> None:
    photos = files(tmp_path / "p", "b.JPG", "a.png", "notes.txt")
    masks = files(tmp_path / "m", "a_mask.png", "b.png", "unused.png")
    assert pair_folders(photos, masks) == [
        (photos / "a.png", masks / "a_mask.png"),
        (photos / "b.JPG", masks / "b.png"),
    ]


def test_one_mask_for_all_and_masks_beside_photos(tmp_path: Path) -> None:
    photos = files(tmp_path / "p", "a.png", "a_mask.png", "b.png", "b_mask.png")
    assert [(p.name, m.name) for p, m in pair_folders(photos, photos)] == [
        ("a.png", "a_mask.png"),
        ("b.png", "b_mask.png"),
    ]
    one = photos / "a_mask.png"
    assert [p.name for p, m in pair_folders(photos, one) if m == one] == ["a.png", "b.png", "b_mask.png"]


def test_unpaired_photos_are_all_named(tmp_path: Path) -> None:
    photos, masks = files(tmp_path / "p", "a.png", "b.png", "c.png"), files(tmp_path / "m", "b.png")
    with pytest.raises(BadInput, match=r"2 of 3 photos have no mask: a.png, c.png"):
        pair_folders(photos, masks)
    (masks / "a.png").touch()
    (masks / "c.png").touch()
    (masks / "c_mask.png").touch()
    with pytest.raises(BadInput, match=r"More than one mask fits c.png"):
        pair_folders(photos, masks)
    with pytest.raises(BadInput, match="no photo in"):
        pair_folders(files(tmp_path / "empty"), masks)
    for name in ("a" * 300, "a\0b"):
        with pytest.raises(BadInput, match="no folder"):
            pair_folders(tmp_path / name, masks)
    with pytest.raises(BadInput, match="no folder"):
        pair_folders(tmp_path / "absent", masks)
    for name in ("absent.png", "a" * 300, "a\0b"):
        with pytest.raises(BadInput, match="not there"):
            pair_folders(photos, tmp_path / name)
