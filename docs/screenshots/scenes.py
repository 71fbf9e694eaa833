"""What is photographed: the window, each panel, each dialog. A scene arranges the stage and gives widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import drafts
import music
import parts
import rooms
import studies
from msgspec.structs import replace
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from recorded import recording
from stage import Stage, rest, until

from studio.jobs.job import Job
from studio.project.order import Group
from studio.ui.items.compare_model import Mode
from studio.ui.kit.pick_popup import PickPopup

WIDE = (1440, 900)
SEED = 7
SIZES = ((1024, 640), WIDE, (1920, 1080))
LOG = """\
2026-03-12 09:02:11 INFO    studio.ui.shell.session: Studio 0.1.0, Qt 6.12
2026-03-12 09:02:12 INFO    studio.plugins.loading: 1 plugin, 2 generators
2026-03-12 09:02:14 INFO    studio.project.opening: opened “Birds and skies”
2026-03-12 10:31:40 INFO    studio.jobs.lane: done in 1.6 s: Remove or replace: otters
2026-03-12 11:13:20 WARNING studio.jobs.lane: failed: Not enough memory on the device.
2026-03-12 11:20:00 INFO    studio.jobs.lane: Remove or replace: osprey
"""


@dataclass(frozen=True)
class Scene:
    name: str
    words: str
    show: Callable[[Stage], Iterator[QWidget]]


def _settle(stage: Stage, seconds: float = 0.2) -> None:
    stage.settle(seconds)


# The window ------------------------------------------------------------------------------------------------


def canvas(stage: Stage) -> None:
    """The mask on the photo, a batch at work below."""
    studio = stage.studio
    studio.panel.seed.set_seed(SEED)
    photo = stage.photo("osprey")
    studio.items.go_on_with(photo)
    view = stage.canvas
    until(lambda: view.mask_model is not None and view.photo.path.stem == photo.digest)
    view.set_mask(Path(__file__).parents[2] / "resources" / "samples" / "osprey_mask.png")
    studio.gallery.select(photo.uid)
    _settle(stage)
    view.fit()


def compare(stage: Stage, mode: Mode = Mode.SLIDER, name: str = "otters") -> None:
    studio = stage.studio
    studio.panel.seed.set_seed(SEED)
    result = stage.named(name)
    studio.gallery.select(result.uid)
    first = [stage.photo(name), result]
    studio.items.compare(first)
    until(lambda: studio.workspace.viewer.is_comparing)
    studio.workspace.compare.set_mode(mode)
    _settle(stage)
    studio.workspace.viewer.split = 0.36
    rest()


def compare_modes(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    for mode in (Mode.SIDE_BY_SIDE, Mode.DIFFERENCE):
        compare(stage, mode)
        yield str(mode), stage.studio.workspace
    studio = stage.studio
    ospreys = [one for one in stage.project.items() if one.name in ("osprey", "wren")]
    studio.items.compare(ospreys[:4])
    studio.workspace.compare.set_mode(Mode.SIDE_BY_SIDE)
    _settle(stage, 0.5)
    yield "grid", studio.workspace
    compare(stage)


# Panels ----------------------------------------------------------------------------------------------------


def gallery(stage: Stage) -> Iterator[QWidget]:
    compare(stage)
    panel = stage.studio.gallery
    yield panel
    panel.set_group(Group.DAY)
    panel.parts.collections_button.setChecked(True)
    panel.search.setText("stars:>=2 -is:rejected")
    _settle(stage)
    yield panel
    panel.search.setText("tag:nothing-like-this")
    _settle(stage)
    yield panel
    panel.search.setText("star:5 kind:image")
    _settle(stage)
    yield panel
    panel.search.clear()
    panel.parts.collections_button.setChecked(False)
    panel.set_group(Group.NONE)
    _settle(stage)


def recipe(stage: Stage) -> Iterator[QWidget]:
    compare(stage)
    panel = stage.studio.recipe
    dock = stage.studio.window.panels["recipe"]
    inner = stage.studio.window.inner
    inner.resizeDocks([stage.studio.window.panels["gallery"], dock], [200, 700], _vertical())
    _settle(stage)
    yield panel
    osprey = [one for one in stage.project.items() if one.name == "osprey"][:2]
    stage.studio.items.show_selection(osprey)
    _settle(stage)
    yield panel
    stage.studio.items.show_selection(stage.project.items(limit=6))
    _settle(stage)
    yield panel
    stage.studio.items.show_selection([])
    _settle(stage)
    yield panel
    stage.studio.items.show_selection(stage.studio.gallery.selected())
    stage.studio.window.reset_layout()


def _vertical():  # type: ignore[no-untyped-def]
    from PySide6.QtCore import Qt

    return Qt.Orientation.Vertical


def form(stage: Stage) -> Iterator[QWidget]:
    canvas(stage)
    panel = stage.studio.panel
    panel.set_value("method", "fill")
    _settle(stage)
    yield panel
    panel.set_value("method", "diffusion")
    panel.set_value("prompt", "a bare branch in soft morning light, no birds")
    panel.form.show_advanced(True)
    _settle(stage)
    yield panel
    bar = panel._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())
    _settle(stage)
    yield panel
    bar.setValue(0)
    panel.form.show_advanced(False)
    panel.set_value("method", "fill")
    _settle(stage)


def texts(stage: Stage) -> Iterator[QWidget]:
    with drafts.texts(stage):
        drafts.streaming(stage)
        drafts.merging(stage)
        yield stage.studio.window


def queue(stage: Stage) -> Iterator[QWidget]:
    yield stage.studio.window.panels["queue"]


def welcome(stage: Stage) -> Iterator[QWidget]:
    window = stage.studio.window
    said = window.state.text()
    window.say("")
    stage.studio.show_home()
    _settle(stage, 0.6)
    yield window
    window.show_welcome(False)
    window.say(said)
    _settle(stage)


def tour(stage: Stage) -> Iterator[QWidget]:
    canvas(stage)
    flow = stage.studio.extras.tour
    flow.start()
    flow._go(1)
    _settle(stage)
    yield stage.studio.window
    flow.leave_quietly()


# What opens over the window --------------------------------------------------------------------------------


def _popup() -> QWidget:
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, PickPopup) and one.isVisible()]
    assert len(found) == 1, found
    return found[0]


def _dialog(stage: Stage) -> QDialog:
    _settle(stage)
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
    assert len(found) == 1, found
    return found[0]


def _closed(stage: Stage, dialog: QDialog) -> None:
    dialog.close()
    _settle(stage, 0.05)


def prompt(stage: Stage) -> Iterator[QWidget]:
    panel = stage.studio.panel
    canvas(stage)
    panel.set_value("method", "diffusion")
    _settle(stage)
    editor = panel.form.rows["prompt"].editor
    for show in (editor._show_history, editor._show_snippets):
        show()
        yield _popup()
        _popup().close()
    panel.set_value("method", "fill")
    _settle(stage)


def palette(stage: Stage) -> Iterator[QWidget]:
    compare(stage)
    stage.studio.show_palette()
    from studio.ui.shell.palette import Palette

    found = next(one for one in stage.studio.window.findChildren(Palette) if one.isVisible())
    _settle(stage)
    yield found
    found.search.setText("ex")
    _settle(stage)
    yield found
    found.close()
    _settle(stage, 0.05)


def matrix(stage: Stage) -> Iterator[QWidget]:
    canvas(stage)
    stage.studio.generating.ask_many()
    dialog = _dialog(stage)
    dialog.add_row()
    _settle(stage, 0.4)
    yield dialog
    _closed(stage, dialog)


def batch(stage: Stage) -> Iterator[QWidget]:
    canvas(stage)
    stage.studio.generating.ask_batch()
    dialog = _dialog(stage)
    yield dialog
    _closed(stage, dialog)


def export(stage: Stage) -> Iterator[QWidget]:
    stage.studio.context.change_settings("exporting", folder="~/Pictures/Calendar")
    stage.studio.items.export([one for one in stage.project.items() if one.stars >= 4])
    dialog = _dialog(stage)
    yield dialog
    _closed(stage, dialog)


def preferences(stage: Stage) -> Iterator[QWidget]:
    stage.studio.show_preferences()
    dialog = stage.session._preferences
    dialog.resize(896, 608)
    dialog.search.setFocus()
    for row in range(dialog.pages.count()):
        dialog.pages.setCurrentRow(row)
        _settle(stage)
        yield dialog
    dialog.close()
    _settle(stage, 0.05)


def plugins(stage: Stage) -> Iterator[QWidget]:
    desk = stage.studio.context
    timed = [replace(plugin, import_seconds=0.02) for plugin in desk.catalog.plugins]
    desk.catalog = replace(desk.catalog, plugins=tuple(timed))
    stage.studio.help.show_plugins()
    dialog = _dialog(stage)
    yield dialog
    _closed(stage, dialog)


def log(stage: Stage) -> Iterator[QWidget]:
    """The log of the job that failed, with why above it."""
    from studio import paths

    job = _failed(stage)
    file = paths.log_folder() / "jobs" / f"{job.id}.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(LOG, encoding="utf-8")
    stage.studio.help.show_job(job)
    dialog = _dialog(stage)
    _settle(stage, 0.6)
    yield dialog
    _closed(stage, dialog)


def _failed(stage: Stage) -> Job:
    return next(job for job in stage.studio.context.runner.queue.jobs() if job.error is not None)


def about(stage: Stage) -> Iterator[QWidget]:
    stage.studio.help.show_about()
    dialog = _dialog(stage)
    until(lambda: dialog.list.count() and dialog.text.toPlainText())
    _settle(stage, 0.6)
    yield dialog
    _closed(stage, dialog)


def models(stage: Stage) -> Iterator[QWidget]:
    """What plugins offer, the terms of one, and the report on what works without a network."""
    from studio.jobs import checkup
    from studio.ui.models import backend as models_backend

    known = checkup.memory_of, models_backend.free_bytes
    checkup.memory_of = lambda _: {"cpu": 32 << 30}
    models_backend.free_bytes = lambda _: 212_000_000_000
    try:
        dialog = stage.studio.models.show_models()
        _settle(stage)
        yield dialog
        dialog.get()
        _settle(stage)
        consent = next(one for one in dialog.findChildren(QDialog) if one.isVisible())
        yield consent
        _closed(stage, consent)
        _closed(stage, dialog)
    finally:
        checkup.memory_of, models_backend.free_bytes = known


def brought(stage: Stage) -> Iterator[QWidget]:
    from studio.ui.project.importing import Account, Refused

    refused = [
        Refused(Path("~/Pictures/2026/IMG_0412.CR3"), "no picture that can be read"),
        Refused(Path("~/Pictures/2026/notes.docx"), "no picture that can be read"),
        Refused(Path("~/Pictures/2026/IMG_0420.jpg"), "the file is cut off"),
    ]
    items = stage.project.items(limit=14)
    account = Account(added=items[:12], present=items[12:], refused=refused)
    stage.studio.items.importing.show_list(account)
    dialog = _dialog(stage)
    yield dialog
    _closed(stage, dialog)


def error(stage: Stage) -> Iterator[QWidget]:
    stage.studio.context.show_error(_failed(stage).error)
    dialog = _dialog(stage)
    yield dialog
    _closed(stage, dialog)


def recent(stage: Stage) -> Iterator[QWidget]:
    stage.studio.manage_recent()
    dialog = _dialog(stage)
    yield dialog
    _closed(stage, dialog)


def menus(stage: Stage) -> Iterator[QWidget]:
    compare(stage)
    bar = stage.studio.window.menuBar()
    for action in bar.actions():
        yield from _shown(action.menu())
    gallery = stage.studio.gallery
    at = gallery.view.visualRect(gallery.view.currentIndex()).center()
    made: list[QMenu] = []
    known = QMenu.exec
    QMenu.exec = lambda menu, *_: made.append(menu)  # type: ignore[method-assign]
    try:
        gallery._show_menu(QPoint(at))
    finally:
        QMenu.exec = known  # type: ignore[method-assign]
    menu = made[0] if made else QApplication.activePopupWidget()
    if isinstance(menu, QMenu):
        yield from _shown(menu)


def _shown(menu: QMenu) -> Iterator[QWidget]:
    menu.popup(QPoint(40, 40))
    rest(0.05)
    yield menu
    menu.close()


SCENES = (
    Scene("library", "Library", rooms.library),
    Scene("first", "Rooms in which there is nothing yet", rooms.first_pages),
    Scene("button", "The button says what it will do", rooms.button),
    Scene("stopped", "A room that has stopped, while the rest goes on", rooms.stopped),
    Scene("gallery", "Gallery", gallery),
    Scene("recipe", "Recipe, lineage and differences", recipe),
    Scene("form", "Form", form),
    Scene(
        "texts",
        f"Texts: a draft that was picked, beside the others, all written by {recording().model}",
        texts,
    ),
    Scene(
        "music",
        "Music: a song in the roll, with its score, in the form, and three beside each other",
        music.music,
    ),
    Scene("study", "Parts: what one must do", studies.study),
    Scene("parts", "Parts: variants, and one alone in the colors of its stress", parts.parts),
    Scene("family", "Parts: a family with its ranges", parts.family),
    Scene("queue", "Queue", queue),
    Scene("prompt", "Prompts and snippets", prompt),
    Scene("palette", "Command palette", palette),
    Scene("matrix", "Queue many", matrix),
    Scene("batch", "A folder of photos", batch),
    Scene("export", "Export", export),
    Scene("preferences", "Preferences and shortcuts", preferences),
    Scene("models", "Models", models),
    Scene("plugins", "Plugins", plugins),
    Scene("log", "Log", log),
    Scene("about", "About", about),
    Scene("import", "What was brought in", brought),
    Scene("error", "An error", error),
    Scene("recent", "Recent projects", recent),
    Scene("menus", "Menus", menus),
    Scene("welcome", "First page", welcome),
    Scene("tour", "A step of the tour", tour),
)
