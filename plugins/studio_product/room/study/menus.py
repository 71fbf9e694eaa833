"""The menus of the set-up: what to begin with, to add, and to do with what was pointed to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from studio.api.values import tr
from studio.ui.api import KeyMenu, entry, plain_text
from studio_product.core.studies.catalog import materials, presets, said
from studio_product.core.studies.study import Study
from studio_product.room.study import edits
from studio_product.room.study.blank import blank
from studio_product.room.study.hands import StudyHands
from studio_product.room.study.places import STUDY, Place
from studio_product.room.study.placing import Spot
from studio_product.room.study.words import side_words

Act = Callable[[], object]


def fill_presets(menu: QMenu, begin: Callable[[Study], object]) -> None:
    """Each example with its notes as a tool tip; and two empty ones."""
    for study in presets().values():
        entry(menu, plain_text(said(study.name)), partial(begin, study)).setToolTip(said(study.notes))
    menu.addSeparator()
    first = materials()[0]
    entry(menu, tr("Empty space (3D)"), lambda: begin(blank(3, first)))
    entry(menu, tr("Empty plate (2D)"), lambda: begin(blank(2, first)))


def fill_add(menu: QMenu, add: Callable[[str], object], add_file: Callable[[str], object]) -> None:
    entry(menu, tr("&Support"), lambda: add("support"))
    entry(menu, tr("&Load"), lambda: add("load"))
    entry(menu, tr("Load &case"), lambda: add("case"))
    menu.addSeparator()
    entry(menu, tr("Keep &in"), lambda: add("keep-in"))
    entry(menu, tr("Keep &out"), lambda: add("keep-out"))
    menu.addSeparator()
    entry(menu, tr("&Design space from a file…"), lambda: add_file("space"))
    entry(menu, tr("Keep in a shape from a &file…"), lambda: add_file("keep-in"))
    entry(menu, tr("Keep out a shape &from a file…"), lambda: add_file("keep-out"))


def spot_menu(parent: QWidget, hands: StudyHands, spot: Spot) -> QMenu:
    """What can be put on this side of the space, or at this point of it."""
    menu = _passing(parent)
    side = side_words(spot.side, hands.study.dimensions)
    entry(menu, tr("{side} face", side=side), lambda: None, on=False)
    menu.addSeparator()
    for words, act in (
        (tr("&Support this face"), hands.support_face),
        (tr("Support &here only"), hands.support_at),
        (tr("&Load on this face"), hands.load_face),
        (tr("Load h&ere only"), hands.load_at),
        (tr("Keep &in here"), hands.keep_in_at),
        (tr("Keep &out here (a hole)"), hands.keep_out_at),
    ):
        entry(menu, words, partial(act, spot))
    return menu


def place_menu(
    parent: QWidget,
    hands: StudyHands,
    place: Place,
    add: Callable[[str], object],
    rename: Callable[[Place], object],
) -> QMenu:
    """What can be done with a thing; empty where nothing can."""
    menu = _passing(parent)
    words = {
        "support": tr("Add a support"),
        "load": tr("Add a load"),
        "case": tr("Add a load case"),
        "keep-in": tr("Add a place to keep in"),
        "keep-out": tr("Add a place to keep out"),
    }
    for kind in _ADDS.get(place.kind, ()):
        entry(menu, words[kind], partial(add, kind))
    if place == STUDY or edits.can_remove(place):
        entry(menu, tr("&Rename"), partial(rename, place))
    if edits.can_remove(place):
        entry(menu, tr("&Double"), partial(hands.double, place))
        entry(menu, tr("Re&move"), partial(hands.remove, place))
    return menu


_ADDS = {
    "supports": ("support",),
    "cases": ("load", "case"),
    "case": ("load",),
    "keep-in": ("keep-in",),
    "keep-out": ("keep-out",),
}
"""What can be added under a heading."""


def shape_menu(parent: QWidget, take: Callable[[str], object]) -> QMenu:
    """What the shape of a file can be for: `take` is told "space", "keep-in" or "keep-out"."""
    menu = _passing(parent)
    entry(menu, tr("Fill within this &shape"), lambda: take("space"))
    entry(menu, tr("Keep &in this shape"), lambda: take("keep-in"))
    entry(menu, tr("Keep &out this shape"), lambda: take("keep-out"))
    return menu


def _passing(parent: QWidget) -> QMenu:
    """A menu that goes once it was used."""
    menu = KeyMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu
