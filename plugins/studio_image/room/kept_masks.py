"""What was painted on photos that are not on the canvas now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio_image.room.mask import KeptMask, MaskModel

BUDGET = 256 * 2**20
"""Bytes of masks and of their undo that are kept; what was used least recently goes first."""


class KeptMasks:
    """By the digest of their photo."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._kept: dict[str, KeptMask] = {}
        """The least recently used first."""

    def __contains__(self, digest: object) -> bool:
        return digest in self._kept

    def put(self, digest: str, model: MaskModel) -> None:
        """Keeps the mask of a photo that leaves the canvas, unless nothing was painted there."""
        from studio_image.room.mask import KeptMask  # numpy, which comes with the first photo

        if model.is_empty and not model.history.can_undo and not model.history.can_redo:
            self._kept.pop(digest, None)
        else:
            self.put_back(digest, KeptMask(model.pixels, model.history))

    def put_back(self, digest: str, kept: KeptMask) -> None:
        """Keeps a mask that comes packed already."""
        self._kept.pop(digest, None)
        self._make_room()
        self._kept[digest] = kept

    def take(self, digest: str) -> KeptMask | None:
        """The mask of a photo that goes onto the canvas."""
        return self._kept.pop(digest, None)

    def clear(self) -> None:
        self._kept.clear()

    def _make_room(self) -> None:
        """Steps of undo go before masks."""
        excess = sum(kept.cost for kept in self._kept.values()) - self._budget
        for kept in self._kept.values():
            if excess > 0:
                before = kept.cost
                kept.forget_history()
                excess -= before - kept.cost
        for digest, kept in [*self._kept.items()]:
            if excess > 0:
                excess -= kept.cost
                del self._kept[digest]
