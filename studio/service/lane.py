"""One service process and the wishes for it: the newest first, a limited number on their way, deaths blamed.

All of it happens on the lane's own thread, which starts with a wish and ends, and the process with it, when
nothing was wished for a while. Others put events into its queue.
"""

from __future__ import annotations

import logging
import threading
import time
from queue import Empty, SimpleQueue

from msgspec import Struct

from studio.errors import OutOfMemory, PluginError, StudioError, WorkerDied, error_from_json
from studio.service import wire
from studio.service.deaths import Deaths
from studio.service.host import ServiceHost
from studio.service.wish import Outcome, Wish
from studio.words import tr

_MEMORY_OF_FORMATS = 4
"""Times the memory of thumbnails is what imports and exports may take, which somebody has asked for."""

log = logging.getLogger(__name__)


class Limits(Struct, frozen=True, kw_only=True):
    """What a service process may take."""

    thumbnail_seconds: float = 10.0
    """For each thumbnail; imports and exports have no such limit."""
    memory: int = 1536 * 2**20
    """Bytes of a process: it is ended when it holds more."""
    in_flight: int = 32
    """Wishes that the process has been given and has not answered."""
    idle_seconds: float = 60.0
    """After which a process without work ends."""
    start_seconds: float = 60.0
    tick: float = 0.1
    """Between two looks at a busy process."""


class _Add(Struct, frozen=True):
    wish: Wish


class _Cancel(Struct, frozen=True):
    wish: Wish
    tell: bool
    """Whether `done` hears of it."""


class _Said(Struct, frozen=True):
    host: int
    """Number of the process."""
    message: wire.FromChild | None
    """None: it has ended."""


class _Close(Struct, frozen=True):
    pass


