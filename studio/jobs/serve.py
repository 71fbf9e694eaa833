"""What a worker does: its main thread listens to the host, one background thread loads, describes and runs.

The end of the host's pipe is the end of the process, whatever the other thread does.
"""

from __future__ import annotations

import functools
import gc
import importlib.metadata
import os
import platform
import sys
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from studio import paths, words
from studio.backends.cache import WarmCache
from studio.backends.device import available_devices
from studio.core.generator import Cancelled
from studio.core.item import Kind
from studio.errors import OutOfMemory, PluginError, StudioError
from studio.jobs import wire
from studio.jobs.process import END_OF_JOB, PeakMemory, memory
from studio.jobs.run import RunEvent, RunNote, RunPreview, RunProgress, execute, in_words
from studio.plugins.discover import Loaded, describe_found, find, load_by_name
from studio.words import tr

LIBRARIES = {
    "numpy": "numpy",
    "pillow": "PIL",
    "opencv-python-headless": "cv2",
    "onnxruntime": "onnxruntime",
    "torch": "torch",
    "diffusers": "diffusers",
    "transformers": "transformers",
}
"""What generators compute with: distribution and its module."""

Send = Callable[[wire.FromWorker], None]


def serve(requests: int, answers: int) -> None:
    """Serves until the descriptor `requests` ends or brings what is no message."""
    lock = threading.Lock()

    def send(message: wire.FromWorker) -> None:
        line = wire.encode(message)
        with lock:
            while line:
                line = line[os.write(answers, line) :]

    worker = _Worker(send)
    todo: SimpleQueue[wire.Describe | wire.RunJob] = SimpleQueue()
    threading.Thread(target=_work, args=(worker, todo), daemon=True, name="job").start()
    send(wire.Ready(protocol=wire.PROTOCOL))
    with os.fdopen(requests, "rb") as lines:
        while line := lines.readline(wire.MAX_LINE + 1):
            request = wire.to_worker(line)
            if isinstance(request, wire.Control):
                worker.control(request)
                continue
            if isinstance(request, wire.RunJob):
                worker.expect(request)
            todo.put(request)


def _work(worker: _Worker, todo: SimpleQueue[wire.Describe | wire.RunJob]) -> None:
    try:
        while True:
            request = todo.get()
            if isinstance(request, wire.RunJob):
                worker.run(request)
            else:
                worker.describe(request)
    finally:
        os._exit(70)  # a defect of ours, with its traceback on stderr: better dead than deaf


