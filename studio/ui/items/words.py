"""How the gallery calls things."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from studio.core.item import Item, Label, Origin
from studio.core.kind import Kind, Kinds
from studio.project.order import Group, Section, Sort
from studio.ui.kit import locales
from studio.words import mark, tr, trn

View = Literal["all", "some", "trash"]

LABELS: Mapping[Label, str] = {
    Label.RED: mark("Red"),
    Label.ORANGE: mark("Orange"),
    Label.YELLOW: mark("Yellow"),
    Label.GREEN: mark("Green"),
    Label.BLUE: mark("Blue"),
    Label.PURPLE: mark("Purple"),
    Label.NONE: mark("No label"),
}
SORTS: Mapping[Sort, str] = {
    Sort.NEWEST: mark("Newest first"),
    Sort.OLDEST: mark("Oldest first"),
    Sort.NAME: mark("Name"),
    Sort.SIZE: mark("File size"),
    Sort.STARS: mark("Stars"),
}
GROUPS: Mapping[Group, str] = {
    Group.NONE: mark("No groups"),
    Group.DAY: mark("Day"),
    Group.BATCH: mark("Batch"),
    Group.KIND: mark("Kind"),
    Group.LABEL: mark("Color label"),
}


def subtitle(item: Item, kinds: Kinds, count: int = 1) -> str:
    """What sort of thing it is, in one word; or how many results it stands for."""
    if count > 1:
        return trn("{count} result", "{count} results", count)
    if item.origin is Origin.ARTIFACT and item.kind == Kind.IMAGE:
        return tr("Result")
    if item.kind == Kind.IMAGE:
        return tr("Photo")
    return tr(kinds.get(item.kind).title)


def naming(item: Item, *, seed: int | None, place: tuple[int, int, int] | None, count: int) -> list[str]:
    """What tells a result from its siblings, the clearest first: its number, its seed, its time.

    Args:
        place: (stack, which one from 1 on, of how many) in an opened stack.
        count: of the items that it lies on top of, with itself.
    """
    if item.origin is not Origin.ARTIFACT:
        return []
    parts = []
    if place is not None:
        parts.append(tr("{number} of {count}", number=place[1], count=place[2]))
    if count > 1:
        parts.append(trn("{count} result", "{count} results", count))
    elif seed is not None:
        parts.append(tr("seed {seed}", seed=seed))
    return [*parts, locales.clock(item.created)]


def description(item: Item, kinds: Kinds) -> str:
    """All that a cell shows beside the name, for a screen reader."""
    parts = [subtitle(item, kinds)]
    if item.stars:
        parts.append(trn("{count} star", "{count} stars", item.stars))
    if item.label is not Label.NONE:
        parts.append(tr("label {color}", color=tr(LABELS[item.label]).lower()))
    if item.rejected:
        parts.append(tr("rejected"))
    if item.tags:
        parts.append(tr("tags: {tags}", tags=", ".join(item.tags)))
    return ", ".join(parts)


def section_title(group: Group, section: Section, kinds: Kinds) -> str:
    """What stands above the items of a section."""
    match group:
        case Group.DAY:
            noon = datetime.combine(date(1970, 1, 1) + timedelta(days=int(section.key)), datetime.min.time())
            return locales.day((noon + timedelta(hours=12)).timestamp())
        case Group.BATCH:
            return section.title or tr("Brought in")
        case Group.KIND:
            return tr(kinds.get(section.key).plural)
        case Group.LABEL:
            return tr(LABELS[Label(section.key)])
    return ""


def count_words(shown: int, selected: int, size: int | None) -> str:
    """What is shown, or how many of them are selected and how large their files are together."""
    if not selected:
        return trn("{count} item", "{count} items", shown)
    chosen = tr("{count} of {all} selected", count=locales.number(selected), all=locales.number(shown))
    return chosen if size is None else tr("{what} · {size}", what=chosen, size=locales.size(size))


def nothing_words(*, is_open: bool, searched: bool, view: View) -> tuple[str, str]:
    """What stands where no item does: what that means, and what to do next."""
    if not is_open:
        return tr("Gallery"), tr("Photos and results of the open project appear here.")
    if searched:
        return tr("Nothing found"), tr("Try other or fewer words.")
    if view == "trash":
        return tr("The trash is empty"), tr(
            "What you move here can be restored, for as long as the preferences say."
        )
    if view == "some":
        return tr("Nothing of this kind yet"), tr("It will appear here once there is some.")
    told = tr("Photos that you drop on the window, and all that you generate, are kept here.")
    return tr("Nothing here yet"), told
