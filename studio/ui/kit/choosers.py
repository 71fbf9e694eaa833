"""The system's dialogs for files and folders. All return at once and call `chosen` later, or never."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from studio.given_paths import path_of
from studio.words import mark, tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog, QWidget

PICTURES = mark("Pictures (*.png *.jpg *.jpeg *.jfif *.webp *.tif *.tiff *.bmp *.gif)")


def with_pictures(extensions: Sequence[str]) -> str:
    """The patterns to offer where files with these extensions may be chosen beside pictures."""
    if not extensions:
        return PICTURES
    pictures = PICTURES.partition("(")[2].removesuffix(")")
    endings = " ".join([pictures, *(f"*{extension}" for extension in extensions)])
    return ";;".join((tr("All that can be imported ({endings})", endings=endings), tr(PICTURES)))


def pictures_folder() -> Path:
    """Where people keep their pictures; their home where there is no such place."""
    from PySide6.QtCore import QStandardPaths

    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(place) if place and Path(place).is_dir() else Path.home()


def choose_folder(parent: QWidget | None, title: str, start: str, chosen: Callable[[Path], object]) -> None:
    dialog = _dialog(parent, title, start)
    dialog.setFileMode(dialog.FileMode.Directory)
    dialog.setOption(dialog.Option.ShowDirsOnly)
    # Where a path was typed whose beginning the list has marked, Qt tells of both, and of no single one.
    dialog.filesSelected.connect(lambda files: chosen(path_of(files[-1])))
    dialog.open()


def choose_file(
    parent: QWidget | None, title: str, names: str, chosen: Callable[[Path], object], start: str = ""
) -> None:
    """One file that exists. `names` are the patterns to offer: "Pictures (*.png *.jpg)"."""
    dialog = _dialog(parent, title, start, names)
    dialog.setFileMode(dialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda file: chosen(path_of(file)))
    dialog.open()


def choose_files(
    parent: QWidget | None, title: str, names: str, chosen: Callable[[Sequence[Path]], object]
) -> None:
    dialog = _dialog(parent, title, "", names)
    dialog.setFileMode(dialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda files: chosen([path_of(file) for file in files]))
    dialog.open()


def choose_target(
    parent: QWidget | None,
    title: str,
    suggested: Path,
    chosen: Callable[[Path], object],
    *,
    names: str = "",
    words: str = "",
) -> None:
    """A file or folder that does not exist yet. `words` is what its button says."""
    dialog = _dialog(parent, title, str(suggested.parent), names)
    dialog.setAcceptMode(dialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suggested.suffix.lstrip("."))
    dialog.setLabelText(dialog.DialogLabel.Accept, words or tr("Save"))
    dialog.selectFile(suggested.name)
    dialog.fileSelected.connect(lambda file: chosen(path_of(file)))
    dialog.open()


_LET_GO_MS = 100


def _dialog(parent: QWidget | None, title: str, start: str, names: str = "") -> QFileDialog:
    from PySide6.QtCore import QDir, QThread
    from PySide6.QtWidgets import QFileDialog  # a costly class, for which no window waits

    dialog = QFileDialog(parent, title, start, tr(names))
    if not start and dialog.directory() == QDir.current():  # Qt knows of no place of the last time
        dialog.setDirectory(str(pictures_folder() if names == PICTURES else Path.home()))
    level = QThread.currentThread().loopLevel()
    dialog.finished.connect(lambda _: _let_go(dialog, level))
    return dialog


def _let_go(dialog: QFileDialog, level: int) -> None:
    """Deletes it once it runs no event loop of its own any more.

    Qt's own menus and messages inside of it are its children, but live on the stack.
    """
    from PySide6.QtCore import QThread, QTimer

    if QThread.currentThread().loopLevel() > level:
        QTimer.singleShot(_LET_GO_MS, dialog, lambda: _let_go(dialog, level))
    else:
        dialog.deleteLater()
