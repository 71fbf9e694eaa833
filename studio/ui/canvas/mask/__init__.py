"""The mask that a designer paints: a Qt-free model on numpy.

Importing this package imports numpy and OpenCV, so the window does it with the first photo, not at start.
"""

from studio.ui.canvas.mask.brush import Brush
from studio.ui.canvas.mask.model import MaskModel

__all__ = ["Brush", "MaskModel"]
