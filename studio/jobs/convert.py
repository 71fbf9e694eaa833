"""Making a model of another format of one that the user has, in a worker of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from studio import words
from studio.core.generator import Cancelled
from studio.core.model import FILE_FORMATS, ConverterDescription
from studio.errors import ModelRefused, PluginError
from studio.jobs import wire
from studio.jobs.host import WorkerHost
from studio.models.store import Model, ModelStore
from studio.models.writing import while_writing
from studio.words import tr

_CANCEL_TICK = 0.1

log = logging.getLogger(__name__)

OnProgress = Callable[[float, str], None]
"""Takes a fraction, 0 to 1, and words. On the thread that converts."""


def convert(
    model: Model,
    converter: ConverterDescription,
    precision: str,
    store: ModelStore,
    *,
    threads: int,
    on_progress: OnProgress,
    cancelled: Callable[[], bool] = lambda: False,
) -> Model:
    """Converts a model and keeps the result in the store, with what it was made of. Blocks.

    Raises:
        Cancelled: `cancelled` said so; nothing is kept.
        ModelRefused: the converter does not take this model, or its result is not what it promised.
        StudioError: in words, whatever else went wrong; nothing is kept.
    """
    if model.format not in converter.sources or precision not in converter.precisions:
        raise ModelRefused(
            tr(
                "“{title}” does not make {precision} of “{name}”.",
                title=tr(converter.title),
                precision=precision,
                name=model.name,
            ),
            tr("It takes: {formats}.", formats=", ".join(converter.sources)),
        )
    try:
        with store.making(f"{model.name} {precision}") as folder:
            request = wire.Convert(
                job=uuid4().hex,
                converter=converter.id,
                source=store.path(model.digest),
                target=folder,
                precision=precision,
                threads=threads,
                language=words.language(),
            )
            _in_worker(request, on_progress, cancelled)
            return store.add(
                _made(folder, converter),
                suggested=f"{model.name} ({precision})",
                licence=model.licence,
                spec=model.spec,
                derived_from=model.digest,
                made_by=f"{converter.id} {precision}",
                managed=True,
                consent=model.consent,
                instruct=model.instruct,
            )
    except OSError as error:
        raise while_writing(error, store.work, model.size) from error


def _made(folder: Path, converter: ConverterDescription) -> Path:
    """What to add: the folder, or the one file in it where the format is a file's."""
    if converter.target not in FILE_FORMATS:
        return folder
    files = list(folder.iterdir())
    if len(files) != 1:
        raise PluginError(
            tr("“{title}” made {count} files instead of one.", title=tr(converter.title), count=len(files)),
            tr("Tell the plugin's author."),
        )
    return files[0]


def _in_worker(request: wire.Convert, on_progress: OnProgress, cancelled: Callable[[], bool]) -> None:
    host = WorkerHost(on_line=log.info)
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_CANCEL_TICK):
            if cancelled():
                host.ask(request.job, "cancel")
                return

    def hear(message: wire.Told) -> None:
        if isinstance(message, wire.Progress):
            on_progress(message.fraction, message.message)

    try:
        host.start()
        threading.Thread(target=watch, daemon=True, name="conversion").start()
        outcome = host.run(request, hear)
    finally:
        over.set()
        host.stop()
    match outcome:
        case wire.Failed():
            raise outcome.error.error()
        case wire.Stopped():
            raise Cancelled
