"""Kinds: which there are, and what is known of one that nothing declares."""

from __future__ import annotations

import pytest

from studio.core.kind import KIND_ID, STOCK, Kind, KindInfo, Kinds

PALETTE = KindInfo(id="palette", title="Palette", plural="Palettes", icon="/p/icon.svg", extensions=(".ase",))


@pytest.mark.parametrize("id", ["a", "part", "color-palette", "x2", "x" * 32])
def test_words_that_may_be_a_kind(id: str) -> None:
    assert KIND_ID.match(id)


@pytest.mark.parametrize("id", ["", "Part", "2x", "-a", "a b", "a_b", "x" * 33, "part\n", "a/../b", "pärt"])
def test_words_that_may_not(id: str) -> None:
    assert not KIND_ID.match(id)


def test_declared_kinds_come_after_the_stock_kinds_and_the_first_has_the_word() -> None:
    other = KindInfo(id="palette", title="Other", plural="Others", icon="file", extensions=(".png", ".aco"))
    kinds = Kinds([PALETTE, other, KindInfo(id="image", title="Mine", plural="Mine", icon="file")])
    assert [info.id for info in kinds] == [*(info.id for info in STOCK), "palette"]
    assert kinds.get("palette") is PALETTE and kinds.get("image").title == "Picture"
    assert kinds.of_extension(".ASE") == "palette"
    assert kinds.of_extension(".png") == Kind.IMAGE
    assert kinds.of_extension(".aco") == kinds.of_extension("") == Kind.FILE


def test_what_nothing_declares_is_called_by_its_word() -> None:
    kinds = Kinds()
    assert "palette" not in kinds and "image" in kinds
    assert kinds.get("palette") == KindInfo(id="palette", title="palette", plural="palette", icon="file")


def test_several_come_in_their_order_each_once() -> None:
    kinds = Kinds([PALETTE])
    found = kinds.several(["zebra", "palette", "text", "image", "text", "apple"])
    assert [info.id for info in found] == ["image", "text", "palette", "apple", "zebra"]
