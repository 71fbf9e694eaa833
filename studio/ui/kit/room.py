"""The contract between a medium's room and the window.

A room is one plugin's place in the window: its stage in the middle, its editors in the form, its commands.
The window loads a room the first time that it is needed, gives it a `RoomContext`, and keeps all else to
itself: a room reaches no project, no queue and no panel. What is selected, what stands in the form and what
is on the stage always agree: the window tells a room what to open, a room tells the window what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from msgspec import Struct
from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from studio.core.generator import GeneratorDescription, Input
    from studio.core.item import Item
    from studio.core.kind import Kinds
    from studio.core.model import Number
    from studio.core.recipe import Recipe
    from studio.jobs.queue import Job
    from studio.ui.kit.commands import Command
    from studio.ui.kit.editor import Editor
    from studio.ui.kit.tasks import Tasks
    from studio.ui.kit.theme import Theme

MOST_SAVED = 4 * 2**20
"""Bytes that `Room.save` may give."""


class NewFile(Struct, frozen=True):
    """A file that a room brings into the project."""

    path: Path
    kind: str
    name: str = ""
    """For people; "" takes the file's."""
    tags: tuple[str, ...] = ()


class Given(Struct, frozen=True):
    """What the stage gives to one input of a generator: a photo, and what was marked on it."""

    words: str
    """For the form: "Beach, on the stage"."""
    item: Item | None = None
    """The item, where there is one already."""
    make: Callable[[], Path] | None = None
    """Writes the file of an item that does not exist yet. Runs on a task, when a job is made."""
    missing: str = ""
    """Why nothing can be given yet, as the user is told it ("Mark what should change."); else ""."""


class StageHistory(Protocol):
    """What Ctrl+Z takes back while the stage has the focus. Titles are None where there is no such step."""

    @property
    def undo_title(self) -> str | None: ...
    @property
    def redo_title(self) -> str | None: ...
    def undo(self) -> None: ...
    def redo(self) -> None: ...


class ItemAccess(Protocol):
    """The items of the open project: to read, to judge, to add. All may be called on tasks.

    Every call raises `ProjectError` where no project is open or the item is gone.
    """

    changed: SignalInstance
    """(frozenset of uids): stars, names or tags of these items have changed, or they went to the trash."""
    added: SignalInstance
    """(tuple of items, id of the job that made them or "")."""

    def item(self, uid: str) -> Item: ...
    def of_job(self, job: str, kinds: Sequence[str] = (), limit: int = 200) -> list[Item]:
        """What one job made, in its order."""
        ...

    def newest(self, kinds: Sequence[str], limit: int = 1, *, made: bool = False) -> list[Item]:
        """The newest items of these kinds that are not in the trash; `made`: only what a job made."""
        ...

    def parents(self, item: Item) -> list[Item]:
        """What an item was made from, its generator's first input first."""
        ...

    def recipe(self, item: Item) -> Recipe | None:
        """None for what the user brought in."""
        ...

    def numbers(self, job: str) -> list[Number]:
        """What a job measured while it worked."""
        ...

    def file(self, item: Item) -> Path:
        """The item's file, to read. Raises `MissingBlob`.

        A file may be made to crash, hang or swell its reader. Items that a room is given (`open`, `edit`,
        `compare`, `reuse`) were decoded once, in another process. What a room finds by itself (`newest`,
        `of_job`, `parents`) has to be opened through `RoomContext.open`, or asked for with
        `RoomContext.decode`, before its file is read.
        """
        ...

    def rate(self, items: Sequence[Item], stars: int) -> None: ...
    def reject(self, items: Sequence[Item], on: bool) -> None: ...
    def bring_in(self, files: Sequence[NewFile]) -> list[Item]:
        """Copies files into the project, on a task; `added` tells of them."""
        ...

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
        """Keeps a file made by hand as a finished job of this generator: its recipe says where it came from.

        It is on the disk when this returns.
        """
        ...


class FormAccess(Protocol):
    """The form at the side, as far as it shows a generator of this room."""

    changed: SignalInstance
    """Another generator, or another value."""
    given_changed: SignalInstance
    """Another item was given to an input."""

    def generators(self) -> list[GeneratorDescription]:
        """This room's, and the hidden ones of its plugin."""
        ...

    @property
    def generator(self) -> GeneratorDescription | None:
        """What the form shows; None where it shows another room's, or nothing."""
        ...

    def choose(self, generator: str) -> bool:
        """Shows the form of a generator; False where it is not this room's."""
        ...

    def values(self) -> dict[str, Any]: ...
    def patch(self, values: Mapping[str, Any]) -> list[str]:
        """Changes some values as the user would; returns the names that the form could not take."""
        ...

    def given(self) -> Mapping[str, Item]:
        """Items that were chosen for inputs, by input."""
        ...

    def give(self, slot: str, item: Item | None) -> None: ...
    def stage_changed(self) -> None:
        """What the stage gives (`Room.given`), what speaks against generating, or the cost is another now."""
        ...

    def missing(self) -> str:
        """Why nothing can be generated now, in words; "" if it can."""
        ...

    def go_to_missing(self) -> None:
        """Puts the focus into the field that is wrong or empty."""
        ...


