"""Folders of photos, interrupted in every way, from the command line."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from studio.project.store import Project

from .conftest import CommandLine, mask, photo

pytestmark = pytest.mark.slow
COUNT = 24


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    photos, masks = tmp_path / "photos", tmp_path / "masks"
    photos.mkdir()
    masks.mkdir()
    for number in range(3):
        photo(photos / f"p{number}.jpg", seed=number)
        mask(masks / f"p{number}_mask.png")
    return photos, masks


def test_a_folder_is_repaired_with_a_manifest(
    studio: CommandLine, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ["--inputs", folders[0], "--masks", folders[1], "--out", out, "--seed", 3, "--format", "jpeg"]
    code, said = studio.run("batch", "image/inpaint", *words)
    assert code == 0 and [Path(file).name for file in said["files"]] == ["p0.jpg", "p1.jpg", "p2.jpg"]
    document = json.loads(Path(said["manifest"]).read_text("utf-8"))
    assert {file["recipe"]["generator"] for file in document["files"]} == {"image/inpaint"}
    assert {file["seed"] for file in document["files"]} == {3}
    with Path(said["manifest"]).with_suffix(".csv").open(encoding="utf-8-sig", newline="") as table:
        assert len(list(csv.DictReader(table))) == 3


def test_one_mask_serves_all_and_one_bad_photo_fails_alone(
    studio: CommandLine, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    bad = folders[0] / "p1.jpg"
    bad.write_bytes(bad.read_bytes()[:300])
    out = tmp_path / "out"
    words = ["--inputs", folders[0], "--masks", folders[1] / "p0_mask.png", "--out", out]
    code, said = studio.run("batch", "image/inpaint", *words)
    assert code == 1 and not said["ok"]
    assert sorted(path.name for path in out.glob("p*")) == ["p0.png", "p2.png"]


def test_a_photo_without_a_mask_stops_the_batch_before_it_begins(
    studio: CommandLine, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    (folders[1] / "p1_mask.png").unlink()
    words = ["--inputs", folders[0], "--masks", folders[1], "--out", tmp_path / "out"]
    code, said = studio.run("batch", "image/inpaint", *words)
    assert code == 2 and "p1.jpg" in said["error"]["message"]
    assert not (tmp_path / "out").exists()


@pytest.fixture
def many(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A project and enough jobs that an interruption falls into the middle of them."""
    photos = tmp_path / "many"
    photos.mkdir()
    for number in range(COUNT):
        photo(photos / f"p{number:02}.png", seed=number, size=(120, 90))
    return (
        tmp_path / "Trip.studio",
        photos,
        mask(tmp_path / "m.png", size=(120, 90), box=(20, 20, 80, 60)),
    )


def begin(studio: CommandLine, many: tuple[Path, Path, Path]) -> subprocess.Popen[str]:
    """A batch of which some jobs are done and some are not."""
    project, photos, painted = many
    assert studio.run("new", project)[0] == 0
    words = ["--inputs", photos, "--masks", painted, "--project", project]
    process = studio.start("batch", "image/inpaint", *words)
    deadline = time.monotonic() + 500
    while not 1 <= made(project) < COUNT:
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.02)
    return process


def made(folder: Path) -> int:
    return len(list((folder / "blobs").rglob("*.png"))) - COUNT - 1  # without the photos and the mask


def finish(studio: CommandLine, folder: Path) -> None:
    """Goes on, and proves that every photo was repaired exactly once."""
    code, said = studio.run("resume", folder)
    assert code == 0, said
    with Project.open(folder) as project:
        items = [item for item in project.items(limit=1000) if item.job]
        assert Counter(item.name for item in items) == {f"p{n:02}": 1 for n in range(COUNT)}
    assert studio.run("check", folder)[1]["ok"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_batch_says_what_it_keeps_and_goes_on(
    studio: CommandLine, many: tuple[Path, Path, Path], how: signal.Signals
) -> None:
    process = begin(studio, many)
    process.send_signal(how)
    code, said = studio.end(process)
    states = Counter(job["state"] for job in said["jobs"])
    assert code == 130 and states["queued"] > 0 and states["done"] + states["queued"] == COUNT
    finish(studio, many[0])


def test_a_killed_batch_goes_on_and_makes_nothing_twice(
    studio: CommandLine, many: tuple[Path, Path, Path]
) -> None:
    process = begin(studio, many)
    process.kill()
    process.wait()
    finish(studio, many[0])
