"""The settings: one frozen value per section. Anyone may add a field: preferences show it where it
is `_shown` or a `_slider`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

import msgspec
from msgspec import Meta

from studio.core.recipe import MAX_SEED
from studio.words import mark

MAX_RECENT = 10

THEMES = ("system", "light", "dark", "contrast", "contrast-light", "contrast-dark")


class Section(msgspec.Struct, frozen=True, kw_only=True):
    page: ClassVar[str] = ""
    """The group of fields in preferences, in English."""

    def changed(self, **values: Any) -> Self:
        """With other values, which are not checked: they come from the program."""
        return msgspec.structs.replace(self, **values)


def _shown(title: str, description: str | None = None, **ui: Any) -> Meta:
    """Of a field in preferences: its words, and how it is shown (`studio.api.Ui`)."""
    return Meta(title=title, description=description, extra_json_schema={"x-ui": ui})


def _slider(
    least: int, most: int, title: str, description: str | None = None, unit: str = "", step: int = 1
) -> Meta:
    """Of a whole number in preferences."""
    return Meta(
        ge=least,
        le=most,
        multiple_of=step,
        title=title,
        description=description,
        extra_json_schema={"x-ui": {"unit": unit, "hint": "slider"}},
    )


class Appearance(Section, frozen=True):
    page = mark("Appearance")
    theme: Annotated[
        str,
        Meta(pattern=r"^[^/\\\x00-\x1f\x7f]{1,80}\Z"),
        _shown(
            mark("Theme"),
            mark(
                "Like the system: light or dark as the desktop is, "
                "in high contrast where the desktop asks for it."
            ),
            labels={
                "system": mark("Like the system"),
                "light": mark("Light"),
                "dark": mark("Dark"),
                "contrast": mark("High contrast, like the system"),
                "contrast-light": mark("High contrast, light"),
                "contrast-dark": mark("High contrast, dark"),
            },
        ),
    ] = "system"
    """One of `THEMES`, or the name of a file of the user's own."""
    language: Annotated[
        str,
        Meta(pattern=r"^([A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,2}(@[a-z]{2,16})?)?\Z"),
        _shown(
            mark("Language"),
            mark("Takes effect at once. Numbers and dates follow it too."),
            labels={"": mark("Like the system")},
        ),
    ] = ""
    """ "": the system's."""
    font_scale: Annotated[
        int, _slider(80, 200, mark("Text size"), mark("Everything grows with the text."), unit="%")
    ] = 100
    reduced_motion: Annotated[
        bool,
        _shown(
            mark("Reduce motion"),
            mark("Bars of work whose end is unknown stand still. Nothing else moves by itself."),
        ),
    ] = False


class Projects(Section, frozen=True):
    page = mark("Projects")
    restore: Annotated[
        bool, _shown(mark("Open the projects of the last time"), mark("At the start, each in its window."))
    ] = True
    open: tuple[str, ...] = ()
    """Folders of the projects that are open, or were when the program ended: one a window."""
    recent: tuple[str, ...] = ()
    """Folders, newest first; those that are pinned are never dropped."""
    pinned: tuple[str, ...] = ()
    times: dict[str, float] = {}
    """When a recent project was last opened, seconds since 1970, by its folder."""

    def opened(self, folder: Path, now: float) -> Projects:
        rest = [entry for entry in self.recent if entry != str(folder)]
        return self._with_recent([str(folder), *rest], {**self.times, str(folder): now})

    def forgotten(self, folder: Path) -> Projects:
        """Without this one, pinned or not."""
        kept = self.changed(pinned=tuple(entry for entry in self.pinned if entry != str(folder)))
        return kept._with_recent([entry for entry in self.recent if entry != str(folder)], self.times)

    def cleared(self) -> Projects:
        """Only what is pinned."""
        return self._with_recent([entry for entry in self.recent if entry in self.pinned], self.times)

    def with_pin(self, folder: Path, *, on: bool) -> Projects:
        rest = tuple(entry for entry in self.pinned if entry != str(folder))
        return self.changed(pinned=(*rest, str(folder)) if on else rest)

    def _with_recent(self, recent: list[str], times: Mapping[str, float]) -> Projects:
        loose = [entry for entry in recent if entry not in self.pinned]
        dropped = set(loose[MAX_RECENT:])
        kept = tuple(entry for entry in recent if entry not in dropped)
        return self.changed(recent=kept, times={entry: times[entry] for entry in kept if entry in times})


class Generating(Section, frozen=True):
    generator: str = ""
    """The id of the one last used."""
    values: dict[str, dict[str, Any]] = {}
    """Last used params by generator id: a suggestion, validated again before use."""
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 0
    seed_locked: bool = False
    device: str = ""
    """Empty: the first that the machine has."""
    seeds: tuple[Annotated[int, Meta(ge=0, le=MAX_SEED)], ...] = ()
    """Last used, newest first."""
    folded: dict[str, tuple[str, ...]] = {}
    """The groups that are folded away, by generator id."""
    advanced: tuple[str, ...] = ()
    """The ids of generators whose advanced settings are shown."""
    presets: dict[str, str] = {}
    """The preset last chosen, by generator id."""


class Computer(Section, frozen=True):
    page = mark("Computer")
    device: Annotated[
        str,
        Meta(max_length=40),
        _shown(
            mark("Compute on"), mark("Every form begins with it."), labels={"": mark("What a form used last")}
        ),
    ] = ""
    memory: Annotated[
        int,
        _slider(
            20,
            100,
            mark("Memory for jobs"),
            mark(
                "The most that a job may plan to use of the main memory. One that needs more is computed in "
                "a smaller way, or refused before it starts."
            ),
            unit="%",
            step=5,
        ),
    ] = 100
    """Percent of the main memory."""
    graphics_memory: Annotated[
        int,
        _slider(
            20,
            100,
            mark("Graphics memory for jobs"),
            mark("The same for the memory of each graphics card."),
            unit="%",
            step=5,
        ),
    ] = 100
    """Percent of each card's."""


