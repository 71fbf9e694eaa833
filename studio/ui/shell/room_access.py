"""What a room is given of the window: the one place where its contract is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from studio.core.item import Item, Origin
from studio.core.kind import Kinds
from studio.core.recipe import Recipe
from studio.core.titles import stored, told
from studio.errors import StudioError
from studio.jobs.events import ItemsAdded, JobChanged
from studio.jobs.queue import Job
from studio.project.changes import NewAsset
from studio.project.database import closed_error
from studio.project.history import Changed
from studio.project.store import Project
from studio.ui.context import WindowContext
from studio.ui.generate.flow import GenerateFlow
from studio.ui.generate.panel import GeneratePanel
from studio.ui.items.job_numbers import job_numbers
from studio.ui.kit.room import NewFile, RoomContext
from studio.ui.kit.theme import Theme

if TYPE_CHECKING:
    from studio.core.generator import GeneratorDescription, Input
    from studio.core.model import Number
    from studio.project.edits import Value


class Items(QObject):
    """`ItemAccess` of the window's project."""

    changed = Signal(object)
    added = Signal(object, str)

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        context.bridge.listen(self._on_event)

    def item(self, uid: str) -> Item:
        return self._project().item(uid)

    def of_job(self, job: str, kinds: Sequence[str] = (), limit: int = 200) -> list[Item]:
        return self._project().items(job=job, kinds=tuple(kinds), limit=limit)[::-1]

    def newest(self, kinds: Sequence[str], limit: int = 1, *, made: bool = False) -> list[Item]:
        origin = Origin.ARTIFACT if made else None
        return self._project().items(kinds=tuple(kinds), origin=origin, limit=limit)

    def parents(self, item: Item) -> list[Item]:
        return self._project().parents(item.uid)

    def recipe(self, item: Item) -> Recipe | None:
        return self._project().recipe_of(item.uid)

    def numbers(self, job: str) -> list[Number]:
        return job_numbers(self._project(), job)

    def file(self, item: Item) -> Path:
        return self._project().blob_path(item.digest)

    def rate(self, items: Sequence[Item], stars: int) -> None:
        self._change(lambda project: project.set_stars([item.uid for item in items], stars))

    def reject(self, items: Sequence[Item], on: bool) -> None:
        self._change(lambda project: project.set_rejected([item.uid for item in items], on))

    def bring_in(self, files: Sequence[NewFile]) -> list[Item]:
        assets = [NewAsset(file.path, file.kind, file.name) for file in files]
        project = self._project()
        added = project.add_assets(assets)
        for _, error in added.refused:
            raise error
        for file, item in zip(files, added.assets, strict=True):
            if file.tags:
                project.add_tags([item.uid], list(file.tags))
        self._context.bridge.post(added)
        self._context.bridge.post(ItemsAdded(added.assets, ""))
        return list(added.assets)

    def record(
        self,
        generator: str,
        params: Mapping[str, Any],
        file: Path,
        *,
        kind: str,
        name: str,
        inputs: Mapping[str, Item],
        parent: Item | None = None,
    ) -> Item:
        from studio.jobs.record import record  # hashing and copying: no window waits for it

        project, catalog, runner = self._project(), self._context.catalog, self._context.runner
        known = catalog.generators.get(generator) if catalog is not None else None
        recipe = Recipe(
            generator=generator,
            generator_version=known.version if known is not None else "1",
            params=dict(params),
            inputs={slot: item.digest for slot, item in inputs.items()},
        )
        item = record(project, recipe, file, kind=kind, name=name, parent=parent)
        self._context.bridge.post(ItemsAdded((item,), item.job or ""))
        if runner is not None and item.job is not None:
            self._context.bridge.post(JobChanged(runner.queue.job(item.job)))
        return item

    def close(self) -> None:
        self._context.bridge.unlisten(self._on_event)

    def _project(self) -> Project:
        if self._context.project is None:
            raise closed_error()
        return self._context.project

    def _change(self, change: Callable[[Project], Changed]) -> None:
        try:
            project = self._project()
            if not project.read_only:
                self._context.bridge.post(change(project))
        except StudioError as error:
            self._context.report(error)

    def _on_event(self, event: object) -> None:
        if isinstance(event, Changed) and event.items:
            self.changed.emit(event.items)
        elif isinstance(event, ItemsAdded):
            self.added.emit(event.items, event.job_id)


