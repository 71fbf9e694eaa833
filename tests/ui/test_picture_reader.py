"""Pictures are read by their first bytes, without Qt's own search for their format."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from studio.ui.kit.picture_reader import picture_reader

_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'

_HEADS = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_every_format_is_read_whatever_its_name(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "picture.bin"
    Image.new("RGB", (12, 7), "red").save(file, kind)
    reader = picture_reader(file)
    assert reader is not None
    assert reader.size() == QSize(12, 7)
    assert not reader.read().isNull()


@pytest.mark.parametrize("data", [b"", _SVG, b"RIFF1234WAVE", b"plain words"])
def test_anything_else_is_no_picture(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "picture.svg"
    file.write_bytes(data)
    assert not QImage(str(file)).isNull() or data != _SVG, "Qt itself would find this one"
    assert picture_reader(file) is None
    assert picture_reader(tmp_path / "absent.png") is None


@given(st.binary(max_size=40), st.sampled_from(_HEADS))
def test_bytes_that_only_begin_like_a_picture_are_none(tmp_path_factory, tail: bytes, head: bytes) -> None:
    file = tmp_path_factory.mktemp("broken") / "picture"
    file.write_bytes(head + tail)
    reader = picture_reader(file)
    assert reader is not None
    reader.size()
    reader.read()
