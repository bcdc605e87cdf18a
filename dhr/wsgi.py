"""WSGI entry point. There is no ASGI one on purpose: ASGI spools request bodies to disk in clear."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dhr.settings.production")
application = get_wsgi_application()

from dhr.accounts import post  # noqa: E402 - only once the settings stand

post.leave_behind()
