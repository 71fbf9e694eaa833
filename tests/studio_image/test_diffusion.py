"""Diffusion inpainting with the real pipeline classes, at a tiny size."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest
from studio_image.generators import diffusion, diffusion_files
from studio_image.generators.params import InpaintParams

from studio.api import BadInput, Cancelled, ModelRefused, OutOfMemory, Picture, Plan

from .helpers import FakeRun, Repainter, assert_kept, blob, textured
from .tiny_diffusion import families, original_file, pipeline, tokenizer

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["sd1", "sdxl"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp(request.param)
    pipeline(request.param, made).save_pretrained(str(made / "model"), safe_serialization=True)
    return made / "model"


def test_repaints_only_the_mask_and_reports_each_step(repaint: Repainter, folder: Path) -> None:
    photo, mask = Picture(textured(90, 120)), blob(90, 120)
    options: dict[str, Any] = {"method": "diffusion", "prompt": "a dog", "steps": 3}
    after = repaint(photo, mask, models={"diffusion_model": folder}, **options)
    assert_kept(photo, after, mask)
    assert (after.pixels[mask > 0] != photo.pixels[mask > 0]).mean() > 0.5
    assert len(repaint.run.previews) == 3
    shares = [share for share, message in repaint.run.reports if message == "Painting"]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    again = repaint(photo, mask, models={"diffusion_model": folder}, **options)
    assert np.array_equal(again.pixels, after.pixels)
    other = repaint(photo, mask, models={"diffusion_model": folder}, seed=1, **options)
    assert not np.array_equal(other.pixels, after.pixels)


@pytest.mark.parametrize("scheduler", ["ddim", "euler", "euler_a", "dpmpp_2m", "unipc", "lcm"])
def test_every_scheduler_works(repaint: Repainter, folder: Path, scheduler: str) -> None:
    photo, mask = Picture(textured(64, 64)), blob(64, 64)
    after = repaint(
        photo,
        mask,
        models={"diffusion_model": folder},
        method="diffusion",
        scheduler=scheduler,
        steps=4,
        strength=0.8,
    )
    assert_kept(photo, after, mask)
    assert len(repaint.run.previews) >= 2


def test_a_job_does_not_depend_on_the_scheduler_before_it(repaint: Repainter, folder: Path) -> None:
    photo, mask = Picture(textured(64, 64)), blob(64, 64)
    made = [
        repaint(photo, mask, models={"diffusion_model": folder}, method="diffusion", scheduler=name, steps=3)
        for name in ("dpmpp_2m", "euler", "dpmpp_2m")
    ]
    assert np.array_equal(made[0].pixels, made[2].pixels)


def test_a_deep_gray_photo_with_alpha_stays_one(repaint: Repainter, folder: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 65536, (70, 50, 2)).astype(np.uint16)
    photo, mask = Picture(pixels), blob(70, 50)
    after = repaint(photo, mask, models={"diffusion_model": folder}, method="diffusion", steps=1)
    assert_kept(photo, after, mask)
    assert (after.pixels[mask > 0][:, 1] == 65535).all()


def test_cancels_within_one_step(repaint: Repainter, folder: Path) -> None:
    def after_two_steps(run: FakeRun) -> bool:
        return len(run.previews) >= 2

    with pytest.raises(Cancelled):
        repaint(
            Picture(textured(64, 64)),
            blob(64, 64),
            models={"diffusion_model": folder},
            method="diffusion",
            steps=40,
            cancel_when=after_two_steps,
        )
    assert len(repaint.run.previews) == 2


def test_the_model_is_loaded_once(repaint: Repainter, folder: Path) -> None:
    for seed in (0, 1):
        repaint(
            Picture(textured(64, 64)),
            blob(64, 64),
            models={"diffusion_model": folder},
            method="diffusion",
            steps=1,
            seed=seed,
        )
    assert len(repaint.kept) == 1


@pytest.mark.parametrize("channels", [9, 4])
def test_a_single_file_paints_what_its_folder_paints(
    repaint: Repainter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channels: int
) -> None:
    monkeypatch.setattr(diffusion_files, "FAMILIES", families())
    pipe = pipeline("sd1", tmp_path, channels=channels)
    pipe.save_pretrained(str(tmp_path / "folder"), safe_serialization=True)
    file = original_file(pipe, tmp_path / "single.safetensors")
    photo, mask = Picture(textured(64, 64)), blob(64, 64)
    options: dict[str, Any] = {"method": "diffusion", "prompt": "cat", "steps": 2}
    with pytest.raises(ModelRefused, match="tokenizer"):
        repaint(photo, mask, models={"diffusion_model": file}, **options)
    tokenizer(tmp_path / "tokenizer")
    from_file = repaint(photo, mask, models={"diffusion_model": file}, **options)
    from_folder = repaint(photo, mask, models={"diffusion_model": tmp_path / "folder"}, **options)
    assert np.abs(from_file.pixels.astype(int) - from_folder.pixels).max() <= 1


def test_says_what_is_wrong_with_a_model(repaint: Repainter, tmp_path: Path) -> None:
    import safetensors.numpy

    photo, mask = Picture(textured(40, 40)), blob(40, 40)

    def words(model: Path) -> str:
        with pytest.raises(ModelRefused) as caught:
            repaint(photo, mask, models={"diffusion_model": model}, method="diffusion")
        assert caught.value.hint
        return caught.value.message

    empty = tmp_path / "empty"
    empty.mkdir()
    assert "model_index.json" in words(empty)
    (empty / "model_index.json").write_text('{"_class_name": "FluxPipeline"}')
    assert "FluxPipeline" in words(empty)
    (empty / "model_index.json").write_text('{"_class_name": "StableDiffusionInpaintPipeline"}')
    assert "missing or damaged" in words(empty)
    cut = tmp_path / "cut.safetensors"
    cut.write_bytes(b"\x10\0\0\0\0\0\0\0{}")
    assert "damaged" in words(cut)
    other = tmp_path / "other.safetensors"
    safetensors.numpy.save_file({"weight": np.zeros(3, np.float32)}, other)
    assert "not a Stable Diffusion model" in words(other)


def test_says_what_is_wrong_with_the_settings(repaint: Repainter) -> None:
    photo, mask = Picture(textured(40, 40)), blob(40, 40)
    with pytest.raises(BadInput, match="No Stable Diffusion model"):
        repaint(photo, mask, method="diffusion")
    with pytest.raises(BadInput, match="no step"):
        repaint(photo, mask, models={"diffusion_model": Path("x")}, method="diffusion", steps=2, strength=0.2)


def test_running_out_of_memory_is_told(
    repaint: Repainter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OutOfMemoryError(RuntimeError):
        """Named as torch names it."""

    def full(*_: Any) -> None:
        raise OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(diffusion, "_loaded", full)
    with pytest.raises(OutOfMemory, match="cpu"):
        repaint(
            Picture(textured(40, 40)), blob(40, 40), models={"diffusion_model": tmp_path}, method="diffusion"
        )


def test_parts_that_take_turns_paint_the_same(repaint: Repainter, folder: Path) -> None:
    """They take turns on the processor here, which moves nothing but goes the same way."""
    photo, mask = Picture(textured(64, 64)), blob(64, 64)
    asked: dict[str, Any] = {"models": {"diffusion_model": folder}, "method": "diffusion", "steps": 2}
    whole = repaint(photo, mask, **asked)
    again = repaint(photo, mask, plan=Plan(offload="model"), **asked)
    assert len(repaint.kept) == 2
    assert np.array_equal(whole.pixels, again.pixels)


@pytest.mark.parametrize(
    ("offload", "called"),
    [("none", "to"), ("model", "enable_model_cpu_offload"), ("sequential", "enable_sequential_cpu_offload")],
)
def test_the_plan_says_what_waits_in_the_main_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offload: Any, called: str
) -> None:
    """With a pipeline that only listens: this needs a graphics card."""
    pipe = MagicMock()
    pipe.scheduler.config = {"_use_default_values": [], "beta": 1}
    opened: list[object] = []
    monkeypatch.setattr(
        diffusion_files, "open_pipeline", lambda path, dtype: opened.append(str(dtype)) or pipe
    )
    plan = Plan(device="cuda:0", precision="fp16", offload=offload)
    assert diffusion._loaded(tmp_path, plan) == (pipe, {"beta": 1})
    assert opened == ["torch.float16"]
    assert [call[0] for call in pipe.method_calls] == [called]
    assert "cuda:0" in str(pipe.method_calls[0])


def test_params_refuse_what_makes_no_sense() -> None:
    for bad in ({"steps": 0}, {"guidance_scale": 51.0}, {"strength": 0.0}, {"strength": float("nan")}):
        with pytest.raises(ValueError):
            InpaintParams(**bad)  # type: ignore[arg-type]
