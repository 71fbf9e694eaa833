"""Studies on the command line: examples, the check before computing, and running one from a file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Annotated, Any

import pytest
from studio_product.core.kind import PART
from studio_product.core.studies.catalog import PRESETS, preset
from studio_product.core.studies.reading import read_study
from studio_product.core.studies.study import Solid, Space, Study, to_json
from studio_product.core.studies.study_file import study_from_json
from studio_product.core.studies.study_value import files_of, study_of, value_of, with_files

from studio import cli
from studio.api import Generator, Input, Params, Ui
from studio.cli import codes
from studio.cli import generator_options as options
from studio.core.authoring import describe
from studio.core.titles import told
from studio.errors import BadInput
from studio.jobs.prepare import make_recipe
from studio.models.store import ModelStore
from studio.project.store import Project
from tests.studio_product.core.solids import ball, box, stl, together

BRACKET = preset("shelf-bracket")
SLOTS = ("shape_1", "shape_2")


class Optimize(Generator):
    """Works from a study."""

    name, title, kind = "optimize", "Part variants", PART
    inputs = tuple(Input(name=name, title=name, kind=PART, required=False, fed_by="study") for name in SLOTS)

    class Params(Params):
        study: Annotated[dict[str, Any], Ui(hint="study")] = {}
        variants: int = 6


DESCRIPTION = describe("test", Optimize)


def run(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = cli.main([*words, "--json"])
    return code, json.loads(capfd.readouterr().out)


def given(*words: str) -> tuple[dict[str, Any], dict[str, Path]]:
    parser = argparse.ArgumentParser(prog="studio run", exit_on_error=False)
    taken = options.add_inputs(parser, DESCRIPTION)
    options.add_settings(parser, DESCRIPTION, [*taken, *options.RESERVED])
    return options.values_and_inputs(parser.parse_args(words), DESCRIPTION)


def with_shape(file: str, study: Study = BRACKET) -> Study:
    space = Space(size=study.space.size, shape=Solid(file=file))
    return Study(
        name=study.name, space=space, material=study.material, supports=study.supports, cases=study.cases
    )


def test_the_examples_are_listed_and_written(capfd: pytest.CaptureFixture[str]) -> None:
    code, said = run(capfd, "studies")
    assert code == 0 and [one["name"] for one in said["studies"]] == list(PRESETS)
    assert all(one["title"] and one["notes"] and one["dimensions"] in (2, 3) for one in said["studies"])
    assert cli.main(["studies", "show", "bridge"]) == 0
    text = capfd.readouterr().out
    assert text.encode() == to_json(preset("bridge")) and study_from_json(text.encode()) == preset("bridge")
    assert run(capfd, "studies", "show", "bridge")[1]["study"] == json.loads(text)
    assert run(capfd, "studies", "show", "tower")[0] == codes.BAD_INPUT


def test_a_study_is_checked_before_it_is_computed(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "bracket.json"
    file.write_bytes(to_json(BRACKET))
    code, said = run(capfd, "studies", "check", str(file))
    assert code == 0 and said["ok"] and not [one for one in said["remarks"] if one["severity"] == "error"]
    plain = json.loads(to_json(BRACKET))
    file.write_text(json.dumps({**plain, "supports": []}))
    code, said = run(capfd, "studies", "check", str(file))
    assert code == codes.BAD_INPUT and not said["ok"]
    assert any(one["code"] == "no-support" and one["hint"] for one in said["remarks"])
    file.write_text(json.dumps({**plain, "suports": []}))
    code, said = run(capfd, "studies", "check", str(file))
    assert code == codes.BAD_INPUT and "suports" in said["error"]["message"]


def test_the_check_reads_the_shapes_beside_the_study(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "bracket.json"
    file.write_bytes(to_json(with_shape("space.stl")))
    code, said = run(capfd, "studies", "check", str(file))
    assert code == codes.BAD_INPUT and "“space.stl”, which is not there" in said["error"]["message"]
    (tmp_path / "space.stl").write_bytes(stl(together([ball(20, (40, 40, 40)), ball(20, (55, 41, 42))])))
    code, said = run(capfd, "studies", "check", str(file))
    assert code == codes.BAD_INPUT and "passes through itself" in said["error"]["message"]
    (tmp_path / "space.stl").write_bytes(stl(box(BRACKET.space.size)))
    assert run(capfd, "studies", "check", str(file))[0] == 0


def test_a_file_gives_the_value_and_the_inputs(tmp_path: Path) -> None:
    file = tmp_path / "bracket.json"
    file.write_bytes(to_json(BRACKET))
    assert given("--study", str(file), "--variants", "3") == ({"study": value_of(BRACKET), "variants": 3}, {})
    assert given("--set", f"study={file}")[0] == {"study": value_of(BRACKET)}
    assert given("--study", '{"name": "x"}') == ({"study": {"name": "x"}}, {})
    (tmp_path / "more").mkdir()
    shape = tmp_path / "more" / "my part.stl"
    shape.write_bytes(stl(box()))
    file.write_bytes(to_json(with_shape("more/my part.stl")))
    values, inputs = given("--study", str(file), "--shape_1", "other.stl")
    assert inputs == {"shape_1": Path("other.stl"), "shape_2": shape}
    assert files_of(study_of(values["study"])) == ["shape_2"]


def test_a_study_brings_no_file_that_is_no_shape(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("a secret")
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / "bracket.json"
    for name in ("../key", str(tmp_path / "key")):
        file.write_bytes(to_json(with_shape(name)))
        with pytest.raises(BadInput, match="“key” cannot be used"):
            given("--study", str(file))


def test_the_study_beside_an_exported_part_takes_its_shapes_apart(tmp_path: Path) -> None:
    file = tmp_path / "bracket.study.json"
    file.write_bytes(to_json(with_shape("shape_1")))
    values, inputs = given("--study", str(file), "--shape_1", "space.stl")
    assert inputs == {"shape_1": Path("space.stl")} and files_of(study_of(values["study"])) == ["shape_1"]


@pytest.mark.parametrize("name", ["none.json", ".", "a\0b", "x" * 300])
def test_a_file_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        given("--study", f"{tmp_path}/{name}")


def test_too_many_shapes_and_large_files_are_told(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(to_json(with_shape("a.stl")))
    with pytest.raises(BadInput, match="names 1 shapes from files, and 0 can be given"):
        read_study(file, ())
    file.write_bytes(b" " * (4 * 2**20 + 1))
    with pytest.raises(BadInput, match="larger than 4 MB"):
        read_study(file, SLOTS)


def test_shapes_are_renamed_wherever_they_stand() -> None:
    study = with_shape("a.stl")
    assert files_of(with_files(study, {"a.stl": "shape_1", "b": "c"})) == ["shape_1"]
    assert with_files(with_files(study, {"a.stl": "x"}), {"x": "a.stl"}) == study
    assert DESCRIPTION.hinted("study") == "study" and DESCRIPTION.fed_slots == SLOTS


def test_a_recipe_holds_a_checked_study(tmp_path: Path) -> None:
    with Project.create(tmp_path / "P.studio") as project:

        def make(study: dict[str, Any], **inputs: Path) -> Any:
            return make_recipe(
                project, DESCRIPTION, {"study": study}, inputs,
                seed=1, device="cpu", threads=1, models=ModelStore(tmp_path / "models"),
            )  # fmt: skip

        wordy = json.loads(to_json(BRACKET)) | {"dimensions": 3, "regions": []}
        wordy["making"] = {"minimum_member": 0.0, "symmetry": []}
        assert make(wordy).params["study"] == make(value_of(study_of(wordy))).params["study"]
        assert "dimensions" not in make(wordy).params["study"]
        with pytest.raises(BadInput, match="No study is set up") as caught:
            make({})
        assert "studio studies" in caught.value.hint
        with pytest.raises(BadInput, match="wrong"):
            make({"name": "x"})
        with pytest.raises(BadInput, match="“shape_2”, which is not there"):
            make(value_of(with_shape("shape_2")))
        shape = tmp_path / "a.stl"
        shape.write_bytes(stl(box()))
        recipe = make(value_of(with_shape("shape_2")), shape_2=shape)
        assert list(recipe.inputs) == ["shape_2"]
        title = options.title_of(recipe, {"shape_2": shape}, DESCRIPTION)
        assert title != BRACKET.name and told(title) == BRACKET.name
