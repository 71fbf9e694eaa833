"""The comparison: modes, captions, keys, kinds, and what a rebuilt window takes over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtTest import QTest

from studio.core.kind import STOCK_KINDS, Kind
from studio.errors import BadInput
from studio.ui.compare.caption import Caption
from studio.ui.compare.difference import difference
from studio.ui.compare.images import ImageCompare
from studio.ui.compare.kinds import KINDS, kind_for, why_not
from studio.ui.compare.panel import ComparePanel
from studio.ui.compare.texts import LARGEST, TextCompare, read_text
from studio.ui.items.compare_model import MOST, Comparison, Mode
from studio.ui.kit.photo import read
from studio.ui.kit.theme import Theme
from tests.ui.comparing import compared, comparison_of

RED, BLUE, GREEN = (220, 30, 30), (30, 30, 220), (30, 200, 60)
LEFT = Qt.MouseButton.LeftButton


def write(path: Path, color: tuple[int, int, int], size: tuple[int, int] = (400, 300)) -> Path:
    Image.new("RGB", size, color).save(path)
    return path


# The model -------------------------------------------------------------------------------------------------


@given(st.integers(1, 12), st.lists(st.tuples(st.sampled_from("csnprf"), st.integers(0, 11)), max_size=12))
def test_whatever_is_chosen_pair_and_shown_stay_items(count: int, steps: list[tuple[str, int]]) -> None:
    made = comparison_of(*[Path(f"{n}.png") for n in range(count)])
    size = len(made.items)
    assert size == min(count, MOST)
    for act, number in steps:
        made = {
            "c": lambda made=made, number=number: made.choose(number % size),
            "s": made.swapped,
            "n": lambda made=made: made.stepped(1),
            "p": lambda made=made: made.stepped(-1),
            "r": lambda made=made, number=number: made.with_reference(number % size),
            "f": made.flipped,
        }[act]()
        assert all(0 <= place < size for place in (made.first, made.second, made.shown))
        assert size == 1 or made.first != made.second


def test_next_goes_through_all_but_the_reference() -> None:
    made = comparison_of(*[Path(f"{n}.png") for n in range(4)])
    seen = []
    for _ in range(4):
        made = made.stepped(1)
        seen.append(made.second)
    assert seen == [1, 2, 3, 1]
    assert [made.side_of(n) for n in range(4)] == ["A", "B", "3", "4"]


def test_kinds_know_what_they_compare() -> None:
    assert kind_for(frozenset({Kind.IMAGE, Kind.MASK})) is KINDS[0]
    assert kind_for(frozenset({Kind.TEXT})) is KINDS[1]
    assert kind_for(frozenset({Kind.AUDIO})) is None
    assert kind_for(frozenset()) is None
    assert why_not(frozenset({Kind.AUDIO}), STOCK_KINDS).startswith("Sounds cannot be compared yet")
    assert "different kinds" in why_not(frozenset({Kind.TEXT, Kind.IMAGE}), STOCK_KINDS)
    assert why_not(frozenset({"palette"}), STOCK_KINDS).startswith("palette cannot be compared yet")
    assert "pictures, texts" in why_not(frozenset({Kind.TEXT, Kind.IMAGE}), STOCK_KINDS)


# The difference --------------------------------------------------------------------------------------------


def photo_of(pixels: np.ndarray, path: Path):
    Image.fromarray(pixels).save(path)
    return read(path)


def test_the_difference_counts_pixels_that_are_not_exactly_alike(tmp_path: Path) -> None:
    pixels = np.full((40, 50, 3), 100, np.uint8)
    other = pixels.copy()
    other[:10, :20] = (101, 100, 100)
    other[20, 30] = (100, 100, 180)
    found = difference(photo_of(pixels, tmp_path / "a.png"), photo_of(other, tmp_path / "b.png"))
    assert found.changed == pytest.approx(201 / 2000)
    assert found.strongest == 80
    assert tuple(found.photo.pyramid.levels[0][20, 30]) == (80, 0, 0, 255)
    same = difference(photo_of(pixels, tmp_path / "a.png"), photo_of(pixels, tmp_path / "c.png"))
    assert same.changed == 0 and same.strongest == 0


def test_the_difference_of_two_sizes_is_in_the_reference_s(tmp_path: Path) -> None:
    small = photo_of(np.full((30, 40, 3), 100, np.uint8), tmp_path / "a.png")
    large = photo_of(np.full((60, 80, 3), 100, np.uint8), tmp_path / "b.png")
    wide = photo_of(np.full((30, 80, 3), 100, np.uint8), tmp_path / "c.png")
    assert difference(small, large).changed == 0
    assert difference(small, wide).changed == pytest.approx(0.5)
    assert difference(small, wide).photo.size == (40, 30)


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_the_difference_is_numpy_s(width: int, height: int, data: st.DataObject) -> None:
    import studio.ui.kit.photo as photos
    from studio.ui.kit.pyramid import Pyramid

    def made() -> tuple[np.ndarray, photos.Photo]:
        values = data.draw(st.binary(min_size=4 * width * height, max_size=4 * width * height))
        pixels = np.frombuffer(values, np.uint8).reshape(height, width, 4).copy()
        pixels[..., 3] = 255
        return pixels, photos.Photo(None, (width, height), Pyramid(pixels), has_alpha=False)

    (one, first), (two, second) = made(), made()
    found = difference(first, second)
    assert found.changed == pytest.approx(np.any(one != two, axis=2).mean())
    assert found.strongest == np.abs(one.astype(int) - two).max()


# Pictures --------------------------------------------------------------------------------------------------


@pytest.fixture
def panel(qtbot, dressed) -> ComparePanel:
    made = ComparePanel(STOCK_KINDS)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


@pytest.fixture
def three(panel: ComparePanel, qtbot, tmp_path: Path) -> ComparePanel:
    files = [write(tmp_path / f"{n}.png", color) for n, color in enumerate((RED, BLUE, GREEN))]
    panel.compare([compared(file, f"Seed {41 + n}") for n, file in enumerate(files)])
    qtbot.waitUntil(lambda: all(images_of(panel).shelf.photo(file) for file in files))
    return panel


def images_of(panel: ComparePanel) -> ImageCompare:
    widget = panel.widget_of(KINDS[0])
    assert isinstance(widget, ImageCompare)
    return widget


def color_at(widget, x: float, y: float) -> tuple[int, int, int]:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    seen = image.pixelColor(int(x * (image.width() - 1)), int(y * (image.height() - 1)))
    return seen.red(), seen.green(), seen.blue()


def test_the_slider_sets_the_last_against_the_first(three: ComparePanel) -> None:
    viewer = images_of(three).viewer
    assert three.mode is Mode.SLIDER
    assert color_at(viewer, 0.3, 0.3) == RED and color_at(viewer, 0.7, 0.3) == GREEN
    assert [caption.isChecked() for caption in three.captions] == [False, False, True]
    QTest.mouseClick(three.captions[1], LEFT)
    assert color_at(viewer, 0.7, 0.3) == BLUE
    assert three.item.name == "1"
    three.swap_sides()
    assert color_at(viewer, 0.3, 0.3) == BLUE and color_at(viewer, 0.7, 0.3) == RED


def test_onion_and_difference(three: ComparePanel, qtbot) -> None:
    viewer = images_of(three).viewer
    three.choose(1)
    three.set_mode(Mode.ONION)
    assert color_at(viewer, 0.3, 0.3) == pytest.approx((125, 30, 125), abs=2)
    three.option.setValue(0)
    assert color_at(viewer, 0.3, 0.3) == RED
    assert three.option_words.text() == "0 %"
    three.set_mode(Mode.DIFFERENCE)
    qtbot.waitUntil(lambda: three.told.text() != "")
    assert three.told.text() == "100.0 % of the pixels differ"
    three.option.setValue(1)
    assert color_at(viewer, 0.3, 0.3) == (190, 0, 190)
    assert three.option_words.text() == "1×"
    three.set_mode(Mode.SLIDER)
    assert three.told.text() == "" and not three.option.isVisible()


def test_equal_pictures_say_so(panel: ComparePanel, qtbot, tmp_path: Path) -> None:
    files = [write(tmp_path / name, RED) for name in ("a.png", "b.png")]
    panel.compare([compared(file) for file in files])
    panel.set_mode(Mode.DIFFERENCE)
    qtbot.waitUntil(lambda: panel.told.text() == "No pixel differs")


def test_the_flip_goes_through_all_of_them(three: ComparePanel) -> None:
    viewer = images_of(three).viewer
    three.set_mode(Mode.FLIP)
    seen = [color_at(viewer, 0.3, 0.3)]
    for _ in range(3):
        three.flip()
        seen.append(color_at(viewer, 0.3, 0.3))
        assert three.item.name == str(three.comparison.shown)
    assert seen == [GREEN, RED, BLUE, GREEN]


def test_a_tap_flips_and_holding_is_only_a_look(panel: ComparePanel, qtbot, tmp_path: Path) -> None:
    files = [write(tmp_path / "a.png", RED), write(tmp_path / "b.png", BLUE)]
    panel.compare([compared(file) for file in files])
    qtbot.waitUntil(lambda: images_of(panel).viewer.is_comparing)
    viewer = images_of(panel).viewer
    panel.set_mode(Mode.FLIP)
    viewer.setFocus()
    QTest.keyClick(viewer, Qt.Key.Key_F)
    assert color_at(viewer, 0.3, 0.3) == RED
    QTest.keyPress(viewer, Qt.Key.Key_F)
    assert color_at(viewer, 0.3, 0.3) == BLUE
    qtbot.waitUntil(lambda: not panel._flip_timer.isActive())
    QTest.keyRelease(viewer, Qt.Key.Key_F)
    assert color_at(viewer, 0.3, 0.3) == RED


def test_a_held_flip_comes_back_to_the_mode_before(three: ComparePanel, qtbot) -> None:
    viewer = images_of(three).viewer
    before = three.comparison
    viewer.setFocus()
    QTest.keyPress(viewer, Qt.Key.Key_F)
    assert three.mode is Mode.FLIP and color_at(viewer, 0.3, 0.3) == RED
    qtbot.waitUntil(lambda: not three._flip_timer.isActive())
    QTest.keyRelease(viewer, Qt.Key.Key_F)
    assert three.mode is Mode.SLIDER and three.comparison == before


def test_side_by_side_looks_at_one_place(three: ComparePanel, qtbot) -> None:
    three.set_mode(Mode.SIDE_BY_SIDE)
    grid = images_of(three).grid
    views = grid.views
    qtbot.waitUntil(lambda: all(view.width() > 100 for view in views))
    assert [caption.accessibleName() for caption in grid.captions] == ["1: 0", "2: 1", "3: 2"]
    assert {view.tag for view in views} == {""}, "the captions say in what they differ"
    assert [color_at(view, 0.5, 0.5) for view in views] == [RED, BLUE, GREEN]
    assert not three.strip.isVisible()
    views[1].zoom_to(3.0)
    views[1].pan_by(QPointF(17, -9))
    assert {view.zoom for view in views} == {3.0}
    for view in views:
        assert (view.center() - views[1].center()).manhattanLength() < 1
    views[2].fit()
    assert all(view.is_fitted for view in views)
    QTest.mouseClick(views[1], LEFT)
    assert three.item.name == "1"
    assert [caption.isChecked() for caption in images_of(three).grid.captions] == [False, True, False]


def test_the_place_is_kept_from_mode_to_mode(three: ComparePanel, qtbot) -> None:
    images = images_of(three)
    images.viewer.look_at(4.0, QPointF(100, 80))
    three.set_mode(Mode.SIDE_BY_SIDE)
    qtbot.waitUntil(lambda: images.grid.views[0].zoom == 4.0)
    qtbot.waitUntil(lambda: all(view.width() > 100 for view in images.grid.views))
    assert (images.grid.views[2].center() - QPointF(100, 80)).manhattanLength() < 2


def test_other_sizes_are_fitted_to_the_reference(panel: ComparePanel, qtbot, tmp_path: Path) -> None:
    files = [write(tmp_path / "a.png", RED, (200, 100)), write(tmp_path / "b.png", BLUE, (300, 300))]
    panel.compare([compared(file) for file in files])
    panel.set_mode(Mode.SIDE_BY_SIDE)
    grid = images_of(panel).grid
    qtbot.waitUntil(lambda: all(view.photo is not None for view in grid.views[:2]))
    assert {view.content_size for view in grid.views[:2]} == {(200, 100)}
    assert color_at(grid.views[1], 0.5, 0.5) == BLUE
    frame = grid.views[1].picture_frame()
    edge = (frame.left() + 4) / grid.views[1].width()
    assert color_at(grid.views[1], edge, 0.5) != BLUE


def test_stars_have_the_color_of_the_gallery(qtbot, dressed: Theme, tmp_path: Path) -> None:
    caption = Caption()
    qtbot.addWidget(caption)
    caption.resize(300, caption.sizeHint().height())
    caption.show_item(compared(tmp_path / "osprey.png", stars=5), "A", "osprey", "")
    seen = caption.grab().toImage()
    dots = {seen.pixelColor(x, y).name() for x in range(200, 300) for y in range(seen.height())}
    assert dressed.warning in dots and dressed.text not in dots


def test_eight_items_and_their_captions(panel: ComparePanel, qtbot, tmp_path: Path) -> None:
    files = [write(tmp_path / f"{n}.png", (n * 20, 0, 0), (40, 30)) for n in range(9)]
    panel.compare([compared(file, f"Seed {n}") for n, file in enumerate(files)])
    panel.set_mode(Mode.SIDE_BY_SIDE)
    grid = images_of(panel).grid
    qtbot.waitUntil(lambda: all(view.photo is not None for view in grid.views))
    assert len(grid.views) == MOST
    assert grid.captions[3].toolTip() == "3\nSeed 3"
    assert grid.captions[3].accessibleName() == "4: 3"
    assert grid.columns_for(8) in (3, 4)


def test_stars_reject_and_pick_are_about_the_chosen_one(three: ComparePanel, qtbot) -> None:
    made = {command.id: command for command in three.commands()}
    assert len({command.keys for command in made.values()}) == len(made), "no key twice"
    three.choose(1)
    for name, signal, args in (
        ("compare.stars_4", three.rated, 4),
        ("compare.reject", three.rejected, True),
    ):
        with qtbot.waitSignal(signal) as told:
            made[name].act()
        assert told.args == [three.item, args]
    with qtbot.waitSignal(three.picked) as told:
        made["compare.pick"].act()
    assert told.args == [three.item]


def test_changed_stars_are_shown(three: ComparePanel) -> None:
    from msgspec.structs import replace

    three.item_changed(replace(three.item, stars=3))
    assert three.captions[2].verdict() == "3 stars"
    three.item_changed(replace(three.item, rejected=True))
    assert three.captions[2].verdict() == "Rejected"
    assert "Rejected" in three.captions[2].accessibleDescription()


def test_the_mode_is_remembered(panel: ComparePanel, three: ComparePanel, qtbot) -> None:
    with qtbot.waitSignal(panel.mode_changed) as told:
        panel.set_mode(Mode.ONION)
    assert told.args == ["onion"]
    other = ComparePanel(STOCK_KINDS)
    qtbot.addWidget(other)
    other.prefer("onion")
    other.prefer("no mode at all")
    other.compare(three.comparison.items)
    assert other.mode is Mode.ONION


def test_a_rebuilt_window_shows_the_same(three: ComparePanel, qtbot) -> None:
    three.choose(1)
    images_of(three).viewer.split = 0.25
    images_of(three).viewer.look_at(5.0, QPointF(50, 60))
    state = three.state()
    other = ComparePanel(STOCK_KINDS)
    qtbot.addWidget(other)
    other.resize(800, 600)
    other.show()
    other.restore(state)
    viewer = images_of(other).viewer
    qtbot.waitUntil(lambda: viewer.is_comparing and viewer.zoom == 5.0)
    assert other.comparison == three.comparison
    assert viewer.split == 0.25
    assert (viewer.center() - QPointF(50, 60)).manhattanLength() < 1


def test_the_divider_begins_across_what_changed(panel: ComparePanel, qtbot, tmp_path: Path) -> None:
    before = write(tmp_path / "before.png", RED)
    after = Image.open(before)
    after.paste((0, 0, 255), (40, 100, 80, 120))
    after.save(tmp_path / "after.png")
    panel.set_mode(Mode.SLIDER)
    panel.compare([compared(before), compared(tmp_path / "after.png")])
    qtbot.waitUntil(lambda: images_of(panel).viewer.is_comparing)
    assert images_of(panel).viewer.split == pytest.approx(60 / 400, abs=0.01)
    panel.swap_sides()
    images_of(panel).viewer.split = 0.9
    panel.swap_sides()
    assert images_of(panel).viewer.split == 0.9, "once it has been moved, it stays"


def test_words_give_way_before_the_ways_to_compare(three: ComparePanel, qtbot) -> None:
    three.set_mode(Mode.DIFFERENCE)
    qtbot.waitUntil(lambda: bool(three.told.text()))
    three.resize(1000, 600)
    qtbot.waitUntil(three.told.isVisible)
    assert not three.swap.isVisible(), "a difference is the same from both sides"
    three.resize(three.segments.sizeHint().width() + 110, 600)
    qtbot.waitUntil(lambda: not three.told.isVisible())
    assert three.option.isVisible() and three.told.text() in three.option.toolTip()
    qtbot.waitUntil(lambda: three.segments.width() >= three.segments.sizeHint().width())


def test_one_alone_needs_no_modes(panel: ComparePanel, qtbot, tmp_path: Path) -> None:
    panel.compare([compared(write(tmp_path / "a.png", RED))])
    qtbot.waitUntil(lambda: images_of(panel).viewer.photo is not None)
    assert not panel.bar.isVisible() and not panel.strip.isVisible()
    panel.flip()
    panel.swap_sides()
    assert panel.item.name == "a"


def test_what_cannot_be_compared_says_so(panel: ComparePanel, tmp_path: Path) -> None:
    panel.compare(
        [compared(tmp_path / "a.mid", kind=Kind.AUDIO), compared(tmp_path / "b.mid", kind=Kind.AUDIO)]
    )
    assert panel.empty.isVisible()
    assert panel.empty.text.text().startswith("Sounds cannot be compared yet")
    panel.clear()
    assert panel.item is None


def test_a_broken_picture_among_good_ones(panel: ComparePanel, qtbot, tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"nothing")
    files = [write(tmp_path / "a.png", RED), tmp_path / "broken.png", write(tmp_path / "c.png", BLUE)]
    with qtbot.waitSignal(panel.failed) as told:
        panel.compare([compared(file) for file in files])
    assert isinstance(told.args[0], BadInput)
    qtbot.waitUntil(lambda: images_of(panel).viewer.is_comparing)
    assert color_at(images_of(panel).viewer, 0.7, 0.3) == BLUE


def test_keys_reach_the_comparison(three: ComparePanel) -> None:
    """As the window does it: one action each, on the panel."""
    for command in three.commands():
        action = QAction(three)
        action.setShortcuts(command.keys.split("; "))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _=False, act=command.act: act())
        three.addAction(action)
    viewer = images_of(three).viewer
    three.activateWindow()
    viewer.setFocus()
    QTest.keyClick(viewer, Qt.Key.Key_D)
    assert three.mode is Mode.DIFFERENCE
    QTest.keyClick(viewer, Qt.Key.Key_N)
    assert three.item.name == "1"


# Texts -----------------------------------------------------------------------------------------------------


@pytest.fixture
def texts(panel: ComparePanel, qtbot, tmp_path: Path) -> ComparePanel:
    (tmp_path / "a.md").write_text("A title\n\nThe lake lies still.\n", "utf-8")
    (tmp_path / "b.md").write_text("A title\n\nThe sea lies still.\nNew line\n", "utf-8")
    panel.compare([compared(tmp_path / name, kind=Kind.TEXT) for name in ("a.md", "b.md")])
    qtbot.waitUntil(lambda: panel.told.text() != "")
    return panel


def shown(panel: ComparePanel) -> str:
    widget = panel.widget_of(KINDS[1])
    assert isinstance(widget, TextCompare)
    return widget.page.toPlainText()


def test_texts_side_by_side_and_as_one(texts: ComparePanel) -> None:
    assert texts.mode is Mode.SIDE_BY_SIDE
    assert texts.told.text() == "1 word removed, 3 words added"
    assert "The lake lies still." in shown(texts) and "The sea lies still." in shown(texts)
    assert texts.strip.isVisible()
    texts.set_mode(Mode.UNIFIED)
    lines = shown(texts).splitlines()
    assert lines[lines.index("−") + 1] == "The lake lies still."
    assert lines[lines.index("+") + 1] == "The sea lies still."


def test_changed_words_are_marked_without_color(texts: ComparePanel) -> None:
    texts.set_mode(Mode.UNIFIED)
    document = texts.widget_of(KINDS[1]).page.document()
    struck, lined = [], []
    block = document.begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            if piece.charFormat().fontStrikeOut():
                struck.append(piece.text())
            if piece.charFormat().fontUnderline():
                lined.append(piece.text())
            pieces += 1
        block = block.next()
    assert struck == ["lake"]
    assert lined == ["sea", "New line"]


def test_equal_texts_are_shown_whole(panel: ComparePanel, qtbot, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("one\ntwo\n", "utf-8")
    panel.compare([compared(tmp_path / name, kind=Kind.TEXT) for name in ("a.txt", "b.txt")])
    qtbot.waitUntil(lambda: panel.told.text() == "The texts are alike")
    assert shown(panel).count("two") == 2


@pytest.mark.parametrize(
    ("data", "words"), [(b"\xff\xfe\x00broken", "no text in UTF-8"), (b"x" * (LARGEST + 1), "too large")]
)
def test_what_is_no_text_is_told(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(BadInput, match=words):
        read_text(tmp_path / "a.txt", "a")
    with pytest.raises(BadInput, match="could not be read"):
        read_text(tmp_path / "absent.txt", "absent")


def test_comparison_of_nothing_known_is_harmless(panel: ComparePanel) -> None:
    for command in panel.commands():
        command.act()
    assert panel.comparison is None
    assert isinstance(panel.state().comparison, Comparison | None)
