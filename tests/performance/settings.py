"""The tests' settings, with the benchmark's own tables and guardian's own backend for bare viewflow."""

from dhr.settings.test import *  # noqa: F403 - a deployment takes everything
from dhr.settings.test import AUTHENTICATION_BACKENDS, INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "tests.performance"]
AUTHENTICATION_BACKENDS = [*AUTHENTICATION_BACKENDS, "tests.performance.backends.BareBackend"]
SILENCED_SYSTEM_CHECKS = ["guardian.W001", "models.W042"]

ROOT_URLCONF = "tests.performance.urls"
MIDDLEWARE = [*MIDDLEWARE, "viewflow.middleware.SiteMiddleware"]  # for viewflow own pages