class Lane:
    """A service process for one plugin at a time, or for all bundled ones."""

    def __init__(self, name: str, limits: Limits, deaths: Deaths, *, one_plugin: bool) -> None:
        self._name = name
        self._limits = limits
        self._deaths = deaths
        self._one_plugin = one_plugin
        self._events: SimpleQueue[_Add | _Cancel | _Said | _Close] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._host: ServiceHost | None = None
        self._hosts = 0
        self._ready = False
        self._since = 0.0
        """When the process was started, or was last busy."""
        self._failed_starts = 0
        self._plugin = ""
        self._waiting: dict[int, Wish] = {}
        self._suspects: list[Wish] = []
        """Tried one at a time: the process died while it had several of them in hand."""
        self._sent: dict[int, Wish] = {}

    @property
    def pid(self) -> int | None:
        """Of the process, if there is one."""
        host = self._host
        return host.pid if host else None

    # --- from any thread ------------------------------------------------------------------------------------

    def add(self, wish: Wish) -> None:
        self._put(_Add(wish))

    def drop(self, wish: Wish) -> None:
        """Nobody wants it any more: its `done` is not called."""
        wish.wanted = False
        self._put(_Cancel(wish, tell=False))

    def cancel(self, wish: Wish) -> None:
        """Ends it at once, with its process if need be; its `done` hears that it was cancelled."""
        self._put(_Cancel(wish, tell=True))

    def close(self) -> None:
        """Ends the process. What was wished for and is not done yet is cancelled."""
        with self._starting:
            self._closed = True
            thread = self._thread
            self._events.put(_Close())
        if thread is not None:
            thread.join()

    def _put(self, event: _Add | _Cancel) -> None:
        with self._starting:
            if not self._closed:
                self._events.put(event)
                if self._thread is None:
                    name = f"service {self._name}"
                    self._thread = threading.Thread(target=self._run, daemon=True, name=name)
                    self._thread.start()
                return
        if isinstance(event, _Add):
            self._tell(event.wish, Outcome(cancelled=True))

    # --- on the lane's thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            try:
                self._hear(self._events.get(timeout=self._patience()))
                while True:
                    self._hear(self._events.get_nowait())
            except Empty:
                pass
            with self._starting:
                if self._closed:
                    break
            self._watch()
            self._feed()
            if self._is_idle() and time.monotonic() - self._since >= self._limits.idle_seconds:
                self._end()
                with self._starting:
                    if self._events.empty():
                        self._thread = None
                        return
        self._end()
        for wish in (*self._waiting.values(), *self._suspects, *self._sent.values()):
            wish.clean()
            self._tell(wish, Outcome(cancelled=True))

    def _patience(self) -> float:
        if not self._is_idle():
            return self._limits.tick
        return max(0.0, self._since + self._limits.idle_seconds - time.monotonic())

    def _is_idle(self) -> bool:
        return not (self._waiting or self._suspects or self._sent)

    def _hear(self, event: _Add | _Cancel | _Said | _Close) -> None:
        match event:
            case _Add(wish):
                self._waiting[wish.id] = wish
            case _Cancel(wish, tell):
                self._cancel(wish, tell)
            case _Said(number, message) if number == self._hosts and self._host is not None:
                self._said(message)

    def _said(self, message: wire.FromChild | None) -> None:
        match message:
            case None:
                self._died(tr("it ended unexpectedly"))
            case wire.Ready(protocol=wire.PROTOCOL):
                self._ready = True
                self._failed_starts = 0
            case wire.Started(id=id) if id in self._sent:
                self._sent[id].started = time.monotonic()
            case wire.Done(id=id, files=files) if id in self._sent:
                self._finish(self._sent[id], Outcome(files=files))
            case wire.Failed(id=id, error=error) if id in self._sent:
                self._finish(self._sent[id], Outcome(error=error_from_json(error)))
            case wire.Dropped(id=id):
                self._sent.pop(id, None)

    def _finish(self, wish: Wish, outcome: Outcome) -> None:
        self._sent.pop(wish.id, None)
        self._since = time.monotonic()
        if outcome.error or outcome.cancelled or not wish.wanted:
            wish.clean()
        self._tell(wish, outcome)

    def _tell(self, wish: Wish, outcome: Outcome) -> None:
        if not wish.wanted:
            return
        wish.wanted = False
        try:
            wish.done(outcome)
        except Exception:
            log.exception("What came of a wish could not be used")

    # --- giving work ----------------------------------------------------------------------------------------

    def _feed(self) -> None:
        """Gives the process as much as it may have in hand."""
        while (wish := self._next()) is not None:
            if wish.key is not None and wish.key in self._deaths:
                self._take(wish)
                self._finish(wish, Outcome(error=_not_again(wish)))
                continue
            if not self._starts_for(wish):
                return
            self._take(wish)
            try:
                wish.prepare()
                assert self._host is not None
                self._host.send(wish.work)
            except (OSError, wire.WireError) as error:
                self._finish(wish, Outcome(error=_not_prepared(wish, error)))
                continue
            self._sent[wish.id] = wish

    def _next(self) -> Wish | None:
        """What the process is to have next: suspects alone, one import or export, thumbnails newest first."""
        if self._suspects:
            return self._suspects[0] if not self._sent else None
        if len(self._sent) >= self._limits.in_flight or not self._waiting:
            return None
        formats = [wish for wish in self._waiting.values() if not wish.is_thumbnail]
        if formats and all(wish.is_thumbnail for wish in self._sent.values()):
            return min(formats, key=lambda wish: wish.id)
        thumbnails = [wish.id for wish in self._waiting.values() if wish.is_thumbnail]
        return self._waiting[max(thumbnails)] if thumbnails else None

    def _take(self, wish: Wish) -> None:
        self._waiting.pop(wish.id, None)
        if wish in self._suspects:
            self._suspects.remove(wish)

    def _starts_for(self, wish: Wish) -> bool:
        """Whether the process can be given this now; starts it, or ends that of another plugin."""
        if self._host is not None and self._one_plugin and wish.plugin != self._plugin:
            if self._sent:
                return False
            self._end()
        if self._host is None:
            self._start(wish.plugin)
        return self._ready

    def _start(self, plugin: str) -> None:
        self._hosts += 1
        number, events = self._hosts, self._events
        self._plugin, self._ready, self._since = plugin, False, time.monotonic()
        try:
            self._host = ServiceHost(
                lambda message: events.put(_Said(number, message)), lambda: events.put(_Said(number, None))
            )
        except OSError as error:
            self._fail_all(error.strerror or str(error))

    # --- trouble --------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Ends a process that takes too long or too much."""
        host = self._host
        if host is None:
            return
        now = time.monotonic()
        running = [wish for wish in self._sent.values() if wish.started is not None]
        late = [
            wish
            for wish in running
            if wish.is_thumbnail and now - (wish.started or now) > self._limits.thumbnail_seconds
        ]
        if late:
            seconds = self._limits.thumbnail_seconds
            self._died(tr("it took longer than {seconds:g} seconds", seconds=seconds), late)
        elif not self._ready and now - self._since > self._limits.start_seconds:
            self._died(tr("it did not start in time"))
        elif running and host.memory() > (most := self._memory(running)):
            self._died(tr("it needed more than {size} MB of memory", size=most >> 20))
        elif not host.alive:  # its pipe is held open by a process that it started
            self._died(tr("it ended unexpectedly"))

    def _memory(self, running: list[Wish]) -> int:
        """Bytes that the process may hold for this work."""
        has_format = any(not wish.is_thumbnail for wish in running)
        return self._limits.memory * (_MEMORY_OF_FORMATS if has_format else 1)

    def _died(self, why: str, guilty: list[Wish] | None = None) -> None:
        """Buries the process. Whom it died of is known if it is one; several are tried again one by one."""
        started = not self._ready
        words = self._end()
        running = [wish for wish in self._sent.values() if wish.started is not None]
        others = [wish for wish in self._sent.values() if wish.started is None]
        self._sent = {}
        if guilty is None and len(running) == 1:
            guilty = running
        if guilty is None:
            self._suspects += running
        else:
            others += [wish for wish in running if wish not in guilty]
        self._waiting.update((wish.id, wish) for wish in others if wish.wanted)
        for wish in guilty or ():
            if wish.key is not None:
                self._deaths.add(wish.key)
            self._finish(wish, Outcome(error=_death(wish, why, words)))
        self._failed_starts += started
        if self._failed_starts > 1:
            self._fail_all(f"{why}\n{words}")

    def _cancel(self, wish: Wish, tell: bool) -> None:
        if wish.id in self._sent:
            if not tell:
                if self._host is not None:
                    self._host.send(wire.Drop(id=wish.id))
                return
            self._end()
            others = [other for other in self._sent.values() if other is not wish and other.wanted]
            self._sent = {}
            self._waiting.update((other.id, other) for other in others)
        elif wish.id not in self._waiting and wish not in self._suspects:
            return
        self._take(wish)
        self._finish(wish, Outcome(cancelled=True))

    def _fail_all(self, why: str) -> None:
        """The process cannot be started: nothing can be made."""
        self._failed_starts = 0
        error = WorkerDied(
            tr("The process that reads and writes files cannot be started."),
            tr("Close other programs and try again, or reinstall the studio."),
            why,
        )
        for wish in (*self._waiting.values(), *self._suspects):
            self._take(wish)
            self._finish(wish, Outcome(error=error))

    def _end(self) -> str:
        """Ends the process and gives its last words."""
        host, self._host, self._ready = self._host, None, False
        if host is None:
            return ""
        host.end(at_once=bool(self._sent))
        return host.last_words


def _death(wish: Wish, why: str, words: str) -> StudioError:
    kind = OutOfMemory if "MemoryError" in words else PluginError
    return kind(
        tr("“{name}” cannot be processed: {reason}.", name=wish.work.source.name, reason=why),
        tr("Your project is safe. If it happens again, tell the author of the plugin that reads such files."),
        words,
    )


def _not_again(wish: Wish) -> StudioError:
    return PluginError(
        tr("“{name}” has no preview: reading it failed badly before.", name=wish.work.source.name),
        tr("It is tried again with the next version of what reads such files."),
    )


def _not_prepared(wish: Wish, error: Exception) -> StudioError:
    return StudioError(
        tr("“{name}” cannot be processed: {reason}.", name=wish.work.source.name, reason=str(error)),
        tr("Check that the disk has room and that you may write to the folder."),
    )