class JobAccess(Protocol):
    """Jobs of this room."""

    happened: SignalInstance
    """(JobChanged | JobProgress | JobText | JobNumbers | JobPlanned): of any job of this window."""

    def generate(self) -> None:
        """Presses the form's button."""
        ...

    def submit(
        self,
        generator: str,
        values: Mapping[str, Any],
        inputs: Mapping[str, Item],
        title: str = "",
        failed: Callable[[], object] | None = None,
    ) -> None:
        """Puts one job ahead of what waits, without the form; `Room.follow` is told of it.

        `title` is a text as it is, or of `stored`: then it is told in the language of whoever looks at the
        queue. Without one the job is called as its generator is.
        `failed` is called where there will be no job; the user knows why by then.
        """
        ...

    def submit_recipe(self, recipe: Recipe, title: str) -> None: ...
    def cancel(self, job: str) -> None: ...
    def job(self, job: str) -> Job | None: ...


class Kept(Protocol):
    """Unfinished work of this room in the open project, under names that the room chooses.

    It is written within milliseconds, on a thread, and is there again after a kill. Values are bytes, of at
    most 4 MB, or functions that make them on that thread, of something that does not change any more. Without
    a project nothing is kept.
    """

    def keep(self, name: str, value: bytes | Callable[[], bytes]) -> None:
        """In place of all that was kept under this name; b"" forgets it."""
        ...

    def add(self, name: str, value: bytes | Callable[[], bytes]) -> None:
        """Behind what is kept under this name: a step, where writing all anew would take long."""
        ...

    def of(self, name: str) -> Sequence[bytes]:
        """What is kept under this name, in the order in which it was."""
        ...


class RoomContext(Protocol):
    """All that a room can reach."""

    items: ItemAccess
    form: FormAccess
    jobs: JobAccess
    kept: Kept
    kinds: Kinds
    tasks: Tasks
    selection_changed: SignalInstance
    project_changed: SignalInstance
    """A project was opened or closed: what is on the stage is of no use any more."""
    settings_changed: SignalInstance
    """`settings` has another value now."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """What the person has set for this room's plugin, by key (`[[settings]]` of its manifest)."""
        ...

    def change_setting(self, key: str, value: Any) -> None:
        """Sets one of them, as the preferences do. Raises ValueError where that cannot be its value."""
        ...

    @property
    def selection(self) -> Sequence[Item]:
        """What is selected in the gallery, at most a few hundred of it."""
        ...

    @property
    def project(self) -> str:
        """Tells one project from others; "" while none is open."""
        ...

    @property
    def read_only(self) -> bool: ...
    @property
    def theme(self) -> Theme: ...
    @property
    def window(self) -> QWidget:
        """Parent of a room's dialogs."""
        ...

    def select(self, items: Sequence[Item]) -> None:
        """Selects items everywhere; the stage shows them already."""
        ...

    def show(self) -> None:
        """Brings this room to the front."""
        ...

    def name_stage(self, title: str) -> None:
        """What the line above the stage calls what is shown; "" for nothing."""
        ...

    def step_back(self, panels: Sequence[str]) -> None:
        """These panels ("gallery", "recipe", "queue", "generate") fold while this room is in front: its stage
        needs the space now. () lets them come back. What the user unfolds all the same stays."""
        ...

    def open(self, items: Sequence[Item]) -> None:
        """Opens items in the rooms that they belong to."""
        ...

    def compare(self, items: Sequence[Item]) -> None:
        """Shows items beside each other as the studio does it for every kind."""
        ...

    def decode(self, items: Sequence[Item], done: Callable[[Sequence[Item]], object]) -> None:
        """Asks before a room reads files of items that the window did not give it.

        `done` gets those that can be read: at once where that is known of all of them, else later, and not at
        all once another project is open. The user is told of the others.
        """
        ...

    def inputs_for(self, kind: str) -> Sequence[tuple[GeneratorDescription, Input]]:
        """Inputs of all installed generators that take items of this kind."""
        ...

    def use(self, item: Item, generator: str, slot: str) -> None:
        """Goes to the room of a generator, whatever its plugin, and gives the item to one of its inputs."""
        ...

    def export(self, items: Sequence[Item]) -> None: ...
    def say(self, text: str, words: str = "", act: Callable[[], object] | None = None) -> None:
        """A notice; `words` are on the button that does `act`."""
        ...

    def report(self, error: BaseException) -> None:
        """Shows an error: what, why, and what to do."""
        ...

    def history_changed(self) -> None:
        """The stage has another step to take back, or to do again."""
        ...

    def changed(self) -> None:
        """What `Room.save` gives is another now. The window keeps it when the gesture ends, or 300 ms after
        the last key.
        """
        ...

    def choose_files(self) -> None:
        """Asks the user for files and brings them into the project, a new one where none is open; the first
        goes onto the stage."""
        ...

    def open_sample(self) -> None:
        """Opens the project of samples that the studio comes with."""
        ...

    def new_project(self, then: Callable[[], object]) -> None:
        """Makes a project where none is open, then goes on; where one is open it goes on at once."""
        ...


