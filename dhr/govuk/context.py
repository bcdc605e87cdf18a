"""What every page needs to know about the service it belongs to."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import navigation

SERVICE_NAME = "Domestic homicide reviews"


def service(request: HttpRequest) -> dict[str, Any]:
    """Names, the team's telephone, whether this is the demo, the menu, and how long the session still lasts (seconds).

    The menu is `request.navigation` if a view set it, else what was registered; it is worked out only when drawn.
    """
    return {
        "service_name": SERVICE_NAME,
        "partnership": settings.PARTNERSHIP_NAME,
        "team_phone": settings.TEAM_PHONE,
        "demo": settings.DEMO,
        "navigation": SimpleLazyObject(lambda: menu(request)),
        "session_seconds": SimpleLazyObject(lambda: seconds_left(request)),
    }


def menu(request: HttpRequest) -> list[navigation.Item]:
    """Empty for a request that was refused before anybody asked who it is from."""
    if not hasattr(request, "user"):
        return []
    given = getattr(request, "navigation", None)
    return list(given) if given is not None else navigation.items(request)


def seconds_left(request: HttpRequest) -> int:
    """Seconds until the session ends, as the middleware that ends it has said; 0 where there is nothing to lose."""
    return int(getattr(request, "session_seconds", 0))
