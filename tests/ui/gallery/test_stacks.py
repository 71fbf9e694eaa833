"""Stacks in the gallery, with keys and mouse: what is seen, what is meant, what is said."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.project.order import Group, Sort
from studio.project.store import Project
from studio.ui.gallery.actions import TRASH
from studio.ui.gallery.panel import GalleryPanel
from studio.ui.items.handing import uids_of
from tests.project.builders import recipe
from tests.ui.builders import picture
from tests.ui.gallery.driving import Recorder, key, names


@pytest.fixture
def stacks(panel: GalleryPanel, project: Project, tmp_path: Path) -> GalleryPanel:
    """A photo, below it a stack of four, below that a result alone."""
    digest, size = project.store_blob(picture(tmp_path / "one.png"), extension=".png")
    with project.db.transaction() as connection:
        for batch, seeds in (("lone", (7,)), ("four", (11, 12, 13, 14))):
            connection.execute("INSERT INTO batch(id, title, created) VALUES (?, 'b', 1)", (batch,))
            for seed in seeds:
                job = uuid.uuid4().hex
                connection.execute(
                    "INSERT INTO job(id, batch, position, state, title, recipe, created)"
                    " VALUES (?, ?, 1, 'done', 'j', ?, 1)",
                    (job, batch, recipe(batch, seed=seed).to_json()),
                )
                item = Item(
                    uuid.uuid4().hex, f"{batch} {seed}", Kind.IMAGE, Origin.ARTIFACT, digest, ".png", size,
                    1.7e9, job=job, parent="photo",
                )  # fmt: skip
                project.insert_items(connection, [item])
        photo = Item(uuid.uuid4().hex, "photo", Kind.IMAGE, Origin.ASSET, digest, ".png", size, 1.7e9)
        project.insert_items(connection, [photo])
    panel.set_project(project)
    return panel


def shown(panel: GalleryPanel) -> list[str]:
    return [panel.model.item(row).name for row in range(panel.model.rowCount())]


OPENED = ["photo", "four 14", "four 11", "four 12", "four 13", "lone 7"]
CLOSED = ["photo", "four 14", "lone 7"]


def test_a_key_opens_and_closes_a_stack_in_its_place(stacks: GalleryPanel, qtbot) -> None:
    assert shown(stacks) == CLOSED
    stacks.view.choose(1)
    key(qtbot, stacks, Qt.Key.Key_S)
    assert shown(stacks) == OPENED
    assert stacks.view.currentIndex().row() == 1
    key(qtbot, stacks, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_S)
    assert shown(stacks) == CLOSED
    assert names(stacks) == ["four 14"], "what lay in the stack is the stack now"


def test_a_click_on_its_count_opens_it_and_selects_nothing_else(stacks: GalleryPanel, qtbot) -> None:
    view = stacks.view
    badge = stacks.cells.badge(view.visualRect(stacks.model.index(1)), 1)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=badge.center())
    assert shown(stacks) == OPENED
    assert stacks.cells.badge(view.visualRect(stacks.model.index(2)), 2) is None
    badge = stacks.cells.badge(view.visualRect(stacks.model.index(1)), 1)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=badge.center())
    assert shown(stacks) == CLOSED
    assert not stacks.cells.badge_at(0, view.visualRect(stacks.model.index(0)), QPoint(5, 5))


@pytest.mark.parametrize(
    ("meant", "seen"),
    [
        (["four 12", "lone 7"], OPENED),
        (["four 14", "four 12"], OPENED),
        (["four 14", "photo"], CLOSED),
        (["four 11", "four 12", "four 13", "four 14"], CLOSED),
        (["photo", "lone 7"], CLOSED),
    ],
)
def test_a_stack_opens_where_a_part_of_it_is_meant(
    stacks: GalleryPanel, project: Project, meant: list[str], seen: list[str]
) -> None:
    uids = {item.name: item.uid for item in project.items()}
    stacks.model.reveal([project.id_of(uids[name]) or 0 for name in meant])
    assert shown(stacks) == seen


def test_where_nothing_is_stacked_nothing_is_revealed(stacks: GalleryPanel, project: Project) -> None:
    stacks.set_stacks(False)
    before = shown(stacks)
    stacks.model.reveal([project.id_of(item.uid) or 0 for item in project.items()])
    assert shown(stacks) == before


def test_a_closed_stack_means_all_of_it_and_says_how_many(
    stacks: GalleryPanel, project: Project, recorder: Recorder, qtbot
) -> None:
    stacks.view.choose(1)
    assert len(stacks.selected_ids()) == 4
    assert stacks.count.text().startswith("4 of 6 selected")
    assert len(uids_of(stacks.handing.drag_data())) == 4
    assert names(stacks) == ["four 14"], "what is looked at is the one on top"
    key(qtbot, stacks, Qt.Key.Key_C)
    what, items = recorder.calls[-1]
    assert what == "choose"
    assert [item.name for item in items] == ["four 11", "four 12", "four 13", "four 14"]
    key(qtbot, stacks, Qt.Key.Key_3)
    assert [item.stars for item in project.items(text="four")] == [3] * 4
    key(qtbot, stacks, Qt.Key.Key_Delete)
    assert shown(stacks) == ["photo", "lone 7"]
    project.history.undo()
    stacks.items_added()
    assert shown(stacks) == CLOSED


def test_in_an_opened_stack_each_is_meant_alone(stacks: GalleryPanel, project: Project, qtbot) -> None:
    stacks.view.choose(1)
    key(qtbot, stacks, Qt.Key.Key_S, Qt.Key.Key_Right, Qt.Key.Key_3)
    assert [item.name for item in project.items(min_stars=3)] == ["four 11"]


def test_what_lies_on_top_is_chosen(stacks: GalleryPanel, project: Project, qtbot) -> None:
    stacks.view.choose(1)
    key(qtbot, stacks, Qt.Key.Key_S, Qt.Key.Key_Right, Qt.Key.Key_Right)
    stacks.actions_by_id["gallery.stack_top"].trigger()
    assert shown(stacks)[1] == "four 12"
    key(qtbot, stacks, Qt.Key.Key_S)
    assert shown(stacks) == ["photo", "four 12", "lone 7"]
    assert project.history.undo_title == "Put “four 12” on top"


def test_siblings_are_named_apart(stacks: GalleryPanel) -> None:
    model, role = stacks.model, Qt.ItemDataRole.AccessibleDescriptionRole
    assert model.naming(0) == []
    assert model.naming(1)[0] == "4 results"
    assert model.naming(2)[0] == "seed 7"
    assert model.index(1).data(role).startswith("Result, 4 results")
    stacks.turn_stack(1)
    assert [model.naming(row)[:2] for row in (1, 2, 4)] == [
        ["4 of 4", "seed 14"],
        ["1 of 4", "seed 11"],
        ["3 of 4", "seed 13"],
    ]


def test_all_are_opened_and_closed_and_stacks_can_be_done_without(stacks: GalleryPanel) -> None:
    do = stacks.actions_by_id
    do["gallery.stacks_open"].trigger()
    assert shown(stacks) == OPENED
    do["gallery.stacks_close"].trigger()
    assert shown(stacks) == CLOSED
    assert do["gallery.stacks"].isChecked()
    do["gallery.stacks"].trigger()
    assert shown(stacks) == ["photo", "four 14", "four 13", "four 12", "four 11", "lone 7"]
    assert not stacks._context.settings.gallery.stacks


def test_what_a_stack_hides_is_shown_when_it_is_asked_for(stacks: GalleryPanel, project: Project) -> None:
    hidden = next(item for item in project.items() if item.name == "four 12")
    stacks.select(hidden.uid)
    assert names(stacks) == ["four 12"]
    assert shown(stacks) == OPENED


def test_the_trash_has_no_stacks_and_groups_part_them(stacks: GalleryPanel, project: Project, qtbot) -> None:
    stacks.view.choose(1)
    key(qtbot, stacks, Qt.Key.Key_Delete)
    stacks.show_view(TRASH)
    assert len(shown(stacks)) == 4
    stacks.show_view(0)
    project.history.undo()
    stacks.set_group(Group.BATCH)
    stacks.items_added()
    assert sorted(shown(stacks)) == sorted(CLOSED)


def test_opened_stacks_stay_when_the_window_is_built_anew(stacks: GalleryPanel) -> None:
    stacks.turn_stack(1)
    state = stacks.state()
    stacks.turn_stacks(False)
    stacks.restore(state)
    assert shown(stacks) == OPENED


def test_what_is_new_is_marked_until_it_was_looked_at(
    stacks: GalleryPanel, project: Project, qtbot, until
) -> None:
    model, role = stacks.model, Qt.ItemDataRole.AccessibleDescriptionRole
    assert [model.is_new_at(row) for row in range(3)] == [False, True, True], "a photo is never new"
    assert model.index(1).data(role).endswith(", new")
    stacks.view.choose(2)
    until(lambda: not model.is_new_at(2))
    assert model.is_new_at(1)
    assert project.history.undo_title is None, "to look is no step"
    stacks.turn_stack(1)
    assert all(model.is_new_at(row) for row in range(1, 5))
    stacks.view.choose(3)
    until(lambda: not model.is_new_at(3))
    stacks.turn_stack(3)
    assert model.is_new_at(1), "three of its four are"
    stacks.news.see_all()
    assert not model.has_news and not project.fresh()


def test_marking_many_as_looked_at_is_a_task(
    stacks: GalleryPanel, project: Project, until, monkeypatch
) -> None:
    monkeypatch.setattr("studio.ui.gallery.news.AT_ONCE", 2)
    monkeypatch.setattr("studio.ui.gallery.news.PART", 2)
    assert len(stacks.model.news) > 2
    stacks.news.see_all()
    assert stacks.model.has_news, "the window's thread goes on"
    until(lambda: not stacks.model.has_news)
    assert not project.fresh()


def test_what_the_arrow_keys_only_pass_stays_new(stacks: GalleryPanel, qtbot, until) -> None:
    stacks.view.choose(1)
    stacks.view.choose(2)
    until(lambda: not stacks.model.is_new_at(2))
    assert stacks.model.is_new_at(1)


def add(project: Project, name: str) -> None:
    like = next(item for item in project.items() if item.name == "lone 7")
    job = uuid.uuid4().hex
    with project.db.transaction() as connection:
        connection.execute("INSERT INTO batch(id, title, created) VALUES (?, 'b', 1)", (name,))
        connection.execute(
            "INSERT INTO job(id, batch, position, state, title, recipe, created)"
            " VALUES (?, ?, 1, 'done', 'j', ?, 1)",
            (job, name, recipe(name).to_json()),
        )
        made = Item(
            uuid.uuid4().hex, name, Kind.IMAGE, Origin.ARTIFACT, like.digest, ".png", like.size, 1.7e9,
            job=job, parent="photo",
        )  # fmt: skip
        project.insert_items(connection, [made])


def test_new_results_come_into_view_while_nobody_is_elsewhere(stacks: GalleryPanel, project: Project) -> None:
    stacks.set_sort(Sort.OLDEST)
    bar = stacks.view.verticalScrollBar()
    for number in range(12):
        add(project, f"more {number}")
        stacks.items_added()
    assert stacks.view.currentIndex().row() < 0, "nothing is selected for it"
    assert bar.value() == bar.maximum() > 0
    bar.setValue(bar.maximum() // 2)
    at = bar.value()
    add(project, "while somebody looks")
    stacks.items_added()
    assert bar.value() == at
