"""Each project has its own form, room and selection, in the same window and in the next one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field

from studio.core.params_base import Params
from studio.project.edits import Edits
from studio.project.store import Project
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import PHOTO_AND_MASK, catalog_of, describe

pytestmark = pytest.mark.slow


class Words(Params):
    words: str = ""
    count: Annotated[int, Field(ge=1, le=9)] = 3


class Steps(Params):
    steps: int = 20


ONE = describe(Words, "test/one", "One", PHOTO_AND_MASK)
TWO = describe(Steps, "test/two", "Two", ())


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    found = []
    for name in ("First", "Second"):
        folder = tmp_path / f"{name}.studio"
        Project.create(folder).close()
        found.append(folder)
    return found


def opened(studio: StudioWindow, folder: Path, until) -> StudioWindow:
    if studio.context.catalog is None:
        studio.set_catalog(catalog_of(ONE, TWO))
        studio.window.show()
    studio.projects.open(folder)
    until(lambda: studio.context.project is not None and studio.context.project.folder == folder)
    until(lambda: studio.kept._follows)
    return studio


def test_each_project_has_its_form(
    another: Callable[[], StudioWindow], folders: list[Path], until: Callable[..., None]
) -> None:
    studio = opened(another(), folders[0], until)
    studio.panel.choose("test/one")
    studio.panel.set_value("words", "of the first")
    studio.panel.seed.set_seed(77)
    opened(studio, folders[1], until)
    assert studio.panel.values()["words"] == "of the first", "a new project goes on with what was there"
    studio.panel.set_value("words", "of the second")
    studio.panel.seed.set_seed(88)
    studio.panel.choose("test/two")
    studio.panel.set_value("steps", 5)
    opened(studio, folders[0], until)
    assert studio.panel.generator == ONE
    assert (studio.panel.values()["words"], studio.panel.seed.seed()) == ("of the first", 77)
    studio.panel.choose("test/two")
    assert studio.panel.values() == {"steps": 20}
    studio.projects.close()
    until(lambda: studio.context.project is None and not studio.projects._busy)
    other = opened(another(), folders[1], until)
    assert other.panel.generator == TWO
    assert (other.panel.values(), other.panel.seed.seed()) == ({"steps": 5}, 88)
    other.panel.choose("test/one")
    assert other.panel.values()["words"] == "of the second"


def test_a_form_that_comes_after_its_project_has_its_values(
    another: Callable[[], StudioWindow], folders: list[Path], until: Callable[..., None]
) -> None:
    studio = opened(another(), folders[0], until)
    studio.panel.choose("test/one")
    studio.panel.set_value("words", "typed")
    studio.projects.close()
    until(lambda: studio.context.project is None and not studio.projects._busy)
    other = another()
    other.session.look_for_plugins = lambda: None  # type: ignore[method-assign]
    other.window.show()
    other.projects.open(folders[0])
    until(lambda: other.context.project is not None)
    other.set_catalog(catalog_of(TWO, ONE))
    assert other.panel.generator == ONE
    assert other.panel.values()["words"] == "typed"


def test_what_was_chosen_for_an_input_is_there(
    another: Callable[[], StudioWindow], folders: list[Path], tmp_path: Path, until: Callable[..., None]
) -> None:
    file = tmp_path / "photo.png"
    file.write_bytes(b"no picture, which nobody looks at here")
    with Project.open(folders[0]) as project:
        photo = project.add_asset(file, kind="image", name="photo")
    studio = opened(another(), folders[0], until)
    studio.panel.choose("test/one")
    studio.generating.set_input("image", photo)
    opened(studio, folders[1], until)
    assert studio.generating.inputs.chosen(ONE) == {}
    opened(studio, folders[0], until)
    assert studio.generating.inputs.chosen(ONE) == {"image": photo}


def test_selection_and_room_are_those_of_the_project(
    another: Callable[[], StudioWindow], folders: list[Path], tmp_path: Path, until: Callable[..., None]
) -> None:
    with Project.open(folders[0]) as project:
        for name in ("a", "b"):
            file = tmp_path / f"{name}.txt"
            file.write_text(name)
            project.add_asset(file, kind="file", name=name)
    studio = opened(another(), folders[0], until)
    studio.items.go_to("library")
    studio.gallery.select(next(one for one in studio.context.project.items() if one.name == "a").uid)
    opened(studio, folders[1], until)
    studio.items.go_to("text")
    opened(studio, folders[0], until)
    assert studio.workspace.room == "library"
    assert [item.name for item in studio.gallery.selected()] == ["a"]
    opened(studio, folders[1], until)
    assert studio.workspace.room == "text"


def test_what_cannot_be_read_is_as_in_a_new_project(
    another: Callable[[], StudioWindow], folders: list[Path], until: Callable[..., None]
) -> None:
    edits = Edits(folders[0] / "edits")
    edits.keep(":form", b'{"generating": {"seed": -1}}')
    edits.keep(":place", b"[[[")
    edits.close()
    studio = opened(another(), folders[0], until)
    assert studio.panel.generator in (ONE, TWO)


def test_a_read_only_project_keeps_its_form_with_the_users_own_files(
    another: Callable[[], StudioWindow], folders: list[Path], home: Path, until: Callable[..., None]
) -> None:
    studio = another()
    studio.set_catalog(catalog_of(ONE, TWO))
    studio.window.show()

    def reopen() -> None:
        studio.projects.open(folders[0], read_only=True)
        until(lambda: studio.context.project is not None and studio.kept._follows)

    reopen()
    studio.panel.choose("test/one")
    studio.panel.set_value("words", "typed")
    studio.projects.close()
    until(lambda: studio.context.project is None and not studio.projects._busy)
    assert not (folders[0] / "edits").exists()
    studio.panel.set_value("words", "elsewhere")
    reopen()
    assert studio.panel.values()["words"] == "typed"
    assert len([*(home / "data" / "edits").iterdir()]) == 1