class Exporting(Section, frozen=True):
    page = mark("Export")
    remember: Annotated[
        bool,
        _shown(
            mark("Begin with what was chosen last"),
            mark("Otherwise every export begins with what is set here."),
        ),
    ] = True
    folder: Annotated[
        str,
        _shown(
            mark("Folder"), mark("Where exported files go unless another folder is chosen."), hint="folder"
        ),
    ] = ""
    template: Annotated[
        str,
        Meta(pattern=r"^([^{}]|\{(name|project|generator|date|seed|n)\})*\Z", max_length=200),
        _shown(
            mark("File names"),
            mark("Filled in for each file: {name}, {project}, {generator}, {date}, {seed}, and {n}."),
        ),
    ] = "{name}"
    formats: dict[str, str] = {}
    """By kind; without one, or where it is empty, files go out as they are."""
    options: dict[str, dict[str, float]] = {}
    """Of the format last chosen, by kind."""
    collision: Annotated[
        Literal["number", "skip", "replace"],
        _shown(
            mark("If a file exists"),
            labels={
                "number": mark("Add a number"),
                "skip": mark("Skip"),
                "replace": mark("Replace"),
            },
        ),
    ] = "number"


class Gallery(Section, frozen=True):
    page = mark("Gallery")
    zoom: Annotated[int, _slider(96, 320, mark("Size of the thumbnails"), unit="px")] = 144
    """Width of a cell in logical pixels."""
    library: Annotated[int, _slider(96, 320, mark("Height of the pictures in the library"), unit="px")] = 168
    """In logical pixels."""
    stacks: Annotated[
        bool,
        _shown(
            mark("Stack results"),
            mark("Results of the same source and batch, and their variations, lie on one another."),
        ),
    ] = True
    sort: Annotated[
        Literal["newest", "oldest", "name", "size", "stars"],
        _shown(
            mark("Sort by"),
            labels={
                "newest": mark("Newest first"),
                "oldest": mark("Oldest first"),
                "name": mark("Name"),
                "size": mark("File size"),
                "stars": mark("Stars"),
            },
        ),
    ] = "newest"
    group: Annotated[
        Literal["none", "day", "batch", "kind", "label"],
        _shown(
            mark("Group by"),
            labels={
                "none": mark("Nothing"),
                "day": mark("Day"),
                "batch": mark("Batch"),
                "kind": mark("Kind"),
                "label": mark("Color label"),
            },
        ),
    ] = "none"


class Notices(Section, frozen=True):
    page = mark("Notices")
    notify: Annotated[
        bool,
        _shown(
            mark("Tell when a batch ends"),
            mark("A notification of the desktop, while another program is in front."),
        ),
    ] = True
    tray: Annotated[
        bool,
        _shown(
            mark("Show progress in the tray"),
            mark("While something is generated, where the desktop has a tray."),
        ),
    ] = True


class Backups(Section, frozen=True):
    page = mark("Backups")
    keep: Annotated[
        int,
        _slider(
            1,
            100,
            mark("Backups of each project"),
            mark(
                "They hold all that is known of the items, but not their files. The oldest goes once a new "
                "one is proven whole."
            ),
        ),
    ] = 10
    minutes: Annotated[
        int,
        _slider(
            5,
            240,
            mark("Back up every"),
            mark("While a project is open and something has changed."),
            unit="min",
        ),
    ] = 30
    trash_days: Annotated[
        int,
        _slider(
            1,
            365,
            mark("Keep the trash for"),
            mark(
                "Days until what was thrown away is removed for good, when its project is closed. What a "
                "long job had done before it was broken off stays as long."
            ),
            unit=mark("days"),
        ),
    ] = 30


class Network(Section, frozen=True):
    page = mark("Network")
    use: Annotated[
        Literal["never", "off"],
        _shown(
            mark("Use the network"),
            labels={
                "never": mark("Never, unless I say so each time"),
                "off": mark("Not even then"),
            },
        ),
    ] = "never"


class Tour(Section, frozen=True):
    done: bool = False


class Compare(Section, frozen=True):
    mode: str = ""
    """How pictures were last compared; empty or unknown: the first way that fits."""


class Settings(Section, frozen=True):
    appearance: Appearance = Appearance()
    projects: Projects = Projects()
    gallery: Gallery = Gallery()
    keys: dict[str, str] = {}
    """The user's own shortcuts by a command's id, as portable text; empty text: none."""
    plugins: dict[str, dict[str, Any]] = {}
    """What was set for plugins, by plugin and key: their manifests say what fits (`[[settings]]`)."""
    notices: Notices = Notices()
    exporting: Exporting = Exporting()
    generating: Generating = Generating()
    computer: Computer = Computer()
    backups: Backups = Backups()
    network: Network = Network()
    tour: Tour = Tour()
    compare: Compare = Compare()

    def with_section(self, section: str, values: Mapping[str, Any]) -> Settings:
        """With some values of one section changed. In `keys` and `plugins`, None takes an entry away."""
        old = getattr(self, section)
        if isinstance(old, Section):
            return self.changed(**{section: old.changed(**values)})
        merged = {key: value for key, value in {**old, **values}.items() if value is not None}
        return self.changed(**{section: merged})


DEFAULTS = Settings()
