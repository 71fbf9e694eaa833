"""Several windows in one program, and windows that are built anew."""

from __future__ import annotations

import gc
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QMenu

from studio import words
from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.kit.theme import is_still
from studio.ui.shell.looks import fitting, locale_of, native_name
from studio.ui.shell.studio_window import StudioWindow
from tests.pace import cost
from tests.ui.builders import Sample, catalog_of, describe, picture
from tests.ui.pictures import canvas_of, photo_of

REBUILD_TURNS = 200
"""A second on the computers of 2020."""


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a small project and gives its folder."""

    def build(name: str) -> Path:
        with Project.create(tmp_path / f"{name}.studio") as made:
            made.add_asset(picture(tmp_path / f"{name}.png"), kind=Kind.IMAGE)
        return made.folder

    return build


@pytest.fixture
def english() -> object:
    """After a test of languages all is as it was."""
    before = QLocale()
    yield
    words.use(words.ENGLISH, [], Path())
    QLocale.setDefault(before)
    QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def translate(home: Path, code: str, *pairs: tuple[str, str]) -> None:
    """A catalog of the user's own."""
    folder = home / "config" / "translations"
    folder.mkdir(parents=True, exist_ok=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    entries = "".join(f'\nmsgid "{english}"\nmsgstr "{other}"\n' for english, other in pairs)
    (folder / f"{code}.po").write_text(head + entries, encoding="utf-8")


def settle(studio: StudioWindow) -> None:
    for _ in range(5):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        gc.collect()


# Several windows ------------------------------------------------------------------------------------------


def test_each_window_has_its_own_project(studio: StudioWindow, make, until) -> None:
    first, second = make("Lake"), make("Beach")
    studio.projects.open(first)
    until(lambda: studio.context.project is not None)
    other = studio.session.open_in_window(second)
    until(lambda: other.context.project is not None)
    assert studio.context.project.folder == first
    assert other.context.project.folder == second
    assert other.context.shared is studio.context.shared and other.context.models is studio.context.models
    assert other.context.bridge is not studio.context.bridge
    assert other.window.windowTitle() == "Beach"
    assert studio.context.settings.projects.open == (str(first), str(second))


def test_a_project_that_is_open_raises_its_window(studio: StudioWindow, make, until) -> None:
    first, second = make("Lake"), make("Beach")
    studio.projects.open(first)
    until(lambda: studio.context.project is not None)
    other = studio.session.open_in_window(second)
    until(lambda: other.context.project is not None)
    assert studio.session.open_in_window(first) is studio
    other.projects.open(first)
    assert other.context.project.folder == second
    assert len(studio.session.windows) == 2


def test_closing_one_of_two_windows_closes_its_project_only(studio: StudioWindow, make, until) -> None:
    first, second = make("Lake"), make("Beach")
    studio.projects.open(first)
    until(lambda: studio.context.project is not None)
    other = studio.session.open_in_window(second)
    until(lambda: other.context.project is not None)
    other.window.close()
    until(lambda: studio.session.windows == [studio])
    until(lambda: other._ended)
    assert studio.context.project is not None
    assert studio.context.settings.projects.open == (str(first),)
    with Project.open(second):  # its lock is free again
        pass


def test_the_set_of_windows_comes_back(studio: StudioWindow, make, until, another) -> None:
    first, second = make("Lake"), make("Beach")
    studio.projects.open(first)
    until(lambda: studio.context.project is not None)
    other = studio.session.open_in_window(second)
    until(lambda: other.context.project is not None)
    studio.session.quit()
    studio.session.end()
    again = another()
    again.show(None)
    until(lambda: len(again.session.windows) == 2)
    until(lambda: all(one.context.project is not None for one in again.session.windows))
    assert [one.context.project.name for one in again.session.windows] == ["Lake", "Beach"]
    again.session.quit()
    again.session.end()


def test_nothing_comes_back_where_that_is_not_wanted(studio: StudioWindow, make, until, another) -> None:
    studio.projects.open(make("Lake"))
    until(lambda: studio.context.project is not None)
    studio.context.change_settings("projects", restore=False)
    studio.session.quit()
    studio.session.end()
    again = another()
    again.show(None)
    assert again.window.shows_welcome


def test_the_window_menu_lists_all_windows(studio: StudioWindow, make, until) -> None:
    studio.projects.open(make("Lake"))
    until(lambda: studio.context.project is not None)
    other = studio.session.open_in_window(None)
    studio.menus.windows.aboutToShow.emit()
    assert [action.text() for action in studio.menus.windows.actions()] == ["Lake", "Studio"]
    other.window.close()


def test_settings_of_one_window_are_those_of_the_other(studio: StudioWindow) -> None:
    other = studio.session.open_in_window(None)
    other.set_theme("dark")
    assert studio.theme.is_dark
    assert studio.actions["view.theme_dark"].isChecked()
    studio.context.change_settings("keys", **{"file.new": "Ctrl+J"})
    assert other.actions["file.new"].shortcut().toString() == "Ctrl+J"
    assert "Ctrl+J" in other.actions["file.new"].toolTip()
    other.window.close()


def test_plugins_are_told_to_every_window(studio: StudioWindow) -> None:
    other = studio.session.open_in_window(None)
    studio.session._found(catalog_of(describe(Sample)))
    assert other.panel.generator.id == studio.panel.generator.id == "test/one"
    third = studio.session.open_in_window(None)
    assert third.panel.generator.id == "test/one"
    for one in (third, other):
        one.window.close()


# Built anew -----------------------------------------------------------------------------------------------


def test_another_language_at_once(studio: StudioWindow, home: Path, make, until, english) -> None:
    translate(home, "de", ("&File", "&Datei"), ("Queue", "Warteschlange"))
    studio.projects.open(make("Lake"))
    until(lambda: studio.context.project is not None and canvas_of(studio).mask_model is not None)
    project, runner = studio.context.project, studio.context.runner
    canvas_of(studio).invert()
    studio.set_catalog(catalog_of(describe(Sample)))
    studio.panel.set_values({"steps": 7})
    studio.context.change_settings("appearance", language="de")
    until(lambda: studio.window.menuBar().actions()[0].text() == "&Datei")
    assert studio.window.panels["queue"].windowTitle() == "Warteschlange"
    assert studio.window.isVisible()
    assert studio.context.project is project
    assert runner is None or studio.context.runner is runner
    assert studio.window.windowTitle() == "Lake"
    assert studio.panel.form.model.value("steps") == 7
    until(lambda: canvas_of(studio).mask_model is not None)
    assert canvas_of(studio).mask_model.coverage == 1
    assert photo_of(studio) is not None
    assert QLocale().language() == QLocale.Language.German
    assert words.trn("{count} line", "{count} lines", 12345).startswith("12.345 ")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "Abbrechen"
    studio.context.change_settings("appearance", language="en")
    until(lambda: studio.window.menuBar().actions()[0].text() == "&File")


def test_it_waits_for_a_menu_that_is_open(studio: StudioWindow, until, english) -> None:
    """A menu of Qt's own would be a child, on the stack, of the window that goes."""
    before, menu = studio.window, QMenu(studio.window)
    menu.addAction("Anything")
    menu.popup(studio.window.pos())
    studio.context.change_settings("appearance", language="de")
    end = time.monotonic() + 0.5
    until(lambda: time.monotonic() > end)
    assert studio.window is before
    menu.close()
    until(lambda: studio.window is not before)


def test_a_language_that_is_read_from_the_right_mirrors(
    studio: StudioWindow, home: Path, make, until, english
) -> None:
    translate(home, "he", ("&File", "קובץ"))
    studio.projects.open(make("Lake"))
    until(lambda: studio.context.project is not None)
    QApplication.processEvents()
    before = studio.window.panels["generate"].geometry().center().x()
    studio.context.change_settings("appearance", language="he")
    until(lambda: studio.window.menuBar().actions()[0].text() == "קובץ")
    assert studio.window.layoutDirection() is Qt.LayoutDirection.RightToLeft
    QApplication.processEvents()
    middle = studio.window.inner.width() / 2
    after = studio.window.panels["generate"].geometry().center().x()
    assert before < middle < after


def test_a_broken_translation_is_told_and_the_own_one_is_spoken(
    studio: StudioWindow, home: Path, until, english
) -> None:
    translate(home, "de", ("&File", "&Datei"))
    (home / "config" / "translations" / "de.po").write_bytes(b"msgid \xff\xfe nonsense")
    studio.context.change_settings("appearance", language="de")
    until(lambda: "de.po.broken" in studio.workspace.notice.text.whole_text())
    assert studio.window.menuBar().actions()[0].text() == "&Datei"


def test_larger_text_at_once_and_quickly(studio: StudioWindow, make, until) -> None:
    studio.projects.open(make("Lake"))
    until(lambda: studio.context.project is not None)
    studio.context.change_settings("appearance", font_scale=150)
    until(lambda: studio.theme.font_scale == 150)
    assert QApplication.font().pixelSize() == studio.theme.text_px == 20

    def build_anew() -> None:
        studio.rebuild()
        QApplication.processEvents()

    assert cost(build_anew) < REBUILD_TURNS
    studio.context.change_settings("appearance", font_scale=100)
    until(lambda: studio.theme.font_scale == 100)


def test_less_motion_at_once(studio: StudioWindow) -> None:
    studio.context.change_settings("appearance", reduced_motion=True)
    assert studio.theme.reduced_motion
    assert is_still()


def test_windows_that_are_built_anew_leave_nothing_behind(studio: StudioWindow, make, until) -> None:
    studio.set_catalog(catalog_of(describe(Sample)))
    studio.projects.open(make("Lake"))
    until(lambda: studio.context.project is not None and canvas_of(studio).mask_model is not None)
    until(lambda: not studio.context.tasks.running)
    for _ in range(2):
        studio.rebuild()
    settle(studio)
    before, listeners = kinds(), len(studio.context.bridge._listeners)
    threads = threading.active_count()
    for _ in range(5):
        studio.rebuild()
        settle(studio)
    until(lambda: not studio.context.tasks.running)
    settle(studio)
    more = kinds() - before
    assert not more, more
    assert len(studio.context.bridge._listeners) == listeners
    assert threading.active_count() <= threads + 1


def kinds() -> Counter[str]:
    return Counter(type(widget).__name__ for widget in QApplication.allWidgets())


# Which language -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoken", "available", "wanted"),
    [
        (["de-CH", "en"], ["en", "de"], "de"),
        (["pt-BR"], ["en", "pt", "pt_BR"], "pt_BR"),
        (["fr-FR", "de"], ["en", "de"], "de"),
        (["fr"], ["en", "de"], "en"),
        ([], ["en"], "en"),
    ],
)
def test_the_first_language_of_the_user_that_there_is(
    spoken: list[str], available: list[str], wanted: str
) -> None:
    assert fitting(spoken, available) == wanted


