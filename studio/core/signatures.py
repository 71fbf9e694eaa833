"""Which format a picture has, told by its first bytes: names and extensions are only claims."""

from __future__ import annotations

HEAD = 12
"""How many bytes tell it."""

_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"BM": "bmp",
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
}


def picture_format(head: bytes) -> str | None:
    """The format's name in lower case, as Qt and Pillow know it; None for anything else."""
    if head[:4] == b"RIFF" and head[8:HEAD] == b"WEBP":
        return "webp"
    return next((name for signature, name in _SIGNATURES.items() if head.startswith(signature)), None)
