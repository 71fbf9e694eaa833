"""How compared items are called: before and after, what differs, or their names."""

from __future__ import annotations

from pathlib import Path

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.ui.items.compare_model import Compared, Comparison
from studio.ui.kit.locales import clock


def named(uid: str, parent: str | None = None, caption: str = "", name: str = "") -> Compared:
    name = name or uid
    item = Item(uid, name, Kind.IMAGE, Origin.ARTIFACT, "0" * 64, ".png", 1, 0.0, job="j", parent=parent)
    return Compared(item, Path(uid), caption)


def labels(*items: Compared) -> list[str]:
    made = Comparison.of(items)
    return [made.label_of(place) for place in range(len(items))]


def test_labels_say_before_and_after_or_what_differs() -> None:
    assert labels(named("photo"), named("result", "photo")) == ["Before", "After"]
    assert labels(named("a", "photo", "Seed 3"), named("b", "photo", "Seed 7")) == ["Seed 3", "Seed 7"]
    assert labels(named("photo"), named("a", "photo", "Seed 3"), named("b", "photo", "Seed 7")) == [
        "Before",
        "Seed 3",
        "Seed 7",
    ]
    assert labels(named("one"), named("another")) == ["A", "B"]


def test_captions_tell_items_of_one_name_apart() -> None:
    pair = Comparison.of([named("p", name="osprey"), named("r", "p", name="osprey")])
    assert [pair.title_of(0), pair.title_of(1)] == ["Before", "After"]
    assert pair.detail_of(1) == f"osprey · {clock(0.0)}"
    seeds = [named(str(seed), "p", f"Seed {seed}", name="osprey") for seed in (3, 7)]
    assert [Comparison.of(seeds).title_of(place) for place in (0, 1)] == ["Seed 3", "Seed 7"]
    assert Comparison.of(seeds).detail_of(0) == f"osprey · {clock(0.0)}", "the seed is told already"
    others = Comparison.of([named("a", name="osprey"), named("b", name="osprey")])
    assert (others.title_of(0), others.detail_of(0)) == ("osprey", clock(0.0))


def test_captions_of_items_with_names_of_their_own_keep_them() -> None:
    made = Comparison.of([named("photo"), named("result", "photo", "Seed 3")])
    assert [made.title_of(0), made.title_of(1)] == ["photo", "result"]
    assert [made.detail_of(0), made.detail_of(1)] == ["", "Seed 3"]
