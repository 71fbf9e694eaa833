"""What is said of a model: its state, its terms, its size, whether it runs here, how far its download is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.backends.plan_words import device_words
from studio.core.model import Licence, ModelSpec
from studio.ui.items.queue_words import SEPARATOR
from studio.ui.kit import locales
from studio.ui.models.shelf import Entry, Fit, State
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.models.orders import Order

_NO_BREAK = "\u00a0"
_DIGEST = 12
"""So many characters tell one digest from another."""


def state_of(entry: Entry) -> tuple[str, str, str]:
    """(words, icon, color) of what a model is now."""
    match entry.state:
        case State.READY if entry.prepared:
            return tr("Ready, prepared for this computer"), "done", "success"
        case State.READY:
            return tr("Ready"), "done", "success"
        case State.UNPREPARED:
            return tr("Here, not prepared yet"), "model", "accent"
        case State.PARTIAL:
            words = tr("{part} of {whole} are here", part=_size(entry.part), whole=size_words(entry.spec))
            return words, "pause", "warning"
    if not entry.fit.ok:
        return tr("Too large for this computer"), "warning", "warning"
    return tr("Not on this computer"), "get", "muted"


def row_words(entry: Entry) -> str:
    """The second line of a model's row."""
    licence = entry.spec.licence.title if entry.spec is not None else _own_licence(entry)
    return SEPARATOR.join(filter(None, (state_of(entry)[0], licence)))


def _own_licence(entry: Entry) -> str:
    return entry.models[0].licence or tr("licence not stated") if entry.models else ""


def size_words(spec: ModelSpec | None, size: int = 0) -> str:
    """Of all its files."""
    whole = spec.size if spec is not None else size
    if not whole:
        return tr("size not known")
    if spec is not None and any(not file.size for file in spec.files):
        return tr("more than {size}", size=_size(whole))
    return _size(whole)


def commercial_words(licence: Licence) -> str:
    """Whether one may earn money with what it makes, and on which conditions."""
    known = {"yes": tr("Allowed."), "no": tr("Not allowed."), "conditions": tr("Allowed on conditions.")}
    return f"{known[licence.commercial]} {tr(licence.note)}".strip()


def fit_words(fit: Fit) -> str:
    """Whether it runs here, and why."""
    needed = locales.rough_size(fit.needed)
    how = f"{device_words(fit.device)}, {fit.precision}" if fit.precision else device_words(fit.device)
    if not fit.there:
        return tr("Needs about {needed} ({how})", needed=needed, how=how)
    there = locales.rough_size(fit.there)
    if fit.ok:
        return tr("Fits: about {needed} of {there} ({how})", needed=needed, there=there, how=how)
    return tr(
        "Does not fit: it needs about {needed} ({how}), and there are {there}.",
        needed=needed,
        there=there,
        how=how,
    )


def sources_words(spec: ModelSpec) -> list[str]:
    """Where it comes from, in the order in which the places are tried."""
    lines = []
    if spec.hub is not None:
        revision = spec.hub.revision[:_DIGEST]
        lines.append(tr("Model hub: {name}, version {version}", name=spec.hub.repository, version=revision))
    packages = [part for file in spec.files for part in file.wheels]
    if packages and all(file.wheels for file in spec.files):
        first = f"{packages[0].distribution} {packages[0].version}"
        if len(packages) == 1:
            lines.append(tr("Python package: {name}", name=first))
        else:
            lines.append(tr("Python packages: {name} and {count} more", name=first, count=len(packages) - 1))
    return lines


def short_digest(digest: str) -> str:
    return digest[:_DIGEST] + "…"


def order_words(order: Order) -> str:
    """How far something is: what, how much of it, how fast, how long still."""
    if order.state == "waiting":
        return tr("Waits for its turn")
    parts = [order.step or tr("Starting…")]
    if order.counts_bytes and order.total:
        parts.append(tr("{part} of {whole}", part=_size(round(order.done)), whole=_size(round(order.total))))
        if order.speed:
            parts.append(tr("{size}/s", size=_size(round(order.speed))))
    elif order.total:
        parts.append(locales.percent(min(1.0, order.done / order.total)))
    if order.seconds_left is not None:
        parts.append(tr("{time} left", time=locales.duration(order.seconds_left).replace(" ", _NO_BREAK)))
    return SEPARATOR.join(parts)


def _size(count: int) -> str:
    return locales.size(count)
