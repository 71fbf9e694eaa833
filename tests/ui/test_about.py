from __future__ import annotations

import importlib.metadata

import pytest
from PySide6.QtGui import QGuiApplication

from studio.plugins.catalog import Catalog, PluginDescription
from studio.ui.shell.about import AboutDialog
from studio.ui.shell.licences import parts, short_licence


@pytest.fixture(scope="module")
def found():
    return {part.name: part for part in parts()}


def test_all_that_is_used_is_listed(found) -> None:
    for name in ("Studio", "Inter", "numpy", "pillow", "pluggy", "torch", "PySide6_Essentials"):
        assert name.casefold() in {one.casefold() for one in found}, name
    assert "pytest" not in found, "what only developers need is not part of it"


def test_licences_have_names_and_most_have_texts(found) -> None:
    assert "Apache License" in found["Studio"].text
    assert "SIL Open Font License" in found["Inter"].text
    assert "LGPL" in found["shiboken6"].licence
    qt = found["shiboken6"].text
    assert "may be replaced" in qt
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in qt and "TERMS AND CONDITIONS" in qt
    assert "CC0" in found["Sample photos"].text
    assert all(part.licence for part in found.values())
    assert sum(bool(part.text) for part in found.values()) > 0.8 * len(found)


def test_a_whole_text_in_the_field_is_no_name() -> None:
    assert len(short_licence(importlib.metadata.distribution("scikit-image"))) < 60


def test_the_list_is_searched_and_copied(qtbot, dressed, until) -> None:
    plugin = PluginDescription(name="image", distribution="studio", version="1", licence="Apache-2.0")
    dialog = AboutDialog(None, Catalog(plugins=(plugin,)))
    dialog.open()
    assert dialog.state.text() == "Reading the licences…"
    until(lambda: dialog.list.count() > 10)
    assert [part.name for part in dialog.parts()][:2] == ["Studio", "Plugin image"]
    assert "Apache License" in dialog.text.toPlainText()
    assert dialog.text.horizontalScrollBar().maximum() == 0
    dialog.search.setText("ofl")
    assert [part.name for part in dialog.parts()] == ["Inter"]
    assert "SIL" in dialog.text.toPlainText()
    dialog.copy_list()
    assert QGuiApplication.clipboard().text() == "Inter 4.1 OFL-1.1"
    dialog.search.setText("no such thing")
    assert dialog.state.text() == "Nothing fits."
    assert dialog.text.toPlainText() == ""
    dialog.close()


def test_closing_before_it_has_read_is_fine(qtbot, dressed) -> None:
    dialog = AboutDialog(None, None)
    dialog.open()
    dialog.reject()
