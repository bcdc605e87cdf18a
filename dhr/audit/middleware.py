"""What one request was allowed to read ends with it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from restricted_docs.fields import forget


class ReadingMiddleware:
    """Forgets every receipt before and after the request, so that no thread carries one into the next.

    A page that renders late is rendered here, while what it shows may still be read. What streams after this has ended
    holds its own receipt or opens nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        forget()
        try:
            response = self.get_response(request)
            if not getattr(response, "is_rendered", True):
                response = response.render()  # type: ignore[attr-defined]
            return response
        finally:
            forget()
