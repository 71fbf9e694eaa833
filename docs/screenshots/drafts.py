"""Texts without a model: drafts that somebody could have got, half of the way and at their end.

README and docs/panels.md call these pictures drawings: texts, speed and all numbers are written by hand.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from stage import Stage, rest, until
from studio_text.core.markdown import passages
from studio_text.room.room import TextRoom
from studio_text.room.words import Limits

from studio.backends.plan import Choice
from studio.core.model import Number, Plan
from studio.words import tr

PAGE, TITLE = "text/product-page", "Product page"
BRIEF = {
    "product": "Fjord, a folding desk lamp",
    "facts": (
        "folds flat to 2 cm\n40 hours of light per charge\n"
        "base of recycled aluminium\nten years of spare parts"
    ),
    "audience": "people who work from a small flat",
    "action": "Order before Friday",
    "drafts": 3,
}
DRAFTS = (
    """\
# A desk that is gone by dinner

Half past six. The laptop closes, the plates come out, and Fjord folds flat and slips between two books. \
Tomorrow it opens with one hand, and the table is a desk again.

## Why you will like it

- **It makes room.** Folded it is 2 cm thin, so it lives on the shelf and not on your table.
- **It needs no socket.** 40 hours of light per charge take you through the whole working week.
- **It stays.** Ten years of spare parts mean that you mend it instead of buying another.

## The details

The base is made of recycled aluminium, heavy enough for the arm to reach across your notes.

**Order before Friday, and Monday begins in good light.**
""",
    """\
# Good light, wherever you sit down

The kitchen table, the window sill, the floor beside the bed: in a small flat the office moves. Fjord \
moves with it.

## Why you will like it

- **A week without a cable.** One charge gives 40 hours of light.
- **Flat as a notebook.** 2 cm, and it is in the drawer before the guests are in the hall.
- **Made to be mended.** There are spare parts for ten years.

## The details

Recycled aluminium gives the base its weight, and the lamp its calm.

**Order before Friday.**
""",
    """\
# Two centimetres of daylight

You work where you live, and you know what a lamp takes up when it is off. Fjord takes up next to nothing.

## Why you will like it

- **Folds to 2 cm.** It stands in the shelf as a thin book does.
- **Lights for 40 hours.** From Monday to Friday, without a cable across the room.
- **Lasts.** Whatever breaks within ten years can be had as a part.

## The details

The base is recycled aluminium, cool to the touch and hard to tip over.

**Order before Friday, and keep the table for dinner.**
""",
)
SHARES = (0.4, 0.55, 0.47)
"""How much of each is written in the picture."""
NUMBERS = (
    Number("tokens_per_second", "Speed", 41.0),
    Number("first_token", "First word after", 2.1),
    Number("prompt_tokens", "Prompt", 614.0),
    Number("context_left", "Left in the context", 31972.0),
)
COST = Choice(plan=Plan(), stored="int4", memory=19 << 27, total=32 << 30, seconds=34.0)


@contextmanager
def texts(stage: Stage) -> Iterator[None]:
    """The window with a model for texts and a filled brief; afterwards as it was before."""
    studio = stage.studio
    file = stage.home / "writer.gguf"
    file.write_bytes(struct.pack("<4sIQQ", b"GGUF", 3, 2, 2) + bytes(range(256)) * 800)
    model = studio.context.models.add(
        file, name="Qwen2.5 Coder 1.5B Instruct", spec="text/qwen2.5-coder-1.5b-instruct", instruct=True
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
        _room(stage).page.clear()
        studio.panel.choose(known)
        studio.context.models.remove(model.name)
        studio.context.model_work.stocked.emit()
        studio.items.show_room("image")
        stage.settle()


def _room(stage: Stage) -> TextRoom:
    room = stage.studio.parts.rooms.get("text")
    assert isinstance(room, TextRoom)
    return room


def streaming(stage: Stage) -> None:
    """Three drafts, while they are being written."""
    page = _room(stage).page
    page.build()
    drafts = page.drafts
    drafts.follow("picture", tr(TITLE), len(DRAFTS), "", Limits())
    page.show_drafts(True)
    stage.studio.items.show_room("text")
    drafts.begin_anew("")
    for number, (text, share) in enumerate(zip(DRAFTS, SHARES, strict=True)):
        drafts.add(number, text[: text.rindex(" ", 0, round(len(text) * share))])
    drafts.flush()
    drafts.show_progress(0.64, "")
    drafts.show_numbers(NUMBERS)
    rest(0.8)
    stage.studio.panel.foot.show_cost(COST.words())  # in place of what this computer would need


def merging(stage: Stage) -> None:
    """One draft picked, with passages of the others beside it."""
    page, flow = _room(stage).page, _room(stage).document
    page.drafts.end("")
    for column, text in zip(page.drafts.columns, DRAFTS, strict=True):
        column.finish(text, None, "", Limits())
    flow.pick(page.drafts.columns[0])
    page.pane.editor.setTextCursor(page.pane.editor.document().find("instead of buying another"))
    flow.take(page.drafts.columns[1], passages(DRAFTS[1])[3])
    until(lambda: page.pane.length.whole_text())
    page.drafts.show_numbers(NUMBERS)
    rest(0.4)
