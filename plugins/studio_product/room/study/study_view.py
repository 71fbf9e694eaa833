"""The study in three dimensions: what is pointed to is told as a thing of it, or as a side of its space."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent

from studio.api.values import tr
from studio_product.core.studies.catalog import said
from studio_product.core.studies.study import Side, Space, Study
from studio_product.room.part import orbit
from studio_product.room.part.frames import Frames
from studio_product.room.part.view import PartView
from studio_product.room.study import placing
from studio_product.room.study.face_hint import FaceHint
from studio_product.room.study.labels import Labels
from studio_product.room.study.places import STUDY, Place
from studio_product.room.study.placing import Spot
from studio_product.room.study.scene import Scene, SceneMaker
from studio_product.room.study.shapes import diagonal

if TYPE_CHECKING:
    from studio_product.core.mesh import Mesh

_GROWN = 1.3
"""A space that has grown or shrunk by more is shown whole again."""


class StudyView(PartView):
    place_chosen = Signal(object)
    """Place that was clicked; the study's own where nothing is."""
    spot_chosen = Signal(object, QPoint)
    """Spot of the space that was clicked, and where that is on the screen."""
    place_menu_wanted = Signal(object, QPoint)

    def __init__(self, frames: Frames) -> None:
        super().__init__(frames)
        self.hinted: Side | None = None
        """The side under the pointer."""
        self._study: Study | None = None
        self._meshes: Mapping[str, Mesh] = {}
        self._place = STUDY
        self._maker = SceneMaker()
        self._scene = Scene((), (), (), ())
        self.labels = Labels((), self.palette())
        self._drawn: tuple[Space, int] | None = None
        self.clicked.connect(self._on_click)
        self.opened.connect(self._on_click)

    def show_study(
        self, study: Study, meshes: Mapping[str, Mesh], place: Place, *, fit: bool = False
    ) -> None:
        """`place` stands out. All of it is shown where it has become a plate, or much larger or smaller."""
        self._study, self._meshes, self._place = study, meshes, place
        grown = diagonal(study.space) / diagonal(self._drawn[0]) if self._drawn is not None else math.inf
        if self._drawn is None or study.dimensions != self._drawn[1]:
            self.set_camera(orbit.first_look(study.dimensions))
            fit = True
        self._drawn = (study.space, study.dimensions)
        case = place.index if place.kind == "case" else place.case
        palette = self.palette()
        self._scene = self._maker.scene(study, meshes, place, palette, case=case)
        self.labels = Labels(self._scene.labels, palette)
        self.show_layers(self._scene.layers, self._scene.lines, fit=fit or not 1 / _GROWN < grown < _GROWN)
        self.hinted = None
        self.set_marks([self.labels])
        self.setAccessibleName(tr("Study “{name}” in 3D", name=said(study.name)))

    def seen(self, at: QPointF) -> tuple[Place | None, Spot | None]:
        """The thing that is seen there, and where the space is."""
        label = self.labels.at(at)
        if label is not None or self._study is None:
            return (label.place if label is not None else None), None
        pick = self.pick(at)
        origin, way = self.camera.ray(at.x(), at.y(), max(self.width(), 1), max(self.height(), 1))
        spot = placing.spot_on(self._study, self._meshes, origin, way)
        return (self._scene.place_of(pick.body) if pick is not None else None), spot

    def _on_click(self, at: QPointF) -> None:
        """A thing is chosen; on a bare side of the space it is asked what should be there."""
        place, spot = self.seen(at)
        if place is None and spot is not None:
            self.place_chosen.emit(Place("space"))
            self.spot_chosen.emit(spot, self.mapToGlobal(at.toPoint()))
        else:
            self.place_chosen.emit(place or STUDY)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Of what is under the pointer; for the keyboard, of what is chosen."""
        keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        place, spot = (self._place, None) if keyboard else self.seen(QPointF(event.pos()))
        if place is not None:
            self.place_menu_wanted.emit(place, event.globalPos())
        elif spot is not None:
            self.spot_chosen.emit(spot, event.globalPos())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if event.buttons() or self._study is None:
            return
        is_box = self._study.space.shape is None  # else it takes too long for each move
        place, spot = self.seen(event.position()) if is_box else (None, None)
        self._hint(spot.side if place is None and spot is not None else None)
        hand, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
        self.setCursor(hand if place or spot else arrow)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hint(None)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._study is not None:
            self.show_study(self._study, self._meshes, self._place)

    def _hint(self, side: Side | None) -> None:
        """Shows which side a click would speak of."""
        if side == self.hinted or self._study is None:
            return
        self.hinted = side
        hints = [FaceHint(self._study, side, self.palette())] if side is not None else []
        self.set_marks([*hints, self.labels])
