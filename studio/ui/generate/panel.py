"""The left panel: which generator, its presets, inputs and form; below it the seed, the cost, the buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from studio.core.generator import GeneratorDescription
from studio.core.kind import Kinds
from studio.core.params import ModelRule
from studio.settings import Generating
from studio.ui.generate.foot import GenerateFoot
from studio.ui.generate.form import ParamsForm
from studio.ui.generate.form_memory import FormMemory
from studio.ui.generate.form_tools import FormTools
from studio.ui.generate.generator_chooser import GeneratorChooser
from studio.ui.generate.input_slots import InputSlots
from studio.ui.generate.kept_forms import KeptForms
from studio.ui.generate.models_offer import ModelOffer
from studio.ui.generate.preset_bar import PresetBar
from studio.ui.generate.presets import ENDING
from studio.ui.kit.controls import BusyBar, frame, label
from studio.ui.kit.editor import Editor
from studio.ui.kit.form_model import FormModel, ModelChoices
from studio.ui.kit.local_files import local_files
from studio.ui.kit.tab_order import renew_tab_order
from studio.ui.kit.theme import UNIT
from studio.words import tr

_EDGE = UNIT + 4
_SHORT = 40
"""Lines of text: a panel of less height leaves out what is not needed at every moment."""


class Ask(Struct, frozen=True):
    """What the form asks for."""

    generator: GeneratorDescription
    values: dict[str, Any]
    seed: int
    device: str


class GeneratePanel(QWidget):
    generate = Signal()
    """Now, ahead of what waits."""
    queue = Signal()
    """At the end of the queue."""
    many = Signal()
    batch = Signal()
    changed = Signal()
    notice = Signal(str)
    model_wanted = Signal(str, str)
    generator_changed = Signal()
    """The form of another generator is shown."""
    action_changed = Signal()
    """The button says another thing, or can be pressed now, or cannot any more."""
    wanted = Signal()
    """One of its fields gets the focus: it must be seen."""

    def __init__(
        self,
        models: ModelChoices,
        tools: FormTools,
        kinds: Kinds,
        of_room: Callable[[str], Editor | None] = lambda hint: None,
    ) -> None:
        """`of_room` gives the editors that only a plugin's room knows, by hint."""
        super().__init__()
        self.setProperty("role", "panel")
        self.setMinimumWidth(32 * UNIT)
        self.setAcceptDrops(True)
        self.model_choices, self._tools, self._of_room = models, tools, of_room
        self._generators: list[GeneratorDescription] = []
        self._offered: list[GeneratorDescription] = []
        """Those of the room that is shown."""
        self._last: dict[str, str] = {}
        """By the first generator of an offer, the one that was used last of it."""
        self._memory = FormMemory()
        self.form: ParamsForm | None = None
        self.generator: GeneratorDescription | None = None
        self._is_busy = False

        self.chooser = GeneratorChooser(kinds)
        self.chooser.chosen.connect(self.choose)
        self.title = label("", "heading", wrap=True)
        self.summary = label("", "muted", wrap=True)
        self.looking = label(
            tr("Looking at the plugins. This happens once after an update…"), "muted", wrap=True
        )
        self._looking_bar = BusyBar()
        self.presets = PresetBar(tools.presets)
        self.slots = InputSlots(kinds)
        self.offer = ModelOffer()
        self._place = QVBoxLayout()
        self._forms = KeptForms(self._place)
        self._place.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(_EDGE, UNIT // 2, _EDGE, UNIT)
        column.setSpacing(UNIT)
        for part in (self.chooser, self.title, self.summary, self.looking, self._looking_bar):
            column.addWidget(part)
        column.addWidget(self.presets)
        column.addWidget(self.offer)
        column.addWidget(self.slots)
        column.addSpacing(UNIT // 2)
        column.addLayout(self._place)
        column.addStretch(1)
        self._dressed = QTimer(self, singleShot=True, interval=0)
        """Over once a new form has its style, in letters of the user's size."""
        self._dressed.timeout.connect(self._fit_width)
        self._scroll = QScrollArea()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it has the focus
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        self._column, self._inner = column, inner
        self._scroll.verticalScrollBar().rangeChanged.connect(self._on_range)
        self.foot = GenerateFoot()
        self.seed, self.device = self.foot.seed, self.foot.device
        self.button, self.reason = self.foot.now, self.foot.reason
        self.from_folders = self.foot.from_folders
        self.foot.layout().setContentsMargins(_EDGE, UNIT, _EDGE, UNIT)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(frame("line"))
        whole.addWidget(self.foot)

        self.button.clicked.connect(self.generate)
        self.foot.queue.clicked.connect(self.queue)
        self.foot.many.clicked.connect(self.many)
        self.from_folders.clicked.connect(self.batch)
        self.seed.changed.connect(self.changed)
        self.device.activated.connect(self.changed)
        self.presets.apply_wanted.connect(self._apply_preset)
        self.presets.reset_wanted.connect(self.reset_all)
        self.presets.notice.connect(self.notice)
        self.presets.elsewhere.connect(self._on_preset_elsewhere)
        self.presets.changed.connect(self._on_preset)
        self.show_looking(False)
        self.set_ready("")
        self._show_what_is_there()

    # What there is -----------------------------------------------------------------------------------------

    def show_looking(self, on: bool) -> None:
        """While the plugins are being described."""
        self.looking.setVisible(on)
        self._looking_bar.setVisible(on)

    def set_catalog(
        self,
        generators: Sequence[GeneratorDescription],
        devices: Sequence[str],
        last: Generating,
        device: str = "",
    ) -> None:
        """`last` is what the panel's `kept` said the last time; the form begins with it, and with `device`
        where one is named. A panel that has a form already keeps what it has."""
        self.show_looking(False)
        current, device = last.generator, device or last.device
        if self.generator is not None:
            self._remember()
            current, device = self.generator.id, self.foot.device_id()
        else:
            self._memory = FormMemory.of(last)
            self.seed.bring_back(last.seed if last.seed_locked else None, last.seeds)
        self.generator = self.form = None
        self._forms.clear()
        self._generators = self._offered = list(generators)
        self.chooser.set_generators(generators)
        self.foot.set_devices(devices, device)
        ids = [generator.id for generator in generators]
        if ids:
            self.choose(current if current in ids else ids[0])
        self._show_what_is_there()

    def bring_back(self, last: Generating, by_room: Mapping[str, str]) -> None:
        """All forms have the values that `kept` told, and each room the generator that `last_used` told."""
        self._memory, self._last = FormMemory.of(last), dict(by_room)
        for id, form in self._forms.all():
            form.model.take(self._memory.values.get(id, {}))
            self._memory.bring_back(id, form)
            form.refresh()
        self.seed.bring_back(last.seed, last.seeds)
        self.seed.lock.setChecked(last.seed_locked)
        self.foot.choose_device(last.device)
        if self.generator is not None and not self.choose(last.generator):
            self.choose(self.generator.id)

    def use_device(self, device: str) -> None:
        """Computes on it from now on, where this computer has it. What a job will take is told anew."""
        self.foot.choose_device(device)
        self.changed.emit()

    @property
    def offered(self) -> Sequence[GeneratorDescription]:
        """Those that can be chosen now."""
        return self._offered

    def show_generators(self, generators: Sequence[GeneratorDescription]) -> None:
        """Only these can be chosen now; where the form shows another one, the one of the last time comes."""
        self._offered = list(generators)
        self.chooser.set_generators(generators)
        ids = [generator.id for generator in generators]
        current = self.generator.id if self.generator is not None else ""
        if current in ids:
            self.chooser.show_generator(current)
            self._last[ids[0]] = current
        elif ids:
            last = self._last.get(ids[0], "")
            self.choose(last if last in ids else ids[0])
        else:
            self._show_no_form()
        self._show_what_is_there()

    def _show_no_form(self) -> None:
        """The room that is shown has no generators."""
        self._remember()
        self.generator = None
        if self.form is not None:
            self.form.hide()
            self.form = None
        self.slots.set_slots(())
        self.changed.emit()

    def choose(self, generator_id: str) -> bool:
        """Shows a generator's form; what was set in it before is there again. False for an unknown id."""
        generator = next((one for one in self._generators if one.id == generator_id), None)
        if generator is None:
            return False
        self._remember()
        self.generator = generator
        if generator in self._offered:
            self.chooser.show_generator(generator.id)
            self._last[self._offered[0].id] = generator.id
        self.title.setText(tr(generator.title))
        self.title.setToolTip(tr(generator.summary))
        self.summary.setText(tr(generator.summary))
        if self.form is not None:
            self.form.hide()
        self.form = self._forms.get(generator.id, lambda: self._make_form(generator))
        self.form.show()
        own = generator.fed_slots
        self.slots.set_slots([slot for slot in generator.inputs if slot.name not in own])
        self.presets.set_generator(generator, self._memory.presets.get(generator.id, ""))
        self._fit_width()
        self._dressed.start()
        self.generator_changed.emit()
        self._on_form()
        if self.window().isVisible():  # else the window orders all of them at once
            renew_tab_order(self)
        return True

    def _make_form(self, generator: GeneratorDescription) -> ParamsForm:
        model = FormModel(generator.params_schema)
        if generator.id in self._memory.values:
            model.take(self._memory.values[generator.id])
        prompts = self._tools.for_prompts_of(generator.id)
        made = ParamsForm(model, self.model_choices, prompts, self._of_room)
        self._memory.bring_back(generator.id, made)
        made.changed.connect(self._on_form)
        made.model_wanted.connect(self.model_wanted)
        return made

    # Values ------------------------------------------------------------------------------------------------

    def ask(self) -> Ask:
        """What the user wants. Raises InvalidParams for a field that is shown and wrong."""
        assert self.generator is not None
        assert self.form is not None
        return Ask(self.generator, self.form.model.usable_values(), self.seed.seed(), self.foot.device_id())

    def values(self) -> dict[str, Any]:
        return self.form.model.values if self.form is not None else {}

    def set_values(self, values: Mapping[str, Any]) -> list[str]:
        """Fills the form of the current generator; returns the names it could not take."""
        assert self.form is not None
        refused = self.form.model.set_all(values)
        known = {
            field.name: {value for value, _ in self.model_choices(field.models)}
            for field in self.form.model.fields
            if field.editor == "model" and self.form.model.value(field.name)
        }
        for name, digests in known.items():
            if self.form.model.value(name) not in digests:
                self.form.model.reset(name)
                refused.append(name)
        self.form.refresh()
        self._on_form()
        return refused

    def set_value(self, field: str, value: Any) -> bool:
        """One value of the form as it is; False if this generator has no such field."""
        if self.form is None or field not in self.form.rows:
            return False
        self.form.model.set(field, value)
        self.form.refresh()
        self._on_form()
        return True

    def set_model(self, field: str, value: str) -> None:
        if self.form is not None and field in self.form.rows:
            self.form.model.set(field, value)
            self.form.refresh_models()
            self.form.refresh()
            self._on_form()

    def refresh_models(self) -> None:
        """The user has other models than before."""
        if self.form is not None:
            self.form.refresh_models()
            self._on_form()

    def reset_all(self) -> None:
        if self.form is not None:
            self.form.reset_all()

    def check_remembered(self) -> None:
        """Validates what the form took over from the last time, once the validator has been imported."""
        if self.form is not None:
            self.form.model.set_all(self.form.model.values)
            self.form.refresh()
            self._on_form()

    # What is remembered ------------------------------------------------------------------------------------

    def kept(self) -> dict[str, Any]:
        """What the settings should remember, by the names of their section `generating`."""
        self._remember()
        return {
            **self._memory.kept(),
            "generator": self.generator.id if self.generator is not None else "",
            "seed": self.seed.seed(),
            "seed_locked": self.seed.lock.isChecked(),
            "seeds": self.seed.recent(),
            "device": self.foot.device_id(),
        }

    def last_used(self) -> dict[str, str]:
        """The generator that was used last in each room, by the first one of that room."""
        return dict(self._last)

    def state(self) -> tuple[int, int]:
        """For the panel that takes this one's place: the seed, and how far it is scrolled."""
        return self.seed.seed(), self._scroll.verticalScrollBar().value()

    def restore(self, state: tuple[int, int]) -> None:
        """Everything else came with the settings."""
        seed, scrolled = state
        self.seed.set_seed(seed)
        self._scroll.verticalScrollBar().setValue(scrolled)

    # What is missing ---------------------------------------------------------------------------------------

    def missing(self) -> str:
        """Why these settings cannot be used yet; "" if they can."""
        if self.form is None:
            return tr("No generator is ready yet.")
        model = self.form.model
        wrong = next(iter(model.errors), None)
        if wrong is not None:
            if wrong not in self.form.rows:
                return model.errors[wrong]
            return tr("{field} {problem}.", field=model.field(wrong).title, problem=model.errors[wrong])
        if self.lacks_model():
            return tr("This needs a model, and none is here yet.")
        name = self.form.missing_model()
        return tr("Choose a file for “{field}”.", field=model.field(name).title) if name else ""

    def needs_model(self) -> bool:
        """Whether the generator cannot do without one."""
        return self.form is not None and self.form.needs_model()

    def lacks_model(self) -> ModelRule | None:
        """Which models would do where one is needed and none is here; None if nothing is lacking."""
        return next((rule for rule in self.needed_models() if not self.model_choices(rule)), None)

    def needed_models(self) -> list[ModelRule]:
        """Which models would do, for each field that cannot do without one."""
        return self.form.needed_models() if self.form is not None else []

    def go_to_missing(self) -> bool:
        """Puts the focus where something is wrong or missing in the form; False if nothing is."""
        if self.form is None:
            return False
        self.wanted.emit()
        if not self.offer.isHidden() and self.lacks_model():
            self._scroll.ensureWidgetVisible(self.offer)
            self.offer.take_focus()
            return True
        return self.form.go_to_wrong() or self.form.go_to(self.form.missing_model())

    def go_to_prompt(self) -> None:
        self.wanted.emit()
        for name in self.form.rows if self.form is not None else ():
            if (
                self.form is not None
                and self.form.model.field(name).editor == "prompt"
                and self.form.go_to(name)
            ):
                return

    def set_ready(self, reason: str, *, in_form: bool = False) -> None:
        """Enables the buttons, or says why they cannot be pressed. What is wrong in the form leaves them on:
        pressing then leads to the field."""
        self.foot.set_ready(reason, pressable=not reason or (in_form and not self.lacks_model()))
        self.action_changed.emit()

    def set_busy(self, on: bool) -> None:
        """While a job is being put into the queue."""
        self._is_busy = on
        self._show_action()

    def _show_action(self) -> None:
        """The button says what it will do."""
        action = self.generator.action(self.values()) if self.generator is not None else tr("Generate")
        self.button.setText(tr("Adding to the queue…") if self._is_busy else action)
        self.action_changed.emit()

    def toggle_advanced(self) -> None:
        if self.form is not None:
            self.form.show_advanced(not self.form.shows_advanced)

    def edit_snippets(self) -> None:
        self._tools.edit_snippets("")

    def remember_prompts(self, ask: Ask) -> None:
        """What was asked for is kept among the prompts of before."""
        form = self.form
        if form is not None:
            names = [field.name for field in form.model.fields if field.editor == "prompt"]
            prompts = {name: ask.values[name] for name in names if isinstance(ask.values.get(name), str)}
            self._tools.history.add(ask.generator.id, prompts)

    # Within ------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._preset_in(event) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        file = self._preset_in(event)
        if file is not None:
            event.acceptProposedAction()
            self.presets.take_in(file)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_short = self.height() < _SHORT * self.fontMetrics().lineSpacing()
        self.summary.setVisible(not is_short)
        self.foot.set_short(is_short)

    def sizeHint(self) -> QSize:
        return QSize(36 * UNIT, 600)

    def _preset_in(self, event: QDropEvent) -> Path | None:
        files = local_files(event.mimeData().urls())
        return files[0] if len(files) == 1 and files[0].suffix.lower() == ENDING else None

    def _show_what_is_there(self) -> None:
        one, none = len(self._offered) == 1, not self._offered
        self.chooser.setVisible(len(self._offered) > 1)
        self.title.setVisible(one or none)
        self.presets.setVisible(not none)
        self.slots.setVisible(bool(self.slots.rows))
        if none and self.looking.isHidden():
            self.title.setText(tr("No generators"))
            self.summary.setText(tr("No plugin offers one. Help > Plugins says why."))

    def _on_range(self, _: int, most: int) -> None:
        """The scroll bar takes the place of the margin, so that nothing moves aside for it."""
        bar = self._scroll.verticalScrollBar().sizeHint().width() if most > 0 else 0
        near, far = _EDGE, max(0, _EDGE - bar)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            near, far = far, near
        self._column.setContentsMargins(near, UNIT // 2, far, UNIT)

    def _fit_width(self) -> None:
        """As narrow as it gets without cutting the form, whose words may be large or long."""
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        needed = self._inner.minimumSizeHint().width() + bar
        self.setMinimumWidth(min(max(32 * UNIT, needed), 48 * UNIT))

    def _on_form(self) -> None:
        if self.form is not None:
            self.presets.note_values(self.form.model.values)
        self._show_action()
        self.changed.emit()

    def _apply_preset(self, values: Mapping[str, Any]) -> None:
        assert self.form is not None
        refused = self.set_values(values)
        self.presets.applied(self.form.model.values, bool(refused))
        if refused:
            titles = [field.title for field in self.form.model.fields if field.name in refused]
            gone = sorted(set(refused) - set(self.form.rows))
            self.notice.emit(
                tr(
                    "Some settings of this preset are no longer offered and stay at their default: {names}",
                    names=", ".join([*titles, *gone]),
                )
            )

    def _on_preset(self) -> None:
        if self.generator is not None:
            self._memory.presets[self.generator.id] = self.presets.name

    def _on_preset_elsewhere(self, generator_id: str, name: str) -> None:
        generator = next((one for one in self._generators if one.id == generator_id), None)
        if generator is None:
            words = tr("“{name}” is for a generator that is not installed: {id}.", name=name, id=generator_id)
        else:
            words = tr(
                "“{name}” is for “{generator}” and is kept there.", name=name, generator=tr(generator.title)
            )
        self.notice.emit(words)

    def _remember(self) -> None:
        if self.form is not None and self.generator is not None:
            self._memory.take(self.generator.id, self.form)
