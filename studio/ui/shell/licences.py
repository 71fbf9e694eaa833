"""Everything that the studio is made of, each part with its licence: read from what is installed."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import studio
from studio import paths
from studio.words import tr

MAX_TEXT = 400_000
"""Characters of licence texts that are kept of one part."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_TEXTS = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors)[^/]*$", re.IGNORECASE)
_QT = {"pyside6", "pyside6-essentials", "shiboken6"}


@dataclass(frozen=True)
class Part:
    name: str
    version: str
    licence: str
    """In short: "MIT"."""
    what: str
    """What it is, in a sentence; may be empty."""
    text: str
    """The licence itself, where it lies beside the part."""


def parts() -> list[Part]:
    """Studio itself first, then what it ships, then the libraries by name. Reads many files: use a thread."""
    return [_studio(), *_resources(), *sorted(_libraries(), key=lambda part: part.name.casefold())]


def _studio() -> Part:
    text = _read(Path(studio.__file__).parent.parent / "LICENSE")
    if not text:
        text = "\n".join(_texts(own)) if (own := _distribution("studio")) is not None else ""
    what = tr("A creative studio that runs entirely on your own machine.")
    return Part("Studio", studio.__version__, "Apache-2.0", what, text)


def _resources() -> list[Part]:
    return [
        Part(
            "Inter",
            "4.1",
            "OFL-1.1",
            tr("The font of the window."),
            _read(paths.resource("fonts", "OFL.txt")),
        ),
        Part(
            tr("Icons"),
            "",
            "Apache-2.0",
            tr("Drawn for Studio."),
            tr("The icons were drawn for Studio and are under its own licence, the Apache License 2.0."),
        ),
        Part(
            tr("Sample photos"),
            "",
            "CC0-1.0",
            tr("Free of rights."),
            _read(paths.resource("samples", "LICENSES.md")),
        ),
    ]


def _libraries() -> Iterator[Part]:
    """What Studio needs, and what that needs in turn, as far as it is installed."""
    seen: set[str] = set()
    waiting = ["studio"]
    while waiting:
        name = _key(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        found = _distribution(name)
        if found is None:
            continue
        waiting += [
            match.group()
            for line in found.requires or ()
            if "extra ==" not in line and (match := _NAME.match(line))
        ]
        if name != "studio":
            yield _part(found)


def _part(found: importlib.metadata.Distribution) -> Part:
    data = found.metadata
    text = "\n\n".join(_texts(found))[:MAX_TEXT]
    if _key(data["Name"]) in _QT:
        own = (_read(paths.resource("licences", name)) for name in ("LGPL-3.0.txt", "GPL-3.0.txt"))
        text = "\n\n".join([_about_qt(), *own, text]).strip()
    return Part(data["Name"], data["Version"] or "", short_licence(found), data["Summary"] or "", text)


def short_licence(found: importlib.metadata.Distribution) -> str:
    """Its name, from whichever field of the metadata has it."""
    data = found.metadata
    written = str(data["License-Expression"] or "").strip()
    classifiers = [
        line.rpartition("::")[2].strip()
        for line in data.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    loose = str(data["License"] or "").strip()
    if "\n" in loose or len(loose) > 60:  # some put the whole text there
        loose = ""
    return written or loose or ", ".join(classifiers) or tr("see its text")


def _about_qt() -> str:
    return tr(
        "Qt and PySide6 are used under the GNU Lesser General Public License, version 3. They are separate "
        "libraries in the folder site-packages of this installation and may be replaced by others of the "
        "same interface. Their source code is at https://code.qt.io. The licence, and the GNU General Public "
        "License that it adds to, follow."
    )


def _texts(found: importlib.metadata.Distribution) -> Iterator[str]:
    for file in found.files or ():
        name = str(file)
        if ".dist-info/" in name and _TEXTS.search(name):
            text = _read(Path(str(found.locate_file(file))))
            if text:
                yield text


def _distribution(name: str) -> importlib.metadata.Distribution | None:
    try:
        return importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")[:MAX_TEXT].strip()
    except OSError:
        return ""