class Room:
    """Subclass this. Only `stage`, `open` and `title` must be given.

    The window names a room's plugin where one of these raises, and stops painting its stage. What `open`,
    `edit`, `compare` and `reuse` raise as a `StudioError` is only shown to the user.
    """

    FORMAT: ClassVar[int] = 1
    """Of what `save` gives."""

    def __init__(self, context: RoomContext) -> None:
        self.context = context

    @classmethod
    def prepare(cls) -> None:
        """Imports what the stage will take. Called on a task of a window that has nothing else to do."""

    def stage(self) -> QWidget:
        """The middle of the window; asked for once, when the room is shown first."""
        raise NotImplementedError

    def open(self, items: Sequence[Item]) -> None:
        """Shows these items, all of kinds that the room serves: they were selected. Never none."""
        raise NotImplementedError

    def edit(self, item: Item) -> None:
        """Brings an item itself onto the stage, to be changed: *Go on with result* was pressed."""
        self.open([item])

    def compare(self, items: Sequence[Item]) -> bool:
        """Shows these items beside each other in its own way; False leaves that to the studio."""
        return False

    def shown(self) -> Sequence[Item]:
        """What is on the stage, for rating and export."""
        return ()

    def to_export(self) -> Sequence[Item]:
        """What *Export* takes out: usually what is shown. A room saves its unsaved work first."""
        return self.shown()

    def follow(self, job: Job) -> None:
        """The user waits for this job: the stage may show what it has made so far.

        How far it is stands at the foot of the window.
        """

    def given(self, generator: GeneratorDescription) -> Mapping[str, Given]:
        """What the stage gives to a generator's inputs, by input; the user may choose others in the form."""
        return {}

    def begin(self) -> None:
        """The room's card on the first page was pressed: the user wants to begin here with something new.

        It may be that no project is open: `RoomContext.new_project` makes one, `choose_files` too.
        """
        self.context.new_project(self.context.show)

    def reuse(self, inputs: Mapping[str, Item]) -> None:
        """A recipe is used again, or the user gives an item to an input: by input of the form's generator.

        What the stage gives (`given`) belongs onto the stage; the rest into the form, as here.
        """
        for slot, item in inputs.items():
            self.context.form.give(slot, item)

    def subject(self) -> str:
        """What the next job works on, for its title: the name of the photo, of the study; "" for nothing.

        A name that follows the language is `stored`.
        """
        return ""

    def obstacle(self) -> str:
        """What speaks against generating now, in words, beyond the form and its inputs; "" for nothing."""
        return ""

    def cost(self) -> str:
        """What a job will take, in words, where the room knows more than the jobs before tell; else ""."""
        return ""

    def commands(self) -> Sequence[Command]:
        """They stand in the room's own menu (`menu="room"`) and in the palette while the room is shown."""
        return ()

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        """The actions that the window made of `commands`, by id: for the stage's buttons."""

    def editors(self) -> Mapping[str, Callable[[], Editor]]:
        """How fields of the form with a hint of this room are edited, by hint."""
        return {}

    def history(self) -> StageHistory | None:
        """What Ctrl+Z takes back while the stage has the focus; with None, the project's last step."""
        return None

    def theme_changed(self) -> None: ...

    def save(self) -> bytes | Callable[[], bytes]:
        """What is unfinished on the stage, to be brought back by `restore`; b"" for nothing. At most 4 MB.

        Or a function that makes these bytes on a thread, of something that does not change any more: what
        takes a millisecond or more. What is large and changes in small steps belongs into `context.kept`.
        """
        return b""

    def restore(self, state: bytes, format: int) -> None:
        """Brings back what `save` gave, perhaps in another `FORMAT`: what cannot be read is left."""

    def hand_over(self) -> object:
        """What the next room of this class takes over when the window is built anew in another language."""
        return None

    def take_over(self, state: object) -> None:
        """What `hand_over` of the room before gave."""

    def close(self) -> None:
        """The stage goes: threads end. One that was made and never asked for has no parent that takes it
        along, and is deleted here."""
