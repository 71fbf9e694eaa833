"""Makes all pictures of the program for README and docs/panels.md.

    QT_QPA_PLATFORM=offscreen python docs/screenshots [--full FOLDER] [--only NAME ...]

`--full` also keeps every picture in its full size, as PNG, to be looked at. `--only` makes nothing but these
full pictures, of the named scenes; "window", "compare" and "readme" are scenes too. To look at something
quickly, `--looks` leaves out other themes and languages, and `--empty` the work of two days in the project.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import drafts
import music
import parts
import scenes
from sheets import LOOKS, Sheets, readme
from stage import Stage, rest


def wanted(only: list[str], name: str) -> bool:
    return not only or name in only


def windows(stage: Stage, sheets: Sheets, look: str) -> None:
    """The whole window in every size, at work and in comparison."""
    for size in scenes.SIZES:
        stage.size(*size)
        scenes.canvas(stage)
        sheets.take(f"window-canvas-{size[0]}", look, stage.studio.window)
        if size != scenes.WIDE:  # the README has it
            scenes.compare(stage)
            sheets.take(f"window-compare-{size[0]}", look, stage.studio.window)


def shoot(stage: Stage, sheets: Sheets, only: list[str], looks: list[str]) -> None:
    for look in looks:
        theme, language = look.split("-")
        stage.look(language, theme)
        if wanted(only, "window"):
            windows(stage, sheets, look)
        stage.size(*scenes.WIDE)
        if wanted(only, "compare"):
            for mode, widget in scenes.compare_modes(stage):
                sheets.take(f"compare-{mode}", look, widget)
        for scene in scenes.SCENES:
            if not wanted(only, scene.name):
                continue
            for number, widget in enumerate(scene.show(stage), start=1):
                sheets.take(f"{scene.name}-{number}", look, widget)


def first_pictures(stage: Stage) -> None:
    """README: a photo under the slider, a mask in the dark, drafts of a text, parts, a song."""
    for theme, arrange in (("light", scenes.compare), ("dark", scenes.canvas)):
        stage.look("en", theme)
        stage.size(*scenes.WIDE)
        arrange(stage)
        rest(0.4)
        readme(stage.studio.window, f"window-{theme}.webp")
    stage.look("en", "light")
    with drafts.texts(stage):
        drafts.streaming(stage)
        readme(stage.studio.window, "drafts.webp")
    with parts.room(stage), parts.brackets(stage) as made:
        parts.variants(stage, made)
        readme(stage.studio.window, "parts.webp")
    with parts.room(stage), music.songs(stage) as made:
        music.in_the_roll(stage, made[-1], score=True)
        readme(stage.studio.window, "music.webp")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--looks", nargs="*", default=[*LOOKS], choices=LOOKS)
    parser.add_argument("--empty", action="store_true")
    options = parser.parse_args()
    if not options.only and (options.empty or len(options.looks) < len(LOOKS)):
        parser.error("the sheets show every look of a project with work in it: name scenes with --only")
    with tempfile.TemporaryDirectory(prefix="studio-pictures-") as home:
        stage = Stage(Path(home))
        stage.size(*scenes.WIDE)
        stage.begin()
        if not options.empty:
            stage.work()
            stage.queue_up()
        sheets = Sheets(options.full)
        if not options.only or "readme" in options.only:
            first_pictures(stage)
        shoot(stage, sheets, options.only, options.looks)
        if not options.only:
            sheets.write(scenes.SCENES)
        stage.studio.window.close()
        stage.session.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
