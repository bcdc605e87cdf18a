"""A PNG or JPEG as one page: the right way up, no larger than needed, and nothing kept of what was written beside it."""

from __future__ import annotations

from typing import IO

from PIL import Image, ImageOps

from ..kinds.limits import PIXELS
from .troubles import NoPage, Why

NARROWEST = 600  # pixels: a smaller picture gets a white edge, so that its watermark can be read
FORMATS = {".png": ("PNG",), ".jpg": ("JPEG",)}
PAGES = 1


def draw(file: IO[bytes], ending: str, wide: int) -> Image.Image:
    """The picture on white, at most `wide` pixels across. Raises NoPage, and whatever Pillow raises."""
    Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit warns first; this one does not
    picture = Image.open(file, formats=FORMATS[ending])
    if picture.width * picture.height > PIXELS:
        raise NoPage(Why.TOO_LARGE)
    picture.draft("RGB", (wide, wide))  # a JPEG is unpacked at half its size, or less, where that is enough
    shown = _in_colour(_nearly(picture, 2 * wide))
    ImageOps.exif_transpose(shown, in_place=True)
    shown.thumbnail((wide, 4 * wide), Image.Resampling.LANCZOS)
    page = Image.new("RGB", (max(shown.width, NARROWEST), max(shown.height, NARROWEST // 2)), "white")
    place = (page.width - shown.width) // 2, (page.height - shown.height) // 2
    page.paste(shown, place, shown if shown.mode == "RGBA" else None)
    return page


def _nearly(picture: Image.Image, wide: int) -> Image.Image:
    """Quickly smaller, before it is drawn finely; a palette's numbers have no mean, so those wait."""
    times = min(picture.width, picture.height) // wide
    if times < 2 or picture.mode in {"P", "PA", "1"} or picture.mode.startswith("I"):
        return picture
    smaller = picture.reduce(times)
    smaller.info["exif"] = picture.info.get("exif", b"")
    return smaller


def _in_colour(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # grey in 16 bits
        picture = picture.point(lambda value: value / 256).convert("L")
    see_through = picture.mode in {"LA", "PA", "RGBA", "La", "RGBa"} or "transparency" in picture.info
    return picture.convert("RGBA" if see_through else "RGB")
