"""What is being fetched, prepared, packed: one after the other, on a thread, while the window is used."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from studio.core.generator import Cancelled
from studio.ui.kit.tasks import Tasks
from studio.ui.models.orders import Order, OrderEnded, Origin, Stocked, Teller, Told
from studio.words import tr

if TYPE_CHECKING:
    from studio.core.model import ConverterDescription, ModelSpec
    from studio.models.store import Model, ModelStore

BUNDLE = "bundle"
"""The key of what is done with a bundle: one at a time."""


class ModelWork(QObject):
    """One for the whole program: it goes on when a window or a dialog is closed. Ends with its `tasks`."""

    changed = Signal()
    """Something is new, began or is over."""
    progressed = Signal(str)
    """The key of what went on a little."""
    stocked = Signal()
    """The store has other models than before."""

    def __init__(self, tasks: Tasks, models: ModelStore) -> None:
        super().__init__()
        self._tasks, self._models = tasks, models
        self._numbers = itertools.count()
        self.orders: list[Order] = []
        """What runs and waits, in its order; what failed stays until it is tried again or let go."""
        self.watchers = 0
        """How many dialogs show what is going on, and so its errors too."""
        self.audience: list[Callable[[OrderEnded], object]] = []
        """Who can tell the user that something is over: the newest one does."""
        tasks.bridge.listen(self._on_event)

    def order(self, key: str) -> Order | None:
        """What is being done with a model, or failed the last time."""
        return next((one for one in self.orders if one.key == key), None)

    @property
    def busy(self) -> bool:
        return any(not one.is_over for one in self.orders)

    # What can be asked for ---------------------------------------------------------------------------------

    def get(self, spec: ModelSpec, origin: Origin, converter: ConverterDescription | None) -> Order:
        """Fetches a model whose terms a person has just agreed to; prepares it if there is a converter."""
        from studio.models.store import Consent

        consent = Consent.to(spec.licence)

        def work(teller: Teller) -> Model:
            from studio.ui.models.backend import convert_model, fetch_model

            model = fetch_model(spec, self._models, origin, consent, teller)
            if converter is None:
                return model
            teller.tell_stocked()
            return convert_model(model, converter, converter.precisions[0], self._models, teller)

        return self.start(spec.id, spec.title, work)

    def prepare(self, key: str, model: Model, converter: ConverterDescription, precision: str) -> Order:
        """Makes of a model what runs faster on this computer."""

        def work(teller: Teller) -> Model:
            from studio.ui.models.backend import convert_model

            return convert_model(model, converter, precision, self._models, teller)

        return self.start(key, model.name, work)

    def start(self, key: str, title: str, work: Callable[[Teller], Any]) -> Order:
        """Puts something in line; a failure of the same key is let go. What is in line already stays."""
        known = self.order(key)
        if known is not None and not known.is_over:
            return known
        self._forget(key)
        made = Order(next(self._numbers), key, title, work)
        self.orders.append(made)
        self._go_on()
        self.changed.emit()
        return made

    def again(self, key: str) -> None:
        """Tries what failed once more; a download goes on where it ended."""
        order = self.order(key)
        if order is not None and order.is_over:
            self.start(key, order.title, order.work)

    def cancel(self, key: str) -> None:
        """Stops what runs, takes away what waits or has failed."""
        order = self.order(key)
        if order is None:
            return
        order.stop.set()
        if order.state == "running":
            order.step = tr("Stopping…")
        else:
            self._forget(key)
        self.changed.emit()

    # Within ------------------------------------------------------------------------------------------------

    def _forget(self, key: str) -> None:
        self.orders = [one for one in self.orders if one.key != key]

    def _go_on(self) -> None:
        if any(one.state == "running" for one in self.orders):
            return
        order = next((one for one in self.orders if one.state == "waiting"), None)
        if order is None:
            return
        order.state = "running"
        self._tasks.start(
            order.title,
            lambda task: order.work(Teller(order, task, self._tasks.bridge)),
            lambda result: self._over(order, result, None),
            lambda error: self._over(order, None, error),
        )

    def _over(self, order: Order, result: Any, error: BaseException | None) -> None:
        order.error = error
        if error is None:
            order.state = "done"
        else:
            order.state = "cancelled" if isinstance(error, Cancelled) else "failed"
        if order.state != "failed":
            self.orders = [one for one in self.orders if one is not order]
        self._go_on()
        self.stocked.emit()  # a download that failed at its second step has brought a model all the same
        self.changed.emit()
        if self.audience:
            self.audience[-1](OrderEnded(order, result))

    def _on_event(self, event: object) -> None:
        if isinstance(event, Stocked):
            self.stocked.emit()
        elif isinstance(event, Told):
            for order in self.orders:
                if order.number == event.order and order.state == "running" and not order.stop.is_set():
                    order.hear(event)
                    self.progressed.emit(order.key)
