"""What the command palette offers: every command, recent projects, generators, panels, settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.ui.kit import shortcuts
from studio.ui.kit.actions import Entry, plain
from studio.ui.kit.menus import title_of
from studio.ui.shell.preference_pages import OwnSettings, PluginSettings, Specs, groups
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.shell.faces import Studio


@dataclass(frozen=True)
class Offer:
    id: str
    title: str
    place: str
    """Where it is found otherwise: its menu, or a word for its kind."""
    run: Callable[[], object]
    keys: str = ""
    """Its shortcut, as this keyboard has it."""
    why_off: str = ""
    """Why it cannot be used now, as a sentence; "" if it can."""
    words: str = ""
    """Other words that find it."""
    is_on: bool | None = None
    """Whether what can be checked is checked."""


def offers(studio: Studio) -> list[Offer]:
    """All of them as they are at this moment."""
    return [*_commands(studio), *_projects(studio), *_generators(studio), *_settings(studio)]


def menu_place(entry: Entry) -> str:
    """Where a command stands: "View > Theme"; "" if in no menu."""
    if not entry.command.menu:
        return ""
    menu = plain(title_of(entry.command.menu))
    submenu = entry.command.group.partition("/")[2]
    return tr("{menu} > {submenu}", menu=menu, submenu=plain(submenu)) if submenu else menu


def _commands(studio: Studio) -> Iterator[Offer]:
    actions = studio.actions
    for entry in actions.entries():
        id = entry.command.id
        if id == "view.palette" or not entry.action.isVisible():
            continue
        yield Offer(
            id,
            plain(entry.action.text()),
            menu_place(entry),
            entry.action.trigger,
            shortcuts.native(actions.keys(id)),
            actions.why_off(id),
            entry.command.words,
            entry.action.isChecked() if entry.action.isCheckable() else None,
        )


def _projects(studio: Studio) -> Iterator[Offer]:
    for folder in studio.context.settings.projects.recent:
        path = Path(folder)
        if path != studio.projects.folder:
            title = tr("Open “{name}”", name=path.name.removesuffix(".studio"))
            yield Offer(
                f"recent:{folder}",
                title,
                tr("Recent projects"),
                partial(studio.projects.open, path),
                words=folder,
            )


def _generators(studio: Studio) -> Iterator[Offer]:
    catalog = studio.context.catalog
    for generator in catalog.generators.values() if catalog is not None else ():
        yield Offer(
            f"generator:{generator.id}",
            tr("Generator: {title}", title=generator.title),
            tr("Generate"),
            partial(studio.panel.choose, generator.id),
            words=f"{generator.id} {generator.summary}",
        )


def _settings(studio: Studio) -> Iterator[Offer]:
    """A choice is one entry for each of its values, a switch is turned over; others open the preferences."""
    session = studio.session
    for title, specs in groups(session).items():
        yield from _settings_of(studio, title, specs, OwnSettings(session))
    for plugin in session.media.plugins.values():
        if plugin.manifest is not None:
            kept = PluginSettings(session, plugin)
            yield from _settings_of(studio, tr(plugin.manifest.title), kept.specs(), kept)


def _settings_of(
    studio: Studio, page: str, specs: Specs, kept: OwnSettings | PluginSettings
) -> Iterator[Offer]:
    now = kept.now(specs)
    for name, spec in specs.items():
        for value, title in _values(spec, now[name]):
            if f"view.theme_{value}" in studio.actions and name == "appearance.theme":
                continue
            act: Callable[[], object] = partial(studio.session.show_preferences, name)
            if value is not None:
                act = partial(kept.set, name, value)
            setting = tr(spec["title"])
            yield Offer(
                f"setting:{name}={value}",
                tr("{setting}: {value}", setting=setting, value=tr(title)) if title else setting,
                tr("Preferences > {page}", page=page),
                act,
                words=tr(spec.get("description", "")),
                is_on=value == now[name] if "enum" in spec else None,
            )


def _values(spec: dict[str, Any], now: Any) -> list[tuple[Any, str]]:
    """What can be chosen at once, and its words."""
    if "enum" in spec:
        labels = spec["x-ui"].get("labels", {})
        return [(value, labels.get(value) or str(value)) for value in spec["enum"]]
    if spec.get("type") == "boolean":
        return [(not now, tr("turn off") if now else tr("turn on"))]
    return [(None, "")]
