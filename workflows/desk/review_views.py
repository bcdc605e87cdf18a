"""Your work, and the list of reviews."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from .home import home_of
from .listing import (
    COLUMNS,
    KnownAsForm,
    ReviewFilter,
    as_csv,
    facts_of,
    narrowed,
    note_export,
    note_search,
    ordered,
    row_of,
    visible_reviews,
    with_progress,
)

PER_PAGE = 25


class YourWork(View):
    """What waits for the person who is signed in, and for whom they wait."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "workflows/your_work.html", {"home": home_of(request.user)})


def asked_of(request: HttpRequest) -> tuple[ReviewFilter, Any, str]:
    """The filter, the reviews that fit it, and what they are sorted by."""
    form = ReviewFilter(request.GET)
    form.is_valid()
    sort = request.GET.get("sort", "")
    found = narrowed(with_progress(visible_reviews(request.user)), form.cleaned_data)
    return form, ordered(found, sort), sort


class Reviews(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        form, found, sort = asked_of(request)
        return self._page(request, form, found, KnownAsForm(), sort=sort)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Look for a pseudonym; the only one found is opened at once."""
        asked, form = KnownAsForm(request.POST), ReviewFilter({})
        form.is_valid()
        if not asked.is_valid():
            found = narrowed(with_progress(visible_reviews(request.user)), {})
            return self._page(request, form, ordered(found, ""), asked, status=422)
        fitting = visible_reviews(request.user).filter(pseudonym__istartswith=asked.cleaned_data["known_as"])
        found = list(ordered(with_progress(fitting), "")[:PER_PAGE])
        note_search(None, by=request.user, results=len(found))
        if len(found) == 1:
            return redirect("review", found[0].pk)
        return self._page(request, form, found, asked)

    def _page(
        self, request: HttpRequest, form: Any, found: Any, known_as: Any, *, sort: str = "", status: int = 200
    ) -> HttpResponse:
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "form": form,
            "known_as": known_as,
            "page": page,
            "columns": COLUMNS,
            "rows": [row_of(review) for review in page],
            "sort": sort,
            "asked": request.GET.urlencode(),
            "searched": known_as.is_bound,
        }
        return render(request, "workflows/reviews.html", context, status=status)


class ReviewsDownload(View):
    """The list as it is narrowed, all pages of it, as a file. In the log before it leaves."""

    def get(self, request: HttpRequest) -> HttpResponse:
        _, found, _ = asked_of(request)
        rows = [facts_of(review) for review in found]
        note_export(None, by=request.user, results=len(rows))
        response = HttpResponse(
            as_csv([column.label for column in COLUMNS], rows), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = 'attachment; filename="reviews.csv"'
        return response
