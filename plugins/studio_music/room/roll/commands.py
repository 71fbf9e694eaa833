"""The roll's commands, for menus, the palette and the keyboard."""

from __future__ import annotations

from functools import partial

from studio.api.values import tr
from studio.ui.api import Command
from studio_music.room.roll.acts import RollActs
from studio_music.room.roll.tool import Tool

FIXED = {
    "Ctrl+A": "select_all",
    "Ctrl+C": "copy",
    "Ctrl+X": "cut",
    "Ctrl+V": "paste",
    "Ctrl+D": "duplicate",
    "Del": "delete",
    "Backspace": "delete",
}
"""Keys that every program has: they work while the field has the focus, and are nobody's to change. Others of
the window mean something else with them elsewhere."""


def commands(roll: RollActs) -> list[Command]:
    """In the order of the menu."""
    made: list[Command] = []

    def add(verb: str, title: str, act: object, keys: str = "", group: str = "", words: str = "") -> None:
        assert callable(act)
        made.append(
            Command(
                f"roll.{verb}", title, act, menu="room", keys=keys, group=group, scope="panel", words=words
            )
        )

    add("select", tr("Select tool"), partial(roll.set_tool, Tool.SELECT), "V", "tools", tr("pointer arrow"))
    add("pencil", tr("Pencil"), roll.toggle_pencil, "B", "tools", tr("draw notes"))
    add("eraser", tr("&Eraser"), partial(roll.set_tool, Tool.ERASER), "E", "tools")
    add("scale", tr("Keep to the scale"), roll.toggle_scale, "S", "tools", tr("diatonic key"))
    add("steps", tr("Step &input from the keyboard"), roll.toggle_steps, "T", "tools", tr("typing notes"))
    notes = tr("Edit notes")
    add("quantize", tr("&Quantize"), roll.quantize, "Q", f"notes/{notes}", tr("snap timing"))
    add("legato", tr("&Legato"), roll.legato, "Shift+L", f"notes/{notes}")
    add("humanize", tr("&Humanize"), roll.humanize, "Shift+H", f"notes/{notes}", tr("random timing"))
    add("join", tr("&Join notes"), roll.join, "J", f"notes/{notes}", tr("glue"))
    add("split", tr("&Split notes"), roll.split, "Shift+S", f"notes/{notes}", tr("cut scissors"))
    add("duplicate", tr("&Duplicate notes"), roll.duplicate, "", f"notes/{notes}", tr("repeat"))
    add("octave-up", tr("An octave &up"), partial(roll.transpose, 12), "Shift+Up", f"notes/{notes}")
    add("octave-down", tr("An octave d&own"), partial(roll.transpose, -12), "Shift+Down", f"notes/{notes}")
    add(
        "scale-up",
        tr("A step of the scale up"),
        partial(roll.transpose_in_scale, 1),
        "Alt+Up",
        f"notes/{notes}",
        tr("diatonic transpose"),
    )
    add(
        "scale-down",
        tr("A step of the scale down"),
        partial(roll.transpose_in_scale, -1),
        "Alt+Down",
        f"notes/{notes}",
        tr("diatonic transpose"),
    )
    add("bars", tr("Select &bars here"), roll.select_bars_here, "Shift+B", "bars", tr("mark"))
    add("loop", tr("Loop the selection"), roll.loop_selection, "Shift+O", "bars", tr("repeat cycle"))
    add("chord", tr("&Write a chord"), roll.write_chord, "Shift+C", "bars")
    add("repeat-bars", tr("Repeat the selected bars"), roll.repeat_bars, "Shift+D", "bars", tr("copy time"))
    add("remove-bars", tr("Remove the selected bars"), roll.remove_bars, "Shift+Del", "bars", tr("cut time"))
    add("add-bars", tr("Add four bars"), roll.add_bars, "", "bars", tr("longer end length"))
    add("drop-bars", tr("Let the selected bars &go"), partial(roll.select_bars, None), "", "bars")
    add("fit", tr("&Fit the song"), roll.fit, "F; 0", "zoom", tr("zoom all"))
    add("zoom-selection", tr("Fit the selection"), roll.fit_selection, "Z", "zoom")
    add("zoom-in", tr("&Zoom in"), partial(roll.zoom_by, 1.5), "+; =", "zoom")
    add("zoom-out", tr("Zoom o&ut"), partial(roll.zoom_by, 1 / 1.5), "-", "zoom")
    add("wave", tr("Wa&veform"), roll.toggle_wave, "", "zoom", tr("sound audio peaks lane"))
    return made
