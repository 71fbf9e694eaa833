"""What a worker's background thread does: describes plugins, runs jobs, converts models."""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import platform
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from studio import words
from studio.backends.cache import WarmCache
from studio.backends.collecting import without_collecting
from studio.backends.device import available_devices, device_memory, is_out_of_memory, onnx_providers
from studio.backends.plan import Choice, worth_trying
from studio.core.generator import Cancelled
from studio.core.model import Number
from studio.errors import OutOfMemory, PluginError, StudioError
from studio.jobs import wire
from studio.jobs.process import END_OF_JOB, PeakMemory, memory
from studio.jobs.run import (
    Conversion,
    RunEvent,
    RunNote,
    RunNumbers,
    RunPreview,
    RunProgress,
    RunText,
    execute,
    in_words,
)
from studio.plugins.discover import Loaded, describe_found, find, load_by_name
from studio.plugins.speech import speak
from studio.words import tr

if TYPE_CHECKING:
    from studio.core.authoring import Generator
    from studio.core.recipe import Recipe

LIBRARIES = {
    "numpy": "numpy",
    "pillow": "PIL",
    "opencv-python-headless": "cv2",
    "onnxruntime": "onnxruntime",
    "torch": "torch",
    "diffusers": "diffusers",
    "transformers": "transformers",
    "tokenizers": "tokenizers",
    "llguidance": "llguidance",
    "gguf": "gguf",
}
"""What generators compute with: distribution and its module."""

_MOST_NOTES, _LONGEST_NOTE = 50, 1000
"""Of a job, and the characters of each, that are kept with it; its log has all."""

Send = Callable[[wire.FromWorker], None]


class Switch:
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


@dataclass
class _Effort:
    """What a request came to."""

    plugin: Loaded | None = None
    title: str = ""
    error: BaseException | None = None
    seconds: float = 0.0
    peak_memory: int = 0


