from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from studio.core.kind import Kind
from studio.project.store import Project
from studio.service.service import Service
from studio.ui.kit.picture_card import PictureCard, tints
from studio.ui.kit.theme import CONTRAST_LIGHT, DARK, LIGHT, contrast
from studio.ui.project.recent_card import Recent, RecentCard, ago, short
from studio.ui.project.welcome import SHOWN, Beginning, Welcome, recent_of
from tests.ui.builders import picture


@pytest.fixture
def welcome(qtbot, dressed, tmp_path: Path) -> Welcome:
    made = Welcome(
        dressed,
        [
            Beginning("parts", "Design a part", "With a bracket", "part"),
            Beginning("photos", "Mend a photo", "Paint over it", "brush", str(tmp_path / "photo.png")),
        ],
    )
    picture(tmp_path / "photo.png", color=(10, 200, 30))
    picture(tmp_path / "photo-dark.png", color=(200, 10, 30))
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """One with a picture, one empty, one that is gone."""
    made = [tmp_path / f"{name}.studio" for name in ("Trip", "Empty", "Gone")]
    for folder in made:
        Project.create(folder).close()
    with Project.open(made[0]) as project:
        project.add_asset(picture(tmp_path / "beach.png", color=(10, 200, 30)), kind=Kind.IMAGE)
    shutil.rmtree(made[2])
    return made


def test_the_first_start(welcome: Welcome, qtbot) -> None:
    assert welcome.empty.isVisible()
    for part, signal in (
        (welcome.new, welcome.new_wanted),
        (welcome.open, welcome.open_wanted),
        (welcome.rooms["parts"], welcome.room_wanted),
        (welcome.sample, welcome.sample_wanted),
        (welcome.tour, welcome.tour_wanted),
    ):
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(part, Qt.MouseButton.LeftButton)


