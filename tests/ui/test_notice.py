from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from studio.ui.kit.notice import Notice


@pytest.fixture
def notice(qtbot) -> Notice:
    home = QWidget()
    qtbot.addWidget(home)
    made = Notice()
    QVBoxLayout(home).addWidget(made)
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
    assert not notice._timer.isActive()
    notice.say("Saved")
    assert notice.text.whole_text() == "Saved"
    notice.close_button.click()
    assert notice.text.whole_text() == "Three files are broken"
    notice.action.click()
    assert done == ["why"] and not notice.isVisible()


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


def test_over_a_picture_it_moves_nothing_and_stays_inside(qtbot) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    picture = QWidget()
    column = QVBoxLayout(home)
    column.addWidget(picture)
    home.resize(800, 600)
    home.show()
    made = Notice()
    made.float_over(picture)
    before = picture.geometry()
    made.say("Saved", "Open folder", lambda: None)
    assert made.isVisible() and picture.geometry() == before
    assert made.text.text() == "Saved" and made.width() < picture.width() // 2
    made.say("many words " * 50)
    home.resize(420, 300)
    assert picture.rect().contains(made.geometry())


def test_it_goes_along_to_the_page_that_is_shown(qtbot) -> None:
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    first, work = QWidget(), QWidget()
    stack.addWidget(first)
    stack.addWidget(work)
    stack.resize(800, 600)
    stack.show()
    made = Notice()
    made.float_over(work)
    made.move_to(first)
    assert not made.isVisible()
    made.say("Your settings were damaged.")
    assert made.isVisible() and made.parentWidget() is first
    stack.setCurrentWidget(work)
    made.move_to(None)
    assert made.isVisible() and made.parentWidget() is work
    assert work.rect().contains(made.geometry())
    first.resize(100, 100)
    assert work.rect().contains(made.geometry())
