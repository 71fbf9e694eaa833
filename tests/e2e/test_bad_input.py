"""What nobody should hand to the studio, handed to it: each is told by its own name, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import unicodedata
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.kind import Kind
from studio.errors import MissingBlob
from studio.project.store import Project

from .conftest import CommandLine, mask, photo

pytestmark = pytest.mark.slow

SIZE = (96, 64)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _damaged(folder: Path) -> dict[str, str]:
    """Pictures that cannot be used, by name, and a part of what is to be said about each."""
    whole = photo(folder / "good.png").read_bytes()
    middle = len(whole) // 2
    jpeg = photo(folder / "good.jpg").read_bytes()
    bomb = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    contents = {
        "altered.png": (whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :], "is damaged"),
        "truncated.png": (whole[:middle], "is damaged"),
        "truncated.jpg": (jpeg[: len(jpeg) // 2], "is damaged"),
        "empty.png": (b"", "is not a picture"),
        "text.png": (b"hello", "is not a picture"),
        "bomb.png": (
            b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", bomb) + _chunk(b"IDAT", zlib.compress(b"")),
            "is too large",
        ),
    }
    for name, (content, _) in contents.items():
        (folder / name).write_bytes(content)
    return {name: words for name, (_, words) in contents.items()}


def _odd_kinds(folder: Path) -> list[str]:
    """Pictures that are unusual, and fine."""
    photo(folder / "cmyk.jpg", mode="CMYK")
    photo(folder / "gray.png", mode="L")
    photo(folder / "transparent.png", mode="RGBA")
    deep = np.random.default_rng(1).integers(0, 65536, (SIZE[1], SIZE[0]), dtype=np.uint16)
    Image.fromarray(deep).save(folder / "sixteen.png")
    first = Image.open(folder / "good.png")
    first.save(folder / "animated.gif", save_all=True, append_images=[Image.new("RGB", SIZE)])
    exif = Image.Exif()
    exif[0x0112] = 6
    first.rotate(90, expand=True).save(folder / "turned.jpg", exif=exif)
    return ["animated.gif", "cmyk.jpg", "good.jpg", "good.png", "gray.png", "sixteen.png", "transparent.png",
            "turned.jpg"]  # fmt: skip


def test_every_kind_of_picture_is_repaired_or_refused_by_its_own_name(
    studio: CommandLine, tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    refused, fine = _damaged(photos), _odd_kinds(photos)
    out = tmp_path / "out"
    code, said = studio.run(
        "batch", "image/inpaint", "--inputs", photos, "--masks", mask(tmp_path / "m.png"), "--out", out,
        "--template", "{name}-{n}",
    )  # fmt: skip
    assert code == 1 and not said["ok"]
    errors = {job["title"]: job["error"] for job in said["jobs"] if job["state"] == "failed"}
    assert sorted(errors) == sorted(refused)
    for name, error in errors.items():
        assert error["code"] == "bad-input" and error["hint"], error
        assert error["message"].startswith(f"“{name}” {refused[name]}"), error
    assert sorted(job["title"] for job in said["jobs"] if job["state"] == "done") == fine
    assert len(said["files"]) == len(fine) and all(Image.open(file).size == SIZE for file in said["files"])
    alone = ("--input", photos / "text.png", "--mask", tmp_path / "m.png", "--out", out / "x.png")
    assert studio.run("run", "image/inpaint", *alone)[0] == 2  # its failure is the command's


def test_masks_that_do_not_fit_are_told_by_their_own_names(studio: CommandLine, tmp_path: Path) -> None:
    photos, masks = tmp_path / "photos", tmp_path / "masks"
    photos.mkdir()
    masks.mkdir()
    for seed, name in enumerate(("other", "nothing", "everything")):
        photo(photos / f"{name}.png", seed=seed)
    mask(masks / "other_mask.png", size=(50, 40))
    mask(masks / "nothing_mask.png", box=(0, 0, 0, 0))
    mask(masks / "everything_mask.png", box=(0, 0, *SIZE))
    project = tmp_path / "Trip.studio"
    assert studio.run("new", project)[0] == 0
    code, said = studio.run(
        "batch", "image/inpaint", "--inputs", photos, "--masks", masks, "--project", project
    )
    messages = {job["title"]: job["error"]["message"] for job in said["jobs"]}
    assert code == 1
    assert messages == {
        "other.png": "The mask “other_mask.png” has 50 × 40 pixels, but the photo has 96 × 64.",
        "nothing.png": "The mask “nothing_mask.png” is empty.",
        "everything.png": "The mask “everything_mask.png” covers the whole picture.",
    }
    assert studio.run("check", project)[1]["items"] == 6  # what was brought in is kept


ODD = [
    "😀👨‍👩‍👧.png",
    unicodedata.normalize("NFD", "é̈ü.png"),
    "-dash.png",
    ".dot.png",
    "a%s{name}'$x.png",
    " space .png",
    "x" * 251 + ".png",
    "ä" * 125 + ".png",
]
if sys.platform != "win32":
    ODD += ['quote".png', "line\nbreak.png", "back\\slash.png", "\x1b[31mred.png"]
if sys.platform == "linux":
    ODD.append(os.fsdecode(b"no text \xff\xfe.png"))


def test_photos_projects_and_folders_of_any_name(studio: CommandLine, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for seed, name in enumerate(ODD):
        photo(photos / name, seed=seed)
    painted = mask(tmp_path / "m.png")
    out = tmp_path / "out"
    code, said = studio.run("batch", "image/inpaint", "--inputs", photos, "--masks", painted, "--out", out)
    assert code == 0 and len(said["files"]) == len(ODD), said
    assert len({path.name for path in out.iterdir()}) == len(ODD) + 2  # and the manifest, twice


@pytest.mark.parametrize("name", ODD[-3:])
def test_a_project_and_a_file_may_be_called_anything(studio: CommandLine, tmp_path: Path, name: str) -> None:
    source, out = photo(tmp_path / name), tmp_path / "made" / name
    project = tmp_path / f"{name}.studio"
    assert studio.run("new", project)[0] == 0
    code, said = studio.run(
        "run", "image/inpaint", "--input", source, "--mask", mask(tmp_path / "m.png"), "--project", project,
        "--out", out,
    )  # fmt: skip
    assert code == 0 and Image.open(out).size == SIZE, said
    assert studio.run("check", project)[1]["ok"]
    code, packed = studio.run("pack", project, tmp_path / "p.zip")
    assert code == 0 and packed["missing"] == []
    assert studio.run("unpack", tmp_path / "p.zip", tmp_path / "again")[0] == 0


def test_a_job_whose_photo_is_gone_says_which(studio: CommandLine, tmp_path: Path) -> None:
    """Its row is there, so that a later job may name it; its bytes are not."""
    folder = tmp_path / "Trip.studio"
    source, painted = photo(tmp_path / "beach.png"), mask(tmp_path / "m.png")
    assert studio.run("new", folder)[0] == 0
    words = ("run", "image/inpaint", "--input", source, "--mask", painted, "--project", folder, "--seed", 1)
    assert studio.run(*words)[0] == 0
    with Project.open(folder) as project:
        (beach,) = [item for item in project.items(kinds=[Kind.IMAGE]) if item.job is None]
        made = next(item for item in project.items() if item.job)
        with project.db.transaction() as connection:
            connection.execute("UPDATE job SET state = 'queued' WHERE id = ?", (made.job,))
        project.blob_path(beach.digest).unlink()
    code, said = studio.run("resume", folder)
    (job,) = said["jobs"]
    assert code == 1 and job["error"]["code"] == MissingBlob.code
    assert job["error"]["message"] == "The file of “beach.png” is missing in this project."
    code, said = studio.run("check", folder)
    assert code == 3 and any("“beach”" in problem["message"] for problem in said["problems"]), said
    assert studio.run(*words[:-1], 2)[0] == 0  # bringing the file in again mends it
    assert studio.run("check", folder)[0] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not files elsewhere")
def test_without_a_place_for_its_own_files_the_studio_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    nowhere = CommandLine(tmp_path / "file" / "home")
    for words in (("plugins",), ("run", "image/inpaint"), ("models",)):
        code, said = nowhere.run(*words)
        assert (
            code == 1 and "a part of its path is a file" in said["error"]["message"] and said["error"]["hint"]
        )


@pytest.mark.skipif(shutil.which("mount") is None or os.name == "nt", reason="needs a small disk")
def test_a_full_disk_loses_nothing(studio: CommandLine, tmp_path: Path) -> None:
    """On a disk of 300 kB; where nobody may mount one, tests/project/test_faults.py fails every write."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk], capture_output=True
    ).returncode:
        pytest.skip("may not mount")
    try:
        folder = disk / "Trip.studio"
        assert studio.run("new", folder)[0] == 0
        source, painted = photo(tmp_path / "p.png"), mask(tmp_path / "m.png")
        words = ("run", "image/inpaint", "--input", source, "--mask", painted)
        assert studio.run(*words, "--project", folder)[0] == 0
        with pytest.raises(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            while True:
                filler.write(bytes(512))
        for more in (("--project", folder), ("--out", disk / "fixed.png")):
            code, said = studio.run(*words, *more, "--seed", 2)
            assert code == 1 and said["error"]["code"] == "disk-full" and said["error"]["hint"], said
        assert not (disk / "fixed.png").exists()
        (disk / "filler").unlink()
        assert studio.run("check", folder)[0] == 0
        assert studio.run(*words, "--project", folder, "--seed", 2)[0] == 0
    finally:
        subprocess.run(["umount", disk], check=True)
