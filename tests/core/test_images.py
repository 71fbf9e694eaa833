"""Pictures from outside: what is kept, what is refused and with which words."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps

from studio.core.images import (
    MAX_BYTES,
    Picture,
    load_image,
    load_mask,
    probe,
    read_mask,
)
from studio.core.png import encode_png
from studio.errors import BadInput

RNG = np.random.default_rng(0)


def gradient(height: int = 8, width: int = 12) -> Image.Image:
    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray(np.stack([y * 20, x * 20, 255 - x * 20], axis=2).astype(np.uint8))


def saved(path: Path, image: Image.Image, **options: Any) -> Path:
    image.save(path, **options)
    return path


def refusal(path: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        load_image(path)
    assert caught.value.hint
    assert path.name in caught.value.message
    return caught.value


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_png_keeps_every_bit(tmp_path: Path, dtype: type, channels: int) -> None:
    pixels = RNG.integers(0, np.iinfo(dtype).max + 1, (37, 23, channels)).astype(dtype)
    file = tmp_path / "a.png"
    file.write_bytes(encode_png(Picture(pixels)))
    back = load_image(file)
    assert back.pixels.dtype == dtype
    assert np.array_equal(back.pixels, pixels)
    assert back.size == probe(file) == (23, 37)
    assert encode_png(back) == file.read_bytes()
    with Image.open(file) as image:
        image.load()  # other programs read it too


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 4), st.booleans(), st.integers(0, 99))
def test_png_round_trip(
    tmp_path: Path, height: int, width: int, channels: int, deep: bool, seed: int
) -> None:
    dtype = np.uint16 if deep else np.uint8
    pixels = np.random.default_rng(seed).integers(0, 300, (height, width, channels)).astype(dtype)
    file = tmp_path / "a.png"
    file.write_bytes(encode_png(Picture(pixels)))
    assert np.array_equal(load_image(file).pixels, pixels)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_deep_tiff_keeps_its_depth(tmp_path: Path, channels: int) -> None:
    pixels = RNG.integers(0, 65536, (9, 7, channels)).astype(np.uint16)
    order = {1: [0], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[channels]
    file = tmp_path / "a.tif"
    assert cv2.imwrite(str(file), np.ascontiguousarray(pixels[..., order]))
    assert np.array_equal(load_image(file).pixels, pixels)


@pytest.mark.parametrize(
    ("mode", "options", "channels"),
    [
        ("1", {}, 1),
        ("L", {}, 1),
        ("LA", {}, 2),
        ("P", {}, 3),
        ("P", {"transparency": 0}, 4),
        ("RGB", {}, 3),
        ("RGB", {"transparency": (0, 0, 255)}, 4),
        ("RGBA", {}, 4),
    ],
)
def test_every_png_mode(tmp_path: Path, mode: str, options: dict[str, Any], channels: int) -> None:
    image = gradient().convert(mode)
    picture = load_image(saved(tmp_path / "a.png", image, **options))
    assert picture.pixels.shape == (8, 12, channels)
    assert picture.pixels.dtype == np.uint8
    assert picture.rgb8().shape == (8, 12, 3)
    expected = np.asarray(image.convert("RGB"))
    assert np.array_equal(picture.rgb8(), expected)


@pytest.mark.parametrize("extension", ["jpg", "webp", "tif", "bmp"])
def test_formats_go_by_their_bytes(tmp_path: Path, extension: str) -> None:
    file = saved(tmp_path / f"a.{extension}", gradient())
    misnamed = file.rename(tmp_path / "photo.dat")
    assert load_image(misnamed).size == (12, 8)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("extension", ["jpg", "png", "tif", "webp"])
def test_turned_as_the_camera_held_it(tmp_path: Path, orientation: int, extension: str) -> None:
    image = gradient(16, 32)
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = saved(tmp_path / f"a.{extension}", image, exif=exif)
    with Image.open(file) as opened:
        expected = np.asarray(ImageOps.exif_transpose(opened))
    picture = load_image(file)
    assert np.array_equal(picture.pixels, expected)
    assert probe(file) == picture.size == ((16, 32) if orientation >= 5 else (32, 16))


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_deep_pictures_are_turned_too(tmp_path: Path, orientation: int) -> None:
    pixels = RNG.integers(0, 65536, (6, 10, 3)).astype(np.uint16)
    plain = encode_png(Picture(pixels))
    exif = Image.Exif()
    exif[0x0112] = orientation
    body = exif.tobytes().removeprefix(b"Exif\0\0")
    chunk = struct.pack(">I", len(body)) + b"eXIf" + body + struct.pack(">I", zlib.crc32(b"eXIf" + body))
    file = tmp_path / "a.png"
    file.write_bytes(plain[:33] + chunk + plain[33:])
    shallow = ImageOps.exif_transpose(Image.open(file))
    picture = load_image(file)
    assert picture.pixels.dtype == np.uint16
    assert np.array_equal(picture.pixels >> 8, np.asarray(shallow))


def test_damaged_exif_is_no_reason_to_refuse(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.jpg", gradient(), exif=b"Exif\0\0II*\0\xff\xff\xff\xff garbage")
    assert load_image(file).size == (12, 8)


def test_animations_give_their_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (9, 7), color) for color in ("red", "lime", "blue")]
    for name in ("a.gif", "a.png", "a.webp"):
        file = saved(tmp_path / name, frames[0], save_all=True, append_images=frames[1:])
        assert np.abs(load_image(file).rgb8().astype(int) - (255, 0, 0)).max() <= 2


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    cyan = Image.new("CMYK", (8, 8), (255, 0, 0, 0))
    for name, options in (("a.jpg", {"quality": 100}), ("a.tif", {})):
        picture = load_image(saved(tmp_path / name, cyan, **options))
        assert picture.channels == 3
        assert picture.icc is None
        assert np.abs(picture.pixels[0, 0].astype(int) - (0, 255, 255)).max() <= 3
    bogus = saved(tmp_path / "b.jpg", cyan, quality=100, icc_profile=b"no profile at all")
    assert load_image(bogus).channels == 3


def test_profiles_are_kept_where_they_fit(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = load_image(saved(tmp_path / "a.jpg", gradient(), icc_profile=srgb))
    assert picture.icc == srgb
    file = tmp_path / "b.png"
    file.write_bytes(encode_png(picture))
    assert load_image(file).icc == srgb
    assert load_image(saved(tmp_path / "gray.png", gradient().convert("L"), icc_profile=srgb)).icc is None


def test_rgb8_rounds_sixteen_bits() -> None:
    pixels = np.array([[[0], [128], [129], [65535], [32768]]], np.uint16)
    assert Picture(pixels).rgb8()[0, :, 0].tolist() == [0, 0, 1, 255, 128]


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "a.png"
    text.write_text("hello")
    assert "not a picture" in refusal(text).message
    empty = tmp_path / "b.png"
    empty.touch()
    assert "not a picture" in refusal(empty).message
    eps = saved(tmp_path / "c.eps", gradient()).rename(tmp_path / "c.png")
    assert "not a picture" in refusal(eps).message
    assert "does not exist" in refusal(tmp_path / "none.png").message
    assert "not a file" in refusal(tmp_path).message
    huge = tmp_path / "d.png"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "200 MB" in refusal(huge).message
    floats = saved(tmp_path / "e.tif", Image.fromarray(np.zeros((4, 4), np.float32)))
    assert "32 bits" in refusal(floats).message


@pytest.mark.parametrize("extension", ["png", "jpg", "webp", "tif", "gif", "bmp"])
def test_cut_off_files_are_refused(tmp_path: Path, extension: str) -> None:
    image = Image.fromarray(RNG.integers(0, 256, (80, 80, 3)).astype(np.uint8))
    data = saved(tmp_path / f"whole.{extension}", image).read_bytes()
    for share in (0.3, 0.6, 0.9):
        file = tmp_path / f"cut.{extension}"
        file.write_bytes(data[: int(len(data) * share)])
        assert "damaged" in refusal(file).message


def test_a_png_with_one_altered_bit_is_refused(tmp_path: Path) -> None:
    """Its data is stored, not packed: without the checksum it would only look a little different."""
    file = saved(tmp_path / "a.png", Image.fromarray(RNG.integers(0, 256, (80, 80, 3)).astype(np.uint8)))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert "damaged" in refusal(file).message


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("width", "height"), [(9500, 9500), (20_000, 20_000), (2**31 - 1, 2**31 - 1), (89_000_001, 1)]
)
def test_bombs_are_refused_by_their_header(tmp_path: Path, width: int, height: int) -> None:
    file = tmp_path / "bomb.png"
    file.write_bytes(bomb(width, height))
    assert "too large" in refusal(file).message
    with pytest.raises(BadInput, match="too large"):
        probe(file)


def test_text_bombs_are_refused(tmp_path: Path) -> None:
    good = encode_png(Picture(np.zeros((2, 2, 3), np.uint8)))
    body = b"Comment\0\0" + zlib.compress(b"a" * 80_000_000)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    file = tmp_path / "text.png"
    file.write_bytes(good[:33] + chunk + good[33:])
    assert "damaged" in refusal(file).message


def _seeds() -> list[bytes]:
    made = []
    deep = Picture(RNG.integers(0, 65536, (6, 5, 3)).astype(np.uint16))
    made.append(encode_png(deep))
    for format_, image in (
        ("PNG", gradient()),
        ("JPEG", gradient()),
        ("JPEG", gradient().convert("CMYK")),
        ("WEBP", gradient()),
        ("TIFF", gradient()),
        ("GIF", gradient()),
        ("BMP", gradient()),
    ):
        buffer = io.BytesIO()
        image.save(buffer, format_)
        made.append(buffer.getvalue())
    ok, tiff = cv2.imencode(".tif", deep.pixels)
    assert ok
    made.append(tiff.tobytes())
    return made


SEEDS = _seeds()


def _only_bad_input(file: Path) -> None:
    for read in (probe, load_image, load_mask):
        try:
            read(file)
        except BadInput as error:
            assert error.message
            assert error.hint


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from([b"", *(seed[:12] for seed in SEEDS)]))
def test_random_bytes_are_refused_with_words(tmp_path: Path, data: bytes, start: bytes) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(start + data)
    _only_bad_input(file)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8),
    st.floats(0.05, 1),
)
def test_mutated_files_are_read_or_refused_with_words(
    tmp_path: Path, seed: bytes, changes: list[tuple[float, int]], kept: float
) -> None:
    data = bytearray(seed)
    for place, value in changes:
        data[int(place * len(data))] = value
    file = tmp_path / "a.png"
    file.write_bytes(bytes(data[: max(1, int(kept * len(data)))]))
    _only_bad_input(file)


def mask_file(path: Path, values: np.ndarray) -> Path:
    return saved(path, Image.fromarray(values))


def test_masks_keep_soft_edges(tmp_path: Path) -> None:
    values = np.arange(0, 256, dtype=np.uint8).reshape(16, 16)
    assert np.array_equal(load_mask(mask_file(tmp_path / "m.png", values)), values)
    assert np.array_equal(load_mask(mask_file(tmp_path / "m.png", values), (16, 16)), values)
    colored = np.repeat(values[..., None], 3, axis=2)
    assert np.array_equal(load_mask(mask_file(tmp_path / "c.png", colored)), values)


def test_masks_count_transparency_as_black(tmp_path: Path) -> None:
    values = np.full((4, 4, 4), 255, np.uint8)
    values[:2, :, 3] = 0
    mask = load_mask(mask_file(tmp_path / "m.png", values))
    assert mask[:2].max() == 0
    assert mask[2:].min() == 255


@pytest.mark.parametrize("color", [0, 90, 255])
@pytest.mark.parametrize("deep", [False, True])
def test_opacity_is_the_mask_where_one_color_is_visible(tmp_path: Path, color: int, deep: bool) -> None:
    values = np.full((16, 16, 4), color, np.uint16)
    values[..., 3] = np.arange(256).reshape(16, 16)
    values[0, 0, :3] = 77  # under no opacity a color is not visible
    pixels = values * 257 if deep else values.astype(np.uint8)
    (tmp_path / "m.png").write_bytes(encode_png(Picture(pixels)))
    assert np.array_equal(read_mask(tmp_path / "m.png"), values[..., 3])


def test_an_opaque_mask_of_one_color_goes_by_its_brightness(tmp_path: Path) -> None:
    black = np.zeros((4, 4, 4), np.uint8)
    black[..., 3] = 255
    assert read_mask(mask_file(tmp_path / "m.png", black)).max() == 0
    assert read_mask(mask_file(tmp_path / "m.png", black * 0)).max() == 0


def test_a_mask_in_two_colors_fades_with_its_opacity(tmp_path: Path) -> None:
    values = np.full((4, 4, 4), 255, np.uint8)
    values[0, :, :3] = 0
    values[3, :, 3] = 128
    assert read_mask(mask_file(tmp_path / "m.png", values))[:, 0].tolist() == [0, 255, 255, 128]


def test_noise_of_lossy_masks_is_no_mask(tmp_path: Path) -> None:
    values = np.zeros((64, 64), np.uint8)
    values[20:40, 20:40] = 255
    file = saved(tmp_path / "m.jpg", Image.fromarray(values), quality=30)
    mask = load_mask(file)
    assert mask[:8].max() == 0
    assert mask[24:36, 24:36].min() > 200


def test_masks_that_cannot_be_used(tmp_path: Path) -> None:
    some = np.zeros((6, 8), np.uint8)
    with pytest.raises(BadInput, match="is empty"):
        load_mask(mask_file(tmp_path / "m.png", some))
    with pytest.raises(BadInput, match="is empty"):
        load_mask(mask_file(tmp_path / "m.png", some + 127))
    with pytest.raises(BadInput, match="whole picture"):
        load_mask(mask_file(tmp_path / "m.png", some + 255))
    some[0, 0] = 255
    with pytest.raises(BadInput, match=r"8 × 6 pixels.*20 × 10"):
        load_mask(mask_file(tmp_path / "m.png", some), (20, 10))
