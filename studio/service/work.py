"""What the service process does with one request. Whatever a plugin's function raises becomes an answer."""

from __future__ import annotations

import errno
import logging
import threading
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

from studio import words
from studio.errors import BadInput, DiskFull, OutOfMemory, PluginError, StudioError
from studio.plugins.speech import speak
from studio.service import wire
from studio.service.thumbnail_file import WrongThumbnailError, write_thumbnail
from studio.words import tr

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

log = logging.getLogger(__name__)


class Todo:
    """Requests that wait, for the threads that take them: the newest first."""

    def __init__(self) -> None:
        self._waiting: list[wire.Work] = []
        self._wake = threading.Condition()

    def add(self, request: wire.Work) -> None:
        with self._wake:
            self._waiting.append(request)
            self._wake.notify()

    def drop(self, id: int) -> bool:
        """Whether it was still there."""
        with self._wake:
            kept = [request for request in self._waiting if request.id != id]
            dropped = len(kept) < len(self._waiting)
            self._waiting = kept
        return dropped

    def take(self) -> wire.Work:
        with self._wake:
            while not self._waiting:
                self._wake.wait()
            return self._waiting.pop()


def do(request: wire.Work) -> wire.Done | wire.Failed:
    try:
        return wire.Done(id=request.id, files=_made(request))
    except StudioError as error:
        told = error
    except MemoryError:
        told = OutOfMemory(tr("There is too little memory for this file."), tr("Close other programs."))
    except OSError as error:
        told = (DiskFull if error.errno in _FULL else BadInput)(
            tr("“{name}” cannot be read or written ({reason}).", name=request.source.name, reason=str(error)),
            tr("Check that the file is there and that the disk has room."),
        )
    except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, SystemExit too
        told = _defect(request, error)
    return wire.Failed(id=request.id, error=_bounded(told))


def _made(request: wire.Work) -> tuple[Path, ...]:
    match request:
        case wire.MakeThumbnail():
            _keep(_thumbnail(request), request)
            return (request.target,)
        case wire.LoadFile():
            _speak(request.language)
            return _files(_function(request.function)(request.source, request.folder), request.folder)
        case wire.ExportFile():
            _speak(request.language)
            made = _function(request.function)(request.source, request.target, request.request)
            return _files(made, request.target.parent)


def _thumbnail(request: wire.MakeThumbnail) -> object:
    if request.function:
        return _function(request.function)(request.source, request.side)
    from studio.stock.thumbnails import stock_thumbnail

    return stock_thumbnail(request.kind, request.source, request.side)


def _keep(made: object, request: wire.MakeThumbnail) -> None:
    """Raises DiskFull also where the folder refuses bytes for another reason: the item's own file is good."""
    try:
        write_thumbnail(made, request.side, request.target)
    except OSError as error:
        raise DiskFull(
            tr(
                "The preview of “{name}” cannot be kept ({reason}).",
                name=request.source.name,
                reason=str(error),
            ),
            tr("Check that the disk has room and that you may write to the folder."),
        ) from error


def _function(dotted: str) -> Any:
    module, _, name = dotted.partition(":")
    return getattr(import_module(module), name)


def _files(made: object, folder: Path) -> tuple[Path, ...]:
    """What a plugin's function says that it has written; files in that folder only."""
    if not isinstance(made, list | tuple) or not all(isinstance(path, Path) for path in made):
        raise TypeError(f"a list of paths is expected, not {made!r:.200}")
    if not 0 < len(made) <= wire.MAX_FILES:
        raise ValueError(f"{len(made)} files where 1 to {wire.MAX_FILES} are expected")
    for path in made:
        if path.parent != folder or path.is_symlink() or not path.is_file():
            raise ValueError(f"{path} is no file in {folder}")
    return tuple(made)


def _speak(language: str) -> None:
    if language != words.language():
        speak(language)


def _defect(request: wire.Work, error: BaseException) -> StudioError:
    text = "".join(traceback.format_exception(error))
    log.warning("%s failed: %s", request.function or "a stock kind", text)
    reason = str(error) if isinstance(error, WrongThumbnailError) else f"{type(error).__name__}: {error}"
    return PluginError(
        tr("“{name}” cannot be processed: {reason}.", name=request.source.name, reason=reason[:500]),
        tr("Tell the author of the plugin that reads such files."),
        text[-8000:],
    )


def _bounded(error: StudioError) -> dict[str, str]:
    """The error for the wire, without lone surrogates and of bounded length."""
    told = error.to_json()
    return {name: str(text)[:16_000].encode("utf-8", "replace").decode() for name, text in told.items()}
