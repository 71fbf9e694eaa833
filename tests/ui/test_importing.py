from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QTimer, QUrl

from studio.project.exchange import pack
from studio.project.store import Project
from studio.ui.kit.tab_order import laid_out
from studio.ui.project.drop_scan import scan
from studio.ui.project.flow import ProjectFlow
from studio.ui.project.importing import Account, ImportFlow
from studio.ui.shell.workspace import Notice
from tests.pace import turn
from tests.ui.builders import picture


@pytest.fixture
def flow(qtbot, dressed, desk, project: Project) -> ImportFlow:
    desk.project = project
    notice = Notice()
    qtbot.addWidget(notice)
    made = ImportFlow(desk, ProjectFlow(desk), notice)
    made.accounts = []  # type: ignore[attr-defined]
    made.brought_in.connect(made.accounts.append)  # type: ignore[attr-defined]
    desk.bridge.listen(made.on_event)
    yield made
    desk.project = None


def mixed(folder: Path, photos: int, others: int) -> list[Path]:
    """Photos, some of them alike, some broken; texts, pipes, links, nested folders and hidden files."""
    folder.mkdir()
    first = picture(folder / "first.png")
    for number in range(photos - 1):
        data = first.read_bytes()
        file = folder / f"photo {number:05}.png"
        # Bytes after a PNG's end are allowed, and make each a photo of its own.
        file.write_bytes(data + str(number).encode())
    for number in range(others):
        (folder / f"note {number}.txt").write_text("no picture")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut off")
    (folder / "empty.png").touch()
    os.mkfifo(folder / "pipe.png")
    (folder / "dead link.png").symlink_to(folder / "nowhere.png")
    (folder / "circle").symlink_to(folder)
    (folder / ".hidden.png").write_bytes(first.read_bytes())
    (folder / "inside").mkdir()
    shutil.copy(first, folder / "inside" / "first.png")
    return [folder]


def test_every_file_of_a_drop_is_accounted_for(tmp_path: Path) -> None:
    dropped = mixed(tmp_path / "drop", 5, 3)
    told: list[int] = []
    found = scan([*dropped, tmp_path / "gone.png"], told.append)
    assert len(found.photos) == 5 + 3 + 2 + 1
    reasons = {refused.path.name: refused.reason for refused in found.refused}
    assert reasons.keys() == {"pipe.png", "dead link.png", "circle", "gone.png"}
    assert reasons["pipe.png"] == "neither a file nor a folder"
    assert "link" in reasons["circle"]
    assert "No such file" in reasons["gone.png"]


def test_a_folder_that_cannot_be_read_is_a_reason(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "shut").mkdir()

    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    found = scan([tmp_path / "shut"], lambda _: None)
    assert [refused.reason for refused in found.refused] == ["it cannot be read (Permission denied)"]


def test_projects_packs_and_presets_are_known(tmp_path: Path, project: Project) -> None:
    pack(project, tmp_path / "packed.zip")
    (tmp_path / "no pack.zip").write_bytes(b"PK nonsense")
    preset = tmp_path / "soft.json"
    preset.write_text(json.dumps({"studio_preset": 1, "generator": "a/b", "values": {}}))
    (tmp_path / "other.json").write_text("{}")
    names = ("packed.zip", "no pack.zip", "soft.json", "other.json")
    found = scan([project.folder, *(tmp_path / name for name in names)], lambda _: None)
    assert found.projects == [project.folder]
    assert [path.name for path in found.packs] == ["packed.zip"]
    assert found.presets == [preset]
    assert [refused.path.name for refused in found.refused] == ["no pack.zip", "other.json"]
    inside = scan([tmp_path], lambda _: None)
    assert not inside.projects
    assert any("a project" in refused.reason for refused in inside.refused)


@pytest.mark.slow
def test_two_thousand_mixed_files(flow: ImportFlow, project: Project, tmp_path: Path, until, desk) -> None:
    folder = tmp_path / "drop"
    dropped = mixed(folder, 600, 1400)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in [*folder.iterdir(), *dropped]])
    busy: list[float] = []
    worked = time.thread_time()

    def tick() -> None:
        nonlocal worked
        work = time.thread_time()
        busy.append(work - worked)
        worked = work

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(0)
    before = turn()
    flow.drop(data)
    until(lambda: flow.accounts, 600)
    timer.stop()
    account: Account = flow.accounts[0]
    assert len(account.added) == project.count() == 601, "the hidden one was dropped by itself"
    assert len(account.present) == 2 * 600 + 3, "again in their folder, and through the link that was dropped"
    refused = {one.path.name for one in account.refused}
    assert len(refused) == 1400 + len({"broken.jpg", "empty.png", "pipe.png", "dead link.png", "circle"})
    print(f"longest stall {max(busy) * 1000:.0f} ms, {len(busy)} turns of the event loop")
    assert max(busy) < 50 * max(before, turn())
    assert len(busy) > 100, "the window answers while it goes on"
    assert "601 photos added" in flow._notice.text.whole_text()
    flow._notice.action.click()


