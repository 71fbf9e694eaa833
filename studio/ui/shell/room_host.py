"""The rooms of one window: each is loaded when it is needed first, and none can take the window along."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from studio.core.generator import GeneratorDescription
from studio.errors import PluginError, StudioError
from studio.jobs.queue import Job
from studio.ui.kit.editor import Editor
from studio.ui.kit.room import Given, Room, RoomContext
from studio.ui.kit.tab_order import renew_tab_order
from studio.ui.shell.room_trouble import RoomStopped
from studio.words import mark, tr

T = TypeVar("T")

LIBRARY = "library"
"""Id of the room that is the gallery over the whole window; it belongs to the studio."""

OTHER = "other"
"""Id of the room for kinds and generators that no plugin brings a room for; it belongs to the studio."""

log = logging.getLogger(__name__)


class RoomInfo(Struct, frozen=True, kw_only=True):
    """A room that can be shown, before it is loaded."""

    id: str
    title: str
    icon: str
    kinds: tuple[str, ...]
    generators: tuple[str, ...]
    """Patterns of the ids of generators whose form belongs to it."""
    hints: tuple[str, ...] = ()
    plugin: str
    begin: str = ""
    """What the card of the first page says that begins with it; "" for none."""
    about: str = ""
    """What comes then, in a sentence."""
    picture: str = ""
    """Path of the picture of that card; "" for one drawn from the icon."""
    is_bundled: bool = False
    """Whether it comes with the studio, so that its code may be made ready before it is asked for."""
    load: Callable[[], Callable[[RoomContext], Room]]
    """Imports the class."""

    def has(self, generator: str) -> bool:
        return any(fnmatchcase(generator, pattern) for pattern in self.generators)


def _load_plain() -> Callable[[RoomContext], Room]:
    from studio.ui.stock.plain_room import PlainRoom  # seldom needed

    return PlainRoom


_PLAIN = RoomInfo(
    id=OTHER,
    title=mark("Other"),
    icon="file",
    kinds=(),
    generators=(),
    plugin="studio",
    load=_load_plain,
)


class RoomHost(QObject):
    """Loads rooms, shows their stages, and keeps what they raise from the rest of the window."""

    shown = Signal(str)
    """Id of the room that is in front now."""
    loaded = Signal(str)
    """It answers now, and took over nothing from a window before."""
    staged = Signal(str, QWidget)
    """Its stage was made: its commands work from now on."""

    def __init__(
        self,
        rooms: Sequence[RoomInfo],
        contexts: Callable[[RoomInfo], RoomContext],
        kind_made: Callable[[str], str],
        report: Callable[[BaseException], object],
    ) -> None:
        """`kind_made` tells what kind of items a generator makes, by its id."""
        super().__init__()
        self.infos: Mapping[str, RoomInfo] = {room.id: room for room in (*rooms, _PLAIN)}
        self.stack = QStackedWidget()
        """The stages."""
        self.current = ""
        self.is_covered = False
        """Whether something else is in the stage's place: the stage gives nothing to the form then."""
        self._contexts, self._kind_made, self._report = contexts, kind_made, report
        self._rooms: dict[str, Room] = {}
        self._stages: dict[str, QWidget] = {}
        self._broken: dict[str, PluginError] = {}
        self._waiting: dict[str, object] = {}
        """What rooms of the window before handed over, for those that nobody has seen in this one yet."""
        self._is_closed = False
        """Its window goes: what is still asked loads no room, which nobody would close."""
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._wake_next)

    # Which room --------------------------------------------------------------------------------------------

    def of_kind(self, kind: str) -> str:
        """The room that opens items of this kind."""
        return next((room.id for room in self.infos.values() if kind in room.kinds), OTHER)

    def of_generator(self, id: str) -> str:
        """The room that claims it, else the one for what it makes.

        So a third party's generator of pictures is at home where pictures are.
        """
        claimed = next((room.id for room in self.infos.values() if room.has(id)), "")
        return claimed or self.of_kind(self._kind_made(id))

    def of_hint(self, hint: str) -> str:
        return next((room.id for room in self.infos.values() if hint in room.hints), "")

    # Rooms -------------------------------------------------------------------------------------------------

    @property
    def room(self) -> Room | None:
        """The one in front; None in the library, and where it could not be loaded."""
        return self._rooms.get(self.current)

    def is_loaded(self, id: str) -> bool:
        return id in self._rooms

    def get(self, id: str) -> Room | None:
        """A room, loaded now if it is not yet; None where that fails, which is told on its stage, and in a
        window that goes."""
        if id in self._rooms or id in self._broken or id not in self.infos or self._is_closed:
            return self._rooms.get(id)
        info = self.infos[id]
        try:
            self._rooms[id] = info.load()(self._contexts(info))
        except Exception as error:  # noqa: BLE001 - a plugin's code may raise anything
            self._fail(id, error)
            return None
        if id in self._waiting:
            handed = self._waiting.pop(id)
            self.call(id, lambda room: room.take_over(handed), None)
        else:
            self.loaded.emit(id)
        return self._rooms.get(id)

    def show(self, id: str) -> None:
        """Brings a room to the front; its stage is made when it is seen first."""
        if self._is_closed:
            return
        self.get(id)
        stage = self._stages.get(id)
        if stage is None:
            made = self.call(id, lambda room: room.stage(), None)
            stage = made if made is not None else self._trouble(id)
            self._stages[id] = stage
            self.stack.addWidget(stage)
            renew_tab_order(stage)
            if made is not None:
                self.staged.emit(id, stage)
        self.stack.setCurrentWidget(stage)
        if id != self.current:
            self.current = id
            self.shown.emit(id)

    def leave(self) -> None:
        """Another place is in front: the library, or the plain viewer."""
        if self.current:
            self.current = ""
            self.shown.emit("")

    def call(self, id: str, do: Callable[[Room], T], otherwise: T) -> T:
        """Asks a loaded room; where it raises, its stage is taken down and `otherwise` is the answer."""
        room = self._rooms.get(id)
        if room is None:
            return otherwise
        try:
            return do(room)
        except Exception as error:  # noqa: BLE001 - a plugin's code may raise anything
            self._fail(id, error)
            return otherwise

    def act(self, id: str, do: Callable[[Room], T], otherwise: T) -> T:
        """Like `call`, for what the user asked of a room: a `StudioError` is shown, and the stage stays."""

        def attempt(room: Room) -> T:
            try:
                return do(room)
            except StudioError as error:
                self._report(error)
                return otherwise

        return self.call(id, attempt, otherwise)

    def compares(self, id: str) -> bool:
        """Whether a room, loaded now if it is not yet, may show items beside each other in its own way."""
        room = self.get(id)
        return room is not None and type(room).compare is not Room.compare

    def each(self, do: Callable[[Room], object]) -> None:
        """Tells all loaded rooms."""
        self.wake()
        for id in [*self._rooms]:
            self.call(id, do, None)

    # The form ----------------------------------------------------------------------------------------------

    def given(self, generator: GeneratorDescription) -> Mapping[str, Given]:
        """What the stage of the generator's room gives to its inputs."""
        nothing: Mapping[str, Given] = {}
        if self.is_covered:
            return nothing
        id = self.of_generator(generator.id)
        return self.call(id, lambda room: room.given(generator), nothing) if self.get(id) else nothing

    def subject(self) -> str:
        return self.call(self.current, lambda room: room.subject(), "") if not self.is_covered else ""

    def obstacle(self) -> str:
        return self.call(self.current, lambda room: room.obstacle(), "")

    def cost(self) -> str:
        return self.call(self.current, lambda room: room.cost(), "")

    def follow(self, job: Job) -> None:
        id = self.of_generator(job.recipe.generator)
        if self.get(id) is not None:
            self.call(id, lambda room: room.follow(job), None)

    def editor(self, hint: str) -> Editor | None:
        """How a field with this hint is edited; None where no room brings that."""
        id = self.of_hint(hint)
        if not id or self.get(id) is None:
            return None
        return self.call(id, lambda room: room.editors()[hint](), None)

    # Trouble -----------------------------------------------------------------------------------------------

    def blame(self, error: BaseException) -> bool:
        """Whether an exception that nobody caught came out of a room's code: that room's stage goes then."""
        for id, room in self._rooms.items():
            package = type(room).__module__.partition(".")[0]
            if _passes_through(error, package):
                self._fail(id, error)
                return True
        return False

    def reopen(self, id: str) -> None:
        """Loads a room anew that had stopped."""
        self._broken.pop(id, None)
        self._drop_stage(id)
        self.current = ""
        self.show(id)

    def _fail(self, id: str, error: BaseException) -> None:
        info = self.infos[id]
        log.error("The room %s failed", id, exc_info=error)
        detail = f"{type(error).__name__}: {error}"
        self._broken[id] = PluginError(
            tr(
                "The room “{room}” of the plugin “{plugin}” has stopped.",
                room=tr(info.title),
                plugin=info.plugin,
            ),
            tr("What you saved is safe. Open the room again, or go on elsewhere."),
            detail,
        )
        room = self._rooms.pop(id, None)
        if room is not None:
            try:
                room.close()
            except Exception:
                log.exception("The room %s could not be closed", id)
        self._drop_stage(id)
        if self.current == id:
            self.current = ""
            self.show(id)
        self._report(self._broken[id])

    def _trouble(self, id: str) -> QWidget:
        page = RoomStopped(self._broken[id])
        page.again.connect(lambda: self.reopen(id))
        return page

    def _drop_stage(self, id: str) -> None:
        stage = self._stages.pop(id, None)
        if stage is not None:
            self.stack.removeWidget(stage)
            stage.hide()
            stage.deleteLater()

    # Handing over ------------------------------------------------------------------------------------------

    def state(self) -> dict[str, object]:
        """For the host of the window that takes this one's place."""
        handed = {id: self.call(id, lambda room: room.hand_over(), None) for id in [*self._rooms]}
        return self._waiting | handed

    def expect(self, state: Mapping[str, object]) -> None:
        """What the host of the window before gave. A room takes it over when it is loaded: the one in front
        at once, the others as soon as the window was drawn (`wake`)."""
        self._waiting = {id: handed for id, handed in state.items() if id in self.infos}
        self._timer.start()

    def is_expected(self, id: str) -> bool:
        return id in self._waiting

    def wake(self) -> None:
        """Loads all rooms that have something to take over: what comes now concerns them too."""
        for id in [*self._waiting]:
            self.get(id)
            self._waiting.pop(id, None)

    def _wake_next(self) -> None:
        """One in each turn of the event loop."""
        id = next(iter(self._waiting), None)
        if id is not None:
            self.get(id)
            self._waiting.pop(id, None)
            self._timer.start()

    def close(self) -> None:
        self._timer.stop()
        self._waiting.clear()
        self.each(lambda room: room.close())
        self._is_closed = True
        self._rooms.clear()


def _passes_through(error: BaseException, package: str) -> bool:
    trace = error.__traceback__
    while trace is not None:
        if str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0] == package:
            return True
        trace = trace.tb_next
    return False
