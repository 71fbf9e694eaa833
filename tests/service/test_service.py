"""The service process: what it makes, what it survives, and what it remembers."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PIL import Image

from studio.core.kind import Kind
from studio.core.thumbnail import TextPage
from studio.errors import BadInput, StudioError
from studio.service import wire
from studio.service.thumbnail_file import read_drawing
from studio.service.wish import Wish
from studio.service.work import Todo
from tests.service.conftest import Bench, wait_for

MakeBench = Callable[..., Bench]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its odd functions are written for POSIX")


def go(bench: Bench, name: str) -> None:
    (bench.files / f"{name}.go").touch()


# --- what it makes ------------------------------------------------------------------------------------------


def test_pixels_become_a_picture(bench: Bench) -> None:
    outcome = bench.outcome("a-good", "one")
    [file] = outcome.files
    assert file == bench.service.thumbnail_file("a-good", "one".ljust(64, "0"), 32)
    with Image.open(file) as image:
        assert (image.format, image.size) == ("JPEG", (32, 32))


def test_a_drawing_is_kept_as_data(bench: Bench) -> None:
    [file] = bench.outcome("b-page", "one").files
    assert read_drawing(file.read_bytes()) == TextPage(("one", "second"))


def test_stock_kinds_need_no_plugin(bench: Bench) -> None:
    Image.new("RGBA", (300, 100), (9, 9, 9, 100)).save(bench.files / "picture.png")
    bench.service.thumbnail(
        Kind.IMAGE, bench.files / "picture.png", "p" * 64, 60, bench.answers.take("picture")
    )
    assert bench.service.has_thumbnails(Kind.IMAGE) and not bench.service.has_thumbnails("unknown")
    [outcome] = bench.answers.wait("picture")
    with Image.open(outcome.files[0]) as image:
        assert (image.format, image.size) == ("WEBP", (60, 20))
    [file] = bench.outcome(Kind.TEXT, "words").files
    assert read_drawing(file.read_bytes()) == TextPage(("data",))


def test_what_cannot_be_shown_is_said(bench: Bench) -> None:
    error = bench.outcome(Kind.IMAGE, "broken").error
    assert isinstance(error, BadInput)
    assert "“broken” cannot be read as a picture" in error.message
    error = bench.outcome("no-such-kind", "strange").error
    assert isinstance(error, BadInput)


def test_it_runs_at_low_priority_and_without_what_is_large(bench: Bench) -> None:
    bench.outcome(Kind.TEXT, "words")
    [pid] = bench.service.pids
    process = psutil.Process(pid)
    assert process.nice() > 0
    loaded = [mapped.path for mapped in process.memory_maps()]
    assert not [path for path in loaded if "torch" in path or "PySide6" in path or "numpy" in path]


# --- the order ----------------------------------------------------------------------------------------------


def held(bench: Bench, kind: str = "a-waits") -> list[str]:
    """Both threads of the process are kept busy until `go`."""
    names = ["held1", "held2"]
    for name in names:
        bench.wish(kind, name)
    wait_for(lambda: all(bench.calls(name) for name in names))
    return names


def test_the_newest_wish_comes_first(make_bench: MakeBench) -> None:
    bench = make_bench(in_flight=2)
    names = held(bench)
    later = [f"later{number}" for number in range(8)]
    for name in later:
        bench.wish("a-good", name)
    go(bench, names[0])
    bench.answers.wait(*later)
    assert [name for name in bench.answers.order if name in later] == later[::-1]
    go(bench, names[1])
    bench.answers.wait(*names)


def test_the_process_takes_the_newest_first_too(tmp_path: Path) -> None:
    todo = Todo()
    for number in range(3):
        todo.add(
            wire.MakeThumbnail(
                id=number, kind="text", function="", source=tmp_path, side=9, target=tmp_path / "x"
            )
        )
    assert todo.drop(1)
    assert not todo.drop(1)
    assert [todo.take().id, todo.take().id] == [2, 0]


def test_no_more_than_so_many_are_in_flight(make_bench: MakeBench) -> None:
    bench = make_bench(in_flight=4)
    names = held(bench)
    many = [f"many{number}" for number in range(20)]
    most = 0
    for name in many:
        bench.wish("a-good", name)
        most = max(most, len(bench.service._ours._sent))
    go(bench, names[0])
    while len(bench.answers.found) < 21:
        most = max(most, len(bench.service._ours._sent))
        time.sleep(0.001)
    assert 2 <= most <= 4
    go(bench, names[1])
    bench.answers.wait(*names, *many)


def test_a_dropped_wish_is_not_made(bench: Bench) -> None:
    names = held(bench)
    wishes = {name: bench.wish("a-good", name) for name in ("keep", "drop")}
    wait_for(lambda: len(bench.service._ours._sent) == 4)
    bench.service.drop(wishes["drop"])
    wait_for(lambda: len(bench.service._ours._sent) == 3)
    for name in names:
        go(bench, name)
    bench.answers.wait("keep", *names)
    assert bench.calls("drop") == 0
    assert "drop" not in bench.answers.found


def test_a_wish_that_is_dropped_before_it_is_sent_is_not_made(make_bench: MakeBench) -> None:
    bench = make_bench(in_flight=2)
    names = held(bench)
    bench.service.drop(bench.wish("a-good", "drop"))
    for name in names:
        go(bench, name)
    bench.answers.wait(*names)
    assert bench.outcome("a-good", "next").files
    assert bench.calls("drop") == 0


# --- what it survives ---------------------------------------------------------------------------------------


def test_a_crash_is_answered_remembered_and_not_tried_again(bench: Bench, make_bench: MakeBench) -> None:
    error = bench.outcome("a-dies", "one").error
    assert error is not None and "it ended unexpectedly" in error.message
    assert "last words of one" in error.detail
    again = bench.outcome("a-dies", "two", digest="one".ljust(64, "0")).error
    assert again is not None and "failed badly before" in again.message
    assert bench.outcome("a-good", "three").files
    assert (bench.calls("one"), bench.calls("two")) == (1, 0)

    restarted = make_bench()
    again = restarted.outcome("a-dies", "four", digest="one".ljust(64, "0")).error
    assert again is not None and "failed badly before" in again.message
    assert restarted.calls("four") == 0


def test_the_next_version_of_a_plugin_may_try_again(bench: Bench) -> None:
    assert bench.outcome("b-dies", "one").error
    bench.media.plugins["b"] = type(bench.media.plugins["b"])(
        name="b", distribution="other", version="2", package="xb"
    )
    assert bench.outcome("b-dies", "two", digest="one".ljust(64, "0")).error
    assert bench.calls("two") == 1


def test_of_two_in_hand_at_a_crash_only_the_guilty_one_is_blamed(bench: Bench) -> None:
    bench.wish("a-waits", "innocent")
    wait_for(lambda: bench.calls("innocent"))
    bench.wish("a-dies", "guilty")
    wait_for(lambda: bench.calls("guilty"))
    go(bench, "innocent")
    innocent, guilty = bench.answers.wait("innocent", "guilty")
    assert innocent.files
    assert guilty.error is not None
    assert bench.calls("guilty") == 2
    assert bench.outcome("a-good", "other", digest="innocent".ljust(64, "0")).files


def test_wishes_that_wait_outlive_a_crash(bench: Bench) -> None:
    names = [f"good{number}" for number in range(10)]
    bench.wish("a-dies", "dies")
    for name in names:
        bench.wish("a-good", name)
    outcomes = bench.answers.wait("dies", *names)
    assert outcomes[0].error is not None
    assert all(outcome.files for outcome in outcomes[1:])


def test_a_function_that_hangs_is_given_up(make_bench: MakeBench) -> None:
    bench = make_bench(thumbnail_seconds=2)
    error = bench.outcome("a-hangs", "one").error
    assert error is not None and "it took longer than 2 seconds" in error.message
    assert bench.outcome("a-hangs", "two", digest="one".ljust(64, "0")).error
    assert bench.calls("two") == 0
    assert bench.outcome("a-page", "three").files


def test_a_function_that_swells_is_ended(make_bench: MakeBench) -> None:
    bench = make_bench(memory=150 * 2**20)
    error = bench.outcome("a-swells", "one").error
    assert error is not None and "it needed more than 150 MB of memory" in error.message
    assert bench.outcome("a-good", "two").files


def test_what_is_printed_does_not_disturb(bench: Bench) -> None:
    assert bench.outcome("a-prints", "one").files
    assert bench.outcome("a-good", "two").files


def test_what_is_raised_is_told(bench: Bench) -> None:
    error = bench.outcome("a-raises", "said").error
    assert error is not None and (error.message, error.hint) == ("The file is empty.", "Choose another.")
    error = bench.outcome("a-raises", "other").error
    assert error is not None and "ZeroDivisionError: it was zero" in error.message
    assert "Traceback" in error.detail
    error = bench.outcome("a-exits", "exit").error
    assert error is not None and "SystemExit: 3" in error.message
    assert len(bench.service.pids) == 1


@pytest.mark.parametrize("lie", ["none", "large", "short", "negative", "words", "page", "endless"])
def test_what_is_no_thumbnail_is_refused(bench: Bench, lie: str) -> None:
    error = bench.outcome("a-lies", lie).error
    assert error is not None and f"“{lie}” cannot be processed" in error.message
    assert not list(bench.cache.rglob("*.thumb*"))


def test_a_death_is_seen_although_a_child_of_it_holds_its_pipes(bench: Bench) -> None:
    error = bench.outcome("a-forks", "one").error
    assert error is not None and "it ended unexpectedly" in error.message


def test_a_plugin_that_is_not_there_any_more_is_said(bench: Bench) -> None:
    (bench.place / "site" / "xa" / "odd.py").unlink()
    error = bench.outcome("a-good", "one").error
    assert error is not None and "ModuleNotFoundError" in error.message


def test_a_process_that_cannot_start_fails_its_wishes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/does/not/exist")
    error = bench.outcome("a-good", "one").error
    assert error is not None and "cannot be started" in error.message


def test_a_process_that_ends_at_its_start_fails_its_wishes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    error = bench.outcome("a-good", "one").error
    assert error is not None and "cannot be started" in error.message
    monkeypatch.undo()


# --- processes ----------------------------------------------------------------------------------------------


def test_third_parties_have_a_process_of_their_own_one_plugin_at_a_time(bench: Bench) -> None:
    most = 0
    seen: dict[str, set[int]] = {"a": set(), "b": set(), "c": set()}
    for name in ("a1", "b1", "c1", "a2", "c2", "b2"):
        assert bench.outcome(f"{name[0]}-good", name).files
        pids = set(bench.service.pids)
        most = max(most, len(pids))
        seen[name[0]] |= {bench.service._ours.pid if name[0] == "a" else bench.service._theirs.pid}  # type: ignore[arg-type]
    assert most == 2
    assert len(seen["a"]) == 1
    assert not (seen["a"] | seen["b"]) & seen["c"]


def test_many_wishes_of_two_third_parties_are_all_made(bench: Bench) -> None:
    names = [f"{plugin}{number}" for number in range(6) for plugin in ("b", "c")]
    for name in names:
        bench.wish(f"{name[0]}-good", name)
    assert all(outcome.files for outcome in bench.answers.wait(*names))


def test_it_ends_when_nothing_was_wished_for_a_while(make_bench: MakeBench) -> None:
    bench = make_bench(idle_seconds=0.2)
    assert bench.outcome("a-good", "one").files
    wait_for(lambda: not bench.service.pids)
    wait_for(lambda: bench.service._ours._thread is None)
    assert bench.outcome("a-good", "two").files


def test_it_ends_with_the_service(bench: Bench) -> None:
    bench.wish("a-hangs", "one")
    wait_for(lambda: bench.calls("one"))
    [pid] = bench.service.pids
    bench.service.close()
    assert not psutil.pid_exists(pid)
    assert bench.answers.wait("one")[0].cancelled
    assert bench.outcome("a-good", "after").cancelled
    assert bench.service.pids == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the closed pipe ends it")
def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import sys, time\nfrom pathlib import Path\n"
        "from studio.plugins.media import Media\nfrom studio.service.service import Service\n"
        "made = Service(Media(), Path(sys.argv[1]))\n"
        "made.thumbnail('text', Path(__file__ if '__file__' in globals() else sys.argv[1]), 'd' * 64, 32, "
        "lambda outcome: print(made.pids[0], flush=True))\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert psutil.pid_exists(child)
        parent.send_signal(signal.SIGKILL)
    wait_for(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie")


# --- imports and exports ------------------------------------------------------------------------------------


def test_an_export_appears_whole(bench: Bench) -> None:
    source, folder = bench.file("item"), bench.place / "out"
    folder.mkdir()
    (folder / "item.out").write_text("older")
    made = bench.service.export_now("a-good", "two", source, folder / "item.out", {"x": 1}, name=" Name")
    assert made == (folder / "item.out", folder / "item.mtl")
    assert made[0].read_bytes() == b"data{'x': 1} Name"
    assert sorted(path.name for path in folder.iterdir()) == ["item.mtl", "item.out"]


def test_an_export_that_dies_leaves_nothing(bench: Bench) -> None:
    source, folder = bench.file("item"), bench.place / "out"
    folder.mkdir()
    with pytest.raises(StudioError, match="it ended unexpectedly"):
        bench.service.export_now("b-good", "dies", source, folder / "item.out", {})
    assert list(folder.iterdir()) == []
    with pytest.raises(StudioError):
        bench.service.export_now("b-good", "dies", source, folder / "item.out", {})
    assert bench.calls("item") == 2, "who asks again means it"


@pytest.mark.parametrize("format", ["escapes", "nothing"])
def test_an_exporter_that_lies_is_refused(bench: Bench, format: str) -> None:
    with pytest.raises(StudioError, match="ValueError"):
        bench.service.export_now("a-good", format, bench.file("item"), bench.place / "item.out", {})
    assert not (bench.place / "item.out").exists()


def test_a_format_that_nobody_writes_is_said(bench: Bench) -> None:
    with pytest.raises(BadInput, match="Nothing that is installed writes"):
        bench.service.export_now("a-good", "none", bench.file("item"), bench.place / "item.out", {})


def export(bench: Bench, format: str, name: str) -> Wish:
    """Begins one; its file and its answer are called `name`."""
    return bench.service.export(
        "a-good", format, bench.file("item"), bench.place / name, {}, bench.answers.take(name)
    )


def test_an_export_is_cancelled_at_once_and_thumbnails_go_on(bench: Bench) -> None:
    wish = export(bench, "waits", "o.x")
    bench.wish("a-waits", "slow")
    wait_for(lambda: (bench.files / "waiting").exists() and bench.calls("slow"))
    bench.service.cancel(wish)
    assert bench.answers.wait("o.x")[0].cancelled
    go(bench, "slow")
    assert bench.answers.wait("slow")[0].files
    assert not (bench.place / "o.x").exists()
    assert not list(bench.place.glob(".export-*"))


def test_an_export_that_waits_is_cancelled(bench: Bench) -> None:
    first = export(bench, "waits", "o.x")
    wait_for(lambda: (bench.files / "waiting").exists())
    second = export(bench, "copy", "p.x")
    bench.service.cancel(second)
    assert bench.answers.wait("p.x")[0].cancelled
    bench.service.cancel(first)
    bench.answers.wait("o.x")
    assert not (bench.place / "p.x").exists()


def test_a_long_export_keeps_no_thumbnail_waiting(make_bench: MakeBench) -> None:
    bench = make_bench(thumbnail_seconds=2)
    wish = export(bench, "waits", "o.x")
    for number in range(3):
        assert bench.outcome("a-good", f"good{number}").files
    assert bench.outcome("a-hangs", "hangs").error
    assert "o.x" not in bench.answers.found
    bench.service.cancel(wish)
    bench.answers.wait("o.x")


def test_an_import_writes_files_of_items(bench: Bench) -> None:
    folder = bench.place / "new" / "items"
    made = bench.service.load_now(bench.file("file.B"), folder)
    assert made == (folder / "1.part", folder / "2.part")
    with pytest.raises(StudioError, match="The file is broken"):
        bench.service.load_now(bench.file("file.b", b"broken"), bench.place / "other")
    assert not (bench.place / "other").exists()
    with pytest.raises(BadInput, match="Nothing that is installed imports"):
        bench.service.load_now(bench.file("file.xyz"), folder)
