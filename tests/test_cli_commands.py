"""Commands that need no worker, in this process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from studio import cli, paths
from studio.cli import codes
from studio.core.generator import GeneratorDescription
from studio.core.kind import Kind
from studio.errors import DiskFull, InvalidParams, ModelRefused, PluginError, ProjectInUse, StudioError
from studio.plugins.catalog import Catalog, Failure, PluginDescription, installed_key, save_cached
from studio.project.store import Project


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def trip(tmp_path: Path) -> Path:
    folder = tmp_path / "Trip.studio"
    with Project.create(folder) as project:
        for number, name in enumerate(("beach", "hill", "=sum(1)")):
            Image.new("RGB", (8, 8 + number), "teal").save(tmp_path / "p.png")
            item = project.add_asset(tmp_path / "p.png", kind=Kind.IMAGE, name=name)
            project.set_stars([item.uid], number)
    return folder


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = cli.main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_new_makes_a_project_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "Neu ü.studio"
    assert run(capsys, "new", str(folder)) == (0, {"ok": True, "project": str(folder)})
    code, said = run(capsys, "new", str(folder))
    assert code == codes.BAD_INPUT and not said["ok"] and said["error"]["hint"]


def test_export_writes_what_was_asked_for(
    capsys: pytest.CaptureFixture[str], trip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    code, said = run(
        capsys, "export", str(trip), "--to", str(out), "--originals", "--format", "jpeg", "--stars", "1"
    )
    assert code == 0 and [Path(file).name for file in said["files"]] == ["hill.jpg", "=sum(1).jpg"]
    code, said = run(capsys, "export", str(trip), "--to", str(out), "--originals", "--search", "bea")
    assert [Path(file).name for file in said["files"]] == ["beach.png"]
    assert Path(said["manifest"]).name == "manifest 2.json"
    query = "stars:>=1 -name:hill"
    code, said = run(capsys, "export", str(trip), "--to", str(out), "--originals", "--search", query)
    assert [Path(file).name for file in said["files"]] == ["=sum(1).png"]
    code, said = run(capsys, "export", str(trip), "--to", str(out), "--search", "stars:many")
    assert code == codes.BAD_INPUT and "no number of stars" in said["error"]["message"]


def test_export_skips_and_fails_with_words(
    capsys: pytest.CaptureFixture[str], trip: Path, tmp_path: Path
) -> None:
    out = str(tmp_path / "out")
    words = ("export", str(trip), "--to", out, "--originals")
    run(capsys, *words)
    code, said = run(capsys, *words, "--existing", "skip")
    assert code == 0 and said["files"] == [] and len(said["skipped"]) == 3
    for blob in (trip / "blobs").rglob("*.png"):
        blob.unlink()
    code, said = run(capsys, *words)
    assert code == codes.SOME_FAILED and len(said["failed"]) == 3
    code, said = run(capsys, "export", str(trip), "--to", out)  # nothing was made yet
    assert code == codes.BAD_INPUT and "nothing to export" in said["error"]["message"]


def test_export_takes_formats_and_options_of_plugins(
    capsys: pytest.CaptureFixture[str], trip: Path, tmp_path: Path
) -> None:
    words = ("export", str(trip), "--to", str(tmp_path / "out"), "--originals")
    code, told = run(capsys, *words, "--format", "nope")
    assert code == codes.BAD_INPUT
    assert all(format in told["error"]["message"] for format in ("jpeg", "docx", "turntable"))
    code, told = run(capsys, *words, "--deviation", "-1")
    assert code == codes.BAD_INPUT and "is not a number from 0 to" in told["error"]["message"]
    code, told = run(capsys, *words, "--format", "docx", "--deviation", "0.5")
    assert code == codes.OK and all(file.endswith(".png") for file in told["files"])


def test_export_takes_kinds_of_plugins_and_of_the_project(
    capsys: pytest.CaptureFixture[str], trip: Path, tmp_path: Path
) -> None:
    (tmp_path / "warm.ase").write_bytes(b"ASEF")
    with Project.open(trip) as project:
        project.add_asset(tmp_path / "warm.ase", kind="palette")

    def asked(kind: str) -> tuple[int, dict[str, Any]]:
        return run(capsys, "export", str(trip), "--to", str(tmp_path / "out"), "--originals", "--kind", kind)

    code, told = asked("palette")
    assert code == codes.OK and [Path(path).name for path in told["files"]] == ["warm.ase"]
    code, told = asked("part")
    assert code == codes.BAD_INPUT and "nothing to export" in told["error"]["message"]
    code, told = asked("smell")
    assert code == codes.BAD_INPUT and "no kind “smell”" in told["error"]["message"]
    assert "palette, part, table" in told["error"]["hint"]
    code, told = asked("../x")
    assert code == codes.BAD_INPUT and "../x is no kind" in told["error"]["message"]


def test_an_export_reads_a_project_that_the_window_has_open(
    capsys: pytest.CaptureFixture[str], trip: Path, tmp_path: Path
) -> None:
    with Project.open(trip):
        code, said = run(capsys, "export", str(trip), "--to", str(tmp_path / "out"), "--originals")
    assert code == 0 and len(said["files"]) == 3


def test_check_finds_and_repairs(capsys: pytest.CaptureFixture[str], trip: Path) -> None:
    assert run(capsys, "check", str(trip))[0] == 0
    blob = next((trip / "blobs").rglob("*.png"))
    blob.chmod(0o644)
    blob.write_bytes(b"altered")
    code, said = run(capsys, "check", str(trip))
    assert code == codes.PROJECT and not said["ok"] and said["problems"]
    assert cli.main(["check", str(trip)]) == codes.PROJECT
    assert "--repair" in capsys.readouterr().out
    run(capsys, "check", str(trip), "--repair")


def test_a_leftover_is_told_apart_from_damage(capsys: pytest.CaptureFixture[str], trip: Path) -> None:
    with Project.open(trip) as project:
        source = trip.parent / "orphan.png"
        source.write_bytes(b"left over")
        project.store_blob(source, extension=".png")
    code, said = run(capsys, "check", str(trip))
    assert (code, said["ok"], said["whole"]) == (codes.SOME_FAILED, False, True)
    assert cli.main(["check", str(trip)]) == codes.SOME_FAILED
    assert "The project is whole; the files that are left over do no harm." in capsys.readouterr().out
    blob = next(path for path in (trip / "blobs").rglob("*.png") if path.read_bytes() != b"left over")
    whole = blob.read_bytes()
    blob.chmod(0o644)
    blob.write_bytes(b"altered")
    assert run(capsys, "check", str(trip))[0] == codes.PROJECT
    blob.write_bytes(whole)
    assert run(capsys, "check", str(trip), "--repair")[0] == 0
    code, said = run(capsys, "check", str(trip))
    assert (code, said["ok"], said["whole"]) == (0, True, True)
    with pytest.raises(SystemExit):
        cli.main(["check", "--help"])
    assert "left over" in capsys.readouterr().out


def test_pack_and_unpack_give_the_same_project(
    capsys: pytest.CaptureFixture[str], trip: Path, tmp_path: Path
) -> None:
    with Project.open(trip):
        code, said = run(capsys, "pack", str(trip), str(tmp_path / "t.zip"))
    assert code == 0 and said["missing"] == []
    code, said = run(capsys, "unpack", str(tmp_path / "t.zip"), str(tmp_path / "elsewhere"))
    assert code == 0
    with Project.open(Path(said["project"])) as unpacked, Project.open(trip) as original:
        assert [item.digest for item in unpacked.items()] == [item.digest for item in original.items()]


def test_a_zip_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK nonsense")
    assert run(capsys, "unpack", str(tmp_path / "bad.zip"), str(tmp_path / "x"))[0] == codes.BAD_INPUT


def test_models_are_listed_added_and_removed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "models") == (0, {"ok": True, "models": []})
    (tmp_path / "bad.safetensors").write_bytes(b"\x80\x04K\x01.")
    code, said = run(capsys, "models", "add", str(tmp_path / "bad.safetensors"))
    assert code == codes.PLUGIN and said["error"]["code"] == "model-refused"
    assert run(capsys, "models", "list") == (0, {"ok": True, "models": []})


def test_models_move(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _, said = run(capsys, "models", "move")
    assert said["folder"].endswith("files")
    code, said = run(capsys, "models", "move", str(tmp_path / "disk"))
    assert (code, said["moved"], said["folder"]) == (0, 0, str(tmp_path / "disk"))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")
    assert run(capsys, "models", "move", str(tmp_path / "full"))[0] == codes.BAD_INPUT
    assert run(capsys, "models", "move")[1]["folder"] == str(tmp_path / "disk")


def test_plugins_tells_of_each_what_it_offers_or_why_it_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    text = GeneratorDescription(
        id="good/text",
        title="Text",
        kind=Kind.TEXT,
        version="1",
        summary="Writes.",
        inputs=(),
        params_schema={},
    )
    good = PluginDescription(
        name="good", distribution="studio-good", version="1.2", hooks=("register_generators",),
        generators=(text,), import_seconds=0.25,
    )  # fmt: skip
    bad = PluginDescription(
        name="bad", distribution="studio-bad", version="3", import_seconds=10,
        failure=Failure(reason="It hangs.", traceback="Traceback:\n  line 1\n"),
    )  # fmt: skip
    catalog = Catalog(plugins=(good, bad))
    save_cached(paths.cache_folder(), catalog, installed_key())
    assert cli.main(["plugins"]) == codes.PLUGIN
    assert capsys.readouterr().out.splitlines() == [
        "good 1.2  (studio-good, imported in 0.25 s)",
        "  hooks: register_generators",
        "  good/text                Writes.",
        "",
        "bad 3  (studio-bad, failed after 10.00 s)",
        "  cannot be used: It hangs.",
        "    Traceback:",
        "      line 1",
    ]
    assert run(capsys, "plugins") == (codes.PLUGIN, {"ok": False, **json.loads(msgspec.json.encode(catalog))})


def test_a_project_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for words in (("check",), ("resume",), ("pack",)):
        more = ("z.zip",) if words == ("pack",) else ()
        code, said = run(capsys, *words, str(tmp_path / "none.studio"), *more)
        assert code in (codes.BAD_INPUT, codes.PROJECT) and said["error"]["hint"]


@pytest.mark.parametrize("words", [["nope"], ["run"], ["export", "x"], ["check"], ["new", "a", "b"]])
def test_a_wrong_command_is_told_like_everything_else(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    code, said = run(capsys, *words)
    assert code == codes.BAD_INPUT and "--help" in said["error"]["hint"]
    assert cli.main(words) == codes.BAD_INPUT
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith("studio: ")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidParams("x"), 2),
        (ProjectInUse("x"), 3),
        (PluginError("x"), 4),
        (ModelRefused("x"), 4),
        (DiskFull("x"), 1),
    ],
)
def test_exit_codes(error: StudioError, code: int) -> None:
    assert codes.code_of(error) == code


def test_a_defect_is_told_in_words_and_its_traceback_is_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path, trip: Path
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("oops")

    monkeypatch.setattr(Project, "open", broken)
    code, said = run(capsys, "export", str(trip), "--to", str(home))
    assert code == codes.DEFECT and "oops" in said["error"]["message"]
    assert "Traceback" in (home / "log" / "command-line.log").read_text()


def test_the_command_line_loads_no_heavy_library(tmp_path: Path) -> None:
    script = (
        "import sys, studio.cli\n"
        f"studio.cli.main(['new', {str(tmp_path / 'a.studio')!r}])\n"
        f"studio.cli.main(['check', {str(tmp_path / 'a.studio')!r}])\n"
        "heavy = {'PySide6', 'torch', 'numpy', 'PIL', 'cv2', 'onnxruntime', 'onnx', 'studio_image'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"


def test_an_error_that_nobody_reads_any_more_is_no_defect() -> None:
    ends_early = subprocess.Popen(
        [sys.executable, "-m", "studio", "no-such-command", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert ends_early.stdout is not None and ends_early.stderr is not None
    ends_early.stdout.close()
    said = ends_early.stderr.read()
    assert ends_early.wait(30) != 0
    assert b"Traceback" not in said


def test_what_was_measured_and_noted_stands_below_the_files() -> None:
    from studio.cli.run import _told

    env = {
        "numbers": [
            {"name": "tokens_per_second", "title": "Speed", "value": 31.0, "unit": "tokens/s"},
            {"name": "steps", "title": "Steps", "value": 4, "unit": ""},
        ],
        "notes": ["Draft 2 is cut off."],
    }
    assert _told(env) == ["Speed: 31 tokens/s  Steps: 4", "Draft 2 is cut off."]
    assert _told({}) == []
