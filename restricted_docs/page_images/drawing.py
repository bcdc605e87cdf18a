"""One page of one file: its image, watermarked, or its words. Called in the sandbox."""

from __future__ import annotations

import base64
import io
from typing import IO, Any

# Pillow brings these in when a file first needs them, and in the sandbox that is too late.
from PIL import Image, MpoImagePlugin, TiffImagePlugin  # noqa: F401

from ..renditions.blocks import clean
from . import pdf_pages, pictures, plain_text, watermark
from .troubles import NoPage, Why

QUALITY = 80  # of the JPEG; its colours stay at full size, so that letters keep their edges


def warm(ending: str) -> None:
    """Load what drawing needs: once the door of the sandbox is shut, nothing can be."""
    if ending == ".pdf":
        pdf_pages.warm()
    watermark.warm()
    _packed(Image.new("RGB", (8, 8)))


def page_of(file: IO[bytes], asked: dict[str, Any]) -> dict[str, Any]:
    """{"pages": how many} with "image" (JPEG in base64), "width" and "height", or with "text"; or {"trouble": why not}."""
    try:
        return _words(file, asked) if asked["as_text"] else _image(file, asked)
    except NoPage as reason:
        return {"trouble": reason.why.value, "pages": reason.pages}
    except (MemoryError, RecursionError):
        return {"trouble": Why.TOO_LARGE.value}
    except Exception:  # noqa: BLE001
        # Parsers of damaged files fail in every way there is; the reader gets one sentence for all of them.
        return {"trouble": Why.DAMAGED.value}


def _image(file: IO[bytes], asked: dict[str, Any]) -> dict[str, Any]:
    pages = pictures.PAGES
    if asked["ending"] == ".pdf":
        with pdf_pages.opened(file, asked["page"]) as (page, pages):
            image = pdf_pages.draw(page, asked["wide"])
    elif asked["page"] != 1:
        raise NoPage(Why.NO_SUCH_PAGE, pages)
    else:
        image = pictures.draw(file, asked["ending"], asked["wide"])
    watermark.stamp(image, [watermark.drawable(asked["name"]) or asked["account"], *asked["marks"]])
    return {"pages": pages, "image": _packed(image), "width": image.width, "height": image.height}


def _packed(image: Image.Image) -> str:
    """Only the pixels: of the picture's own notes, places and previews nothing comes along."""
    packed = io.BytesIO()
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    bare.save(packed, "JPEG", quality=QUALITY, subsampling="4:4:4")
    return base64.b64encode(packed.getvalue()).decode("ascii")


def _words(file: IO[bytes], asked: dict[str, Any]) -> dict[str, Any]:
    if asked["ending"] == ".pdf":
        with pdf_pages.opened(file, asked["page"]) as (page, pages):
            return {"pages": pages, "text": clean(pdf_pages.words(page))}
    if asked["ending"] in pictures.FORMATS:
        if asked["page"] != 1:
            raise NoPage(Why.NO_SUCH_PAGE, pictures.PAGES)
        return {"pages": pictures.PAGES, "text": ""}
    text, pages = plain_text.page(file, asked["page"])
    return {"pages": pages, "text": clean(text)}
