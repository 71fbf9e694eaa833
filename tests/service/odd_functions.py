"""The functions of a test's plugin. Copied into its package and run in a service process."""

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

from studio.api.values import ExportRequest, Pixels, StudioError, TextPage


def _called(source: Path) -> None:
    with (source.parent / "calls.log").open("a") as log:
        log.write(f"{source.name}\n")


def good(source: Path, side: int) -> Pixels:
    _called(source)
    return Pixels(side, side, b"\x80\x40\x20\xff" * (side * side))


def page(source: Path, side: int) -> TextPage:
    _called(source)
    return TextPage((source.name, "second"))


def dies(source: Path, side: int) -> Pixels:
    _called(source)
    print("last words of", source.name)
    os.abort()


def hangs(source: Path, side: int) -> Pixels:
    _called(source)
    time.sleep(600)
    raise AssertionError


def swells(source: Path, side: int) -> Pixels:
    _called(source)
    held = []
    while True:
        held.append(b"x" * 2**24)
        time.sleep(0.005)


def prints(source: Path, side: int) -> Pixels:
    print('{"type":"done","id":1,"files":[]}', flush=True)
    os.write(1, b"more of that\n")
    subprocess.run([sys.executable, "-c", "print('and a child')"], check=True)
    return good(source, side)


def raises(source: Path, side: int) -> Pixels:
    _called(source)
    if source.name.startswith("said"):
        raise StudioError("The file is empty.", "Choose another.")
    raise ZeroDivisionError("it was zero")


def exits(source: Path, side: int) -> Pixels:
    _called(source)
    sys.exit(3)


def lies(source: Path, side: int) -> object:
    _called(source)
    return {
        "none": None,
        "large": Pixels(side + 1, 1, b"abcd" * (side + 1)),
        "short": Pixels(side, side, b"abc"),
        "negative": Pixels(-1, -1, b"abcd"),
        "words": Pixels("9", 9, b""),  # type: ignore[arg-type]
        "page": TextPage((1, 2)),  # type: ignore[arg-type]
        "endless": TextPage(None),  # type: ignore[arg-type]
    }[source.name]


def waits(source: Path, side: int) -> Pixels:
    """Until the test puts a file `NAME.go` beside it."""
    _called(source)
    while not source.with_name(f"{source.name}.go").exists():
        time.sleep(0.01)
    return good(source, side)


def forks(source: Path, side: int) -> Pixels:
    """Dies, but leaves a child that holds its pipes open."""
    _called(source)
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], close_fds=False)
    os.abort()


def export_copy(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    target.write_bytes(source.read_bytes() + repr(request.options).encode() + request.name.encode())
    return [target]


def export_two(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    beside = target.with_suffix(".mtl")
    beside.write_text("beside")
    return [*export_copy(source, target, request), beside]


def export_dies(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    _called(source)
    target.write_bytes(b"half")
    os.abort()


def export_waits(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    target.write_bytes(b"half")
    (source.parent / "waiting").touch()
    time.sleep(600)
    return [target]


def export_escapes(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    outside = source.parent / "outside.txt"
    outside.touch()
    return [outside]


def export_nothing(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    return [target]


def export_raises(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    target.write_bytes(b"half")
    raise ZeroDivisionError("it was zero")


def export_full(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    raise OSError(errno.ENOSPC, "No space left on device")


def export_other(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    other = target.with_name("other.txt")
    other.touch()
    return [other]


def load(source: Path, folder: Path) -> list[Path]:
    if source.read_bytes() == b"broken":
        raise StudioError("The file is broken.", "Repair it.")
    made = []
    for number in (1, 2):
        made.append(folder / f"{number}.part")
        made[-1].write_bytes(source.read_bytes())
    return made
