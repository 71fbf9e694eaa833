"""Makes the README's pictures by driving the real program through a real generation.

    xvfb-run -a -s "-screen 0 1600x1000x24" python docs/screenshots.py

Writes docs/images/window-light.webp and window-dark.webp. QT_QPA_PLATFORM=offscreen works as well.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from studio.core.item import Item
from studio.ui.app import start
from studio.ui.studio_window import StudioWindow
from studio.ui.workspace import CANVAS

IMAGES = Path(__file__).parent / "images"
SAMPLES = Path(__file__).parent.parent / "resources" / "samples"
PHOTO = "osprey"
SIZE = (1440, 900)
QUALITY, MAX_BYTES = 96, 350_000
SEED = 7


def until(is_so: Callable[[], object], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError("The window never became what it should show.")
        QApplication.processEvents()
        time.sleep(0.005)


def rest(seconds: float = 0.6) -> None:
    """Lets thumbnails come and everything be drawn."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end)


def prepare(studio: StudioWindow) -> Item:
    """A project with the sample photos, one of them repaired; returns the result."""
    until(lambda: studio.panel.generator is not None)
    photos = sorted(path for path in SAMPLES.glob("*.jpg"))
    studio.projects.create(Path(os.environ["STUDIO_HOME"]) / "Birds and skies.studio")
    until(lambda: studio.desk.runner is not None)
    studio.items.bring_in(photos)
    until(lambda: studio.generating.photo is not None and not studio.desk.tasks.running)
    photo = next(item for item in studio.desk.project.items() if item.name == PHOTO)
    studio.items.open_on_canvas(photo)
    rest()
    canvas = studio.workspace.canvas
    until(lambda: canvas.mask_model is not None and canvas.photo.path.stem == photo.digest)
    canvas.set_mask(SAMPLES / f"{PHOTO}_mask.png")
    studio.panel.seed.set_seed(SEED)
    studio.generating.generate()
    until(lambda: studio.workspace.shows_result)
    until(lambda: studio.workspace.viewer.is_comparing)
    return studio.gallery.selected()[0]


def save(studio: StudioWindow, name: str) -> None:
    rest()
    file = IMAGES / name
    with tempfile.TemporaryDirectory() as folder:
        grabbed = Path(folder) / "window.png"
        studio.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888).save(str(grabbed))
        with Image.open(grabbed) as image:
            image.save(file, quality=QUALITY, method=6)
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise SystemExit(f"{file} has {size:,} bytes: lower QUALITY.")
    print(f"{file}: {size / 1000:.0f} kB")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="studio-pictures-") as home:
        os.environ["STUDIO_HOME"] = home
        studio = start()
        studio.window.resize(*SIZE)
        result = prepare(studio)
        studio.window.say(str(Path("~") / "Documents" / "Studio" / f"{studio.desk.project.name}.studio"))
        studio.set_theme("light")
        studio.items.compare([result])
        save(studio, "window-light.webp")
        studio.set_theme("dark")
        studio.workspace.show_view(CANVAS)
        save(studio, "window-dark.webp")
        studio.window.close()
        studio.end()


if __name__ == "__main__":
    sys.exit(main())
