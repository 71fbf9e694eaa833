"""What takes knowledge of the studio: projects and their items, windows, looks, a drive that is pulled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QWidget

from studio.core.recipe import Recipe
from studio.project.layout import DATABASE
from studio.ui.gallery.collections import CollectionList
from studio.ui.items.handing import ITEM_MIME
from studio.ui.shell.session import Session
from tests.monkey.hands import Hands
from tests.monkey.steps import Step

SCALES = (80, 100, 100, 130, 200)
LANGUAGES = ("en", "de", "he", "en", "xx")
THEMES = ("light", "dark", "contrast-light", "contrast-dark", "system", "no such theme")
HEBREW = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "&File"
msgstr "קובץ"

msgid "Gallery"
msgstr "גלריה"

msgid "Generate"
msgstr "צור"
"""
MOST_WINDOWS = 3


class Deeds(Hands):
    session: Session
    folders: list[Path]
    pictures: list[Path]

    def __init__(self) -> None:
        self._pulled: Path | None = None
        self.pulled: set[str] = set()
        """Names of projects whose folders were away for a time."""

    # Items -------------------------------------------------------------------------------------------------

    def do_pick(self, target: QWidget, step: Step) -> str:
        """Selects one to eight items of the gallery."""
        view = self.studio.gallery.view
        count = view.model().rowCount()
        if not count:
            return ""
        view.clearSelection()
        for n in range(1 + step.number % 8):
            index = view.model().index((step.number // 8 + n * 3) % count, 0)
            view.selectionModel().select(index, view.selectionModel().SelectionFlag.Select)
        return str(count)

    def do_collect(self, target: QWidget, step: Step) -> str:
        """Drops what is selected onto a collection; makes one where there is none."""
        project = self.studio.context.project
        lists = self.studio.gallery.findChildren(CollectionList)
        if project is None or project.read_only or not lists:
            return ""
        if len(project.collections()) < 3:
            self.studio.context.bridge.post(project.make_collection(f"Set {step.number}")[0])
            return "new"
        data = QMimeData()
        data.setData(ITEM_MIME, "\n".join(project.uids(self.studio.gallery.selected_ids())).encode())
        area = lists[0].viewport()
        place = QPoint(int(step.x * area.width()), int(step.y * area.height()))
        self._drop_at(area, place, data)
        return str(len(project.collections()))

    def do_picture(self, target: QWidget, step: Step) -> None:
        """Copies a picture somewhere else, and pastes it here."""
        image = QImage(40 + step.number % 200, 30 + step.number % 77, QImage.Format.Format_RGB32)
        image.fill(QColor.fromHsv(step.number % 360, 200, 200))
        QApplication.clipboard().setImage(image)
        if not self._is_blocked() and self.studio.actions["workspace.paste"].isEnabled():
            self.studio.actions["workspace.paste"].trigger()

    def do_drop(self, target: QWidget, step: Step) -> None:
        data = QMimeData()
        what = step.number % 5
        if what == 0:
            data.setText("no file at all")
        elif what == 1:
            data.setUrls([QUrl("http://example.invalid/a.png"), QUrl.fromLocalFile("/no/such/file.png")])
        else:
            chosen = [self.pictures[(step.number // 7 + n) % len(self.pictures)] for n in range(what)]
            data.setUrls([QUrl.fromLocalFile(str(file)) for file in chosen])
        window = self.studio.window
        if not self._is_blocked():
            place = QPoint(int(step.x * window.width()), int(step.y * window.height()))
            self._drop_at(window, place, data)

    def _drop_at(self, widget: QWidget, place: QPoint, data: QMimeData) -> None:
        args: Any = (
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(widget, QDragEnterEvent(place, *args))
        QApplication.sendEvent(widget, QDropEvent(QPointF(place), *args))

    def do_submit(self, target: QWidget, step: Step) -> str:
        """A few jobs; without a project one is opened again."""
        return self._submit(step, 1 + step.number % 3)

    def do_batch(self, target: QWidget, step: Step) -> str:
        return self._submit(step, 150)

    def _submit(self, step: Step, count: int) -> str:
        desk = self.studio.context
        if desk.runner is None:
            if desk.project is None and not desk.tasks.running:
                self.studio.projects.open(self.folders[step.number % len(self.folders)])
            return "open"
        recipe = Recipe(
            generator=("monkey/slow", "monkey/words")[step.number % 2],
            generator_version="1",
            params={"prompt": "monkey", "steps": 1 + step.number % 9},
            seed=step.number % 2**20,
        )
        desk.runner.submit([recipe] * count, title="Monkey")
        return str(count)

    # Looks and windows -------------------------------------------------------------------------------------

    def do_scale(self, target: QWidget, step: Step) -> None:
        self.session.shared.change("appearance", font_scale=SCALES[step.number % len(SCALES)])

    def do_speak(self, target: QWidget, step: Step) -> None:
        self.session.shared.change("appearance", language=LANGUAGES[step.number % len(LANGUAGES)])

    def do_dress(self, target: QWidget, step: Step) -> None:
        self.session.shared.change("appearance", theme=THEMES[step.number % len(THEMES)])

    def do_window(self, target: QWidget, step: Step) -> str:
        if len(self.session.windows) < MOST_WINDOWS:
            chosen = [*self.folders, None][step.number % (len(self.folders) + 1)]
            self.session.open_in_window(chosen)
        return str(len(self.session.windows))

    def do_restart(self, target: QWidget, step: Step) -> None:
        self.session.quit()

    # A drive that is pulled --------------------------------------------------------------------------------

    def do_pull(self, target: QWidget, step: Step) -> str:
        """Takes the folder of the open project away; the next time it comes back."""
        if self._pulled is not None:
            name = self._pulled.name
            if self._pulled.exists() and not (self._pulled / DATABASE).exists():
                return f"{name} is just being made there"
            self.put_back()
            return f"{name} back"
        folder = self.studio.projects.folder
        if folder is None or self.studio.context.project is None or not folder.is_dir():
            return ""
        self._pulled = folder
        self.pulled.add(folder.name)
        folder.rename(folder.with_suffix(".pulled"))
        return f"{folder.name} away"

    def put_back(self) -> None:
        folder, self._pulled = self._pulled, None
        if folder is None:
            return
        if folder.exists():  # somebody made another one there meanwhile
            others = len(list(folder.parent.glob("*.studio")))
            other = folder.rename(folder.with_name(f"{folder.stem} again {others}.studio"))
            self.pulled.add(other.name)
        folder.with_suffix(".pulled").rename(folder)
