"""Drafts of a text as a model wrote them, half of the way and at their end: see `record.py`.

Words, speed and all numbers are those of the recording; only the form has a stand-in for the model's file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from recorded import BRIEF, PAGE, recording
from stage import Stage, rest, until
from studio_text.core.markdown import passages
from studio_text.room.room import TextRoom
from studio_text.room.words import Limits

from studio.words import tr

TITLE = "Product page"
SHARE = 0.72
"""How much of the time has passed in the picture of drafts that are being written."""
FOUND = "you can work for longer"
"""Words of the first draft in which the cursor stands."""


@contextmanager
def texts(stage: Stage) -> Iterator[None]:
    """The window with a model for texts and a filled brief; afterwards as it was before."""
    studio = stage.studio
    file = stage.home / "writer.gguf"
    file.write_bytes(struct.pack("<4sIQQ", b"GGUF", 3, 2, 2) + bytes(range(256)) * 800)
    model = studio.context.models.add(
        file, name=recording().model, spec="text/qwen2.5-coder-1.5b-instruct", instruct=True
    )
    studio.context.model_work.stocked.emit()
    known = studio.panel.generator.id
    studio.panel.choose(PAGE)
    studio.panel.set_values(BRIEF)
    studio.parts.generating.refresh()
    stage.settle()
    try:
        yield
    finally:
        room_of(stage).document.forget()
        studio.parts.stages.note("text")
        studio.parts.stages.keep()  # nothing is left that would come back in another language
        studio.panel.reset_all()
        studio.panel.choose(known)
        studio.context.models.remove(model.name)
        studio.context.model_work.stocked.emit()
        studio.items.show_room("image")
        stage.settle()


def room_of(stage: Stage) -> TextRoom:
    room = stage.studio.parts.rooms.get("text")
    assert isinstance(room, TextRoom)
    return room


def streaming(stage: Stage) -> None:
    """The drafts, while they are being written: the recording up to a moment."""
    page, made = room_of(stage).page, recording()
    page.build()
    drafts = page.drafts
    drafts.follow("picture", tr(TITLE), len(made.texts), "", Limits())
    page.show_drafts(True)
    stage.studio.items.show_room("text")
    until_then = [one for one in made.moments if one.after <= SHARE * made.moments[-1].after]
    for moment in until_then:
        if moment.plan is not None:
            drafts.begin_anew(moment.plan.words())
        elif moment.text:
            drafts.add(moment.draft, moment.text)
        elif moment.numbers:
            drafts.show_numbers(moment.numbers)
    drafts.flush()
    rest(0.8)
    tell_cost(stage)


def tell_cost(stage: Stage) -> None:
    """What the recording took stands below the button: that of the stand-in would be another."""
    plan = next(one.plan for one in recording().moments if one.plan is not None)
    stage.studio.panel.foot.show_cost(plan.words())


def merging(stage: Stage) -> None:
    """One draft picked, with passages of the others beside it."""
    page, flow, made = room_of(stage).page, room_of(stage).document, recording()
    page.drafts.end("")
    for column, text in zip(page.drafts.columns, made.texts, strict=True):
        column.finish(text, None, "", Limits())
    flow.pick(page.drafts.columns[0])
    page.pane.editor.setTextCursor(page.pane.editor.document().find(FOUND))
    flow.take(page.drafts.columns[2], passages(made.texts[2])[3])
    until(lambda: page.pane.length.whole_text())
    page.drafts.show_numbers(next(one.numbers for one in reversed(made.moments) if one.numbers))
    rest(0.4)
    tell_cost(stage)