def ground(card: PictureCard) -> QColor:
    """The color at the side of its picture."""
    return card.grab().toImage().pixelColor(card.width() // 8, card.width() // 4)


def test_a_room_is_pictured_by_its_file_or_by_its_icon_as_the_theme_is(welcome: Welcome, until) -> None:
    until(lambda: ground(welcome.rooms["photos"]).green() > 150)
    welcome.set_theme(DARK)
    until(lambda: ground(welcome.rooms["photos"]).red() > 150)
    drawn = welcome.rooms["parts"]
    for theme in (LIGHT, DARK, CONTRAST_LIGHT):
        back, front = tints("Design a part", theme)
        assert contrast(back.name(), front.name()) >= 3
        drawn.set_theme(theme)
        assert ground(drawn) == back


def test_all_words_of_a_card_are_read_where_it_is_narrow(welcome: Welcome) -> None:
    card = PictureCard(LIGHT, "Remove something from a photograph", "Paint over what must go away " * 2)
    assert card.height_for(180) > card.height_for(480)
    assert card.accessibleName() == "Remove something from a photograph"


def test_arrows_go_from_card_to_card(welcome: Welcome, qtbot) -> None:
    first, second = welcome.rooms.values()
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert QApplication.focusWidget() is second
    with qtbot.waitSignal(welcome.room_wanted) as begun:
        qtbot.keyClick(second, Qt.Key.Key_Return)
    assert begun.args == ["photos"]


def test_it_goes_on_with_the_project_of_the_last_time(
    service: Service, welcome: Welcome, folders: list[Path], qtbot
) -> None:
    assert welcome.go_on.isHidden()
    welcome.set_recent([Recent(folders[1]), Recent(folders[0], is_pinned=True)], service)
    assert welcome.go_on.text() == "Continue with “Empty”"
    with qtbot.waitSignal(welcome.recent_wanted) as opened:
        welcome.go_on.click()
    assert opened.args == [folders[1]]


def test_cards_show_what_is_in_the_projects(
    service: Service, welcome: Welcome, folders: list[Path], until
) -> None:
    now = time.time()
    welcome.set_recent([Recent(folder, now - 7200 * n, n == 1) for n, folder in enumerate(folders)], service)
    assert [card.recent.folder.stem for card in welcome.cards] == ["Empty", "Trip", "Gone"]
    until(lambda: welcome.cards[2].is_missing)
    trip = welcome.cards[1]
    assert trip._image.pixelColor(3, 3).green() > 150
    assert welcome.cards[0]._image.isNull()
    assert welcome.cards[2].facts() == "Its folder is gone"
    assert "kept at the front" in welcome.cards[0].accessibleName()
    assert "Opened just now" in trip.accessibleName()
    assert not welcome.empty.isVisible()
    assert not welcome.grab().isNull()


def test_cards_by_mouse_and_keys(service: Service, welcome: Welcome, folders: list[Path], qtbot) -> None:
    welcome.set_recent([Recent(folder) for folder in folders], service)
    first, second, _ = welcome.cards
    with qtbot.waitSignal(welcome.recent_wanted) as opened:
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert opened.args == [folders[0]]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert QApplication.focusWidget() is second
    with qtbot.waitSignal(welcome.recent_wanted) as opened:
        qtbot.keyClick(second, Qt.Key.Key_Return)
    assert opened.args == [folders[1]]
    with qtbot.waitSignal(welcome.pin_wanted) as pinned:
        qtbot.keyClick(second, Qt.Key.Key_P)
    assert pinned.args == [folders[1], True]
    with qtbot.waitSignal(welcome.forget_wanted) as forgotten:
        qtbot.keyClick(second, Qt.Key.Key_Delete)
    assert forgotten.args == [folders[1]]
    welcome.set_recent([Recent(folders[0])], service)
    assert QApplication.focusWidget() is welcome.cards[0], "the focus stays in the list"


def test_the_same_list_again_keeps_its_cards(service: Service, welcome: Welcome, folders: list[Path]) -> None:
    recent = [Recent(folder) for folder in folders]
    welcome.set_recent(recent, service)
    cards = [*welcome.cards]
    welcome.set_recent(recent, service)
    assert welcome.cards == cards


def test_nothing_is_made_for_a_page_that_nobody_sees(
    service: Service, welcome: Welcome, folders: list[Path]
) -> None:
    welcome.hide()
    for count in (3, 2):
        welcome.set_recent([Recent(folder) for folder in folders[:count]], service)
    assert not welcome.cards
    welcome.show()
    assert [card.recent.folder for card in welcome.cards] == folders[:2]


def test_many_projects_are_cut_to_what_fits(service: Service, welcome: Welcome, tmp_path: Path) -> None:
    welcome.set_recent(
        recent_of([str(tmp_path / str(n)) for n in range(40)], [str(tmp_path / "39")], {}), service
    )
    assert len(welcome.cards) == SHOWN
    assert welcome.cards[0].recent.folder.name == "39"
    assert welcome.cards[0].recent.is_pinned


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (5, "Opened just now"),
        (61, "Opened 1 minute ago"),
        (600, "Opened 10 minutes ago"),
        (86400, "Opened yesterday"),
        (3 * 86400, "Opened 3 days ago"),
    ],
)
def test_when_it_was_opened(before: float, words: str) -> None:
    assert ago(1_700_000_000 - before, 1_700_000_000) == words
    assert ago(1_700_000_000 - 90 * 86400, 1_700_000_000).startswith("Opened on ")


def test_places_are_short(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert short(tmp_path / "a") == str(Path("~") / "a")
    assert short(Path("/elsewhere")) == "/elsewhere"


def test_tools_stand_at_the_end_of_reading(service: Service, welcome: Welcome, folders: list[Path]) -> None:
    welcome.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    welcome.set_recent([Recent(folders[0])], service)
    card: RecentCard = welcome.cards[0]
    QApplication.processEvents()
    assert card.remove.geometry().right() < card.width() / 2
