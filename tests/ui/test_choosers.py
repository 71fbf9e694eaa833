"""The system's dialogs for files, where Qt has to bring its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QHeaderView, QLineEdit, QMessageBox, QWidget
from shiboken6 import isValid

from studio.ui.kit.choosers import PICTURES, choose_file, choose_folder, choose_target, with_pictures


def dialog_of(parent: QWidget) -> QFileDialog:
    (dialog,) = parent.findChildren(QFileDialog)
    return dialog


def is_gone(dialog: QFileDialog) -> bool:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # as the program's event loop does
    return not isValid(dialog)


def close_soon(dialog: QFileDialog, inside: Callable[[], QWidget | None]) -> list[QWidget | None]:
    """Closes the dialog, then what is open inside of it; the list has that afterwards."""
    seen: list[QWidget | None] = []

    def close() -> None:
        seen.append(inside())
        dialog.close()
        seen[0].close()

    QTimer.singleShot(100, close)
    return seen


def test_what_was_chosen_is_told_and_the_dialog_is_gone(qtbot, until, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    file = tmp_path / "a b.png"
    file.write_bytes(b"x")
    told: list[Path] = []
    choose_file(parent, "Choose", "", told.append, str(tmp_path))
    dialog = dialog_of(parent)
    dialog.selectFile(str(file))
    dialog.accept()
    assert told == [file]
    until(lambda: is_gone(dialog))
    choose_folder(parent, "Choose", str(tmp_path), told.append)
    dialog = dialog_of(parent)
    dialog.close()
    until(lambda: is_gone(dialog))
    assert told == [file]


def test_a_folder_that_was_typed_is_taken_though_the_list_marks_the_one_above(qtbot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    told: list[Path] = []
    choose_folder(parent, "Choose", str(tmp_path), told.append)
    dialog = dialog_of(parent)
    dialog.filesSelected.emit([str(tmp_path), str(tmp_path / "bundle")])  # as Qt does then
    assert told == [tmp_path / "bundle"]
    dialog.close()


def test_it_may_be_closed_while_a_menu_of_its_own_is_open(qtbot, until, tmp_path: Path) -> None:
    """Qt's menus there are on the stack, and children of the dialog: deleting it at once is a crash."""
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    choose_folder(parent, "Choose", str(tmp_path), lambda _: None)
    dialog = dialog_of(parent)
    dialog.setViewMode(QFileDialog.ViewMode.Detail)
    QApplication.processEvents()
    header = dialog.findChild(QHeaderView).viewport()
    seen = close_soon(dialog, QApplication.activePopupWidget)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), header.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(header, event)  # comes back when the menu is closed
    assert seen[0] is not None, "there was a menu"
    until(lambda: is_gone(dialog))


def test_it_may_be_closed_while_it_says_that_there_is_no_such_file(qtbot, until, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    choose_file(parent, "Choose", "", lambda _: None, str(tmp_path))
    dialog = dialog_of(parent)
    dialog.findChild(QLineEdit).setText("absent.png")
    seen = close_soon(dialog, QApplication.activeModalWidget)
    dialog.accept()  # comes back when the message is closed
    assert isinstance(seen[0], QMessageBox)
    until(lambda: is_gone(dialog))


def test_a_name_that_no_file_can_have_becomes_one(qtbot, until, tmp_path: Path) -> None:
    """Text that was pasted by mistake can hold a zero."""
    parent = QWidget()
    qtbot.addWidget(parent)
    choose_target(parent, "Save", tmp_path / "good.txt", lambda file: file.write_text("kept"))
    dialog = dialog_of(parent)
    line = dialog.findChild(QLineEdit)
    line.clear()
    line.insert("a\0b.txt")
    dialog.accept()
    until(lambda: is_gone(dialog))
    (file,) = tmp_path.iterdir()
    assert file.read_text() == "kept"
    assert file.name == "a\ufffdb.txt"


def test_what_plugins_bring_in_can_be_chosen_beside_pictures() -> None:
    assert with_pictures(()) == PICTURES
    both, pictures = with_pictures([".colors", ".mid"]).split(";;")
    assert both.endswith("*.gif *.colors *.mid)") and pictures == PICTURES