class Form(QObject):
    """`FormAccess` to the window's form, for the generators of one room."""

    changed = Signal()
    given_changed = Signal()

    def __init__(
        self,
        context: WindowContext,
        panel: GeneratePanel,
        generating: GenerateFlow,
        has: Callable[[str], bool],
        plugin: str,
    ) -> None:
        super().__init__()
        self._context, self._panel, self._generating = context, panel, generating
        self._has, self._plugin = has, plugin
        panel.changed.connect(self.changed)
        generating.inputs.changed.connect(self.given_changed)

    def generators(self) -> list[GeneratorDescription]:
        catalog = self._context.catalog
        every = catalog.generators.values() if catalog is not None else ()
        return [one for one in every if self._has(one.id) or one.id.startswith(f"{self._plugin}/")]

    @property
    def generator(self) -> GeneratorDescription | None:
        shown = self._panel.generator
        return shown if shown is not None and self._has(shown.id) else None

    def choose(self, generator: str) -> bool:
        return self._has(generator) and self._panel.choose(generator)

    def values(self) -> dict[str, Any]:
        return dict(self._panel.values()) if self.generator is not None else {}

    def patch(self, values: Mapping[str, Any]) -> list[str]:
        if self.generator is None:
            return list(values)
        return [name for name, value in values.items() if not self._panel.set_value(name, value)]

    def given(self) -> Mapping[str, Item]:
        shown = self.generator
        return self._generating.inputs.chosen(shown) if shown is not None else {}

    def give(self, slot: str, item: Item | None) -> None:
        if self.generator is not None:
            self._generating.set_input(slot, item)

    def stage_changed(self) -> None:
        self._generating.refresh()

    def missing(self) -> str:
        return self._generating.missing()

    def go_to_missing(self) -> None:
        if not self._panel.go_to_missing():
            self._panel.setFocus()


class Jobs(QObject):
    """`JobAccess` to the window's queue."""

    happened = Signal(object)

    def __init__(self, context: WindowContext, panel: GeneratePanel, generating: GenerateFlow) -> None:
        super().__init__()
        self._context, self._panel, self._generating = context, panel, generating
        context.bridge.listen(self.happened.emit)

    def generate(self) -> None:
        self._generating.generate()

    def submit(
        self,
        generator: str,
        values: Mapping[str, Any],
        inputs: Mapping[str, Item],
        title: str = "",
        failed: Callable[[], object] | None = None,
    ) -> None:
        project, models, catalog = self._context.project, self._context.models, self._context.catalog
        described = catalog.generators.get(generator) if catalog is not None else None
        if project is None or described is None:
            if failed is not None:
                failed()
            return
        device, name = self._panel.foot.device_id(), title or stored(described.title)

        def make(_: object) -> Recipe:
            import secrets

            from studio.backends.device import default_threads  # with what computes: no window waits for it
            from studio.core.recipe import MAX_SEED
            from studio.jobs.prepare import make_recipe

            return make_recipe(
                project,
                described,
                values,
                dict(inputs),
                seed=secrets.randbelow(MAX_SEED + 1),
                device=device,
                threads=default_threads(),
                models=models,
            )

        def fail(error: BaseException) -> None:
            self._context.report(error)
            if failed is not None:
                failed()

        self._context.tasks.start(told(name), make, lambda recipe: self.submit_recipe(recipe, name), fail)

    def submit_recipe(self, recipe: Recipe, title: str) -> None:
        self._generating.submit([recipe], [title], title, first=True)

    def cancel(self, job: str) -> None:
        if self._context.runner is not None:
            self._context.runner.cancel(job)

    def job(self, job: str) -> Job | None:
        runner = self._context.runner
        try:
            return runner.queue.job(job) if runner is not None else None
        except StudioError:
            return None

    def close(self) -> None:
        self._context.bridge.unlisten(self.happened.emit)


class Window(QObject):
    """What a room's own context asks of the window: made once, by its composition."""

    selection_changed = Signal()
    project_changed = Signal()
    settings_changed = Signal()
    """Somebody has set something for a plugin."""

    def __init__(self) -> None:
        super().__init__()
        nothing: Callable[..., Any] = lambda *_: None  # noqa: E731
        self.selected: Callable[[], Sequence[Item]] = lambda: ()
        self.select: Callable[[Sequence[Item]], object] = nothing
        self.show_room: Callable[[str], object] = nothing
        self.name_stage: Callable[[str, str], object] = nothing
        self.step_back: Callable[[str, Sequence[str]], object] = nothing
        self.open: Callable[[Sequence[Item]], object] = nothing
        self.compare: Callable[[Sequence[Item]], object] = nothing
        self.use: Callable[[Item, str, str], object] = nothing
        self.decode: Callable[[Sequence[Item], Callable[[Sequence[Item]], object]], object] = nothing
        self.export: Callable[[Sequence[Item]], object] = nothing
        self.say: Callable[[str, str, Callable[[], object] | None], object] = nothing
        self.history_changed: Callable[[], object] = nothing
        self.keep_stage: Callable[[str], object] = nothing
        self.new_project: Callable[[Callable[[], object]], object] = nothing
        self.choose_files: Callable[[], object] = nothing
        self.open_sample: Callable[[], object] = nothing
        self.theme: Callable[[], Theme] = nothing