class _Switch:
    """Whether the current job shall go on: the main thread sets it, the job's thread asks."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._cancelled = False
        self._held = False
        self.held_seconds = 0.0

    def set(self, what: str) -> None:
        with self._changed:
            if what == "cancel":
                self._cancelled = True
            else:
                self._held = what == "pause"
            self._changed.notify_all()

    def cancelled(self) -> bool:
        """Blocks while the job is paused."""
        with self._changed:
            if self._held and not self._cancelled:
                began = time.perf_counter()
                self._changed.wait_for(lambda: self._cancelled or not self._held)
                self.held_seconds += time.perf_counter() - began
            return self._cancelled


class _Worker:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._warm = WarmCache()
        self._plugins: dict[str, Loaded] = {}
        self._switches: dict[str, _Switch] = {}
        self._previews = 0

    # --- on the main thread ---------------------------------------------------------------------------------

    def expect(self, request: wire.RunJob) -> None:
        self._switches[request.job] = _Switch()

    def control(self, request: wire.Control) -> None:
        switch = self._switches.get(request.job)
        if switch is not None:
            switch.set(request.what)

    # --- on the job's thread --------------------------------------------------------------------------------

    def describe(self, request: wire.Describe) -> None:
        everyone = find()
        self._send(wire.Found(plugins=tuple(found.row for found in everyone)))
        for found in everyone:
            if found.row.key not in request.skip:
                self._send(wire.Loading(plugin=found.row.key))
                self._send(wire.Described(plugin=describe_found(found)))
        self._send(wire.Loading(plugin=""))
        installed = {name: _version(name) for name in LIBRARIES if _version(name)}
        self._send(wire.AllDescribed(devices=available_devices(), libraries=installed))

    def run(self, request: wire.RunJob) -> None:
        switch = self._switches[request.job]
        if request.language != words.language():
            words.use(request.language, paths.translation_folders(), paths.cache_folder())
        kept = (len(self._plugins), self._warm.made)
        plugin: Loaded | None = None
        made: tuple[wire.Made, ...] = ()
        error: BaseException | None = None
        with PeakMemory() as peak:
            began = time.perf_counter()
            try:
                plugin = self._plugin(request.recipe.generator)
                began = time.perf_counter()
                made = self._execute(plugin, request, switch)
            except BaseException as raised:  # noqa: BLE001 - SystemExit too: it must not end this thread
                error = raised
            seconds = max(0.0, time.perf_counter() - began - switch.held_seconds)
            most = peak.bytes
        self._end_log(request.job)
        del self._switches[request.job]
        answer: wire.Outcome
        if error is None:
            answer = wire.Done(
                job=request.job, artifacts=made, seconds=seconds, peak_memory=most, memory=memory(),
                loaded=kept != (len(self._plugins), self._warm.made), env=_environment(plugin),
            )  # fmt: skip
        elif isinstance(error, Cancelled):
            answer = wire.Stopped(job=request.job)
        else:
            answer = self._failure(request, plugin, error, seconds, most)
        self._send(answer)

    def _plugin(self, generator: str) -> Loaded:
        name = generator.partition("/")[0]
        if name not in self._plugins:
            gc.disable()
            try:
                self._plugins[name] = load_by_name(name)
            finally:
                gc.freeze()
                gc.enable()
        return self._plugins[name]

    def _execute(self, plugin: Loaded, request: wire.RunJob, switch: _Switch) -> tuple[wire.Made, ...]:
        generator = plugin.generators.get(request.recipe.generator)
        if generator is None:
            raise PluginError(
                tr(
                    "The plugin “{name}” has no generator “{generator}”.",
                    name=plugin.found.row.name,
                    generator=request.recipe.generator,
                ),
                tr("Install the version of the plugin that has it, or choose another generator."),
            )
        if str(generator.version) != request.recipe.generator_version:
            raise PluginError(
                tr(
                    "This was to be made by version {wanted} of “{title}”; installed is version {version}.",
                    wanted=request.recipe.generator_version,
                    title=generator.title,
                    version=generator.version,
                ),
                tr("Generate it anew with the same settings; the result may differ."),
            )
        artifacts = execute(
            generator(),
            request.recipe,
            request.inputs,
            request.models,
            request.staging / "work",
            emit=functools.partial(self._emit, request),
            cancelled=switch.cancelled,
            warm=self._warm,
        )
        return tuple(wire.Made(path=made.path, kind=Kind(made.kind), name=made.name) for made in artifacts)

    def _emit(self, request: wire.RunJob, event: RunEvent) -> None:
        match event:
            case RunProgress():
                self._send(wire.Progress(job=request.job, fraction=event.fraction, message=event.message))
            case RunPreview():
                # Two names in turn: the host may still read the last one while this one is written.
                self._previews += 1
                name = f"preview-{self._previews % 2}"
                (request.staging / name).write_bytes(event.image)
                self._send(wire.Preview(job=request.job, file=name))
            case RunNote():
                print(event.message, file=sys.stderr)

    def _failure(
        self, request: wire.RunJob, plugin: Loaded | None, error: BaseException, seconds: float, most: int
    ) -> wire.Failed:
        title, explain = request.recipe.generator, _no_words
        if plugin is not None:
            explain = plugin.explain
            generator = plugin.generators.get(request.recipe.generator)
            title = generator.title if generator else title
        said: StudioError = in_words(error, title, explain)
        if isinstance(said, OutOfMemory):
            self._warm.clear()
        return wire.Failed(
            job=request.job,
            error=wire.ErrorText.of(said),
            seconds=seconds,
            peak_memory=most,
            poisoned="CUDA error" in str(error) and not isinstance(said, OutOfMemory),
        )

    def _end_log(self, job: str) -> None:
        sys.stdout.flush()
        print(f"\n{END_OF_JOB}{job}", file=sys.stderr, flush=True)


def _no_words(error: Exception) -> str | None:
    return None


@functools.cache
def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _environment(plugin: Loaded | None) -> dict[str, Any]:
    """What was installed where the job ran: together with the recipe, why the bytes are as they are."""
    return {
        "studio": _version("studio"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "plugin": f"{plugin.found.row.distribution} {plugin.found.row.version}" if plugin else "",
        "libraries": {name: _version(name) for name, module in LIBRARIES.items() if module in sys.modules},
    }
