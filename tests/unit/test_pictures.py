"""The pictures: nothing by colour alone, no words under lines, nothing unescaped, and the same in words."""

import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from dhr.govuk.pictures import BarRow, Edge, Lane, Node, ProcessPicture, Status, bars, describe, describe_bars, draw
from dhr.govuk.pictures.layout import SMALL, TITLES, plan
from dhr.govuk.pictures.svg import LINE, width

TODAY = date(2026, 11, 22)


def process() -> ProcessPicture:
    lanes = [
        Lane("Notification", [Node("record", "Record it", Status.DONE, note="3 March 2026"), Node("decide", "Decide")]),
        Lane("Closed without a review", [Node("reasons", "Record the reasons", Status.SKIPPED)]),
        Lane(
            "Agency reports",
            [
                [
                    Node("imr", "IMR", Status.NOW, "2 of 3"),
                    Node("chronology", "Chronology", Status.NOW),
                    Node("x", "X"),
                ],
                Node("receive", "Receive and read the reports"),
            ],
        ),
        Lane("Overview report", [Node("draft", "Draft"), Node("agree", "Agree")]),
    ]
    edges = [
        Edge("record", "decide"),
        Edge("decide", "reasons", "No review required"),
        *(Edge("decide", key, "Review required") for key in ("imr", "chronology", "x")),
        *(Edge(key, "receive") for key in ("imr", "chronology", "x")),
        Edge("receive", "draft", "All reports accepted"),
        Edge("receive", "imr", "Sent back to an agency"),
        Edge("draft", "agree"),
        Edge("agree", "draft", "Changes needed"),
        Edge("agree", "imr", "A report must be written again from the start"),
    ]
    return ProcessPicture("Where this review is", lanes, edges)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  # our own drawing


def words_of(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iter("{http://www.w3.org/2000/svg}text")]


def boxes_of_labels(picture: ProcessPicture) -> list[tuple[float, float, float, float]]:
    return [
        (way.out + 6, way.words_y - SMALL, width(line, SMALL), len(way.words) * SMALL * LINE)
        for way in plan(picture).ways
        for line in way.words[:1]
    ]


def test_every_status_is_told_in_words_as_well_as_in_looks() -> None:
    words = words_of(draw(process()))
    assert {"Done", "You are here, 2 of 3", "You are here", "To do", "Not needed"} <= set(words)


def test_a_picture_is_one_image_with_a_name_and_a_description() -> None:
    root = parsed(draw(process()))
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert root.get("role") == "img"
    assert set((root.get("aria-labelledby") or "").split()) <= ids


def test_two_pictures_on_a_page_share_no_id() -> None:
    other = ProcessPicture("Another", [Lane("Only", [Node("a", "A", Status.SKIPPED)])])
    first, second = (set(re.findall(r' id="([^"]+)"', draw(picture))) for picture in (process(), other))
    assert first
    assert not first & second


def test_the_same_content_draws_the_same_picture() -> None:
    assert draw(process()) == draw(process())


def test_no_picture_carries_a_style_or_a_script() -> None:
    for svg in (draw(process()), bars([BarRow("DHR10", date(2026, 1, 1), date(2026, 7, 1))], TODAY)):
        assert "style=" not in svg
        assert "<script" not in svg


def test_what_people_typed_is_escaped() -> None:
    svg = draw(ProcessPicture("<b>", [Lane("<i>&", [Node("a", "<script>x</script>", note='"><img>')])]))
    assert "<script" not in svg
    assert "<img" not in svg
    assert "<script>x</script>" in words_of(svg)


def test_no_line_runs_through_a_label() -> None:
    labels = boxes_of_labels(process())
    assert len(labels) == len(dict.fromkeys((edge.start, edge.label) for edge in process().edges if edge.label))
    for way in plan(process()).ways:
        for (x1, y1), (x2, y2) in pairwise(way.points):
            for x, y, wide, high in labels:
                across = min(x1, x2) < x + wide and max(x1, x2) > x
                along = min(y1, y2) < y + high and max(y1, y2) > y
                assert not (across and along), way.edge


def test_no_line_runs_through_a_step_or_a_stage_name() -> None:
    layout = plan(process())
    for way in layout.ways:
        for (x1, y1), (x2, y2) in pairwise(way.points):
            assert min(x1, x2) > TITLES
            for box in layout.boxes.values():
                across = min(x1, x2) < box.x + box.wide and max(x1, x2) > box.x
                along = min(y1, y2) < box.y + box.high and max(y1, y2) > box.y
                assert not (across and along), (way.edge, box.node.key)


def test_steps_side_by_side_do_not_touch_and_every_stage_holds_its_steps() -> None:
    layout = plan(process())
    row = [layout.boxes[key] for key in ("imr", "chronology", "x")]
    assert all(left.x + left.wide < right.x for left, right in pairwise(row))
    assert len({box.y for box in row}) == 1
    for lane, top, bottom in layout.bands:
        for nodes in lane.rows:
            for node in nodes:
                box = layout.boxes[node.key]
                assert top < box.y
                assert box.y + box.high < bottom


def test_the_words_of_a_picture_name_stage_step_status_and_ways_back() -> None:
    lines = describe(process())
    assert lines[0] == "Notification: Record it. Done (3 March 2026)."
    assert "Agency reports: IMR. You are here, 2 of 3." in lines
    assert any("Changes needed: back to Draft." in line for line in lines)


def test_an_edge_to_a_step_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="not in the picture"):
        ProcessPicture("x", [Lane("A", [Node("a", "A")])], [Edge("a", "b")])
    with pytest.raises(ValueError, match="same key"):
        ProcessPicture("x", [Lane("A", [Node("a", "A"), Node("a", "B")])])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (BarRow("A", date(2026, 1, 1), date(2026, 11, 1)), "21 days late"),
        (BarRow("B", date(2026, 1, 1), date(2026, 11, 1), date(2026, 11, 23)), "1 day left"),
        (BarRow("C", date(2026, 1, 1), date(2026, 11, 22)), "Due today"),
        (BarRow("D", date(2026, 1, 1), date(2026, 6, 1), ended=date(2026, 6, 3)), "Finished 2 days late"),
        (BarRow("E", date(2026, 1, 1), date(2026, 6, 1), ended=date(2026, 6, 1)), "Finished in time"),
    ],
)
def test_lateness_counts_from_the_date_that_was_agreed_last(row: BarRow, words: str) -> None:
    assert words in words_of(bars([row], TODAY))
    assert describe_bars([row], TODAY)[0].endswith(f"{words}.")


def test_only_what_is_late_is_hatched() -> None:
    on_time = bars([BarRow("A", date(2026, 1, 1), date(2026, 12, 1))], TODAY)
    late = bars([BarRow("A", date(2026, 1, 1), date(2026, 11, 1))], TODAY)
    assert (on_time.count("-late)"), late.count("-late)")) == (1, 2)  # one is the key to the signs
