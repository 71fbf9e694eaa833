"""The same recipe gives the same bytes: again, after other jobs in the same worker, and in a fresh worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.api import Picture, encode_png
from studio.core.item import JobState
from studio.core.recipe import Recipe
from studio.jobs.describe import discover
from studio.jobs.prepare import make_recipe
from studio.jobs.runner import Runner
from studio.models.store import ModelStore
from studio.project.store import Project

from .helpers import blob, textured
from .test_onnx import mean_fill
from .tiny_diffusion import pipeline

pytestmark = pytest.mark.slow

DIFFUSION = {"method": "diffusion", "prompt": "a dog", "steps": 4}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("models")
    pipeline("sd1", folder).save_pretrained(str(folder / "sd"), safe_serialization=True)
    return {
        "onnx_model": str(mean_fill(folder / "mean.onnx")),
        "diffusion_model": str(folder / "sd"),
    }


@pytest.mark.parametrize(
    ("values", "others"),
    [
        ({"method": "fill"}, {"method": "onnx"}),
        ({"method": "onnx"}, {"method": "fill"}),
        (DIFFUSION, DIFFUSION | {"scheduler": "euler_a", "guidance_scale": 1.0}),
    ],
    ids=["fill", "onnx", "diffusion"],
)
def test_the_same_recipe_gives_the_same_bytes(
    tmp_path: Path, models: dict[str, str], values: dict[str, object], others: dict[str, object]
) -> None:
    photo, mask = tmp_path / "photo.png", tmp_path / "mask.png"
    photo.write_bytes(encode_png(Picture(textured(90, 120))))
    mask.write_bytes(encode_png(Picture(blob(90, 120)[..., None])))
    store = ModelStore(tmp_path / "store")
    catalog = discover(tmp_path / "cache")

    with Project.create(tmp_path / "Test.studio") as project:

        def recipe(given: dict[str, object], seed: int) -> Recipe:
            return make_recipe(
                project,
                catalog.generator("image/inpaint"),
                {**models, **given},
                {"image": photo, "mask": mask},
                seed=seed,
                device="cpu",
                threads=2,
                models=store,
            )

        def made_by_a_fresh_worker(recipes: list[Recipe]) -> list[str]:
            runner = Runner(project, catalog, store, on_event=lambda event: None)
            runner.start()
            try:
                jobs = runner.wait([job.id for job in runner.submit(recipes, title="test")], 120)
            finally:
                runner.stop()
            assert [job.state for job in jobs] == [JobState.DONE] * len(jobs), [job.error for job in jobs]
            return [project.items(job=job.id)[0].digest for job in jobs]

        same, other = recipe(values, 7), recipe(others, 8)
        first, again, between, after_it = made_by_a_fresh_worker([same, same, other, same])
        assert first == again == after_it != between
        assert made_by_a_fresh_worker([other, same]) == [between, first]
