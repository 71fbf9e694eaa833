"""Makes the pictures on the cards of the first page, and those of the studies that one may begin with.

    QT_QPA_PLATFORM=offscreen python docs/screenshots/beginnings.py [NAME ...]

Each is a part of the window at work, in the light and in the dark theme, at twice the usual density. They
lie in the plugins that they belong to.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["QT_SCALE_FACTOR"] = "2"  # before Qt is imported

import drafts
import music
import parts
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget
from sheets import grabbed
from stage import ROOT, SAMPLES, Stage, rest, until
from studio_product.core.studies.catalog import PRESETS, in_words, preset
from studio_product.room.part.looking import Coloring
from studio_product.room.part.page import SET_UP
from studio_product.room.part.view import PartView

from studio.ui.kit.theme import UNIT, Theme

PLUGINS = ROOT / "plugins"
SIZE = QSize(320, 180)
"""Of what is shown of the window: a card shows it nearly as large."""
NOTES = QRect(66, 196, 490, 276)
"""Where the notes are in the roll."""
PHOTO, MASK = "osprey", (232, 60, 84)
QUALITY, MOST = 82, 40_000


def keep(picture: Image.Image, file: Path, theme: str) -> None:
    file = file if theme == "light" else file.with_stem(f"{file.stem}-dark")
    file.parent.mkdir(exist_ok=True)
    picture.save(file, quality=QUALITY, method=6)
    print(file.relative_to(ROOT), picture.size, file.stat().st_size)
    if file.stat().st_size > MOST:
        raise SystemExit(f"{file} has {file.stat().st_size:,} bytes: lower QUALITY.")


def part_of(widget: QWidget, at: QPoint, size: QSize = SIZE) -> Image.Image:
    """A part of a widget, by its place in device-independent pixels."""
    whole = grabbed(widget)
    ratio = whole.width / widget.width()
    room = QRect(at, size).intersected(widget.rect())
    corners = (room.left(), room.top(), room.right() + 1, room.bottom() + 1)
    return whole.crop(tuple(round(one * ratio) for one in corners))  # type: ignore[arg-type]


def image(stage: Stage) -> Image.Image:
    """A photo with what is painted over, and the same place afterwards."""
    shown = (stage.photo(PHOTO), stage.named(PHOTO))
    before, after = (Image.open(stage.project.blob_path(one.digest)).convert("RGB") for one in shown)
    mask = Image.open(SAMPLES / f"{PHOTO}_mask.png").convert("L").resize(before.size)
    left, top, right, bottom = mask.getbbox() or (0, 0, *mask.size)
    high = round(1.35 * max(bottom - top, (right - left) * 9 / 8))
    wide = round(high * 8 / 9)
    x, y = (left + right - wide) // 2, (top + bottom - high) // 2
    x, y = max(0, min(x, before.width - wide)), max(0, min(y, before.height - high))
    tint = Image.new("RGB", before.size, MASK)
    painted = Image.composite(Image.blend(before, tint, 0.55), before, mask)
    whole = Image.new("RGB", (640, 360), (255, 255, 255))
    for shot, place in ((painted, 0), (after, 322)):
        whole.paste(
            shot.crop((x, y, x + wide, y + high)).resize((318, 360), Image.Resampling.LANCZOS), (place, 0)
        )
    return whole


def text(stage: Stage) -> Image.Image:
    """A document with what was taken from the drafts."""
    with drafts.texts(stage):
        drafts.streaming(stage)
        drafts.merging(stage)
        editor = drafts.room_of(stage).page.pane.editor
        editor.verticalScrollBar().setValue(0)
        rest()
        return part_of(editor, QPoint(UNIT, UNIT))


def song(stage: Stage) -> Image.Image:
    """Notes of a small band."""
    with music.songs(stage) as made:
        music.in_the_roll(stage, made[-1], score=False)
        roll = music.room_of(stage).page.roll
        roll.fit()
        stage.settle(0.5)
        return part_of(roll, NOTES.topLeft(), NOTES.size()).resize((640, 360), Image.Resampling.LANCZOS)


def product(stage: Stage) -> Image.Image:
    """A part in the colors of its stress."""
    with parts.brackets(stage) as made:
        stage.product.parts.show(made[1])
        pane = stage.product.page.part
        until(lambda: pane.solid is not None and pane.item == made[1])
        pane.view.set_helpers(False)
        pane.look._set(coloring=Coloring.STRESS, bending=0.0, axis="", from_below=False)
        pane.view.fit()
        stage.settle(3.0)
        shot = body(pane.view, stage.studio.theme)
        pane.look._set(coloring=Coloring.NOTHING, bending=0.0, axis="", from_below=False)
        pane.view.set_helpers(True)
    return shot


def body(view: PartView, theme: Theme, size: tuple[int, int] = (640, 360)) -> Image.Image:
    """What a view of a part shows, without what lies around it."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    view.image.save(buffer, "PNG")
    drawn = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGBA")
    drawn = drawn.crop(drawn.getbbox())
    scale = 0.84 * min(size[0] / drawn.width, size[1] / drawn.height)
    drawn = drawn.resize((round(drawn.width * scale), round(drawn.height * scale)), Image.Resampling.LANCZOS)
    paper = Image.new("RGBA", size, theme.sunken)
    paper.alpha_composite(drawn, ((size[0] - drawn.width) // 2, (size[1] - drawn.height) // 2))
    return paper.convert("RGB")


ROOMS: dict[str, Callable[[Stage], Image.Image]] = {
    "image": image,
    "text": text,
    "music": song,
    "product": product,
}


def studies(stage: Stage) -> Iterator[tuple[str, Image.Image]]:
    """The studies that one may begin with, as they are set up."""
    stage.studio.items.show_room("product")
    page = stage.product.page
    page.show_tab(SET_UP)
    pane = page.set_up
    view = pane.view
    view.set_helpers(False)
    for key in PRESETS:
        pane.begin(in_words(preset(key)))
        until(lambda: pane.remarks.is_known)
        view.fit()
        until(lambda: view._seen is not None and view._seen is view._asked and not view._seen.is_quick)
        stage.settle()
        yield key, body(view, stage.studio.theme, (448, 252))
    view.set_helpers(True)


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="studio-pictures-") as home:
        stage = Stage(Path(home))
        stage.size(1280, 800)
        stage.begin()
        if not names or "image" in names:
            stage.work()
        stage.studio.window.panels["queue"].hide()
        for theme in ("light", "dark"):
            stage.look("en", theme)
            for room, make in ROOMS.items():
                if not names or room in names:
                    keep(make(stage), PLUGINS / f"studio_{room}" / "pictures" / "begin.webp", theme)
            if not names or "studies" in names:
                for key, picture in studies(stage):
                    keep(picture, PLUGINS / "studio_product" / "pictures" / f"{key}.webp", theme)
        stage.studio.window.close()
        stage.session.end()


if __name__ == "__main__":
    main(sys.argv[1:])
