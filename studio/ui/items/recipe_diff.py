"""Two or more items set against each other: what differs, what is common. Without a widget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from studio.core.item import Item, Origin
from studio.core.kind import Kind, Kinds
from studio.ui.items.recipe_model import Line
from studio.ui.kit import locales
from studio.ui.kit.text_diff import Piece, word_pieces
from studio.words import in_sentence, tr, trn

LONGEST = 4000
"""Characters of a text up to which its words are compared while the user waits."""
_CAPTION = 60
"""Characters of a text value in a caption."""


@dataclass(frozen=True)
class Difference:
    """One fact of two items. A side that has no such fact is ""."""

    name: str
    left: str
    right: str
    key: str = ""
    pieces: tuple[Piece, ...] = ()
    """Of two texts that differ: their words."""

    @property
    def differs(self) -> bool:
        return self.left != self.right


def differences(left: Sequence[Line], right: Sequence[Line]) -> list[Difference]:
    """All facts of both in the order of the left one; quiet ones only where they differ."""
    mine, theirs = ({_identity(line): line for line in side} for side in (left, right))
    made = []
    for identity in [*mine, *(one for one in theirs if one not in mine)]:
        a, b = mine.get(identity), theirs.get(identity)
        line = a or b
        assert line is not None
        old, new = a.value if a else "", b.value if b else ""
        if line.quiet and old == new:
            continue
        wordy = line.is_text and old and new and old != new and max(len(old), len(new)) <= LONGEST
        pieces = tuple(word_pieces(old, new)) if wordy else ()
        made.append(Difference(line.name, old, new, line.key, pieces))
    return made


def differing(items: Sequence[Sequence[Line]]) -> list[str]:
    """For each item, in short, the values in which they are not all alike: "Seed 41 · Steps 20"."""
    sides = [{_identity(line): line for line in lines} for lines in items]
    order: dict[str, Line] = {}
    for side in sides:
        for identity, line in side.items():
            order.setdefault(identity, line)

    def values(identity: str) -> set[str]:
        return {side[identity].value if identity in side else "" for side in sides}

    uneven = [identity for identity in order if len(values(identity)) > 1]
    return [
        " · ".join(
            tr("{name} {value}", name=side[identity].name, value=_short(side[identity].value))
            for identity in uneven
            if identity in side
        )
        for side in sides
    ]


def summary(items: Sequence[Item], recipes: Sequence[Sequence[Line]], kinds: Kinds) -> list[Line]:
    """What several items are, and the recipe values that all of them share."""
    lines = [Line(tr("Selected"), _counts(items, kinds))]
    lines.append(Line(tr("Size"), locales.size(sum(item.size for item in items))))
    stars = sorted({item.stars for item in items})
    if stars[-1]:
        low, high = locales.number(stars[0]), locales.number(stars[-1])
        rated = trn("{count} star", "{count} stars", stars[0])
        lines.append(
            Line(tr("Rating"), rated if len(stars) == 1 else tr("{low} to {high} stars", low=low, high=high))
        )
    tags = [tag for tag in items[0].tags if all(tag in item.tags for item in items)]
    if tags:
        lines.append(Line(tr("Tags of all"), ", ".join(tags)))
    if recipes and len(recipes) == len(items):
        shared = {_identity(line): line for line in recipes[0] if not line.quiet}
        for other in recipes[1:]:
            values = {_identity(line): line.value for line in other}
            shared = {one: line for one, line in shared.items() if values.get(one) == line.value}
        lines += shared.values()
    return lines


def _counts(items: Sequence[Item], kinds: Kinds) -> str:
    """ "3 results, 2 photos" """
    parts = Counter(_group(item) for item in items)
    return ", ".join(_counted(group, count, kinds) for group, count in parts.most_common())


def _group(item: Item) -> str:
    """What it is counted as: "result", "photo", "asset", or the id of its kind."""
    if item.origin is Origin.ARTIFACT or item.kind == Kind.MASK:
        return "result" if item.kind == Kind.IMAGE else item.kind
    return "photo" if item.kind == Kind.IMAGE else "asset"


def _counted(group: str, count: int, kinds: Kinds) -> str:
    match group:
        case "result":
            return trn("{count} result", "{count} results", count)
        case "photo":
            return trn("{count} photo", "{count} photos", count)
        case "asset":
            return trn("{count} file brought in", "{count} files brought in", count)
    kind = kinds.get(group)
    named = in_sentence(tr(kind.title if count == 1 else kind.plural))
    return tr("{count} {kind}", count=locales.number(count), kind=named)


def _identity(line: Line) -> str:
    return line.key or line.name


def _short(value: str) -> str:
    value = " ".join(value.split())
    return value if len(value) <= _CAPTION else value[: _CAPTION - 1] + "…"