class Worker:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._warm = WarmCache()
        self._plugins: dict[str, Loaded] = {}
        self._switches: dict[str, Switch] = {}
        self._previews = 0
        self._numbers: dict[str, Number] = {}
        self._notes: list[str] = []

    # --- on the main thread ---------------------------------------------------------------------------------

    def expect(self, request: wire.RunJob | wire.Convert) -> None:
        self._switches[request.job] = Switch()

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
        devices = available_devices()
        self._send(
            wire.AllDescribed(
                devices=devices,
                libraries=installed,
                device_memory={device: device_memory(device).total for device in devices},
                providers=onnx_providers(),
            )
        )

    def run(self, request: wire.RunJob) -> None:
        kept = (len(self._plugins), self._warm.made)
        made: tuple[wire.Made, ...] = ()
        used = request.choices[0]
        with self._working(request, request.recipe.generator) as (effort, switch):
            plugin = effort.plugin = self._plugin(request.recipe.generator)
            made, used = self._execute(plugin, request, effort, switch)
        if effort.error is None:
            env = {
                **_environment(effort.plugin),
                "plan": msgspec.to_builtins(used.plan),
                "numbers": [msgspec.to_builtins(number) for number in self._numbers.values()],
                "notes": self._notes,
            }
            self._send(
                wire.Done(
                    job=request.job,
                    artifacts=made,
                    seconds=effort.seconds,
                    peak_memory=effort.peak_memory,
                    memory=memory(),
                    loaded=kept != (len(self._plugins), self._warm.made),
                    env=env,
                )
            )
        else:
            self._send(self._ended(request.job, effort))

    def convert(self, request: wire.Convert) -> None:
        with self._working(request, request.converter) as (effort, switch):
            plugin = effort.plugin = self._plugin(request.converter)
            converter = plugin.converters.get(request.converter)
            if converter is None:
                raise PluginError(
                    tr("There is no converter “{id}”.", id=request.converter),
                    tr("Install the version of the plugin that has it."),
                )
            effort.title = tr(converter.title)
            emit = functools.partial(self._tell, request.job)
            run = Conversion(request.threads, emit, switch.cancelled)
            converter().convert(request.source, request.target, request.precision, run)
        if effort.error is None:
            self._send(
                wire.Converted(job=request.job, seconds=effort.seconds, peak_memory=effort.peak_memory)
            )
        else:
            self._send(self._ended(request.job, effort))

    # --- within ---------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _working(self, request: wire.RunJob | wire.Convert, title: str) -> Iterator[tuple[_Effort, Switch]]:
        """Measures what is done inside, and keeps its exception in the effort."""
        switch, effort = self._switches[request.job], _Effort(title=title)
        if request.language != words.language():
            speak(request.language)
        with PeakMemory() as peak:
            began = time.perf_counter()
            try:
                yield effort, switch
            except BaseException as raised:  # noqa: BLE001 - SystemExit too: it must not end this thread
                effort.error = raised
            effort.seconds = max(0.0, time.perf_counter() - began - switch.held_seconds)
            effort.peak_memory = peak.bytes
        sys.stdout.flush()
        print(f"\n{END_OF_JOB}{request.job}", file=sys.stderr, flush=True)
        del self._switches[request.job]

    def _plugin(self, id: str) -> Loaded:
        name = id.partition("/")[0]
        if name not in self._plugins:
            with without_collecting():
                self._plugins[name] = load_by_name(name)
        return self._plugins[name]

    def _execute(
        self, plugin: Loaded, request: wire.RunJob, effort: _Effort, switch: Switch
    ) -> tuple[tuple[wire.Made, ...], Choice]:
        """What the generator made, and the first way that had enough memory for it."""
        generator = _generator(plugin, request.recipe)
        effort.title = tr(generator.title)
        ways = worth_trying(request.choices, self._free)
        scratch = request.staging / "work"
        for way, smaller in zip(ways, (*ways[1:], None), strict=True):
            self._numbers.clear()
            self._notes = []
            self._send(wire.Planned(job=request.job, choice=way))
            self._warm.expect(way.plan.device, way.memory, way.host_memory)
            try:
                artifacts = execute(
                    generator(),
                    request.recipe,
                    request.inputs,
                    request.models,
                    scratch,
                    request.kept,
                    plan=way.plan,
                    emit=functools.partial(self._emit, request),
                    cancelled=switch.cancelled,
                    warm=self._warm,
                    settings=functools.partial(_settings_of, plugin.found.row.name),
                )
            except Exception as error:
                # No name may keep the exception: it holds all that the next try needs room for.
                if smaller is None or not is_out_of_memory(error):
                    raise
                print(f"Out of memory: {way.words()}. Next: {smaller.words()}", file=sys.stderr)
            else:
                made = (wire.Made(path=made.path, kind=made.kind, name=made.name) for made in artifacts)
                return tuple(made), way
            self._warm.clear()
            shutil.rmtree(scratch)
            scratch.mkdir()
        raise AssertionError("the last way either made something or raised")

    def _free(self, device: str) -> int:
        return device_memory(device).free + self._warm.evictable(device)

    def _emit(self, request: wire.RunJob, event: RunEvent) -> None:
        match event:
            case RunPreview():
                # Two names in turn: the host may still read the last one while this one is written.
                self._previews += 1
                name = f"preview-{self._previews % 2}"
                (request.staging / name).write_bytes(event.image)
                self._send(wire.Preview(job=request.job, file=name))
            case RunText():
                self._send(wire.Text(job=request.job, draft=event.draft, text=event.text))
            case RunNumbers():
                self._numbers.update((number.name, number) for number in event.numbers)
                self._send(wire.Numbers(job=request.job, numbers=event.numbers))
            case RunNote():
                if len(self._notes) < _MOST_NOTES:
                    self._notes.append(event.message[:_LONGEST_NOTE])
                self._tell(request.job, event)
            case _:
                self._tell(request.job, event)

    def _tell(self, job: str, event: RunProgress | RunNote) -> None:
        if isinstance(event, RunProgress):
            self._send(wire.Progress(job=job, fraction=event.fraction, message=event.message))
        else:
            print(event.message, file=sys.stderr)

    def _ended(self, job: str, effort: _Effort) -> wire.Outcome:
        """Of an effort that came to nothing."""
        error = effort.error
        assert error is not None
        if isinstance(error, Cancelled):
            return wire.Stopped(job=job)
        explain = effort.plugin.explain if effort.plugin is not None else _no_words
        said: StudioError = in_words(error, effort.title, explain)
        if isinstance(said, OutOfMemory):
            self._warm.clear()
        return wire.Failed(
            job=job,
            error=wire.ErrorText.of(said),
            seconds=effort.seconds,
            peak_memory=effort.peak_memory,
            poisoned="CUDA error" in str(error) and not isinstance(said, OutOfMemory),
        )


def _generator(plugin: Loaded, recipe: Recipe) -> type[Generator]:
    """The generator that a recipe names, in the version that it names. Raises PluginError."""
    generator = plugin.generators.get(recipe.generator)
    if generator is None:
        raise PluginError(
            tr(
                "The plugin “{name}” has no generator “{generator}”.",
                name=plugin.found.row.name,
                generator=recipe.generator,
            ),
            tr("Install the version of the plugin that has it, or choose another generator."),
        )
    if str(generator.version) != recipe.generator_version:
        raise PluginError(
            tr(
                "This was to be made by version {wanted} of “{title}”; installed is version {version}.",
                wanted=recipe.generator_version,
                title=tr(generator.title),
                version=generator.version,
            ),
            tr("Generate it anew with the same settings; the result may differ."),
        )
    return generator


def _settings_of(plugin: str) -> dict[str, Any]:
    """What the person has set for a plugin, as the file says it now."""
    from studio import settings
    from studio.plugins.media import installed_media

    return installed_media().setting_values(plugin, settings.current().plugins)


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
