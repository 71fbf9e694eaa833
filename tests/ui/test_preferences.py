"""Preferences and the editor of shortcuts, on the real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.project.store import Project
from studio.ui.shell.preferences import KEYS, Preferences
from studio.ui.shell.studio_window import StudioWindow
from tests.models.files import tensors


@pytest.fixture
def preferences(studio: StudioWindow) -> Iterator[Preferences]:
    studio.show_preferences()
    made = studio.session._preferences
    assert made is not None
    yield made
    if studio.session._preferences is not None:
        studio.session._preferences.close()


def test_a_value_is_in_force_at_once(studio: StudioWindow, preferences: Preferences) -> None:
    form = preferences.forms["Appearance"].form
    form.rows["appearance.theme"].edited.emit("appearance.theme", "dark")
    assert studio.theme.is_dark
    assert studio.context.settings.appearance.theme == "dark"


def test_a_change_from_elsewhere_is_shown(studio: StudioWindow, preferences: Preferences) -> None:
    studio.set_theme("light")
    assert preferences.forms["Appearance"].model.value("appearance.theme") == "light"


def test_every_setting_that_has_a_form_is_on_a_page(preferences: Preferences) -> None:
    from studio import settings

    own = [page for name, page in preferences.forms.items() if not name.startswith("plugin:")]
    shown = {name for page in own for name in page.form.rows}
    formats = {f"exporting.formats.{kind}" for kind in ("image", "mask", "music", "part", "text")}
    assert shown == set(settings.schema()["properties"]) | formats
    assert {"computer.memory", "backups.keep", "network.use"} <= shown
    assert [preferences.pages.item(row).text() for row in range(preferences.pages.count())][-1] == (
        "Keyboard shortcuts"
    )


def test_a_page_is_made_when_it_is_seen(preferences: Preferences) -> None:
    first, *others = preferences.forms.values()
    assert first.widget() is not None
    assert not any(page.widget() for page in others)
    preferences.search.setText("thumbnails")
    assert [title for title, page in preferences.forms.items() if page.widget()][1:] == ["Gallery"]


def test_search_leads_to_the_page_and_hides_the_rest(preferences: Preferences) -> None:
    preferences.search.setText("thumbnails")
    assert preferences.current() == "Gallery"
    rows = preferences.forms["Gallery"].form.rows
    assert rows["gallery.zoom"].isVisible() and not rows["gallery.sort"].isVisible()
    assert preferences.pages.item(0).isHidden()
    preferences.search.setText("high contrast")
    assert preferences.current() == "Appearance"
    preferences.search.setText("export")
    assert preferences.current() == "Export"
    preferences.search.setText("command palette")
    assert preferences.current() == KEYS
    preferences.search.setText("qqqq")
    assert preferences.nothing.isVisible()
    preferences.search.clear()
    assert not preferences.nothing.isVisible()
    assert rows["gallery.sort"].isVisibleTo(preferences.forms["Gallery"])


def test_it_opens_on_the_setting_that_was_meant(studio: StudioWindow, preferences: Preferences) -> None:
    studio.show_preferences("notices.tray")
    assert preferences.current() == "Notices"
    assert studio.session._preferences is preferences


def test_it_is_built_anew_with_the_windows(studio: StudioWindow, preferences: Preferences, until) -> None:
    preferences.show_page(KEYS)
    studio.context.change_settings("appearance", font_scale=120)
    until(lambda: studio.session._preferences is not preferences)
    assert studio.session._preferences.current() == KEYS
    assert studio.session._preferences.isVisible()
    studio.context.change_settings("appearance", font_scale=100)
    until(lambda: studio.theme.font_scale == 100)


def test_a_format_is_set_for_one_kind(studio: StudioWindow, preferences: Preferences) -> None:
    form = preferences.forms["Export"].form
    form.rows["exporting.formats.image"].edited.emit("exporting.formats.image", "webp")
    form.rows["exporting.formats.text"].edited.emit("exporting.formats.text", "docx")
    assert studio.context.settings.exporting.formats == {"image": "webp", "text": "docx"}


def test_a_template_with_an_unknown_field_is_told_and_not_taken(
    studio: StudioWindow, preferences: Preferences
) -> None:
    page = preferences.forms["Export"]
    for typed in ("{nam}", "{name", "}"):
        page.form.rows["exporting.template"].edited.emit("exporting.template", typed)
        assert "exporting.template" in page.model.errors
    assert studio.context.settings.exporting.template == "{name}"
    page.form.rows["exporting.template"].edited.emit("exporting.template", "{project}-{n}")
    assert studio.context.settings.exporting.template == "{project}-{n}"


def test_a_plugin_has_a_page_whose_values_reach_its_room(
    studio: StudioWindow, preferences: Preferences, qtbot
) -> None:
    page = preferences.forms["plugin:image"]
    room = studio.parts.rooms.get("image")
    assert room is not None and room.context.settings["mask-color"] == "#ff2d5f"
    with qtbot.waitSignal(room.context.settings_changed):
        page.form.rows["image.mask-color"].edited.emit("image.mask-color", "#00ff00")
    assert room.context.settings["mask-color"] == "#00ff00"
    assert studio.context.settings.plugins == {"image": {"mask-color": "#00ff00"}}
    room.context.change_setting("mask-strength", 60)
    assert page.model.value("image.mask-strength") == 60
    with pytest.raises(ValueError, match="mask-strength"):
        room.context.change_setting("mask-strength", 99)
    preferences.search.setText("mask color")
    assert preferences.current() == "plugin:image"


def test_a_device_that_is_chosen_is_that_of_the_form(studio: StudioWindow, preferences: Preferences) -> None:
    studio.panel.foot.set_devices(["cpu", "cuda:0"], "cpu")
    studio.session.shared.set("computer.device", "cuda:0")
    assert studio.panel.foot.device_id() == "cuda:0"
    studio.session.shared.set("computer.device", "mps")
    assert studio.panel.foot.device_id() == "cuda:0"


def test_backups_are_made_as_often_as_is_set(studio: StudioWindow, preferences: Preferences) -> None:
    studio.session.shared.set("backups.minutes", 5)
    assert studio.projects._backup.interval() == 5 * 60_000


def test_the_trash_stays_as_long_as_is_set(studio: StudioWindow, tmp_path: Path, until) -> None:
    with Project.create(tmp_path / "Trip.studio"):
        pass
    studio.session.shared.set("backups.trash_days", 90)
    studio.projects.open(tmp_path / "Trip.studio")
    until(lambda: studio.context.project is not None)
    assert studio.context.project.trash_days == 90
    studio.session.shared.set("backups.trash_days", 2)
    assert studio.context.project.trash_days == 2


def test_a_plugin_setting_that_does_not_fit_is_told(another, home) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "settings.json").write_text(
        '{"format": 2, "plugins": {"image": {"mask-color": "red", "mask-strength": 70}}}'
    )
    studio = another()
    assert any("image.mask-color" in notice for notice in studio.session.notices)
    room = studio.parts.rooms.get("image")
    assert room.context.settings["mask-color"] == "#ff2d5f"
    assert room.context.settings["mask-strength"] == 70


def test_the_models_move_to_another_folder(
    studio: StudioWindow, preferences: Preferences, tmp_path: Path, until
) -> None:
    models = studio.session.models
    with models.making("small") as made:
        models.add(tensors(made / "small.safetensors"), managed=True)
    preferences.search.setText("folder of the models")
    assert preferences.current() == "Computer"
    page = preferences.forms["Computer"]
    assert page.form and page.below.isVisible() and not page.form.rows["computer.memory"].isVisible()
    page.below.move(tmp_path / "disk")
    until(lambda: not studio.context.tasks.running)
    assert models.place == tmp_path / "disk"
    assert models.path(models.models()[0].digest).is_relative_to(tmp_path / "disk")
    assert page.below.path.whole_text() == str(tmp_path / "disk")
    assert studio.workspace.notice.text.whole_text() == f"1 model moved to {tmp_path / 'disk'}"


# Shortcuts ------------------------------------------------------------------------------------------------


def record(preferences: Preferences, id: str, keys: str) -> None:
    preferences.keys.choose(id)
    preferences.keys.recorder.recorded.emit(QKeySequence(keys))


def test_a_shortcut_is_recorded_shown_and_reset(studio: StudioWindow, preferences: Preferences) -> None:
    record(preferences, "file.sample", "Ctrl+Alt+S")
    action = studio.actions["file.sample"]
    assert action.shortcut() == QKeySequence("Ctrl+Alt+S")
    assert "Ctrl+Alt+S" in action.toolTip()
    assert studio.context.settings.keys == {"file.sample": "Ctrl+Alt+S"}
    assert preferences.keys.chosen() == "file.sample"
    preferences.keys.back.click()
    assert studio.context.settings.keys == {}
    assert action.shortcut().isEmpty()


def test_undo_is_listed_by_its_own_name(studio: StudioWindow, preferences: Preferences) -> None:
    studio.actions["edit.undo"].setText("Undo Add 5 items")
    page = preferences.keys
    page.refresh()
    rows = [page.tree.topLevelItem(row).text(0) for row in range(page.tree.topLevelItemCount())]
    assert "Undo" in rows and "Undo Add 5 items" not in rows


def test_the_default_again_is_not_written_down(studio: StudioWindow, preferences: Preferences) -> None:
    record(preferences, "file.new", "Ctrl+Alt+N")
    record(preferences, "file.new", "Ctrl+N")
    assert studio.context.settings.keys == {}


def test_a_conflict_is_told_and_resolved(studio: StudioWindow, preferences: Preferences) -> None:
    record(preferences, "file.sample", "Ctrl+E")
    page = preferences.keys
    assert page.told.text() == "Ctrl+E belongs to: Export"
    assert studio.actions["file.sample"].shortcut().isEmpty()
    page.take.click()
    assert studio.actions["file.sample"].shortcut() == QKeySequence("Ctrl+E")
    assert studio.actions["file.export"].shortcut().isEmpty()
    assert studio.context.settings.keys == {"file.sample": "Ctrl+E", "file.export": ""}
    page.choose("file.export")
    page.back.click()  # the default is taken now, so that one is asked again
    assert page.told.text() == "Ctrl+E belongs to: Open sample project"
    page.take.click()
    assert studio.actions["file.export"].shortcut() == QKeySequence("Ctrl+E")
    page.back_all.click()
    assert studio.context.settings.keys == {}


def test_one_of_several_shortcuts_is_taken_and_the_others_stay(
    studio: StudioWindow, preferences: Preferences
) -> None:
    record(preferences, "file.sample", "Ctrl+K")
    preferences.keys.take.click()
    assert studio.actions["view.palette"].shortcuts() == [QKeySequence("Ctrl+Shift+P")]


def test_a_shortcut_is_removed(studio: StudioWindow, preferences: Preferences) -> None:
    preferences.keys.choose("file.new")
    preferences.keys.remove.click()
    assert studio.actions["file.new"].shortcut().isEmpty()
    assert studio.context.settings.keys == {"file.new": ""}


def test_panels_may_share_a_key(studio: StudioWindow, preferences: Preferences) -> None:
    by_place = {entry.place: entry.command.id for entry in studio.actions.entries() if entry.place}
    assert len(by_place) >= 2
    first, second = [*by_place.values()][:2]
    record(preferences, first, "Ctrl+Alt+1")
    record(preferences, second, "Ctrl+Alt+1")
    assert studio.actions[first].shortcut() == studio.actions[second].shortcut()


def test_keys_are_pressed_and_nobody_is_caught(studio: StudioWindow, preferences: Preferences, until) -> None:
    page = preferences.keys
    preferences.show_page(KEYS)
    page.choose("file.sample")
    page.recorder.setFocus()
    QTest.keyClick(page.recorder, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    until(lambda: studio.context.settings.keys == {"file.sample": "Ctrl+J"})
    QTest.keyClick(page.recorder, Qt.Key.Key_Tab)
    QApplication.processEvents()
    assert studio.context.settings.keys == {"file.sample": "Ctrl+J"}


def test_a_broken_entry_in_the_settings_is_told(another, home) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "settings.json").write_text('{"format": 2, "keys": {"file.new": "rubbish"}}')
    studio = another()
    studio.show(None)
    studio.session.tell_notices()
    assert "New project" in studio.workspace.notice.text.whole_text()
    assert studio.workspace.notice.isVisible(), "the first page is shown: it is said there"
    assert studio.actions["file.new"].shortcut() == QKeySequence("Ctrl+N")
