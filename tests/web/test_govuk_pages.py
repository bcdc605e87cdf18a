"""Template tags, the frame of every page, the menu, the error pages and the build of the front end."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory
from django.urls import path, set_urlconf

from dhr.govuk import context, front_end, navigation


def drawn(source: str, request: HttpRequest | None = None, **values: Any) -> str:
    return Template("{% load govuk %}" + source).render(Context({"request": request, **values}))


def test_tags_escape_what_they_are_given() -> None:
    bad = "<script>"
    html = drawn(
        "{% tag bad %}{% button bad %}{% warning_text bad %}{% inset bad %}{% summary_list rows %}{% task_list tasks %}"
        "{% table columns rows %}{% timeline tasks %}{% notification_banner bad %}"
        "{% details bad %}{{ bad }}{% enddetails %}",
        bad=bad,
        rows=[(bad, bad)],
        tasks=[(bad, bad)],
        columns=[(bad,), (bad,)],
    )
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") > 12


def test_the_step_bar_says_in_words_where_the_review_is() -> None:
    html = drawn("{% step_bar steps %}", steps=[("Decision", "done"), ("Panel", "now"), ("Publication", "todo")])
    assert "Step 2 of 3: <strong>Panel</strong>" in html
    assert html.count('aria-current="step"') == 1
    assert "All 1 steps are done" in drawn("{% step_bar steps %}", steps=[("Decision", "done")])


def test_a_sorted_column_says_so_and_its_link_turns_the_order_round() -> None:
    request = RequestFactory().get("/?stage=panel&page=3&sort=due")
    html = drawn(
        '{% table columns rows sort="due" %}',
        request,
        columns=[("Review", "ref"), ("Due", "due")],
        rows=[("DHR10", "x")],
    )
    assert re.search(r'aria-sort="ascending"><a class="govuk-link" href="\?stage=panel&amp;sort=-due"', html)
    assert re.search(r'aria-sort="none"><a class="govuk-link" href="\?stage=panel&amp;sort=ref"', html)


def test_a_row_with_too_few_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        drawn("{% table columns rows %}", columns=[("A",), ("B",)], rows=[("only one",)])


def test_pages_keep_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/?stage=panel&page=2")
    html = drawn("{% pagination page %}", request, page=Paginator(range(100), 10).page(2))
    assert 'href="?stage=panel&amp;page=3" rel="next"' in html
    assert 'aria-label="Page 2" aria-current="page"' in html
    assert drawn("{% pagination page %}", request, page=Paginator(range(5), 10).page(1)).strip() == ""


def test_a_value_sent_twice_is_the_same_value() -> None:
    request = RequestFactory().post("/", {"once": "the-first"})
    assert 'value="the-first"' in drawn("{% hidden_once %}", request)
    values = {drawn("{% hidden_once %}", RequestFactory().get("/")) for _ in range(2)}
    assert len(values) == 2


def test_two_banners_on_a_page_share_no_id() -> None:
    ids = re.findall(r' id="([^"]+)"', drawn('{% notification_banner "a" %}{% notification_banner "b" %}'))
    assert len(ids) == len(set(ids)) == 2


@pytest.fixture
def menu(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[navigation.Contribution]]:
    contributions: list[navigation.Contribution] = []
    monkeypatch.setattr(navigation, "_contributions", contributions)
    return contributions  # type: ignore[return-value]


def test_packages_contribute_to_the_menu_and_the_longest_address_is_current(menu: list[Any]) -> None:
    contribution = navigation.register(
        lambda request: [navigation.Item("Reviews", "/reviews/", order=20), navigation.Item("New", "/reviews/new/")]
    )
    navigation.register(contribution)
    navigation.register(lambda request: [navigation.Item("Your work", "/", order=10)])
    items = navigation.items(RequestFactory().get("/reviews/new/step"))
    assert [(item.label, item.current) for item in items] == [("Your work", False), ("Reviews", False), ("New", True)]


def test_the_menu_of_a_view_wins_and_is_worked_out_only_when_drawn(menu: list[Any]) -> None:
    asked: list[str] = []

    def contribution(request: HttpRequest) -> Sequence[navigation.Item]:
        asked.append(request.path)
        return []

    navigation.register(contribution)
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    values = context.service(request)
    assert asked == []
    request.navigation = [navigation.Item("Mine", "/mine")]  # type: ignore[attr-defined]
    assert [item.label for item in values["navigation"]] == ["Mine"]
    assert asked == []


def test_the_page_knows_how_long_the_session_lasts() -> None:
    request = RequestFactory().get("/")
    assert not context.service(request)["session_seconds"]
    request.session_seconds = 1800.0  # type: ignore[attr-defined]
    assert 'data-session-seconds="1800"' in get_template("base.html").render(context.service(request), request)


def test_the_demo_says_that_it_is_one() -> None:
    words = "Demo – do not enter real information"
    assert words in get_template("base.html").render({"demo": True})
    assert words not in get_template("base.html").render({"demo": False})


class Door:
    """The two addresses that every page may lead to."""

    urlpatterns = (path("in", lambda request: None, name="sign-in"), path("out", lambda request: None, name="sign-out"))  # type: ignore[arg-type,return-value]


@pytest.fixture
def door() -> Iterator[None]:
    set_urlconf(Door)  # type: ignore[arg-type]
    yield
    set_urlconf(None)


def test_a_stranger_is_shown_the_way_in(door: None) -> None:
    assert 'href="/in">Sign in' in get_template("base.html").render({}, RequestFactory().get("/"))


def test_a_signed_in_person_sees_their_name_and_the_way_out(door: None) -> None:
    user = SimpleNamespace(is_authenticated=True, get_full_name=lambda: "Priya Invented")
    html = get_template("base.html").render({"user": user}, RequestFactory().get("/"))
    assert "Priya Invented" in html
    assert re.search(r'<form method="post" action="/out">\s*<input type="hidden" name="csrfmiddlewaretoken"', html)


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_each_error_page_stands_without_any_context_and_leads_on(name: str) -> None:
    html = get_template(f"{name}.html").render()
    assert html.count("<h1") == 1
    assert 'href="/"' in html
    assert "Call the community safety team" in html


def test_the_front_end_is_built_again_only_when_something_it_is_made_of_changes(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    for name in ("app.css", front_end.ICON, *front_end.SCRIPTS):
        (tmp_path / "dist" / name).touch()
    (tmp_path / "app.js").write_text("one")
    assert not front_end.is_current(tmp_path)
    (tmp_path / "dist" / front_end.STAMP).write_text(front_end.fingerprint(tmp_path))
    assert front_end.is_current(tmp_path)
    (tmp_path / "app.js").write_text("two")
    assert not front_end.is_current(tmp_path)


def test_a_build_that_fails_says_which_tool_failed(tmp_path: Path) -> None:
    with pytest.raises(front_end.BuildFailed, match="npm ci failed"):
        front_end.build(tmp_path)  # no lock file: npm refuses without asking any registry
