"""What a model's files say of its licence."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st

from studio.models.licence_hint import licence_hint


def model(folder: Path, metadata: dict[str, str] | None = None) -> Path:
    path = folder / "m.safetensors"
    safetensors.numpy.save_file({"a": np.zeros(3, np.float32)}, path, metadata)
    return path


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("---\nlicense: apache-2.0\n---\nText", "Apache-2.0"),
        ("---\nlanguage: en\nlicense: 'MIT'\n---\n", "MIT"),
        ("---\nlicense: other\nlicense_name: tongyi-qianwen\n---\n", "tongyi-qianwen"),
        ("---\nlicense: gemma\n---", "LicenseRef-Gemma"),
        ("---\nlicense: |\n  long\n---\n", ""),
        ("license: mit\n", ""),
        ("---\nlicense: mit\n", ""),
        ("", ""),
    ],
)
def test_the_card_of_a_model(tmp_path: Path, card: str, expected: str) -> None:
    path = model(tmp_path)
    (tmp_path / "README.md").write_text(card, encoding="utf-8")
    assert licence_hint(path) == licence_hint(tmp_path) == expected


def test_its_own_metadata_count_first(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n", encoding="utf-8")
    assert licence_hint(model(tmp_path, {"modelspec.license": "CC0-1.0"})) == "CC0-1.0"
    assert licence_hint(model(tmp_path, {"license": "\x1b[31m evil"})) == "MIT"


def test_the_text_of_a_licence(tmp_path: Path) -> None:
    path = model(tmp_path)
    assert licence_hint(path) == ""
    (tmp_path / "LICENSE").write_text("   Apache License\n   Version 2.0, January 2004", encoding="utf-8")
    assert licence_hint(path) == "Apache-2.0"
    for nothing in (tmp_path / "nothing here", Path("a\0b")):
        assert licence_hint(nothing) == ""


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_give_some_short_answer(header: bytes, card: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.safetensors"
        path.write_bytes(len(header).to_bytes(8, "little") + header)
        (Path(folder) / "README.md").write_bytes(b"---\nlicense: " + card)
        assert len(licence_hint(path)) <= 80
