"""Pictures compared: the viewer for two, the grid for all; both live on the same photos."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from studio.errors import StudioError
from studio.ui.compare.difference import Difference, DifferenceMaker, changed_middle
from studio.ui.compare.grid import CompareGrid
from studio.ui.compare.shelf import PhotoShelf
from studio.ui.compare.widget import CompareWidget, Option
from studio.ui.items.compare_model import Comparison, Mode
from studio.ui.items.viewer import CompareViewer
from studio.ui.kit import locales
from studio.ui.kit.photo import Photo
from studio.ui.kit.zoom_view import ZoomView
from studio.words import tr

LARGEST_GAIN = 32


@dataclass(frozen=True)
class ImagesState:
    """What a rebuilt window takes over."""

    zoom: float
    center: QPointF
    fitted: bool
    split: float
    opacity: float
    gain: float


class ImageCompare(CompareWidget):
    def __init__(self) -> None:
        super().__init__()
        self.shelf = PhotoShelf(self)
        self.viewer = CompareViewer()
        self.grid = CompareGrid(self.shelf)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.viewer)
        self._stack.addWidget(self.grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self.viewer)
        self._comparison: Comparison | None = None
        self._mode = Mode.SLIDER
        self._look: ImagesState | None = None
        """What is to be looked at once the picture has been read."""
        self._places_divider = False
        """For a new pair: across what changed, which else might lie wholly on one side."""
        self._makes = DifferenceMaker(self)
        self._subtracted: tuple[Photo, Photo] | None = None
        """Of which two the viewer has the difference, or is about to."""
        self.shelf.changed.connect(self._on_photo)
        self.shelf.failed.connect(self._on_failed)
        self._makes.ready.connect(self._on_difference)
        self._makes.failed.connect(self.failed)
        self.viewer.failed.connect(self.failed)
        self.grid.chosen.connect(self.chosen)

    def set_file_to_hand(self, give: Callable[[Path], Path]) -> None:
        self.viewer.file_to_hand = self.grid.file_to_hand = give

    # What is shown -----------------------------------------------------------------------------------------

    def show_comparison(self, comparison: Comparison) -> None:
        items = comparison.items
        order = [items[comparison.second], items[comparison.first], *items]
        fresh = self._comparison is None or self._comparison.items != items
        self._comparison = comparison
        if fresh:
            self._places_divider = True
            self.shelf.want([one.path for one in order])
        self._show()

    def set_mode(self, mode: Mode) -> None:
        if mode is self._mode:
            return
        self._hand_look_over(mode)
        self._mode = mode
        self.viewer.set_mode(mode)
        side_by_side = mode is Mode.SIDE_BY_SIDE
        self._stack.setCurrentWidget(self.grid if side_by_side else self.viewer)
        self._show()

    def has_captions(self, mode: Mode) -> bool:
        """The grid has its own; two are named on the pictures themselves."""
        is_pair = self._comparison is not None and len(self._comparison.items) == 2
        return is_pair or mode is Mode.SIDE_BY_SIDE

    def clear(self) -> None:
        self._comparison = self._subtracted = self._look = None
        self._makes.cancel()
        self.shelf.clear()
        self.viewer.clear()
        self.grid.clear()
        self.told.emit("")

    def _show(self) -> None:
        comparison = self._comparison
        if comparison is None:
            return
        if self._mode is Mode.SIDE_BY_SIDE and not comparison.is_alone:
            self.grid.show_comparison(comparison)
            self._restore_look()
            self.told.emit("")
            return
        first, second = comparison.first, comparison.second
        if self._mode is Mode.FLIP and comparison.shown != first:
            second = comparison.shown
        self.viewer.labels = _label(comparison, first), _label(comparison, second)
        self.viewer.shows_before = comparison.shown == first and not comparison.is_alone
        self._show_pair(first, second)

    def _show_pair(self, first: int, second: int) -> None:
        """What is shown now stays until the next result is there."""
        assert self._comparison is not None
        items, viewer = self._comparison.items, self.viewer
        before = None if first == second else self.shelf.photo(items[first].path)
        after = self.shelf.photo(items[second].path)
        if after is None:
            viewer.show_busy(tr("Opening {name}", name=items[second].item.name))
            return
        if (before, after) != (viewer.before, viewer.photo):
            viewer.apart = None
            viewer.set_photos(before, after)
        if self._places_divider and before is not None and not before.is_quick and not after.is_quick:
            self._places_divider = False
            middle = changed_middle(before, after)
            viewer.split = 0.5 if middle is None else middle
        self._restore_look()
        self._subtract()

    def _on_photo(self, path: Path) -> None:
        if self._comparison is not None and self._mode is Mode.SIDE_BY_SIDE and not self._comparison.is_alone:
            self.grid.show_photos()
            self._restore_look()
        else:
            self._show()

    def _on_failed(self, _: Path, error: StudioError) -> None:
        self.viewer.show_busy("")
        self.failed.emit(error)

    # The difference ----------------------------------------------------------------------------------------

    def _subtract(self) -> None:
        """Computes what differs, once both pictures are there as a whole."""
        before, after = self.viewer.before, self.viewer.photo
        if self._mode is not Mode.DIFFERENCE or before is None or after is None:
            self.told.emit("")
            return
        if before.is_quick or after.is_quick:
            return
        if self._subtracted != (before, after) or self.viewer.apart is None:
            self._subtracted = (before, after)
            self.viewer.show_busy(tr("Computing the difference"))
            self._makes.make(before, after)

    def _on_difference(self, found: Difference) -> None:
        if self._subtracted != (self.viewer.before, self.viewer.photo):
            return
        self.viewer.apart = found.photo
        self.viewer.show_busy("")
        self.viewer.spoil()
        if found.changed == 0:
            self.told.emit(tr("No pixel differs"))
            return
        percent = locales.number(found.changed * 100, 1 if found.changed >= 0.001 else 3)
        self.told.emit(tr("{percent} % of the pixels differ", percent=percent))

    # Options and looks -------------------------------------------------------------------------------------

    def option(self) -> Option | None:
        if self._mode is Mode.ONION:
            value = round(self.viewer.opacity * 100)
            return Option(tr("Opacity"), 0, 100, value, locales.percent(self.viewer.opacity))
        if self._mode is Mode.DIFFERENCE:
            value = round(self.viewer.gain)
            return Option(
                tr("Amplify"), 1, LARGEST_GAIN, value, tr("{number}×", number=locales.number(value))
            )
        return None

    def set_option(self, value: int) -> None:
        if self._mode is Mode.ONION:
            self.viewer.opacity = value / 100
        elif self._mode is Mode.DIFFERENCE:
            self.viewer.gain = min(value, LARGEST_GAIN)

    def _view(self) -> ZoomView:
        return self.grid.views[0] if self._mode is Mode.SIDE_BY_SIDE and self.grid.views else self.viewer

    def zoom(self, way: int) -> None:
        view = self._view()
        if way == 0:
            view.zoom_to(1.0) if view.is_fitted else view.fit()
        elif way > 0:
            view.zoom_in()
        else:
            view.zoom_out()

    def take_state(self) -> ImagesState:
        view, viewer = self._view(), self.viewer
        return ImagesState(
            view.zoom, view.center(), view.is_fitted, viewer.split, viewer.opacity, viewer.gain
        )

    def restore(self, state: object) -> None:
        if isinstance(state, ImagesState):
            self._places_divider = False
            self.viewer.split, self.viewer.opacity = state.split, state.opacity
            self.viewer.gain = state.gain
            self._look = state
            self._restore_look()

    def _restore_look(self) -> None:
        view, look = self._view(), self._look
        if look is None or view.content_size is None:
            return
        self._look = None
        if not look.fitted:
            view.look_at(look.zoom, look.center)

    def _hand_look_over(self, mode: Mode) -> None:
        """From the viewer to the grid and back: the same place of the picture."""
        if (mode is Mode.SIDE_BY_SIDE) != (self._mode is Mode.SIDE_BY_SIDE):
            state = self.take_state()
            self._look = None if state.fitted else state


def _label(comparison: Comparison, place: int) -> str:
    """What stands on a picture, with what was decided about it."""
    item = comparison.items[place].item
    verdict = "✕" if item.rejected else "★" * item.stars
    return f"{comparison.label_of(place)}  {verdict}" if verdict else comparison.label_of(place)
