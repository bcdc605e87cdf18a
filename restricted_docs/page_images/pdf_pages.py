"""A page of a PDF, by PDFium: drawn, or its words. Built without JavaScript; nothing in the file is followed or started."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from .troubles import NoPage, Why

MOST_PIXELS = 8_000_000  # of one page
LONGEST_SIDE = 16_000  # pixels
MOST_WORDS = 200_000  # characters of one page
BLOCK, BLOCKS = 65_536, 512  # bytes fetched at a time, and how many such blocks are kept


class Fetched:
    """The file as PDFium wants it, which jumps about: what was fetched lately is kept."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._at = file, 0
        self._size = file.seek(0, 2)
        self._kept: OrderedDict[int, bytes] = OrderedDict()

    def seek(self, place: int, whence: int = 0) -> int:
        self._at = place + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, length: int = -1) -> bytes:
        end = self._size if length < 0 else min(self._at + length, self._size)
        found = bytearray()
        while self._at < end:
            number, start = divmod(self._at, BLOCK)
            piece = self._block(number)[start : start + end - self._at]
            found += piece
            self._at += len(piece)
        return bytes(found)

    def readinto(self, buffer: memoryview) -> int:
        found = self.read(len(buffer))
        memoryview(buffer).cast("B")[: len(found)] = found
        return len(found)

    def _block(self, number: int) -> bytes:
        if number not in self._kept:
            self._file.seek(number * BLOCK)
            self._kept[number] = self._file.read(BLOCK)
            if len(self._kept) > BLOCKS:
                self._kept.popitem(last=False)
        self._kept.move_to_end(number)
        return self._kept[number]


def warm() -> None:
    """Start PDFium, and draw with its own fonts, while the disk can still be read."""
    pypdfium2.PdfDocument.new().close()


@contextmanager
def opened(file: IO[bytes], number: int) -> Iterator[tuple[pypdfium2.PdfPage, int]]:
    """Page `number`, counted from 1, and how many there are. Raises NoPage."""
    try:
        document = pypdfium2.PdfDocument(Fetched(file))
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        raise NoPage(Why.LOCKED if locked else Why.DAMAGED) from None
    document.init_forms()  # what was typed into a form is part of the page
    pages = len(document)
    if pages < 1:
        raise NoPage(Why.DAMAGED)
    if not 1 <= number <= pages:
        raise NoPage(Why.NO_SUCH_PAGE, pages)
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        raise NoPage(Why.DAMAGED, pages) from None
    yield page, pages


def draw(page: pypdfium2.PdfPage, wide: int) -> Image.Image:
    """The page on white, `wide` pixels across, or less where it is very long."""
    width, height = page.get_size()
    fits = min(wide / width, math.sqrt(MOST_PIXELS / (width * height)), LONGEST_SIDE / height)
    return page.render(scale=fits, rev_byteorder=True).to_pil().convert("RGB")


def words(page: pypdfium2.PdfPage) -> str:
    text = page.get_textpage()
    return text.get_text_range(0, min(text.count_chars(), MOST_WORDS))
