"""Template tags of the design system. All of them escape what they are given, unless it is already safe."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any
from uuid import uuid4

from django import forms, template
from django.core.paginator import Page as PaginatorPage
from django.http import QueryDict
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

from dhr.govuk import forms as govuk_forms
from dhr.govuk.parts import Cell, Column, Happening, Heading, Page, Problem, Row, Step, Task

register = template.Library()
Values = dict[str, Any]
STAMP_LETTER, STAMP_LINE = 9, 20  # pixels: the most that a letter of a watermark is wide, and from one line to the next
SHORT = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}$|\d+ days?$")  # a day, or a number of days: never broken over two lines


@register.filter
def groups(form: forms.BaseForm) -> Iterator[govuk_forms.Group]:
    return govuk_forms.groups(form)


@register.filter
def lower_first(text: Any) -> str:
    """The text with a small first letter, unless it begins with an abbreviation."""
    words = str(text)
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


@register.inclusion_tag("govuk/tags/tag.html")
def tag(text: Any, colour: str = "") -> Values:
    """A status in words. Colours: green, teal, blue, purple, magenta, red, orange, yellow, grey."""
    return {"text": text, "colour": colour}


@register.inclusion_tag("govuk/tags/button.html")
def button(text: Any, kind: str = "", name: str = "", value: Any = "yes", form: str = "") -> Values:
    """A submit button that ignores a second click; kind: "", secondary, warning or inverse."""
    return {"text": text, "kind": kind, "name": name, "value": value, "form": form}


@register.inclusion_tag("govuk/tags/button_link.html")
def button_link(text: Any, url: str, kind: str = "") -> Values:
    return {"text": text, "url": url, "kind": kind}


@register.inclusion_tag("govuk/tags/back_link.html")
def back_link(url: str, text: Any = "Back") -> Values:
    return {"url": url, "text": text}


@register.inclusion_tag("govuk/tags/summary_list.html")
def summary_list(rows: Iterable[Sequence[Any]]) -> Values:
    """Rows, or tuples (key, value, url, action)."""
    drawn = [Row(*row) for row in rows]
    return {"rows": drawn, "actions": any(row.url for row in drawn)}


@register.inclusion_tag("govuk/tags/notification_banner.html", takes_context=True)
def notification_banner(context: Context, text: Any, kind: str = "", url: str = "", link: Any = "") -> Values:
    """kind "success" says that something has been done, and takes the focus."""
    return {"text": text, "kind": kind, "url": url, "link": link, "id": fresh_id(context, "banner")}


@register.inclusion_tag("govuk/tags/warning_text.html")
def warning_text(text: Any) -> Values:
    return {"text": text}


@register.inclusion_tag("govuk/tags/inset.html")
def inset(text: Any) -> Values:
    return {"text": text}


@register.simple_block_tag(takes_context=True)
def details(context: Context, content: SafeString, summary: Any, opened: bool = False) -> str:
    """{% details "Words to click" %} ... {% enddetails %}"""
    values = {"summary": summary, "content": content, "opened": opened}
    return get_template("govuk/tags/details.html").render(values)


@register.simple_block_tag
def watermarked(content: SafeString, lines: Sequence[str]) -> str:
    """{% watermarked lines %} ... {% endwatermarked %}: the lines slanted over all of it, again and again, on paper too.

    Who cannot see it is not told of it: say the same in words beside it.
    """
    widest, high = max(map(len, lines)) * STAMP_LETTER, len(lines) * STAMP_LINE
    values = {
        "lines": [(line, (place + 1) * STAMP_LINE) for place, line in enumerate(lines)],
        "middle": widest // 2 + STAMP_LINE,
        "across": widest + 2 * STAMP_LINE,
        "down": high + 2 * STAMP_LINE,
        "content": content,
    }
    return get_template("govuk/tags/watermarked.html").render(values)


@register.inclusion_tag("govuk/tags/task_list.html", takes_context=True)
def task_list(context: Context, tasks: Iterable[Sequence[Any]]) -> Values:
    """Tasks, or tuples (title, status, url, colour, hint)."""
    return {"tasks": [Task(*task) for task in tasks], "id": fresh_id(context, "tasks")}


@register.inclusion_tag("govuk/tags/table.html", takes_context=True)
def table(
    context: Context,
    columns: Iterable[Sequence[Any]],
    rows: Iterable[Sequence[Any]],
    *,
    caption: Any = "",
    caption_size: str = "m",
    sort: str = "",
    empty: Any = "",
) -> Values:
    """Columns (label, sort, numeric, breaks) and rows of cells (text, or Cell).

    sort: the name sorted by, with "-" before it if descending. empty: what to say when there are no rows.
    """
    headings = [heading(Column(*column), sort, query(context)) for column in columns]
    cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    drawn = [
        [(*pair, bool(SHORT.match(str(pair[1].text)))) for pair in zip(headings, row, strict=True)] for row in cells
    ]
    sortable = any(column.sort for column in headings)
    words = {"caption": caption, "caption_size": caption_size, "empty": empty}
    return {"columns": headings, "rows": drawn, "sorted": sortable, **words}


def heading(column: Column, sort: str, asked: QueryDict) -> Heading:
    ascending = sort == column.sort
    direction = "ascending" if ascending else "descending" if sort == f"-{column.sort}" else "none"
    url = address(asked, "sort", f"-{column.sort}" if ascending else column.sort, without="page")
    return Heading(column.label, column.numeric, column.sort, url, direction, column.breaks)


@register.inclusion_tag("govuk/tags/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: PaginatorPage[Any]) -> Values:
    """Nothing where there is a single page. Keeps the rest of the address."""
    paginator, asked = page_obj.paginator, query(context)
    if paginator.num_pages < 2:
        return {"pages": []}
    numbers = paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    links = [(number, address(asked, "page", number) if isinstance(number, int) else "") for number in numbers]
    pages = [Page(number, url, number == page_obj.number) for number, url in links]
    before = address(asked, "page", page_obj.previous_page_number()) if page_obj.has_previous() else ""
    after = address(asked, "page", page_obj.next_page_number()) if page_obj.has_next() else ""
    return {"pages": pages, "previous": before, "next": after}


@register.inclusion_tag("govuk/tags/timeline.html")
def timeline(items: Iterable[Sequence[Any]]) -> Values:
    """Happenings, or tuples (title, when, by, text, url, link), in the order given."""
    return {"items": [Happening(*item) for item in items]}


@register.inclusion_tag("govuk/tags/step_bar.html")
def step_bar(steps: Iterable[Sequence[str]]) -> Values:
    """Steps, or tuples (label, state); the step whose state is "now" is named in words above the bar."""
    drawn = [Step(*step) for step in steps]
    position = next((number for number, step in enumerate(drawn, 1) if step.state == "now"), 0)
    return {"steps": drawn, "position": position, "name": drawn[position - 1].label if position else ""}


@register.inclusion_tag("govuk/tags/error_summary.html")
def error_summary(*given: forms.BaseForm) -> Values:
    """Every problem of these forms in the order of their questions, each leading to the control to mend."""
    return {"problems": [problem for form in given if form for problem in problems(form)]}


def problems(form: forms.BaseForm) -> Iterator[Problem]:
    if not form.is_bound:
        return
    visible = form.visible_fields()
    first = visible[0].first_input_id if visible else ""  # type: ignore[attr-defined]
    yield from (Problem(str(text), first) for text in form.non_field_errors())
    for bound in form:
        targets = bound.targets  # type: ignore[attr-defined]
        for text, target in zip(bound.errors, targets, strict=True):
            yield Problem(str(text), "" if bound.is_hidden else target)


@register.inclusion_tag("govuk/tags/picture.html")
def picture(svg: SafeString, label: Any = "Picture", lines: Sequence[str] = ()) -> Values:
    """A server-drawn picture in a frame that scrolls on a phone, and the same in words beneath it."""
    return {"svg": svg, "label": label, "lines": lines}


@register.inclusion_tag("govuk/tags/subnav.html")
def subnav(items: Iterable[Any], label: Any = "Sections") -> Values:
    """Navigation items (label, url, current): each section has an address of its own."""
    return {"items": items, "label": label}


@register.inclusion_tag("govuk/tags/hidden_once.html", takes_context=True)
def hidden_once(context: Context, name: str = "once") -> Values:
    """A hidden value, new for each page, kept when a bad form comes back: sent twice, it is known as one act."""
    request = context.get("request")
    kept = request.POST.get(name, "") if request is not None else ""
    return {"name": name, "value": kept or str(uuid4())}


def fresh_id(context: Context, name: str) -> str:
    """An id that no other tag on this page has."""
    shared: Any = context.render_context.dicts[0]  # the floor that all parts of a page stand on
    numbers = shared.setdefault("govuk_ids", count(1))
    return f"{name}-{next(numbers)}"


def query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET if request is not None else QueryDict()


def address(asked: QueryDict, name: str, value: Any, without: str = "") -> str:
    """The present address with one value changed and one left out."""
    changed = asked.copy()
    changed.pop(without, None)
    changed[name] = str(value)
    return f"?{changed.urlencode()}"
