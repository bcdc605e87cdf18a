"""The service's own menu: higher packages contribute items, so that this one need not know them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Item:
    """One entry of a menu. order: lower stands first; entries of one order keep the order they were registered in."""

    label: str
    url: str
    order: int = 100
    current: bool = False


Contribution = Callable[[HttpRequest], Iterable[Item]]
_contributions: list[Contribution] = []


def register(contribution: Contribution) -> Contribution:
    """Have `contribution` asked for its items at each request. Call it in AppConfig.ready, or use it as a decorator."""
    if contribution not in _contributions:
        _contributions.append(contribution)
    return contribution


def items(request: HttpRequest) -> list[Item]:
    """All items for this request, with the one whose address begins the request's path (the longest) marked current."""
    found = sorted((item for ask in _contributions for item in ask(request)), key=lambda item: item.order)
    if any(item.current for item in found):
        return found
    here = max((item.url for item in found if begins(item.url, request.path)), key=len, default=None)
    return [Item(item.label, item.url, item.order, current=item.url == here) for item in found]


def begins(url: str, path: str) -> bool:
    """Whether `path` is `url` or lies beneath it; the root is beneath nothing but itself."""
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
