"""A page of a paper, drawn in the sandbox: what is on it, what is over it, and what never comes along."""

from __future__ import annotations

import base64
import io
import itertools
from typing import Any

import pytest
from PIL import Image, ImageChops

from restricted_docs.page_images import pdf_pages, watermark
from restricted_docs.page_images.drawing import page_of
from restricted_docs.sandbox import asking
from tests import made_files as made
from tests import paged_files as paged

WIDE = 1200


class InMemory:
    """A paper for the sandbox, and which parts of it were asked for."""

    def __init__(self, content: bytes) -> None:
        self.content, self.size, self.given = content, len(content), 0

    def at(self, start: int, length: int) -> bytes:
        self.given += length
        return self.content[start : start + length]


def asked(ending: str, page: int = 1, **more: Any) -> dict[str, Any]:
    mark = {"name": "Olga Okafor", "account": "Account 3", "marks": ["3 March 2026 at 14:05", "Access log line 12"]}
    return {"job": "page", "ending": ending, "page": page, "as_text": False, "wide": WIDE} | mark | more


def drawn(content: bytes, ending: str, page: int = 1, **more: Any) -> Image.Image:
    answer = asking.ask(asked(ending, page, **more), InMemory(content))
    assert "trouble" not in answer, answer
    image = Image.open(io.BytesIO(base64.b64decode(answer["image"])))
    assert (answer["width"], answer["height"]) == image.size
    image.load()
    return image


def words(content: bytes, ending: str, page: int = 1) -> dict[str, Any]:
    return asking.ask(asked(ending, page, as_text=True), InMemory(content))


def trouble(content: bytes, ending: str, page: int = 1) -> tuple[str, int]:
    answer = asking.ask(asked(ending, page), InMemory(content))
    assert set(answer) <= {"trouble", "pages"}, answer
    return answer["trouble"], answer.get("pages", 0)


def darkest(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    lowest: Any = image.convert("L").crop(box).getextrema()[0]
    return int(lowest)


# pages


def test_each_page_of_a_pdf_is_drawn_at_reading_width_and_has_its_own_words() -> None:
    content = paged.text_pdf("First page", "Second page", packed=True)
    assert drawn(content, ".pdf", 2).size == (1200, 1699)
    assert [words(content, ".pdf", page) for page in (1, 2)] == [
        {"pages": 2, "text": "First page"},
        {"pages": 2, "text": "Second page"},
    ]
    assert ImageChops.difference(drawn(content, ".pdf", 1), drawn(content, ".pdf", 2)).getbbox()


def test_a_page_that_is_not_there_is_said_with_how_many_there_are() -> None:
    content = paged.text_pdf("One", "Two")
    assert trouble(content, ".pdf", 3) == ("no_such_page", 2)
    assert trouble(content, ".pdf", 0) == ("no_such_page", 2)
    assert trouble(paged.picture("PNG"), ".png", 2) == ("no_such_page", 1)
    assert words(paged.picture("PNG"), ".png", 2) == {"trouble": "no_such_page", "pages": 1}
    assert words(b"one line", ".txt", 2) == {"trouble": "no_such_page", "pages": 1}


@pytest.mark.parametrize("size", [(14_400, 14_400), (72, 14_400), (14_400, 72), (3, 3), (1, 14_400)])
def test_no_page_is_larger_than_it_may_be(size: tuple[int, int]) -> None:
    image = drawn(paged.text_pdf("x", size=size), ".pdf", wide=2_000)
    assert image.width <= 2_000
    assert image.width * image.height <= pdf_pages.MOST_PIXELS * 1.01
    assert image.height <= pdf_pages.LONGEST_SIDE


def test_what_was_typed_into_a_form_is_on_the_page() -> None:
    """Without it, a data form would be read as an empty one."""
    place = (125, 620, 1000, 690)  # pixels, where the field is; the watermark alone is never this dark
    assert darkest(drawn(paged.filled_in_pdf("MMMMMMMMMMMM"), ".pdf"), place) < 60
    assert darkest(drawn(paged.filled_in_pdf(""), ".pdf"), place) > 90


def test_what_could_act_in_a_pdf_does_nothing_and_its_page_is_shown() -> None:
    content = paged.with_everything_that_acts()
    assert drawn(content, ".pdf").size == (1200, 1699)
    assert words(content, ".pdf") == {"pages": 1, "text": "Still to be read"}


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\nnothing that follows is a PDF\n%%EOF",
        paged.text_pdf("gone")[:120],
        b"",
        paged.pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]),
    ],
)
def test_a_damaged_pdf_is_a_code_and_no_fault(content: bytes) -> None:
    assert trouble(content, ".pdf") == ("damaged", 0)


