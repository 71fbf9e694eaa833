from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QPixmap

from studio.core.item import Item, Kind
from studio.core.recipe import ModelUse
from studio.project.store import Project
from studio.ui.recipe_model import device_words, item_lines, recipe_lines, size_words
from studio.ui.recipe_panel import RecipePanel, Shown
from tests.ui.builders import Sample, describe, picture, recipe


def test_a_recipe_speaks_as_the_form_does() -> None:
    made = recipe(
        5, method="fill", steps=20, strength=0.8, prompt="a lake", tile=True, size="large", limit=None
    )
    lines = recipe_lines(made, describe(Sample))
    assert [(line.name, line.value) for line in lines] == [
        ("Made with", "Test"),
        ("Method", "Content-aware fill"),
        ("Steps", "20 steps"),
        ("Strength", "0.8"),
        ("Prompt", "a lake"),
        ("Tile", "Yes"),
        ("Size", "Large"),
        ("Limit", "Automatic"),
        ("Seed", "5"),
        ("Computed on", "Processor"),
    ]


def test_a_model_is_told_by_its_name() -> None:
    made = recipe(method="onnx", model="a" * 64)
    made = made.model_copy(update={"models": {"model": ModelUse(name="Lama", digest="a" * 64)}})
    lines = {line.name: line.value for line in recipe_lines(made, describe(Sample))}
    assert lines["Model"] == "Lama"


def test_without_the_plugin_the_recipe_is_still_readable() -> None:
    lines = recipe_lines(recipe(generator="gone/away", steps=3), None)
    assert [(line.name, line.value) for line in lines][:2] == [("Made with", "gone/away"), ("steps", "3")]


def test_another_version_is_told() -> None:
    made = recipe().model_copy(update={"generator_version": "0"})
    lines = {line.name: line.value for line in recipe_lines(made, describe(Sample))}
    assert lines["Version"] == "0 (installed: 1)"


@pytest.mark.parametrize(
    ("device", "words"),
    [
        ("cpu", "Processor"),
        ("cuda:0", "Graphics card"),
        ("cuda:1", "Graphics card 2"),
        ("mps", "Apple graphics"),
    ],
)
def test_devices_in_words(device: str, words: str) -> None:
    assert device_words(device) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1500, "2 kB"), (2_340_000, "2.3 MB"), (5 * 10**9, "5.0 GB")],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert size_words(size) == words


@pytest.fixture
def panel(qtbot, dressed) -> RecipePanel:
    made = RecipePanel(lambda item: QPixmap(), dressed)
    qtbot.addWidget(made)
    made.resize(320, 400)
    made.show()
    return made


@pytest.fixture
def photo(project: Project, tmp_path: Path) -> Item:
    return project.add_asset(picture(tmp_path / "photo.png"), kind=Kind.IMAGE)


def shown(item: Item, **changes: object) -> Shown:
    made = recipe(steps=4)
    values = {
        "item": item,
        "recipe": made,
        "lines": [*recipe_lines(made, describe(Sample)), *item_lines(item)],
        "parents": [],
        "children": [],
        "can_make": True,
        **changes,
    }
    return Shown(**values)  # type: ignore[arg-type]


def test_nothing_one_and_many(panel: RecipePanel, photo: Item) -> None:
    panel.show_none(0)
    assert panel.empty.title.text() == "Nothing selected"
    panel.show_none(7)
    assert panel.empty.title.text() == "7 items selected"
    panel.show_item(shown(photo))
    assert panel.name.whole_text() == "photo"
    assert panel.facts.rowCount() == len(panel.shown.lines)
    assert not panel.chain.isVisible()
    panel.show_item(shown(photo, recipe=None, lines=item_lines(photo)))
    assert panel.facts.rowCount() == 2
    assert not panel.again.isVisible()


def test_lineage_leads_to_the_others(panel: RecipePanel, photo: Item, qtbot) -> None:
    other = Item("other", "Other", Kind.IMAGE, photo.origin, photo.digest, ".png", 1, 0.0)
    panel.show_item(shown(photo, parents=[other]))
    assert panel.chain.isVisible()
    first = panel._chain_buttons[0][0]
    with qtbot.waitSignal(panel.item_chosen) as chosen:
        first.click()
    assert chosen.args == [other]


def test_the_buttons_speak_of_the_item(panel: RecipePanel, photo: Item, qtbot) -> None:
    panel.show_item(shown(photo))
    for button, signal in (
        (panel.again, panel.make_again),
        (panel.reuse, panel.use_settings),
        (panel.canvas, panel.open_on_canvas),
    ):
        with qtbot.waitSignal(signal) as told:
            button.click()
        assert told.args == [photo]
    panel.show_item(shown(photo, can_make=False))
    assert not panel.again.isEnabled()