class RoomKept:
    """`Kept` in the journal of the open project."""

    def __init__(self, room: str, context: WindowContext) -> None:
        self._room, self._context = room, context

    def keep(self, name: str, value: Value) -> None:
        if self._context.edits is not None:
            self._context.edits.keep(f"{self._room}/{name}", value)

    def add(self, name: str, value: Value) -> None:
        if self._context.edits is not None:
            self._context.edits.add(f"{self._room}/{name}", value)

    def of(self, name: str) -> Sequence[bytes]:
        edits = self._context.edits
        return edits.kept(f"{self._room}/{name}") if edits is not None else ()


class Access(RoomContext):
    """`RoomContext` of one room of one window."""

    def __init__(
        self,
        room: str,
        plugin: str,
        context: WindowContext,
        window: Window,
        items: Items,
        form: Form,
        jobs: Jobs,
    ) -> None:
        self._room, self._plugin, self._context, self._window = room, plugin, context, window
        self.items, self.form, self.jobs = items, form, jobs
        self.kept = RoomKept(room, context)
        self.tasks = context.tasks
        self.selection_changed = window.selection_changed
        self.project_changed = window.project_changed
        self.settings_changed = window.settings_changed

    @property
    def settings(self) -> Mapping[str, Any]:
        return self._context.media.setting_values(self._plugin, self._context.settings.plugins)

    def change_setting(self, key: str, value: Any) -> None:
        row = next((row for row in self._context.media.settings_of(self._plugin) if row.key == key), None)
        if row is None or not row.fits(value):
            raise ValueError(f"the setting {key!r} cannot be {value!r}")
        self._context.shared.change_plugin(self._plugin, key, value)

    @property
    def kinds(self) -> Kinds:
        return self._context.kinds

    @property
    def selection(self) -> Sequence[Item]:
        return self._window.selected()

    @property
    def project(self) -> str:
        return self._context.project.uuid if self._context.project is not None else ""

    @property
    def read_only(self) -> bool:
        return self._context.project is None or self._context.project.read_only

    @property
    def theme(self) -> Theme:
        return self._window.theme()

    @property
    def window(self) -> QWidget:
        assert self._context.window is not None
        return self._context.window

    def select(self, items: Sequence[Item]) -> None:
        self._window.select(items)

    def show(self) -> None:
        self._window.show_room(self._room)

    def name_stage(self, title: str) -> None:
        self._window.name_stage(self._room, title)

    def step_back(self, panels: Sequence[str]) -> None:
        self._window.step_back(self._room, panels)

    def open(self, items: Sequence[Item]) -> None:
        self._window.open(items)

    def compare(self, items: Sequence[Item]) -> None:
        self._window.compare(items)

    def decode(self, items: Sequence[Item], done: Callable[[Sequence[Item]], object]) -> None:
        self._window.decode(items, done)

    def inputs_for(self, kind: str) -> Sequence[tuple[GeneratorDescription, Input]]:
        catalog = self._context.catalog
        listed = [one for one in catalog.generators.values() if one.listed] if catalog is not None else []
        return [(one, slot) for one in listed for slot in one.inputs if slot.kind == kind]

    def use(self, item: Item, generator: str, slot: str) -> None:
        self._window.use(item, generator, slot)

    def export(self, items: Sequence[Item]) -> None:
        self._window.export(items)

    def say(self, text: str, words: str = "", act: Callable[[], object] | None = None) -> None:
        self._window.say(text, words, act)

    def report(self, error: BaseException) -> None:
        self._context.report(error)

    def history_changed(self) -> None:
        self._window.history_changed()

    def changed(self) -> None:
        self._window.keep_stage(self._room)

    def choose_files(self) -> None:
        self._window.choose_files()

    def open_sample(self) -> None:
        self._window.open_sample()

    def new_project(self, then: Callable[[], object]) -> None:
        self._window.new_project(then)
