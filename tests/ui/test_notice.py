from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from studio.ui.kit.notice import Notice
from studio.ui.shell.studio_window import StudioWindow


@pytest.fixture
def notice(qtbot) -> Notice:
    home = QWidget()
    qtbot.addWidget(home)
    made = Notice()
    column = QVBoxLayout(home)
    column.addWidget(made)
    column.addWidget(made.earlier)
    home.resize(600, 60)
    made.home = home  # type: ignore[attr-defined]  # keeps it alive
    home.show()
    return made


def test_what_is_said_last_is_shown_and_goes_by_itself(notice: Notice) -> None:
    notice.say("One")
    notice.say("Two")
    assert notice.text.whole_text() == "Two" and notice.isVisible()
    assert not notice.action.isVisible()
    assert notice._timer.isActive()
    notice._expire()
    assert not notice.isVisible()


def test_something_to_do_comes_back_after_it_was_displaced(notice: Notice) -> None:
    done = []
    notice.say("Three files are broken", "Why?", lambda: done.append("why"))
    notice.say("Saved")
    assert notice.text.whole_text() == "Saved"
    notice.close_button.click()
    assert notice.text.whole_text() == "Three files are broken"
    notice.action.click()
    assert done == ["why"] and not notice.isVisible()


def test_something_to_do_stays_longer_goes_by_itself_and_can_be_done_later(notice: Notice) -> None:
    done = []
    notice.say("Saved")
    brief = notice._timer.interval()
    notice.say("Ready", "Choose", lambda: done.append("chosen"))
    assert notice._timer.isActive() and notice._timer.interval() > 2 * brief
    notice._expire()
    assert not notice.isVisible()
    notice.menu().actions()[0].trigger()
    notice.action.click()
    assert done == ["chosen"]


def test_the_same_twice_is_said_once(notice: Notice) -> None:
    for _ in range(3):
        notice.say("Broken", "Why?", lambda: None)
    notice.dismiss()
    assert not notice.isVisible()


def test_only_the_newest_undo_is_offered(notice: Notice) -> None:
    done = []
    notice.offer_undo("1 item moved to the trash", lambda: done.append(1))
    notice.offer_undo("3 items moved to the trash", lambda: done.append(3))
    assert notice.action.text() == "Undo"
    notice.action.click()
    assert done == [3] and not notice.isVisible()


def test_few_wait_and_clear_forgets_them(notice: Notice) -> None:
    for number in range(20):
        notice.say(str(number), "Why?", lambda: None)
    assert len(notice._waiting) == 5
    notice.clear()
    assert not notice.isVisible()
    notice.dismiss()
    assert not notice.isVisible()


def test_it_does_not_go_while_its_button_has_the_focus(notice: Notice, qtbot) -> None:
    notice.offer_undo("1 item moved to the trash", lambda: None)
    notice.window().activateWindow()
    notice.action.setFocus()
    qtbot.waitUntil(notice.action.hasFocus)
    notice._expire()
    assert notice.isVisible()


def test_screen_readers_are_told(notice: Notice, monkeypatch) -> None:
    said = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event.message()))
    notice.say("Saved")
    notice.say("Broken", "Why?", lambda: None)
    assert said == ["Saved", "Broken"]


def test_what_was_said_can_be_read_later(notice: Notice) -> None:
    done = []
    assert not notice.earlier.isVisible()
    notice.say("Saved")
    notice.say("Exported", "Open folder", lambda: done.append("open"))
    notice.offer_undo("1 item moved to the trash", lambda: done.append(1))
    notice.offer_undo("3 items moved to the trash", lambda: done.append(3))
    notice.dismiss()
    notice.dismiss()
    entries = notice.menu().actions()
    assert [entry.text().partition("  ")[2] for entry in entries] == [
        "3 items moved to the trash",
        "1 item moved to the trash",
        "Exported",
        "Saved",
    ]
    entries[2].trigger()
    assert notice.text.whole_text() == "Exported"
    notice.action.click()
    assert done == ["open"]
    entries[1].trigger()
    assert not notice.action.isVisible(), "only the newest step is taken back by a button"
    notice.clear()
    assert notice.said == []


def test_what_failed_stays_until_it_is_read(notice: Notice) -> None:
    read = []
    notice.say_wrong("“Beach” failed: the disk is full", "What to do", lambda: read.append(True))
    assert notice.property("wrong") is True and not notice._timer.isActive()
    notice.say("Saved")
    assert notice.property("wrong") is False
    notice._expire()
    assert notice.text.whole_text().startswith("“Beach” failed")
    notice.action.click()
    assert read == [True] and not notice.isVisible()


def test_it_lies_in_the_status_line_and_covers_nothing(studio: StudioWindow) -> None:
    window, notice = studio.window, studio.workspace.notice
    window.resize(1024, 640)
    for on in (True, False):
        window.show_welcome(on)
        QApplication.processEvents()
        before = window.centralWidget().geometry()
        notice.say("A rather long sentence of what has become of many photos. " * 4, "Show", lambda: None)
        QApplication.processEvents()
        bar = window.statusBar()
        assert notice.isVisible() and bar.isAncestorOf(notice)
        assert window.centralWidget().geometry() == before
        assert bar.rect().contains(notice.geometry())
        assert notice.action.width() >= notice.action.sizeHint().width()
        assert studio.queue.strip.rest.isVisible()
        notice.clear()
