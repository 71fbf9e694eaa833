"""One photo, one mask, from the command line to the file, with the real worker and the real fill."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from .conftest import CommandLine, mask, photo

pytestmark = pytest.mark.slow


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return photo(tmp_path / "photo.png"), mask(tmp_path / "mask.png")


def repair(studio: CommandLine, pair: tuple[Path, Path], *words: object) -> tuple[int, dict[str, object]]:
    return studio.run("run", "image/inpaint", "--input", pair[0], "--mask", pair[1], *words)


def test_a_photo_is_repaired_and_nothing_outside_the_mask_changes(
    studio: CommandLine, pair: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "new folder" / "fixed.png"
    code, said = repair(studio, pair, "--out", out)
    assert code == 0 and said["files"] == [str(out)]
    before, after = np.asarray(Image.open(pair[0])), np.asarray(Image.open(out))
    painted = np.asarray(Image.open(pair[1])) > 0
    assert np.array_equal(before[~painted], after[~painted])
    assert not np.array_equal(before[painted], after[painted])


def test_the_same_recipe_gives_the_same_bytes(
    studio: CommandLine, pair: tuple[Path, Path], tmp_path: Path
) -> None:
    digests = set()
    for n in range(2):
        out = tmp_path / f"{n}.png"
        assert repair(studio, pair, "--out", out, "--seed", 5)[0] == 0
        digests.add(hashlib.sha256(out.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_project_keeps_the_result_with_its_recipe_and_exports_it(
    studio: CommandLine, pair: tuple[Path, Path], tmp_path: Path
) -> None:
    project = tmp_path / "Trip.studio"
    assert studio.run("new", project)[0] == 0
    code, said = repair(studio, pair, "--project", project, "--seed", 11)
    assert code == 0
    digest = said["jobs"][0]["items"][0]["sha256"]  # type: ignore[index]
    code, exported = studio.run("export", project, "--to", tmp_path / "out", "--template", "{name}-{seed}")
    (file,) = exported["files"]
    assert code == 0 and Path(file).name == "photo-11.png"
    assert hashlib.sha256(Path(file).read_bytes()).hexdigest() == digest
    assert studio.run("check", project)[1]["ok"]


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "CMYK"])
def test_every_kind_of_picture_goes_through(studio: CommandLine, tmp_path: Path, mode: str) -> None:
    source = photo(tmp_path / ("p.tif" if mode == "CMYK" else "p.png"), mode=mode)
    out = tmp_path / "fixed.webp"
    code, said = repair(studio, (source, mask(tmp_path / "m.png")), "--out", out)
    assert code == 0, said
    with Image.open(out) as made:
        assert made.size == (96, 64)


def test_bad_files_and_values_are_refused_in_words(
    studio: CommandLine, pair: tuple[Path, Path], tmp_path: Path
) -> None:
    truncated = tmp_path / "truncated.png"
    truncated.write_bytes(pair[0].read_bytes()[:500])
    (tmp_path / "text.png").write_text("no picture at all")
    nothing = mask(tmp_path / "nothing.png", box=(0, 0, 0, 0))
    everything = mask(tmp_path / "everything.png", box=(0, 0, 96, 64))
    other = mask(tmp_path / "other.png", size=(50, 50))
    out = tmp_path / "x.png"
    refused = [
        (truncated, pair[1]),
        (tmp_path / "text.png", pair[1]),
        (tmp_path / "absent.png", pair[1]),
        (pair[0], nothing),
        (pair[0], everything),
        (pair[0], other),
        (tmp_path, pair[1]),
    ]
    words = ("run", "image/inpaint", "--out", out)
    begun = [studio.start(*words, "--input", source, "--mask", painted) for source, painted in refused]
    for process in begun:  # one beside the other
        code, said = studio.end(process)
        error = said.get("error") or said["jobs"][0]["error"]  # type: ignore[index]
        assert code == 2, said
        assert error["message"] and error["hint"], said  # type: ignore[index]
        assert not out.exists()
    code, said = repair(studio, pair, "--out", out, "--set", "steps=inf", "--steps", "-3")
    assert code == 2 and "steps" in said["error"]["message"]  # type: ignore[index]
    assert repair(studio, pair, "--out", out, "--device", "cuda:99")[0] == 2
    assert repair(studio, pair, "--out", tmp_path / "x.bmp")[0] == 2
    assert repair(studio, pair)[0] == 2
    assert repair(studio, pair, "--out", pair[0] / "x.png")[0] == 2


def test_the_shell_of_a_command_computes_nothing_itself(pair: tuple[Path, Path], tmp_path: Path) -> None:
    """Plugins and what they compute with are the worker's: no command but a conversion needs them."""
    heavy = "{'PySide6', 'torch', 'numpy', 'PIL', 'cv2', 'onnxruntime', 'onnx', 'diffusers', 'studio_image'}"
    project, inputs = tmp_path / "Trip.studio", ["--input", str(pair[0]), "--mask", str(pair[1])]
    for words in (
        ["plugins", "--refresh"],
        ["new", str(project)],
        ["run", "image/inpaint", *inputs, "--project", str(project)],
        ["export", str(project), "--to", str(tmp_path / "out")],
        ["check", str(project)],
    ):
        script = f"import sys, studio.cli\ncode = studio.cli.main({words!r})\n"
        script += f"print(code, {heavy} & {{*sys.modules}})"
        ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert ran.stdout.splitlines()[-1] == "0 set()", (words, ran.stdout, ran.stderr)


def test_plugins_are_listed_from_the_cache(studio: CommandLine) -> None:
    code, said = studio.run("plugins", "--refresh")
    assert code == 0
    assert "image/inpaint" in [g["id"] for plugin in said["plugins"] for g in plugin["generators"]]
    assert studio.run("plugins") == (code, said)
