"""What generators do with the song: each act goes to its form, gives it what is marked, and starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from studio.api.values import tr
from studio.ui.api import GeneratorDescription, Given, RoomContext
from studio_music.core.song import Song
from studio_music.room.acts_bar import Act
from studio_music.room.document import KIND, SongDocument
from studio_music.room.marked import CONTINUE, HARMONIZE, INFILL, VARY, Marked, what_is_done

COMPOSE, ACCOMPANY, CHANGE = "music/compose", "music/accompany", "music/change"


class Acts:
    """`marked` is what is selected in the roll."""

    def __init__(
        self,
        context: RoomContext,
        document: SongDocument,
        marked: Callable[[], Marked],
    ) -> None:
        self._context, self._document, self._marked = context, document, marked

    @property
    def _song(self) -> Song | None:
        return self._document.model.song

    def all(self) -> list[Act]:
        """In the order of the buttons."""
        return [
            Act("continue", tr("Continue"), tr("Writes what could come next"), self.go_on, self._no_song),
            Act("infill", tr("Infill"), tr("Writes the marked bars anew"), self.infill, self._no_bars),
            Act("harmonize", tr("Harmonize"), tr("Writes voices to it"), self.harmonize, self._no_song),
            Act("vary", tr("Vary"), tr("Makes another version of it"), self.vary, self._no_song),
            Act("accompany", tr("Accompany"), tr("Adds chords, bass, drums"), self.accompany, self._no_song),
            Act("change", tr("Change…"), tr("Changes it by your words"), self.change, self._no_song),
            Act("compose", tr("New song"), tr("Composes another one"), self.compose, self._closed),
        ]

    # The acts ----------------------------------------------------------------------------------------------

    def compose(self) -> None:
        self._context.new_project(lambda: self._do(COMPOSE))

    def go_on(self) -> None:
        self._do(CONTINUE)

    def infill(self) -> None:
        self._do(INFILL)

    def harmonize(self) -> None:
        self._do(HARMONIZE)

    def vary(self) -> None:
        self._do(VARY)

    def accompany(self) -> None:
        self._do(ACCOMPANY)

    def change(self) -> None:
        """Needs words first: the form asks for them."""
        if self._choose(CHANGE):
            if self._context.form.missing():
                self._context.form.go_to_missing()
            else:
                self._context.jobs.generate()

    def _do(self, generator: str) -> None:
        if not self._choose(generator):
            return
        form = self._context.form
        if missing := form.missing():
            self._context.say(missing)
            form.go_to_missing()
        else:
            self._context.jobs.generate()

    def _choose(self, generator: str) -> bool:
        form = self._context.form
        if (form.generator is None or form.generator.id != generator) and not form.choose(generator):
            self._context.say(tr("Still looking at the plugins…"))
            return False
        self.patch()
        return True

    # The form ----------------------------------------------------------------------------------------------

    def patch(self) -> None:
        """Writes into the form what is marked in the roll, as far as its generator asks for that."""
        form, song = self._context.form, self._song
        if form.generator is None or song is None:
            return
        now = form.values()
        wanted = self._marked().values(form.generator.id, song)
        values = {name: value for name, value in wanted.items() if now.get(name) != value}
        if values:
            form.patch(values)
        form.stage_changed()

    def let_bars_go(self) -> None:
        """No bars are selected any more."""
        form = self._context.form
        if form.generator is not None and form.generator.id == INFILL and form.values().get("bars"):
            form.patch({"bars": ""})

    def given(self, generator: GeneratorDescription) -> Mapping[str, Given]:
        """The song on the stage, as it is now."""
        song, document = self._song, self._document
        slot = self.slot(generator)
        if not slot:
            return {}
        if song is None:
            return {slot: Given("", missing=tr("Open a song first, or compose one."))}
        if (item := document.given_item) is not None:
            return {slot: Given(tr("{name}, on the stage", name=item.name), item)}
        words = tr("{name}, as it is on the stage", name=document.name or tr("The song"))
        return {slot: Given(words, make=lambda: document.write_temporary(song))}

    def slot(self, generator: GeneratorDescription) -> str:
        """The input that the stage gives the song to; "" for none. Others are for the user to choose."""
        return next((slot.name for slot in generator.inputs if slot.kind == KIND), "")

    def works_on_song(self) -> bool:
        """Whether the form's generator takes the song on the stage."""
        generator = self._context.form.generator
        return generator is not None and bool(self.slot(generator))

    def subject(self) -> str:
        return self._document.name if self.works_on_song() else ""

    def obstacle(self) -> str:
        form = self._context.form
        if form.generator is None or form.generator.id != INFILL or form.values().get("bars"):
            return ""
        return tr("Mark the bars in the ruler of the roll first.")

    def cost(self) -> str:
        """What *Generate* will do with what is marked."""
        form, song = self._context.form, self._song
        if form.generator is None or song is None or not self.works_on_song():
            return ""
        return what_is_done(form.generator.id, form.values(), song)

    # What is lacking ---------------------------------------------------------------------------------------

    def _closed(self) -> str:
        return (
            tr("This project is open read-only.") if self._context.project and self._context.read_only else ""
        )

    def _no_song(self) -> str:
        return self._closed() or ("" if self._song is not None else tr("Open a song first, or compose one."))

    def _no_bars(self) -> str:
        if lacking := self._no_song():
            return lacking
        return "" if self._marked().bars is not None else tr("Mark the bars in the ruler of the roll first.")
