"""Pictures from outside: read with care, kept at their depth.

Nothing is decoded before its header was read and found to be within limits. Whatever Pillow raises for a
damaged file becomes a `BadInput` that says what to do. numpy, Pillow and OpenCV are imported inside the
functions, since the window imports this module.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.errors import BadInput
from studio.words import mark, tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image as PilImage

MAX_PIXELS = 89_000_000
"""Just under Pillow's own bomb limit: 24 and 61 megapixel cameras fit."""
MAX_BYTES = 200 * 1024 * 1024
MASK_THRESHOLD = 128
"""A mask's value from which a pixel is repainted entirely."""

_FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP")
"""What is read, as Pillow names it."""

_ORIENTATION = 0x0112
_LOSSY = {"JPEG", "MPO", "WEBP"}
_MASK_NOISE = 16
_WHAT_TO_DO = mark("Open it in a photo program and save it as PNG or JPEG, then try again.")


@dataclass
class Picture:
    """A decoded picture: `pixels` is uint8 or uint16, (H, W, C).

    C is 1 for gray, 2 for gray and alpha, 3 for RGB, 4 for RGBA. Alpha is not
    premultiplied. `icc` is the embedded color profile, of the same color space as the pixels.
    """

    pixels: NDArray[Any]
    icc: bytes | None = None

    @property
    def size(self) -> tuple[int, int]:
        """(width, height), pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

    @property
    def channels(self) -> int:
        return int(self.pixels.shape[2])

    @property
    def has_alpha(self) -> bool:
        return self.channels in (2, 4)

    @property
    def bits(self) -> int:
        """8 or 16, per channel."""
        return 8 * self.pixels.dtype.itemsize

    def rgb8(self) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 for algorithms: alpha left out, gray repeated, 16 bits rounded to 8."""
        import numpy as np

        color = self.pixels[..., :3] if self.channels > 2 else np.repeat(self.pixels[..., :1], 3, axis=2)
        if color.dtype == np.uint8:
            return color
        return ((color.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)


def probe(path: Path) -> tuple[int, int]:
    """(width, height) as it will be shown, from the header alone.

    Raises:
        BadInput: `load_image` would refuse it for what its header says.
    """
    with _opened(path) as image:
        width, height = image.size
        # Pillow gives a TIFF's size turned already.
        turned = image.format != "TIFF" and _orientation(image) >= 5
        return (height, width) if turned else (width, height)


def load_image(path: Path) -> Picture:
    """A picture from a PNG, JPEG, WEBP, TIFF, GIF or BMP file, turned as its camera held it.

    16-bit gray and RGB stay 16 bits. CMYK and Lab become RGB (through the embedded profile, where there is
    one), palettes become RGB or RGBA. Of an animation, the first frame.

    Raises:
        BadInput: missing, not an image, damaged, cut off, too large, or of a kind that we do not read.
    """
    with _opened(path) as image:
        if image.format == "PNG":
            _check_sums(path)
        deep = _is_deep_color(image, path)
        orientation = _orientation(image)
        icc = image.info.get("icc_profile")
        image.load()
        if deep:
            pixels = _decode_deep(path, has_color=_png_color_type(path) != 4)
            orientation = 1 if image.format == "TIFF" else orientation  # OpenCV turns a TIFF, as Pillow does
        else:
            orientation = _orientation(image)  # Pillow turns a TIFF while loading it
            pixels, icc = _decode(image, icc)
        return Picture(_turned(pixels, orientation), _fitting_profile(icc, pixels.shape[2]))


def load_mask(path: Path, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """A mask that can be worked with: as `read_mask`, but neither empty nor full.

    Raises:
        BadInput: as `read_mask`, or it marks nothing or everything.
    """
    mask = read_mask(path, size)
    if mask.max() < MASK_THRESHOLD:
        raise BadInput(
            tr("The mask “{name}” is empty.", name=path.name), tr("Paint white over what must go.")
        )
    if mask.min() > 0:
        raise BadInput(
            tr("The mask “{name}” covers the whole picture.", name=path.name),
            tr("Leave some of the picture unpainted: new content is made from what stays."),
        )
    return mask


def read_mask(path: Path, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """A mask, (H, W): 0 keeps a pixel, 128 and more repaint it, values between blend (a soft edge).

    Color counts by its brightness, and transparent parts count as black. But where all that is visible has
    one color while the opacity varies, the opacity is the mask: a stroke on an empty layer is one, whatever
    its color. In JPEG and WEBP masks, values under 16 are noise and become 0. `size` is the (width, height)
    that it must have.

    Raises:
        BadInput: as `load_image`, or of another size.
    """
    import cv2
    import numpy as np

    picture = load_image(path)
    if size is not None and picture.size != size:
        raise BadInput(
            tr(
                "The mask “{name}” has {width} × {height} pixels, "
                "but the photo has {photo_width} × {photo_height}.",
                name=path.name,
                width=picture.size[0],
                height=picture.size[1],
                photo_width=size[0],
                photo_height=size[1],
            ),
            tr("Use the mask that was made for this photo, or paint a new one."),
        )
    color = picture.rgb8()
    mask: NDArray[Any] = (
        cv2.cvtColor(np.ascontiguousarray(color), cv2.COLOR_RGB2GRAY)
        if picture.channels > 2
        else color[..., 0].copy()
    )
    if picture.has_alpha:
        alpha = Picture(picture.pixels[..., -1:]).rgb8()[..., 0]
        visible = color[alpha > 0]
        if alpha.min() < alpha.max() and (visible == visible[0]).all():
            mask = alpha.copy()
        else:
            mask = cv2.multiply(mask, alpha, scale=1 / 255)
    with _opened(path) as image:
        if image.format in _LOSSY:
            mask[mask < _MASK_NOISE] = 0
    return mask


@contextmanager
def _opened(path: Path) -> Iterator[PilImage.Image]:
    """The file opened by Pillow, its header within limits. Whatever goes wrong inside becomes `BadInput`."""
    from PIL import Image, UnidentifiedImageError

    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BadInput(tr("“{name}” is not a file.", name=path.name), tr("Choose a picture."))
        if size > MAX_BYTES:
            raise BadInput(
                tr(
                    "“{name}” is {size} MB; pictures of up to {most} MB are read.",
                    name=path.name,
                    size=size >> 20,
                    most=MAX_BYTES >> 20,
                ),
                tr("Save it in a smaller size or as JPEG."),
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=_FORMATS) as image:
                _check_header(image, path)
                yield image
    except BadInput:
        raise
    except FileNotFoundError as error:
        raise BadInput(
            tr("“{name}” does not exist any more.", name=path.name), tr("Choose the picture again.")
        ) from error
    except PermissionError as error:
        raise BadInput(
            tr("“{name}” may not be read.", name=path.name), tr("Ask its owner to allow it.")
        ) from error
    except UnidentifiedImageError as error:
        raise BadInput(
            tr("“{name}” is not a picture that the studio can read.", name=path.name),
            tr("It reads PNG, JPEG, WEBP, TIFF, GIF and BMP files."),
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(path) from error
    except Exception as error:  # Pillow's parsers raise nearly anything for damaged bytes
        raise BadInput(
            tr("“{name}” is damaged or cut off.", name=path.name), tr(_WHAT_TO_DO), ascii(error)
        ) from error


def _check_header(image: PilImage.Image, path: Path) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_large(path, f" ({width} × {height} pixels)")
    if width < 1 or height < 1:
        raise BadInput(tr("“{name}” has no pixels.", name=path.name), tr(_WHAT_TO_DO))
    if image.mode in ("I", "F", "I;32", "I;32S"):
        raise BadInput(
            tr("“{name}” has 32 bits per color, which the studio does not read.", name=path.name),
            tr("Save it with 8 or 16 bits."),
        )


def _too_large(path: Path, size: str = "") -> BadInput:
    return BadInput(
        tr(
            "“{name}” is too large{size}: pictures of up to {most} megapixels are read.",
            name=path.name,
            size=size,
            most=MAX_PIXELS // 1_000_000,
        ),
        tr("Make it smaller first."),
    )


def _orientation(image: PilImage.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where it is absent or damaged."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - a damaged EXIF block is no reason to refuse the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _turned(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Pixels (H, W, C) as they are meant to be seen; see the EXIF 2.3 standard, tag Orientation."""
    import numpy as np

    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)


def _check_sums(path: Path) -> None:
    """Raises for a PNG whose checksums do not fit: Pillow shows altered pixels where zlib does not mind."""
    from PIL import Image

    with Image.open(path, formats=("PNG",)) as image:
        image.verify()


def _png_color_type(path: Path) -> int:
    """2 RGB, 4 gray and alpha, 6 RGBA (other values do not matter here); -1 where it is no PNG."""
    with path.open("rb") as file:
        head = file.read(26)
    return head[25] if head[:8] == b"\x89PNG\r\n\x1a\n" and len(head) == 26 else -1


def _is_deep_color(image: PilImage.Image, path: Path) -> bool:
    """Whether it has 16 bits in more than one channel: Pillow reads those as 8 bits, OpenCV keeps them."""
    if image.format == "PNG":
        with path.open("rb") as file:
            depth = file.read(26)[24]
        return depth == 16 and _png_color_type(path) in (2, 4, 6)
    if image.format == "TIFF":
        tags: Any = image.tag_v2  # type: ignore[attr-defined]
        return (
            set(tags.get(258, ())) == {16}
            and tags.get(262) == 2
            and len(tags.get(258, ())) in (3, 4)
            and tags.get(284, 1) == 1
            and 1 not in _numbers(tags.get(338, ()))
            and set(_numbers(tags.get(339, 1))) == {1}
        )
    return False


def _numbers(value: Any) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, tuple) else (value,)


def _decode_deep(path: Path, *, has_color: bool) -> NDArray[Any]:
    import cv2
    import numpy as np

    decoded: NDArray[Any] | None = cv2.imdecode(
        np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED
    )
    if decoded is None or decoded.dtype != np.uint16 or decoded.ndim != 3:
        raise ValueError("16-bit decoding failed")
    if not has_color:
        return decoded[..., [0, 3]]
    return decoded[..., [2, 1, 0] if decoded.shape[2] == 3 else [2, 1, 0, 3]]


def _decode(image: PilImage.Image, icc: bytes | None) -> tuple[NDArray[Any], bytes | None]:
    """Pixels (H, W, C) of a loaded image, and the profile that fits them."""
    import numpy as np

    if image.mode.startswith("I;16"):
        return np.asarray(image).astype(np.uint16)[..., None], icc
    if image.mode in ("CMYK", "LAB"):
        image, icc = _to_srgb(image, icc), None
    else:
        transparent = "transparency" in image.info or image.mode in ("PA", "La", "LA", "RGBA", "RGBa")
        gray = image.mode in ("1", "L", "LA", "La")
        image = image.convert(("LA" if transparent else "L") if gray else ("RGBA" if transparent else "RGB"))
    pixels = np.array(image)
    return (pixels if pixels.ndim == 3 else pixels[..., None]), icc


def _to_srgb(image: PilImage.Image, icc: bytes | None) -> PilImage.Image:
    import io

    from PIL import ImageCms

    srgb = ImageCms.createProfile("sRGB")
    try:
        source: Any = ImageCms.createProfile("LAB") if image.mode == "LAB" else io.BytesIO(icc or b"")
        converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):  # no profile, or not one of this color space
        return image.convert("RGB")
    assert converted is not None
    return converted


def _fitting_profile(icc: bytes | None, channels: int) -> bytes | None:
    """The profile, unless it is of another color space than the pixels (ICC.1:2022, 7.2.8)."""
    if not icc or len(icc) < 128 or icc[36:40] != b"acsp":
        return None
    return icc if icc[16:20] == (b"GRAY" if channels < 3 else b"RGB ") else None
