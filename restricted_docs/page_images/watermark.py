"""The watermark: who reads, when, and the number of the line in the log, slanted over the whole page."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

SLANT = 30  # degrees
INK, INK_STRENGTH = (20, 40, 90), 72  # of 255: dark enough to be read, and what is beneath stays readable
HALO, HALO_STRENGTH = (255, 255, 255), 48  # so that it is seen on dark pictures too
LETTERS = 48  # of the page's width: one letter is as high as this part of it
SMALLEST = 14  # pixels, height of a letter
GAP = 24  # pixels between one stamp and the next
# Letters that Unicode does not take apart into a plain one and an accent.
WITHOUT_PARTS = str.maketrans(
    {"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Ø": "O", "ø": "o", "ı": "i", "Ħ": "H", "ħ": "h"}
    | {"ß": "ss", "Þ": "Th", "þ": "th", "Æ": "Ae", "æ": "ae", "Œ": "Oe", "œ": "oe", "–": "-", "—": "-"}
)
UNKNOWN = "\uffff"  # no font has it: how a missing letter is drawn


@cache
def _font(height: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font, so that no file of the machine is read."""
    font: Any = ImageFont.load_default(size=height)
    return font


def warm() -> None:
    """Load the font, and what draws with it, while the disk can still be read."""
    stamp(Image.new("RGB", (64, 64)), ["warm"])


def drawable(words: str) -> str:
    """The words in the letters that the font has, without their accents; "" where a letter would be lost."""
    plain = unicodedata.normalize("NFKD", words.translate(WITHOUT_PARTS))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    font = _font(SMALLEST)
    unknown = bytes(font.getmask(UNKNOWN))
    known = all(letter == " " or (letter.isprintable() and bytes(font.getmask(letter)) != unknown) for letter in bare)
    return bare.strip() if known else ""


def stamp(page: Image.Image, lines: list[str]) -> None:
    """Draw these lines over the whole of an RGB page, again and again."""
    words = "\n".join(lines)
    font = _font(max(page.width // LETTERS, SMALLEST))
    for colour, strength, stroke in ((HALO, HALO_STRENGTH, 2), (INK, INK_STRENGTH, 0)):
        mask = _repeated(_slanted(words, font, stroke), page.size)
        page.paste(colour, mask=mask.point([value * strength // 255 for value in range(256)]))


def _slanted(words: str, font: ImageFont.FreeTypeFont, stroke: int) -> Image.Image:
    """One stamp, as a mask. Both colours' masks have one size, so that they fall on each other."""
    left, top, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), words, font=font)
    edge = 4
    flat = Image.new("L", (int(right - left) + 2 * edge, int(bottom - top) + 2 * edge), 0)
    ImageDraw.Draw(flat).multiline_text(
        (edge - left, edge - top), words, font=font, fill=255, stroke_width=stroke, align="center"
    )
    return flat.rotate(SLANT, resample=Image.Resampling.BILINEAR, expand=True)


def _repeated(one: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Row after row of it, every second row half a stamp further."""
    across, down = one.width + GAP, one.height + GAP
    mask = Image.new("L", size, 0)
    for row, y in enumerate(range(GAP // 2, size[1], down)):
        for x in range(GAP // 2 - (row % 2) * across // 2, size[0], across):
            mask.paste(one, (x, y))
    return mask