def test_a_pdf_whose_pages_contain_each_other_ends() -> None:
    round_and_round = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2000000000>>"]
    assert trouble(paged.pdf_of(round_and_round), ".pdf")[0] in {"damaged", "no_such_page"}


def test_only_what_a_page_needs_leaves_the_server() -> None:
    """A large paper is not handed over whole to show one page."""
    filler = b"<<>>stream\n%s\nendstream" % bytes(20_000_000)
    base = paged.text_pdf("Page one")
    large = InMemory(paged.pdf_of([*paged._objects_of(base), filler]))
    answer = asking.ask(asked(".pdf", as_text=True), large)
    assert answer == {"pages": 1, "text": "Page one"}
    assert large.given < 1_000_000


# pictures


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        (".png", paged.picture("PNG")),
        (".png", paged.picture("PNG", mode="P", colour=0)),
        (".png", paged.picture("PNG", mode="1", colour=1)),
        (".png", paged.picture("PNG", mode="LA", colour=(0, 0))),
        (".png", paged.picture("PNG", (9000, 6000), mode="L", colour=255)),
        (".png", paged.picture("PNG", (3, 3))),
        (".jpg", paged.picture("JPEG")),
        (".jpg", paged.picture("JPEG", mode="CMYK", colour=(0, 0, 0, 0))),
        (".jpg", paged.picture("JPEG", (9000, 6000))),
        (".jpg", paged.picture("JPEG", (60, 9000))),
    ],
)
def test_a_picture_of_every_kind_is_a_page(ending: str, content: bytes) -> None:
    image = drawn(content, ending)
    assert 600 <= image.width <= WIDE
    assert 300 <= image.height <= 4 * WIDE


def test_what_can_be_seen_through_is_on_white() -> None:
    clear = drawn(paged.picture("PNG", (700, 400), mode="RGBA", colour=(0, 0, 0, 0)), ".png")
    assert clear.convert("L").getextrema()[1] > 240
    assert darkest(clear, (0, 0, 700, 400)) > 90


