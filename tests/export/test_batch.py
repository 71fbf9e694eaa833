from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from studio.core.images import Picture, load_image
from studio.core.item import Item
from studio.core.kind import Kind
from studio.core.png import encode_png
from studio.errors import BadInput, DiskFull
from studio.export.batch import check_choices, check_file, export, export_file, file_name
from studio.export.formats import Formats
from studio.export.target import FolderRefused, Target
from studio.plugins.media import Media
from studio.project.store import Project
from studio.service.service import Service


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "Trip.studio")


def picture(
    tmp_path: Path, mode: str = "RGB", size: tuple[int, int] = (24, 16), name: str = "photo.png"
) -> Path:
    rng = np.random.default_rng(1)
    bands = len(Image.new(mode, (1, 1)).getbands())
    pixels = rng.integers(0, 256, (size[1], size[0], bands), dtype=np.uint8)
    path = tmp_path / name
    Image.fromarray(pixels[..., 0] if bands == 1 else pixels, mode).save(path)
    return path


def add(project: Project, path: Path, name: str = "", kind: str = Kind.IMAGE) -> Item:
    return project.add_asset(path, kind=kind, name=name)


def test_originals_go_out_byte_for_byte_with_a_manifest(
    project: Project, exporters: Service, tmp_path: Path
) -> None:
    source = picture(tmp_path)
    item = add(project, source, "Beach")
    report = export(project, [item], tmp_path / "out", exporters, template="{project}_{name}")
    (file,) = report.files
    assert file.path.name == "Trip_Beach.png" and file.path.read_bytes() == source.read_bytes()
    assert report.manifest is not None
    document = json.loads(report.manifest.read_text("utf-8"))
    assert document["files"][0]["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    with report.manifest.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as table:
        assert [row["file"] for row in csv.DictReader(table)] == ["Trip_Beach.png"]
    assert not list((tmp_path / "out").glob("*.part"))


def test_nothing_but_the_picture_where_no_manifest_is_wanted(
    project: Project, exporters: Service, tmp_path: Path
) -> None:
    report = export(
        project, [add(project, picture(tmp_path), "a")], tmp_path / "out", exporters, with_manifest=False
    )
    assert report.manifest is None
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.png"]


def test_equal_names_are_numbered_and_progress_is_told(
    project: Project, exporters: Service, tmp_path: Path
) -> None:
    items = [add(project, picture(tmp_path, size=(8, n)), "same") for n in (8, 9, 10)]
    told: list[tuple[int, int]] = []
    report = export(
        project, items, tmp_path / "out", exporters, on_progress=lambda n, total: told.append((n, total))
    )
    assert [file.path.name for file in report.files] == ["same.png", "same 2.png", "same 3.png"]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_second_export_keeps_skips_or_replaces(
    project: Project, exporters: Service, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    item = add(project, picture(tmp_path), "a")
    export(project, [item], out, exporters)
    assert [f.path.name for f in export(project, [item], out, exporters).files] == ["a 2.png"]
    skipping = export(project, [item], out, exporters, collision="skip")
    assert skipping.skipped == (item,) and skipping.files == () and skipping.manifest is None
    replacing = export(project, [item], out, exporters, collision="replace")
    assert [f.path.name for f in replacing.files] == ["a.png"]
    assert sorted(path.name for path in out.glob("manifest*.json")) == ["manifest 2.json", "manifest.json"]


@pytest.mark.parametrize("format", ["png", "jpeg", "webp", "tiff"])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_pictures_are_converted(
    project: Project, exporters: Service, tmp_path: Path, format: str, mode: str
) -> None:
    source = picture(tmp_path, mode, name="photo.tif" if format == "png" else "photo.png")
    report = export(
        project, [add(project, source, "a")], tmp_path / "out", exporters, formats={Kind.IMAGE: format}
    )
    with Image.open(report.files[0].path) as made, Image.open(source) as original:
        assert made.format == format.upper() and made.size == original.size
        if format in ("png", "tiff"):
            wanted = np.asarray(original.convert("RGBA"))
            assert np.array_equal(np.asarray(made.convert("RGBA")), wanted)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("height", [3, 700])
def test_16_bits_stay_in_tiff_and_png(
    project: Project, exporters: Service, tmp_path: Path, channels: int, height: int
) -> None:
    rng = np.random.default_rng(2)
    pixels = rng.integers(0, 65536, (height, 301, channels), dtype=np.uint16)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = srgb if channels >= 3 else None  # it does not fit gray
    (tmp_path / "deep.png").write_bytes(encode_png(Picture(pixels, profile)))
    (file,) = export(
        project,
        [add(project, tmp_path / "deep.png")],
        tmp_path / "out",
        exporters,
        formats={Kind.IMAGE: "tiff"},
    ).files
    read = cv2.imread(str(file.path), cv2.IMREAD_UNCHANGED)  # a reader that shares nothing with our writer
    assert read is not None and read.dtype == np.uint16
    order = {1: [0], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[channels]
    assert np.array_equal(read.reshape(height, 301, channels)[..., order], pixels)
    again = load_image(file.path)
    assert again.bits == 16 and again.icc == profile and np.array_equal(again.pixels, pixels)


def test_transparency_becomes_white_in_jpeg(project: Project, exporters: Service, tmp_path: Path) -> None:
    Image.new("RGBA", (16, 16), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    report = export(
        project,
        [add(project, tmp_path / "clear.png")],
        tmp_path / "out",
        exporters,
        formats={Kind.IMAGE: "jpeg"},
    )
    with Image.open(report.files[0].path) as made:
        assert made.getpixel((8, 8)) == (255, 255, 255)


def test_the_color_profile_stays(project: Project, exporters: Service, tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (8, 8), "teal").save(tmp_path / "p.png", icc_profile=profile)
    item = add(project, tmp_path / "p.png")
    for format in ("jpeg", "webp", "tiff"):
        report = export(project, [item], tmp_path / format, exporters, formats={Kind.IMAGE: format})
        with Image.open(report.files[0].path) as made:
            assert made.info["icc_profile"] == profile


def test_a_jpeg_asset_is_not_encoded_again(project: Project, exporters: Service, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), "teal").save(tmp_path / "p.jpeg")
    report = export(
        project,
        [add(project, tmp_path / "p.jpeg")],
        tmp_path / "out",
        exporters,
        formats={Kind.IMAGE: "jpeg"},
    )
    assert report.files[0].path.read_bytes() == (tmp_path / "p.jpeg").read_bytes()


def test_missing_and_unreadable_files_fail_alone(
    project: Project, exporters: Service, tmp_path: Path
) -> None:
    (tmp_path / "broken.png").write_bytes(picture(tmp_path).read_bytes()[:200])
    good = add(project, picture(tmp_path), "good")
    broken = add(project, tmp_path / "broken.png", "broken")
    gone = add(project, picture(tmp_path, size=(5, 5)), "gone")
    project.blob_path(gone.digest).unlink()
    report = export(project, [gone, broken, good], tmp_path / "out", exporters, formats={Kind.IMAGE: "jpeg"})
    assert [file.item for file in report.files] == [good]
    assert [item for item, _ in report.failed] == [gone, broken]
    assert all(error.message and error.hint for _, error in report.failed)


def test_a_damaged_file_is_not_exported_as_if_it_were_whole(
    project: Project, exporters: Service, tmp_path: Path
) -> None:
    item = add(project, picture(tmp_path))
    blob = project.blob_path(item.digest)
    blob.chmod(0o644)
    blob.write_bytes(blob.read_bytes()[:-1] + b"x")
    report = export(project, [item], tmp_path / "out", exporters)
    assert report.files == () and "damaged" in report.failed[0][1].message


def test_a_full_disk_stops_the_export_and_keeps_what_is_whole(
    project: Project, exporters: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [add(project, picture(tmp_path, size=(8, n)), f"p{n}") for n in (8, 9, 10)]
    copy = Target.copy
    calls: list[str] = []

    def full_at_third(self: Target, name: str, *rest: object) -> object:
        calls.append(name)
        if len(calls) == 3:
            raise DiskFull("The disk is full.")
        return copy(self, name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Target, "copy", full_at_third)
    with pytest.raises(DiskFull):
        export(project, items, tmp_path / "out", exporters)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["p8.png", "p9.png"]


def test_what_cannot_be_exported_is_refused_before_anything_is_written(
    project: Project, exporters: Service, tmp_path: Path
) -> None:
    item = add(project, picture(tmp_path))
    out = tmp_path / "out"
    for wrong in ({"template": "{nope}"}, {"collision": "ask"}):
        with pytest.raises(BadInput):
            export(project, [item], out, exporters, **wrong)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="cannot export to “bmp”") as caught:
        check_choices("{name}", "bmp", Formats(exporters.media))
    assert "png, jpeg, webp, tiff" in caught.value.hint
    with pytest.raises(BadInput, match="nothing to export"):
        export(project, [], out, exporters)
    with pytest.raises(BadInput, match="inside the project"):
        export(project, [item], project.folder / "blobs", exporters)
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderRefused):
        export(project, [item], tmp_path / "file", exporters)
    assert not out.exists()


def test_the_preview_is_the_name_that_is_written(
    project: Project, exporters: Service, tmp_path: Path
) -> None:
    item = add(project, picture(tmp_path), "a/b:c")
    shown = file_name(project, item, 1, "{n} {name}", Formats(Media()).wanted(item, {Kind.IMAGE: "jpeg"}))
    report = export(
        project, [item], tmp_path / "out", exporters, template="{n} {name}", formats={Kind.IMAGE: "jpeg"}
    )
    assert shown == report.files[0].path.name == "001 a_b_c.jpg"


def test_one_file_is_written_in_the_format_of_its_name(
    project: Project, exporters: Service, tmp_path: Path
) -> None:
    items = [add(project, picture(tmp_path, size=(8, n)), f"p{n}") for n in (8, 9)]
    target = tmp_path / "deep" / "fixed.jpg"
    check_file(target, Kind.IMAGE, Formats(Media()))
    target.write_bytes(b"old")
    paths = export_file(project, items, target, exporters)
    assert [path.name for path in paths] == ["fixed.jpg", "fixed 2.jpg"]
    with Image.open(target) as made:
        assert made.format == "JPEG" and made.size == (8, 8)
    with pytest.raises(BadInput, match="no format for “pictures”"):
        check_file(tmp_path / "fixed.bmp", Kind.IMAGE, Formats(Media()))


def test_a_kind_that_is_not_installed_goes_out_as_it_is(
    project: Project, exporters: Service, tmp_path: Path
) -> None:
    (tmp_path / "warm.ase").write_bytes(b"ASEF and colors")
    item = add(project, tmp_path / "warm.ase", "Warm", "palette")
    report = export(
        project, [item], tmp_path / "out", exporters, formats={Kind.IMAGE: "jpeg", "palette": "css"}
    )
    assert [file.path.name for file in report.files] == ["Warm.ase"] and not report.failed
    assert report.files[0].path.read_bytes() == b"ASEF and colors"
    assert report.manifest is not None
    assert json.loads(report.manifest.read_text("utf-8"))["files"][0]["kind"] == "palette"
    check_file(tmp_path / "any.name", "palette", Formats(Media()))
    (written,) = export_file(project, [item], tmp_path / "one.ase", exporters)
    assert written.read_bytes() == b"ASEF and colors"
