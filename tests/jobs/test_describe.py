"""Plugins described by real workers: what is broken is a row with its reason, and the rest work."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from studio.errors import PluginError
from studio.jobs.describe import discover
from studio.plugins.catalog import Catalog, PluginDescription, installed_key, load_cached, save_cached

GOOD = '''
from studio.api import *
print("printing at import")
class Good(Generator):
    """Makes something. More about it."""
    name, title, kind = "good", "Good", Kind.TEXT
    def generate(self, params, run): yield
@hookimpl
def register_generators(): return [Good]
'''
BAD_SCHEMA = GOOD.replace(
    "    def generate", "    class Params(Params):\n        x: object = object()\n    def generate"
)
BAD_DEFAULT = GOOD.replace(
    "    def generate",
    "    class Params(Params):\n        x: Annotated[int, Field(ge=5)] = 1\n    def generate",
).replace("from studio.api", "from typing import Annotated\nfrom studio.api")


def environment(folder: Path) -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))}


def by_name(catalog: Catalog) -> dict[str, PluginDescription]:
    return {plugin.key: plugin for plugin in catalog.plugins}


@pytest.mark.slow
def test_every_way_to_be_broken_is_a_row(tmp_path: Path, plugin_maker: Any) -> None:
    site = tmp_path / "site"
    site.mkdir()
    plugin_maker(site, "good", GOOD)
    plugin_maker(site, "raises", "raise RuntimeError('no license server')")
    plugin_maker(site, "missing", "import a_library_that_nobody_has")
    plugin_maker(site, "syntax", "def broken(:\n")
    plugin_maker(site, "exits", "import sys; sys.exit('bye')")
    plugin_maker(site, "dies", "import os; os.abort()")
    plugin_maker(site, "hangs", "import time\ntime.sleep(60)")
    plugin_maker(site, "bad-schema", BAD_SCHEMA)
    plugin_maker(site, "bad-default", BAD_DEFAULT)
    plugin_maker(site, "no-hook", "x = 1")
    plugin_maker(site, "old-hook", GOOD.replace("register_generators():", "register_generators(stage):"))
    plugin_maker(site, "typo", GOOD.replace("register_generators", "register_generator"))
    plugin_maker(site, "not-a-list", GOOD.replace("return [Good]", "return Good"))
    plugin_maker(site, "not-a-class", GOOD.replace("return [Good]", "return [Good()]"))
    plugin_maker(site, "hook-raises", GOOD.replace("return [Good]", "1 / 0"))
    plugin_maker(site, "twice", GOOD.replace("return [Good]", "return [Good, type('Other', (Good,), {})]"))
    plugin_maker(site, "Bad Name", GOOD, module="bad_name", distribution="bad-name")
    (site / "half_a_package-1.dist-info").mkdir()
    (site / "half_a_package-1.dist-info" / "entry_points.txt").write_text("[studio.plugins]\nhalf = half\n")
    (site / "odd_package-1.dist-info").mkdir()
    (site / "odd_package-1.dist-info" / "entry_points.txt").write_text("no section, no sense")
    plugin_maker(site, "image", GOOD, distribution="rival", module="rival")

    catalog = discover(tmp_path / "cache", environment=environment(site), plugin_seconds=1.5)
    rows = by_name(catalog)

    good = rows["good studio-good"]
    assert good.failure is None
    assert (good.version, good.licence, good.hooks) == ("1.0", "MIT", ("register_generators",))
    assert catalog.generator("good/good").summary == "Makes something. More about it."
    assert good.import_seconds > 0
    assert "image/inpaint" in catalog.generators  # ours, though a rival has its name
    assert {id for id in catalog.generators if not id.startswith(("text/", "product/", "music/"))} == {
        "good/good",
        "image/inpaint",
    }
    assert catalog.devices[0] == "cpu"
    assert catalog.libraries["numpy"]

    reasons = {
        "raises": "RuntimeError: no license server",
        "missing": "No module named 'a_library_that_nobody_has'",
        "syntax": "SyntaxError",
        "exits": "SystemExit: bye",
        "dies": "ended the worker. The generator stopped unexpectedly (abort)",
        "hangs": "took longer than 1.5 seconds",
        "bad-schema": "Good cannot be described",
        "bad-default": "defaults that break its own rules",
        "no-hook": "implements no hook",
        "old-hook": "stage",
        "typo": "register_generator",
        "not-a-list": "instead of a list",
        "not-a-class": "no subclass of Generator",
        "hook-raises": "ZeroDivisionError",
        "twice": "“twice/good” is used twice: by Good and Other",
    }
    for name, reason in reasons.items():
        failure = rows[f"{name} studio-{name}"].failure
        assert failure is not None, name
        assert reason in failure.reason, name
        assert failure.traceback or name == "hangs", name
    assert rows["hangs studio-hangs"].version == "1.0"
    assert rows["hangs studio-hangs"].import_seconds > 1
    rival = rows["image rival"].failure
    assert rival is not None
    assert "taken by studio" in rival.reason and "rival" in rival.reason
    assert "lower-case" in rows["Bad Name bad-name"].failure.reason  # type: ignore[union-attr]
    assert len(rows) == len(reasons) + 7

    with pytest.raises(PluginError, match="no license server"):
        catalog.generator("raises/anything")
    with pytest.raises(PluginError, match="no generator “good/other”"):
        catalog.generator("good/other")


@pytest.mark.slow
def test_the_cache_sees_every_edit(
    tmp_path: Path, plugin_maker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, cache = tmp_path / "site", tmp_path / "cache"
    site.mkdir()
    assert load_cached(cache) is None
    plugin_maker(site, "good", GOOD)
    monkeypatch.syspath_prepend(str(site))
    catalog = discover(cache, environment=environment(site))
    assert load_cached(cache) == catalog

    module = site / "plugin_good.py"
    module.write_text(GOOD.replace('title, kind = "good", "Good"', 'title, kind = "good", "Better"'))
    assert load_cached(cache) is None
    assert discover(cache, environment=environment(site)).generator("good/good").title == "Better"
    assert load_cached(cache) is not None

    (site / "other-2.0.dist-info").mkdir()
    assert load_cached(cache) is None


def test_a_damaged_cache_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "catalog.json").write_bytes(b'{"format": 1, "key": "\xff')
    assert load_cached(tmp_path) is None


def test_without_room_for_it_there_is_no_cache_and_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    catalog = Catalog(plugins=(), devices=("cpu",))
    (tmp_path / "file").write_text("")
    save_cached(tmp_path / "file" / "cache", catalog, installed_key())
    monkeypatch.setattr(Path, "write_bytes", full)
    save_cached(tmp_path / "cache", catalog, installed_key())
    assert load_cached(tmp_path / "cache") is None
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_driver_that_comes_or_goes_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was installed, and yet there is another device to compute on."""
    monkeypatch.setattr("studio.backends.device._GPU_FILES", (str(tmp_path / "nvidiactl"),))
    before = installed_key()
    (tmp_path / "nvidiactl").touch()
    assert installed_key() != before


@pytest.mark.slow
def test_what_is_wrong_in_a_manifest_is_a_note_of_its_plugin(
    tmp_path: Path, plugin_maker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    folder = site / "with_manifest"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('no license server')")
    (folder / "medium.toml").write_text('manifest = 1\ntitle = "T"\n[[kinds]]\nid = "image"\n')
    info = site / "With.Manifest-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: With.Manifest\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[studio.plugins]\nlying = with_manifest\n")
    monkeypatch.syspath_prepend(site)
    found = by_name(discover(tmp_path / "cache", environment=environment(site)))["lying With.Manifest"]
    assert found.failure is not None
    [note] = found.notes
    assert "The manifest of the plugin “lying”, kinds[1]:" in note
