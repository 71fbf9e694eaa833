"""Formats that plugins write: what a plugin does wrong costs its own items only."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from studio.core.item import Item
from studio.errors import BadInput, DiskFull, PluginError
from studio.export.batch import check_choices, export, export_file
from studio.export.formats import Formats
from studio.plugins.manifest import read_manifest
from studio.plugins.media import Media
from studio.project.store import Project
from studio.service.service import Service
from tests.service.conftest import Bench, bench, make_bench, wait_for

__all__ = ["bench", "make_bench"]  # fixtures

GOOD, OTHER = "a-good", "b-good"
"""Kinds of a bundled plugin and of a third party's, with the same formats."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "Odd.studio")


def add(project: Project, bench: Bench, name: str, kind: str = GOOD) -> Item:
    return project.add_asset(bench.file(f"{name}.raw", name.encode()), kind=kind, name=name)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_format_has_its_files_beside_and_in_the_manifest(
    project: Project, bench: Bench, tmp_path: Path
) -> None:
    items = [add(project, bench, name) for name in ("one", "two")]
    report = export(
        project, items, tmp_path / "out", bench.service, template="same", formats={GOOD: "two"},
        options={GOOD: {"unknown": 1}},
    )  # fmt: skip
    assert [file.path.name for file in report.files] == ["same.out", "same 2.out"]
    assert report.files[0].path.read_bytes() == b"one{}one", "without options that the format does not have"
    assert [other.path.name for other in report.files[1].beside] == ["same 2.mtl"]
    assert report.manifest is not None
    entries = json.loads(report.manifest.read_text("utf-8"))["files"]
    assert [entry["beside"][0]["file"] for entry in entries] == ["same.mtl", "same 2.mtl"]
    assert left(tmp_path / "out") == [
        "manifest.csv", "manifest.json", "same 2.mtl", "same 2.out", "same.mtl", "same.out",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("format", "reason"),
    [
        ("raises", "ZeroDivisionError: it was zero"),
        ("dies", "it ended unexpectedly"),
        ("escapes", "is no file in"),
        ("nothing", "is no file in"),
        ("other", "It wrote other.txt and not bad.out"),
    ],
)
def test_a_plugin_that_fails_is_named_and_the_rest_goes_on(
    project: Project, bench: Bench, tmp_path: Path, format: str, reason: str
) -> None:
    bad, good, plain = (
        add(project, bench, "bad", OTHER),
        add(project, bench, "good"),
        add(project, bench, "plain", "c-page"),
    )
    report = export(
        project, [bad, good, plain], tmp_path / "out", bench.service, formats={OTHER: format, GOOD: "copy"},
        with_manifest=False,
    )  # fmt: skip
    ((item, error),) = report.failed
    assert item == bad and isinstance(error, PluginError)
    assert error.message == "The plugin “b” could not write “bad”." and "as it is" in error.hint
    assert reason in error.detail
    assert left(tmp_path / "out") == ["good.out", "plain.raw"]


def test_a_disk_that_fills_up_under_a_plugin_stops_the_export(
    project: Project, bench: Bench, tmp_path: Path
) -> None:
    items = [add(project, bench, "one"), add(project, bench, "two")]
    with pytest.raises(DiskFull):
        export(project, items, tmp_path / "out", bench.service, formats={GOOD: "full"})
    assert left(tmp_path / "out") == []


def test_an_export_is_cancelled_while_a_plugin_writes(project: Project, bench: Bench, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    cancelled = threading.Event()
    raised: list[type] = []

    def check() -> None:
        if cancelled.is_set():
            raise Enough

    def work() -> None:
        try:
            export(project, [item], tmp_path / "out", bench.service, formats={GOOD: "waits"}, check=check)
        except Enough:
            raised.append(Enough)

    item = add(project, bench, "slow")
    thread = threading.Thread(target=work)
    thread.start()
    wait_for(lambda: list((tmp_path / "out").glob(".studio-*/.export-*/slow.out")))
    cancelled.set()
    thread.join(30)
    assert raised == [Enough] and left(tmp_path / "out") == []
    wait_for(lambda: not bench.service.pids)
    assert export_file(project, [add(project, bench, "next")], tmp_path / "n.out", bench.service)


@pytest.mark.parametrize("is_there", [False, True])
def test_without_its_plugin_an_item_goes_out_as_it_is(
    project: Project, bench: Bench, tmp_path: Path, is_there: bool
) -> None:
    broken = replace(bench.media.plugins["a"], manifest=None, notes=("It is no TOML.",))
    media = Media([broken] if is_there else [])
    service = Service(media, tmp_path / "cache")
    report = export(project, [add(project, bench, "kept")], tmp_path / "out", service, formats={GOOD: "copy"})
    assert [file.path.read_bytes() for file in report.files] == [b"kept"] and not report.failed
    with pytest.raises(BadInput, match="cannot export to “none”"):
        check_choices("{name}", "none", Formats(media))
    service.close()


def with_files_beside(bench: Bench, function: str) -> Service:
    """A service for the odd plugins, whose items have files beside them that this function writes."""
    plugin = bench.media.plugins["a"]
    assert plugin.manifest is not None
    file = plugin.manifest.folder / "medium.toml"
    file.write_text(
        'manifest = 1\ntitle = "Odd"\n[[kinds]]\nid = "a-good"\ntitle = "K"\nplural = "K"\n'
        '[[exporters]]\nid = "raw"\nkind = "a-good"\ntitle = "Raw"\nextension = ".raw"\nbeside = true\n'
        f'export = "xa.odd:{function}"\n'
    )
    return Service(Media([replace(plugin, manifest=read_manifest(file, "a"))]), bench.cache)


def test_a_copied_item_has_its_files_beside(project: Project, bench: Bench, tmp_path: Path) -> None:
    service = with_files_beside(bench, "export_two")
    (file,) = export(project, [add(project, bench, "one")], tmp_path / "out", service).files
    assert file.path.read_bytes() == b"one", "its own bytes, whatever the plugin wrote"
    assert [other.path.name for other in file.beside] == ["one.mtl"]
    service.close()


def test_a_copied_item_needs_no_plugin(project: Project, bench: Bench, tmp_path: Path) -> None:
    service = with_files_beside(bench, "export_dies")
    report = export(project, [add(project, bench, "one")], tmp_path / "out", service)
    assert [file.path.read_bytes() for file in report.files] == [b"one"] and not report.failed
    service.close()


def test_each_kind_has_the_formats_of_its_plugin_and_pictures_the_studios(
    make_bench: Callable[..., Bench],
) -> None:
    formats = Formats(make_bench().media)
    assert [format.id for format in formats.of_kind("image")] == ["png", "jpeg", "webp", "tiff"]
    assert {format.plugin for format in formats.of_kind(GOOD)} == {"a"}
    assert formats.of_kind("text") == () and formats.of_kind("unknown") == ()
    assert formats.everywhere("copy") == {"a-good": "copy", "b-good": "copy", "c-good": "copy"}
    assert formats.everywhere("png") == {"image": "png", "mask": "png"}
    jpeg = formats.of_file("image", ".JPEG")
    assert jpeg is not None and jpeg.id == "jpeg" and jpeg.is_of(".jpe") and not jpeg.is_of(".png")
