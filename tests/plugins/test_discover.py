"""Loading one plugin, without a worker."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import pytest

from studio.api import Generator, Kind, hookimpl
from studio.errors import PluginError
from studio.plugins.catalog import Catalog, Failure, PluginDescription
from studio.plugins.discover import Broken, Found, describe_found, find, load, load_by_name


class One(Generator):
    """Does one thing."""

    name, title, kind = "one", "One", Kind.TEXT


def plugin(generators: Any, **hooks: Callable[..., Any]) -> types.SimpleNamespace:
    @hookimpl
    def register_generators() -> Any:
        return generators

    return types.SimpleNamespace(register_generators=register_generators, **hooks)


def found(plugin: object, name: str = "test", taken_by: str = "") -> Found:
    row = PluginDescription(name=name, distribution="a-distribution", version="1")
    return Found(row, lambda: plugin, taken_by)


def test_a_good_plugin() -> None:
    loaded = load(found(plugin([One])))
    assert loaded.generators == {"test/one": One}
    assert loaded.descriptions[0].summary == "Does one thing."
    assert loaded.explain(ValueError("x")) is None


def test_its_own_words_on_an_error() -> None:
    @hookimpl
    def explain_error(error: Exception) -> Any:
        return f"about {error}" if "moon" in str(error) else 7

    loaded = load(found(plugin((One,), explain_error=explain_error)))
    assert loaded.explain(ValueError("moon")) == "about moon"
    assert loaded.explain(ValueError("sun")) is None


def test_a_taken_name_names_both() -> None:
    with pytest.raises(Broken, match=r"taken by other; a-distribution uses it too"):
        load(found(plugin([One]), taken_by="other"))


def test_describing_never_raises() -> None:
    def stops() -> None:
        raise KeyboardInterrupt

    description = describe_found(Found(PluginDescription(name="x", distribution="d", version="1"), stops))
    assert description.failure is not None
    assert description.failure.reason == "KeyboardInterrupt"
    assert "Traceback" in description.failure.traceback


def test_the_bundled_plugin_is_found_and_loads() -> None:
    assert "image studio" in [one.row.key for one in find()]
    assert "image/inpaint" in load_by_name("image").generators


def test_an_unknown_plugin_is_said_in_words() -> None:
    with pytest.raises(PluginError, match="There is no plugin “nobody”"):
        load_by_name("nobody")


def test_a_catalog_tells_why_a_generator_is_missing() -> None:
    broken = PluginDescription(
        name="a", distribution="d", version="1", failure=Failure(reason="it is broken")
    )
    catalog = Catalog(plugins=(broken,))
    with pytest.raises(PluginError, match="“a” cannot be used: it is broken"):
        catalog.generator("a/b")
    with pytest.raises(PluginError, match="Offered now: none"):
        catalog.generator("b/b")
