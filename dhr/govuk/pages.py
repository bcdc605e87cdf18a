"""What form pages share: one use case, and every refusal of an answer beside its question."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView


class UseCasePage(FormView):
    """A form that calls one use case in `perform`, which answers the address to go on to. A bad form answers 422."""

    template_name = "govuk/form_page.html"
    done = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.check(request.user)
        return super().dispatch(request, *args, **kwargs)

    def check(self, user: Any) -> None:
        """Raise a refusal unless this person may use the page."""
        raise NotImplementedError

    def perform(self, form: Any) -> str:
        """Call the use case with the form's answers; answer where to go on to."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            address = self.perform(form)
        except ValidationError as error:
            blame(error, form)
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect(address)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


def blame(error: ValidationError, *asked: BaseForm) -> None:
    """Show what a use case refused beside the question it is about, or above the first form where none asks it."""
    found = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, errors in found.items():
        form = next((form for form in asked if name in form.fields), asked[0])
        form.add_error(name if name in form.fields else None, errors)
