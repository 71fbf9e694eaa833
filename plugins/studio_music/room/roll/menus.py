"""The menus of the roll: of selected notes, and of selected bars."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMenu

from studio.api.values import tr
from studio.ui.api import clear, entry
from studio_music.room.roll.acts import RollActs


def fill_notes(menu: QMenu, roll: RollActs) -> None:
    """What can be done with the selected notes, in place of what is in the menu."""
    clear(menu)
    some = bool(roll.chosen)
    entry(menu, tr("Cu&t"), roll.cut, on=some)
    entry(menu, tr("&Copy"), roll.copy, on=some)
    entry(menu, tr("&Paste"), roll.paste, on=roll.can_paste)
    entry(menu, tr("&Duplicate"), roll.duplicate, on=some)
    entry(menu, tr("De&lete"), roll.delete, on=some)
    menu.addSeparator()
    entry(menu, tr("&Quantize"), roll.quantize)
    entry(menu, tr("Le&gato"), roll.legato)
    entry(menu, tr("&Humanize"), roll.humanize)
    entry(menu, tr("&Split"), roll.split, on=some)
    entry(menu, tr("&Join"), roll.join, on=some)
    menu.addSeparator()
    entry(menu, tr("An octave &up"), partial(roll.transpose, 12), on=some)
    entry(menu, tr("An octave d&own"), partial(roll.transpose, -12), on=some)
    menu.addSeparator()
    entry(menu, tr("Select &all"), roll.select_all)
    entry(menu, tr("Select the bars of these &notes"), roll.select_bars_here, on=some)


def fill_bars(menu: QMenu, roll: RollActs) -> None:
    """What can be done with the selected bars, in place of what is in the menu."""
    clear(menu)
    some = roll.bars is not None
    entry(menu, tr("&Loop these bars"), roll.loop_selection, on=some)
    entry(menu, tr("&Select their notes"), roll.select_all, on=some)
    entry(menu, tr("&Zoom to them"), roll.fit_selection, on=some)
    menu.addSeparator()
    entry(menu, tr("&Repeat them"), roll.repeat_bars, on=some)
    entry(menu, tr("Re&move them"), roll.remove_bars, on=some)
    entry(menu, tr("&Add four bars at the end"), roll.add_bars)
    menu.addSeparator()
    entry(menu, tr("Write a &chord"), roll.write_chord)
    entry(menu, tr("Let them &go"), partial(roll.select_bars, None), on=some)