def test_the_gallery_begins_with_the_first_of_many(
    flow: ImportFlow, project: Project, tmp_path: Path, until
) -> None:
    files = [picture(tmp_path / f"{name}.png", size=(4, size)) for size, name in enumerate("abcd", 3)]
    flow.bring_in(files)
    until(lambda: flow.accounts)
    assert [item.name for item in flow.accounts[0].added] == ["a", "b", "c", "d"]
    assert [item.name for item in project.items()] == ["a", "b", "c", "d"], "the newest first"


def test_what_is_here_already_is_told(flow: ImportFlow, tmp_path: Path, until) -> None:
    file = picture(tmp_path / "one.png")
    flow.bring_in([file])
    until(lambda: len(flow.accounts) == 1)
    assert flow.accounts[0].alone is not None
    flow.bring_in([file, file])
    until(lambda: len(flow.accounts) == 2)
    assert flow.accounts[1].words() == "2 were already here"


def test_one_file_of_no_use_is_an_error_in_words(flow: ImportFlow, tmp_path: Path, until, desk) -> None:
    (tmp_path / "a.txt").write_text("words")
    told: list[BaseException] = []
    desk.report = told.append
    flow.bring_in([tmp_path / "a.txt"])
    until(lambda: told)
    assert "“a.txt” cannot be used" in str(told[0])
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/picture.png")])
    flow.drop(data)
    until(lambda: len(told) == 2)
    assert "not a file on this computer" in str(told[1])
    for count, url in enumerate(["file:///a%00b.png", "file:///" + "long" * 1000, "file:"], start=3):
        data.setUrls([QUrl(url)])
        flow.drop(data)
        until(lambda count=count: len(told) == count)
        assert "cannot be used" in str(told[-1])


def test_a_cancelled_drop_keeps_what_came_in(
    flow: ImportFlow, project: Project, tmp_path: Path, until, desk
) -> None:
    dropped = mixed(tmp_path / "drop", 300, 0)
    flow.bring_in(dropped)
    until(lambda: any("Bringing" in task.title for task in desk.tasks.running))
    until(lambda: project.count() > 3)
    desk.tasks.running[-1].cancel()
    until(lambda: flow.accounts)
    account = flow.accounts[0]
    assert account.left > 0
    assert project.count() == len(account.added)
    assert project.history.undo_title, "it can be undone as one step"
    project.history.undo()
    assert project.count() == 0
    assert "left out" in account.words()


def test_a_pack_alone_asks_to_be_unpacked(
    flow: ImportFlow, project: Project, tmp_path: Path, until, qapp
) -> None:
    from studio.ui.kit.dialogs import QuestionDialog

    pack(project, tmp_path / "packed.zip")
    wanted: list[Path] = []
    flow.unpack_wanted.connect(wanted.append)
    flow.bring_in([tmp_path / "packed.zip"])

    def dialogs() -> list[QuestionDialog]:
        return [one for one in qapp.topLevelWidgets() if isinstance(one, QuestionDialog) and one.isVisible()]

    until(dialogs)
    dialog = dialogs()[0]
    [*laid_out(dialog.buttons)][-1].click()
    assert wanted == [tmp_path / "packed.zip"]


def test_a_project_alone_is_opened(flow: ImportFlow, project: Project, until, monkeypatch) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(flow._projects, "open", opened.append)
    flow.bring_in([project.folder])
    until(lambda: opened == [project.folder])


def test_presets_go_to_the_form(flow: ImportFlow, tmp_path: Path, until) -> None:
    preset = tmp_path / "soft.json"
    preset.write_text(json.dumps({"studio_preset": 1, "generator": "a/b", "values": {}}))
    taken: list[Path] = []
    flow.preset_dropped.connect(taken.append)
    flow.bring_in([preset, picture(tmp_path / "a.png")])
    until(lambda: taken == [preset] and flow.accounts)


@pytest.mark.parametrize(
    ("kinds", "words"),
    (
        (["image"], "1 photo added"),
        (["image", "image"], "2 photos added"),
        (["palette"], "1 item added"),
        (["image", "palette"], "2 items added"),
    ),
)
def test_the_account_says_photos_only_of_photos(
    project: Project, tmp_path: Path, kinds: list[str], words: str
) -> None:
    files = [picture(tmp_path / f"{number}.png", (number, 0, 0)) for number in range(len(kinds))]
    added = [project.add_asset(file, kind=kind) for file, kind in zip(files, kinds, strict=True)]
    assert Account(added=added).words() == words