def test_grey_in_sixteen_bits_is_not_burnt_out() -> None:
    counts = drawn(paged.picture("PNG", (700, 400), mode="I;16", colour=20_000), ".png").convert("L").histogram()
    assert abs(counts.index(max(counts)) - 20_000 // 256) < 12


def test_a_photograph_stands_the_right_way_up_and_its_notes_stay_behind() -> None:
    content = paged.photo_on_its_side()
    assert b"Canary place" in content
    answer = asking.ask(asked(".jpg"), InMemory(content))
    shown = base64.b64decode(answer["image"])
    assert b"Canary" not in shown
    assert b"Exif" not in shown
    image = Image.open(io.BytesIO(shown)).convert("RGB")
    assert image.height > image.width
    above, below = (
        image.crop((0, y, image.width, y + 20)).resize((1, 1)).getpixel((0, 0)) for y in (40, image.height - 60)
    )
    assert above[1] < 120
    assert below[1] > 180


def test_a_bomb_is_too_large_and_a_damaged_picture_damaged() -> None:
    assert trouble(paged.bomb(), ".png") == ("too_large", 0)
    assert trouble(made.png(11_000, 11_000), ".png") == (
        "too_large",
        0,
    )  # by what it promises, before anything is unpacked
    assert trouble(paged.picture("JPEG")[:400], ".jpg") == ("damaged", 0)
    assert trouble(paged.picture("PNG"), ".jpg") == ("damaged", 0)
    assert trouble(made.png(8_000, 8_000), ".png") == ("damaged", 0)


# text


def test_a_text_is_cut_into_pages_and_nothing_of_it_is_lost() -> None:
    text = "\n".join(f"Line {number} – of the minutes" for number in range(1, 150)) + "\n" + "x" * 12_000
    for coded in (text.encode(), text.encode("utf-16"), text.encode("cp1252"), b"\xef\xbb\xbf" + text.encode()):
        pages = [words(coded, ".txt", 1)]
        pages += [words(coded, ".txt", page) for page in range(2, pages[0]["pages"] + 1)]
        assert "".join(page["text"] for page in pages).replace("\n", "") == text.replace("\n", "")
        assert all(page["text"].count("\n") < 60 for page in pages)
        assert len(pages) == 6
    assert words(b"", ".txt") == {"pages": 1, "text": ""}


def test_marks_that_write_backwards_are_left_out_of_the_words() -> None:
    assert words("safe \u202etxt.exe\x00\x07".encode(), ".txt")["text"] == "safe txt.exe"


def test_a_picture_has_no_words() -> None:
    assert words(paged.picture("PNG"), ".png") == {"pages": 1, "text": ""}


# the watermark


def test_the_mark_is_all_over_the_page_and_leaves_its_text_the_darkest() -> None:
    bare = drawn(paged.text_pdf(""), ".pdf")
    for across, down in itertools.product(range(3), range(4)):
        box = (across * 400, down * 424, across * 400 + 400, down * 424 + 424)
        assert darkest(bare, box) < 220, box  # it is there
        assert darkest(bare, box) > 110, box  # and text beneath it is far darker
    assert darkest(drawn(paged.picture("PNG", (800, 600), colour="black"), ".png"), (0, 0, 800, 600)) == 0
    dark = drawn(paged.picture("PNG", (800, 600), colour="black"), ".png").convert("L")
    assert dark.getextrema()[1] > 30  # seen on black too


@pytest.mark.parametrize("part", ["name", "marks", "account"])
def test_the_mark_says_who_when_and_which_line(part: str) -> None:
    """Another reader, another line: another image. The account's number stands only for a name that cannot be drawn."""
    page = paged.text_pdf("")
    other = {"name": "Ann Other", "marks": ["3 March 2026 at 14:05", "Access log line 13"], "account": "Account 4"}[
        part
    ]
    one, two = drawn(page, ".pdf"), drawn(page, ".pdf", **{part: other})
    assert bool(ImageChops.difference(one, two).getbbox()) == (part != "account")
    nameless = [drawn(page, ".pdf", name="李雷", account=number) for number in ("Account 3", "Account 4")]
    assert ImageChops.difference(*nameless).getbbox()


@pytest.mark.parametrize(
    ("name", "as_drawn"),
    [
        ("Zoë Ångström", "Zoe Angstrom"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Nguyễn Văn Đức", "Nguyen Van Duc"),
        ("Siân O’Neill", "Sian O’Neill"),
        ("Þórður Strauß", "Thordur Strauss"),
        ("Анна", ""),
        ("李雷", ""),
        ("Anna\u202e\x07", ""),
    ],
)
def test_a_name_is_drawn_in_letters_that_the_font_has_or_not_at_all(name: str, as_drawn: str) -> None:
    assert watermark.drawable(name) == as_drawn


def test_a_job_that_makes_no_sense_is_a_code() -> None:
    assert page_of(io.BytesIO(b""), asked(".docx")) == {"trouble": "damaged"}