def test_numbers_as_in_the_users_own_region() -> None:
    swiss = QLocale("de_CH")
    assert locale_of("de", swiss) == swiss
    assert locale_of("de", QLocale("en_US")).language() == QLocale.Language.German
    assert locale_of("pt_BR", QLocale("pt_PT")) == QLocale("pt_BR")


def test_languages_are_called_as_their_speakers_do() -> None:
    assert native_name("de") == "Deutsch"
    assert native_name("en") == "English"
    assert native_name("xx") == "xx"


def test_the_focus_stays_where_it_was_when_the_window_is_built_anew(
    studio: StudioWindow, until, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("_NARROW", "_LOW"):  # the screen of the tests has no room for a window with all panels
        monkeypatch.setattr(f"studio.ui.shell.window.{limit}", 0)
    studio.projects.open_sample()
    until(lambda: studio.context.project is not None)
    studio.items.show_room("image")
    for widget in (lambda: studio.gallery.search, lambda: studio.gallery.view, lambda: canvas_of(studio)):
        widget().setFocus()
        studio.rebuild()
        assert studio.window.focusWidget() is widget()
    canvas_of(studio).clearFocus()
    studio.rebuild()
    assert studio.window.focusWidget() is canvas_of(studio)


@pytest.mark.slow
def test_another_size_of_text_and_back_looks_the_same(studio: StudioWindow, make, until) -> None:
    """To the pixel: nothing is left without its style."""

    def look() -> QImage:
        settle(studio)
        until(lambda: not studio.context.tasks.running)
        settle(studio)
        return studio.window.grab().toImage()

    def scaled(percent: int) -> None:
        studio.context.change_settings("appearance", font_scale=percent)
        until(lambda: studio.theme.font_scale == percent)

    studio.set_catalog(catalog_of(describe(Sample)))
    studio.projects.open(make("Lake"))
    until(lambda: studio.context.project is not None and canvas_of(studio).mask_model is not None)
    scaled(125)
    scaled(100)
    until(lambda: canvas_of(studio).mask_model is not None)
    before = look()
    scaled(125)
    scaled(100)
    after = look()
    assert after == before
    studio.session.looks.undress()
    studio.session.looks.finish()
    assert look() == after, "dressed once more it is as it was"
