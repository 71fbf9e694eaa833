"""Parts out of a project: every format, from the item's file alone."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from studio_product.core.files.mesh_files import read_mesh
from studio_product.core.files.partfile import write_part
from studio_product.core.mesh import Mesh
from studio_product.core.part import Part
from studio_product.core.part_numbers import Figure, PartNumber, PartNumbers
from studio_product.core.studies.catalog import preset
from studio_product.core.studies.study import Study
from studio_product.core.studies.study_file import study_from_json
from studio_product.core.surfaces.mesh_check import check_mesh
from studio_product.formats import convert as parts
from studio_product.formats import exporting

from studio.api.values import ExportRequest
from studio.core.item import Item
from studio.core.kind import Kind
from studio.errors import BadInput, StudioError
from studio.export.batch import check_file, export, export_file
from studio.export.formats import Formats
from studio.project.store import Project
from studio.service.service import Service
from tests.studio_product.core.solids import ball, box, stl, stl_text, together

SOLID: Study = preset("shelf-bracket")
PLATE: Study = preset("cantilever")
NUMBERS = PartNumbers(
    (
        PartNumber(name="mass", title="Mass", unit="g", worst=Figure(12.5)),
        PartNumber(
            name="max_displacement",
            title="Greatest displacement",
            unit="mm",
            worst=Figure(0.25, 0.01, "Shelf"),
            cases=(Figure(0.25, 0.01, "Shelf"), Figure(0.1, None, "=cmd()")),
        ),
    )
)
FINE = together([ball(30, (40, 40, 40), level=4), box((100, 20, 20), (90, 0, 0))])
ROUND = together([ball(30, (40, 40, 40), level=2), box((100, 20, 20), (90, 0, 0))])
OUTLINES = (
    np.array([[0.0, 0], [60, 0], [60, 20], [0, 20]]),
    np.array([[10.0, 5], [10, 15], [20, 15], [20, 5]]),
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "Bracket.studio")


@pytest.fixture
def bracket(project: Project, tmp_path: Path) -> Item:
    part = Part(mesh=ROUND, study=SOLID, numbers=NUMBERS, seed=7, settings={"quality": "draft"}, note="light")
    write_part(tmp_path / "bracket.glb", part)
    return project.add_asset(tmp_path / "bracket.glb", kind="part")


@pytest.fixture
def plate(project: Project, tmp_path: Path) -> Item:
    part = Part(mesh=box((60, 20, 3)), study=PLATE, numbers=NUMBERS, contours=OUTLINES)
    write_part(tmp_path / "plate.glb", part)
    return project.add_asset(tmp_path / "plate.glb", kind="part")


@pytest.mark.parametrize("format", ["stl", "3mf", "obj", "glb"])
@pytest.mark.parametrize("deviation", [None, 0.0])
def test_triangles_read_back_as_the_same_closed_solid(
    project: Project, exporters: Service, tmp_path: Path, format: str, deviation: float | None
) -> None:
    source = tmp_path / "own.stl"
    source.write_bytes(stl_text(FINE))
    item = project.add_asset(source, kind="part")
    report = export(
        project,
        [item],
        tmp_path / "out",
        exporters,
        formats={"part": format},
        options={"part": {} if deviation is None else {"deviation": deviation}},
    )
    (file,) = report.files
    assert file.path.name == f"own{parts.EXTENSIONS[format]}" and not file.beside
    found = read_mesh(file.path)
    if format != "stl":  # one of triangles goes out byte for byte
        assert check_mesh(found) == []
        assert (len(found.faces) == len(FINE.faces)) == (deviation == 0)
    assert found.volume == pytest.approx(FINE.volume, rel=0.005)
    assert np.allclose(found.bounds, FINE.bounds, atol=0.4)


def test_numbers_and_study_stand_beside_and_in_the_manifest(
    project: Project, exporters: Service, bracket: Item, tmp_path: Path
) -> None:
    report = export(project, [bracket], tmp_path / "out", exporters, formats={"part": "step"})
    (file,) = report.files
    ends = [".numbers.csv", ".numbers.json", ".study.json"]
    assert [other.path.name for other in file.beside] == [f"bracket{end}" for end in ends]
    table = list(
        csv.DictReader(io.StringIO((tmp_path / "out" / "bracket.numbers.csv").read_text("utf-8-sig")))
    )
    assert [(row["name"], row["case"], row["value"], row["error"]) for row in table] == [
        ("mass", "", "12.5", ""),
        ("max_displacement", "worst", "0.25", "0.01"),
        ("max_displacement", "Shelf", "0.25", "0.01"),
        ("max_displacement", "'=cmd()", "0.1", ""),
        ("", "", "", ""),
    ]
    assert "not a certification" in table[-1]["number"]
    document = json.loads((tmp_path / "out" / "bracket.numbers.json").read_text("utf-8"))
    assert (
        document["seed"] == 7 and document["settings"] == {"quality": "draft"} and document["note"] == "light"
    )
    assert document["numbers"][1]["cases"][0] == {"value": 0.25, "error": 0.01, "case": "Shelf"}
    assert study_from_json((tmp_path / "out" / "bracket.study.json").read_bytes()) == SOLID
    assert report.manifest is not None
    (entry,) = json.loads(report.manifest.read_text("utf-8"))["files"]
    assert entry["file"] == "bracket.step"
    assert [one["file"] for one in entry["beside"]] == [f"bracket{end}" for end in ends]
    assert all(len(one["sha256"]) == 64 and one["bytes"] for one in entry["beside"])
    rows = csv.DictReader(io.StringIO(report.manifest.with_suffix(".csv").read_text("utf-8-sig")))
    assert [row["beside"] for row in rows] == ["; ".join(f"bracket{end}" for end in ends)]


def test_several_formats_share_one_set_of_numbers(
    project: Project, exporters: Service, plate: Item, tmp_path: Path
) -> None:
    for format in (None, "stl", "step", "svg", "dxf"):
        export(
            project, [plate], tmp_path / "out", exporters, formats={"part": format or ""}, with_manifest=False
        )
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [
        "plate.dxf", "plate.glb", "plate.numbers.csv", "plate.numbers.json", "plate.step", "plate.stl",
        "plate.study.json", "plate.svg",
    ]  # fmt: skip
    export(
        project,
        [plate],
        tmp_path / "out",
        exporters,
        formats={"part": "stl"},
        collision="number",
        with_manifest=False,
    )
    assert (tmp_path / "out" / "plate 2.stl").exists() and (tmp_path / "out" / "plate 2.study.json").exists()


def test_a_part_keeps_its_axes(project: Project, exporters: Service, plate: Item, tmp_path: Path) -> None:
    """A plate lies in x and y as in its study, though its glTF is upright."""
    (stl_file,) = export(project, [plate], tmp_path / "out", exporters, formats={"part": "stl"}).files
    assert np.allclose(read_mesh(stl_file.path).bounds, [[0, 0, 0], [60, 20, 3]], atol=1e-4)


def test_a_chosen_folder_keeps_what_others_wrote(
    project: Project, exporters: Service, plate: Item, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "plate.study.json").write_text("mine")
    skipping = export(
        project, [plate], tmp_path / "out", exporters, formats={"part": "stl"}, collision="skip"
    )
    assert [other.path.name for other in skipping.files[0].beside] == [
        "plate.numbers.csv",
        "plate.numbers.json",
    ]
    assert (tmp_path / "out" / "plate.study.json").read_text() == "mine"
    (tmp_path / "out" / "plate.stl").unlink()
    numbering = export(project, [plate], tmp_path / "out", exporters, formats={"part": "stl"})
    assert numbering.files[0].beside[2].path.name == "plate.study 2.json"


def test_a_turntable_turns_and_has_four_views_beside(
    project: Project, exporters: Service, plate: Item, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio_product.formats.turntable.SIDE", 96)
    monkeypatch.setattr("studio_product.formats.turntable.FRAMES", 6)
    source, request = (
        project.blob_path(plate.digest),
        ExportRequest(kind="part", format="turntable", name="plate"),
    )
    turning, *beside = exporting.export(source, tmp_path / "plate.png", request)
    assert turning == tmp_path / "plate.png"
    with Image.open(turning) as moving:
        assert moving.n_frames == 6 and moving.size == (96, 96)  # type: ignore[attr-defined]
        alpha = np.asarray(moving.convert("RGBA"))[..., 3]
        assert not alpha[[0, -1]].any() and not alpha[:, [0, -1]].any() and alpha.max() == 255
        first = np.asarray(moving.convert("RGBA"))
        moving.seek(2)
        assert (np.asarray(moving.convert("RGBA")) != first).any()
    views = [other for other in beside if other.suffix == ".png"]
    assert [view.name for view in views] == [
        f"plate.{n}.png" for n in ("front", "right", "top", "perspective")
    ]
    front = np.asarray(Image.open(views[0]))[..., 3] > 0
    high, wide = (np.ptp(np.flatnonzero(front.any(axis=axis))) + 1 for axis in (1, 0))
    assert wide / high == pytest.approx(3, rel=0.02)  # 60 x 20 mm: a plate stands upright


@pytest.mark.parametrize("format", ["svg", "dxf"])
def test_a_solid_has_no_drawing(
    project: Project, exporters: Service, bracket: Item, tmp_path: Path, format: str
) -> None:
    report = export(project, [bracket], tmp_path / "out", exporters, formats={"part": format})
    ((item, error),) = report.failed
    assert item == bracket and "is no plate" in error.message and "STEP" in error.hint


def test_what_is_no_solid_is_refused_in_words(project: Project, exporters: Service, tmp_path: Path) -> None:
    hole = tmp_path / "hole.stl"
    hole.write_bytes(stl(replace(box(), faces=box().faces[2:])))
    broken = tmp_path / "broken.obj"
    broken.write_text("v 1 2 3")
    items = [project.add_asset(path, kind="part") for path in (hole, broken)]
    failed = [
        error
        for _, error in export(project, items, tmp_path / "out", exporters, formats={"part": "3mf"}).failed
    ]
    assert "“hole” is no closed solid. The surface has holes: 4 edges" in failed[0].message
    assert "holds no triangle" in failed[1].message and all(error.hint for error in failed)


def test_a_file_that_would_not_hold_the_solid_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "studio_product.formats.meshes.as_stl", lambda mesh: stl(Mesh(mesh.vertices * 2, mesh.faces))
    )
    with pytest.raises(StudioError, match="would not hold the same solid"):
        parts._verified(parts._writer("stl", "a")(box()), box(), "a")


def test_one_file_is_written_as_its_name_says(
    project: Project, exporters: Service, bracket: Item, tmp_path: Path
) -> None:
    for name in ("a.step", "b.stp", "c.STL", "d.3mf", "e.glb", "f.obj"):
        check_file(tmp_path / name, "part", Formats(exporters.media))
        assert export_file(project, [bracket, bracket], tmp_path / name, exporters)[1].stem == f"{name[0]} 2"
        assert (tmp_path / f"{name[0]}.numbers.csv").exists() and (
            tmp_path / f"{name[0]} 2.study.json"
        ).exists()
    assert (tmp_path / "e.glb").read_bytes() == project.blob_path(bracket.digest).read_bytes()
    with pytest.raises(BadInput, match=r"cannot write “a\.docx”: no format for “parts”") as caught:
        check_file(tmp_path / "a.docx", "part", Formats(exporters.media))
    assert ".step" in caught.value.hint


def test_each_kind_takes_its_own_format(
    project: Project, exporters: Service, bracket: Item, tmp_path: Path
) -> None:
    picture = tmp_path / "photo.jpg"
    Image.new("RGB", (8, 8)).save(picture)
    photo = project.add_asset(picture, kind=Kind.IMAGE)
    report = export(
        project, [photo, bracket], tmp_path / "out", exporters, formats={"image": "png", "part": "stl"}
    )
    assert [file.path.name for file in report.files] == ["photo.png", "bracket.stl"]


@pytest.mark.slow
def test_no_solver_is_needed(project: Project, bracket: Item, tmp_path: Path) -> None:
    project.close()
    script = (
        "import sys, studio.cli\n"
        f"code = studio.cli.main(['export', {str(project.folder)!r}, '--to', {str(tmp_path / 'out')!r},"
        " '--originals', '--format', 'step', '--deviation', '0.5'])\n"
        "print(code, sorted({'studio_product.generators', 'torch', 'PySide6'} & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "0 []"
    assert (tmp_path / "out" / "bracket.step").read_bytes().startswith(b"ISO-10303-21;")
