"""A plugin whose functions do what no function should, and the service that runs them."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.plugins.manifest import read_manifest
from studio.plugins.media import Media, Plugin
from studio.service.lane import Limits
from studio.service.service import Service
from studio.service.wish import Outcome, Wish

FUNCTIONS = Path(__file__).with_name("odd_functions.py")
KINDS = ("good", "page", "dies", "hangs", "swells", "prints", "raises", "exits", "lies", "waits", "forks")
PATIENCE = 300.0
"""Seconds until a test gives up: only a defect takes so long."""


def make_plugin(site: Path, name: str, *, distribution: str = "other") -> Plugin:
    """A plugin with a package of its own, whose kinds are called `name-good`, `name-dies` and so on."""
    package = f"x{name}"
    folder = site / package
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").touch()
    (folder / "odd.py").write_text(FUNCTIONS.read_text("utf-8"), "utf-8")
    rows = [
        f'[[kinds]]\nid = "{name}-{kind}"\ntitle = "K"\nplural = "K"\nthumbnail = "{package}.odd:{kind}"\n'
        for kind in KINDS
    ]
    for format in ("copy", "two", "dies", "waits", "escapes", "nothing", "raises", "full", "other"):
        rows.append(
            f'[[exporters]]\nid = "{format}"\nkind = "{name}-good"\ntitle = "E"\nextension = ".out"\n'
            f'export = "{package}.odd:export_{format}"\n'
        )
    rows.append(
        f'[[importers]]\nextensions = [".{name}"]\nkind = "{name}-good"\nload = "{package}.odd:load"\n'
    )
    file = folder / "medium.toml"
    file.write_text('manifest = 1\ntitle = "Odd"\n' + "".join(rows), "utf-8")
    manifest = read_manifest(file, name)
    assert manifest.notes == ()
    return Plugin(
        name=name,
        distribution=distribution,
        version="1",
        package=package,
        folder=folder,
        manifest=manifest,
    )


class Answers:
    """Collects what came of wishes, from any thread."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self.found: dict[str, Outcome] = {}
        self.order: list[str] = []

    def take(self, name: str) -> Callable[[Outcome], None]:
        def done(outcome: Outcome) -> None:
            with self._wake:
                assert name not in self.found, "told twice"
                self.found[name] = outcome
                self.order.append(name)
                self._wake.notify_all()

        return done

    def wait(self, *names: str) -> list[Outcome]:
        with self._wake:
            there = self._wake.wait_for(lambda: all(name in self.found for name in names), PATIENCE)
        assert there, f"only {[*self.found]} of {names}"
        return [self.found[name] for name in names]


class Bench:
    """A service over the odd plugins "a" (bundled), "b" and "c" (third parties), and what it answered."""

    def __init__(self, place: Path, **limits: Any) -> None:
        self.place = place
        self.files = place / "files"
        self.files.mkdir(exist_ok=True)
        self.cache = place / "cache"
        self.answers = Answers()
        self.media = Media(
            [
                make_plugin(place / "site", "a", distribution="studio"),
                make_plugin(place / "site", "b"),
                make_plugin(place / "site", "c"),
            ]
        )
        self.service = Service(self.media, self.cache, limits=Limits(tick=0.02, **limits))

    def file(self, name: str, data: bytes = b"data") -> Path:
        path = self.files / name
        path.write_bytes(data)
        return path

    def wish(self, kind: str, name: str, *, digest: str = "") -> Wish:
        """Asks for the thumbnail of a new file; its answer is called `name`."""
        source = self.file(name)
        digest = digest or name.ljust(64, "0")
        return self.service.thumbnail(kind, source, digest, 32, self.answers.take(name))

    def outcome(self, kind: str, name: str, *, digest: str = "") -> Outcome:
        self.wish(kind, name, digest=digest)
        return self.answers.wait(name)[0]

    def calls(self, name: str) -> int:
        """How often a function was called for a file."""
        log = self.files / "calls.log"
        return log.read_text().splitlines().count(name) if log.exists() else 0


def wait_for(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.01)


@pytest.fixture
def make_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bench]]:
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.setenv("PYTHONPATH", ":".join([str(site), *filter(None, sys.path)]))
    made: list[Bench] = []

    def make(**limits: Any) -> Bench:
        made.append(Bench(tmp_path, **limits))
        return made[-1]

    yield make
    for bench in made:
        bench.service.close()


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench()
