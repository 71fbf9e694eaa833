"""The study between the page where it is set up, the form that generates from it, the project and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QObject
from shiboken6 import isValid

from studio.api.values import tr
from studio.ui.api import GeneratorDescription, Item, RoomContext, locales
from studio_product.core.studies.catalog import said
from studio_product.core.studies.study import Study
from studio_product.core.studies.study_value import HINT, files_of, value_of
from studio_product.room.part.page import SET_UP, VARIANTS, PartPage

if TYPE_CHECKING:
    from studio_product.core.mesh import Mesh
    from studio_product.core.studies.estimate import Estimate
    from studio_product.room.study.checking import Asked, Checking, Found
    from studio_product.room.study.files import Brought
    from studio_product.room.study.pane import SetUpPane


class StudyFlow(QObject):
    """The form's value is what is generated from and remembered; the page is where it is changed."""

    def __init__(self, context: RoomContext, page: PartPage) -> None:
        super().__init__()
        self._context, self._form, self.page = context, context.form, page
        self._value: dict[str, Any] | None = None
        """What the form and the page agreed on last."""
        self._is_pushing = False
        self._is_nobodys = False
        """Whether the form's study is the one that it begins with, which nobody has chosen."""
        self._checking: Checking | None = None
        self._estimates: tuple[Estimate, ...] = ()
        self.given: dict[str, Item] = {}
        """What was chosen for the shapes that this study, or a step back, names: by slot."""
        self._read: dict[str, str] = {}
        """Digests of the shapes that the page has, by slot."""
        self.page.made.connect(self._on_made)
        self.page.changed.connect(self._tell_name)
        self.page.tabs.chosen.connect(self._on_tab)
        self._form.changed.connect(self._on_form)
        self._form.given_changed.connect(self._on_inputs)

    @property
    def pane(self) -> SetUpPane:
        self.page.build(SET_UP)
        return self.page.set_up

    @property
    def generator(self) -> GeneratorDescription | None:
        """What works from studies: the form's own, or the first that there is."""
        chosen = self._form.generator
        if chosen is not None and chosen.hinted(HINT):
            return chosen
        known = self._form.generators()
        return next((one for one in known if one.listed and one.hinted(HINT)), None)

    def show(self) -> None:
        self._context.show()
        self.page.show_tab(SET_UP)
        self._on_tab(SET_UP)

    def begin(self) -> None:
        """Cards with studies to begin with."""
        self.show()
        self.pane.show_beginnings(self._context.theme)
        self.pane.take_focus()

    # Page and form -----------------------------------------------------------------------------------------

    def _on_made(self, tab: int) -> None:
        if tab != SET_UP:
            return
        from studio_product.room.study.checking import Checking

        pane = self.pane
        self._checking = Checking(self._context.tasks, self._asked, self._on_found, pane)
        pane.changed.connect(self._on_study)
        self._value = None
        generator = self.generator
        if generator is not None:
            self._choose(generator)  # its form may have a study already
            self.give(self._given(generator))
            if self._form.generator != generator:
                self._form.choose(generator.id)  # it may have a study from before
        if self._form_value():
            self._on_form()
        else:
            self._is_nobodys = self._form_value() == {}
            self._on_study()
        if self._is_nobodys:
            pane.show_beginnings(self._context.theme)
        self._form.stage_changed()

    def _given(self, generator: GeneratorDescription) -> Mapping[str, Item]:
        """The items that the form gives to its inputs; none where it is another generator's."""
        return self._form.given() if self._form.generator == generator else {}

    def _form_value(self) -> dict[str, Any] | None:
        """The form's study; None where it is another generator's."""
        generator = self._form.generator
        field = generator.hinted(HINT) if generator is not None else ""
        return self._form.values().get(field) if field else None

    def _on_form(self) -> None:
        """The form has changed: its study may be another one (a preset, a recipe, another generator)."""
        if self._is_pushing:
            return
        value = self._form_value()
        ours = self._form.generator is not None
        if value is None and ours and self.page.tab == SET_UP and self.page.has(SET_UP):
            self.page.show_tab(VARIANTS)  # what the form makes needs no study
        if value == {}:
            self._fill_form()
        elif self.page.has(SET_UP):
            if value is not None and value != self._value:
                self._load(value)
            self._refresh()

    def _fill_form(self) -> None:
        """A generator of parts begins with something that can be generated."""
        from studio_product.core.studies.catalog import PRESETS, preset

        is_seen = self.page.has(SET_UP)
        self._give(value_of(self.pane.model.study if is_seen else preset(PRESETS[0])))
        self._is_nobodys = True
        if is_seen:
            self.pane.show_beginnings(self._context.theme)

    def _load(self, value: dict[str, Any]) -> None:
        try:
            study = msgspec.convert(value, Study)  # one that breaks a rule can be put right on the page
        except msgspec.ValidationError:
            return  # the form tells it; what is on the page stays
        show = self.pane.show_study if self._value is None else self.pane.begin  # which can be undone
        self._value = value
        show(study)
        self._tell_name()

    def _on_tab(self, tab: int) -> None:
        """The user goes to the study: the form is that of what works from it."""
        if tab == SET_UP:
            self.push()

    def _on_study(self) -> None:
        """The page has changed."""
        self.push()
        self._refresh()
        self._tell_name()

    def push(self) -> None:
        """The form takes the page's study, and becomes the form of what works from it."""
        generator = self.generator
        if generator is None or not self.page.has(SET_UP):
            return
        self._value = value_of(self.pane.model.study)
        if self._form_value() != self._value:
            self._give(self._value)
        self._mirror_inputs(generator)

    def _give(self, value: dict[str, Any]) -> None:
        generator = self.generator
        assert generator is not None
        self._choose(generator)
        self._is_pushing = True
        try:
            self._form.patch({generator.hinted(HINT): value})
        finally:
            self._is_pushing = False

    def _choose(self, generator: GeneratorDescription) -> None:
        if self._form.generator != generator:
            self._is_pushing = True
            try:
                self._form.choose(generator.id)
            finally:
                self._is_pushing = False

    def _refresh(self) -> None:
        self._read_shapes()
        if self._checking is not None:
            self._checking.ask()

    def _tell_name(self) -> None:
        if self.page.tab == SET_UP and self.page.has(SET_UP):
            self.page.say_name(said(self.pane.model.study.name))

    @property
    def name(self) -> str:
        """Of the form's study; "" for the form of something else."""
        value = self._form_value()
        return str(value.get("name", "")) if value else ""

    # Checks and costs --------------------------------------------------------------------------------------

    def _asked(self) -> Asked:
        from studio_product.room.study.checking import Asked

        variants = self._setting("variants", 1)
        return Asked(self.pane.model.study, self.pane.meshes, self._quality(), variants)

    def _quality(self) -> Any:
        return self._setting("quality", "draft")

    def _setting(self, name: str, otherwise: Any) -> Any:
        """Of what works from studies: what its form says, or what a fresh form would say."""
        if self._form_value() is not None:
            return self._form.values().get(name, otherwise)
        fields = self.generator.params_schema["properties"] if self.generator is not None else {}
        return fields.get(name, {}).get("default", otherwise)

    def _on_found(self, found: Found) -> None:
        self.pane.remarks.show_remarks(found.remarks, found.study)
        self._estimates = found.estimates or self._estimates
        self._form.stage_changed()

    def error(self) -> str:
        """What keeps the form's study from working, once it is known; "" for the form of something else."""
        is_shown = self.page.has(SET_UP) and self._form_value() is not None
        errors = self.pane.remarks.errors if is_shown else ()
        return errors[0].message if errors else ""

    def cost(self) -> str:
        """Of the form's study at its quality, once it is known; "" for the form of something else."""
        known = self._estimates if self._form_value() is not None else ()
        cost = next((one for one in known if one.quality == self._quality()), None)
        if cost is None:
            return ""
        memory = locales.rough_size(cost.bytes)
        if not cost.fits:
            return tr("Needs {memory}, more than is free", memory=memory)
        return tr("About {time}, {memory}", time=locales.duration(cost.seconds), memory=memory)

    # Shapes from files -------------------------------------------------------------------------------------

    def give(self, items: Mapping[str, Item]) -> None:
        """Items of the project for shapes that studies name, by slot."""
        self.given |= items

    def _on_inputs(self) -> None:
        """Items were given to the form from elsewhere: those of a recipe that is used again."""
        generator = self.generator
        if generator is None or not self.page.has(SET_UP):
            return
        slots, chosen = generator.fed_slots, self._given(generator)
        fresh = {slot: item for slot, item in chosen.items() if slot in slots}
        if any(self.given.get(slot) != item for slot, item in fresh.items()):
            self.give(fresh)
            self._refresh()

    def _mirror_inputs(self, generator: GeneratorDescription) -> None:
        """The form's inputs are the shapes that the study names, and no others."""
        names, chosen = files_of(self.pane.model.study), self._given(generator)
        for slot in generator.fed_slots:
            item = self.given.get(slot) if slot in names else None
            if chosen.get(slot) != item:
                self._form.give(slot, item)

    def _read_shapes(self) -> None:
        """What the study names and the page has not read yet."""
        wanted = set(files_of(self.pane.model.study))
        fresh = {
            slot: item
            for slot, item in self.given.items()
            if slot in wanted and self._read.get(slot) != item.digest
        }
        if not self._context.project or not fresh:
            return
        self._read |= {slot: item.digest for slot, item in fresh.items()}
        self._context.decode([*fresh.values()], lambda readable: self._read_of(fresh, readable))

    def _read_of(self, wanted: Mapping[str, Item], readable: Sequence[Item]) -> None:
        project = self._context.project
        fresh = {slot: item for slot, item in wanted.items() if item in readable}
        if not fresh or not isValid(self.page):
            return

        def work(_: object) -> dict[str, Mesh]:
            from studio_product.room.study.files import read_shapes

            return read_shapes(self._context.items, fresh)

        def done(meshes: dict[str, Mesh]) -> None:
            if self._context.project != project:
                return
            newest = {one: mesh for one, mesh in meshes.items() if self._read.get(one) == fresh[one].digest}
            self.pane.set_meshes({**self.pane.meshes, **newest})
            self._refresh()

        self._context.tasks.start(tr("Reading the shape"), work, done, owner=self.pane)

    def take_shapes(self, shapes: Sequence[Brought]) -> None:
        """They were brought into the project: the form's inputs and the page have them now."""
        self.give({one.slot: one.item for one in shapes})
        self._read |= {one.slot: one.item.digest for one in shapes}
        self.pane.set_meshes({**self.pane.meshes, **{one.slot: one.mesh for one in shapes}})

    # The window --------------------------------------------------------------------------------------------

    def forget(self) -> None:
        """The project was closed."""
        self.given, self._read = {}, {}
        if self.page.has(SET_UP):
            self.pane.set_meshes({})
