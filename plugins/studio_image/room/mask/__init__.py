"""The mask that a designer paints: a Qt-free model on numpy.

Importing this package imports numpy and OpenCV, so the window does it with the first photo, not at start.
"""

from studio_image.room.mask.brush import Brush
from studio_image.room.mask.model import MaskModel
from studio_image.room.mask.trail import KeptMask, Trail

__all__ = ["Brush", "KeptMask", "MaskModel", "Trail"]
