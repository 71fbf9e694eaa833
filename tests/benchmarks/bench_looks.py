"""How long another language and another size of text take, with all rooms opened.

Against a window of plain Qt with as many widgets that is told of another font and style sheet. Both in
processor time of the window's thread, so that other programs do not count.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks.bench_window import environment, make_big, run
from tests.benchmarks.sizes import at_most, size

__all__ = ["environment"]

pytestmark = [pytest.mark.benchmark, pytest.mark.slow, pytest.mark.timeout(300)]

TIMES = size(8, 1)
MAX_RATIO = at_most(5.0)

LOOKS = """
import json, sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget
from studio.ui.shell.app import start
studio = start(Path(sys.argv[1]))
app, times = studio.app, int(sys.argv[2])
def until(is_so):
    end = time.perf_counter() + 60
    while not is_so() and time.perf_counter() < end:
        app.processEvents()
        time.sleep(0.001)
until(lambda: studio.context.runner is not None and studio.context.catalog is not None)
def rest():
    until(lambda: not studio.context.tasks.running)
    for _ in range(30):
        app.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.002)
studio.window.resize(1440, 900)
for room in [*studio.workspace.rooms[:-1], "image"]:
    studio.items.show_room(room)
    rest()
session = studio.session
def change(**values):
    studio.context.change_settings("appearance", **values)
    session._rebuilding.stop()
    begun = time.thread_time()
    session._rebuild()
    app.processEvents()
    took = time.thread_time() - begun
    rest()
    return took
change(language="de"), change(language="en")  # catalogs are read
languages = [change(language=code) for _ in range(times) for code in ("de", "en")]
fonts = [change(font_scale=percent) for _ in range(times) for percent in (125, 100)]
widgets = len(studio.window.findChildren(QWidget))
studio.window.close()
studio.end()
print(json.dumps({"languages": languages, "fonts": fonts, "widgets": widgets}))
"""

PLAIN = """
import json, sys, time
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QApplication, QGridLayout, QLabel, QLineEdit, QMainWindow, QPushButton, QToolButton, QWidget
)
from studio.ui.kit import theme
app, widgets, times = QApplication(sys.argv[:1]), int(sys.argv[1]), int(sys.argv[2])
window, home = QMainWindow(), QWidget()
grid = QGridLayout(home)
for n in range(widgets):
    kind = (QLabel, QPushButton, QLineEdit, QToolButton)[n % 4]
    part = kind()
    if kind is not QLineEdit:
        part.setText("words")
    grid.addWidget(part, n // 20, n % 20)
window.setCentralWidget(home)
window.resize(1440, 900)
window.show()
app.processEvents()
def change(percent):
    dressed = theme.LIGHT.changed(font_scale=percent)
    begun = time.thread_time()
    font = QFont(theme.FAMILY)
    font.setPixelSize(dressed.text_px)
    app.setFont(font)
    app.setStyleSheet(theme.style_sheet(dressed))
    app.processEvents()
    took = time.thread_time() - begun
    for _ in range(30):
        app.processEvents()
    return took
print(json.dumps([change(percent) for _ in range(times) for percent in (125, 100)]))
"""


def test_another_language_and_size_of_text(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = make_big(tmp_path, "Looks", size(1000, 30))
    told = json.loads(run(LOOKS, environment, str(folder), str(TIMES)))
    plain = min(json.loads(run(PLAIN, environment, str(told["widgets"]), str(TIMES))))
    language, font = (min(told[key]) for key in ("languages", "fonts"))
    print(
        f"\n{told['widgets']} widgets: another language {language * 1000:.0f} ms"
        f" ({language / plain:.2f}x plain Qt), another size of text {font * 1000:.0f} ms"
        f" ({font / plain:.2f}x), plain Qt {plain * 1000:.0f} ms"
    )
    assert max(language, font) <= MAX_RATIO * plain
