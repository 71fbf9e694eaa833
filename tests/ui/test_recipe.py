"""A recipe in words; the panel for one item, for two, and for many."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtTest import QTest

from studio.core.item import Item, Label, Origin
from studio.core.kind import STOCK_KINDS, Kind
from studio.core.recipe import ModelUse, Recipe
from studio.project.store import Project
from studio.ui.items.recipe_diff import differences, differing, summary
from studio.ui.items.recipe_model import (
    DEVICE,
    GENERATOR,
    SEED,
    Line,
    as_text,
    device_words,
    item_lines,
    obstacles,
    recipe_lines,
    value_words,
)
from studio.ui.items.recipe_rows import Fact, FactList
from studio.ui.items.recipe_shown import Shown, Target
from studio.ui.kit import locales
from studio.ui.kit.form_model import fields_of
from studio.ui.recipe.panel import RecipePanel
from tests.ui.builders import Sample, describe, picture, recipe

LEFT = Qt.MouseButton.LeftButton


def test_a_recipe_speaks_as_the_form_does() -> None:
    made = recipe(
        5, method="fill", steps=20, strength=0.8, prompt="a lake", tile=True, size="large", limit=None
    )
    lines = recipe_lines(made, describe(Sample))
    assert [(line.name, line.value, line.key) for line in lines if not line.quiet] == [
        ("Made with", "Test", GENERATOR),
        ("Method", "Content-aware fill", "method"),
        ("Steps", "20 steps", "steps"),
        ("Strength", "0.8", "strength"),
        ("Prompt", "a lake", "prompt"),
        ("Tile", "Yes", "tile"),
        ("Size", "Large", "size"),
        ("Limit", "Automatic", "limit"),
        ("Seed", "5", SEED),
        ("Computed on", "Processor", DEVICE),
    ]
    assert [line.name for line in lines if line.quiet] == ["Threads", "Precision"]


def test_a_range_is_said_from_its_least_to_its_most() -> None:
    pair = {"type": "number", "minimum": 0, "maximum": 100}
    field = {"type": "array", "prefixItems": [pair, pair], "x-ui": {"hint": "range", "unit": "mm"}}
    (width,) = fields_of({"properties": {"width": field}})
    assert value_words(width, [18, 35.5]) == "18–35.5 mm"


def test_a_number_that_stands_for_something_is_told_in_words() -> None:
    field = {"type": "integer", "minimum": 0, "x-ui": {"unit": "bpm", "labels": {"0": "What fits"}}}
    (tempo,) = fields_of({"properties": {"tempo": field}})
    assert [value_words(tempo, bpm) for bpm in (0, 90)] == ["What fits", "90 bpm"]


def test_a_model_is_told_by_its_name() -> None:
    used = {"model": ModelUse(name="Lama", digest="a" * 64)}
    made = msgspec.structs.replace(recipe(method="onnx", model="a" * 64), models=used)
    lines = {line.name: line.value for line in recipe_lines(made, describe(Sample))}
    assert lines["Model"] == "Lama"


def test_without_the_plugin_the_recipe_is_still_readable() -> None:
    made = recipe(generator="gone/away", steps=3)
    lines = recipe_lines(made, None)
    assert [(line.name, line.value) for line in lines][:2] == [("Made with", "gone/away"), ("steps", "3")]
    assert not any(line.key for line in lines)
    (told,) = obstacles(made, None)
    assert "“gone/away” is not installed" in told and "copy" in told


def test_what_is_gone_or_another_version_is_told() -> None:
    made = msgspec.structs.replace(recipe(), generator_version="0")
    lines = {line.name: line.value for line in recipe_lines(made, describe(Sample))}
    assert lines["Version"] == "0 (installed: 1)"
    gone, version = obstacles(made, describe(Sample), ["Photo", "Mask"])
    assert "no longer in the project: Photo, Mask" in gone
    assert "another version of “Test”" in version
    assert obstacles(recipe(), describe(Sample)) == []


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


def an_item(uid: str = "one", **changes: object) -> Item:
    made = Item(uid, uid, Kind.IMAGE, Origin.ARTIFACT, "a" * 64, ".png", 1500, 0.0, job="job")
    return replace(made, **changes)  # type: ignore[arg-type]


def test_what_its_owner_says_of_an_item() -> None:
    item = an_item(stars=1, rejected=True, label=Label.RED, tags=("sky", "night"))
    told = {line.name: line.value for line in item_lines(item, ["Birds"])}
    assert told["Rating"] == "1 star"
    assert told["Decision"] == "Rejected"
    assert (told["Label"], told["Tags"], told["In"]) == ("Red", "sky, night", "Birds")
    assert set(told) - {"Made", "File"} == {"Rating", "Decision", "Label", "Tags", "In"}
    assert [line.name for line in item_lines(an_item())] == ["Made", "File"]


def test_a_recipe_as_text() -> None:
    lines = [Line("Prompt", "a lake\nat night"), Line("Seed", "5", SEED), Line("Threads", "1", quiet=True)]
    assert as_text("osprey", lines) == "osprey\nPrompt:\n    a lake\n    at night\nSeed: 5\n"


# Differences -----------------------------------------------------------------------------------------------


def lines_of(made: Recipe) -> list[Line]:
    return recipe_lines(made, describe(Sample))


def test_what_differs_between_two_recipes() -> None:
    found = differences(
        lines_of(recipe(1, steps=20, prompt="a lake at dawn")),
        lines_of(recipe(2, steps=20, prompt="a sea at dawn")),
    )
    assert {one.name: one.differs for one in found} == {
        "Made with": False,
        "Steps": False,
        "Prompt": True,
        "Seed": True,
        "Computed on": False,
    }
    prompt = next(one for one in found if one.name == "Prompt")
    assert [(piece.op, piece.text) for piece in prompt.pieces if piece.op != "same"] == [
        ("removed", "lake"),
        ("added", "sea"),
    ]


def test_captions_name_only_what_differs() -> None:
    told = differing([lines_of(recipe(seed, steps=20)) for seed in (41, 42)])
    assert told == ["Seed 41", "Seed 42"]
    assert differing([lines_of(recipe(1))] * 3) == ["", "", ""]
    assert differing([lines_of(recipe(1, steps=3)), []])[0].startswith("Made with Test · Steps 3 steps")


def test_a_summary_of_many() -> None:
    items = [
        an_item("a", stars=2, tags=("x", "y")),
        an_item("b", stars=4, tags=("y",)),
        an_item("c", tags=("y",)),
    ]
    told = {
        line.name: line.value
        for line in summary(items, [lines_of(recipe(n, steps=7)) for n in range(3)], STOCK_KINDS)
    }
    assert told["Selected"] == "3 results"
    assert told["Rating"] == "0 to 4 stars"
    assert told["Tags of all"] == "y"
    assert told["Steps"] == "7 steps"
    assert "Seed" not in told
    assert "Steps" not in {line.name for line in summary(items, [[], [], []], STOCK_KINDS)}


values = st.dictionaries(st.sampled_from("abcdef"), st.text(max_size=8), max_size=6)


@given(values, values)
def test_any_two_recipes_can_be_compared(first: dict[str, str], second: dict[str, str]) -> None:
    sides = [
        [Line(name, value, name, is_text=True) for name, value in side.items()] for side in (first, second)
    ]
    found = {one.name: one for one in differences(*sides)}
    assert set(found) == set(first) | set(second)
    for name, one in found.items():
        assert (one.left, one.right) == (first.get(name, ""), second.get(name, ""))
        assert one.differs == (one.left != one.right)
    assert not any(one.differs for one in differences(sides[0], sides[0]))


# The panel -------------------------------------------------------------------------------------------------


@pytest.fixture
def panel(qtbot, dressed) -> RecipePanel:
    made = RecipePanel(lambda item: QPixmap(), dressed, STOCK_KINDS)
    qtbot.addWidget(made)
    made.resize(320, 500)
    made.show()
    return made


@pytest.fixture
def photo(project: Project, tmp_path: Path) -> Item:
    return project.add_asset(picture(tmp_path / "photo.png"), kind=Kind.IMAGE)


class Family:
    def __init__(self, *parents: Item) -> None:
        self.parents = parents

    def inputs(self, item: Item) -> Sequence[tuple[str, Item | None]]:
        return [("Photo", one) for one in self.parents if one != item]

    def children(self, item: Item) -> Sequence[Item]:
        return []


def shown(item: Item, **changes: object) -> Shown:
    made = recipe(steps=4)
    values = {
        "item": item,
        "recipe": made,
        "lines": [*recipe_lines(made, describe(Sample)), *item_lines(item)],
        "can_make": True,
        "can_reuse": True,
        "has_source": True,
        **changes,
    }
    return Shown(**values)  # type: ignore[arg-type]


def row_of(panel: RecipePanel, name: str):
    return next(row for row in panel.one.facts.rows if row.fact.name == name)


def test_nothing_and_one(panel: RecipePanel, photo: Item) -> None:
    panel.show_none()
    assert panel.empty.title.text() == "Nothing selected" and panel.empty.isVisible()
    panel.show_item(shown(photo))
    assert panel.one.name.whole_text() == "photo"
    assert [row.fact.name for row in panel.one.facts.rows] == [
        "Made with",
        "Steps",
        "Seed",
        "Computed on",
        "Added",
        "File",
    ]
    assert not panel.one.lineage.isVisible()
    assert not panel.one.notes.isVisible()
    panel.show_item(shown(photo, recipe=None, lines=item_lines(photo)))
    assert len(panel.one.facts.rows) == 2
    assert not panel.one.again.isVisible()


def test_a_click_uses_one_value_and_the_keyboard_does_too(panel: RecipePanel, photo: Item, qtbot) -> None:
    panel.show_item(shown(photo))
    seed = row_of(panel, "Seed")
    assert seed.toolTip() == "Use this value"
    with qtbot.waitSignal(panel.value_wanted) as wanted:
        QTest.mouseClick(seed, LEFT, pos=seed.rect().center())
    assert wanted.args == [photo, SEED]
    first = panel.one.facts.rows[0]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    steps = row_of(panel, "Steps")
    with qtbot.waitSignal(panel.value_wanted) as wanted:
        QTest.keyClick(steps, Qt.Key.Key_Return)
    assert wanted.args == [photo, "steps"]
    QTest.keyClick(steps, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "4 steps"
    panel.one.copy_recipe()
    assert QGuiApplication.clipboard().text().startswith("photo\nMade with: Test\nSteps: 4 steps\n")
    file = row_of(panel, "File")
    with qtbot.assertNotEmitted(panel.value_wanted):
        QTest.mouseClick(file, LEFT, pos=file.rect().center())


def test_a_part_of_a_value_is_marked_and_copied(panel: RecipePanel, photo: Item, qtbot) -> None:
    panel.show_item(shown(photo, lines=[Line("Prompt", "a calm lake", "prompt")]))
    (row,) = panel.one.facts.rows
    used: list[str] = []
    row.used.connect(lambda key, _: used.append(key))
    cell, metrics = row.cell(0).adjusted(4, 0, -4, 0), row.fontMetrics()
    begin = QPoint(cell.left() + metrics.horizontalAdvance("a "), cell.center().y())
    end = QPoint(cell.left() + metrics.horizontalAdvance("a calm"), cell.center().y())
    QTest.mousePress(row, LEFT, pos=begin)
    QTest.mouseMove(row, end)
    QTest.mouseRelease(row, LEFT, pos=end)
    assert row.marked_text() == "calm" and not used, "to mark is not to use"
    QTest.keyClick(row, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "calm"
    QTest.mouseClick(row, LEFT, pos=end)
    assert used == ["prompt"] and row.marked_text() == ""


def test_tags_are_told_by_their_editor_alone(panel: RecipePanel, photo: Item) -> None:
    tagged = replace(photo, tags=("sky",))
    panel.show_item(shown(tagged, recipe=None, lines=item_lines(tagged)))
    assert "Tags" not in [row.fact.name for row in panel.one.facts.rows]


def test_long_values_wrap(panel: RecipePanel, photo: Item) -> None:
    long = " ".join(["many words"] * 30)
    panel.show_item(shown(photo, lines=[Line("Prompt", long, "prompt"), Line("Seed", "1", SEED)]))
    QTest.qWait(20)
    prompt, seed = panel.one.facts.rows
    assert prompt.height() > 4 * seed.height()
    assert prompt.width() <= panel.width()


def test_lineage_leads_to_the_others(panel: RecipePanel, photo: Item, qtbot) -> None:
    other = an_item("other")
    panel.show_item(shown(photo, family=Family(other)))
    lineage = panel.one.lineage
    assert lineage.isVisible()
    QTest.qWait(20)
    box = lineage.node_rect(lineage.lineage.by_key["other"])
    with qtbot.waitSignal(panel.item_chosen) as chosen:
        QTest.mouseClick(lineage.viewport(), LEFT, pos=box.center())
    assert chosen.args == [other]


def test_what_was_not_made_here_has_buttons_of_its_own(panel: RecipePanel, photo: Item, qtbot) -> None:
    page = panel.one
    targets = [Target("test/one", "Test", "image", "Photo")]
    panel.show_item(shown(photo, recipe=None, targets=targets))
    assert page.edit.isVisible() and not page.inputs.isVisible()
    with qtbot.waitSignal(panel.edit_wanted) as told:
        page.edit.click()
    assert told.args == [photo]
    panel.show_item(shown(replace(photo, kind=Kind.MASK), recipe=None, targets=targets))
    assert page.inputs.isVisible() and not page.edit.isVisible()
    page.inputs.menu().aboutToShow.emit()
    with qtbot.waitSignal(panel.input_wanted):
        page.inputs.menu().actions()[0].trigger()
    panel.show_item(shown(photo))
    assert not page.inputs.isVisible() and not page.edit.isVisible()


def test_the_buttons_speak_of_the_item(panel: RecipePanel, photo: Item, qtbot) -> None:
    panel.show_item(shown(photo, targets=[Target("test/one", "Test", "image", "Photo")]))
    for button, signal in ((panel.one.again, panel.make_again), (panel.one.reuse, panel.use_settings)):
        with qtbot.waitSignal(signal) as told:
            button.click()
        assert told.args == [photo]
    with qtbot.waitSignal(panel.vary) as told:
        panel.one.varied.menu().actions()[1].trigger()
    assert told.args == [photo, 4]
    panel.one.more.menu().aboutToShow.emit()
    inputs, canvas, source, *_ = panel.one.more.menu().actions()
    with qtbot.waitSignal(panel.input_wanted) as told:
        inputs.menu().actions()[0].trigger()
    assert told.args == [photo, "test/one", "image"]
    with qtbot.waitSignal(panel.edit_wanted):
        canvas.trigger()
    with qtbot.waitSignal(panel.source_wanted):
        source.trigger()
    panel.show_item(shown(photo, can_make=False, can_reuse=False, obstacles=["It is gone."]))
    assert not panel.one.again.isEnabled() and not panel.one.varied.isEnabled()
    assert panel.one.notes.text() == "It is gone." and panel.one.notes.isVisible()
    with qtbot.assertNotEmitted(panel.make_again):
        panel.one.ask_again()


def test_two_items_show_what_differs(panel: RecipePanel, qtbot) -> None:
    first, second = an_item("a"), an_item("b")
    panel.show_pair(
        (first, lines_of(recipe(41, steps=20, prompt="a lake"))),
        (second, lines_of(recipe(42, steps=20, prompt="a sea"))),
    )
    rows = panel.pair.facts.rows
    assert panel.pair.title.text() == "2 differences"
    assert [row.fact.values for row in rows] == [("a", "b"), ("a lake", "a sea"), ("41", "42")]
    assert all(row.fact.differs for row in rows[1:])
    QTest.qWait(20)
    with qtbot.waitSignal(panel.value_wanted) as wanted:
        QTest.mouseClick(rows[2], LEFT, pos=rows[2].cell(1).center())
    assert wanted.args == [second, SEED]
    rows[2].setFocus()
    QTest.keyClick(rows[2], Qt.Key.Key_Left)
    with qtbot.waitSignal(panel.value_wanted) as wanted:
        QTest.keyClick(rows[2], Qt.Key.Key_Return)
    assert wanted.args == [first, SEED]
    panel.pair.all.setChecked(True)
    assert len(panel.pair.facts.rows) == 6
    with qtbot.waitSignal(panel.compare_wanted) as told:
        panel.pair.compare.click()
    assert told.args == [[first, second]]


def test_many_items_are_summed_up(panel: RecipePanel) -> None:
    items = [an_item(str(n)) for n in range(12)]
    panel.show_many(items, 12_345, summary(items, [], STOCK_KINDS))
    assert panel.many.title.text() == f"{locales.number(12_345)} items selected"
    assert not panel.many.compare.isEnabled()
    panel.show_many(items[:3], 3, summary(items[:3], [], STOCK_KINDS))
    assert panel.many.compare.isEnabled()


def test_commands_are_on_only_where_they_can_be_used(panel: RecipePanel, photo: Item) -> None:
    from PySide6.QtGui import QAction

    actions = {command.id: QAction(panel) for command in panel.commands()}
    panel.attach_actions(actions)
    assert not any(action.isEnabled() for action in actions.values())
    panel.show_item(shown(photo, can_make=False))
    on = {name for name, action in actions.items() if action.isEnabled()}
    assert on == {"recipe.use_settings", "recipe.copy", "recipe.source"}


def test_right_to_left_mirrors_the_rows(panel: RecipePanel, photo: Item) -> None:
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    panel.show_item(shown(photo))
    QTest.qWait(20)
    row = row_of(panel, "Seed")
    assert row.cell(0).center().x() < row.width() / 2


def test_the_lineage_by_keyboard(panel: RecipePanel, photo: Item, qtbot) -> None:
    other = an_item("other")
    panel.show_item(shown(photo, family=Family(other)))
    lineage = panel.one.lineage
    lineage.setFocus()
    with qtbot.waitSignal(panel.item_chosen) as chosen:
        QTest.keyClick(lineage, Qt.Key.Key_Left)
        QTest.keyClick(lineage, Qt.Key.Key_Return)
    assert chosen.args == [other]
    assert lineage.accessibleDescription() == "Made from 1, 0 beside it, 0 made of it."
    point = QPointF(lineage.node_rect(lineage.lineage.by_key["other"]).center())
    assert lineage.words(lineage.node_at(point)) == "other"
    assert lineage.node_at(QPointF(QPoint(-50, -50))) is None


@pytest.mark.parametrize("width", [120, 180, 240, 400])
def test_a_name_is_never_broken_inside_a_word(qtbot, dressed, width: int) -> None:
    facts = FactList()
    qtbot.addWidget(facts)
    facts.resize(width, 300)
    facts.show()
    names = ("Added", "Donaudampfschiff", "Computed on")
    facts.show_facts([Fact(name, ("a value of several words", "another"), strong=True) for name in names])
    for row in facts.rows:
        layout = row._layout(row.fact.name, (), row._name_width(width) - row._mark_width())
        lines = [layout.lineAt(n) for n in range(layout.lineCount())]
        parts = [row.fact.name[line.textStart() :][: line.textLength()].strip() for line in lines]
        assert " ".join(parts) == row.fact.name


def test_a_family_of_six_in_a_column_is_seen_whole(panel: RecipePanel, photo: Item, qtbot) -> None:
    panel.show_item(shown(photo, family=Family(*(an_item(f"other {number}") for number in range(6)))))
    view = panel.one.lineage
    assert view.lineage is not None and len(view.lineage.nodes) == 7

    def is_whole() -> bool:
        seen = view.viewport().rect()
        return all(seen.contains(view.node_rect(node)) for node in view.lineage.nodes)

    qtbot.waitUntil(is_whole)


def test_the_family_in_a_window_of_its_own(panel: RecipePanel, photo: Item, qtbot) -> None:
    other = an_item("other")
    panel.show_item(shown(photo, family=Family(other)))
    panel.one.enlarge.click()
    window = panel.one.family
    view = window.view
    assert window.isVisible() and view.lineage is not None
    port = view.viewport().rect()

    def boxes() -> list[QRect]:
        return [view.node_rect(node) for node in view.lineage.nodes]

    qtbot.waitUntil(lambda: all(view.viewport().rect().contains(box) for box in boxes()))
    assert boxes()[0].width() > panel.one.lineage.node_rect(view.lineage.nodes[0]).width()
    fitted = view.zoom
    for _ in range(6):
        QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoom > fitted
    QTest.mousePress(view.viewport(), Qt.MouseButton.MiddleButton, pos=port.center())
    QTest.mouseMove(view.viewport(), port.center() + QPoint(5000, 5000))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.MiddleButton, pos=port.center())
    assert any(view.viewport().rect().intersects(box) for box in boxes()), "it is never lost"
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.zoom == pytest.approx(fitted)
    with qtbot.waitSignal(panel.item_chosen) as chosen:
        QTest.keyClick(view, Qt.Key.Key_Left)
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args == [other]
    panel.show_item(shown(other, family=Family(photo)))
    assert window.heading.text() == "other", "it follows what is selected"
    window.close()
    qtbot.waitUntil(lambda: panel.one.family is None)
