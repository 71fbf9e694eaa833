"""Color labels are told apart by eyes that see two colors only, and by their shapes alone."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPainter
from skimage.color import deltaE_ciede2000, rgb2lab

from studio.core.item import Label
from studio.ui.kit.label_mark import draw_label, label_icon
from studio.ui.kit.theme import BUILT_IN, LABELS, LIGHT, Theme

NAMES = [str(label) for label in Label if label is not Label.NONE]
APART = 12.0
"""CIEDE2000; 2 is just seen side by side."""

EYES = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""What is left of linear sRGB (Machado, Oliveira, Fernandes 2009, severity 1)."""


def seen_as(colors: np.ndarray, eyes: str) -> np.ndarray:
    """(N, 3) sRGB 0..1 as CIE Lab of what such eyes see."""
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    left = np.clip(linear @ EYES[eyes].T, 0, 1)
    encoded = np.where(left <= 0.0031308, left * 12.92, 1.055 * left ** (1 / 2.4) - 0.055)
    return rgb2lab(encoded[None])[0]


def test_every_label_has_a_color() -> None:
    assert sorted(LABELS) == sorted(f"label_{name}" for name in NAMES)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("chosen", BUILT_IN, ids=lambda one: one.name)
def test_labels_are_told_apart(chosen: Theme, eyes: str) -> None:
    colors = [chosen.color(role) for role in LABELS]
    lab = seen_as(np.array([(c.redF(), c.greenF(), c.blueF()) for c in colors]), eyes)
    for (one, first), (other, second) in itertools.combinations(zip(LABELS, lab, strict=True), 2):
        assert deltaE_ciede2000(first, second) >= APART, (one, other)


def drawn(label: str, size: int = 64) -> np.ndarray:
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        draw_label(painter, QRectF(0, 0, size, size), label, LIGHT)
    return np.array(image.constBits(), np.uint8).reshape(size, size, 4)[..., :3].min(axis=2) < 250


def test_every_label_has_a_shape_of_its_own() -> None:
    shapes = {label: drawn(label) for label in NAMES}
    for one, other in itertools.combinations(NAMES, 2):
        assert (shapes[one] ^ shapes[other]).mean() > 0.04, (one, other)
    for shape in shapes.values():
        assert 0.25 < shape.mean() < 0.9
        assert not shape[0, 0] and not shape[-1, -1]


def test_the_icon_is_drawn_at_the_size_asked_for() -> None:
    for side in (16, 40):
        assert label_icon("blue", LIGHT).pixmap(QSize(side, side)).width() == side
    on = label_icon("red", LIGHT).pixmap(QSize(32, 32)).toImage().pixelColor(16, 16)
    off = label_icon("red", LIGHT).pixmap(QSize(32, 32), QIcon.Mode.Disabled).toImage().pixelColor(16, 16)
    assert on.name() == LIGHT.label_red
    assert off.alpha() < 128


def test_an_unknown_label_is_an_error() -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    with QPainter(image) as painter, pytest.raises(AttributeError):
        draw_label(painter, QRectF(0, 0, 8, 8), "mauve", LIGHT)
